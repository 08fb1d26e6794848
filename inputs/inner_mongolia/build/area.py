"""Builds agriculture.csv and area_sources.csv: farms, dust, burning, waste, catering, coal fires.

Control totals: straw 36.75 Mt produced, 31.75 collectable, 26.02 used = 81.9 % (census, seen); cattle
6.3-6.8 M, sheep and goats 60-62 M, pigs 4.5-5.5 M, nitrogen 0.9-1.05 Mt (recalled). All else own estimates,
rating E.
"""

from __future__ import annotations

from dataclasses import dataclass

from inputs.build.names import KINDS, WORDS_ZH, named
from inputs.build.rows import Row, source
from inputs.inner_mongolia.build.league_weights import spread
from inputs.inner_mongolia.build.region import REGION, START

HEADS = {
    "dairy": ("dairy", 1_220_000),
    "beef": ("beef", 5_340_000),
    "sheep": ("sheep", 61_100_000),
    "pig": ("pigs", 4_500_000),
    "sow": ("pigs", 520_000),
    "layer": ("poultry", 38_000_000),
    "broiler": ("poultry", 10_500_000),
    "horse": ("horses", 1_050_000),
}
NITROGEN_T = 970_000.0
UREA_SHARE = 0.58
COLLECTABLE_T, USED_T = 31_750_000.0, 26_020_000.0
BURNT_OF_UNUSED = 0.45
"""Share of collectable straw not put to use that is burnt in the field (own estimate)."""


@dataclass(frozen=True)
class Area:
    """One kind of area source spread over the leagues."""

    kind: str
    label: str
    total: float
    unit: str
    weight: str
    zone: str
    fuel: str = "none"
    technology: str = "standard"
    controls: str | None = None
    sweeping_share: float | None = None
    site_control_share: float | None = None
    outside: bool = False


def area_rows(item: Area) -> list[Row]:
    """A row per league; the label begins with a kind of KINDS or with what is produced."""
    first = item.label.split(".")[0]
    kind = f"{item.kind}.{first}" if f"{item.kind}.{first}" in KINDS else item.kind
    word = next((x for x in (item.technology, first) if x in WORDS_ZH), "")
    result = []
    for area, part in spread(item.total, item.weight, 0.004).items():
        name = ".".join(x for x in (item.kind, area, item.label) if x)
        row = source(
            START,
            name,
            item.kind,
            area,
            item.zone,
            part,
            item.unit,
            fuel=item.fuel,
            technology=item.technology,
        )
        row |= {"controls": item.controls, "sweeping_share": item.sweeping_share}
        row |= {
            "site_control_share": item.site_control_share,
            "outside_account": "yes" if item.outside else None,
        }
        result.append(named(REGION, row, kind, word))
    return result


def agriculture_rows() -> list[Row]:
    """All rows of agriculture.csv."""
    items = [
        Area("livestock", kind, heads, "head", weight, "rural", technology=kind)
        for kind, (weight, heads) in HEADS.items()
    ]
    result = [row for item in items for row in area_rows(item)]
    for technology, share in {"urea": UREA_SHARE, "other": 1 - UREA_SHARE}.items():
        rows = area_rows(Area("fertiliser", technology, NITROGEN_T * share, "t", "nitrogen", "rural"))
        result += [row | {"technology": technology, "nitrogen_use": 1.0} for row in rows]
    others = [
        Area("nitrogen_fixing", "", 1.25e10, "m2", "straw", "rural"),
        Area("soil", "", 9.3e10, "m2", "straw", "rural"),
        Area("straw_compost", "", 1_500_000, "t", "straw", "rural"),
        Area("human_excreta", "", 6_800_000, "person", "rural", "rural"),
    ]
    return result + [row for item in others for row in area_rows(item)]


ROAD = {
    "city_built_up": (27e9, 0.55, "cars"),
    "county_built_up": (14e9, 0.42, "cars"),
    "rural": (49e9, 0.0, "people"),
}
"""Vehicle-km of all vehicles by zone, share of road swept by machine (61.5 % in 2019, seen), and weight."""


