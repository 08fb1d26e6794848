"""The frames of a sweep: every case in a row, prices of limits, response curves, tornado.

Nothing here solves. Paths that are swept over amounts of one unit are columns of numbers named `PATH [unit]`
(`prices.natural_gas [% of baseline]`); others are columns of texts named by the path. The base has the number
that is written in the scenario, 100 where the values are per cent of baseline and nothing is written, and is
empty where it can not be said in one number of that unit.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from model.base.words import POLLUTANTS
from model.scenario.amounts import parted
from model.scenario.document import written_at
from model.scenario.reader import shown
from model.scenario.scenario import Sweep
from model.scenario.tree import Node
from model.studies.sweeps.outcome import Outcome
from model.studies.sweeps.what_ifs import ALONE, BASE, WhatIf

KEY_MEASURES = 12
"""Measures whose sources are counted in sweep.csv: those whose number differs most between cases."""

OF_BASELINE = "% of baseline"
RESPONSE = ("path", "unit", "case", "kind", "value", "number", "status", "cost_cny", "bound_cny", "gap")
MONEY = ("cost_cny", "bound_cny", "gap", "investment_cny")
ENDS = ("cost_cny", "gap", "status")


@dataclass(frozen=True)
class Axis:
    """A path that is swept. unit: what follows its numbers, None where its values are not numbers of one
    unit. base: as written in the scenario, empty where nothing is.
    """

    path: str
    unit: str | None
    base: str

    @property
    def column(self) -> str:
        """Its column in sweep.csv."""
        return f"{self.path} [{self.unit}]" if self.unit else self.path

    def cell(self, text: str) -> float | str:
        """A value in that column."""
        if self.unit is None:
            return text
        number, unit = parted(text)
        return number if unit == self.unit else math.nan


@dataclass(frozen=True)
class Swept:
    """A sweep that is done: its axes, and its cases in order, each with what came of it."""

    axes: tuple[Axis, ...]
    cases: Sequence[tuple[WhatIf, Outcome]]


def axes_of(sweep: Sweep, tree: Node, cases: Sequence[WhatIf]) -> tuple[Axis, ...]:
    """The paths in the order of the scenario; tree: the scenario as written."""
    found = []
    for path in sweep.over:
        parts = [parted(case.values[path]) for case in cases if path in case.values]
        units = {unit for _, unit in parts}
        unit = units.pop() if len(units) == 1 and not any(math.isnan(n) for n, _ in parts) else None
        found.append(Axis(path, unit, _base(written_at(tree, path), unit)))
    return tuple(found)


def _base(written: object, unit: str | None) -> str:
    if written is None:
        return f"100 {OF_BASELINE}" if unit == OF_BASELINE else ""
    return json.dumps(written, ensure_ascii=False) if isinstance(written, dict | list) else shown(written)


def sweep_frame(swept: Swept) -> pd.DataFrame:
    """sweep.csv, a row a case: case (number), kind (base, alone, swept), a column for each path, status,
    cost_cny, bound_cny, gap, investment_cny, POLLUTANT_t of the last year inside the official accounts,
    sources.MEASURE, binds and missed (joined by `;`), shortfall, reason.
    """
    measures = _key_measures([outcome for _, outcome in swept.cases])
    rows = []
    for number, (case, outcome) in enumerate(swept.cases):
        values = {axis.column: axis.cell(case.values.get(axis.path, axis.base)) for axis in swept.axes}
        known = outcome.cost_cny is not None
        rows.append(
            {
                "case": number,
                "kind": case.kind,
                **values,
                "status": outcome.status,
                **{name: getattr(outcome, name) for name in MONEY},
                **{f"{pollutant}_t": outcome.emission.get(pollutant) for pollutant in POLLUTANTS},
                **{f"sources.{m}": outcome.measures.get(m, 0.0) if known else None for m in measures},
                "binds": ";".join(outcome.binds),
                "missed": ";".join(outcome.missed),
                "shortfall": outcome.shortfall,
                "reason": outcome.reason,
            }
        )
    frame = pd.DataFrame(rows)
    texts = {"kind", "status", "binds", "missed", "reason", *(a.column for a in swept.axes if a.unit is None)}
    return frame.astype({name: float for name in frame.columns if name not in {*texts, "case"}})


def _key_measures(outcomes: Sequence[Outcome]) -> list[str]:
    """Measures whose number of sources differs most between cases, in the order of the alphabet."""
    solved = [outcome.measures for outcome in outcomes if outcome.cost_cny is not None]
    names = sorted({name for measures in solved for name in measures if not name.startswith("project.")})
    counts = {name: [measures.get(name, 0.0) for measures in solved] for name in names}
    widest = sorted(names, key=lambda name: (min(counts[name]) - max(counts[name]), name))
    return sorted(widest[:KEY_MEASURES])


def price_frame(swept: Swept) -> pd.DataFrame:
    """sweep_prices.csv: case, limit, price of every limit that has one, as in limits.csv."""
    rows = [
        (number, limit, price)
        for number, (_, outcome) in enumerate(swept.cases)
        for limit, price in sorted(outcome.prices.items())
    ]
    return pd.DataFrame(rows, columns=["case", "limit", "price"])


def response_frame(swept: Swept) -> pd.DataFrame:
    """response.csv, the cases in which one path alone differs, and the base: path, unit, case, kind, value
    (as written), number, status, cost_cny, bound_cny, gap. Sorted by number where there are numbers.
    """
    rows = []
    for axis in swept.axes:
        for number, (case, outcome) in enumerate(swept.cases):
            if case.kind == BASE or (case.kind == ALONE and axis.path in case.values):
                value = case.values.get(axis.path, axis.base)
                cell = axis.cell(value) if axis.unit is not None else math.nan
                said = (outcome.status, outcome.cost_cny, outcome.bound_cny, outcome.gap)
                rows.append((axis.path, axis.unit or "", number, case.kind, value, cell, *said))
    frame = pd.DataFrame(rows, columns=list(RESPONSE))
    frame = frame.astype(dict.fromkeys(("number", "cost_cny", "bound_cny", "gap"), float))
    place = frame["path"].map({axis.path: place for place, axis in enumerate(swept.axes)})
    ranked = frame.assign(place=place).sort_values(["place", "number", "case"], ignore_index=True)
    return ranked.drop(columns="place")


def tornado_frame(swept: Swept) -> pd.DataFrame:
    """tornado.csv, a row a path, from the cases in which it alone differs (no regression), the widest first.

    path, low, base, high (values as written), low_cost_cny, base_cost_cny, high_cost_cny and the same of gap
    and status, swing_cny = the greatest less the least of the three costs. low and high are the ends of the
    numbers (of a distribution its 5 and 95 % points); of values that are no numbers, those of the least and
    of the greatest cost. A case in which a limit is missed has no cost here.
    """
    answers = response_frame(swept)
    answers["cost_cny"] = answers["cost_cny"].where(answers["status"].isin(("optimal", "feasible")))
    rows = []
    for axis in swept.axes:
        mine = answers[answers["path"] == axis.path]
        alone = mine[mine["kind"] == ALONE]
        by = alone["cost_cny" if axis.unit is None else "number"]
        order = by.argsort(kind="stable").to_numpy() if by.notna().all() else range(len(by))
        low, high = alone.iloc[int(order[0])], alone.iloc[int(order[-1])]
        ends = {"low": low, "base": mine[mine["kind"] == BASE].iloc[0], "high": high}
        costs = [end["cost_cny"] for end in ends.values()]
        rows.append(
            {
                "path": axis.path,
                **{name: end["value"] for name, end in ends.items()},
                **{f"{name}_{what}": end[what] for what in ENDS for name, end in ends.items()},
                "swing_cny": max(costs) - min(costs),
            }
        )
    return pd.DataFrame(rows).sort_values("swing_cny", ascending=False, kind="stable", ignore_index=True)


def frames(swept: Swept) -> dict[str, pd.DataFrame]:
    """Every table of a sweep by the name of its file."""
    return {
        "sweep": sweep_frame(swept),
        "sweep_prices": price_frame(swept),
        "response": response_frame(swept),
        "tornado": tornado_frame(swept),
    }
