"""Factors of states against numbers worked by hand from the miniature inputs."""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from model.base.faults import InputError
from model.inventory.factors import state_effects
from model.tables.read import Tables

Add = Callable[..., Tables]

BOILER = {
    "class": "boiler",
    "fuel": "coal",
    "technology": "grate",
    "controls": (),
    "capacity": 10.0,
    "sulphur_pct": 0.8,
    "ash_pct": 15.0,
    "ncv_gj_per_t": 25.0,
    "efficiency": 0.8,
    "altitude_m": np.nan,
    "load_pct": np.nan,
}
"""Burns 1 / 0.8 = 1.25 GJ per GJ of heat, of coal with 25 GJ/t, 0.8 % sulphur and 15 % ash: 0.05 t per GJ."""


def effects(tables: Tables, *states: dict[str, Any]) -> pd.DataFrame:
    """state_effects of boilers that differ from BOILER in what is given."""
    return state_effects(pd.DataFrame([{**BOILER, **state} for state in states]), tables)


def effect(tables: Tables, **state: Any) -> pd.Series:
    return effects(tables, state).iloc[0]


def test_sulphur_and_ash_scale_the_factor_over_the_calorific_value(tables: Tables) -> None:
    row = effect(tables)
    assert row["SO2"] == pytest.approx(16e-3 * 0.8 / 25 * 1.25)  # 16 S kg/t
    assert row["PM10"] == pytest.approx(1e-3 * 15 / 25 * 1.25)  # 1 A kg/t
    assert row["NOx"] == pytest.approx(3e-3 / 25 * 1.25)
    assert row["CO2"] == pytest.approx(95e-3 * 1.25)  # 95 kg/GJ of the fuel, no row of its own


def test_use_of_a_state(tables: Tables) -> None:
    row = effect(tables)
    assert row["fuel_gj"] == pytest.approx(1.25)
    assert row["fuel_physical"] == pytest.approx(0.05)
    assert row["electricity_mwh"] == pytest.approx(0.01)
    assert row["network_heat_gj"] == 0


def test_what_a_state_does_not_say_comes_from_fuels_and_technologies(tables: Tables) -> None:
    blank = dict.fromkeys(("sulphur_pct", "ash_pct", "ncv_gj_per_t", "efficiency"), np.nan)
    row = effect(tables, technology="cfb", **blank)
    assert row["fuel_gj"] == pytest.approx(1.2)
    assert row["SO2"] == pytest.approx(16e-3 * 1.0 / 20 * 1.2)
    assert row["PM10"] == pytest.approx(1e-3 * 20 / 20 * 1.2)


def test_gas_by_volume_and_by_energy(tables: Tables) -> None:
    row = effect(tables, fuel="natural_gas", technology="gas_boiler", efficiency=0.9, ncv_gj_per_t=np.nan)
    assert row["NOx"] == pytest.approx(1.8e-6 / 0.036 / 0.9)  # g/m3
    assert row["SO2"] == pytest.approx(0.3e-6 / 0.9)  # g/GJ
    assert row["fuel_physical"] == pytest.approx(1 / 0.9 / 0.036)


def test_quality_of_coal_does_not_follow_to_gas(tables: Tables) -> None:
    """A measure that leaves the row's 25 GJ/t in place can not turn m3 into t."""
    row = effect(tables, fuel="natural_gas", technology="gas_boiler", efficiency=np.nan)
    assert row["fuel_physical"] == pytest.approx(1.1 / 0.036)


def test_intensity_of_power_is_per_mwh(tables: Tables) -> None:
    power = {"class": "power_unit", "technology": "pc", "capacity": 600.0}
    own, by_size, small = effects(
        tables,
        {**power, "efficiency": 0.4},
        {**power, "efficiency": np.nan},
        {**power, "efficiency": np.nan, "capacity": 200.0},
    )["fuel_gj"]
    assert own == pytest.approx(9)
    assert by_size == pytest.approx(9)
    assert small == pytest.approx(10)


def test_remainders_multiply(tables: Tables) -> None:
    row = effect(tables, controls=("bag", "fgd_wet"))
    inlet = effect(tables)
    assert row["SO2"] == pytest.approx(inlet["SO2"] * (1 - 0.9 * 0.95))
    assert row["PM10"] == pytest.approx(inlet["PM10"] * (1 - 0.99) * (1 - 0.5 * 0.95))
    assert row["NOx"] == inlet["NOx"]


def test_capture_removal_and_running_share_multiply(tables: Tables) -> None:
    coating = {
        "class": "architectural_coating",
        "fuel": "none",
        "technology": "solvent_based",
        "efficiency": np.nan,
    }
    assert effect(tables, **coating)["VOCs"] == pytest.approx(0.4)
    assert effect(tables, **coating, controls=("carbon",))["VOCs"] == pytest.approx(
        0.4 * (1 - 0.6 * 0.5 * 0.8)
    )


