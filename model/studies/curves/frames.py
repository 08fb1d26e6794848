"""Curves as tables: points, measures along them, and what other pollutants do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from model.base.display import html_table
from model.plan import Plan, evaluate, part_year_share
from model.problem.objective import summed, terms_of
from model.problem.problem import Floats, Problem
from model.studies.curves.curve import Curve

KEYS = ["city", "pollutant", "year", "point"]

COLUMNS = [
    *KEYS,
    *("reduction_t", "reduction_pct", "total_cost_cny", "average_cny_per_t", "marginal_cny_per_t", "gap"),
    *("price_cny_per_t", "bound_cny", "gross_cny", "achieved_t", "most_t", "proven_cny"),
]
"""Of curve.csv: the contract's, then price (marginal, not discounted), bound, gross spending, the reduction
of the plan itself and the most that is proven to be possible.
"""

MEASURES = [*KEYS, "measure", "sources", "reduction_t", "change"]
OTHERS = [*KEYS, "other", "reduction_t", "reduction_pct"]

CHANGES = "changes"
"""In the place of a measure: what the changes in force take off the frozen emission before any measure."""

LITTLE = 1e-6
"""Share of a source that is none, and of a reduction."""


@dataclass(frozen=True)
class Asked:
    """One curve: the problem of a city or of the region, whose limits `limit` are emission in `year`.

    pollutant: of the curve. limit: number of the limit of every pollutant; the limit's bound is the frozen
    emission, t/yr. measures [K]: of every state, or what is built. start: a plan that meets the other limits.
    """

    city: str
    pollutant: str
    year: int
    problem: Problem
    limit: Mapping[str, int]
    measures: Sequence[tuple[str, ...]]
    start: Plan | None = None

    def frozen(self, pollutant: str) -> float:
        """Emission of case frozen, t/yr."""
        return float(self.problem.bound[self.limit[pollutant]])


@dataclass(frozen=True)
class Frames:
    """curve.csv, curve_measures.csv and curve_others.csv (columns: COLUMNS, MEASURES, OTHERS).

    Points are numbered from 0, least cost without a target, to the least emission. In curve_measures a row
    for each measure in use at a point, or at the point before: `sources` that have it at the end of the year
    (a divisible one by its share), its part of the reduction against frozen, and change from the point before
    (enters, leaves, more, fewer; empty where nothing changed). Measures of one package share its reduction
    equally; CHANGES is what no measure does. So the rows of a point add up to `achieved_t`.
    """

    curve: pd.DataFrame
    measures: pd.DataFrame
    others: pd.DataFrame

    def _repr_html_(self) -> str:
        """The points of curve.csv, for notebooks."""
        header = ("city", "pollutant", "year", "cut, %", "t/yr", "cost, million CNY", "next, CNY/t", "gap")
        rows = [
            (
                *(str(row[name]) for name in KEYS[:3]),
                *(float(row[name]) for name in ("reduction_pct", "reduction_t")),
                float(row["total_cost_cny"]) / 1e6,
                *(float(row[name]) for name in ("marginal_cny_per_t", "gap")),
            )
            for row in self.curve.to_dict("records")
        ]
        return html_table("Least cost of cutting emission, present value", header, rows)


def frames(asked: Asked, curve: Curve) -> Frames:
    """The tables of one curve."""
    points, measures, others = [], [], []
    credit, before = _Credit(asked), dict[str, float]()
    for number, point in enumerate(curve.points):
        use = evaluate(asked.problem, point.plan).use
        points.append(_point(asked, curve, number))
        key = {"city": asked.city, "pollutant": asked.pollutant, "year": asked.year, "point": number}
        for other, limit in asked.limit.items():
            if other != asked.pollutant:
                less, frozen = asked.frozen(other) - use[limit], asked.frozen(other)
                share = 100 * less / frozen if frozen else np.nan
                others.append({**key, "other": other, "reduction_t": less, "reduction_pct": share})
        now = credit.of(point.plan)
        for name in sorted({*now, *before}):
            count, reduced = now.get(name, (0.0, 0.0))
            change = _change(before.get(name, 0.0), count)
            row = {"measure": name, "sources": count, "reduction_t": reduced, "change": change}
            measures.append({**key, **row})
        before = {name: count for name, (count, _) in now.items()}
    return Frames(
        pd.DataFrame(points, columns=COLUMNS),
        pd.DataFrame(measures, columns=MEASURES),
        pd.DataFrame(others, columns=OTHERS),
    )


def joined(parts: Sequence[Frames]) -> Frames:
    """The tables of several curves, one after the other."""
    names = ("curve", "measures", "others")
    return Frames(*(pd.concat([getattr(part, name) for part in parts], ignore_index=True) for name in names))


def _point(asked: Asked, curve: Curve, number: int) -> dict[str, object]:
    """A row of curve.csv."""
    point, frozen = curve.points[number], asked.frozen(asked.pollutant)
    at = asked.problem.years.tolist().index(asked.year)
    worth = float((asked.problem.discount * asked.problem.weight)[at])
    less = frozen - point.target
    return {
        "city": asked.city,
        "pollutant": asked.pollutant,
        "year": asked.year,
        "point": number,
        "reduction_t": less,
        "reduction_pct": 100 * less / frozen,
        "total_cost_cny": point.cost,
        "average_cny_per_t": point.cost / less if less > LITTLE * frozen else np.nan,
        "marginal_cny_per_t": point.slope,
        "gap": point.gap,
        "price_cny_per_t": point.slope / worth,
        "bound_cny": point.bound,
        "proven_cny": point.proven,
        "gross_cny": point.gross,
        "achieved_t": frozen - point.emission,
        "most_t": frozen - curve.least,
    }


def _change(before: float, now: float) -> str:
    """How the number of sources with a measure changed."""
    if abs(now - before) <= LITTLE:
        return ""
    if before <= LITTLE or now <= LITTLE:
        return "enters" if now > before else "leaves"
    return "more" if now > before else "fewer"


class _Credit:
    """The measures of a problem, and what each takes off an emission."""

    def __init__(self, asked: Asked) -> None:
        problem, limit = asked.problem, asked.limit[asked.pollutant]
        self.problem, self.at = problem, problem.years.tolist().index(asked.year)
        emitted = summed(problem, terms_of(problem, limit))[:, self.at]
        zero = emitted[problem.state_start[:-1]]
        number = np.array([len(names) for names in asked.measures])
        names = np.array([name for each in asked.measures for name in each], dtype=np.str_)
        self.names, row = np.unique(names, return_inverse=True)
        entries = (np.ones(len(row)), (row, np.repeat(np.arange(len(number)), number)))
        self.has = sparse.csr_array(entries, shape=(len(self.names), len(number)))
        self.saved = (zero[problem.source_of_state] - emitted) / np.maximum(number, 1)
        self.outside = asked.frozen(asked.pollutant) - float(zero.sum() + problem.exogenous[limit])
        self.least = LITTLE * asked.frozen(asked.pollutant)

    def of(self, plan: Plan) -> dict[str, tuple[float, float]]:
        """Measure -> sources that have it at the end of the year and what it takes off, t/yr."""
        share = plan.shares(self.problem)
        given: Floats = part_year_share(self.problem, share)[:, self.at]
        sources, reduced = self.has @ share[:, self.at], self.has @ (given * self.saved)
        out = {
            str(name): (float(count), float(less))
            for name, count, less in zip(self.names, sources, reduced, strict=True)
            if count > LITTLE
        }
        if abs(self.outside) > self.least:
            out[CHANGES] = (0.0, self.outside)
        return out
