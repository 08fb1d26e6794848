"""What each measure does and costs at the sources of a scenario's region that it fits, alone, from the start.

No source is typical by decree: every move from state 0 by one measure, with its annuity, its running cost and
its emission in the last year of the scenario, is summed up by measure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from model.base.words import POLLUTANTS
from model.baseline.baseline import build_baseline
from model.options.options import Options, build_options
from model.pipeline.prepare import Prepared, read_inputs, start_inventory

ROOT = Path(__file__).parents[1]
SCENARIO = ROOT / "scenarios" / "inner_mongolia_2018_2020.yaml"
USED = ("electricity", "natural_gas", "coal", "network_heat")
"""Resources told of: MWh, m3, t, GJ."""
COUNTED = ("SO2", "NOx", "VOCs", "PM2.5", "NH3")
"""Pollutants of which the cost per tonne is told."""
LEAST_CUT = 0.1
"""Share of its sources' emission that a measure has to cut before a cost per tonne of it is worth telling."""


@dataclass(frozen=True)
class World:
    """Tables and scenario, and a row per move by one measure from the start (`moves`: see `single_moves`)."""

    prepared: Prepared
    moves: pd.DataFrame
    unused: tuple[str, ...]


def read_world(inputs: Path, scenario: Path = SCENARIO) -> World:
    """The measures of a scenario at its sources, in the plan case."""
    prepared = read_inputs(scenario, [], inputs)
    baseline = build_baseline(prepared.tables, start_inventory(prepared), prepared.scenario, "plan")
    every = replace(prepared.scenario, plan_file=scenario)  # to judge a given plan no state is left out
    options = build_options(prepared.tables, baseline, every)
    activity = baseline.inventory.activity.isel(year=-1).to_numpy()
    return World(prepared, single_moves(options, activity), options.unused)


def single_moves(options: Options, activity: np.ndarray) -> pd.DataFrame:
    """Moves from state 0 by one measure, a row each.

    Columns: measure; cost CNY/yr and overnight CNY; of each pollutant what the source emits in t/yr before
    the move (`start_P`) and less after it (`cut_P`, indirect emission in it); of each resource what it uses
    more (`more_R`).

    Args:
        activity: of every source in the year that counts, [S].
    """
    states, moves = options.states, options.moves
    first = states["measures"].map(len).to_numpy() == 0
    one = moves[(moves["measures"].map(len) == 1) & first[moves["from_state"].to_numpy()]]
    at, to = one["from_state"].to_numpy(), one["to_state"].to_numpy()
    source = states["source"].to_numpy()[at]
    listed = source < len(activity)  # projects are sources of their own, without a measure
    one, at, to = one[listed], at[listed], to[listed]
    amount = activity[source[listed]]
    running = (options.running[to, -1] - options.running[at, -1]) * amount
    out = {
        "measure": [measures[0] for measures in one["measures"]],
        "overnight": one["overnight"].to_numpy(float),
        "cost": one["annuity"].to_numpy(float) + options.fixed[to] - options.fixed[at] + running,
    }
    for name in POLLUTANTS:
        emitted = states[name].to_numpy(float)
        out |= {f"start_{name}": emitted[at] * amount, f"cut_{name}": (emitted[at] - emitted[to]) * amount}
    for name in USED:
        use = states[name].to_numpy(float)
        out[f"more_{name}"] = (use[to] - use[at]) * amount
    return pd.DataFrame(out)


def cut_shares(moves: pd.DataFrame) -> pd.DataFrame:
    """Share of its own emission that a measure cuts over all sources it fits; index measure, nan where the
    sources have none of a pollutant."""
    sums = moves.groupby("measure", sort=False).sum(numeric_only=True)
    start = sums[[f"start_{name}" for name in POLLUTANTS]].to_numpy()
    cut = sums[[f"cut_{name}" for name in POLLUTANTS]].to_numpy()
    share = np.divide(cut, start, out=np.full(cut.shape, np.nan), where=start > 0)
    return pd.DataFrame(share, index=sums.index, columns=list(POLLUTANTS))


def unit_costs(moves: pd.DataFrame, pollutants: tuple[str, ...]) -> pd.DataFrame:
    """CNY per tonne of these pollutants together, everything charged to them: of all tonnes (`mean`), and
    between which costs eight tenths of the sources lie (`low`, `high`); index measure.

    Only measures that cut at least LEAST_CUT of what their sources emit of them, and only sources that emit.
    """
    cut = moves[[f"cut_{name}" for name in pollutants]].sum(axis=1)
    start = moves[[f"start_{name}" for name in pollutants]].sum(axis=1)
    rows = {}
    for measure, group in moves.assign(cut=cut, start=start).groupby("measure", sort=False):
        if group["start"].sum() <= 0 or group["cut"].sum() < LEAST_CUT * group["start"].sum():
            continue
        cutting = group[group["cut"] > 0]
        low, high = np.quantile(cutting["cost"] / cutting["cut"], [0.1, 0.9])
        rows[measure] = {"mean": group["cost"].sum() / group["cut"].sum(), "low": low, "high": high}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "low", "high"])
