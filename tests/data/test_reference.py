"""The reference tables: complete for the vocabulary, free of ties, true to numbers worked by hand, and such
that measures reach the standards that plans ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from model.base.words import POLLUTANTS, SECTORS
from model.baseline import build_baseline
from model.inventory.factors import state_effects
from model.options.blocks import make_blocks
from model.options.effects import evaluate, state_rows
from model.options.packages import read_measures, slots_of_controls
from model.pipeline.prepare import read_inputs, start_inventory
from model.tables.read import Tables
from model.tables.rules import ENDED
from model.tables.schema import attributes
from tests.data.shipped import tables_of

ROOT = Path(__file__).parents[2]
PARTICLES = ("PM10", "PM2.5", "BC", "OC")
WITHOUT_MEASURE = {
    *("aviation", "asphalt", "dry_cleaning", "pesticide", "residential_gas", "wastewater", "landfill"),
    *("incineration", "soil_dust", "forest_fire", "grassland_fire"),
    *("nitrogen_fixing", "soil", "straw_compost", "human_excreta"),
    "phosphorus_furnace",
}
"""Classes that may be without a measure; none of them carries 1 % of SO2, NOx or VOCs in Inner Mongolia."""


@pytest.fixture(scope="module")
def tables() -> Tables:
    return tables_of("inner_mongolia")


def effects(tables: Tables, states: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """state_effects of states; what is not given is left to the defaults."""
    unknown = ("capacity", "sulphur_pct", "ash_pct", "ncv_gj_per_t", "efficiency", "altitude_m", "load_pct")
    rows = [dict.fromkeys(unknown, np.nan) | {"controls": ""} | state for state in states]
    frame = pd.DataFrame(rows)
    frame["controls"] = [tuple(c.split("+")) if c else () for c in frame["controls"]]
    return state_effects(frame, tables)


def effect(
    tables: Tables, class_id: str, fuel: str, technology: str, controls: str = "", **own: Any
) -> pd.Series:
    state = {"class": class_id, "fuel": fuel, "technology": technology, "controls": controls, **own}
    return effects(tables, [state]).iloc[0]


def vocabulary() -> dict[str, str]:
    """Class -> sector, from the list of classes in docs/architecture.md."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    listed = text.split("**Classes**")[1].split("**Fuels**")[0]
    out = {}
    for line in listed.splitlines():
        sector, colon, names = line.partition(":")
        if colon and sector in SECTORS:
            out |= {n.strip(): sector for n in re.sub(r"\([^)]*\)", "", names).split(",")}
    return out


def test_every_class_of_the_vocabulary_has_its_sector_factors_and_months(tables: Tables) -> None:
    words = vocabulary()
    assert len(words) > 60
    classes = tables.frame["classes"].set_index("class")["sector"].to_dict()
    assert classes == words
    assert set(words) == set(tables.frame["emission_factors"]["class"])
    profiles = tables.frame["profiles"].set_index("profile")
    assert set(words) <= set(profiles.index)
    months = profiles.loc[:, "jan":"dec"].to_numpy(dtype=float)  # type: ignore[misc]
    assert months.sum(axis=1) == pytest.approx(np.ones(len(months)))


def test_every_class_has_a_measure_unless_no_plan_acts_on_it(tables: Tables) -> None:
    fitted = set(tables.frame["measures"]["fits_class"].explode())
    assert set(vocabulary()) - fitted <= WITHOUT_MEASURE


def test_classes_without_a_measure_carry_less_than_one_per_cent(tables: Tables) -> None:
    sources = tables.frame["sources"]
    start = sources[(sources["year"] == 2017) & ~sources["activity_unit"].str.startswith("fuel_")]
    emission = state_effects(start, tables)[["SO2", "NOx", "VOCs"]].mul(start["activity"], axis=0)
    share = emission.groupby(start["class"]).sum() / emission.sum()
    left = share[share.index.isin(WITHOUT_MEASURE)]
    assert len(left) > 10
    assert (left < 0.012).all(axis=None)


def test_no_two_rows_fit_a_state_equally_well(tables: Tables) -> None:
    """Every class, fuel and technology that the tables name, at every threshold of capacity."""
    named = tables.frame["technologies"][["class", "fuel", "technology"]].drop_duplicates()
    named = named.fillna({"fuel": "none", "technology": "standard"})
    tied = ("technologies", "emission_factors", "controls", "standards")
    at = sorted({0.0, *pd.concat([tables.frame[t]["min_capacity"] for t in tied]).dropna()})
    base = named.merge(pd.DataFrame({"capacity": at}), how="cross")
    merged = (base["technology"] == "merged") & (base["capacity"] >= 65)  # offered below 35 t/h only
    base = base[~merged].reset_index(drop=True)
    for column in ("sulphur_pct", "ash_pct", "ncv_gj_per_t", "efficiency", "altitude_m", "load_pct"):
        base[column] = 1600.0 if column == "altitude_m" else np.nan
    clean = base["fuel"].isin(["electricity", "network_heat"])
    base["controls"] = [() if c else ("fgd_wet", "scr", "bag") for c in clean]
    used = state_effects(base, tables)
    assert len(used) == len(base)
    assert used["fuel_gj"].notna().all()