def test_outlet_concentration_over_flue_gas_at_its_oxygen(tables: Tables) -> None:
    row = effect(tables, controls=("fgd_ule",))
    flue_gas = 250 * 20.9 / (20.9 - 6) * 1.25
    assert row["SO2"] == pytest.approx(min(16e-3 * 0.8 / 25 * 1.25 * 0.02, 25e-9 * flue_gas))
    assert row["SO2"] == pytest.approx(
        25e-9 * 438.339, rel=1e-4
    )  # = 10.958 g/GJ; removal alone would leave 12.8
    cleaner = effect(tables, controls=("fgd_ule",), sulphur_pct=0.4)
    assert cleaner["SO2"] == pytest.approx(16e-3 * 0.4 / 25 * 1.25 * 0.02)  # 6.4 g/GJ: removal is the lesser


def test_outlet_concentration_holds_while_running_and_for_what_is_captured(with_rows: Add) -> None:
    row = {"control": "fgd_ule", "slot": "SO2", "class": "boiler", "pollutant": "SO2", "outlet_mg_m3": 25.0}
    tables = with_rows("controls", {**row, "outlet_o2_pct": 6.0, "capture": 0.9, "running_share": 0.8})
    inlet = 16e-3 * 0.8 / 25 * 1.25
    left = 0.1 * inlet + 25e-9 * 250 * 20.9 / 14.9 * 1.25
    assert effect(tables, controls=("fgd_ule",))["SO2"] == pytest.approx(0.8 * left + 0.2 * inlet)


def test_fixed_flue_gas_of_a_kiln(with_rows: Add) -> None:
    row = {
        "control": "scr_ule",
        "slot": "NOx",
        "class": "cement_kiln",
        "pollutant": "NOx",
        "outlet_mg_m3": 50.0,
    }
    tables = with_rows("controls", {**row, "capture": 1.0, "running_share": 1.0})
    kiln = {"class": "cement_kiln", "technology": "precalciner", "efficiency": np.nan, "capacity": 1.6e6}
    assert effect(tables, **kiln)["NOx"] == pytest.approx(1.5e-3)
    assert effect(tables, **kiln, controls=("scr_ule",))["NOx"] == pytest.approx(50e-9 * 2200)


def test_outlet_concentration_without_flue_gas_is_a_fault(tables: Tables) -> None:
    home = {"class": "residential_coal", "fuel": "briquette", "technology": "stove", "efficiency": np.nan}
    fuels = tables.frame["fuels"].assign(flue_gas_nm3_per_gj=np.nan)
    bare = Tables(tables.region, tables.root, {**tables.frame, "fuels": fuels}, tables.files)
    with pytest.raises(
        InputError, match=r"controls.csv, row 5, outlet_mg_m3: '25' limits a concentration of 'fgd_ule'"
    ):
        effect(bare, **home, controls=("fgd_ule",))


def test_added_slip_and_its_concentration(tables: Tables) -> None:
    row = effect(tables, controls=("sncr",))
    assert row["NOx"] == pytest.approx(3e-3 / 25 * 1.25 * (1 - 0.4 * 0.9))
    assert row["NH3"] == pytest.approx(0.9 * 1e-6 * 1.25)  # 1 g/GJ in 0.9 of the hours
    assert row["nh3_slip"] == pytest.approx(0.9 * 1e3 / (250 * 20.9 / (20.9 - 9)))
    assert effect(tables)["nh3_slip"] == 0


def test_added_carbon_dioxide_of_limestone(tables: Tables) -> None:
    added = effect(tables, controls=("fgd_wet",))["CO2"] - effect(tables)["CO2"]
    assert added == pytest.approx(660e-6 * 1.25)


def test_corrections_step_with_their_attribute(tables: Tables) -> None:
    truck = {
        "class": "truck",
        "fuel": "diesel",
        "technology": "China III",
        "efficiency": np.nan,
        "ncv_gj_per_t": np.nan,
    }
    states = [
        {**truck, "altitude_m": altitude, "load_pct": load}
        for altitude, load in ((np.nan, np.nan), (1499.0, 40.0), (1500.0, 40.0), (2000.0, 80.0))
    ]
    nox = effects(tables, *states)["NOx"].to_numpy()
    np.testing.assert_allclose(nox, 8e-6 * np.array([1, 1, 1.2, 1.2 * 1.1]))


def test_the_most_specific_factor_wins(tables: Tables) -> None:
    truck = {"class": "truck", "fuel": "diesel", "efficiency": np.nan, "capacity": np.nan}
    assert effect(tables, **truck, technology="China III")["NOx"] == pytest.approx(8e-6)
    assert effect(tables, **truck, technology="China IV")["NOx"] == pytest.approx(5e-6)
    assert effect(tables, capacity=19.9)["NOx"] == pytest.approx(3e-3 / 25 * 1.25)
    assert effect(tables, capacity=20.0)["NOx"] == pytest.approx(4e-3 / 25 * 1.25)


