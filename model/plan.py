"""The plan: one pathway for each source, and what it costs and uses, recomputed from the problem.

Nothing here knows a solver: cost, quantities and limits are summed in float64 from the arrays of the problem.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from model.base.display import html_table
from model.problem.problem import Bools, Floats, Ints, Problem
from model.problem.reach import best_reach

TOLERANCE = 1e-6
"""A limit is missed when its shortfall is above this share of its scale, a mandate when this share of a
source is.
"""


PARTS = ("numerator", "denominator")
"""Of a share."""


@dataclass(frozen=True)
class Plan:
    """What a solver returns: P pathways, at least one of each source, sorted by source.

    A source that is not divisible has one pathway of share 1; the shares of a divisible one add to 1.
    state[p, y]: global state on 31 December of year y. price[i]: CNY of the price year per unit of limit i
    that loosening it saves, not discounted, never negative; nan where the limit is not enforced. bound_cny:
    proven lower bound on the least cost (on the least cost at the least shortfall when infeasible). status:
    optimal (within the gap), feasible (the time ran out first), infeasible (some enforced limit or mandate
    is missed; `verify` says which and by how much). route: the stages that solving went through, in words.
    """

    source: Ints  # [P]
    share: Floats  # [P]
    state: Ints  # [P, Y]
    price: Floats  # [I]
    bound_cny: float
    status: str
    seconds: dict[str, float]
    route: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        """How good it is and how it was found, for notebooks; `evaluate` says what it costs."""
        rows = [
            ("proven lower bound on the cost, CNY", self.bound_cny),
            ("pathways", len(self.source)),
            ("limits with a price", int((self.price > 0).sum())),
            ("route", "; ".join(self.route)),
        ]
        return html_table(f"Plan: {self.status}", ("", ""), rows)

    def shares(self, problem: Problem) -> Floats:
        """Part of each source that is in state k on 31 December of year y, [K, Y]."""
        out = np.zeros((len(problem.state_label), len(problem.years)))
        for year in range(out.shape[1]):
            out[:, year] = np.bincount(self.state[:, year], self.share, len(out))
        return out

    def moves(self, problem: Problem) -> Floats:
        """Part of each source that makes move m in year y, [M, Y].

        Raises:
            ValueError: a step that is no move of the problem.
        """
        out = np.zeros((len(problem.move_from), len(problem.years)))
        path, year, move = steps(problem, self)
        if (move < 0).any():
            raise ValueError("the plan makes a step that is no move of the problem")
        np.add.at(out, (move, year), self.share[path])
        return out


def whole_plan(problem: Problem, state: Ints) -> Plan:
    """The plan in which every source is one pathway, state [S, Y]; its bound and prices are not known."""
    count = len(problem.source)
    price = np.full(len(problem.limit), np.nan)
    return Plan(np.arange(count), np.ones(count), state, price, -np.inf, "feasible", {})


def frozen_plan(problem: Problem) -> Plan:
    """Every source stays in state 0 (case frozen)."""
    zero = problem.state_start[:-1]
    return whole_plan(problem, np.repeat(zero[:, None], len(problem.years), axis=1))


def steps(problem: Problem, plan: Plan) -> tuple[Ints, Ints, Ints]:
    """Every change of state: pathway, year and global move (-1 where the problem has none), each [N]."""
    before = np.column_stack([problem.state_start[plan.source], plan.state[:, :-1]])
    path, year = np.nonzero(plan.state != before)
    move = problem.find_moves(before[path, year], plan.state[path, year])
    return path, year, move


@dataclass(frozen=True)
class Evaluation:
    """What a plan costs and uses.

    cost_cny: the objective, discounted and weighted, over and above state 0. gross_cny: its positive terms.
    running: cost of being in states, [Y], CNY/yr; charged: capital of the moves made, charged to the
    horizon's end, [Y] (both neither discounted nor weighted). use: left side of each limit with its
    exogenous part, [I]. slack: room left, negative when missed, nan where there is no bound, [I]. shortfall:
    what is missing, never negative, [I]. achieved: in the words of the limit: N / D for a share, else `use`,
    [I].
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


def part_year_share(problem: Problem, share: Floats) -> Floats:
    """X = phi x[y] + (1 - phi) x[y - 1], [K, Y]: the share of the year's service given in each state.

    share: x, as `Plan.shares` gives it.
    """
    start = np.zeros(len(share))
    start[problem.state_start[:-1]] = 1.0
    before = np.column_stack([start, share[:, :-1]])
    phi = problem.part_year[problem.source_of_state][:, None]
    return np.asarray(phi * share + (1 - phi) * before)


