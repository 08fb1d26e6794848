"""Plans that meet a limit with a stated probability, against numbers worked by hand and by trying all."""

from __future__ import annotations

from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pytest

from model.plan import part_year_share
from model.problem.items import make_spread
from model.problem.problem import Floats, Problem
from model.problem.spread import Numbers
from model.solve.robust import Ground, Margin, Robust, needed
from tests.problem.uncertain import numbers, one_year
from tests.solve.toys import Options

DRAWS = 4000


def sampled(known: Numbers, count: int = DRAWS, seed: int = 0) -> Floats:
    """Equally likely values of one or more numbers, evenly spaced in each, in random order."""
    random = np.random.default_rng(seed)
    even = np.array([NormalDist().inv_cdf((n + 0.5) / count) for n in range(count)])
    return np.array([sd * random.permutation(even) for sd in known.log_sd])


def at(problem: Problem, known: Numbers, *levels: float, gap: float = 1e-7) -> list[Robust]:
    """The plain plan, and that of each level, one from the other."""
    spread = make_spread(problem, 0, known)
    ground = Ground(problem, [spread], sampled(known), Options(gap=gap))
    found = [ground.plain([levels[0]])]
    for level in levels:
        found.append(ground.solve([level], found[-1]))
    return found


def standing(problem: Problem, found: Robust) -> Floats:
    """X of each state."""
    return part_year_share(problem, found.plan.shares(problem))[:, 0]


def test_one_factor_by_hand() -> None:
    """Ten tonnes of log sd 0.3, bound 8, cuts at 100 CNY/t: 10 exp(0.3 u) left must be 8 at the quantile."""
    problem = one_year([[10.0, 0.0]], [[0.0, 1000.0]], 8.0)
    plain, robust = at(problem, numbers(problem, [[1], [1]], [0.3]), 0.9)
    assert plain.cost_cny == pytest.approx(200.0, rel=1e-5)
    left = 8 / np.exp(0.3 * NormalDist().inv_cdf(0.9))
    assert robust.met
    # One standard error of the sample is added to the level.
    error = np.sqrt(0.9 * 0.1 / DRAWS)
    most = 8 / np.exp(0.3 * NormalDist().inv_cdf(0.9 + error))
    assert most * 0.999 <= standing(problem, robust)[0] * 10 <= left * 1.001
    assert robust.cost_cny == pytest.approx(100 * (10 - most), rel=2e-3)


def test_even_odds_of_one_factor_are_the_plain_plan() -> None:
    problem = one_year([[10.0, 0.0]], [[0.0, 1000.0]], 8.0)
    plain, robust = at(problem, numbers(problem, [[1], [1]], [0.3]), 0.5)
    # Beyond the plain plan lies no more than one standard error of the sample.
    most = 8 / np.exp(0.3 * NormalDist().inv_cdf(0.5 + np.sqrt(0.25 / DRAWS)))
    assert plain.cost_cny <= robust.cost_cny <= 100 * (10 - most) * 1.001
    assert robust.shown[0].attained >= 0.5


def test_the_less_uncertain_of_two_measures() -> None:
    """To 6 t of 10: what leaves 5 t give or take a lot is cheaper than what leaves 5 t for sure."""
    problem = one_year([[10.0, 5.0, 5.0]], [[0.0, 100.0, 120.0]], 6.0, divisible=False)
    known = numbers(problem, [[0], [1], [0]], [0.8])
    plain, robust = at(problem, known, 0.9)
    assert standing(problem, plain).tolist() == [0, 1, 0]
    assert standing(problem, robust).tolist() == [0, 0, 1]
    assert plain.shown[0].attained == pytest.approx(NormalDist().cdf(np.log(6 / 5) / 0.8), abs=0.01)


def test_a_mix_of_two_uncertain_measures_is_cheaper_than_either() -> None:
    """Two measures alike but for their numbers, which are independent: half of each spreads least."""
    problem = one_year([[10.0, 4.0, 4.0]], [[0.0, 100.0, 100.0]], 6.0)
    known = numbers(problem, [[0, 0], [1, 0], [0, 1]], [0.5, 0.5])
    robust = at(problem, known, 0.9)[1]
    shares = standing(problem, robust)
    assert shares[1] == pytest.approx(shares[2], rel=0.2)
    one = make_spread(problem, 0, known)
    alone = one.moments(np.array([shares[0], shares[1] + shares[2], 0.0]))[0].sd
    assert one.moments(shares)[0].sd == pytest.approx(alone / np.sqrt(2), rel=0.01)


