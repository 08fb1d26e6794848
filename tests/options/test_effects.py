"""What states emit and use, against numbers worked by hand.

The boiler b1: 10 t/h, 100 000 GJ, 1.25 GJ coal and 0.01 MWh per GJ of heat, 20 GJ/t, 0.8 % sulphur.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from model.inventory.emissions import build_inventory
from model.tables.read import read_tables
from tests.baseline.world import World, coal_boiler
from tests.options.catalogue import (
    CLOSE,
    FGD,
    GAS,
    SNCR,
    boiler_world,
    costs,
    data,
    measure,
    options_of,
    states_of,
)
from tests.small_inputs import REGION

NETWORK = measure(
    "network",
    "fate",
    fits_fuel="coal",
    sets_fuel="network_heat",
    sets_technology="network",
    drops_controls="yes",
)
ELECTRIC = measure(
    "electric",
    "fuel",
    fits_fuel="coal",
    sets_fuel="electricity",
    sets_technology="electric_boiler",
    drops_controls="yes",
)


def test_gas_switch(tmp_path: Path) -> None:
    world = boiler_world(tmp_path, [GAS], costs("gas"))
    states = states_of(options_of(world), world, "b1")
    coal, gas = states.loc["coal/grate/bag"], states.loc["natural_gas/gas_boiler"]
    assert coal["NOx"] == pytest.approx(3e-3 * 1.25 / 20)  # 3 kg per t
    assert gas["NOx"] == pytest.approx(1.8e-6 * 1.1 / 0.036)  # 1.8 g per m3
    assert gas["SO2"] == pytest.approx(0.3e-6 * 1.1)
    assert gas["natural_gas"] == pytest.approx(1.1 / 0.036)
    assert gas["gas_energy"] == gas["primary_energy"] == pytest.approx(1.1)
    assert gas["electricity"] == 0
    assert (gas["coal"], gas["coal_energy"], gas["activity"], gas["heat"]) == (0, 0, 1, 1)
    assert coal["coal"] == pytest.approx(0.0625)
    assert coal["coal_energy"] == coal["primary_energy"] == pytest.approx(1.25)
    # 100 000 GJ, 2 500 full-load hours: m3 a day at the peak.
    assert gas["peak_gas"] == pytest.approx(100_000 * 1.1 / 0.036 / 2500 * 24)


def test_remainders_of_a_package_multiply(tmp_path: Path) -> None:
    world = boiler_world(tmp_path, [FGD, SNCR], costs("fgd") + costs("sncr"))
    states = states_of(options_of(world), world, "b1")
    both, start = states.loc["coal/grate/fgd_wet+sncr+bag"], states.loc["coal/grate/bag"]
    assert both["SO2"] == pytest.approx(start["SO2"] * (1 - 0.9 * 0.95))
    assert both["NOx"] == pytest.approx(start["NOx"] * (1 - 0.4 * 0.9))
    assert both["PM10"] == pytest.approx(1e-3 * 20 * 1.25 / 20 * 0.01 * (1 - 0.5 * 0.95))
    assert both["NH3"] == pytest.approx(1e-6 * 1.25 * 0.9)  # 1 g/GJ, 90 % of the hours
    assert both["nh3_slip"] > 0
    assert states.loc["coal/grate/fgd_wet+bag", "NOx"] == start["NOx"]


def test_closing_serves_nobody(tmp_path: Path) -> None:
    world = boiler_world(tmp_path, [CLOSE], costs("close"))
    closed = states_of(options_of(world), world, "b1").loc["closed"]
    assert closed["ended"]
    assert closed["meets"] == "closed"
    numbers = closed.drop(
        ["source", "fuel", "technology", "controls", "measures", "ended", "meets", "low_nox", "fuel_group"]
    )
    assert (numbers.astype(float) == 0).all()


def test_network_heat_carries_the_power_lost(tmp_path: Path) -> None:
    world = boiler_world(tmp_path, [NETWORK], costs("network"))
    options = options_of(world)
    network = states_of(options, world, "b1").loc["network_heat/network"]
    unit = world.inventory.factor.sel(source="p1", year=2017)
    # 1 GJ takes 0.048 MWh from the one coal unit; the 0.01 MWh of the old boiler's fans earn nothing.
    for pollutant in ("SO2", "NOx", "CO2"):
        assert network[pollutant] == pytest.approx(0.048 * float(unit.sel(pollutant=pollutant)))
    assert network["network_heat"] == 1
    assert network["primary_energy"] == pytest.approx(0.048 * 3.6 / 0.4)  # efficiency of p1 is 0.4
    assert network["peak_heat"] == pytest.approx(100_000 / 2500 / 3.6)
    assert options.indirect["NOx"].max() == pytest.approx(network["NOx"])


def test_electricity_carries_the_marginal_unit(tmp_path: Path) -> None:
    second = "p2,2017,power_unit,,150102,park,300,MW,,1000,GWh,coal,pc,,0.6,,0.36,,no,,MANUAL,B,no\n"
    world = boiler_world(tmp_path, [ELECTRIC], costs("electric"), append={f"{REGION}/sources.csv": second})
    state = states_of(options_of(world), world, "b1").loc["electricity/electric_boiler"]
    power = 1.02 / 3.6  # MWh per GJ of heat
    assert state["electricity"] == pytest.approx(power)
    one, other = (
        float(world.inventory.factor.sel(source=p, year=2017, pollutant="NOx")) for p in ("p1", "p2")
    )
    mean = (3e6 * one + 1e6 * other) / 4e6
    assert state["NOx"] == pytest.approx((power - 0.01) * mean)
    heat_rate = (3e6 * 9 + 1e6 * 10) / 4e6
    assert state["primary_energy"] == pytest.approx((power - 0.01) * heat_rate)
    assert state["coal_energy"] == state["primary_energy"]
    assert state["coal"] == pytest.approx((power - 0.01) * heat_rate / 20)  # both burn coal of 20 GJ/t
    assert state["industrial_electricity"] == 0


def test_saved_heat_and_added_power(tmp_path: Path) -> None:
    insulate = measure("insulate", "operation", fits_class="boiler", fits_fuel="coal")
    numbers = [*costs("insulate"), *costs("fgd"), data("insulate", "heat_saving", 30, "%")]
    numbers += [data("fgd", "electricity", 2, "kWh/GJ", "activity")]
    world = boiler_world(tmp_path, [insulate, FGD], numbers)
    states = states_of(options_of(world), world, "b1")
    start = states.iloc[0]
    assert states.index.to_list() == [
        "coal/grate/bag",
        "coal/grate/fgd_wet+bag",
        "coal/grate/fgd_wet+bag (fgd, insulate)",
        "coal/grate/bag (insulate)",
    ]
    saved = states.loc["coal/grate/bag (insulate)"]
    assert saved["NOx"] == pytest.approx(0.7 * start["NOx"])
    assert saved["coal"] == pytest.approx(0.7 * 0.0625)
    assert saved["electricity"] == pytest.approx(0.7 * 0.01)
    assert saved["heat"] == 1
    assert states.loc["coal/grate/fgd_wet+bag", "electricity"] == pytest.approx(0.012)


def test_new_energy_vehicles_and_stock(tmp_path: Path) -> None:
    nev = measure(
        "nev", "fuel", fits_class="truck", fits_fuel="diesel", sets_fuel="electricity", sets_technology="NEV"
    )
    numbers = [data("nev", "capital", 1000, "CNY", "stock"), data("nev", "lifetime", 10, "yr")]
    world = boiler_world(tmp_path, [nev], numbers)
    states = states_of(options_of(world), world, "t1")
    assert states["stock"].to_list() == [100, 100]
    assert states["standard_vehicles"].to_list() == [0, 200]
    assert states["oil_energy"].to_list() == pytest.approx([0.012, 0])


def test_calibration_reaches_every_state(tmp_path: Path) -> None:
    world = boiler_world(tmp_path, [GAS, FGD], costs("gas") + costs("fgd"))
    plain = states_of(options_of(world), world, "b1")["SO2"]
    fitted = boiler_world(tmp_path / "fitted", [GAS, FGD], costs("gas") + costs("fgd"))
    again = World(fitted.tables, fitted.scenario, build_inventory(fitted.tables, 2017, "fitted", {}))
    ratio = states_of(options_of(again), again, "b1")["SO2"] / plain
    # Coal boilers of Alpha by 1.5, other boilers by 1.1.
    assert ratio.to_dict() == pytest.approx(
        {"coal/grate/bag": 1.5, "coal/grate/fgd_wet+bag": 1.5, "natural_gas/gas_boiler": 1.1}
    )


def test_calibration_of_one_source_reaches_its_states_alone(tmp_path: Path) -> None:
    rows = (coal_boiler(), coal_boiler("b2"))
    world = boiler_world(tmp_path, [GAS], costs("gas"), rows=rows)
    text = "calibration,account,source,pollutant,factor,citation,rating\nmine,other,b1,SO2,1.3,MADE_UP,E\n"
    (world.tables.root / REGION / "calibration_mine.csv").write_text(text)
    tables = read_tables(world.tables.root, REGION)
    again = World(tables, world.scenario, build_inventory(tables, 2017, "mine", {}))
    for source, factor in (("b1", 1.3), ("b2", 1.0)):
        plain, ours = (states_of(options_of(w), w, source)["SO2"] for w in (world, again))
        assert (ours / plain).to_list() == pytest.approx([factor, factor])


def test_state_0_is_the_inventory(tmp_path: Path) -> None:
    world = boiler_world(
        tmp_path, [FGD], costs("fgd"), rows=(coal_boiler(), coal_boiler("b2", controls="sncr"))
    )
    options = options_of(world)
    first = options.states.drop_duplicates("source")
    factor = world.inventory.factor.sel(year=2017, pollutant=["SO2", "NOx", "VOCs"]).fillna(0).to_numpy()
    assert first[["SO2", "NOx", "VOCs"]].to_numpy().ravel() == pytest.approx(factor.ravel())
