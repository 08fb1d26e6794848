"""Sums of uncertain items against what is worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from scipy.stats import norm

from model.problem.problem import Floats
from model.problem.spread import Numbers
from model.studies.uncertainty.sums import Items, draw_sums, make_items

DRAWS = 20_000
MEMORY = 50_000_000


def numbers(log_sd: list[float], own: list[float]) -> Numbers:
    return Numbers(log_sd=np.array(log_sd), own=np.array(own), factor={}, activity=())


def items(amount: list[float], rows: list[list[float]], group: list[int] | None = None) -> Items:
    """Items of source 0, 1 ..., with these elasticities, in products."""
    count = len(amount)
    of = np.zeros(count, dtype=np.int64) if group is None else np.array(group)
    nothing = sparse.csr_array(np.zeros_like(np.array(rows, dtype=float)))
    chain = np.full(count, -1)
    shared = (sparse.csr_array(np.array(rows, dtype=float)), nothing, chain)
    return make_items(np.arange(count), np.array(amount), of, int(of.max()) + 1, shared)


def thetas(known: Numbers) -> Floats:
    return known.log_sd[:, None] * np.random.default_rng(1).standard_normal((len(known.log_sd), DRAWS))


def test_one_lognormal_factor_has_the_normal_probability() -> None:
    """100 t with log sd 0.3 against 120 t: Phi(ln 1.2 / 0.3) = Phi(0.6077) = 0.728."""
    known = numbers([0.3], [0.0])
    (drawn,) = draw_sums(known, [items([100.0], [[1.0]])], thetas(known), 0, MEMORY)
    expected = norm.cdf(np.log(1.2) / 0.3)
    assert expected == pytest.approx(0.728, abs=1e-3)
    error = np.sqrt(expected * (1 - expected) / DRAWS)
    assert (drawn[0] <= 120.0).mean() == pytest.approx(expected, abs=3 * error)


def test_a_common_factor_cancels_in_a_linked_bound() -> None:
    """80 t against 85 % of the start's 100 t with the same factor: met in every draw; 90 t: in none."""
    known = numbers([1.0], [0.0, 0.0])
    for now, met in ((80.0, 1.0), (90.0, 0.0)):
        excess = items([now, -85.0], [[1.0], [1.0]])
        (drawn,) = draw_sums(known, [excess], thetas(known), 0, MEMORY)
        assert (drawn[0] <= 0).mean() == met


def test_own_deviations_leave_the_mean_and_are_shared_by_sums() -> None:
    known = numbers([0.0], [0.5, 0.5])
    both, first = items([10.0, 20.0], [[1.0], [1.0]]), items([10.0], [[1.0]])
    together, alone = draw_sums(known, [both, first], thetas(known), 4, MEMORY)
    assert together.mean() == pytest.approx(30.0, rel=0.01)
    variance = (100 + 400) * np.expm1(0.25)
    assert together.var() == pytest.approx(variance, rel=0.06)
    assert np.corrcoef(together[0], alone[0])[0, 1] == pytest.approx(10 / np.sqrt(500), abs=0.03)


def test_groups_and_blocks_change_nothing() -> None:
    known = numbers([0.4, 0.2], [0.3, 0.0, 0.3])
    rows = [[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
    theta = thetas(known)
    (parts,) = draw_sums(known, [items([1.0, 2.0, 3.0], rows, [0, 1, 1])], theta, 7, MEMORY)
    (whole,) = draw_sums(known, [items([1.0, 2.0, 3.0], rows)], theta, 7, 1)
    assert parts.sum(axis=0) == pytest.approx(whole[0], rel=1e-12)


def test_closed_form_of_a_product_is_exact_and_of_a_sum_by_hand() -> None:
    """One product: the logarithm's own sd. 10 and 30 t of independent factors: sqrt((0.25 x 0.4)^2 +
    (0.75 x 0.2)^2 + own (0.75 x 0.1)^2); what observations take off is taken off."""
    known = numbers([0.4, 0.2], [0.0, 0.1])
    two = items([10.0, 30.0], [[1.0, 0.0], [0.0, 1.0]], [0, 1])
    nothing = np.zeros((2, 0))
    each = two.closed_log_sd(known, nothing, sparse.csr_array(np.eye(2)))
    assert each == pytest.approx([0.4, np.hypot(0.2, 0.1)])
    both = two.closed_log_sd(known, nothing, sparse.csr_array(np.ones((1, 2))))
    assert both == pytest.approx([np.sqrt(0.1**2 + 0.15**2 + 0.075**2)])
    taught = two.closed_log_sd(known, np.array([[0.4], [0.0]]), sparse.csr_array(np.ones((1, 2))))
    assert taught == pytest.approx([np.hypot(0.15, 0.075)])
