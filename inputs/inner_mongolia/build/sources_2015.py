"""Builds sources_2015.csv: the inventory of 2015 by league, class and state, for documentation only.

No target rests on it (targets are chain-linked from 2017). Activity of 2017 is summed by league and
state and scaled to 2015: seen totals (power, steel, cars) and recalled ones; road vehicles by stage from
the turnover of the fleet. Controls are those of 2015: most power units before the ultra-low retrofit,
fewer boilers with flue-gas treatment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from inputs.build.rows import Row
from inputs.build.stages import ORDER
from inputs.build.turnover import stocks
from inputs.inner_mongolia.build.league_weights import weights
from inputs.inner_mongolia.build.region import REGION, START
from inputs.inner_mongolia.build.segments import Segment, heavy, segments

TABLES = (
    "plants",
    "residential",
    "boilers",
    "fleet",
    "freight",
    "nonroad",
    "solvents",
    "oil",
    "agriculture",
    "area_sources",
)
KEYS = (
    "class",
    "city",
    "zone",
    "fuel",
    "technology",
    "controls",
    "capacity",
    "capacity_unit",
    "activity_unit",
    "size",
    "outside_account",
)
MEANS = ("sulphur_pct", "ash_pct", "ncv_gj_per_t", "efficiency")
BANDS = ((10.0, 6.0), (34.9, 20.0), (64.9, 46.0), (1e9, 90.0))
"""Boilers: up to a capacity, t/h, and the size that stands for them."""

LEVEL = {
    # activity of 2015 against 2017
    "boiler": 1.08, "commercial_stove": 1.30, "residential_coal": 1.20, "residential_gas": 0.80,
    "steel_plant": 17.35 / 19.84, "coke_oven": 1.0, "cement_kiln": 36.5 / 30.5, "brick_kiln": 1.10,
    "aluminium": 2.5 / 2.65, "alumina": 0.9, "copper_smelter": 0.9, "ferroalloy": 5.75 / 6.75,
    "calcium_carbide": 7.25 / 8.25, "pvc": 3.1 / 3.5, "coal_chemical": 7.25 / 9.0, "chemical": 0.93,
    "pharma": 0.92, "food": 0.95, "coal_mine": 905 / 895, "scattered_enterprise": 1.30,
    "freight": 0.95, "nonroad": 0.96, "rail": 0.92, "aviation": 0.80, "architectural_coating": 1.05,
    "industrial_coating": 0.92, "printing_ink": 0.95, "car_repair": 334.9 / 439.4, "fertiliser": 1.0,
    "road_dust": 0.87, "construction_dust": 1.10, "residential_biomass": 1.08, "straw_burning": 1.20,
    "oil_depot": 0.88, "tanker": 0.88, "filling_station": 0.88, "incineration": 0.7, "landfill": 0.98,
}  # fmt: skip
"""Other classes stay as in 2017."""
SMALL_BOILERS = 1.35
"""More boilers of 10 t/h and less: about 1 070 a year went in 2013-2017 (seen)."""
WITHOUT = {
    "boiler": 0.45,
    "coke_oven": 0.4,
    "brick_kiln": 0.3,
    "petrochemical": 0.5,
    "filling_station": 0.35,
    "tanker": 0.35,
    "oil_depot": 0.35,
    "industrial_coating": 0.5,
}
"""Share of the treated stream that had none of its gas treatment yet in 2015 (own estimate)."""
LATER = ("fgd", "sncr", "scr", "limestone", "stage1", "vru", "ldar", "carbon")
"""Controls, by the beginning of their name, that came between 2015 and 2017."""
ROAD_LEVEL = {
    "heavy_diesel": 0.82, "heavy_gas": 0.62, "medium_diesel": 1.15, "light_diesel": 0.87,
    "light_petrol": 0.87, "mini_petrol": 1.05, "bus.diesel": 1.05, "bus.gas": 0.9,
    "car.petrol": 334.9 / 439.4, "motorcycle.petrol": 1.15, "low_speed_truck.diesel": 1.25,
}  # fmt: skip
NONROAD_STAGES = {"pre-stage I": 1.45, "stage I": 1.20, "stage II": 0.95, "stage III": 0.45}
POWER_MWH = 326.9e6
POWER_MW = (7700, 7970, 6860, 870, 6390, 3800, 6200, 6510, 15560, 2460, 3420, 870)
"""Coal units of 30 MW and more in 2015 by league, in official order (Global Energy Monitor)."""
POWER_STATES = (
    ("pc", "fgd_wet+esp", 0.22),
    ("pc", "fgd_simple+esp", 0.21),
    ("pc", "fgd_wet+scr+esp", 0.33),
    ("pc", "fgd_ule+scr_ule+pm_ule", 0.08),
    ("cfb", "limestone+esp", 0.09),
    ("cfb", "fgd_semidry+sncr+bag", 0.07),
)


def stage_ratios(segment: Segment, level: float) -> dict[str, float]:
    """Kilometres of a stage in 2015 against 2017, the total being `level`."""
    first = segment.shares
    oldest = ORDER.index(next(iter(first)))
    km = dict.fromkeys(first, 0.0)
    for stage, (_, share) in stocks(segment.fleet, {})[2015].items():
        km[ORDER[max(oldest, ORDER.index(stage))]] += share
    return {stage: share / sum(km.values()) * level / first[stage][1] for stage, share in km.items()}


def road_ratios() -> dict[tuple[str, str, str, str], float]:
    """Ratio by (class, fuel, size, stage) of the road vehicles, and of the corridors by the heavy fleet."""
    result = {}
    for segment in segments(START):
        label = segment.label if segment.label in ROAD_LEVEL else f"{segment.kind}.{segment.label}"
        for stage, ratio in stage_ratios(segment, ROAD_LEVEL[label]).items():
            result[segment.kind, segment.fuel, segment.size or "", stage] = ratio
    for stage, ratio in stage_ratios(heavy(START), LEVEL["freight"]).items():
        result["freight", "diesel", "heavy", stage] = ratio
    return result


def band(row: dict[str, str]) -> str:
    """The capacity that stands for a row: by band for boilers, as it is for vehicles, none for plants."""
    if row["class"] == "boiler":
        return str(next(size for upper, size in BANDS if float(row["capacity"]) <= upper))
    return row.get("capacity", "") if row["class"] in ("truck", "bus") else ""


def summed() -> dict[tuple[str, ...], dict[str, float]]:
    """Activity of 2017 and activity-weighted means by league and state."""
    result: dict[tuple[str, ...], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for name in TABLES:
        for row in REGION.rows(name):
            if row.get("from_year") and int(row["from_year"]) > 2017:
                continue
            row |= {"city": row["area"][:4] + "00", "capacity": band(row)}
            row["capacity_unit"] = row.get("capacity_unit", "") if row["capacity"] else ""
            if row["class"] not in ("road_dust", "construction_dust", "boiler"):
                row["zone"] = "rural"
            into = result[tuple(row.get(key, "") for key in KEYS)]
            activity = float(row["activity"])
            into["activity"] += activity
            for mean in MEANS:
                if row.get(mean):
                    into[mean] += float(row[mean]) * activity
                    into[f"{mean} of"] += activity
    return result


def ratio_of(key: dict[str, str], road: dict[tuple[str, str, str, str], float]) -> float:
    """Activity of 2015 against 2017 of a state."""
    kind = key["class"]
    by_stage = road.get((kind, key["fuel"], key["size"], key["technology"]))
    if by_stage is not None:
        return by_stage
    if kind == "nonroad":
        return LEVEL[kind] * NONROAD_STAGES.get(key["technology"], 1.0)
    if kind == "boiler" and key["fuel"] == "coal" and float(key["capacity"]) < 10:
        return SMALL_BOILERS
    return LEVEL.get(kind, 1.0)


def untreated(controls: str) -> str:
    """Controls left of a state that did not have the later ones yet."""
    return "+".join(control for control in controls.split("+") if not control.startswith(LATER))


def rows_2015() -> Iterator[Row]:
    """Rows of every class but power units."""
    road = road_ratios()
    parts: dict[tuple[str, ...], Row] = {}
    for values, sums in sorted(summed().items()):
        key = dict(zip(KEYS, values, strict=True))
        ratio = ratio_of(key, road)
        without = WITHOUT.get(key["class"], 0.0) if untreated(key["controls"]) != key["controls"] else 0.0
        for controls, share in ((key["controls"], 1 - without), (untreated(key["controls"]), without)):
            activity = sums["activity"] * ratio * share
            if activity <= 0:
                continue
            state = tuple(key[k] if k != "controls" else controls for k in KEYS)
            row: Row = {k: v or None for k, v in zip(KEYS, state, strict=True) if k != "city"}
            row |= {"area": key["city"], "activity": activity}
            row |= {mean: sums[mean] / sums[f"{mean} of"] for mean in MEANS if sums[f"{mean} of"]}
            if state in parts:
                row["activity"] = activity + float(parts[state]["activity"] or 0)
            parts[state] = row
    for state, row in parts.items():
        used = [part.replace(" ", "_").replace("+", "-") for part in state[:7] if part]
        size = [state[9]] if state[9] else []
        yield row | {
            "source": ".".join(["y2015", *used, *size, *(["outside"] if state[10] == "yes" else [])])
        }


def power_rows() -> Iterator[Row]:
    """Power units of a league together by state; a unit of 300 MW stands for them."""
    for area, mw in zip(weights()["people"], POWER_MW, strict=True):
        for technology, controls, share in POWER_STATES:
            yield {
                "source": f"y2015.power_unit.{area}.{technology}.{controls.replace('+', '-')}",
                "class": "power_unit",
                "area": area,
                "zone": "park",
                "capacity": 300,
                "capacity_unit": "MW",
                "activity": POWER_MWH * mw / sum(POWER_MW) * share,
                "activity_unit": "MWh",
                "fuel": "coal",
                "technology": technology,
                "controls": controls,
                "sulphur_pct": 0.75,
                "ash_pct": 24,
                "ncv_gj_per_t": 16.8,
                "efficiency": 0.345,
                "furnace": technology,
            }


def rows() -> list[Row]:
    """All rows of sources_2015.csv."""
    own = {"year": 2015, "citation": "own_estimate", "rating": "E", "constructed": "yes"}
    result = [row | own for row in (*power_rows(), *rows_2015())]
    assert len({row["source"] for row in result}) == len(result)
    return result


if __name__ == "__main__":
    REGION.write(rows(), "sources_2015")
