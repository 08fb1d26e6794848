"""Every class, fuel and technology that occurs or that a measure leads to has a factor of each pollutant,
or a written reason; corrections by altitude, load and cold are those of the guide and act on the regions."""

from __future__ import annotations

import math
from collections import deque
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.base.words import POLLUTANTS
from model.inventory.emissions import build_inventory
from model.inventory.factors import state_effects
from model.inventory.review.gaps import gap_rows
from model.inventory.review.quality import quality
from model.options.packages import read_measures
from model.tables.read import Tables
from model.tables.rules import ENDED
from tests.data.shipped import tables_of

ROOT = Path(__file__).parents[2]
REGIONS = ("inner_mongolia", "honghe", "erenhot")
Kind = tuple[str, str, str]
"""Class, fuel, technology."""


def steps(tables: Tables) -> list[float]:
    """Every capacity from which on some row holds."""
    named = ("technologies", "emission_factors")
    return sorted({0.0, *pd.concat([tables.frame[name]["min_capacity"] for name in named]).dropna()})


def kinds_of(region: str) -> dict[Kind, set[float]]:
    """What stands in the region's tables in any year, what growth builds, and what measures make of it; each
    with the steps of capacity at which it occurs."""
    tables = tables_of(region)
    names, at = ["class", "fuel", "technology", "capacity"], steps(tables)
    rows = pd.concat([tables.frame[name][names] for name in ("sources", "new_build")]).fillna(
        {"capacity": 0.0}
    )
    rows["capacity"] = [at[i - 1] for i in np.searchsorted(at, rows["capacity"], side="right")]
    found: dict[Kind, set[float]] = {}
    for *kind, capacity in rows.drop_duplicates().itertuples(index=False, name=None):
        found.setdefault(tuple(kind), set()).add(capacity)
    measures = list(read_measures(tables).values())
    queue = deque(found)
    while queue:
        class_id, fuel, technology = kind = queue.popleft()
        for measure in measures:
            fits = class_id in measure.classes
            fits &= not measure.fuels or fuel in measure.fuels
            fits &= not measure.technologies or technology in measure.technologies
            after = (class_id, measure.sets_fuel or fuel, measure.sets_technology or technology)
            if fits and not found[kind] <= found.setdefault(after, set()):
                found[after] |= found[kind]
                queue.append(after)
    return {kind: sizes for kind, sizes in found.items() if kind[2] not in ENDED}


def states_of(kinds: dict[Kind, set[float]]) -> pd.DataFrame:
    """A state of each kind at each of its capacities, without controls; the rest is left to the defaults."""
    unknown = ("sulphur_pct", "ash_pct", "ncv_gj_per_t", "efficiency", "altitude_m", "load_pct", "january_c")
    rows = [(*kind, size) for kind, sizes in sorted(kinds.items()) for size in sorted(sizes)]
    frame = pd.DataFrame(rows, columns=["class", "fuel", "technology", "capacity"])
    merged_below = (frame["technology"] != "merged") | (frame["capacity"] < 65)  # offered below 35 t/h only
    frame = frame[merged_below].reset_index(drop=True)
    frame["controls"] = [()] * len(frame)
    return frame.assign(**dict.fromkeys(unknown, np.nan))


@pytest.mark.parametrize("region", REGIONS)
def test_every_combination_has_a_factor_or_a_reason(region: str) -> None:
    tables = tables_of(region)
    states = states_of(kinds_of(region))
    unknown = state_effects(states, tables)[list(POLLUTANTS)].isna().to_numpy()
    at, pollutant = np.nonzero(unknown & (gap_rows(states, tables) < 0))
    left = {
        (*states.loc[i, ["class", "fuel", "technology"]], POLLUTANTS[p])
        for i, p in zip(at, pollutant, strict=True)
    }
    assert not left
    assert len(states) > 150


@pytest.mark.parametrize("region", REGIONS)
def test_no_source_of_any_year_is_without_factor_and_reason(region: str) -> None:
    tables = tables_of(region)
    for year in sorted(set(tables.frame["sources"]["year"])):
        found = quality(build_inventory(tables, int(year), None, {}), tables)
        assert found.missing.empty, found.missing.to_string()
        assert set(found.explained["kind"]) >= {"zero", "negligible", "elsewhere"}


def test_what_a_region_of_smelters_and_sugar_mills_needs_is_there() -> None:
    """Lead, zinc and tin, yellow phosphorus, bagasse, lignite in fluidised beds; border trucks and rail."""
    coal = ("power_unit", "coal", "cfb")
    smelters = {("lead_zinc_smelter", "none", name) for name in ("lead", "zinc", "tin")}
    others = {coal, ("phosphorus_furnace", "none", "standard"), ("boiler", "biomass", "bagasse_boiler")}
    states = states_of({kind: {0.0} for kind in smelters | others})
    emitted = state_effects(states, tables_of("honghe")).groupby([states["class"], states["technology"]])
    assert (emitted["SO2"].min() > 0).all()
    assert (emitted["PM10"].min() > 0).all()


def test_a_reason_does_not_stand_beside_a_factor() -> None:
    """A stale reason would hide nothing, but it would say what is not so."""
    tables = tables_of("inner_mongolia")
    factors, stale = tables.frame["emission_factors"], []
    for gap in tables.frame["factor_gaps"].to_dict("records"):
        rows = factors[(factors["class"] == gap["class"]) & factors["pollutant"].isin(gap["pollutants"])]
        for key in ("fuel", "technology"):
            if not pd.isna(gap[key]):
                rows = rows[rows[key].isna() | (rows[key] == gap[key])]
        stale += [(gap["class"], *row) for row in rows[["fuel", "technology", "pollutant"]].to_numpy()]
    assert not stale
    assert len(tables.frame["factor_gaps"]) > 50


