"""Least cost by trying every pathway: written from design.md alone, shares no code with model/."""

from __future__ import annotations

import itertools

import numpy as np
from scipy.optimize import LinearConstraint, linprog, milp

from model.problem.problem import Problem


def pathways(problem: Problem, s: int) -> list[tuple[int, ...]]:
    """Every pathway of source s that its mandates allow (state 0 first in the years in which they leave
    none).
    """
    first, end = int(problem.state_start[s]), int(problem.state_start[s + 1])
    years = len(problem.years)
    bans = {
        (int(k), y)
        for k, f in zip(problem.forbid_state, problem.forbid_from, strict=True)
        for y in range(f, years)
    }
    for spared in range(years + 1):
        found = []
        for path in itertools.product(range(first, end), repeat=years):
            before = first
            for y, state in enumerate(path):
                free = state == first and y < spared
                if (state, y) in bans and not free:
                    break
                if state != before and np.isinf(_capital(problem, before, state, y)):
                    break
                before = state
            else:
                found.append(path)
        if found:
            return found
    raise AssertionError("staying is always possible")


def _move(problem: Problem, a: int, b: int) -> int | None:
    for m in range(len(problem.move_from)):
        if problem.move_from[m] == a and problem.move_to[m] == b:
            return m
    return None


def _capital(problem: Problem, a: int, b: int, y: int) -> float:
    m = _move(problem, a, b)
    return np.inf if m is None else float(problem.charge[y] * problem.capital[m, y])


def _factor(pointer: np.ndarray, index: np.ndarray, value: np.ndarray, q: int, item: int | None) -> float:
    for at in range(pointer[q], pointer[q + 1]):
        if index[at] == item:
            return float(value[at])
    return 0.0


def worth(problem: Problem, s: int, path: tuple[int, ...]) -> tuple[float, np.ndarray]:
    """Cost of a pathway and what it adds to each limit."""
    zero, phi = int(problem.state_start[s]), float(problem.part_year[s])
    cost, uses = 0.0, {}
    for y in range(len(path)):
        before = zero if y == 0 else path[y - 1]
        rate = problem.discount[y] * problem.weight[y]
        cost += rate * (phi * problem.cost[path[y], y] + (1 - phi) * problem.cost[before, y])
        move = _move(problem, before, path[y]) if before != path[y] else None
        if move is not None:
            cost += rate * problem.charge[y] * problem.capital[move, y]
        for q in range(len(problem.quantity)):
            f = [
                _factor(problem.state_factor_ptr, problem.state_factor_idx, problem.state_factor_val, q, k)
                for k in (path[y], before)
            ]
            amount = f[0] if problem.quantity_stock[q] else phi * f[0] + (1 - phi) * f[1]
            amount += _factor(
                problem.move_factor_ptr, problem.move_factor_idx, problem.move_factor_val, q, move
            )
            uses[q, y] = amount * problem.driver[problem.quantity_driver[q], s, y]
    left = np.zeros(len(problem.limit))
    for i in range(len(left)):
        for t in range(problem.term_ptr[i], problem.term_ptr[i + 1]):
            if problem.cell_set[problem.term_set[t], problem.cell[s]]:
                left[i] += (
                    problem.term_coef[t] * uses[int(problem.term_quantity[t]), int(problem.term_year[t])]
                )
    return cost, left


def everything(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Cost and left sides of every combination of pathways (units only)."""
    costs, lefts = np.zeros(1), problem.exogenous[None, :].copy()
    for s in range(len(problem.source)):
        values = [worth(problem, s, path) for path in pathways(problem, s)]
        own, add = np.array([v[0] for v in values]), np.array([v[1] for v in values])
        costs = (costs[:, None] + own).ravel()
        lefts = (lefts[:, None, :] + add).reshape(-1, lefts.shape[1])
    return costs, lefts


def missing(problem: Problem, lefts: np.ndarray) -> np.ndarray:
    """Shortfall of each enforced limit, 0 for the others."""
    short = np.maximum(problem.sense * (problem.bound - lefts), 0)
    return np.where(problem.enforced & np.isfinite(problem.bound), short, 0.0)


def best_units(problem: Problem) -> float:
    """Least cost when every source is a unit; inf when no combination meets the limits."""
    costs, lefts = everything(problem)
    fine = (missing(problem, lefts) <= 1e-9).all(axis=1)
    return float(costs[fine].min()) if fine.any() else np.inf


def best_mixed(problem: Problem) -> float:
    """Least cost with divisible sources: weights of pathways, by scipy; inf when infeasible."""
    costs, lefts, owners = [], [], []
    for s in range(len(problem.source)):
        for path in pathways(problem, s):
            cost, left = worth(problem, s, path)
            costs.append(cost)
            lefts.append(left)
            owners.append(s)
    owner, columns = np.array(owners), np.array(lefts).T
    ones = (owner[None, :] == np.arange(len(problem.source))[:, None]).astype(float)
    kept = problem.enforced & np.isfinite(problem.bound)
    rows = -problem.sense[kept, None] * columns[kept]
    right = -problem.sense[kept] * (problem.bound - problem.exogenous)[kept]
    if problem.divisible.all():
        found = linprog(costs, rows, right, ones, np.ones(len(ones)), method="highs")
    else:
        limits = [LinearConstraint(rows, -np.inf, right), LinearConstraint(ones, 1, 1)]
        whole = (~problem.divisible[owner]).astype(int)
        found = milp(costs, constraints=limits, integrality=whole, bounds=(0, 1), options={"mip_rel_gap": 0})
    return float(found.fun) if found.status == 0 else np.inf


def least_shortfalls(problem: Problem, scale: np.ndarray) -> tuple[list[float], float]:
    """Sum of scaled shortfalls of each strength, strongest first, and the least cost at them (units only)."""
    costs, lefts = everything(problem)
    short = missing(problem, lefts) / scale
    keep, sums = np.ones(len(costs), dtype=bool), []
    for strength in sorted(set(problem.strength[problem.enforced].tolist()), reverse=True):
        total = short[:, problem.enforced & (problem.strength == strength)].sum(axis=1)
        least = float(total[keep].min())
        sums.append(least)
        keep &= total <= least + 1e-9
    return sums, float(costs[keep].min())
