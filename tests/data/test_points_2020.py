"""Point tables of 2020: rebuilt byte for byte, identifiers kept, totals and changes as published."""

from __future__ import annotations

import importlib
from pathlib import Path

import pandas as pd
import pytest

from inputs.inner_mongolia.build import emission_ranges
from inputs.inner_mongolia.build.changes import changed
from inputs.inner_mongolia.build.region import REGION
from inputs.inner_mongolia.build.years import YEARS, of_year
from model.inventory.observed.closures import Closure

TABLES = ("power_units", "boilers", "plants", "residential")


def committed(name: str, year: int) -> pd.DataFrame:
    text = {"area": str, "controls": str}
    path = REGION.root / f"{of_year(name, year)}.csv"
    return pd.read_csv(path, dtype=text, keep_default_na=False, na_values=[""]).fillna({"controls": ""})


@pytest.fixture(scope="module")
def ranges() -> list[Closure]:
    return emission_ranges.held(2020, Path("inputs"))


@pytest.mark.parametrize("name", TABLES)
def test_rebuilding_gives_the_committed_file(name: str) -> None:
    module = importlib.import_module(f"inputs.inner_mongolia.build.{name}")
    built = module.build(2020)
    module.check(built)
    assert REGION.render(built, f"{name}_2020").encode() == (REGION.root / f"{name}_2020.csv").read_bytes()


def test_years_are_named_after_the_first() -> None:
    assert YEARS == (2017, 2020)
    assert (of_year("plants", 2017), of_year("plants", 2020)) == ("plants", "plants_2020")


@pytest.mark.parametrize("name", TABLES)
def test_what_stands_in_both_years_is_the_same_source(name: str) -> None:
    """Class, place, capacity and furnace of an identifier do not change; nothing that stays is renamed."""
    first, now = committed(name, 2017).set_index("source"), committed(name, 2020).set_index("source")
    both = first.index.intersection(now.index)
    same = ["class", "area", "fuel", "technology"] + ["capacity"] * ("capacity" in first)
    pd.testing.assert_frame_equal(first.loc[both, same], now.loc[both, same])
    assert (now["year"] == 2020).all()
    assert len(both) > 0.5 * len(first)


def test_only_units_known_to_be_closed_left_the_list_of_power_units() -> None:
    first, now = committed("power_units", 2017), committed("power_units", 2020)
    assert set(first["source"]) - set(now["source"]) == {"power.baotou_1.1"}  # retired in 2018
    stands = now[(now["from_year"] <= 2020) & (now["fuel"] == "coal")]
    assert stands["capacity"].sum() == pytest.approx(
        91.92e3, rel=0.005
    )  # the list of July 2023, units of 2020
    assert now["from_year"].max() == 2025


def test_power_of_2020_is_the_yearbooks_and_no_unit_lost_its_ultra_low_retrofit() -> None:
    first = committed("power_units", 2017).set_index("source")
    now = committed("power_units", 2020).set_index("source")
    assert now.loc[now["from_year"] <= 2020, "activity"].sum() == pytest.approx(478.2e6, rel=1e-6)
    was = first.index[first["controls"].str.contains("fgd_ule")].intersection(now.index)
    assert now.loc[was, "controls"].str.contains("fgd_ule").all()
    wuhai = now[now["area"].str.startswith("1503") & (now["furnace"] == "pc")]
    assert wuhai["controls"].str.contains("fgd_ule").all()  # the plan had them done by 2018


def test_heat_of_2020_is_the_yearbooks_within_3_per_cent() -> None:
    boilers, units = committed("boilers", 2020), committed("power_units", 2020)
    houses = (boilers["fuel"] == "coal") & (boilers["capacity"] > 10)
    heating = (boilers["duty"] == "heating") & (houses | (boilers["fuel"] == "natural_gas"))
    heat = boilers.loc[heating, "activity"].sum() + units["district_heat_gj"].sum()
    assert heat / 1e6 == pytest.approx(500.8, rel=0.03)


def test_small_boilers_left_the_built_up_areas_and_only_those_counted() -> None:
    first, now = committed("boilers", 2017), committed("boilers", 2020)
    coal, left = first[first["fuel"] == "coal"], set(now["source"])
    small = coal[(coal["capacity"] <= 10) & coal["zone"].isin(["city_built_up", "county_built_up"])]
    assert len(small) == 127 + 1450
    assert not left.intersection(small["source"])
    towns = now[(now["fuel"] == "coal") & now["zone"].isin(["city_built_up", "county_built_up"])]
    assert towns["capacity"].min() > 10
    three = towns[(towns["zone"] == "city_built_up") & towns["area"].str[:4].isin(["1501", "1502", "1503"])]
    assert (three["capacity"] <= 35).sum() <= 0.05 * 42 + 1  # 42 stood there in 2017; basically all went


