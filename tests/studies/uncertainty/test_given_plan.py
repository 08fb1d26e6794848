"""Uncertainty of plans of the miniature inputs; at the values of the tables it has the numbers of a run."""

from __future__ import annotations

import numpy as np
import pytest

from model.pipeline.run import Built
from model.results.assemble import city_frame
from model.results.emissions import emission_by_source, emission_frame
from model.studies.robust.robust import SAMPLE, SEEDS
from model.studies.uncertainty.emissions import case_emissions, emission_items, make_cells
from model.studies.uncertainty.given import Given
from model.studies.uncertainty.limits import ALL_IMPOSED, judged_limits, limit_excess, limit_frame
from model.studies.uncertainty.uncertainty import Asked, Found, uncertainty

MEMORY = 50_000_000


@pytest.fixture(scope="module")
def found(built: Built, given: Given) -> Found:
    assert built.ground is not None
    return uncertainty(
        given, built.ground.space.catalogue, city_frame(given.tables, given.plan), Asked(600, 1, MEMORY, 0)
    )


def test_draws_that_judge_are_none_that_robust_plans_are_made_on(given: Given) -> None:
    seed = 3
    made = given.posterior.draws(SAMPLE, SEEDS * seed, "latin")[given.kept]
    assert not np.isin(given.theta(SAMPLE, seed)[0], made[0]).any()


def test_values_are_those_of_the_run(given: Given, found: Found) -> None:
    cities = city_frame(given.tables, given.plan)
    cases = [(case, emission_by_source(case)) for case in (given.frozen, given.plan)]
    wanted = emission_frame(cases, cities)
    keys = ["case", "year", "city", "sector", "pollutant"]
    both = wanted.merge(found.emissions, on=keys, how="left", suffixes=("", "_found"))
    some = both["value"] != 0
    assert some.sum() > 50
    assert both.loc[some, "value_found"].to_numpy() == pytest.approx(both.loc[some, "value"].to_numpy())


def test_sums_are_sums_of_their_cells(found: Found) -> None:
    rows = found.emissions
    rows = rows[(rows["case"] == "plan") & (rows["pollutant"] == "NOx")]
    whole = rows[(rows["city"] == "all") & (rows["sector"] == "all")].set_index("year")
    parts = rows[(rows["city"] != "all") & (rows["sector"] != "all")].groupby("year")
    for name in ("value", "mean"):
        assert parts[name].sum().to_numpy() == pytest.approx(whole[name].to_numpy())


def test_limits_at_the_values_of_the_tables(given: Given) -> None:
    """Without any deviation what a limit has above its bound is what the plan misses it by."""
    limits = judged_limits(given)
    still = np.zeros((len(given.numbers.log_sd), 1))
    quiet = Given(
        **{
            **vars(given),
            "numbers": type(given.numbers)(**{**vars(given.numbers), "own": given.numbers.own * 0}),
        }
    )
    excess = limit_excess(quiet, limits, still, 0, MEMORY)
    assert len(excess) > 3
    problem, slack = given.plan.problem, given.plan.found.slack
    for row, over in excess.items():
        room = 1e-9 * max(abs(problem.bound[row]), abs(given.plan.found.use[row]))
        assert over[0] == pytest.approx(-slack[row], abs=room), problem.limit[row]


def test_probability_is_the_share_of_draws_that_meet(given: Given) -> None:
    limits = judged_limits(given)
    row = next(each.row for each in limits if each.spread is not None)
    some = [each for each in limits if each.row == row]
    frame = limit_frame(given, some, {row: np.array([-3.0, -1.0, 2.0, 4.0])}).set_index("limit")
    one = frame.loc[str(given.plan.problem.limit[row])]
    assert (one["probability"], one["shortfall"], one["median"]) == (0.5, 3.0, 0.5)
    assert frame.loc[ALL_IMPOSED, "probability"] == 0.5


def test_growth_widens_with_the_years(given: Given) -> None:
    """Of two years the later has the larger change, and so the larger spread, where nothing is done."""
    cells = make_cells(given.frozen, city_frame(given.tables, given.frozen))
    asked = [
        each for each in emission_items(given, cells, ["NOx"], case_emissions(given)) if each.case == "frozen"
    ]
    frame = given.posterior.parameters.frame.iloc[given.kept]
    growth = (frame["kind"] == "growth").to_numpy()
    spread = []
    for each in asked:
        moved = np.bincount(each.items.profile, each.items.amount, each.items.profiles.shape[0])
        slope = each.items.profiles.T @ moved / each.items.amount.sum()
        spread.append(np.sqrt(((slope * given.numbers.log_sd)[growth] ** 2).sum()))
    assert spread[0] == 0
    assert 0 < spread[1] < spread[2]
