"""Residuals, influence, leave-one-out and conflicts: by hand, and against fitting again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from model.calibration.diagnose import conflicts, kernel, residuals, self_influence, unseen, whole
from model.calibration.inversion import Inversion
from model.calibration.least_squares import Fit, invert
from tests.calibration.small import drawn, of_products, of_sums


def observed(values: list[float], sd: float = 0.1) -> Inversion:
    """One parameter with log_sd 1 and two more that nothing sees; every observation is of one element."""
    number = len(values)
    return Inversion(
        log_sd=np.array([1.0, 0.5, 0.0]),
        emission=np.ones(1),
        elasticity=sparse.csr_array(np.array([[1.0, 0.0, 0.0]])),
        weight=sparse.csr_array(np.ones((number, 1))),
        value=np.exp(values),
        sd=np.full(number, sd),
        group=np.full(number, -1),
        common=np.zeros(number),
    )


def without(problem: Inversion, i: int) -> Inversion:
    """The problem with observation i left out."""
    kept = np.arange(len(problem.value)) != i
    return replace(
        problem,
        weight=problem.weight[kept],
        value=problem.value[kept],
        sd=problem.sd[kept],
        group=problem.group[kept],
        common=problem.common[kept],
    )


def test_one_observation_by_hand() -> None:
    # y = 1, prior variance 1, error variance 1 (sd 1): theta = 1/2, chi2 = 1 / 2, half of it is signal
    fit = invert(observed([1.0], sd=1.0))
    assert whole(fit).chi2 == pytest.approx(0.5)
    assert whole(fit).p == pytest.approx(0.4795, abs=1e-4)
    assert whole(fit).signal == pytest.approx(0.5)
    found = residuals(fit)
    assert found.prior == pytest.approx([1.0])
    assert found.posterior == pytest.approx([0.5])
    assert found.left_out == pytest.approx([1.0])
    assert found.left_out_normal == pytest.approx([1 / np.sqrt(2)])
    assert found.left_out_p == pytest.approx([0.4795], abs=1e-4)
    # theta moves by 1/2, posterior variance 1/2
    assert found.shift == pytest.approx([0.5])
    assert kernel(fit) == pytest.approx([0.5, 0.0, 0.0])
    assert unseen(fit, 0.05).tolist() == [False, True, False]


def test_what_stays_unseen_is_0_in_the_kernel_and_the_traces_agree() -> None:
    fit = invert(of_sums(1))
    assert kernel(fit).sum() == pytest.approx(self_influence(fit).sum())
    assert whole(fit).signal == pytest.approx(kernel(fit).sum())


def left_out_again(fit: Fit, i: int) -> tuple[float, float, float]:
    """Observation i over what is expected without it, the sd of that, shift of theta: by fitting again."""
    problem = fit.inversion
    again = invert(without(problem, i))
    row = problem.error[i]
    others = np.arange(len(problem.value)) != i
    # errors are correlated: what the others' residuals say of the error of i
    rest = again.jacobian.toarray()
    error = problem.error[np.ix_(others, others)]
    jacobian = fit.jacobian.toarray()
    posterior = np.linalg.inv(np.diag(problem.log_sd**-2) + rest.T @ np.linalg.solve(error, rest))
    gain = np.linalg.solve(error, row[others])
    slope = jacobian[i] - gain @ rest
    expected = fit.log_model[i] + jacobian[i] @ (again.theta - fit.theta)
    expected += gain @ (np.log(problem.value[others]) - again.log_model)
    variance = slope @ posterior @ slope + row[i] - row[others] @ gain
    moved = again.theta - fit.theta
    metric = np.diag(problem.log_sd**-2) + jacobian.T @ np.linalg.solve(problem.error, jacobian)
    return float(np.log(problem.value[i]) - expected), float(np.sqrt(variance)), float(moved @ metric @ moved)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_leave_one_out_of_products_as_fitted_again(seed: int) -> None:
    fit = invert(of_products(seed))
    found = residuals(fit)
    for i in range(len(found.left_out)):
        left_out, sd, shift = left_out_again(fit, i)
        assert found.left_out[i] == pytest.approx(left_out, abs=1e-8)
        assert found.left_out_normal[i] == pytest.approx(left_out / sd, abs=1e-7)
        assert found.shift[i] == pytest.approx(shift, abs=1e-7)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_leave_one_out_of_sums_is_near_fitting_again(seed: int) -> None:
    # narrow priors: sums bend little between the two fits, and shares do change
    problem = of_sums(seed)
    fit = invert(drawn(replace(problem, log_sd=0.5 * problem.log_sd), np.random.default_rng(seed))[1])
    found = residuals(fit)
    again = np.array([left_out_again(fit, i) for i in range(len(found.left_out))])
    assert found.left_out == pytest.approx(again[:, 0], abs=0.1 * np.abs(again[:, 0]).max())
    assert found.left_out_normal == pytest.approx(again[:, 0] / again[:, 1], abs=0.25)


def test_chi_square_has_its_distribution() -> None:
    costs = [whole(invert(of_products(seed))).p for seed in range(300)]
    assert np.mean(costs) == pytest.approx(0.5, abs=0.06)
    assert np.mean(np.array(costs) < 0.1) == pytest.approx(0.1, abs=0.05)


def test_a_pair_that_disagrees_is_named_and_no_single_one() -> None:
    # each is well within the prior (sd 1); the first two agree, the third is 0.9 off with errors of 0.1
    found = conflicts(invert(observed([0.0, 0.05, 0.9])), 0.01)
    assert [conflict.members for conflict in found] == [(0, 2), (1, 2)]
    # chi2 of (0, 0.9) with variance 1.01 and covariance 1: 1.01 x 0.81 / (1.01^2 - 1)
    assert found[0].chi2 == pytest.approx(1.01 * 0.81 / (1.01**2 - 1.0))
    assert found[0].p_all == pytest.approx(3.0 * found[0].p)


def test_one_against_the_prior_is_named_alone() -> None:
    found = conflicts(invert(observed([4.5, 4.4])), 0.01)
    assert {conflict.members for conflict in found} == {(0,), (1,)}


def test_a_triple_whose_pairs_agree() -> None:
    # two parts and their sum: each pair can be met, all three can not
    parts = Inversion(
        log_sd=np.array([1.0, 1.0]),
        emission=np.ones(2),
        elasticity=sparse.csr_array(np.eye(2)),
        weight=sparse.csr_array(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])),
        value=np.array([1.0, 1.0, 3.6]),
        sd=np.full(3, 0.05),
        group=np.full(3, -1),
        common=np.zeros(3),
    )
    found = conflicts(invert(parts), 0.01)
    assert [conflict.members for conflict in found] == [(0, 1, 2)]


def test_a_total_that_five_parts_contradict_is_set_against_them() -> None:
    # any three of the six can be met; given all parts the total should be 5
    number = 5
    parts = Inversion(
        log_sd=np.full(number, 1.0),
        emission=np.ones(number),
        elasticity=sparse.csr_array(np.eye(number)),
        weight=sparse.csr_array(np.vstack([np.eye(number), np.ones(number)])),
        value=np.array([1.0, 1.0, 1.0, 1.0, 1.0, 7.5]),
        sd=np.full(number + 1, 0.05),
        group=np.full(number + 1, -1),
        common=np.zeros(number + 1),
    )
    found = conflicts(invert(parts), 0.01)
    assert [set(conflict.members) for conflict in found] == [set(range(number + 1))]
    fit = invert(parts)
    least = max(residuals(fit).left_out_normal ** 2)
    assert found[0].chi2 == pytest.approx(least)
    assert found[0].p_all == pytest.approx(6.0 * found[0].p)


def test_twins_without_fault_have_no_conflict() -> None:
    named = [bool(conflicts(invert(of_products(seed)), 0.05)) for seed in range(100)]
    assert np.mean(named) < 0.2  # at most 5 % for each of three sizes and for one against others
