"""Robust plans of the miniature inputs: spreads against problems built anew from moved tables, bounds that
move with the emission they are a percentage of, levels, and what confidence can not be asked of.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.base.faults import InputError
from model.calibration.conditioned import Posterior
from model.inventory.uncertain.parameters import parameters
from model.pipeline.prepare import read_inputs
from model.pipeline.run import Built, build_cases
from model.plan import evaluate, frozen_plan, part_year_share, whole_plan
from model.problem.problem import Problem
from model.studies.robust.asked import confidence_faults, refused
from model.studies.robust.growth import growth_elasticities
from model.studies.robust.levels import carried, level_curve
from model.studies.robust.robust import Uncertain, make_uncertain, robust_plan
from tests.inventory.moved import moved
from tests.small_inputs import write_small_run


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("robust")
    write_small_run(folder)
    return folder


def built_with(root: Path, *settings: str) -> Built:
    return build_cases(read_inputs(root / "toy.yaml", settings, root / "inputs"))


@pytest.fixture(scope="module")
def built(root: Path) -> Built:
    return built_with(root, "limits.T-SO2.confidence=80 %")


@pytest.fixture(scope="module")
def uncertain(built: Built) -> Uncertain:
    assert built.inventory is not None
    return make_uncertain(
        built.prepared.tables, built.prepared.scenario, built.inventory, built.cases["plan"]
    )


@pytest.fixture(scope="module")
def surer(uncertain: Uncertain) -> Uncertain:
    """The same with a seventh of the spread: the made-up numbers are rated E, and 80 % out of reach."""
    prior = uncertain.posterior.parameters
    frame = prior.frame.assign(log_sd=prior.frame["log_sd"] / 7)
    known = uncertain.spreads[0].numbers
    known = replace(known, log_sd=known.log_sd / 7, own=known.own / 7)
    return replace(
        uncertain,
        spreads=tuple(replace(spread, numbers=known) for spread in uncertain.spreads),
        posterior=Posterior(replace(prior, frame=frame), None),
        sample=uncertain.sample / 7,
    )


def last_states(problem: Problem) -> np.ndarray:
    """The last state of every source that moves from the first year on, of [S, Y]."""
    state = np.repeat(problem.state_start[:-1, None], len(problem.years), axis=1)
    for source in range(len(problem.source)):
        first, last = problem.state_start[source : source + 2]
        reached = [
            m
            for m in range(*problem.move_start[source : source + 2].tolist())
            if problem.move_from[m] == first and np.isfinite(problem.capital[m]).all()
        ]
        if reached:
            state[source] = problem.move_to[reached[-1]]
        assert (state[source] < last).all()
    return state


def test_draws_are_problems_built_anew(root: Path) -> None:
    """g at moved numbers is what the limit misses when tables are moved and everything is built again."""
    tonnes = "{quantity: NOx, year: 2019, at_most: 900 t, confidence: 80 %}"
    built = built_with(root, "limits.T-SO2.confidence=80 %", f"limits.NOX={tonnes}")
    assert built.inventory is not None
    uncertain = make_uncertain(
        built.prepared.tables, built.prepared.scenario, built.inventory, built.cases["plan"]
    )
    problem, known = uncertain.problem, uncertain.posterior.parameters
    theta = np.random.default_rng(3).normal(0, 0.6, len(known.frame))
    theta[known.frame["kind"] == "growth"] = 0.0
    tables = moved(built.prepared.tables, known, theta)
    activity = np.exp(theta[known.of_activity])
    sources = tables.frame["sources"]
    by_name = dict(zip(built.inventory.sources.index, activity, strict=True))
    times = sources["source"].map(by_name).fillna(1.0).to_numpy(float)
    tables = replace(
        tables, frame={**tables.frame, "sources": sources.assign(activity=sources["activity"] * times)}
    )
    again = build_cases(replace(built.prepared, tables=tables)).cases["plan"][2]
    assert np.array_equal(again.state_label, problem.state_label)
    moves = []
    for plan in (frozen_plan(problem), whole_plan(problem, last_states(problem))):
        share = part_year_share(problem, plan.shares(problem))
        slack = evaluate(again, plan).slack
        for spread in uncertain.spreads:
            quiet = replace(spread, numbers=replace(spread.numbers, own=np.zeros(len(problem.source))))
            drawn = quiet.draws(share[:, spread.year], theta[uncertain.kept, None], 0)[0]
            most = abs(problem.bound[spread.limit])
            assert drawn == pytest.approx(-slack[spread.limit], abs=2e-3 * most)
            moves.append(abs(drawn - spread.moments(share[:, spread.year])[0].nominal) / most)
    assert max(moves) > 0.1


def test_nothing_moved_is_the_limit_itself(uncertain: Uncertain) -> None:
    problem = uncertain.problem
    plan = frozen_plan(problem)
    share = part_year_share(problem, plan.shares(problem))
    slack = evaluate(problem, plan).slack
    for spread in uncertain.spreads:
        nominal = spread.moments(share[:, spread.year])[0].nominal
        assert nominal == pytest.approx(-slack[spread.limit], rel=1e-9)


def test_growth_follows_the_rows_of_its_years(built: Built) -> None:
    assert built.inventory is not None
    tables, scenario = built.prepared.tables, built.prepared.scenario
    known = parameters(built.inventory, tables)
    sources = built.cases["plan"][0].inventory.sources
    years = (scenario.start, *scenario.years)
    found = growth_elasticities(tables, scenario, sources, years, known)
    assert found[0].nnz == 0
    rows = tables.frame["growth"]
    named = rows[(rows["growth"] == scenario.growth) & (rows["base_year"] == scenario.start)]
    grown = sources["class"].isin(named["class"]).to_numpy()
    whole = np.isin(np.array(years), named["year"])
    assert whole[1:].any()
    for each, exact in zip(found[1:], whole[1:], strict=True):
        total = np.asarray(each.sum(axis=1)).ravel()
        assert (total[~grown] == 0).all()
        if exact:
            assert total[grown] == pytest.approx(1.0)


def test_the_plan_attains_what_is_asked(surer: Uncertain) -> None:
    found = robust_plan(surer)
    frame = found.frame
    assert not found.missed
    assert (frame["attained"] >= 0.8 - 2 * np.sqrt(0.16 / 20_000)).all()
    assert (frame["cost_cny"] >= frame["plain_cost_cny"]).all()
    assert found.plan.bound_cny <= frame["cost_cny"].iloc[0]
    assert (frame["quantile"] <= 1e-6 * frame["bound"]).all()
    given = robust_plan(surer, found.plan)
    assert given.frame["attained_plain"].tolist() == given.frame["attained"].tolist()
    assert given.frame["attained"].tolist() == frame["attained"].tolist()


def test_what_is_out_of_reach_is_missed(uncertain: Uncertain) -> None:
    found = robust_plan(uncertain)
    assert found.plan.status == "infeasible"
    assert found.missed[0].endswith("of the draws, 80% are asked for")
    frame = level_curve(uncertain, "T-SO2", [0.8, 0.9], uncertain.scenario.solver)
    assert frame["status"].tolist() == ["infeasible"]


def test_cost_rises_with_the_level(surer: Uncertain) -> None:
    frame = level_curve(surer, "T-SO2", [0.7, 0.5, 0.9], surer.scenario.solver)
    levels = frame.drop_duplicates("confidence")
    assert (levels["status"] == "optimal").all()
    assert len(levels) == 3
    assert levels["confidence"].is_monotonic_increasing
    assert (levels["cost_cny"].diff().dropna() >= 0).all()
    met = frame[frame["status"] != "infeasible"]
    error = 2 * np.sqrt(met["confidence"] * (1 - met["confidence"]) / met["draws"])
    assert (met["attained"] >= met["confidence"] - error).all()


def test_a_cheaper_plan_for_more_confidence_proves_nothing_of_less(surer: Uncertain) -> None:
    plain = surer.ground(surer.scenario.solver).plain(surer.held())
    less, more = (
        replace(plain, met=True, cost_cny=cost, plan=replace(plain.plan, bound_cny=bound))
        for cost, bound in ((12.0, 8.0), (11.0, 10.0))
    )
    assert [(each.cost_cny, each.plan.bound_cny) for each in carried([less, more])] == [
        (11.0, 8.0),
        (11.0, 10.0),
    ]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["limits.T-SO2.confidence=40 %"], "is below even odds; write 50% or more"),
        (["limits.RATE.confidence=90 %"], "is of a limit on units_completed, and only emission carries one"),
        (["limits.T-SO2.confidence=90 %", "solver.method=greedy"], "does not know of confidence"),
        (["limits.T-SO2.confidence=90 %", "solver.alternatives=2"], "which they would not keep to"),
        (["limits.T-SO2.confidence=90 %", "minimise={SO2: 1}"], "confidence is of least-cost plans"),
        (["limits.T-SO2.confidence=90 %", "limits.T-SO2.link=none"], "has numbers of its own"),
    ],
)
def test_what_can_carry_no_confidence_is_said(root: Path, settings: list[str], said: str) -> None:
    scenario = read_inputs(root / "toy.yaml", settings, root / "inputs").scenario
    faults = confidence_faults(scenario)
    assert len(faults) == 1
    assert said in str(faults[0])


def test_other_commands_refuse_it(root: Path) -> None:
    settings = ["limits.T-SO2.confidence=90 %"]
    scenario = read_inputs(root / "toy.yaml", settings, root / "inputs").scenario
    assert "for run and confidence alone" in str(InputError(refused(scenario)))
