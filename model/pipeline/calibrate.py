"""The command `calibrate`: what observations say of the factors, controls and activities of a region."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from model.base.faults import Fault, InputError
from model.base.words import OFFICIAL_ACCOUNTS, POLLUTANTS
from model.calibration.calibrate import Calibrated, calibrate
from model.calibration.conditioned import conditioned
from model.calibration.frames import (
    conflict_frame,
    diagnostic_frame,
    parameter_frame,
    residual_frame,
    total_frame,
)
from model.calibration.harmonise import CONVERGING, METHODS, is_method
from model.calibration.observe import accounts_of, check_accounts, observe, with_observations
from model.calibration.rows import KINDS, calibration_rows, with_calibration
from model.inventory.emissions import Inventory, build_inventory
from model.inventory.lookup import Floats, Ints
from model.inventory.uncertain.draws import draw_parameters, total_draws, used_parameters
from model.inventory.uncertain.parameters import parameters
from model.pipeline.clock import Clock
from model.pipeline.harmonise import TREE, harmonised_frame
from model.pipeline.prepare import Prepared, read_all
from model.report.studies.calibration import write_calibration_figures
from model.results.write import folder, write_csv
from model.tables.check import FORBIDDEN_IN_ID
from model.tables.read import Tables

FOLDER = "calibration"
"""Folder of the results, within that of the scenario."""
SEED = 0
MOST_DRAWS = 1_000_000
GLS = "gls"
"""Least squares in log space: the method that teaches the tables; the others move series."""
AT_ODDS = 0.05
"""Probability below which, over the number of observations, one is said to be at odds with the others."""


@dataclass(frozen=True)
class Wish:
    """What is asked for. accounts: none for those of the scenario's calibration. observations: a file of more
    of them. methods: GLS, and names of harmonisation or `tree`. name: of the calibration that is written.
    draws: of the ranges of totals; memory: bytes for them.
    """

    accounts: tuple[str, ...] = ()
    observations: Path | None = None
    methods: tuple[str, ...] = (GLS,)
    name: str = "posterior"
    draws: int = 1000
    memory: int = 500_000_000


def calibrate_all(
    paths: Sequence[Path], settings: Sequence[str], inputs: Path, out: Path, wish: Wish, lang: str = "en"
) -> int:
    """Write OUT/SCENARIO/calibration of each scenario. Returns 0.

    Raises:
        InputError: something in the input of any of them is wrong, or no observation can be used.
    """
    check_wish(wish)
    prepared = read_all(paths, settings, inputs)
    for each, made in [(each, _made(each, wish)) for each in prepared]:
        target = out / each.scenario.name / FOLDER
        with folder(target) as where:
            for name, frame in made.items():
                write_csv(frame, where / f"{name}.csv")
            if GLS in wish.methods:
                write_calibration_figures(made, lang, where)
        said = _said(each.scenario.name, made) if GLS in wish.methods else []
        sys.stdout.write("\n".join([*said, f"written to {target}", ""]))
    return 0


def _made(prepared: Prepared, wish: Wish) -> dict[str, pd.DataFrame]:
    with Clock(prepared.scenario.name).stage("calibrate"):
        return calibrated_frames(prepared, wish)


def check_wish(wish: Wish) -> None:
    """Raise InputError where what is asked for can be done of no scenario."""
    check_accounts(wish.accounts)
    if faults := _wish_faults(wish):
        raise InputError(faults)


def _wish_faults(wish: Wish) -> list[Fault]:
    """Methods that are none, a number of draws that makes no sense, and a name that no table takes."""
    known = f"known: {', '.join((GLS, TREE, *METHODS))}, " + ", ".join(f"{name}_YEAR" for name in CONVERGING)
    found = [
        Fault("--method", None, None, method, "is no method", known)
        for method in wish.methods
        if method not in (GLS, TREE) and not is_method(method)
    ]
    if wish.draws < 2:
        found.append(Fault("--draws", None, None, str(wish.draws), "gives no range", "write 2 or more"))
    if wish.draws > MOST_DRAWS:
        right = f"write {MOST_DRAWS} or fewer"
        found.append(Fault("--draws", None, None, str(wish.draws), "is too many", right))
    if not wish.name.strip() or FORBIDDEN_IN_ID.intersection(wish.name):
        found.append(Fault("--name", None, None, wish.name, "is no name", "a name has none of + ; , = |"))
    return found


def calibrated_frames(prepared: Prepared, wish: Wish) -> dict[str, pd.DataFrame]:
    """The tables of a scenario's calibration, by the name of their file.

    Raises:
        InputError: as `calibrate_all`.
    """
    scenario, tables = prepared.scenario, prepared.tables
    if wish.observations is not None:
        tables = with_observations(tables, wish.observations)
    accounts = wish.accounts or accounts_of(tables, scenario.calibration)
    inventory = build_inventory(tables, scenario.start, None, scenario.areas)
    series = tuple(name for name in wish.methods if name != GLS)
    made = _learnt(prepared, tables, inventory, accounts, wish) if GLS in wish.methods else {}
    if series:
        made["harmonised"] = harmonised_frame(tables, inventory, scenario, accounts, series)
    return made


def _learnt(
    prepared: Prepared, tables: Tables, inventory: Inventory, accounts: Sequence[str], wish: Wish
) -> dict[str, pd.DataFrame]:
    """The tables of least squares."""
    scenario = prepared.scenario
    everything = parameters(inventory, prepared.tables)
    # Rows that no source uses yet are kept: a state of the options may, and they hide more general ones.
    known = everything.narrowed(everything.frame["kind"].isin(KINDS).to_numpy(dtype=bool))
    observed = observe(inventory, tables, accounts)
    if not len(observed.frame):
        raise InputError([_nothing(prepared, accounts, observed.left_out)])
    found = calibrate(inventory, tables, known, observed)
    rows = calibration_rows(found, wish.name, accounts)
    after = build_inventory(with_calibration(tables, rows), scenario.start, wish.name, scenario.areas)
    return {
        "calibration": rows.drop(columns=["file", "row"]).assign(account="+".join(accounts)),
        "residuals": residual_frame(found, _achieved(after, tables, found, accounts)),
        "diagnostics": diagnostic_frame(found, int(used_parameters(inventory, tables, known).sum())),
        "conflicts": conflict_frame(found),
        "parameters": parameter_frame(found, inventory, tables),
        "totals": _totals(found, (inventory, after), tables, accounts, wish),
    }


def _achieved(after: Inventory, tables: Tables, found: Calibrated, accounts: Sequence[str]) -> Floats:
    """What the calibrated inventory has of each observation, [M]."""
    again = observe(after, tables, accounts).frame.set_index("observation")["model"]
    return again.reindex(found.observed.frame["observation"]).to_numpy(dtype=np.float64)


def _totals(
    found: Calibrated,
    inventories: tuple[Inventory, Inventory],
    tables: Tables,
    accounts: Sequence[str],
    wish: Wish,
) -> pd.DataFrame:
    """Emission by sector before and after, with ranges from draws of the numbers before and after; where all
    accounts are official ones, of the sources inside them."""
    before, after = inventories
    labels, groups = _sectors(before)
    if set(accounts) <= set(OFFICIAL_ACCOUNTS):
        groups = np.where(before.sources["outside_account"].to_numpy(dtype=bool), -1, groups)
    prior = draw_parameters(found.parameters, wish.draws, SEED)
    post = conditioned(found, prior, SEED)
    args = (before, tables, found.parameters)
    draws = [total_draws(*args, theta, wish.memory, groups) for theta in (prior, post)]
    values = [_sums(inventory, groups, len(labels)) for inventory in (before, after)]
    return total_frame(labels, (values[0], draws[0]), (values[1], draws[1]))


def _sectors(inventory: Inventory) -> tuple[list[str], Ints]:
    codes, labels = pd.factorize(inventory.sources["sector"], sort=True)
    return [str(label) for label in labels], codes.astype(np.int64)


def _sums(inventory: Inventory, groups: Ints, count: int) -> Floats:
    emission = np.nan_to_num(inventory.emission().isel(year=0).to_numpy())
    out = np.zeros((count, len(POLLUTANTS)))
    np.add.at(out, groups[groups >= 0], emission[groups >= 0])
    return out


def _nothing(prepared: Prepared, accounts: Sequence[str], left_out: pd.DataFrame) -> Fault:
    file, year = f"{prepared.tables.region}/observations.csv", prepared.scenario.start
    reasons = "; ".join(f"{row['observation']}: {row['why_not']}" for row in left_out.to_dict("records")[:5])
    wrong = f"has no observation of {year} that can be used" + (f" ({reasons})" if reasons else "")
    right = "name accounts with --account, or bring observations with --observations"
    return Fault(file, None, "account", ", ".join(accounts) or None, wrong, right)


def _said(name: str, made: Mapping[str, pd.DataFrame]) -> list[str]:
    """What a reader wants to know first."""
    fit = made["diagnostics"].set_index("item")["value"]
    used = made["residuals"][made["residuals"]["why_not"] == ""]
    lines = [
        f"{name}: calibrated to {len(used)} observations; chi2 {fit['chi2']:.1f} (p {fit['p']:.2g}), "
        f"{fit['signal']:.1f} degrees of freedom for signal",
        f"  residuals (ln, root mean square): {_rms(used['residual_before']):.3f} before, "
        f"{_rms(used['residual_after']):.3f} after",
    ]
    alone = used[used["left_out_p"] < AT_ODDS / len(used)]
    lines += [
        f"  at odds with the others (p {p:.2g}): {observation}"
        for observation, p in zip(alone["observation"], alone["left_out_p"], strict=True)
    ]
    conflicts = made["conflicts"]
    for _, rows in conflicts.groupby("conflict"):
        names = ", ".join(rows["observation"])
        lines.append(f"  at odds with the tables or one another (p {rows['p_all'].iloc[0]:.2g}): {names}")
    most = made["parameters"].sort_values("sds_moved", key=np.abs, ascending=False).head(5)
    moves = zip(most["factor"], most["sds_moved"], most["parameter"], strict=True)
    return lines + [f"  x {factor:.3g} ({moved:+.2f} sd): {number}" for factor, moved, number in moves]


def _rms(values: pd.Series[float]) -> float:
    return float(np.sqrt((values**2).mean()))