def use(problem: Problem, plan: Plan, quantity: int) -> Floats:
    """Use of one quantity by each source, [S, Y], in the unit of the quantity.

    States count with the part-year rule, stocks at the end of the year, moves when they are made.
    """
    count, years = len(problem.source), len(problem.years)
    factor = problem.state_factor(quantity)
    total = np.zeros((count, years))
    before = factor[problem.state_start[plan.source]]
    phi = problem.part_year[plan.source]
    for year in range(years):
        now = factor[plan.state[:, year]]
        standing = now if problem.quantity_stock[quantity] else phi * now + (1 - phi) * before
        total[:, year] = np.bincount(plan.source, plan.share * standing, count)
        before = now
    moved = problem.move_factor(quantity)
    if moved.any():
        path, year_of, move = steps(problem, plan)
        made = plan.share[path] * np.where(move < 0, 0.0, moved[move])
        np.add.at(total, (plan.source[path], year_of), made)
    total *= problem.driver[problem.quantity_driver[quantity]]
    return total


def evaluate(problem: Problem, plan: Plan) -> Evaluation:
    """Cost, use of every limit, slack and shortfall of a plan (design: section 5)."""
    rate = problem.weight * problem.discount
    running, positive = _running(problem, plan)
    charged, spent = _charged(problem, plan)
    used = _Used(problem, plan)
    terms = used.terms()
    owner = np.repeat(np.arange(len(problem.limit)), np.diff(problem.term_ptr))
    left = np.bincount(owner, terms, len(problem.limit)) + problem.exogenous
    slack = problem.sense * (left - problem.bound)
    shortfall = np.maximum(np.nan_to_num(-slack, nan=0.0), 0.0)
    return Evaluation(
        cost_cny=float(rate @ (running + charged)),
        gross_cny=float(rate @ (positive + spent)),
        running=running,
        charged=charged,
        use=left,
        slack=slack,
        shortfall=shortfall,
        achieved=used.achieved(left),
    )


def _running(problem: Problem, plan: Plan) -> tuple[Floats, Floats]:
    """Cost of being in states, and its positive part, [Y], CNY/yr."""
    years = len(problem.years)
    total, positive = np.zeros(years), np.zeros(years)
    phi = problem.part_year[plan.source]
    before = problem.state_start[plan.source]
    for year in range(years):
        now = plan.state[:, year]
        for state, part in ((now, phi), (before, 1 - phi)):
            spent = plan.share * part * problem.cost[state, year]
            total[year] += spent.sum()
            positive[year] += np.maximum(spent, 0).sum()
        before = now
    return total, positive


def _charged(problem: Problem, plan: Plan) -> tuple[Floats, Floats]:
    """Capital of the moves made, and its positive part, [Y]; a step that is no move or not on offer is free
    here and `verify` names it.
    """
    path, year, move = steps(problem, plan)
    made = move >= 0
    path, year, move = path[made], year[made], move[made]
    capital = problem.capital[move, year]
    spent = plan.share[path] * np.where(np.isfinite(capital), capital, 0.0) * problem.charge[year]
    total, positive = np.zeros(len(problem.years)), np.zeros(len(problem.years))
    np.add.at(total, year, spent)
    np.add.at(positive, year, np.maximum(spent, 0))
    return total, positive