def test_chengfa_retrofitted_22_of_its_27_boilers_to_special_limits() -> None:
    now = committed("boilers", 2020)
    own = now[now["source"].str.startswith("boiler.chengfa.")]
    assert len(own) == 27
    assert own["controls"].isin(["fgd_wet+sncr+bag", "fgd_wet+staged_air+sncr+bag"]).sum() == 22


def test_boilers_of_one_county_size_zone_duty_controls_and_age_are_alike() -> None:
    made = committed("boilers", 2020)
    made = made[made["fuel"] == "coal"]
    kind = ["area", "capacity", "zone", "duty", "technology", "controls", "from_year", "owner"]
    numbers = [c for c in made.select_dtypes("number") if c not in kind]
    assert (made.groupby(kind, dropna=False)[numbers].nunique(dropna=False) == 1).all(axis=None)


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [
        ("steel_plant", 31.2, 31.2),
        ("coke_oven", 42, 43),
        ("cement_kiln", 32, 36),
        ("aluminium", 5.7, 5.8),
        ("ferroalloy", 9.5, 11.5),
        ("calcium_carbide", 9, 10.5),
        ("pvc", 3.8, 4.5),
        ("coal_mine", 1001, 1001),
    ],
)
def test_output_of_2020_lies_in_the_ranges_of_planning_practice(kind: str, low: float, high: float) -> None:
    made = committed("plants", 2020)
    output = made.loc[made["class"] == kind, "activity"].sum() / 1e6
    assert low * 0.9999 <= output <= high * 1.0001


def test_ten_nonferrous_metals_add_up_to_the_yearbook() -> None:
    """7.26 Mt in 2020 and 3.55 in 2017 (published), magnesium and others apart."""
    for year, total in zip(YEARS, (3.55, 7.26), strict=True):
        made = committed("plants", year).groupby("class")["activity"].sum()
        metals = made[["aluminium", "copper_smelter", "lead_zinc_smelter"]].sum()
        assert metals / 1e6 == pytest.approx(total, rel=0.02)


def test_no_plant_has_fewer_controls_than_in_2017() -> None:
    first, now = committed("plants", 2017).set_index("source"), committed("plants", 2020).set_index("source")
    both = first.index.intersection(now.index)
    before, after = first.loc[both, "controls"].str.split("+"), now.loc[both, "controls"].str.split("+")
    counts = pd.DataFrame({"before": before.map(len), "after": after.map(len)})
    assert (counts["after"] >= counts["before"]).all()
    kilns = now[now["class"] == "cement_kiln"]
    assert kilns["controls"].str.contains("sncr").all()


def test_bulk_coal_of_homes_fell_by_what_was_replaced() -> None:
    """8.6 Mt less 0.636 and 0.227 Mt (published) and what went in 2020."""
    tonnes = [
        committed("residential", year).query("`class` == 'residential_coal'")["activity"].sum() / 1e6
        for year in YEARS
    ]
    assert tonnes[0] - tonnes[1] == pytest.approx(0.636 + 0.227 + 0.24, abs=0.01)
    assert 6 <= tonnes[1] <= 8.5


def test_emission_of_2020_lies_in_its_ranges(ranges: list[Closure]) -> None:
    assert len(ranges) >= 12
    emission_ranges.check(ranges)


def test_changes_take_their_share_once_and_in_order() -> None:
    """Ten ovens in the key area and ten outside: a plant by name, four fifths of the rest, all outside."""
    rows = pd.DataFrame(
        {
            "class": "coke_oven",
            "plant": ["named"] + ["other"] * 19,
            "area": ["150102"] * 10 + ["150402"] * 10,
            "park": None,
            "capacity": 1.0,
            "controls": "bag",
        }
    )
    changes = pd.DataFrame(
        {
            "class": "coke_oven",
            "plant": ["named", None, None],
            "where": [None, "key", "other"],
            "controls_from": "bag",
            "controls_to": ["scr+bag", "fgd+scr+bag", "fgd+bag"],
            "share": [1.0, 0.8, 1.0],
        }
    )
    got = changed(rows, changes, ["plant"])
    assert got[0] == "scr+bag"
    assert (got[1:10] == "fgd+scr+bag").sum() == pytest.approx(0.8 * 9, abs=1)
    assert set(got[1:10]) == {"bag", "fgd+scr+bag"}
    assert (got[10:] == "fgd+bag").all()
