"""Kinds of road vehicles registered in the region: stock, kilometres, turnover (own estimates, E, unless said).

Control totals at the end of 2017: 549.04 x 10^4 vehicles (census, seen), 439.4 x 10^4 private cars (yearbook, seen),
54-60 x 10^4 trucks, of them heavy 21-25, medium 2.5-3.5, light 29-33, heavy on gas 8-12 % (recalled).
Growth: stock against 2017 in 2018, 2019, 2020, as planned in 2018 and as it happened.
"""

from __future__ import annotations

from dataclasses import dataclass

from turnover import Fleet, Mix

HEAVY_SALES = {
    2003: 25, 2004: 37, 2005: 24, 2006: 31, 2007: 49, 2008: 54, 2009: 64, 2010: 102, 2011: 88, 2012: 64, 2013: 77,
    2014: 74, 2015: 55, 2016: 73, 2017: 112,
}  # fmt: skip
LIGHT_SALES = {
    2003: 80, 2005: 90, 2004: 88, 2006: 100, 2007: 112, 2008: 116, 2009: 155, 2010: 196, 2011: 187, 2012: 184,
    2013: 190, 2014: 166, 2015: 156, 2016: 154, 2017: 172,
}  # fmt: skip
CAR_SALES = {
    2003: 200, 2004: 230, 2005: 397, 2006: 518, 2007: 630, 2008: 676, 2009: 1033, 2010: 1376, 2011: 1447, 2012: 1550,
    2013: 1793, 2014: 1970, 2015: 2115, 2016: 2438, 2017: 2472,
}  # fmt: skip
FLAT = {2003: 1.0, **dict.fromkeys(range(2004, 2018), 1.0)}

PRE: dict[int, dict[str, float]] = {1995: {"pre-China I": 1}, 2001: {"China I": 1}, 2004: {"China II": 1}}
HEAVY_DIESEL: Mix = PRE | {
    2008: {"China II": 0.6, "China III": 0.4},
    2009: {"China III": 1},
    2013: {"China III": 0.85, "China IV": 0.15},
    2014: {"China III": 0.65, "China IV": 0.35},
    2015: {"China III": 0.05, "China IV": 0.95},
    2016: {"China IV": 0.95, "China V": 0.05},
    2017: {"China IV": 0.3, "China V": 0.7},
    2018: {"China IV": 0.15, "China V": 0.85},
    2019: {"China V": 1},
    2020: {"China V": 0.94, "China VI": 0.06},
}
LIGHT_DIESEL: Mix = PRE | {
    2008: {"China II": 0.6, "China III": 0.4},
    2009: {"China III": 1},
    2014: {"China III": 0.7, "China IV": 0.3},
    2015: {"China III": 0.05, "China IV": 0.95},
    2017: {"China IV": 0.85, "China V": 0.15},
    2018: {"China V": 1},
    2020: {"China V": 0.93, "China VI": 0.07},
}
GAS: Mix = {
    1995: {"China III": 1},
    2011: {"China III": 0.5, "China IV": 0.5},
    2013: {"China IV": 0.6, "China V": 0.4},
    2014: {"China V": 1},
    2019: {"China V": 0.55, "China VI": 0.45},
    2020: {"China VI": 1},
}
PETROL: Mix = PRE | {
    2007: {"China II": 0.4, "China III": 0.6},
    2008: {"China III": 1},
    2011: {"China III": 0.5, "China IV": 0.5},
    2012: {"China IV": 1},
    2016: {"China IV": 0.85, "China V": 0.15},
    2017: {"China V": 1},
    2020: {"China V": 0.5, "China VI": 0.5},
}
MOTORCYCLE: Mix = {1995: {"China I": 1}, 2005: {"China II": 1}, 2010: {"China III": 1}}
SLOW: Mix = {1995: {"pre-China I": 1}, 2006: {"China I": 1}, 2008: {"China II": 1}}

Growth = dict[int, float]


def years(*values: float) -> Growth:
    """Values of 2018, 2019 and 2020."""
    return dict(zip((2018, 2019, 2020), values, strict=True))


@dataclass(frozen=True)
class Segment:
    """Vehicles of one kind. stock at the end of 2017; km a year; kg of fuel a km; t gross mass."""

    kind: str
    label: str
    size: str | None
    fuel: str
    stock: float
    km: float
    kg_per_km: float
    mass: float | None
    weight: str
    zone: str
    fleet: Fleet
    planned: Growth
    happened: Growth
    planned_km: Growth
    happened_km: Growth


