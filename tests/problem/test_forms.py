"""Forms of bounds beside percentages: so much less than a base, shares over all groups, years before the
start by state and group, and what has ended. b1: 10 t/h, 100 000 GJ; b2: 40 t/h, 300 000 GJ (test_build.py).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.base.faults import InputError
from model.baseline.reference import ReferenceUse
from model.plan import Plan, evaluate, frozen_plan
from model.problem.build import build_problem
from model.problem.problem import Problem
from tests.baseline.world import boilers, coal_boiler, make_world
from tests.options.catalogue import options_of
from tests.problem.test_build import SO2_2017, frozen, problem_of, row

BOILERS = "where: {class: boiler}"


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("quantity: SO2, at_most: {2020: 50 t below frozen}", 4 * SO2_2017 - 50),
        ("quantity: SO2, at_most: {2020: 0.05 kt below 2017}", 4 * SO2_2017 - 50),
        ("quantity: SO2, progress: 20 %, at_most: {2020: 50 t below 2015}", 4 * SO2_2017 / 0.8 - 50),
        (f"quantity: activity, {BOILERS}, at_most: {{2020: 0.1 PJ below 2017}}", 300_000),
        (f"quantity: capacity, {BOILERS}, at_most: {{2020: 7 MW below frozen}}", 40),
        ("quantity: stock, where: {class: truck}, at_most: {2020: 0.001 万辆 below 2017}", 190),
    ],
)
def test_so_much_less(tmp_path: Path, text: str, bound: float) -> None:
    problem = problem_of(tmp_path, f"limits: {{A: {{{text}}}}}\n")
    assert problem.bound[0] == pytest.approx(bound, rel=1e-12)


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("50 t below supply", "'supply' is no base"),
        ("50 GJ below 2017", "is not an amount of SO2"),
        ("50 below 2017", "is not an amount"),
        ("-5 % of 2017", "is negative"),
        ("50 t below 2021", "which is not before the year it binds"),
    ],
)
def test_no_such_less(tmp_path: Path, amount: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        problem_of(tmp_path, f"limits: {{A: {{quantity: SO2, at_most: {{2020: {amount}}}}}}}\n")
    assert said in str(caught.value)


def moved(problem: Problem, source: int, label: str) -> Plan:
    """The plan in which one source is in a state from the first year on."""
    plan = frozen_plan(problem)
    own = np.arange(*problem.state_start[source : source + 2])
    plan.state[source] = next(k for k in own if problem.state_label[k].startswith(label))
    return plan


def test_share_over_all_groups(tmp_path: Path) -> None:
    """SO2 of each county in that of both: a quarter and three quarters; by group it is all of itself."""
    text = (
        "limits: {A: {quantity: SO2, each: county, share_of: {quantity: SO2, over: all}, "
        "at_most: {2020: 60 %}}, "
        "B: {quantity: SO2, each: county, share_of: {quantity: SO2}, year: 2020}}\n"
    )
    problem = problem_of(tmp_path, text)
    assert frozen(problem, "A/2020/150102") == pytest.approx(0.25)
    assert frozen(problem, "A/2020/150121") == pytest.approx(0.75)
    assert frozen(problem, "B/2020/150102") == pytest.approx(1)
    used = evaluate(problem, frozen_plan(problem)).use[row(problem, "A/2020/150121")]
    assert used == pytest.approx((3 - 0.6 * 4) * SO2_2017)


def test_what_has_ended_counts_where_it_is_asked_for_by_name(tmp_path: Path) -> None:
    """b1 closed: 10 of 50 t/h; among what stands it is none of 40."""
    text = "limits: {" + ", ".join(
        f"{name}: {{quantity: {quantity}, {BOILERS}, states: {states}{share}, year: 2020}}"
        for name, quantity, states, share in [
            ("CLOSED", "capacity", "{technology: closed}", ""),
            ("SHARE", "capacity", "{technology: closed}", ", share_of: all"),
            ("SERVICE", "activity", "{technology: [closed, gas_boiler]}", ", share_of: all"),
            ("STANDS", "capacity", "{fuel: {not: coal}}", ""),
            ("COAL", "capacity", "{fuel: coal}", ", share_of: all"),
            ("OTHERS", "capacity", "{technology: {not: grate}}", ""),
        ]
    )
    problem = problem_of(tmp_path, text + "}\n")
    plan = moved(problem, 0, "closed")
    found = dict(zip(problem.limit.tolist(), evaluate(problem, plan).achieved.tolist(), strict=True))
    assert found == pytest.approx(
        {"CLOSED/2020": 10, "SHARE/2020": 0.2, "SERVICE/2020": 0.25, "STANDS/2020": 0, "COAL/2020": 1,
         "OTHERS/2020": 0}
    )  # fmt: skip


def test_a_year_before_the_start_by_state_and_group(tmp_path: Path) -> None:
    """2015: b1 coal with 300 000 GJ, b2 gas with 100 000 GJ in another county; 2017: both coal."""
    before = coal_boiler("b1", activity=300_000), coal_boiler("b2", area="150121", zone="rural")
    gas = before[1].replace("coal,grate,bag,0.8,20,0.8", "natural_gas,gas_boiler,,,,")
    rows = [text.replace(",2017,", ",2015,") for text in (before[0], gas)]
    now = coal_boiler("b1"), coal_boiler("b2", area="150121", zone="rural", activity=300_000)
    text = (
        "limits: {"
        "S: {quantity: activity, where: {class: boiler}, states: {fuel: coal}, share_of: all, "
        "at_most: {2020: 5 points below 2015}}, "
        "G: {quantity: activity, where: {class: boiler}, each: county, link: none, "
        "at_most: {2020: 90 % of 2015}}}\n"
    )
    world = make_world(tmp_path, text, boilers(*rows, *now))
    reference = ReferenceUse(world.tables, world.scenario)
    problem = build_problem(world.scenario, world.baseline(), options_of(world), {}, reference)
    assert problem.notes["shares"]["S/2020"]["bound"] == pytest.approx(0.75 - 0.05)
    assert problem.bound[row(problem, "G/2020/150102")] == pytest.approx(270_000)
    assert problem.bound[row(problem, "G/2020/150121")] == pytest.approx(90_000)


def test_a_percentage_of_a_share_of_nothing(tmp_path: Path) -> None:
    """No county's own share is bounded where there is none of the whole; for the region it is a fault."""
    share = "share_of: {quantity: gas_energy}, at_most: {2020: 90 % of 2017}"
    problem = problem_of(tmp_path, f"limits: {{A: {{quantity: coal_energy, each: county, {share}}}}}\n")
    assert not problem.enforced.any()
    assert set(problem.notes["not_imposed"].values()) == {"refers to a share of nothing"}
    with pytest.raises(InputError, match="refers to a share of nothing"):
        problem_of(tmp_path, f"limits: {{A: {{quantity: coal_energy, {share}}}}}\n")