class _Used:
    """Use by year and set of cells of the quantities that limits speak of."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem = problem
        sets, cells = problem.cell_set.shape
        self.shares = problem.notes.get("shares", {})
        parts = (row for share in self.shares.values() for part in PARTS for row in share[part])
        self.quantity = np.union1d(problem.term_quantity, [row[0] for row in parts]).astype(np.int64)
        self.total = np.zeros((len(self.quantity), len(problem.years), sets))
        member = problem.cell_set.T.astype(float)
        for place, quantity in enumerate(self.quantity.tolist()):
            used = use(problem, plan, quantity)
            for year in range(used.shape[1]):
                self.total[place, year] = np.bincount(problem.cell, used[:, year], cells) @ member

    def terms(self) -> Floats:
        """Of each term of the limits, [T]."""
        p = self.problem
        place = np.searchsorted(self.quantity, p.term_quantity)
        return np.asarray(p.term_coef * self.total[place, p.term_year, p.term_set])

    def achieved(self, left: Floats) -> Floats:
        """Left sides, with N / D for the shares of `notes["shares"]` (nan where D is 0)."""
        out = left.copy()
        for index, label in enumerate(self.problem.limit.tolist()):
            if label not in self.shares:
                continue
            numerator, denominator = (
                float(self.shares[label][part + "_exogenous"])
                + sum(self._term(*row) for row in self.shares[label][part])
                for part in PARTS
            )
            out[index] = numerator / denominator if denominator else np.nan
        return out

    def _term(self, quantity: int, year: int, coef: float, chosen: int) -> float:
        """Coefficient times use of the cells of a set."""
        return coef * float(self.total[np.searchsorted(self.quantity, quantity), year, chosen])


def shortfall_scale(problem: Problem, among: Bools | None = None) -> Floats:
    """What a shortfall is a fraction of, [I]: the bound; the frozen left side when the bound is 0; the worst
    left side of any plan when both are (a supply of something new), so that sums of 1e8 t are not held to
    the tonne; or 1.

    among: the limits asked for, [I]; others may have 1 where their bound is 0.
    """
    asked = np.ones(len(problem.bound), dtype=bool) if among is None else among
    scale = np.abs(np.nan_to_num(problem.bound, nan=0.0))
    if (asked & (scale == 0)).any():
        scale = np.where(scale > 0, scale, np.abs(evaluate(problem, frozen_plan(problem)).use))
    new = (scale == 0) & np.isfinite(problem.bound) & asked
    if new.any():
        scale[new] = np.abs(best_reach(replace(problem, sense=-problem.sense), among=new)[new])
    return np.where(scale > 0, scale, 1.0)


def verify(
    problem: Problem, plan: Plan, tolerance: float = TOLERANCE, found: Evaluation | None = None
) -> Verdict:
    """Judge a plan: enforced limits missed, mandates missed, and whether its pathways are whole.

    found: what `evaluate` says of it, if that is known.
    """
    shortfall = (evaluate(problem, plan) if found is None else found).shortfall
    doubtful = (shortfall > 0) & problem.enforced
    missed = doubtful & (shortfall > tolerance * shortfall_scale(problem, among=doubtful))
    return Verdict(missed, _missed_mandates(problem, plan, tolerance), _broken(problem, plan))


def _missed_mandates(problem: Problem, plan: Plan, tolerance: float) -> tuple[MissedMandate, ...]:
    """Every source and year that stands in a forbidden state."""
    if len(problem.forbid_state) == 0:
        return ()
    years = len(problem.years)
    code = plan.state * years + np.arange(years)
    stood, place = np.unique(code, return_inverse=True)
    share = np.bincount(place.ravel(), np.repeat(plan.share, years), len(stood))
    wanted = problem.forbid_state[:, None] * years + np.arange(years)
    at = np.minimum(np.searchsorted(stood, wanted), len(stood) - 1)
    late = np.arange(years) >= problem.forbid_from[:, None]
    hit = (stood[at] == wanted) & late & (share[at] > tolerance)
    row, year = np.nonzero(hit)
    source = np.searchsorted(problem.state_start, problem.forbid_state[row], side="right") - 1
    found = zip(problem.forbid_mandate[row], source, year, share[at[row, year]], strict=True)
    misses = [MissedMandate(int(m), int(s), int(y), float(v)) for m, s, y, v in found]
    return tuple(sorted(misses, key=lambda miss: (miss.mandate, miss.source, miss.year)))


def _broken(problem: Problem, plan: Plan, tolerance: float = TOLERANCE) -> tuple[str, ...]:
    """Faults of the pathways: shares that do not add up, steps that are no moves, parts of a unit."""
    count = len(problem.source)
    everyone = np.arange(count)
    total = np.bincount(plan.source, plan.share, count)
    unit = ~problem.divisible[plan.source]
    split = unit & (np.abs(plan.share - np.round(plan.share)) > tolerance)
    first, last = problem.state_start[plan.source], problem.state_start[plan.source + 1]
    foreign = ((plan.state < first[:, None]) | (plan.state >= last[:, None])).any(axis=1)
    faults = [
        f"{problem.source[s]}: {fault}"
        for fault, sources in (
            ("shares of a source do not add to 1", everyone[np.abs(total - 1) > tolerance]),
            ("a unit is split", np.unique(plan.source[split])),
            ("a share is negative", np.unique(plan.source[plan.share < -tolerance])),
            ("a state of another source", np.unique(plan.source[foreign])),
        )
        for s in sources
    ]
    if foreign.any():
        return tuple(faults)
    path, year, move = steps(problem, plan)
    offered = move >= 0
    offered[offered] = np.isfinite(problem.capital[move[offered], year[offered]])
    wrong = np.flatnonzero(~offered & (plan.share[path] > tolerance))
    faults += [
        f"{problem.source[plan.source[path[n]]]}, {problem.years[year[n]]}: a move that is not offered"
        for n in wrong
    ]
    return tuple(faults)
