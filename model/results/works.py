"""What each action is in steel and concrete: size, fuel, controls, standard and date of what is rebuilt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.words import PAYERS
from model.inventory.lookup import best_rows, group_states, take
from model.inventory.standards import KEYS, STANDARDS
from model.problem.problem import Bools, Floats, Ints
from model.results.actions import abated
from model.results.case import Case
from model.results.ledger import Ledger
from model.results.results import LIMITED, WORKED, ordered
from model.tables.read import Tables

ACTIONS = ("structural", "engineering", "management")
"""Kinds of action of Chinese plans; a package is of the first kind that one of its measures is."""

_TEXTS = (
    *("class", "manual_code", "group", "vintage", "duty", "park", "owner", "corridor", "commodity"),
    *("size", "machine", "capacity_unit", "rating"),
)
"""Attributes of a source that are shown as they are."""


def work_frame(tables: Tables, case: Case, ledger: Ledger, actions: pd.DataFrame) -> pd.DataFrame:
    """One row an action, in the order of `actions` (`action_frame`): the columns of `works`.

    capacity, stock, activity and coal_t are of the share that moves; activity and coal_t of the year of the
    action, coal as the state that is left burns it. limit_X and ref_o2: of the standard that the new state
    meets, mg/m3. investment_X_cny: by payer. voc_X: of the control of VOCs that is added. counted_X_t: what
    the year of the action is credited with under the part-year rule, t.
    """
    leave = case.problem.move_from[actions["move"].to_numpy(dtype=np.int64)]
    enter = case.problem.move_to[actions["move"].to_numpy(dtype=np.int64)]
    source, at = case.owner[leave], actions["at"].to_numpy(dtype=np.int64)
    own, share = source < len(case.sources), actions["share"].to_numpy(float)
    frame = pd.DataFrame({"source": actions["source"], "year": actions["year"], "sector": actions["sector"]})
    kinds = dict(zip(tables.frame["measures"]["measure"], tables.frame["measures"]["action"], strict=True))
    frame["action"] = [_kind(package, kinds) for package in ledger.added[actions["move"].to_numpy()]]
    frame = frame.assign(**_of_sources(tables, case, source, own, share))
    frame["activity"], frame["coal_t"] = np.nan, np.nan
    done = share[own] * case.activity[source[own], at[own]]
    coal = case.options.states["coal"].to_numpy(float)[leave[own]]
    frame.loc[own, "activity"], frame.loc[own, "coal_t"] = done, done * coal
    for end, state in (("from", leave), ("to", enter)):
        frame = frame.assign(**{f"{name}_{end}": v for name, v in _of_states(case, state, own).items()})
    counted = (share * case.problem.part_year[source])[:, None] * abated(case, source, leave, enter, at)
    for place, pollutant in WORKED:
        frame[f"counted_{pollutant}_t"] = counted[:, place]
    paid = _paid(ledger, source, ledger.added[actions["move"].to_numpy()], share)
    return ordered(frame.assign(**paid, **_standards(tables, frame), **_voc_controls(tables, frame)), "works")


def _kind(package: tuple[str, ...], kinds: Mapping[str, str]) -> str:
    """The kind of action of a package; a project is structural."""
    found = {kinds.get(measure, ACTIONS[0]) for measure in package}
    return next(kind for kind in ACTIONS if kind in found)


def _of_sources(tables: Tables, case: Case, source: Ints, own: Bools, share: Floats) -> dict[str, Any]:
    """Attributes of the source of each action; of a project its kind, supply a year and what it serves."""
    table = case.sources.iloc[source[own]]
    projects = case.projects.iloc[source[~own] - len(case.sources)]
    about = tables.frame["projects"].set_index("project").loc[projects["project"]]
    units = dict(zip(tables.frame["classes"]["class"], tables.frame["classes"]["activity_unit"], strict=True))
    counted = table["divisible"].to_numpy(dtype=bool) & table["stock"].notna().to_numpy()
    texts = {
        **{name: table[name] for name in _TEXTS},
        "fleet": table["group"].where(counted, ""),
        "activity_unit": table["class"].map(units),
        "kind": pd.Series("", index=table.index),
    }
    numbers = {
        "distance_km": table["distance_km"].to_numpy(float),
        "commissioned": table["from_year"].to_numpy(float),
        "capacity": share[own] * table["capacity"].to_numpy(float),
        "stock": share[own] * table["stock"].to_numpy(float),
    }
    built: dict[str, Any] = {
        "class": "project",
        "kind": projects["kind"],
        "corridor": projects["serves"],
        "capacity_unit": about["unit"],
        "rating": about["rating"],
        "capacity": projects["supply"].to_numpy(float),
    }
    out: dict[str, Any] = {}
    for name, values in texts.items():
        out[name] = np.full(len(own), "", dtype=object)
        out[name][own] = values.astype(object).fillna("").to_numpy()
    for name, amounts in numbers.items():
        out[name] = np.full(len(own), np.nan)
        out[name][own] = amounts
    for name, values in built.items():
        out[name][~own] = values.astype(object).fillna("") if isinstance(values, pd.Series) else values
    return out


def _of_states(case: Case, state: Ints, own: Bools) -> dict[str, list[str]]:
    """Fuel, technology, controls (joined by +) and standard met of each state; empty for projects."""
    known = case.options.states.iloc[state[own]]
    columns = {name: known[name].astype(object).to_list() for name in ("fuel", "technology", "meets")}
    columns["controls"] = ["+".join(names) for names in known["controls"]]
    out = {}
    for name, values in columns.items():
        each = iter(values)
        out[name] = [next(each) if yes else "" for yes in own]
    return out


def _paid(ledger: Ledger, source: Ints, packages: NDArray[np.object_], share: Floats) -> dict[str, Floats]:
    """Investment of each action by payer, CNY; measures of one package may have different payers."""
    bought = ledger.outlays_of(source, packages)
    row, spent = bought["row"].to_numpy(dtype=np.int64), bought["overnight"].to_numpy(float)
    out = {}
    for payer in PAYERS:
        mine = (bought["payer"] == payer).to_numpy()
        out[f"investment_{payer}_cny"] = share * np.bincount(row[mine], spent[mine], minlength=len(share))
    return out


def _voc_controls(tables: Tables, frame: pd.DataFrame) -> dict[str, Floats]:
    """Capture, removal and running share of the control of VOCs that each action adds, [n]; nan for none."""
    table = tables.frame["controls"]
    table = table[(table["slot"] == "VOC") & (table["pollutant"] == "VOCs")]
    added = [
        next((c for c in after.split("+") if c in set(table["control"]) and c not in before.split("+")), "")
        for before, after in zip(frame["controls_from"], frame["controls_to"], strict=True)
    ]
    keys = ("control", "class")
    groups = group_states(pd.DataFrame({"control": added, "class": frame["class"]}), keys)
    found = best_rows(table, groups, keys, "min_capacity", frame["capacity"].to_numpy(float))
    return {f"voc_{name}": take(table, name, found) for name in ("capture", "removal", "running_share")}


def _standards(tables: Tables, frame: pd.DataFrame) -> dict[str, Floats]:
    """limit_X and ref_o2 of the standard that each new state meets, [n]; nan where none is met or limits."""
    table = tables.frame["standards"]
    states = frame.rename(columns={"fuel_to": "fuel", "technology_to": "technology"})
    groups, capacity = group_states(states[list(KEYS)], KEYS), frame["capacity"].to_numpy(float)
    out = {name: np.full(len(frame), np.nan) for name in (*(f"limit_{p}" for p in LIMITED), "ref_o2")}
    for standard in STANDARDS:
        met = (frame["meets_to"] == standard).to_numpy()
        for pollutant in LIMITED:
            rows = table[(table["standard"] == standard) & (table["pollutant"] == pollutant)]
            found = best_rows(rows, groups, KEYS, "min_capacity", capacity)
            limit = np.where(met, take(rows, "limit_mg_m3", found), np.nan)
            oxygen = np.where(np.isfinite(limit), take(rows, "ref_o2_pct", found), np.nan)
            out[f"limit_{pollutant}"] = np.where(met, limit, out[f"limit_{pollutant}"])
            out["ref_o2"] = np.where(np.isfinite(out["ref_o2"]), out["ref_o2"], oxygen)
    return out
