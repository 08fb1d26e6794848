"""One case of a run, and where its sources stand: what every table of the results is computed from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.base.words import POLLUTANTS
from model.baseline import Baseline
from model.options.options import Options
from model.plan import Evaluation, Plan, evaluate, part_year_share
from model.problem.problem import Floats, Ints, Problem

if TYPE_CHECKING:
    from model.solve.emission import Emitted


@dataclass(frozen=True)
class Case:
    """A case and its answer. In case frozen the plan keeps every source in state 0.

    The first rows of the problem's states are those of `options.states`, in its order; projects follow.
    emitted: what was minimised where that is not cost.
    """

    baseline: Baseline
    options: Options
    problem: Problem
    plan: Plan
    emitted: Emitted | None = None

    @property
    def name(self) -> str:
        """frozen, current_law or plan."""
        return self.baseline.case

    @property
    def sources(self) -> pd.DataFrame:
        """Sources of the inventory, [S]; the problem has these first and projects behind them."""
        return self.baseline.inventory.sources

    @cached_property
    def projects(self) -> pd.DataFrame:
        """The optional projects, [P], index = source, in the order in which the problem has them."""
        order = self.problem.source[len(self.sources) :].astype(object)
        return self.options.projects.set_index("source").loc[order]

    @cached_property
    def share(self) -> Floats:
        """Part of each source that is in each state at the end of each year, [K, Y]."""
        return self.plan.shares(self.problem)

    @cached_property
    def moved(self) -> Floats:
        """Part of each source that makes each move in each year, [M, Y]."""
        return self.plan.moves(self.problem)

    @cached_property
    def used(self) -> Floats:
        """Share of the year's service given in each state, [K, Y]."""
        return part_year_share(self.problem, self.share)

    @cached_property
    def found(self) -> Evaluation:
        """What the plan costs and uses."""
        return evaluate(self.problem, self.plan)

    @cached_property
    def owner(self) -> Ints:
        """Source of each state, [K]."""
        return self.problem.source_of_state

    @cached_property
    def activity(self) -> Floats:
        """Activity of the decision years, [S, Y]."""
        years = self.problem.years
        return self.baseline.inventory.activity.sel(year=years).transpose("source", "year").to_numpy()

    @cached_property
    def response(self) -> Floats:
        """What changes multiply the emission factor of every state by, [S, Y, pollutant]."""
        order = ("source", "year", "pollutant")
        return (
            self.baseline.response.sel(year=self.problem.years, pollutant=list(POLLUTANTS))
            .transpose(*order)
            .to_numpy()
        )


def share_in(problem: Problem, other: Problem, share: Floats) -> Floats:
    """The pathway `share` of `other` in the states of `problem`, by labels of source and state, [K, Y].

    A state that `problem` does not have counts as state 0; a source that `other` does not have stays in
    state 0.
    """
    same_sources = np.array_equal(problem.source, other.source)
    if same_sources and np.array_equal(problem.state_label, other.state_label):
        return share
    here = _keys(problem)
    place = here.get_indexer(_keys(other))
    known = place >= 0
    zero = problem.state_start[:-1]
    owner_of = pd.Index(problem.source.astype(object)).get_indexer(
        other.source.astype(object)[other.source_of_state]
    )
    lost = ~known & (owner_of >= 0)
    out = np.zeros((len(problem.state_label), len(problem.years)))
    np.add.at(out, place[known], share[known])
    np.add.at(out, zero[owner_of[lost]], share[lost])
    missing = np.add.reduceat(out, zero, axis=0) == 0
    out[zero] += missing
    return out


def _keys(problem: Problem) -> pd.Index:
    sources = problem.source.astype(object)[problem.source_of_state]
    return pd.Index(
        [f"{source}\x1f{label}" for source, label in zip(sources, problem.state_label, strict=True)]
    )


def full_year(problem: Problem) -> Ints:
    """Index of the first full year after a year's moves: the next decision year, the last one where none
    follows.
    """
    return np.minimum(np.arange(len(problem.years)) + 1, len(problem.years) - 1)
