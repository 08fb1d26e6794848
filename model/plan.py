"""The plan: one pathway for each source, and what it costs and uses, recomputed from the problem.

Nothing here knows a solver: cost, quantities and limits are summed in float64 from the arrays of the problem.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.problem.problem import Bools, Floats, Problem

TOLERANCE = 1e-6
"""A limit is missed when its shortfall is above this share of its scale, a mandate when this share of a
source is.
"""


@dataclass(frozen=True)
class Plan:
    """What a solver returns.

    share[k, y]: part of the source that is in state k on 31 December of year y (0 or 1 if not divisible).
    moved[m, y]: part that makes move m in year y. price[i]: CNY of the price year per unit of limit i that
    loosening it saves, not discounted, never negative; nan where the limit is not enforced. bound_cny:
    proven lower bound on the least cost (on the least cost at the least shortfall when infeasible). status:
    optimal (within the gap), feasible (the time ran out first), infeasible (some enforced limit or mandate
    is missed; `verify` says which and by how much).
    """

    share: Floats  # [K, Y]
    moved: Floats  # [M, Y]
    price: Floats  # [I]
    bound_cny: float
    status: str
    seconds: dict[str, float]


@dataclass(frozen=True)
class Evaluation:
    """What a plan costs and uses.

    cost_cny: the objective, discounted and weighted, over and above state 0. gross_cny: its positive terms.
    running: cost of being in states, [Y], CNY/yr; charged: `Problem.capital` of the moves made, [Y] (both
    neither discounted nor weighted). use: left side of each limit with its exogenous part, [I]. slack: room
    left, negative when missed, nan where there is no bound, [I]. shortfall: what is missing, never
    negative, [I]. achieved: in the words of the limit: N / D for a share, else `use`, [I].
    """

    cost_cny: float
    gross_cny: float
    running: Floats
    charged: Floats
    use: Floats
    slack: Floats
    shortfall: Floats
    achieved: Floats

    def gap(self, bound_cny: float) -> float:
        """(cost - bound) / gross spending; 0 when nothing is spent and nothing could be saved."""
        missing = max(self.cost_cny - bound_cny, 0.0)
        if self.gross_cny > 0:
            return missing / self.gross_cny
        return 0.0 if missing <= TOLERANCE else float("inf")


@dataclass(frozen=True)
class MissedMandate:
    """Source that stands in a state that a mandate forbids at the end of a year (indices of the problem)."""

    mandate: int
    source: int
    year: int
    share: float


@dataclass(frozen=True)
class Verdict:
    """limits: which enforced limits are missed, [I]; mandates: every miss; broken: faults of the plan
    itself.
    """

    limits: Bools
    mandates: tuple[MissedMandate, ...]
    broken: tuple[str, ...]

    @property
    def met(self) -> bool:
        """Whether the plan is whole and misses nothing."""
        return not (self.limits.any() or self.mandates or self.broken)


def start_share(problem: Problem) -> Floats:
    """1 for state 0 of each source, [K]: where everything stands at the end of the start year."""
    out = np.zeros(len(problem.state_label))
    out[problem.state_start[:-1]] = 1.0
    return out


def frozen_plan(problem: Problem) -> Plan:
    """Every source stays in state 0 (case frozen)."""
    years = len(problem.years)
    share = np.repeat(start_share(problem)[:, None], years, axis=1)
    moved = np.zeros((len(problem.move_from), years))
    price = np.full(len(problem.limit), np.nan)
    return Plan(share, moved, price, -np.inf, "feasible", {})


def part_year_share(problem: Problem, plan: Plan) -> Floats:
    """X = phi x[y] + (1 - phi) x[y - 1], [K, Y]: the share of the year's service given in each state."""
    before = np.column_stack([start_share(problem), plan.share[:, :-1]])
    phi = problem.part_year[problem.source_of_state][:, None]
    return np.asarray(phi * plan.share + (1 - phi) * before)


def use(problem: Problem, plan: Plan, quantity: int) -> Floats:
    """Use of one quantity by each source, [S, Y], in the unit of the quantity.

    States count with the part-year rule, stocks at the end of the year, moves when they are made.
    """
    share = plan.share if problem.quantity_stock[quantity] else part_year_share(problem, plan)
    return _use(problem, plan, quantity, share)


def _use(problem: Problem, plan: Plan, quantity: int, share: Floats) -> Floats:
    """`use` with the shares of the states given."""
    total = np.zeros((len(problem.source), len(problem.years)))
    owner = problem.source_of_state
    states = slice(*problem.state_factor_ptr[quantity : quantity + 2])
    moves = slice(*problem.move_factor_ptr[quantity : quantity + 2])
    state, factor = problem.state_factor_idx[states], problem.state_factor_val[states]
    move, move_factor = problem.move_factor_idx[moves], problem.move_factor_val[moves]
    for year in range(total.shape[1]):
        total[:, year] = np.bincount(owner[state], factor * share[state, year], len(total))
        if len(move):
            at = owner[problem.move_from[move]]
            total[:, year] += np.bincount(at, move_factor * plan.moved[move, year], len(total))
    return np.asarray(total * problem.driver[problem.quantity_driver[quantity]])


