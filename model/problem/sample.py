"""Some of the sources of a problem, or some of its limits, as a problem of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.problem.problem import Floats, Ints, Places, Problem


def sample(problem: Problem, sources: Ints) -> Problem:
    """The problem of these sources [N] (ascending) alone; limits, bounds and exogenous parts are the same."""
    states, state_place = _ranges(problem.state_start, sources)
    moves, move_place = _ranges(problem.move_start, sources)
    state_ptr, state_idx, state_val = _chosen(
        problem.state_factor_ptr, problem.state_factor_idx, problem.state_factor_val, state_place
    )
    move_ptr, move_idx, move_val = _chosen(
        problem.move_factor_ptr, problem.move_factor_idx, problem.move_factor_val, move_place
    )
    forbidden = np.flatnonzero(state_place[problem.forbid_state] >= 0)
    return replace(
        problem,
        source=problem.source[sources],
        divisible=problem.divisible[sources],
        part_year=problem.part_year[sources],
        cell=problem.cell[sources],
        state_start=np.concatenate([[0], np.cumsum(np.diff(problem.state_start)[sources])]),
        state_label=problem.state_label[states],
        cost=problem.cost[states],
        move_from=state_place[problem.move_from[moves]],
        move_to=state_place[problem.move_to[moves]],
        capital=problem.capital[moves],
        driver=problem.driver[:, sources],
        state_factor_ptr=state_ptr,
        state_factor_idx=state_idx,
        state_factor_val=state_val,
        move_factor_ptr=move_ptr,
        move_factor_idx=move_idx,
        move_factor_val=move_val,
        forbid_mandate=problem.forbid_mandate[forbidden],
        forbid_state=state_place[problem.forbid_state[forbidden]],
        forbid_from=problem.forbid_from[forbidden],
    )


def with_limits(problem: Problem, limits: Ints) -> Problem:
    """The problem with these limits [N] (ascending) alone, and no cells or sets but theirs."""
    terms, _ = _ranges(problem.term_ptr, limits)
    sets, term_set = np.unique(problem.term_set[terms], return_inverse=True)
    cells, cell = np.unique(problem.cell, return_inverse=True)
    return replace(
        problem,
        cell=cell,
        limit=problem.limit[limits],
        sense=problem.sense[limits],
        bound=problem.bound[limits],
        exogenous=problem.exogenous[limits],
        enforced=problem.enforced[limits],
        strength=problem.strength[limits],
        term_ptr=np.concatenate([[0], np.cumsum(np.diff(problem.term_ptr)[limits])]),
        term_quantity=problem.term_quantity[terms],
        term_year=problem.term_year[terms],
        term_coef=problem.term_coef[terms],
        term_set=term_set,
        cell_set=problem.cell_set[np.ix_(sets, cells)],
    )


def _ranges(start: Ints, sources: Ints) -> tuple[Ints, Places]:
    """Items of the sources, and of every item its place among them (-1: not one of them)."""
    number = np.diff(start)[sources]
    items = np.repeat(start[sources] - np.cumsum(number) + number, number) + np.arange(number.sum())
    place = np.full(int(start[-1]), -1, dtype=np.int32)
    place[items] = np.arange(len(items))
    return items, place


def _chosen(ptr: Ints, idx: Ints, val: Floats, place: Places) -> tuple[Ints, Places, Floats]:
    """Compressed rows of the chosen items."""
    kept = place[idx] >= 0
    counts = (
        np.add.reduceat(np.append(kept, False), ptr[:-1]) if len(ptr) > 1 else np.zeros(0, dtype=np.int64)
    )
    counts = np.where(np.diff(ptr) > 0, counts, 0)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), place[idx[kept]], val[kept]
