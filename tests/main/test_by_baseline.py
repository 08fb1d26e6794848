"""What the baseline meets, found again by another route: `met_by_baseline` stands there and nowhere else.

Limits by the columns of limits.csv, mandates by the states that the problem forbids, changes by the sources
of case frozen; selectors are read by the outsider. What the baseline meets is free.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from model.plan import evaluate
from model.results.case import share_in
from model.scenario.load import load_scenario
from model.solve.solve import solve
from tests.levels import LONG
from tests.main.outsider import chosen, share
from tests.main.outsider_tables import read

if TYPE_CHECKING:
    from tests.conftest import MainRun

pytestmark = pytest.mark.xdist_group("main")
RUNS = [
    "inner_mongolia_2018_2020",
    "erenhot_2019",
    pytest.param("honghe_2018_2020", marks=LONG),
    pytest.param("inner_mongolia_2025", marks=LONG),
]
NEAR = 1e-6
"""Of a bound: what the judgement of limits allows."""

MOST = {"basically": 0.95}
"""Share of a demand that will do, by its wording."""


class Shipped:
    """A run, its scenario as it is written, and its files."""

    def __init__(self, run: MainRun) -> None:
        self.run = run
        self.scenario: Mapping[str, Any] = YAML(typ="safe").load(run.scenario)
        register = read(run.inputs / "plans" / f"{self.scenario['register']}.csv")
        self.strength = dict(zip(register["clause"], register["strength"], strict=True))
        self.clauses = read(run.folder / "clauses.csv").set_index("clause")
        self.limits = read(run.folder / "limits.csv").set_index("limit")
        self.limits["current_law"] = run.results.other.set_index("limit")["current_law"]

    def answering(self, kind: str) -> list[tuple[str, str, Mapping[str, Any]]]:
        """(clause, entry, what the entry says) of every clause that entries of this kind answer."""
        out = []
        for name, entry in self.scenario.get(kind, {}).items():
            written = entry.get("clause", name)
            named = written if isinstance(written, list) else [written]
            out += [(clause, name, entry) for clause in named if clause in self.clauses.index]
        return out

    def worded(self, clause: str, entry: Mapping[str, Any]) -> str:
        return str(entry.get("strength") or self.strength[clause])

    def kept(self) -> dict[str, bool]:
        """Whether the baseline keeps what is asked, by clause; of all that have an answer to judge."""
        found: dict[str, list[bool]] = {}
        for kind, keeps in (("limits", self._limit), ("mandates", self._mandate), ("changes", self._change)):
            for clause, name, entry in self.answering(kind):
                verdict = keeps(clause, name, entry)
                if verdict is not None:
                    found.setdefault(clause, []).append(verdict)
        return {clause: all(verdicts) for clause, verdicts in found.items()}

    def rows(self, clause: str, name: str) -> pd.DataFrame:
        """Rows of limits.csv that have a bound and answer the clause."""
        rows = self.limits[[label.split("/")[0] == name for label in self.limits.index]]
        rows = rows[[clause in str(answered).split("+") for answered in rows["clause"]]]
        return rows[rows["bound"].notna() & rows["op"].notna()]

    def _limit(self, clause: str, name: str, entry: Mapping[str, Any]) -> bool | None:
        rows = self.rows(clause, name)
        if rows.empty:
            return None
        sign = np.where(rows["op"].isin(["at_least", "above"]), 1.0, -1.0)
        room = NEAR * rows["bound"].abs()
        either = [sign * (rows[case] - rows["bound"]) >= -room for case in ("frozen", "current_law")]
        return bool((either[0] | either[1]).all() and (rows["status"] != "missed").all())

    def _mandate(self, clause: str, name: str, entry: Mapping[str, Any]) -> bool:
        problem, law = self.run.cases["plan"].problem, self.run.cases["current_law"]
        sources = self.run.cases["plan"].sources
        sources = sources.assign(  # as the tables write them; whoever meets a stricter level meets this one
            yellow_label=sources["yellow_label"].astype("object").map({True: "yes", False: "no"}),
            meets_start=sources["meets_start"].where(sources["meets_start"] == "none", "national_limits"),
        )
        rows = np.flatnonzero(problem.mandate[problem.forbid_mandate] == name)
        forbidden = np.zeros((len(problem.state_label), len(problem.years)), dtype=bool)
        for row in rows:
            forbidden[problem.forbid_state[row], problem.forbid_from[row] :] = True
        frozen = np.zeros(forbidden.shape)
        frozen[problem.state_start[:-1]] = 1.0
        fleets = self.clauses.loc[clause, "unit"] != "sources"
        stock = sources["stock"].to_numpy(float, na_value=0.0)
        each = stock if fleets else np.ones(len(sources))
        each = np.append(each, np.ones(len(problem.source) - len(sources)))[problem.source_of_state]
        count = each[problem.state_start[:-1]][: len(sources)][chosen(entry.get("where"), sources)].sum()
        assert count == pytest.approx(self.clauses.loc[clause, "demanded"])
        allowed = count * (1 - MOST.get(self.worded(clause, entry), 1.0)) + NEAR * count
        cases = (frozen, share_in(problem, law.problem, law.share))
        return any((case * forbidden * each[:, None]).sum(axis=0).max() <= allowed for case in cases)

    def _change(self, clause: str, name: str, entry: Mapping[str, Any]) -> bool:
        case = self.run.cases["frozen"]
        years = np.array([self.scenario["start"], *self.scenario["years"]])
        activity = case.baseline.inventory.activity.sel(year=years).transpose("source", "year").to_numpy()
        hit = chosen(entry.get("where"), case.sources) & activity[:, 1:].any(axis=1)
        if entry.get("already_law") or not hit.any():
            return True
        ((attribute, goal),) = entry["set"].items()
        if attribute == "activity":
            return self._level_kept(goal, entry, activity[hit].sum(axis=0), years)
        table = read(self.run.inputs / "reference" / "responses.csv")
        table = table[table["attribute"] == attribute].set_index("class")
        sources = case.sources[hit & case.sources["class"].isin(table.index).to_numpy()]
        start = sources["class"].map(table["default"])
        if attribute in sources:
            start = sources[attribute].astype(float).fillna(start)
        asked = share(goal[max(goal)] if isinstance(goal, Mapping) else goal)
        more = sources["class"].map(table["slope"]) * (
            asked - start
        )  # below 0: less is emitted than at the start
        return bool((more >= -1e-9).all())

    def _level_kept(self, goal: Any, entry: Mapping[str, Any], total: np.ndarray, years: np.ndarray) -> bool:
        """Whether activity stays within the level asked for, straight on the way there."""
        if isinstance(goal, Mapping):
            steps = [(year, share(amount)) for year, amount in goal.items()]
            return all((share_ >= 1 or total[years >= year].max() == 0) for year, share_ in steps)
        if not str(goal).endswith(f"of {years[0]}"):
            return share(goal) >= 1
        way = np.clip((years - years[0]) / max(entry["by"] - years[0], 1), 0, 1)
        return bool((total <= total[0] * (1 + way * (share(goal) - 1)) * (1 + NEAR)).all())


@pytest.fixture(params=RUNS)
def found(request: pytest.FixtureRequest, shipped: Callable[[str], MainRun]) -> Shipped:
    return Shipped(shipped(request.param))


def test_met_by_the_baseline_where_it_is_and_nowhere_else(found: Shipped) -> None:
    kept = found.kept()
    said = {clause for clause, row in found.clauses.iterrows() if row["status"] == "met_by_baseline"}
    assert said == {clause for clause, verdict in kept.items() if verdict}
    assert said


def test_what_the_baseline_meets_costs_nothing(found: Shipped) -> None:
    """Its limits have no price, so the bound holds without them as it stands, and the plan with it."""
    named = {label.split("/")[0] for label in found.limits.index}
    for clause, name, entry in found.answering("limits"):
        if found.clauses.loc[clause, "status"] != "met_by_baseline" or name not in named:
            continue
        rows = found.rows(clause, name)
        assert (rows["price"].fillna(0.0) == 0).all(), f"{clause}\n{rows[rows['price'] > 0]}"
        assert entry.get("enforce") is False or (rows["status"] != "missed").all()


@LONG
@pytest.mark.parametrize("name", ["honghe_2018_2020", "inner_mongolia_2025"])
def test_the_plan_costs_the_same_without_what_the_baseline_meets(
    name: str, shipped: Callable[[str], MainRun]
) -> None:
    """Solved again without the limits of these clauses: no cheaper, by more than the two plans may be off."""
    found = Shipped(shipped(name))
    case = found.run.cases["plan"]
    problem = case.problem
    met = found.clauses.index[found.clauses["status"] == "met_by_baseline"]
    free = {entry for clause, entry, _ in found.answering("limits") if clause in met}
    dropped = np.array([label.split("/")[0] in free for label in problem.limit.tolist()]) & problem.enforced
    assert dropped.any()
    if name == "inner_mongolia_2025":
        assert "IM25-TRUCKS/2025" in problem.limit[dropped]
    without = replace(problem, enforced=problem.enforced & ~dropped)
    scenario = load_scenario(found.run.scenario)
    again = solve(without, scenario.solver)
    cost, now = (evaluate(problem, plan) for plan in (case.plan, again))
    off = max(cost.cost_cny - case.plan.bound_cny, now.cost_cny - again.bound_cny)
    assert now.cost_cny == pytest.approx(cost.cost_cny, abs=max(off, 1e-9 * abs(cost.cost_cny)))
    assert (now.slack[dropped] >= -NEAR * np.abs(problem.bound[dropped])).all(), "kept although not asked for"


@LONG
def test_gas_of_2025_grows_within_the_lines_that_are_taken_as_built(
    shipped: Callable[[str], MainRun],
) -> None:
    """What the frozen case burns fits the lines of its year in each city, without one that a plan builds."""
    found = Shipped(shipped("inner_mongolia_2025"))
    assert not read(found.run.folder / "plan.csv")["source"].str.startswith("project.GAS-").any()
    rows = found.limits[[label.startswith("GAS-NETWORK/") for label in found.limits.index]]
    assert len(rows) == 12 * len(found.scenario["years"])
    assert (rows["frozen"] <= rows["bound"]).all()
