"""Controls as they run: capture, removal and hours apart, operating means below the limits, what they add;
standards at their reference oxygen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from model.inventory.factors import state_effects
from model.tables.read import Tables
from tests.data.shipped import tables_of

ROOT = Path(__file__).parents[2]
UNKNOWN = ("capacity", "sulphur_pct", "ash_pct", "ncv_gj_per_t", "efficiency")
END_OF_PIPE = ("rto", "rco", "carbon", "carbon_once", "voc_collection", "ldar")
O2_OF_AIR = 20.9


@pytest.fixture(scope="module")
def tables() -> Tables:
    return tables_of("inner_mongolia")


def effect(
    tables: Tables, kind: str, fuel: str, technology: str, controls: str = "", **own: Any
) -> pd.Series:
    state = dict.fromkeys(UNKNOWN, np.nan) | {"class": kind, "fuel": fuel, "technology": technology} | own
    state["controls"] = tuple(controls.split("+")) if controls else ()
    return state_effects(pd.DataFrame([state]), tables).iloc[0]


def test_no_control_takes_all_or_runs_always_and_perfectly(tables: Tables) -> None:
    controls = tables.frame["controls"]
    net = controls["capture"] * controls["removal"].fillna(0) * controls["running_share"]
    assert net.max() < 1
    gas = controls[controls["slot"].isin(["SO2", "NOx"]) & (controls["removal"] > 0.9)]
    assert (gas["running_share"] < 1).all()  # equipment for gases stops now and then


def test_end_of_pipe_of_vocs_captures_a_part_only(tables: Tables) -> None:
    controls = tables.frame["controls"]
    vocs = controls[controls["control"].isin(END_OF_PIPE) & (controls["pollutant"] == "VOCs")]
    assert len(vocs) > 12
    assert vocs["capture"].between(0.3, 0.9).all()
    assert vocs["running_share"].between(0.7, 0.99).all()
    net = (vocs["capture"] * vocs["removal"] * vocs["running_share"]).groupby(vocs["control"]).max()
    assert net["carbon_once"] < 0.2 < net["ldar"] < 0.45 < net["rto"] < 0.75


@pytest.mark.parametrize(
    ("kind", "technology", "controls", "capacity"),
    [
        ("power_unit", "pc", "fgd_ule+scr_ule+pm_ule", 600.0),
        ("power_unit", "cfb", "fgd_ule+sncr_scr+pm_ule", 300.0),
        ("boiler", "grate", "fgd_ule+scr_ule+pm_ule", 80.0),
        ("boiler", "cfb", "fgd_ule+scr_ule+pm_ule", 80.0),
    ],
)
def test_ultra_low_means_lie_below_the_limits(
    tables: Tables, kind: str, technology: str, controls: str, capacity: float
) -> None:
    """10-25 SO2, 25-45 NOx, 2-6 PM mg/m3 at the reference oxygen of the source, with the region's coal."""
    row = effect(tables, kind, "coal", technology, controls, capacity=capacity)
    assert 10 <= row["concentration_SO2"] <= 25
    assert 25 <= row["concentration_NOx"] <= 45
    assert 1.9 <= row["concentration_PM10"] <= 6
    assert 0.5 <= row["nh3_slip"] <= 5
    assert row["meets"] == "ultra_low"


def test_ultra_low_at_6_per_cent_is_28_40_8_at_9(tables: Tables) -> None:
    """35/50/10 of a power plant (6 %) on a boiler (9 %): by hand, and through the flue gas of the model."""
    by_hand = (O2_OF_AIR - 9) / (O2_OF_AIR - 6)
    assert [round(limit * by_hand) for limit in (35, 50, 10)] == [28, 40, 8]
    coal = {"sulphur_pct": 0.6, "ash_pct": 20.0, "ncv_gj_per_t": 18.0}
    power = effect(tables, "power_unit", "coal", "pc", capacity=600.0, **coal)
    boiler = effect(tables, "boiler", "coal", "pc", capacity=80.0, **coal)
    per_gj = [row["SO2"] / row["fuel_gj"] for row in (power, boiler)]
    assert per_gj[0] == pytest.approx(per_gj[1])  # the same coal, the same 17 S
    assert boiler["concentration_SO2"] / power["concentration_SO2"] == pytest.approx(by_hand)
    limits = tables.frame["standards"]
    limits = limits[(limits["standard"] == "ultra_low") & (limits["fuel"] == "coal")]
    oxygen = limits.groupby("class")["ref_o2_pct"].agg(set).to_dict()
    assert oxygen == {"power_unit": {6.0}, "boiler": {9.0}}


