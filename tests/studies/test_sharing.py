"""A cut shared out over cities, against what it costs worked by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.province import province
from model.plan import evaluate, frozen_plan
from model.problem.problem import Problem
from model.scenario.load import load_scenario
from model.solve.solve import solve
from model.studies.curves import sharing
from model.studies.curves.sharing import (
    EACH,
    WHOLE,
    Cuts,
    cost_by_source,
    cut_scenario,
    path_of_cuts,
    share_out,
)
from model.studies.curves.sharing_frames import allocation_frame, price_frame
from tests.solve.toys import Options, Sketch

SCENARIO = load_scenario(Path(__file__).parents[2] / "scenarios" / "erenhot_2019.yaml")
WORTH = 1.05**-2
"""A CNY of the second year."""


def cuts_of(problem: Problem) -> Cuts:
    """The cuts of SO2 in a problem whose limits are named as in a scenario."""
    return sharing.cuts_of(problem, cut_scenario(SCENARIO, ("SO2",), 2019, False), "SO2")


def two_cities(left: float = 0.0) -> Problem:
    """City a emits 100 t and cuts them at 1 CNY/t; city b 50 t, down to `left`, at 3 CNY/t, in any part."""
    frozen = {f"{EACH}SO2/{{}}/a": 100.0, f"{EACH}SO2/{{}}/b": 50.0, f"{WHOLE}SO2/{{}}": 150.0}
    limits = [
        {
            "name": name.format(2018 + year),
            "sense": -1,
            "bound": bound,
            "terms": [(0, year, 1.0, at)],
            "enforced": False,
        }
        for year in (0, 1)
        for at, (name, bound) in enumerate(frozen.items())
    ]
    clean = [0.0, 100.0, 0.0, 3 * (50.0 - left)]
    return Sketch(
        states=[2, 2],
        moves=[(0, 0, 1), (1, 0, 1)],
        cost=np.array(clean)[:, None] * np.ones(2),
        capital=np.zeros((2, 2)),
        factor=np.array([[100.0, 0.0, 50.0, left]]),
        move_factor=np.zeros((1, 2)),
        limits=limits,
        forbid=[],
        sets=np.array([[1, 0], [0, 1], [1, 1]]),
        cell=[0, 1],
        divisible=[True, True],
        part_year=[1.0, 1.0],
        stock=[False],
    ).problem()


def test_a_fifth_of_each_against_a_fifth_of_all() -> None:
    """Equal: 20 t at 1 and 10 t at 3. Least: 30 t at 1."""
    equal, least = share_out(cuts_of(two_cities()), 2019, 20.0, Options())
    assert equal.found.cost_cny == pytest.approx(WORTH * 50)
    assert least.found.cost_cny == pytest.approx(WORTH * 30)
    assert cost_by_source(equal.problem, equal.plan) == pytest.approx([WORTH * 20, WORTH * 30])
    assert cost_by_source(least.problem, least.plan) == pytest.approx([WORTH * 30, 0.0])
    assert not equal.short
    assert not least.short


def test_what_a_city_can_not_cut_is_not_asked_of_all() -> None:
    """City b can cut 2.5 t of its 10: equal 20 t at 1 and 2.5 t at 3; least 22.5 t at 1."""
    cuts = cuts_of(two_cities(left=47.5))
    equal, least = share_out(cuts, 2019, 20.0, Options())
    assert equal.short == {(2019, "b")}
    assert equal.found.cost_cny == pytest.approx(WORTH * 27.5, rel=1e-4)
    assert least.found.cost_cny == pytest.approx(WORTH * 22.5, rel=1e-4)
    assert least.found.use[cuts.row[2019, ""]] == pytest.approx(127.5, rel=1e-4)


def test_prices_by_city_and_year_are_the_cost_of_a_tonne() -> None:
    path = path_of_cuts(cuts_of(two_cities()), {2018: 10.0, 2019: 20.0}, Options())
    price = dict(zip(path.problem.limit.tolist(), path.plan.price.tolist(), strict=True))
    for year in (2018, 2019):
        assert price[f"{EACH}SO2/{year}/a"] == pytest.approx(1.0)
        assert price[f"{EACH}SO2/{year}/b"] == pytest.approx(3.0)
    assert path.found.cost_cny == pytest.approx((10 + 15) / 1.05 + 50 * WORTH)


def test_the_table_says_who_pays_more() -> None:
    cuts, names = cuts_of(two_cities()), {"a": "Alpha", "b": "Beta"}
    shares = share_out(cuts, 2019, 20.0, Options())
    table = allocation_frame(cuts, shares, np.array(["a", "b"]), ("SO2", 2019, 20.0), names)
    cost = table.set_index(["rule", "city"])["total_cost_cny"] / WORTH
    assert cost["equal"].to_dict() == pytest.approx({"Alpha": 20.0, "Beta": 30.0, "": 50.0})
    assert cost["least"].to_dict() == pytest.approx({"Alpha": 30.0, "Beta": 0.0, "": 30.0})
    assert cost["saved"].to_dict() == pytest.approx({"Alpha": -10.0, "Beta": 30.0, "": 20.0})
    cut = table.set_index(["rule", "city"])["reduction_pct"]
    assert cut["least"].to_dict() == pytest.approx({"Alpha": 30.0, "Beta": 0.0, "": 20.0})
    total = table[table["city"] == ""].set_index("rule")
    assert (total["low_cny"] <= total["total_cost_cny"] + 1e-6).all()
    assert (total["high_cny"] >= total["total_cost_cny"] - 1e-6).all()
    assert (total["gap"].iloc[:2] < 1e-6).all()


def test_a_city_out_of_reach_has_no_price_and_the_others_have_theirs() -> None:
    cuts = cuts_of(two_cities(left=47.5))
    percent = {2018: 4.0, 2019: 20.0}
    table = price_frame(cuts, path_of_cuts(cuts, percent, Options()), percent, "SO2", {})
    by = table.set_index(["city", "year"])
    assert by["status"].to_dict() == {
        ("a", 2018): "binding",
        ("a", 2019): "binding",
        ("b", 2018): "binding",
        ("b", 2019): "missed",
    }
    assert by.loc[("a", 2019), "price_cny_per_t"] == pytest.approx(1.0)
    assert np.isnan(by.loc[("b", 2019), "price_cny_per_t"])
    assert by.loc[("b", 2019), "reduction_t"] == pytest.approx(2.5, rel=1e-4)


def test_cost_by_source_adds_up_with_capital_and_parts_of_years() -> None:
    problem = province(40, "easy", years=3)
    plan = solve(problem, Options(gap=0.2))
    by_source = cost_by_source(problem, plan)
    assert by_source.sum() == pytest.approx(evaluate(problem, plan).cost_cny)
    assert np.count_nonzero(by_source) > 5
    assert not cost_by_source(problem, frozen_plan(problem)).any()


def test_the_least_cost_is_never_above_that_of_equal_percentages() -> None:
    """A province of units, in which the cities are those of its own limits on the last year."""
    problem = cut_province()
    for percent in (10.0, 30.0):
        equal, least = share_out(cuts_of(problem), int(problem.years[-1]), percent, Options(gap=0.05))
        assert least.plan.bound_cny <= equal.found.cost_cny
        assert least.found.cost_cny <= equal.found.cost_cny * (1 + 0.05)


def cut_province() -> Problem:
    """The synthetic province with its limits on SO2 as cuts that can be asked for, and free of all others."""
    problem = province(120, "easy", years=2)
    label = [
        f"{EACH if name.count('/') == 2 else WHOLE}{name}"
        if name.startswith("SO2")
        else f"HEAT-PEAK/2019/{n}"
        for n, name in enumerate(problem.limit.tolist())
    ]
    frozen = evaluate(problem, frozen_plan(problem)).use
    return replace(problem, limit=np.array(label), bound=frozen, enforced=np.zeros(len(label), dtype=bool))


def test_what_holds_beside_the_cuts() -> None:
    """Free: supply, build rates and what is already law. Held: the plan's other limits and mandates too."""
    free = cut_scenario(SCENARIO, ("SO2",), 2019, False)
    held = cut_scenario(SCENARIO, ("SO2",), 2019, True)
    cuts = {EACH + "SO2", WHOLE + "SO2"}
    assert cuts <= set(free.limits)
    assert "GAS-NETWORK" in free.limits
    assert not {"ER19-NOX", "ER19-PM25"} & set(free.limits)
    assert not free.mandates
    assert set(held.limits) >= {"ER19-NOX", "GAS-NETWORK"} | cuts
    assert held.limits["ER19-NOX"].enforce
    assert set(held.mandates) == set(SCENARIO.mandates)
    targets = [each.limits["ER19-SO2"] for each in (free, held)]
    assert not any(target.enforce for target in targets)


def test_cuts_put_dearer_and_cleaner_states_on_offer() -> None:
    """A state that emits less and costs more is dropped as dominated where no enforced limit counts it."""
    assert all(
        cut_scenario(SCENARIO, ("SO2",), 2019, False).limits[name + "SO2"].enforce for name in (EACH, WHOLE)
    )


def test_targets_are_per_cent_of_the_frozen_emission() -> None:
    problem = two_cities()
    label = np.append(problem.limit, ["ER19-SO2/2019"])
    told = replace(
        problem,
        limit=label,
        sense=np.append(problem.sense, -1),
        bound=np.append(problem.bound, 120.0),
        exogenous=np.append(problem.exogenous, 0.0),
        enforced=np.append(problem.enforced, False),
        strength=np.append(problem.strength, 0),
        term_ptr=np.append(problem.term_ptr, problem.term_ptr[-1] + 1),
        **{
            name: np.append(getattr(problem, name), value)
            for name, value in (("term_quantity", 0), ("term_year", 1), ("term_coef", 1.0), ("term_set", 2))
        },
    )
    assert cuts_of(told).target == pytest.approx({2019: 20.0})
