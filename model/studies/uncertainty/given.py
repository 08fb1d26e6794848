"""A given plan with the uncertain numbers behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import solve_triangular
from scipy.sparse import csr_array

from model.base.words import POLLUTANTS
from model.calibration.conditioned import Posterior, posterior_for
from model.inventory.emissions import Inventory
from model.inventory.uncertain.parameters import Parameters, parameters
from model.problem.problem import Bools, Floats, Ints
from model.problem.spread import Numbers, Part
from model.results.case import Case
from model.scenario.scenario import Scenario
from model.studies.robust.numbers import uncertain_numbers
from model.tables.read import Tables

AT_ONCE = 5000
"""Draws of a Latin hypercube that are conditioned at once: bounds its memory."""

APART = 500
"""Between the seeds of a sample on which robust plans are made and those of the draws that judge a plan."""


@dataclass(frozen=True)
class Given:
    """plan, frozen: the cases with their plans. every: all uncertain numbers of tables and inventory, costs
    too. posterior: what is known of those of emission; kept: which of these `numbers` follow, [J]; known:
    what observations take off their covariance, as T of T T', [J, observations].
    """

    tables: Tables
    scenario: Scenario
    plan: Case
    frozen: Case
    every: Parameters
    posterior: Posterior
    kept: Ints
    numbers: Numbers
    known: Floats

    @property
    def conditioned(self) -> bool:
        """Whether observations have taught something of the numbers."""
        return self.posterior.found is not None

    def theta(self, size: int, seed: int) -> Floats:
        """Draws of the numbers that emission follows, [J, size], a Latin hypercube of AT_ONCE at a time."""
        parts = [
            self.posterior.draws(min(AT_ONCE, size - begin), 1000 * seed + APART + at)[self.kept]
            for at, begin in enumerate(range(0, size, AT_ONCE))
        ]
        return np.concatenate(parts, axis=1)


def make_given(tables: Tables, scenario: Scenario, inventory: Inventory, plan: Case, frozen: Case) -> Given:
    """What is uncertain of a plan. inventory: of the start year, with the scenario's calibration.

    Raises InputError as `parameters` and `posterior_for` do.
    """
    every = parameters(inventory, tables)
    known = every.narrowed((every.frame["kind"] != "cost").to_numpy(dtype=bool))
    posterior = posterior_for(tables, inventory, scenario.calibration, known)
    case = (plan.baseline, plan.options, plan.problem)
    numbers, kept = uncertain_numbers(tables, scenario, inventory, known, case, POLLUTANTS)
    numbers = replace(numbers, factor={**_by_activity(plan, len(kept)), **numbers.factor})
    return Given(tables, scenario, plan, frozen, every, posterior, kept, numbers, _taught(posterior)[kept])


def _taught(posterior: Posterior) -> Floats:
    """What observations take off the covariance of the parameters, to first order, [J, observations].

    The posterior covariance is P - P H'(H P H' + R)^-1 H P; with L L' the inner matrix, T = P H' L^-T.
    """
    count = len(posterior.parameters.frame)
    if posterior.found is None:
        return np.zeros((count, 0))
    fit = posterior.found.fit
    reached = fit.jacobian.toarray() * fit.inversion.log_sd**2
    return np.asarray(solve_triangular(fit.root, reached, lower=True)[:, :count].T)


def _by_activity(plan: Case, count: int) -> dict[str, tuple[Part, ...]]:
    """Quantities per unit of activity that have no uncertain factor (fuels, heat, power), by label."""
    problem, states = plan.problem, len(plan.problem.state_label)
    part = Part(np.ones(states), csr_array((states, count)), np.full(states, -1))
    follows = _follows_activity(plan)
    names = (str(label).partition("@")[0] for label in problem.quantity)
    return {
        name: (part,)
        for name, driver, stock in zip(names, problem.quantity_driver, problem.quantity_stock, strict=True)
        if follows[driver] and not stock
    }


def _follows_activity(plan: Case) -> Bools:
    """Which drivers of the problem are the activity of sources, [D]."""
    count = len(plan.sources)
    return np.array([np.array_equal(driver[:count], plan.activity) for driver in plan.problem.driver])