SAME = years(1, 1, 1)
HEAVY_KM = years(0.90, 0.82, 0.75)  # heavy truck work fell to 15-19 bn vkm in 2020 while the stock grew (recalled)

SEGMENTS = [
    Segment("truck", "heavy_diesel", "heavy", "diesel", 207_000, 70_000, 0.255, 31, "heavy_trucks", "rural",
            Fleet(HEAVY_SALES, HEAVY_DIESEL, 9.0, 2.5, 0.05), years(1.05, 1.10, 1.15), years(1.12, 1.26, 1.43),
            SAME, HEAVY_KM),
    Segment("truck", "heavy_gas", "heavy", "lng", 23_000, 70_000, 0.25, 31, "heavy_trucks", "rural",
            Fleet({2009: 0.3, 2010: 1, 2011: 2, 2012: 3, 2013: 6, 2014: 6, 2015: 2, 2016: 3, 2017: 9}, GAS, 9.0, 2.5),
            years(1.10, 1.20, 1.30), years(1.2, 1.5, 2.0), SAME, HEAVY_KM),
    Segment("truck", "medium_diesel", "medium", "diesel", 30_000, 33_000, 0.16, 10, "light_trucks", "rural",
            Fleet(LIGHT_SALES, HEAVY_DIESEL, 10.0, 2.5, 0.05), years(0.98, 0.96, 0.94), years(0.96, 0.92, 0.88),
            SAME, SAME),
    Segment("truck", "light_diesel", "light", "diesel", 180_000, 25_000, 0.095, 4, "light_trucks", "urban_fringe",
            Fleet(LIGHT_SALES, LIGHT_DIESEL, 11.0, 2.5, 0.05), years(1.05, 1.10, 1.15), years(1.10, 1.21, 1.32),
            SAME, SAME),
    Segment("truck", "light_petrol", "light", "petrol", 123_500, 20_000, 0.078, 3, "light_trucks", "urban_fringe",
            Fleet(LIGHT_SALES, PETROL, 11.0, 2.5, 0.05), years(1.05, 1.10, 1.15), years(1.10, 1.21, 1.32), SAME, SAME),
    Segment("truck", "mini_petrol", "mini", "petrol", 10_000, 18_000, 0.06, 1.8, "light_trucks", "rural",
            Fleet(LIGHT_SALES, PETROL, 9.0, 2.5, 0.05), years(0.98, 0.95, 0.92), years(0.98, 0.95, 0.92), SAME, SAME),
    Segment("bus", "diesel", "large", "diesel", 19_000, 60_000, 0.25, 14, "buses", "city_built_up",
            Fleet(FLAT, HEAVY_DIESEL, 9.0, 2.5, 0.03), years(0.97, 0.94, 0.91), years(0.94, 0.88, 0.82), SAME, SAME),
    Segment("bus", "gas", "large", "lng", 9_500, 65_000, 0.27, 14, "buses", "city_built_up",
            Fleet(FLAT, GAS, 9.0, 2.5, 0.03), years(1.0, 1.0, 1.0), years(0.98, 0.95, 0.90), SAME, SAME),
    Segment("car", "petrol", "small", "petrol", 4_605_000, 12_800, 0.051, None, "cars", "city_built_up",
            Fleet(CAR_SALES, PETROL, 14.0, 4.0, 0.03), years(1.09, 1.18, 1.27), years(1.09, 1.19, 1.294), SAME, SAME),
    Segment("motorcycle", "petrol", None, "petrol", 217_400, 5_000, 0.02, None, "rural", "rural",
            Fleet(FLAT, MOTORCYCLE, 11.0, 3.0, 0.05), years(0.95, 0.90, 0.85), years(0.94, 0.88, 0.82), SAME, SAME),
    Segment("low_speed_truck", "diesel", None, "diesel", 50_000, 18_000, 0.06, None, "slow", "rural",
            Fleet({2003: 4.0, **dict.fromkeys(range(2004, 2010), 3.5), **dict.fromkeys(range(2010, 2018), 2.0)},
                  SLOW, 10.0, 2.5, 0.05), years(0.90, 0.80, 0.70), years(0.88, 0.77, 0.66), SAME, SAME),
]  # fmt: skip

NEW_ENERGY = {"car": (9_000, 12_000, "cars"), "bus": (4_500, 60_000, "buses"), "truck": (1_500, 20_000, "light_trucks")}
"""Stock, km a year and weight of the new-energy vehicles of the end of 2017 (10-15 thousand in all, recalled)."""
NEW_ENERGY_PLANNED = years(1.2, 1.5, 1.8)
NEW_ENERGY_HAPPENED = years(1.5, 2.1, 2.8)
