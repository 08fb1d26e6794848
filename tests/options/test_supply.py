"""What supply costs where it is made, against numbers worked by hand.

The boiler b1 takes 100 000 GJ; the one coal unit p1 burns 9 GJ/MWh of coal of 20 GJ/t; power costs
500 CNY/MWh, coal 20 CNY/GJ, heat of a network 30 CNY/GJ.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.base.faults import InputError
from model.options.options import Options
from model.options.projects import read_projects
from tests.baseline.world import World, coal_boiler
from tests.options.catalogue import EVERY_POLLUTANT, boiler_world, costs, data, measure, options_of, states_of
from tests.options.supplies import BUILT, boilers_on_networks, on_network, project, projects_file
from tests.small_inputs import AREAS, PROFILES, REGION, SOURCE_HEADER, SOURCES, TECHNOLOGIES

JOIN = measure(
    "join",
    "fuel",
    fits_fuel="coal",
    fits_where="network=*",
    sets_fuel="network_heat",
    sets_technology="network",
    drops_controls="yes",
)
GRATE = {"plant_fuel": "coal", "plant_technology": "grate", "plant_controls": "bag", "plant_capacity": 40}


def join_world(folder: Path, *rows: str, text: str = EVERY_POLLUTANT) -> World:
    """b1 within reach of net.1, which these projects supply."""
    files = {**boilers_on_networks(on_network(coal_boiler())), **projects_file(*rows)}
    return boiler_world(folder, [JOIN], costs("join"), text, files=files)


def joined(options: Options, world: World) -> dict[str, float]:
    return dict(states_of(options, world, "b1").loc["network_heat/network"])


def of_p1(world: World, pollutant: str) -> float:
    return float(world.inventory.factor.sel(source="p1", year=2017, pollutant=pollutant))


def test_users_carry_the_mean_of_the_standing_supply(tmp_path: Path) -> None:
    """300 TJ by extraction at 0.048 MWh/GJ, 100 TJ of grate boilers above 20 t/h (4 kg NOx/t)."""
    rows = [
        project("CHP", 300, unit="TJ/yr", power_mwh_per_unit=0.048, variable_cny_per_unit=5),
        project("HOUSE", 100, unit="TJ/yr", status="committed", first_year=2019, **GRATE),
        project("LATER", 900, unit="TJ/yr", **BUILT, **GRATE),
    ]
    world = join_world(tmp_path, *rows)
    state = joined(options_of(world), world)
    assert state["NOx"] == pytest.approx(0.75 * 0.048 * of_p1(world, "NOx") + 0.25 * 0.004 * 1.25 / 20)
    assert state["coal_energy"] == pytest.approx(0.75 * 0.048 * 9 + 0.25 * 1.25)
    assert state["coal"] == pytest.approx(state["coal_energy"] / 20)
    assert state["network_heat"] == 1


def test_a_built_project_carries_what_its_heat_differs_by(tmp_path: Path) -> None:
    """Standing: extraction. Built: 100 TJ of a boiler house, and high back-pressure at 0.026 MWh/GJ."""
    rows = [
        project("OLD", 50, unit="TJ/yr"),
        project("HOUSE", 100, unit="TJ/yr", **BUILT, **GRATE, variable_cny_per_unit=3),
        project("BACK", 100, unit="TJ/yr", **BUILT, power_mwh_per_unit=0.026, variable_cny_per_unit=5),
    ]
    world = join_world(tmp_path, *rows)
    options = options_of(world)
    built = options.projects.set_index("project")
    old, house, back = (built.index.get_loc(name) for name in ("OLD", "HOUSE", "BACK"))
    nox = of_p1(world, "NOx")
    assert built["NOx"].iloc[house] == pytest.approx(1e5 * (0.004 * 1.25 / 20 - 0.048 * nox))
    assert built["NOx"].iloc[back] == pytest.approx(1e5 * (0.026 - 0.048) * nox)
    assert built["coal_energy"].iloc[house] == pytest.approx(1e5 * (1.25 - 0.048 * 9))
    # 1.25 GJ of coal at 20 CNY and 3 CNY; users have paid 30.
    assert options.project_running[house] == pytest.approx([1e5 * (25 + 3 - 30)] * 3)
    assert options.project_running[back] == pytest.approx([1e5 * (0.026 * 500 + 5 - 30)] * 3)
    assert options.project_running[old].tolist() == [0, 0, 0], "standing supply is what users carry"


def test_priced_pollutants_of_a_project(tmp_path: Path) -> None:
    rows = [project("OLD", 50, unit="TJ/yr"), project("HOUSE", 100, unit="TJ/yr", **BUILT, **GRATE)]
    world = join_world(tmp_path, *rows, text=EVERY_POLLUTANT + "prices: {CO2: 50 CNY/t}\n")
    options = options_of(world)
    house = options.projects["project"].to_list().index("HOUSE")
    assert options.project_priced[house] == pytest.approx(50 * options.projects["CO2"].iloc[house])
    assert options.projects["CO2"].iloc[house] > 0


def test_waste_heat_stops_with_its_kiln(tmp_path: Path) -> None:
    """Demand 0.4, 0.2, 0.4 in January, March and December; the kiln rests in January and half in December."""
    months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    demand, kiln = {"jan": 0.4, "mar": 0.2, "dec": 0.4}, {"mar": 0.4, "jul": 0.4, "dec": 0.2}
    shares = {"boiler.heating": demand, "kiln": kiln}
    lines = [",".join([p, *(str(s.get(m, 0)) for m in months), "MADE_UP,E,no"]) for p, s in shares.items()]
    rows = [project("KILN", 100_000, peak=12, peak_unit="MW", runs_like="kiln", variable_cny_per_unit=8)]
    files = {"reference/profiles.csv": PROFILES + "\n".join(lines) + "\n", **projects_file(*rows)}
    world = boiler_world(tmp_path, [JOIN], costs("join"), files=files)
    waste = read_projects(world.tables, world.scenario).iloc[0]
    assert waste["supply"] == pytest.approx(100_000 * (0.4 * 0 + 0.2 * 1 + 0.4 * 0.5))
    assert waste["loads"]["peak_heat"] == 0, "nothing in January"


def test_secured_heat_and_electric_load(tmp_path: Path) -> None:
    electric = measure(
        "electric",
        "fuel",
        fits_fuel="coal",
        sets_fuel="electricity",
        sets_technology="electric_boiler",
        drops_controls="yes",
    )
    rows = [project("OLD", 50, unit="TJ/yr", peak=9, secured=4, peak_unit="MW")]
    files = {**boilers_on_networks(on_network(coal_boiler())), **projects_file(*rows)}
    # Both asked for, else one beats the other.
    wanted = "limits: {E: {quantity: electricity, at_least: {2020: 1 MWh}}, "
    wanted += "N: {quantity: network_heat, at_least: {2020: 1 GJ}}}\n"
    numbers = [*costs("join"), *costs("electric")]
    world = boiler_world(tmp_path, [JOIN, electric], numbers, wanted, files=files)
    options = options_of(world)
    states = states_of(options, world, "b1")
    assert options.projects["loads"].iloc[0] == {"peak_heat": 9, "secured_heat": 4}
    peak = 100_000 / 2500 / 3.6
    assert states.loc["network_heat/network", "secured_heat"] == pytest.approx(0.7 * peak)
    assert states.loc["electricity/electric_boiler", "peak_electricity"] == pytest.approx(1.02 * peak)
    assert states["peak_electricity"].to_list().count(0) == len(states) - 1, "fans of a coal boiler are none"


def test_gas_of_a_station_reaches_its_county(tmp_path: Path) -> None:
    """Alpha Hills has no gas; with a station there the gas boiler is on offer in its town, nowhere else."""
    gas = measure(
        "gas",
        "fuel",
        fits_fuel="coal",
        fits_where="gas_access=trunk|lng",
        sets_fuel="natural_gas",
        sets_technology="gas_boiler",
        drops_controls="yes",
    )
    rows = (coal_boiler("b1"), coal_boiler("b2", area="150121", zone="county_built_up"))
    station = {"supplies": "natural_gas", "unit": "m3/yr", "area": "150121", "serves": "150121"}
    for served, fuels in (("150100", {"coal"}), ("150121", {"coal", "natural_gas"})):
        files = projects_file(project("LNG", 5e6, **{**station, "serves": served}, **BUILT))
        world = boiler_world(tmp_path / served, [gas], costs("gas"), rows=rows, files=files)
        options = options_of(world)
        assert set(states_of(options, world, "b1")["fuel"]) == {"coal", "natural_gas"}
        assert set(states_of(options, world, "b2")["fuel"]) == fuels
    assert AREAS.count("none") == 1


def test_a_closed_chp_unit_leaves_its_heat_to_the_network(tmp_path: Path) -> None:
    """p1 makes 3 000 GWh and gives 300 TJ to net.1; closed, both are made elsewhere."""
    close = measure(
        "close",
        "fate",
        fits_class="power_unit",
        fits_where="chp=yes;network=*",
        sets_technology="closed",
        drops_controls="yes",
    )
    header = SOURCE_HEADER.replace("duty,", "duty,chp,network,district_heat_gj,")
    _, *others = SOURCES.splitlines()
    unit = others[0].replace(",0.4,,no", ",0.4,,yes,net.1,300000,no")
    files = {
        f"{REGION}/sources.csv": header + unit + "\n",
        **projects_file(project("HOUSE", 500, unit="TJ/yr", **GRATE)),
    }
    numbers = [
        data("close", "value_lost", 100, "CNY/MWh", "activity"),
        data("close", "capital", 1000, "CNY/MW", "capacity"),
        data("close", "lifetime", 20, "yr"),
    ]
    world = boiler_world(tmp_path, [close], numbers, files=files)
    options = options_of(world)
    closed = states_of(options, world, "p1").loc["closed"]
    per_mwh = 300_000 / 3e6
    assert closed["network_heat"] == pytest.approx(per_mwh)
    assert closed["peak_heat"] == pytest.approx(300_000 / 2500 / 3.6)
    # The same units make the power (p1 is the only one), the boiler house the heat.
    assert closed["NOx"] == pytest.approx(of_p1(world, "NOx") + per_mwh * 0.004 * 1.25 / 20)
    assert closed["coal_energy"] == pytest.approx(9 + per_mwh * 1.25)
    at = options.states.index[options.states["label"] == "closed"][0]
    assert options.running[at] == pytest.approx([100 - 9 * 20 + per_mwh * 30] * 3)
    assert TECHNOLOGIES.count("network_heat") == 1


def test_a_capacity_in_the_unit_of_something_else(tmp_path: Path) -> None:
    rows = [project("OLD", 50, unit="TJ/yr")]
    world = join_world(tmp_path, *rows, text=EVERY_POLLUTANT + "projects: {OLD: {capacity: 5 MW}}\n")
    with pytest.raises(InputError, match="'MW' is no unit of network_heat; write it in GJ/yr"):
        read_projects(world.tables, world.scenario)


def test_heat_without_a_word_of_it_costs_power(tmp_path: Path) -> None:
    world = join_world(tmp_path, project("NEW", 50, unit="TJ/yr", **BUILT))
    options = options_of(world)
    assert joined(options, world)["SO2"] == pytest.approx(0.048 * of_p1(world, "SO2"))
    assert np.allclose(options.projects["SO2"], 0)
    assert np.allclose(options.project_running, 0)
