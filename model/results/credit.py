"""credit.csv: what the plan would lose without each clause, beside what the actions that name it do."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from model.results.results import COLUMNS, CREDITED, ordered


@dataclass(frozen=True)
class Loss:
    """What is lost without some clauses, which answer one and the same entries.

    year: that of the emission. status: solved; no_solve where the plan is shown to stay the cheapest; no_plan
    where none was found that meets the rest, and nothing is known of what is lost (nan).
    emission: t more in the year, by pollutant. saving_cny: present value; at_most_cny: no plan without the
    clauses saves more than that, proven.
    """

    clauses: frozenset[str]
    entries: tuple[str, ...]
    year: int
    status: str
    emission: Mapping[str, float]
    saving_cny: float
    at_most_cny: float


@dataclass(frozen=True)
class Credit:
    """losses: of what can be dropped; reasons: of every other clause, why nothing is dropped with it."""

    losses: Sequence[Loss]
    reasons: Mapping[str, str]


def credit_frame(credit: Credit, register: pd.DataFrame, plan: str, actions: pd.DataFrame) -> pd.DataFrame:
    """A row a clause, in the order of the register.

    actions: plan.csv. An action that names several clauses counts for each of them.
    """
    found = {clause: loss for loss in credit.losses for clause in loss.clauses}
    done = _by_clause(actions)
    rows = []
    for clause in register["clause"].astype(str):
        loss = found.get(clause)
        row: dict[Hashable, Any] = {"clause": clause, "plan": plan, "together": "", "entries": ""}
        if loss is None:
            row |= {"status": credit.reasons[clause]}
        else:
            row |= {
                "together": "+".join(sorted(loss.clauses - {clause})),
                "entries": "+".join(loss.entries),
                "status": loss.status,
                "year": loss.year,
                "saving_cny": loss.saving_cny,
                "saving_at_most_cny": loss.at_most_cny,
                **{f"loss_{pollutant}_t": loss.emission[pollutant] for pollutant in CREDITED},
            }
        rows.append(row | {"actions": 0} | done.get(clause, {}))
    frame = pd.DataFrame(rows).reindex(columns=list(COLUMNS["credit"]))
    return ordered(frame.assign(year=frame["year"].astype("Int64")), "credit")


def _by_clause(actions: pd.DataFrame) -> dict[str, dict[Hashable, Any]]:
    """Number, cost and abatement of the actions that name each clause."""
    columns = {f"abated_{pollutant}_t": f"action_{pollutant}_t" for pollutant in CREDITED}
    columns |= {"annual_cost_cny": "action_annual_cost_cny"}
    named = actions.assign(clause=actions["clause"].astype(str).str.split("+"), actions=1).explode("clause")
    sums = named[named["clause"] != ""].groupby("clause")[["actions", *columns]].sum().rename(columns=columns)
    return {str(row.pop("clause")): row for row in sums.reset_index().to_dict("records")}
