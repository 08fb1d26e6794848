"""What is kept of one solved case of a sweep."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from model.base.faults import InputError
from model.plan import Plan, Verdict, shortfall_scale, verify
from model.results.actions import LEAST
from model.results.case import Case
from model.results.emissions import account_frame, emission_by_source
from model.results.limits import limit_prices
from model.scenario.scenario import Scenario

REFUSED, FAILED = "refused", "failed"


@dataclass(frozen=True)
class Outcome:
    """What a case comes to, recomputed from its problem.

    status: optimal (within the gap asked for), feasible, infeasible (a plan of little shortfall, since none
    meets every limit or none was found in short time; nothing is proven of its cost), refused (no problem
    could be made) or failed (the solver gave up); of these two reason says why, and all else is empty.

    cost_cny, bound_cny, gap: as in a manifest. investment_cny: overnight, of all years. emission: t of the
    last year inside the official accounts. measures: sources that take each, divisible ones by their share.
    prices: of limits that have one, in the units of limits.csv. binds: entries with a price, by what they
    bound times its price. missed: limits and mandates; shortfall: the sum over the limits missed, each as a
    share of its scale.
    """

    status: str
    reason: str = ""
    cost_cny: float | None = None
    bound_cny: float | None = None
    gap: float | None = None
    investment_cny: float | None = None
    emission: Mapping[str, float] = field(default_factory=dict)
    measures: Mapping[str, float] = field(default_factory=dict)
    prices: Mapping[str, float] = field(default_factory=dict)
    binds: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    shortfall: float | None = None

    def to_text(self) -> str:
        """As JSON; numbers come back the same."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> Outcome:
        """What `to_text` wrote.

        Raises:
            ValueError: it is something else.
        """
        try:
            data: dict[str, Any] = json.loads(text)
            return cls(**{**data, "binds": tuple(data["binds"]), "missed": tuple(data["missed"])})
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(str(error)) from None


def refused(error: InputError) -> Outcome:
    """The outcome of a case of which no problem can be made."""
    return Outcome(REFUSED, reason="; ".join(str(fault) for fault in error.faults))


def outcome_of(scenario: Scenario, case: Case) -> Outcome:
    """Recompute what a solved case comes to."""
    plan, problem = case.plan, case.problem
    met = plan.status != "infeasible"
    bounded = met and np.isfinite(plan.bound_cny)
    verdict = verify(problem, plan, found=case.found)
    prices = np.nan_to_num(limit_prices(scenario, case))
    priced = np.flatnonzero(prices > 0) if met else np.zeros(0, dtype=np.int64)
    return Outcome(
        status=plan.status,
        cost_cny=case.found.cost_cny,
        bound_cny=plan.bound_cny if bounded else None,
        gap=case.found.gap(plan.bound_cny) if bounded else None,
        investment_cny=_investment(case),
        emission=_emission(case),
        measures=_measures(case),
        prices={str(problem.limit[at]): float(prices[at]) for at in priced},
        binds=_binding(case, plan),
        missed=_missed(case, verdict),
        shortfall=_shortfall(case, verdict),
    )


def _investment(case: Case) -> float:
    """Overnight money of all moves and projects, CNY."""
    made = case.moved.sum(axis=1)
    own = len(case.options.moves)
    spent = made[:own] @ case.options.moves["overnight"].to_numpy(float)
    return float(spent + made[own:] @ case.projects["overnight"].to_numpy(float))


def _emission(case: Case) -> dict[str, float]:
    """Tonnes of the last year by pollutant, without sources outside the official accounts."""
    rows = account_frame([(case, emission_by_source(case))])
    last = rows[rows["year"] == int(case.problem.years[-1])]
    return {str(name): float(value) for name, value in zip(last["pollutant"], last["value"], strict=True)}


def _measures(case: Case) -> dict[str, float]:
    """Sources by measure, and `project.ID` of what is built."""
    made = case.moved.sum(axis=1)
    own = len(case.options.moves)
    found: dict[str, float] = {}
    packages = case.options.moves["measures"].to_numpy(dtype=object)
    for move in np.flatnonzero(made[:own] > LEAST):
        for measure in packages[move]:
            found[str(measure)] = found.get(str(measure), 0.0) + float(made[move])
    for label, share in zip(case.projects.index, made[own:], strict=True):
        if share > LEAST:
            found[str(label)] = float(share)
    return dict(sorted(found.items()))


def _binding(case: Case, plan: Plan) -> tuple[str, ...]:
    """Entries of which some limit has a price, those first whose sums at their prices are worth most."""
    worth: dict[str, float] = {}
    found = zip(case.problem.limit.tolist(), np.nan_to_num(plan.price), case.found.use, strict=True)
    for label, price, used in found:
        if price > 0 and plan.status != "infeasible":
            entry = label.partition("/")[0]
            worth[entry] = worth.get(entry, 0.0) + float(price * abs(used))
    return tuple(sorted(worth, key=lambda entry: (-worth[entry], entry)))


def _shortfall(case: Case, verdict: Verdict) -> float:
    """What limits are missed by, each as a share of its scale, together."""
    if not verdict.limits.any():
        return 0.0
    return float((case.found.shortfall / shortfall_scale(case.problem))[verdict.limits].sum())


def _missed(case: Case, verdict: Verdict) -> tuple[str, ...]:
    """Labels of the limits and ids of the mandates that are missed."""
    limits = case.problem.limit[verdict.limits].tolist()
    mandates = {str(case.problem.mandate[miss.mandate]) for miss in verdict.mandates}
    return (*limits, *sorted(mandates))
