"""Coal and coke that leave the region by rail already: rows of freight.csv, so that a share of rail is one of
all that is moved.

Tonnes are what the control totals of goods sent out leave after the corridors by road. What trains burn is in
class rail and in power units, so the rows have no fuel and no factor (factor_gaps.csv).
"""

from __future__ import annotations

from inputs.build.rows import Row, source
from inputs.inner_mongolia.build.corridors import corridors
from inputs.inner_mongolia.build.league_weights import spread
from inputs.inner_mongolia.build.region import REGION

LEAST = 0.03
NAMES = {"coal": "煤炭", "coke": "焦炭"}


def left_for_rail(year: int, commodity: str, total: str, over_km: float) -> float:
    """Mt a year sent out over more than a distance (control total) less what goes by road, visitors'
    trucks included."""
    out = [c for c in corridors(year) if c.commodity == commodity and c.direction == "out"]
    return REGION.control_total(f"{total}.{year}") - sum(c.mt for c in out if c.km > over_km)


def rows(year: int) -> list[Row]:
    """A row per goods, band of distance and league: tonne-km by rail."""
    result: list[Row] = []
    bands = REGION.facts("facts_rail").to_dict("records")
    for band in bands:
        goods, over = band["commodity"], band["over_km"]
        farther = [b for b in bands if b["commodity"] == goods and b["over_km"] > over]
        mt = left_for_rail(year, goods, band["total"], over)
        mt -= sum(left_for_rail(year, goods, b["total"], b["over_km"]) for b in farther)
        for area, tonnes in spread(mt * 1e6, band["weight"], LEAST).items():
            result.append(row_of(year, area, goods, band["km"], tonnes))
    return result


def row_of(year: int, area: str, goods: str, km: float, tonnes: float) -> Row:
    """What leaves a league by rail over a haul, t a year."""
    place, place_zh = REGION.places[area]
    name = f"freight.on_rail.{goods}.{km:.0f}.{area}"
    row = source(year, name, "freight", area, "rural", tonnes * km, "tkm")
    row |= {"technology": "rail", "commodity": goods, "direction": "out", "distance_km": km}
    row |= {"name": f"{place} {goods} by rail, {km:.0f} km", "name_zh": f"{place_zh}{NAMES[goods]}铁路外运"}
    return row | {"tranche": "on_rail"}
