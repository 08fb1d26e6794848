"""Supply limits on what projects can supply, and what built projects add to limits, against numbers by hand.

b1 (100 000 GJ, net.1) may join the network, b2 (300 000 GJ, Alpha Hills) may become electric.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.plan import Plan, evaluate, frozen_plan
from model.problem.build import build_problem
from model.problem.problem import Problem
from model.scenario.scenario import SolverOptions
from model.solve.solve import solve
from tests.baseline.world import coal_boiler
from tests.options.catalogue import boiler_world, costs, data, measure, options_of
from tests.options.supplies import BUILT, boilers_on_networks, on_network, project, projects_file
from tests.small_inputs import CLASSES, PRICES, REGION, SOURCE_HEADER, SOURCES, TECHNOLOGIES

JOIN = measure(
    "join",
    "fuel",
    fits_fuel="coal",
    fits_where="network=*",
    sets_fuel="network_heat",
    sets_technology="network",
    drops_controls="yes",
)
ELECTRIC = measure(
    "electric",
    "fuel",
    fits_fuel="coal",
    below_capacity=50,
    fits_where="duty=process",
    sets_fuel="electricity",
    sets_technology="electric_boiler",
    drops_controls="yes",
)
HILLS = coal_boiler("b2", area="150121", zone="rural", capacity=40, activity=300_000, duty="process")
HOUSE = {"plant_fuel": "coal", "plant_technology": "grate", "plant_controls": "bag", "plant_capacity": 40}
GAS_HOUSE = {"plant_fuel": "natural_gas", "plant_technology": "gas_boiler", "plant_capacity": 40}


def problem_of(folder: Path, text: str, *rows: str, files: dict[str, str] | None = None) -> Problem:
    """The two boilers beside the power unit p1, these projects and limits, everything asked for kept."""
    boilers = boilers_on_networks(on_network(coal_boiler()), HILLS.replace("process,", "process,,"))
    header, unit, *_ = SOURCES.splitlines()
    own = {**boilers, **projects_file(*rows), f"{REGION}/sources.csv": f"{header}\n{unit}\n", **(files or {})}
    numbers = [*costs("join"), *costs("electric")]
    world = boiler_world(folder, [JOIN, ELECTRIC], numbers, text, files=own)
    return build_problem(world.scenario, world.baseline("plan"), options_of(world), {})


def everything_moved(problem: Problem) -> Plan:
    """Every source in its last state from the first year on."""
    plan = frozen_plan(problem)
    plan.state[:] = (problem.state_start[1:] - 1)[:, None]
    return plan


def used(problem: Problem, plan: Plan) -> dict[str, float]:
    return dict(zip(problem.limit.tolist(), evaluate(problem, plan).use.tolist(), strict=True))


def test_peak_and_secured_heat_of_a_network(tmp_path: Path) -> None:
    """11.1 MW join; 5 MW stand, of which 1 with the largest source out, 8 MW can be built."""
    text = (
        "limits: {P: {quantity: peak_heat, each: network, year: 2020, at_most: supply}, "
        "S: {quantity: secured_heat, each: network, year: 2020, at_most: supply, enforce: false}, "
        "N: {quantity: network_heat, at_least: {2020: 1 GJ}}}\n"
    )
    rows = [
        project("OLD", 50, unit="TJ/yr", peak=5, secured=1, peak_unit="MW"),
        project("NEW", 70, unit="TJ/yr", peak=8, peak_unit="MW", **BUILT),
    ]
    problem = problem_of(tmp_path, text, *rows)
    load = 100_000 / 2500 / 3.6
    found = used(problem, everything_moved(problem))
    assert found["P/2020/net.1"] == pytest.approx(load - 5 - 8)
    assert found["S/2020/net.1"] == pytest.approx(0.7 * load - 1 - 8)
    assert problem.enforced.tolist() == [True, False, True]


def test_electric_load_of_a_county(tmp_path: Path) -> None:
    text = (
        "limits: {E: {quantity: peak_electricity, each: county, year: all, at_most: supply}, "
        "N: {quantity: electricity, at_least: {2020: 1 MWh}}}\n"
    )
    grid = {"supplies": "peak_electricity", "unit": "MW", "serves": "150121", "area": "150121"}
    rows = [project("GRID-0", 10, **grid), project("GRID-1", 30, **grid, **BUILT)]
    problem = problem_of(tmp_path, text, *rows)
    load = 1.02 * 300_000 / 2500 / 3.6
    found = used(problem, everything_moved(problem))
    assert found["E/2020/150121"] == pytest.approx(load - 40)
    assert found["E/2018/150102"] == 0


def test_belts_supply_what_belts_carry(tmp_path: Path) -> None:
    header = SOURCE_HEADER.replace("duty,", "duty,corridor,distance_km,")
    freight = "f1,2017,freight,,150121,rural,,,,50000000,tkm,diesel,China IV,,,,,,pit,25,no,,MADE_UP,E,yes\n"
    files = {
        "reference/classes.csv": CLASSES
        + "freight,Freight,货运,mobile,freight,3.1,F_RoadTransport,1.A.3.b.iii,,transportation,"
        "tkm,,yes,0.5,no,transport\n",
        "reference/technologies.csv": TECHNOLOGIES
        + "freight,diesel,,,0.001,,,,,MADE_UP,E,no\nfreight,electricity,,,0.0001,,,,,MADE_UP,E,no\n",
        "reference/prices.csv": PRICES + "road_freight,,2017,2017,0.3,CNY/tkm,,,MADE_UP,E\n",
        f"{REGION}/freight.csv": header + freight,
    }
    belt = measure(
        "belt",
        "fuel",
        fits_class="freight",
        fits_fuel="diesel",
        sets_fuel="electricity",
        sets_technology="belt",
        drops_controls="yes",
    )
    text = "limits: {B: {quantity: belt_freight, each: corridor, year: all, at_most: supply}}\n"
    row = project("BELT", 3, supplies="belt_freight", unit="Mt/yr", serves="pit", area="150121", **BUILT)
    own = {**files, **projects_file(row)}
    numbers = [data("belt", "variable_om", 0.1, "CNY/tkm", "activity")]
    world = boiler_world(tmp_path, [belt], numbers, text, files=own)
    problem = build_problem(world.scenario, world.baseline("plan"), options_of(world), {})
    # 50e6 tkm over 25 km are 2 Mt; the belt is worth it: 0.2 CNY/tkm saved against 1 M CNY.
    plan = solve(problem, SolverOptions(gap=1e-9))
    shares = dict(zip(problem.state_label.tolist(), plan.shares(problem)[:, -1].tolist(), strict=True))
    assert shares["electricity/belt"] == pytest.approx(1)
    assert shares["built"] == 1
    assert used(problem, plan)["B/2020/pit"] == pytest.approx(2e6 - 3e6)


def test_built_projects_count_where_they_stand(tmp_path: Path) -> None:
    """A gas boiler house of 80 TJ in Alpha: its emission and gas are in limits of the region and city."""
    text = (
        "limits: {R: {quantity: NOx, year: 2020, at_most: 1 Mt}, "
        "C: {quantity: NOx, each: city, year: 2020, at_most: 1 Mt}, "
        "A: {quantity: NOx, where: {area: 150121}, year: 2020, at_most: 1 Mt}, "
        "B: {quantity: NOx, where: {class: boiler}, year: 2020, at_most: 1 Mt}, "
        "G: {quantity: natural_gas, each: city, year: 2020, at_most: 1 bcm}}\n"
    )
    rows = [project("OLD", 50, unit="TJ/yr"), project("NEW", 80, unit="TJ/yr", **BUILT, **GAS_HOUSE)]
    problem = problem_of(tmp_path, text, *rows)
    before, plan = frozen_plan(problem), frozen_plan(problem)
    plan.state[-1] += 1
    more = {limit: value - used(problem, before)[limit] for limit, value in used(problem, plan).items()}
    p1 = 300e-6 * 9 * (1 - 0.85)  # t/MWh: 300 g/GJ, 9 GJ/MWh, scr_ule; its outlet is below 45 mg/m3
    outlet = 45e-9 * 250 * 20.9 / (20.9 - 6) * 9
    expected = 8e4 * (1.8e-6 * 1.1 / 0.036 - 0.048 * min(p1, outlet))
    assert more["R/2020"] == pytest.approx(expected, rel=1e-6)
    assert more["C/2020/150100"] == pytest.approx(more["R/2020"])
    assert (more["A/2020"], more["B/2020"]) == (0, 0)
    assert more["G/2020/150100"] == pytest.approx(8e4 * 1.1 / 0.036)


def test_changes_scale_the_source_and_not_the_power_station(tmp_path: Path) -> None:
    """Boilers' own factor of NOx halves in 2020; the power that b2 takes is made as before."""
    responses = "class,attribute,acts_on,intercept,slope,default,citation,rating,constructed\n"
    files = {"reference/responses.csv": responses + "boiler,green_share,NOx,1,-0.5,0,MADE_UP,E,no\n"}
    text = (
        "limits: {N: {quantity: NOx, where: {class: boiler}, year: all, at_most: 1 Mt}, "
        "E: {quantity: electricity, at_least: {2020: 1 MWh}}}\n"
        "changes: {G: {where: {class: boiler}, set: {green_share: {2020: 100 %}}}}\n"
    )
    problem = problem_of(tmp_path, text, project("OLD", 50, unit="TJ/yr"), files=files)
    plan = frozen_plan(problem)
    coal = 100_000 * 3e-3 * 1.25 / 20
    hills = 300_000 * 4e-3 * 1.25 / 20
    frozen = used(problem, plan)
    assert frozen["N/2019"] == pytest.approx(coal + hills)
    assert frozen["N/2020"] == pytest.approx(0.5 * (coal + hills))
    b2 = problem.source.tolist().index("b2")
    plan.state[b2] = problem.state_start[b2 + 1] - 1
    moved = used(problem, plan)
    power = (1.02 / 3.6 - 0.01) * 300_000
    made = power * 45e-9 * 250 * 20.9 / (20.9 - 6) * 9
    assert moved["N/2019"] == pytest.approx(coal + made, rel=1e-6)
    assert moved["N/2020"] == pytest.approx(0.5 * coal + made, rel=1e-6)
    assert np.isfinite(list(moved.values())).all()