def test_ultra_low_boilers_meet_both_readings(tables: Tables) -> None:
    """35/50/10 at the boiler's own 9 %, and as strict as a power plant, 28/40/8 at 9 %."""
    for technology in ("grate", "cfb"):
        row = effect(tables, "boiler", "coal", technology, "fgd_ule+scr_ule+pm_ule", capacity=80.0)
        values = [row[f"concentration_{name}"] for name in ("SO2", "NOx", "PM10")]
        assert all(value <= limit for value, limit in zip(values, (28, 40, 8), strict=True))


def test_every_limit_has_its_reference_oxygen_or_a_fixed_volume(tables: Tables) -> None:
    """Standards of metals and chemicals have none: there the volume per product is given."""
    limits = tables.frame["standards"]
    limits = limits[limits["limit_mg_m3"].notna()]
    without = set(limits.loc[limits["ref_o2_pct"].isna(), "class"])
    technologies = tables.frame["technologies"]
    fixed = set(technologies.loc[technologies["flue_gas_nm3_per_activity"].notna(), "class"])
    assert without <= fixed
    oxygen = limits.dropna(subset=["ref_o2_pct"]).groupby(["class", "fuel"], dropna=False)["ref_o2_pct"]
    assert (oxygen.nunique() == 1).drop(index=[("power_unit", "natural_gas")]).all()  # turbines: 15 %
    expected = {"power_unit": 6, "boiler": 9, "steel_plant": 16, "cement_kiln": 10, "coke_oven": 8}
    coal = limits[limits["fuel"].isna() | (limits["fuel"] == "coal")].dropna(subset=["ref_o2_pct"])
    assert coal.groupby("class")["ref_o2_pct"].first().reindex(expected).to_dict() == expected


def test_limits_tighten_from_standard_to_standard(tables: Tables) -> None:
    keys = ["class", "fuel", "technology", "min_capacity", "pollutant"]
    limits = tables.frame["standards"].dropna(subset=["limit_mg_m3"])
    wide = limits.pivot_table("limit_mg_m3", keys, "standard", dropna=False)
    for strict, loose in (("special_limits", "national_limits"), ("ultra_low", "special_limits")):
        both = wide[[strict, loose]].dropna()
        assert len(both) > 10
        assert (both[strict] <= both[loose]).all(), both[both[strict] > both[loose]].to_string()


@pytest.mark.parametrize(
    ("kind", "technology", "controls", "low", "high"),
    [
        ("power_unit", "pc", "scr", 1, 3),
        ("power_unit", "cfb", "sncr", 3, 8),
        ("power_unit", "cfb", "sncr_scr", 2, 5),
        ("boiler", "grate", "sncr", 5, 15),
        ("boiler", "grate", "scr", 2, 5),
        ("cement_kiln", "precalciner", "sncr", 5, 30),
    ],
)
def test_ammonia_slips(
    tables: Tables, kind: str, technology: str, controls: str, low: float, high: float
) -> None:
    """mg/m3 at the reference oxygen, as industry surveys have it."""
    size = {"power_unit": 300.0, "boiler": 40.0}.get(kind, 1.5e6)
    assert low <= effect(tables, kind, "coal", technology, controls, capacity=size)["nh3_slip"] <= high


def test_ammonia_scrubbing_slips_too(tables: Tables) -> None:
    slip = effect(tables, "coal_chemical", "coal", "methanol", "ammonia_fgd")
    assert slip["NH3"] > effect(tables, "coal_chemical", "coal", "methanol")["NH3"]
    assert slip["PM2.5"] > effect(tables, "coal_chemical", "coal", "methanol")["PM2.5"]  # salts


@pytest.mark.parametrize(("controls", "share"), [("fgd_wet", 0.93), ("fgd_ule", 0.984)])
def test_limestone_gives_carbon_dioxide_by_stoichiometry(tables: Tables, controls: str, share: float) -> None:
    """44 g CO2 for 64 g SO2 held, with the default coal."""
    plain = effect(tables, "power_unit", "coal", "pc", capacity=300.0)
    treated = effect(tables, "power_unit", "coal", "pc", controls, capacity=300.0)
    per_gj = (treated["CO2"] - plain["CO2"]) / plain["fuel_gj"]
    held = plain["SO2"] / plain["fuel_gj"] * share
    assert per_gj == pytest.approx(held * 44 / 64, rel=0.03)


def test_equipment_uses_power(tables: Tables) -> None:
    """Its electricity is counted with the measures, so what controls add to CO2 is reagent and gas only."""
    data = tables.frame["measure_data"]
    power = set(data.loc[data["item"] == "electricity", "measure"])
    assert power >= {"power_ule_pc", "power_scr", "boiler_ule", "boiler_fgd_wet", "steel_ule", "cement_ule"}