def test_fine_particles_are_part_of_coarse_ones(tables: Tables) -> None:
    factors = tables.frame["emission_factors"]
    keys = ["class", "fuel", "technology", "min_capacity"]
    factors = factors[factors["pollutant"].isin(PARTICLES)].fillna({"min_capacity": -1.0})
    wide = factors.fillna({"fuel": "", "technology": ""}).pivot_table("value", keys, "pollutant")
    wide = wide.dropna(subset=["PM10", "PM2.5"])
    assert len(wide) > 100
    assert (wide["PM2.5"] <= wide["PM10"] * 1.0001).all()
    assert (wide["BC"].fillna(0) + wide["OC"].fillna(0) <= wide["PM2.5"]).all()


def test_fine_particles_stay_part_of_coarse_ones_in_every_state_of_the_main_scenario() -> None:
    """Controls take less of the fine than of the coarse, yet never leave more: start and all packages."""
    prepared = read_inputs(ROOT / "scenarios" / "inner_mongolia_2018_2020.yaml", [], ROOT / "inputs")
    baseline = build_baseline(prepared.tables, start_inventory(prepared), prepared.scenario, "frozen")
    sources, catalogue = baseline.inventory.sources, read_measures(prepared.tables).values()
    blocks = make_blocks(sources, list(catalogue), slots_of_controls(prepared.tables))
    states = pd.DataFrame(
        [
            (at, s.fuel, s.technology, s.controls, s.ended)
            for b in blocks
            for s in b.states
            for at in b.sources
        ],
        columns=["source", "fuel", "technology", "controls", "ended"],
    )
    rows = state_rows(sources, states, prepared.tables)
    emitted = evaluate(rows, prepared.tables)
    assert len(rows) > 5 * len(sources)
    wrong = emitted["PM2.5"] > emitted["PM10"] * 1.0001
    wrong |= emitted["BC"].fillna(0) + emitted["OC"].fillna(0) > emitted["PM2.5"] * 1.0001
    found = rows.loc[wrong, ["class", "fuel", "technology", "controls"]].drop_duplicates()
    assert found.empty, found.to_string()


def test_units_of_one_class_have_factors_of_every_pollutant_that_burning_makes(tables: Tables) -> None:
    kinds = [
        *(("power_unit", "coal", t) for t in ("pc", "cfb", "w_flame")),
        *(("boiler", "coal", t) for t in ("grate", "cfb", "pc", "merged")),
        *(("residential_coal", *p) for p in (("raw_coal", "stove"), ("briquette", "briquette_stove"))),
        *(("truck", "diesel", f"China {n}") for n in ("III", "IV", "V", "VI")),
    ]
    states = [{"class": c, "fuel": f, "technology": t, "capacity": 40.0} for c, f, t in kinds]
    assert effects(tables, states)[list(POLLUTANTS)].notna().all(axis=None)


def test_a_coal_boiler_by_hand(tables: Tables) -> None:
    coal = {"sulphur_pct": 0.6, "ncv_gj_per_t": 18.0, "ash_pct": 20.0}
    row = effect(tables, "boiler", "coal", "grate", capacity=80.0, **coal)
    fuel = 1 / 0.80  # GJ per GJ of heat
    assert row["fuel_gj"] == pytest.approx(fuel)
    assert row["SO2"] == pytest.approx(16e-3 * 0.6 / 18 * fuel)  # 16 S kg/t
    assert row["NOx"] == pytest.approx(160e-6 * fuel)  # 160 g/GJ
    assert row["PM10"] == pytest.approx(1.25e-3 * 0.37 * 20 / 18 * fuel)  # 1.25 A kg/t, 37 % below 10 um


def test_heavy_trucks_and_tonne_kilometres_by_hand(tables: Tables) -> None:
    truck = effect(tables, "truck", "diesel", "China III", capacity=31.0)
    assert truck["NOx"] == pytest.approx(7.934e-6)  # g/km of the guide
    loaded = effect(tables, "truck", "diesel", "China III", capacity=31.0, load_pct=75.0)
    assert loaded["NOx"] == pytest.approx(7.934e-6 * 1.21)
    freight = effect(tables, "freight", "diesel", "China III")
    assert freight["NOx"] == pytest.approx(7.934e-6 * 1.21 / 15, rel=1e-4)
    rail = effect(tables, "freight", "electricity", "rail")
    assert 0.80 < 1 - rail["NOx"] / freight["NOx"] < 0.95  # what a tonne-km by rail avoids