@dataclass(frozen=True)
class Yards:
    """Yards of an industry: what lies there, t handled a year, weight, shares open, wind fence, enclosed.

    powder and lump are yards of the key industries of the plan; coal is that of mines and traders.
    """

    industry: str
    commodity: str
    tonnes: float
    weight: str
    shares: tuple[float, float, float]


YARDS = [
    Yards("power", "powder", 215e6, "power_mw", (0.10, 0.55, 0.35)),
    Yards("coal_mine", "coal", 420e6, "coal", (0.35, 0.40, 0.25)),
    Yards("steel", "lump", 45e6, "steel", (0.20, 0.55, 0.25)),
    Yards("coking", "powder", 55e6, "coke", (0.30, 0.50, 0.20)),
    Yards("heat_supply", "powder", 20e6, "heat_coal", (0.35, 0.40, 0.25)),
    Yards("building_materials", "lump", 60e6, "building", (0.40, 0.35, 0.25)),
    Yards("coal_trade", "coal", 90e6, "coal", (0.50, 0.40, 0.10)),
]


def yard_rows() -> list[Row]:
    """Yards by industry, league and kind; captive_industry names the industry."""
    result = []
    for yards in YARDS:
        for technology, share in zip(("open", "wind_fence", "enclosed"), yards.shares, strict=True):
            label = f"{yards.industry}.{technology}"
            item = Area(
                "yard_dust", label, yards.tonnes * share, "t", yards.weight, "park", technology=technology
            )
            result += [
                row | {"captive_industry": yards.industry, "commodity": yards.commodity}
                for row in area_rows(item)
            ]
    return result


DUST = [
    Area("soil_dust", "", 1.2e9, "m2", "dry_soil", "urban_fringe"),
    Area("construction_dust", "city", 9.5e7, "m2", "building", "city_built_up", site_control_share=0.62),
    Area("construction_dust", "county", 4.5e7, "m2", "rural", "county_built_up", site_control_share=0.45),
    Area("construction_dust", "roads", 3.0e7, "m2", "building", "rural", site_control_share=0.25),
]
BURNING = [
    Area("forest_fire", "", 300_000, "t", "fires", "rural"),
    Area("grassland_fire", "", 150_000, "t", "fires", "rural"),
]
OTHER = [
    Area("wastewater", "", 1.04e9, "t", "urban", "urban_fringe"),
    Area("landfill", "", 3.4e6, "t", "people", "urban_fringe"),
    Area("incineration", "", 1.1e6, "t", "urban", "urban_fringe"),
    Area("catering", "bare", 9.0e6, "person", "people", "city_built_up"),
    Area("catering", "cleaner", 6.1e6, "person", "urban", "city_built_up", controls="fume_cleaner"),
    Area("catering", "rural", 9.2e6, "person", "rural", "rural"),
    Area("coal_fire", "", 1.5e6, "t", "coke", "rural", outside=True),
]


def straw_rows() -> list[Row]:
    """Straw burnt in the open: what is collectable, not used, and set on fire."""
    used = USED_T / COLLECTABLE_T
    assert abs(used - 0.819) < 0.001
    rows = area_rows(
        Area("straw_burning", "", (COLLECTABLE_T - USED_T) * BURNT_OF_UNUSED, "t", "straw", "rural")
    )
    return [row | {"technology": "open", "straw_used_share": round(used, 4)} for row in rows]


def area_source_rows() -> list[Row]:
    """All rows of area_sources.csv."""
    roads = [
        Area("road_dust", zone, km, "km", weight, zone, sweeping_share=sweeping)
        for zone, (km, sweeping, weight) in ROAD.items()
    ]
    items = [*DUST, *roads, *BURNING, *OTHER]
    return [row for item in items for row in area_rows(item)] + yard_rows() + straw_rows()


if __name__ == "__main__":
    REGION.write(agriculture_rows(), "agriculture")
    REGION.write(area_source_rows(), "area_sources")