def test_a_tie_is_a_fault_that_names_both_rows(with_rows: Add) -> None:
    row = {
        "class": "boiler",
        "technology": "grate",
        "pollutant": "NOx",
        "per": "fuel",
        "value": 100.0,
        "unit": "g/GJ",
    }
    with pytest.raises(InputError) as caught:
        effect(with_rows("emission_factors", row))
    assert [str(fault) for fault in caught.value.faults] == [
        "reference/emission_factors.csv, row 22, class, fuel, technology: fits 'boiler, coal, grate' as closely as "
        "row 6 does; fill one key more in the row that shall win"
    ]


def test_no_factor_is_not_zero_but_clean_and_ended_states_are(tables: Tables) -> None:
    assert np.isnan(effect(tables)["VOCs"])
    heat = effect(tables, fuel="network_heat", technology="network", efficiency=np.nan)
    pump = effect(
        tables, **{"class": "residential_coal"}, fuel="electricity", technology="heat_pump", efficiency=np.nan
    )
    closed = effect(tables, technology="closed", controls=("bag", "sncr"))
    for row in (heat, pump, closed):
        assert (row[["SO2", "NOx", "VOCs", "CO2"]] == 0).all()
        assert row["meets"] == "closed"
        assert row["low_nox"]
    assert heat["network_heat_gj"] == 1
    assert pump["electricity_mwh"] == pytest.approx(0.4 / 3.6)
    assert closed["fuel_gj"] == 0
    assert closed["NH3"] == 0


def test_a_fuel_without_intensity_is_a_fault(tables: Tables) -> None:
    with pytest.raises(InputError, match="'boiler, diesel, grate' has no intensity"):
        effect(tables, fuel="diesel", efficiency=np.nan)


def test_standards_at_their_oxygen(tables: Tables) -> None:
    clean = ("pm_ule", "fgd_ule", "scr_ule")
    plain, ultra, one_misses = effects(
        tables, {"controls": ("bag",)}, {"controls": clean}, {"controls": clean[:2]}
    ).itertuples()
    assert plain.concentration_NOx == pytest.approx(150e3 / (1.25 * 250 * 20.9 / 11.9), rel=1e-9)
    assert plain.meets == "none"
    assert ultra.concentration_SO2 == pytest.approx(25 * (20.9 - 9) / (20.9 - 6))
    assert ultra.meets == "ultra_low"
    assert one_misses.concentration_NOx == pytest.approx(plain.concentration_NOx)  # 273 of 400 mg/m3
    assert one_misses.meets == "national_limits"


def test_a_state_at_its_limit_meets_it(with_rows: Add) -> None:
    row = {"control": "scr", "slot": "NOx", "class": "boiler", "pollutant": "NOx", "outlet_mg_m3": 50.0}
    tables = with_rows("controls", {**row, "outlet_o2_pct": 9.0, "capture": 1.0, "running_share": 1.0})
    assert effect(tables, controls=("pm_ule", "fgd_ule", "scr"))["meets"] == "ultra_low"


def test_a_standard_may_demand_a_control(tables: Tables) -> None:
    coating = {
        "class": "architectural_coating",
        "fuel": "none",
        "technology": "solvent_based",
        "efficiency": np.nan,
    }
    without, with_it = effects(tables, coating, {**coating, "controls": ("carbon",)})["meets"]
    assert (without, with_it) == ("none", "special_limits")


def test_calibration_by_class_fuel_and_city_but_not_outside_the_account(tables: Tables) -> None:
    base = effect(tables)
    marks = {"calibration": "fitted", "outside_account": False}
    rows = effects(
        tables,
        {**marks, "city": "150100"},
        {**marks, "city": "150200"},
        {**marks, "city": "150100", "outside_account": True},
        {**marks, "city": "150100", "calibration": np.nan},
    )
    np.testing.assert_allclose(rows["SO2"] / base["SO2"], [1.5, 1.1, 1, 1])
    np.testing.assert_allclose(rows["NOx"] / base["NOx"], 1)


def test_calibration_acts_before_an_outlet_concentration(tables: Tables) -> None:
    state = {"controls": ("fgd_ule",), "calibration": "fitted", "outside_account": False, "city": "150100"}
    assert effect(tables, **state)["SO2"] == pytest.approx(effect(tables, controls=("fgd_ule",))["SO2"])


def test_a_hundred_thousand_states_are_quick_and_like_single_ones(tables: Tables) -> None:
    import time

    rng = np.random.default_rng(0)
    n = 100_000
    choices = np.empty(4, dtype=object)
    choices[:] = [(), ("bag",), ("bag", "fgd_wet", "sncr"), ("pm_ule", "fgd_ule", "scr_ule")]
    states = pd.DataFrame([BOILER]).loc[np.zeros(n, dtype=int)].reset_index(drop=True)
    states = states.assign(capacity=rng.uniform(1, 60, n), controls=choices[rng.integers(0, 4, n)])
    begin = time.process_time()
    out = state_effects(states, tables)
    assert time.process_time() - begin < 5
    some = [0, 17, 99_999]
    pd.testing.assert_frame_equal(out.iloc[some], state_effects(states.iloc[some], tables))