def test_later_stages_emit_less(tables: Tables) -> None:
    stages = ["China II", "China III", "China IV", "China V", "China VI"]
    kinds = (("truck", "diesel", 31.0), ("truck", "petrol", 3.0), ("car", "petrol", np.nan))
    for class_id, fuel, capacity in kinds:
        same = {"class": class_id, "fuel": fuel, "capacity": capacity}
        rows = effects(tables, [same | {"technology": stage} for stage in stages])
        for pollutant in ("NOx", "VOCs", "PM2.5"):
            assert all(later <= earlier for earlier, later in pairwise(rows[pollutant])), (
                class_id,
                pollutant,
            )


def test_low_nox_burners_meet_what_ordinary_ones_do_not(tables: Tables) -> None:
    burners = ("", "lnb", "lnb_fgr", "uln")
    rows = [effect(tables, "boiler", "natural_gas", "gas_boiler", b, capacity=10.0) for b in burners]
    nox = [row["concentration_NOx"] for row in rows]
    assert nox == sorted(nox, reverse=True)
    assert [bool(row["low_nox"]) for row in rows] == [False, True, True, True]
    assert nox[0] > 150  # special limit
    assert nox[3] <= 30
    assert rows[3]["CO2"] > rows[0]["CO2"]


def test_denox_adds_ammonia(tables: Tables) -> None:
    for kind in (
        {"class": "power_unit", "fuel": "coal", "technology": "pc", "capacity": 600.0},
        {"class": "boiler", "fuel": "coal", "technology": "grate", "capacity": 40.0},
        {"class": "cement_kiln", "fuel": "coal", "technology": "precalciner", "capacity": 1.5e6},
    ):
        plain, *treated = effects(tables, [kind | {"controls": c} for c in ("", "sncr", "scr")]).to_dict(
            "records"
        )
        for row in treated:
            assert row["NOx"] < plain["NOx"]
            assert row["NH3"] > plain["NH3"]
            assert 1 < row["nh3_slip"] < 15
    chemical = [effect(tables, "coal_chemical", "coal", "methanol", c) for c in ("", "ammonia_fgd")]
    assert chemical[1]["NH3"] > chemical[0]["NH3"]


def test_an_oxidiser_burns_gas(tables: Tables) -> None:
    plain, treated = (effect(tables, "industrial_coating", "none", "solvent_based", c) for c in ("", "rto"))
    assert treated["VOCs"] < 0.5 * plain["VOCs"]
    assert treated["NOx"] > 0
    assert treated["CO2"] > 0


def test_ultra_low_units_run_below_the_limit(tables: Tables) -> None:
    """Class means of operation, not the limits: 10-25 SO2, 25-45 NOx, 2-6 PM mg/m3."""
    for technology, controls in (("pc", "fgd_ule+scr_ule+pm_ule"), ("cfb", "fgd_ule+sncr_scr+pm_ule")):
        coal = {"sulphur_pct": 0.7, "ash_pct": 20.0}
        row = effect(tables, "power_unit", "coal", technology, controls, capacity=300.0, **coal)
        assert 10 <= row["concentration_SO2"] <= 25
        assert 25 <= row["concentration_NOx"] <= 45
        assert 1 <= row["concentration_PM10"] <= 6
        assert row["meets"] == "ultra_low"


PACKAGES = (
    ("power_ule_pc", "power_unit", "coal", "pc", 300.0, "ultra_low"),
    ("power_ule_cfb", "power_unit", "coal", "cfb", 300.0, "ultra_low"),
    ("power_ule_w_flame", "power_unit", "coal", "w_flame", 300.0, "ultra_low"),
    ("boiler_ule", "boiler", "coal", "grate", 80.0, "ultra_low"),
    ("boiler_special_limits", "boiler", "coal", "grate", 80.0, "special_limits"),
    ("boiler_special_limits", "boiler", "coal", "cfb", 40.0, "special_limits"),
    ("steel_ule", "steel_plant", "coal", "bf_bof", 3e6, "ultra_low"),
    ("coke_ule", "coke_oven", "coke_oven_gas", "coke_oven", 1e6, "ultra_low"),
    ("coke_fgd_scr", "coke_oven", "coke_oven_gas", "coke_oven", 1e6, "special_limits"),
    ("cement_ule", "cement_kiln", "coal", "precalciner", 1.5e6, "ultra_low"),
    ("glass_ule", "glass_furnace", "natural_gas", "float", 2e5, "ultra_low"),
    ("glass_fgd_scr", "glass_furnace", "natural_gas", "float", 2e5, "special_limits"),
    ("aluminium_ule", "aluminium", "none", "prebake", 4e5, "ultra_low"),
    ("copper_fgd", "copper_smelter", "none", "standard", 1e5, "special_limits"),
    ("lead_zinc_fgd", "lead_zinc_smelter", "none", "standard", 1e5, "special_limits"),
    ("ferroalloy_bag", "ferroalloy", "none", "semi_closed", np.nan, "special_limits"),
    ("furnace_package", "industrial_furnace", "coal", "coal_furnace", np.nan, "special_limits"),
)
"""Measure, class, fuel, technology, capacity, and the standard that the measure alone has to reach."""


