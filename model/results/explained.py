"""explain.csv: what is in the way of what, how far missed limits could go, what would mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from model.problem.problem import Problem
from model.results.results import ordered
from model.scenario.scenario import Scenario

if TYPE_CHECKING:
    from model.solve.explain import Explanation

KINDS = (
    *("conflict_alone", "conflict", "conflict_whole", "conflict_found", "conflict_wide"),
    *("reach_alone", "reach_bound", "reach_together", "mend", "mend_later"),
)
"""conflict_whole: only whole units are in the way; mend_later: the limit holding a year later. Of large
problems: conflict_alone, conflict_found and, not narrowed down, conflict_wide; reach_bound for reach_alone.
"""

TEXTS = {
    "conflict": "can not hold together with the other rows of this kind; without any one the rest can",
    "conflict_whole": "as above, but only because units are whole: shares of units would do",
    "conflict_alone": "no plan can meet it under the mandates, whatever becomes of the other limits",
    "conflict_found": "as conflict, under all mandates; what would mend it was not looked for",
    "conflict_wide": "among these is a conflict, under all mandates; it was not narrowed down further",
    "reach_bound": "no plan can pass this under the mandates; whether one gets so far is not known",
    "reach_alone": "best it can reach under the mandates and the limits on resources alone",
    "reach_together": "what it reaches in the plan, with every other limit",
    "mend": "so much more of it, and every limit could hold",
    "mend_later": "if it held a year later, every limit could hold",
}


def explanation_frame(
    scenario: Scenario, problem: Problem, found: Explanation, judged: pd.DataFrame
) -> pd.DataFrame:
    """Rows of explain.csv: conflict (value: the bound), reach_alone, reach_together, mend, mend_later.

    judged: of `limit_frame`, in the order of the problem's limits.
    """
    rows = judged.to_dict("records")
    out: list[dict[str, object]] = []

    def add(kind: str, limit: int, value: float) -> None:
        row = rows[limit]
        named = {name: row[name] for name in ("limit", "clause", "unit")}
        out.append({"kind": kind, **named, "value": float(value), "text": TEXTS[kind]})

    for limit in found.alone.tolist():
        add("conflict_alone", limit, rows[limit]["bound"])
    kind = "conflict_whole" if found.whole else "conflict"
    if found.large:
        kind = "conflict_found" if found.narrowed else "conflict_wide"
    for limit in found.limits.tolist():
        add(kind, limit, rows[limit]["bound"])
    for mandate in found.mandates.tolist():
        name = str(problem.mandate[mandate])
        clause = "+".join(scenario.mandates[name].clauses)
        out.append({"kind": kind, "limit": name, "clause": clause, "unit": "", "text": TEXTS[kind]})
    for reach in found.reach:
        row = rows[reach.limit]
        # a share is shown in per cent, use against supply with the supply
        times = 100.0 if row["unit"] == "%" else 1.0
        best = "reach_bound" if found.large else "reach_alone"
        add(best, reach.limit, row["achieved"] + times * (reach.alone - reach.together))
        add("reach_together", reach.limit, row["achieved"])
    for mend in found.mends:
        if mend.later:
            add("mend_later", mend.limit, rows[mend.limit]["bound"])
        else:
            add("mend", mend.limit, mend.extra)
    frame = pd.DataFrame(out, columns=["kind", "limit", "clause", "value", "unit", "text"])
    frame["value"] = frame["value"].astype(float)
    return ordered(frame, "explanation")