def test_reasons_are_sentences_about_one_kind_each() -> None:
    gaps = tables_of("inner_mongolia").frame["factor_gaps"]
    assert (gaps["reason"].str.len() > 20).all(), gaps.loc[gaps["reason"].str.len() <= 20, "reason"].tolist()
    kinds = gaps.groupby("kind").size()
    assert kinds["unknown"] <= 4  # real, and no figure fits: to be looked for
    assert kinds["outside"] > 5


def multiplied(kind: Kind, pollutant: str, capacity: float, **attributes: float) -> float:
    """Factor with the attributes over the factor without."""
    plain = states_of({kind: {capacity}})
    tables = tables_of("inner_mongolia")
    changed = state_effects(plain.assign(**attributes), tables)[pollutant]
    return float(changed.iloc[0] / state_effects(plain, tables)[pollutant].iloc[0])


def share_below_10(january: float) -> float:
    """Share of a year below 10 degC where the monthly means run as a cosine from January to 22 degC in July;
    counted day by day, not by the closed form the table was made with."""
    days = [math.cos(2 * math.pi * (day + 0.5) / 3650) for day in range(3650)]
    mean, half = (january + 22) / 2, (22 - january) / 2
    return sum(mean - half * day < 10 for day in days) / len(days)


@pytest.mark.parametrize(("january", "middle"), [(-30.0, -25), (-15.0, -15), (-9.0, -5), (4.0, 5)])
def test_cold_follows_the_guide_by_the_part_of_the_year_below_10_degrees(
    january: float, middle: float
) -> None:
    share = share_below_10(middle)
    car = ("car", "petrol", "China IV")
    truck = ("truck", "diesel", "China IV")
    assert multiplied(car, "CO", np.nan, january_c=january) == pytest.approx(1 + 0.36 * share, abs=2e-3)
    assert multiplied(car, "NOx", np.nan, january_c=january) == pytest.approx(1 + 0.15 * share, abs=2e-3)
    assert multiplied(truck, "NOx", 31.0, january_c=january) == pytest.approx(1 + 0.06 * share, abs=2e-3)
    tail = 0.075 * 1.01  # g/km of exhaust beside 0.5 g/km of evaporation, which cold does not raise
    petrol = 1 + 0.47 * share * tail / (tail + 0.5)
    assert multiplied(car, "VOCs", np.nan, january_c=january) == pytest.approx(petrol, abs=2e-3)


def test_mild_winters_are_not_corrected() -> None:
    for pollutant in ("NOx", "VOCs", "CO", "PM2.5"):
        assert multiplied(("car", "petrol", "China III"), pollutant, np.nan, january_c=12.0) == 1
        assert multiplied(("freight", "diesel", "China III"), pollutant, np.nan, january_c=15.0) == 1


def test_wear_of_roads_and_tyres_does_not_grow_with_cold() -> None:
    """A filtered engine leaves almost wear alone; one without a filter leaves exhaust."""
    old = multiplied(("bus", "diesel", "China III"), "PM2.5", 10.0, january_c=-15.0)
    new = multiplied(("bus", "diesel", "China VI"), "PM2.5", 10.0, january_c=-15.0)
    assert 1.3 < old < 1 + 0.7 * share_below_10(-15)
    assert 1 < new < 1.12


def test_altitude_acts_from_1500_m() -> None:
    guide = {
        ("car", "petrol", "China IV"): (1.58, 2.46, 3.15),
        ("truck", "diesel", "China IV"): (2.46, 2.05, 1.02),
    }
    for kind, values in guide.items():
        for pollutant, value in zip(("CO", "VOCs", "NOx"), values, strict=True):
            assert multiplied(kind, pollutant, 31.0, altitude_m=1499.0) == 1
            assert multiplied(kind, pollutant, 31.0, altitude_m=1500.0) == pytest.approx(value)


@pytest.mark.parametrize(("region", "high"), [("inner_mongolia", "150927"), ("honghe", "532501")])
def test_vehicles_of_high_counties_emit_more(region: str, high: str) -> None:
    """Qahar Right Middle Banner (1 740 m) and Gejiu (1 690 m) against the lowest county of each region."""
    tables = tables_of(region)
    areas = tables.frame["areas"].set_index("area")
    low = areas.loc[areas["level"] == "county", "altitude_m"].idxmin()
    assert areas.at[high, "altitude_m"] >= 1500
    sources = tables.frame["sources"]
    truck = sources[(sources["class"] == "truck") & (sources["technology"] == "China III")].iloc[[0]]
    two = pd.concat([truck.assign(area=high, source="high"), truck.assign(area=low, source="low")])
    moved = Tables(region, tables.root, {**tables.frame, "sources": two.reset_index(drop=True)}, {})
    factor = build_inventory(moved, int(truck["year"].iloc[0]), None, {}).factor.isel(year=0)
    ratio = float(factor.sel(source="high", pollutant="VOCs") / factor.sel(source="low", pollutant="VOCs"))
    cold = areas["january_c"].fillna(20)
    assert ratio == pytest.approx(2.05 if truck["fuel"].iloc[0] == "diesel" else 2.46, rel=0.02)
    assert math.isfinite(float(cold[high]))


def test_load_of_trucks_acts() -> None:
    truck = ("truck", "diesel", "China IV")
    assert [multiplied(truck, "NOx", 31.0, load_pct=load) for load in (0, 50, 60, 75, 100)] == pytest.approx(
        [0.83, 1, 1.09, 1.21, 1.43]
    )