def test_packages_reach_their_standard(tables: Tables) -> None:
    measures = read_measures(tables)
    names = ("class", "fuel", "technology", "capacity")
    before = [dict(zip(names, case[1:5], strict=True)) for case in PACKAGES]
    after = [
        b | {"controls": "+".join(measures[case[0]].adds)} for b, case in zip(before, PACKAGES, strict=True)
    ]
    reached, had = effects(tables, after)["meets"].tolist(), effects(tables, before)["meets"].tolist()
    assert {case[:3]: level for case, level in zip(PACKAGES, reached, strict=True)} == {
        c[:3]: c[5] for c in PACKAGES
    }
    assert all(level != case[5] for case, level in zip(PACKAGES, had, strict=True))


def test_words_of_the_measures_exist(tables: Tables) -> None:
    frame = tables.frame["measures"]
    named = {*tables.frame["technologies"]["technology"], *tables.frame["emission_factors"]["technology"]}
    technologies = {*named, *ENDED, "standard"}
    controls = set(slots_of_controls(tables))
    assert set(frame["fits_technology"].explode().dropna()) <= technologies
    assert set(frame["sets_technology"].dropna()) <= technologies
    assert set(frame["fits_fuel"].explode().dropna()) <= set(tables.frame["fuels"]["fuel"])
    for column in ("fits_control", "fits_no_control", "adds_controls"):
        assert set(frame[column].explode().dropna()) <= controls
    for measure in read_measures(tables).values():
        assert set(measure.where) <= set(attributes())


def test_every_measure_does_and_costs_something(tables: Tables) -> None:
    frame = tables.frame["measures"].set_index("measure")
    items = tables.frame["measure_data"].groupby("measure")["item"].agg(set)
    assert set(items.index) == set(frame.index)
    for name, has in items.items():
        row = frame.loc[name]
        moves = pd.notna(row["sets_fuel"]) or pd.notna(row["sets_technology"]) or len(row["adds_controls"])
        assert moves or "heat_saving" in has, name
        assert has & {"capital", "fixed_om", "variable_om", "value_lost"}, name
        assert ("capital" in has) <= ("lifetime" in has), name
        assert ("size_exponent" in has) == ("reference_capacity" in has), name


def test_ending_a_source_costs_more_than_the_energy_it_saves(tables: Tables) -> None:
    """What a closed source made is bought elsewhere: fuel saved alone never makes closing pay."""
    prices = tables.frame["prices"].query("year == 2017 and region.isna()").set_index("item")["value"]
    data = tables.frame["measure_data"].query("item == 'value_lost'").fillna({"class": "any"})
    lost = data.set_index(["measure", "class"])["value"]
    calorific = tables.frame["fuels"].set_index("fuel")["ncv_gj_per_unit"]
    per_gj = {"coal": prices["coal"]} | {f: prices[f] / calorific[f] for f in ("raw_coal", "diesel")}
    frame = tables.frame["technologies"]
    for measure in (m for m in read_measures(tables).values() if m.sets_technology in ENDED):
        fits = frame["fuel"].isin(list(measure.fuels or per_gj)) & frame["fuel"].isin(list(per_gj))
        if measure.technologies:
            fits &= frame["technology"].isin(list(measure.technologies))
        for class_id in measure.classes:
            value = lost.get((measure.id, class_id), lost.get((measure.id, "any"), 0.0))
            rows = frame[fits & (frame["class"] == class_id)]
            saved = rows["fuel"].map(per_gj).astype(float) * rows["fuel_gj_per_activity"]
            power = rows["electricity_mwh_per_activity"].fillna(0) * prices["electricity"]
            assert (value > saved + power).all(), (measure.id, class_id)


def test_prices_cover_the_years_and_2017_is_the_unit_of_deflators(tables: Tables) -> None:
    prices = tables.frame["prices"]
    burnt = set(tables.frame["fuels"]["fuel"]) - {"none"}
    anywhere = prices[prices["region"].isna()].groupby("item")["year"].agg(set)
    assert burnt <= set(anywhere.index)
    assert all(set(range(2015, 2026)) <= years for years in anywhere)
    deflators = tables.frame["deflators"].set_index("year")
    assert deflators.loc[2017, ["fixed_asset_index", "gdp_deflator"]].tolist() == [1.0, 1.0]
    assert set(tables.frame["measure_data"]["price_year"].dropna()) <= set(deflators.index)
