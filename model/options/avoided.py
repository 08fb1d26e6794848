"""What growth would build, and need not where something else takes its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.base.finance import annuity
from model.base.frames import records
from model.baseline import Baseline
from model.baseline.new_build import PLANT
from model.options.blocks import Block
from model.options.costs import Money
from model.options.packages import Measure
from model.options.prices import Deflators
from model.scenario.scenario import Scenario
from model.tables.read import Tables

Floats = NDArray[np.float64]

_ASKED = [*PLANT.values(), "capacity", "units", "file", "row"]

REPLACING = ("fate", "fuel")
"""Slots of measures that put another plant in the place of the one there, where they set a technology."""


@dataclass(frozen=True)
class Avoided:
    """The plants of state 0 of vintage new, [S], 0 for all others: overnight CNY and annuity CNY/yr of all of
    them; and which part of them is built in or after each decision year, [S, Y].
    """

    overnight: Floats
    annuity: Floats
    part: Floats
    years: tuple[int, ...]


def avoided_plants(baseline: Baseline, tables: Tables, scenario: Scenario) -> Avoided:
    """What the plants of state 0 cost where new_build.csv says so, in money of the scenario's price year."""
    sources, activity = baseline.inventory.sources, baseline.inventory.activity
    deflators = Deflators(tables, scenario.price_year)
    overnight, yearly = np.zeros(len(sources)), np.zeros(len(sources))
    at = np.flatnonzero(sources["plant_cny_per_capacity"].notna())
    for source, row in zip(at, records(sources[_ASKED].iloc[at]), strict=True):
        row["price_year"] = row["plant_price_year"]
        price = row["plant_cny_per_capacity"] * deflators.factor(row, "fixed_asset_index")
        overnight[source] = price * row["capacity"] * row["units"]
        yearly[source] = overnight[source] * annuity(scenario.discount_rate, row["plant_lifetime"])
    by_year = activity.sel(year=[scenario.start, *scenario.years]).transpose("source", "year").to_numpy()
    greatest = by_year.max(axis=1, keepdims=True)
    before = np.maximum.accumulate(by_year, axis=1)[:, :-1]
    built = np.divide(before, greatest, out=np.ones_like(before), where=greatest > 0)
    return Avoided(overnight, yearly, 1 - built, scenario.years)


def less_avoided(money: Sequence[Money], blocks: Sequence[Block], avoided: Avoided) -> list[Money]:
    """Money of each block's measures [n, m], those that replace a plant of vintage new less what it costs.

    A new gas boiler in the place of a new coal boiler costs the difference, which may be negative. Credited
    are the plants that are built from the first year on in which the measure is on offer.
    """
    out = []
    every = {measure.id: measure for block in blocks for measure in block.measures}
    part = {name: _part(measure, avoided) for name, measure in every.items() if _replaces(measure)}
    for block, own in zip(blocks, money, strict=True):
        replacing = [at for at, measure in enumerate(block.measures) if measure.id in part]
        if not replacing:
            out.append(own)
            continue
        credit = np.zeros(own.overnight.shape)
        for at in replacing:
            credit[:, at] = part[block.measures[at].id][block.sources]
        out.append(
            replace(
                own,
                overnight=own.overnight - credit * avoided.overnight[block.sources, None],
                annuity=own.annuity - credit * avoided.annuity[block.sources, None],
            )
        )
    return out


def _replaces(measure: Measure) -> bool:
    """Whether a measure puts another plant in the place of the one there."""
    return measure.slot in REPLACING and measure.sets_technology is not None


def _part(measure: Measure, avoided: Avoided) -> Floats:
    """Part of the plants [S] that a measure which replaces them comes in time for."""
    first = next((at for at, year in enumerate(avoided.years) if year >= measure.first_year), None)
    if first is None:
        return np.zeros(len(avoided.overnight))
    return avoided.part[:, first] * (avoided.overnight > 0)