def evaluate(problem: Problem, plan: Plan) -> Evaluation:
    """Cost, use of every limit, slack and shortfall of a plan (design: section 5)."""
    standing = part_year_share(problem, plan)
    spent = problem.cost * standing
    capital = np.where(plan.moved > 0, problem.capital, 0.0) * plan.moved
    rate = problem.weight * problem.discount
    gross = rate @ (np.maximum(spent, 0).sum(axis=0) + np.maximum(capital, 0).sum(axis=0))
    terms = _term_values(problem, plan, standing)
    owner = np.repeat(np.arange(len(problem.limit)), np.diff(problem.term_ptr))
    left = np.bincount(owner, terms, len(problem.limit)) + problem.exogenous
    slack = problem.sense * (left - problem.bound)
    shortfall = np.maximum(np.nan_to_num(-slack, nan=0.0), 0.0)
    return Evaluation(
        cost_cny=float(rate @ (spent.sum(axis=0) + capital.sum(axis=0))),
        gross_cny=float(gross),
        running=spent.sum(axis=0),
        charged=capital.sum(axis=0),
        use=left,
        slack=slack,
        shortfall=shortfall,
        achieved=_achieved(problem, plan, standing, left),
    )


def _term_values(problem: Problem, plan: Plan, standing: Floats) -> Floats:
    """Coefficient times use of the cells of each term, [T]."""
    out = np.zeros(len(problem.term_coef))
    for quantity in np.unique(problem.term_quantity):
        share = plan.share if problem.quantity_stock[quantity] else standing
        used = _use(problem, plan, int(quantity), share)
        for term in np.flatnonzero(problem.term_quantity == quantity):
            chosen = problem.cell_set[problem.term_set[term]][problem.cell]
            out[term] = problem.term_coef[term] * used[chosen, problem.term_year[term]].sum()
    return out


def _achieved(problem: Problem, plan: Plan, standing: Floats, left: Floats) -> Floats:
    """Left sides, with N / D for the shares of `notes["shares"]` (nan where D is 0)."""
    out = left.copy()
    shares = problem.notes.get("shares", {})
    known: dict[int, Floats] = {}
    for index, label in enumerate(problem.limit.tolist()):
        if label not in shares:
            continue
        sums = []
        for part in ("numerator", "denominator"):
            total = float(shares[label][part + "_exogenous"])
            for quantity, year, coef, chosen in shares[label][part]:
                if quantity not in known:
                    share = plan.share if problem.quantity_stock[quantity] else standing
                    known[quantity] = _use(problem, plan, quantity, share)
                total += coef * known[quantity][problem.cell_set[chosen][problem.cell], year].sum()
            sums.append(total)
        out[index] = sums[0] / sums[1] if sums[1] else np.nan
    return out


def shortfall_scale(problem: Problem) -> Floats:
    """What a shortfall is a fraction of, [I]: the bound, the frozen left side when the bound is 0, or 1."""
    frozen = np.abs(evaluate(problem, frozen_plan(problem)).use)
    scale = np.abs(np.nan_to_num(problem.bound, nan=0.0))
    scale = np.where(scale > 0, scale, frozen)
    return np.where(scale > 0, scale, 1.0)


def verify(problem: Problem, plan: Plan, tolerance: float = TOLERANCE) -> Verdict:
    """Judge a plan: enforced limits missed, mandates missed, and whether its pathways are whole."""
    missed = evaluate(problem, plan).shortfall > tolerance * shortfall_scale(problem)
    return Verdict(
        missed & problem.enforced, _missed_mandates(problem, plan, tolerance), _broken(problem, plan)
    )


def _missed_mandates(problem: Problem, plan: Plan, tolerance: float) -> tuple[MissedMandate, ...]:
    """Every source and year that stands in a forbidden state."""
    out = []
    owner = problem.source_of_state
    rows = zip(problem.forbid_mandate, problem.forbid_state, problem.forbid_from, strict=True)
    for mandate, state, first in rows:
        for year in range(int(first), len(problem.years)):
            share = float(plan.share[state, year])
            if share > tolerance:
                out.append(MissedMandate(int(mandate), int(owner[state]), year, share))
    return tuple(sorted(out, key=lambda miss: (miss.mandate, miss.source, miss.year)))


def _broken(problem: Problem, plan: Plan, tolerance: float = TOLERANCE) -> tuple[str, ...]:
    """Faults of the pathways: shares that do not add up, moves that do not explain them, parts of a unit."""
    faults = []
    owner = problem.source_of_state
    before = np.column_stack([start_share(problem), plan.share[:, :-1]])
    for index, year in enumerate(problem.years.tolist()):
        net = np.bincount(problem.move_to, plan.moved[:, index], len(before))
        net -= np.bincount(problem.move_from, plan.moved[:, index], len(before))
        leaving = np.bincount(problem.move_from, plan.moved[:, index], len(before))
        total = np.bincount(owner, plan.share[:, index], len(problem.source))
        whole = plan.share[:, index]
        checks = {
            "shares of a source do not add to 1": owner[problem.state_start[:-1]][
                np.abs(total - 1) > tolerance
            ],
            "moves do not explain the states": owner[np.abs(before[:, index] + net - whole) > tolerance],
            "more leaves a state than was in it": owner[leaving > before[:, index] + tolerance],
            "a unit is split": owner[
                (np.abs(whole - np.round(whole)) > tolerance) & ~problem.divisible[owner]
            ],
            "a share is negative": owner[whole < -tolerance],
            "a move that is not offered": owner[problem.move_from][
                (plan.moved[:, index] > tolerance) & ~np.isfinite(problem.capital[:, index])
            ],
        }
        for fault, sources in checks.items():
            faults += [f"{problem.source[s]}, {year}: {fault}" for s in np.unique(sources)]
    return tuple(faults)