@pytest.mark.parametrize("seed", range(3))
def test_units_against_trying_all_of_them(seed: int) -> None:
    """Six units with three states each: the plan found is the cheapest of 729 that meets the sample, or
    costs little more, and the bound of the cone is below the cheapest that meets the cone.
    """
    random = np.random.default_rng(seed)
    emission = np.column_stack([np.ones(6) * 3, random.uniform(0.8, 2, 6), random.uniform(0.1, 0.8, 6)])
    cost = np.column_stack([np.zeros(6), random.uniform(1, 3, 6), random.uniform(3, 9, 6)])
    problem = one_year(list(emission), list(cost), 10.5, divisible=False)
    elasticity = np.eye(4)[random.integers(0, 4, 18)]
    known = numbers(problem, elasticity, [0.1, 0.3, 0.6, 0.2], own=[0.2] * 6)
    spread = make_spread(problem, 0, known)
    ground = Ground(problem, [spread], sampled(known, 1000), Options())
    robust = ground.solve([0.9], ground.plain([0.9]))
    assert robust.met
    assert robust.shown[0].attained >= 0.9
    choices = np.stack(np.meshgrid(*[range(3)] * 6, indexing="ij")).reshape(6, -1).T
    picked = np.zeros((len(choices), 18))
    for source in range(6):
        picked[np.arange(len(choices)), 3 * source + choices[:, source]] = 1
    total = picked @ cost.ravel()
    margin = robust.margins[0]
    best_cone, best_sample = np.inf, np.inf
    for number in np.argsort(total):
        if total[number] > robust.cost_cny + 1e-9 and np.isfinite(best_cone):
            break
        moments, _ = spread.moments(picked[number])
        if moments.nominal > 1e-9:
            continue
        row = (1 - margin.mean) * moments.nominal + margin.mean * moments.mean + margin.z * moments.sd
        best_cone = min(best_cone, total[number]) if row <= 1e-6 else best_cone
        if np.quantile(spread.draws(picked[number], ground.theta, 0), 0.91) <= 0:
            best_sample = min(best_sample, total[number])
            if np.isfinite(best_cone):
                break
    assert robust.plan.bound_cny <= best_cone + 1e-6
    assert robust.cost_cny <= 1.05 * min(best_sample, best_cone)


def test_more_confidence_never_costs_less_and_holds_on_fresh_draws() -> None:
    random = np.random.default_rng(7)
    emission = [[e, e * random.uniform(0.2, 0.7), 0.1 * e] for e in random.uniform(1, 5, 20)]
    cost = [[0.0, *np.sort(random.uniform(1, 20, 2))] for _ in range(20)]
    problem = one_year(emission, cost, 0.7 * sum(e[0] for e in emission), divisible=False)
    known = numbers(problem, np.eye(6)[random.integers(0, 6, 60)], random.uniform(0.1, 0.7, 6), [0.3] * 20)
    levels = [0.5, 0.75, 0.9]
    found = at(problem, known, *levels, gap=1e-4)
    costs = [each.cost_cny for each in found]
    assert all(later >= before * (1 - 1e-3) for before, later in pairwise(costs))
    spread = make_spread(problem, 0, known)
    theta = known.log_sd[:, None] * np.random.default_rng(99).standard_normal((6, 20_000))
    for level, each in zip(levels, found[1:], strict=True):
        fresh = (spread.draws(standing(problem, each), theta, 100) <= 0).mean()
        assert fresh >= level - 2 * np.sqrt(level * (1 - level) / 20_000)
        assert each.plan.bound_cny <= each.cost_cny


def test_what_no_plan_reaches_is_said() -> None:
    problem = one_year([[10.0, 5.0]], [[0.0, 100.0]], 6.0)
    plain, robust = at(problem, numbers(problem, [[1], [1]], [0.8]), 0.95)
    assert plain.plan.status == "optimal"
    assert not robust.met
    assert robust.plan.status == "infeasible"
    assert standing(problem, robust)[1] == pytest.approx(1.0, abs=1e-3)


def test_the_margin_is_that_of_the_quantile() -> None:
    spread = make_spread(*(lambda p: (p, 0, numbers(p, [[1]], [0.5])))(one_year([[1.0]], [[0.0]], 1.0)))
    moments, _ = spread.moments(np.ones(1))
    assert needed(moments, moments.mean + 0.7 * moments.sd) == Margin(1.0, pytest.approx(0.7))
    halfway = (moments.nominal + moments.mean) / 2
    assert needed(moments, halfway) == Margin(pytest.approx(0.5), 0.0)
    assert needed(moments, moments.nominal - 1) == Margin(0.0, 0.0)


def test_the_price_is_what_a_looser_bound_saves() -> None:
    """Above, each tonne of the bound is 1 / exp(0.3 z) tonnes of the table, at 100 CNY/t."""
    problem = one_year([[10.0, 0.0]], [[0.0, 1000.0]], 8.0)
    known = numbers(problem, [[1], [1]], [0.3])
    robust = at(problem, known, 0.9)[1]
    error = np.sqrt(0.9 * 0.1 / DRAWS)
    saved = 100 / np.exp(0.3 * NormalDist().inv_cdf(0.9 + error))
    assert robust.plan.price[0] == pytest.approx(saved, rel=1e-2)