def test_no_percentage_of_what_begins_with_the_plan(tmp_path: Path) -> None:
    for quantity in ("investment", "cost", "units_completed"):
        with pytest.raises(InputError, match="is a percentage of nothing"):
            problem_of(
                tmp_path, f"limits: {{A: {{quantity: {quantity}, at_most: {{2020: 90 % of frozen}}}}}}\n"
            )


def test_a_share_of_what_nobody_has_is_no_demand_that_is_met(tmp_path: Path) -> None:
    """No boiler burns oil, whatever is decided: the region's share has a reason, a county's no row."""
    oil = f"quantity: oil_energy, {BOILERS}, states: {{fuel: diesel}}, share_of: all, at_least: {{2020: 5 %}}"
    heat = f"quantity: heat, {BOILERS}, states: {{fuel: natural_gas}}, share_of: all, at_least: {{2020: 5 %}}"
    text = f"limits: {{A: {{{oil}}}, B: {{{oil}, each: county}}, C: {{{heat}, each: county}}}}\n"
    problem = problem_of(tmp_path, text)
    assert problem.limit.tolist() == ["A/2020", "C/2020/150102", "C/2020/150121"]
    assert problem.notes["not_imposed"] == {"A/2020": "there is none of the whole that this is a share of"}
    assert problem.enforced.tolist() == [False, True, True]
