"""One number followed from its CSV row to emissions.csv: NOx of small coal boilers, doubled.

In the miniature region only boiler b1 (10 t/h) burns coal under that row; b2 and b3 are larger and have a row
of their own, b4 burns gas. No enforced limit asks for NOx, so the plan stays what it was, and every station
has twice what comes from b1's coal, and to the last bit what it had of everything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.base.words import POLLUTANTS
from model.inventory.factors import state_effects
from model.plan import evaluate, use
from model.results.assemble import assemble
from model.results.case import Case
from model.results.emissions import emission_by_source
from model.results.write import write_tables
from tests.baseline.world import World, make_world
from tests.results.toy_run import CLAUSES, PROJECTS, SCENARIO, make_case, register
from tests.small_inputs import EMISSION_FACTORS

ROW, TWICE = "boiler,coal,,,NOx,fuel,,3,kg/t,2,4", "boiler,coal,,,NOx,fuel,,6,kg/t,2,8"
NOX = POLLUTANTS.index("NOx")
YEARS = (2018, 2019, 2020)


@dataclass(frozen=True)
class Station:
    """The run from tables to files with the row as it is, or doubled."""

    world: World
    cases: dict[str, Case]
    emissions: pd.DataFrame
    plan: pd.DataFrame

    @property
    def b1(self) -> int:
        return int(self.world.inventory.sources.index.get_loc("b1"))


def station(folder: Path, factors: str) -> Station:
    clauses = register(folder)
    files = {"toy/projects.csv": PROJECTS, "reference/emission_factors.csv": factors}
    world = make_world(folder, SCENARIO, files=files)
    cases = {case: make_case(world, case) for case in ("frozen", "current_law", "plan")}
    results = assemble(world.tables, clauses, world.scenario, *cases.values(), {"solve": 1.0})
    out = folder / "out"
    out.mkdir()
    write_tables(results, out)
    return Station(world, cases, *(pd.read_csv(out / f"{name}.csv") for name in ("emissions", "plan")))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Station, Station]:
    assert EMISSION_FACTORS.count(ROW) == 1
    assert set(CLAUSES) >= {"T-SO2-2019"}
    once = station(tmp_path_factory.mktemp("once"), EMISSION_FACTORS)
    return once, station(tmp_path_factory.mktemp("twice"), EMISSION_FACTORS.replace(ROW, TWICE))


def doubled(before: np.ndarray, after: np.ndarray, where: np.ndarray) -> None:
    """Exactly twice at `where`, where there is something, and the same everywhere else."""
    assert np.nansum(np.abs(before[where])) > 0
    np.testing.assert_allclose(after[where], 2 * before[where], rtol=1e-13)
    np.testing.assert_array_equal(after[~where], before[~where])


def test_tables(runs: tuple[Station, Station]) -> None:
    before, after = (run.world.tables.frame["emission_factors"] for run in runs)
    changed = (before["value"] != after["value"]).to_numpy()
    assert changed.sum() == 1
    doubled(before["value"].to_numpy(), after["value"].to_numpy(), changed)
    for name, frame in runs[0].world.tables.frame.items():
        if name != "emission_factors":
            pd.testing.assert_frame_equal(frame, runs[1].world.tables.frame[name])


def test_state_effects(runs: tuple[Station, Station]) -> None:
    before, after = (state_effects(run.world.inventory.sources, run.world.tables) for run in runs)
    is_b1 = before.index == "b1"
    for column in ("NOx", "concentration_NOx"):
        doubled(before[column].to_numpy(), after[column].to_numpy(), is_b1)
    rest = [c for c in before if c not in ("NOx", "concentration_NOx", "meets", "low_nox")]
    pd.testing.assert_frame_equal(before[rest], after[rest])
    assert before.loc[~is_b1].equals(after.loc[~is_b1])
    # 10 t/h coal at 0.8: 1.25 GJ of 20 GJ/t coal, 0.0625 t of it, 3 kg/t; the bag filter leaves NOx alone.
    assert before.loc["b1", "NOx"] == pytest.approx(0.0625 * 3e-3)


def test_inventory_and_baseline(runs: tuple[Station, Station]) -> None:
    for stage in ("inventory", *runs[0].cases):
        found = []
        for run in runs:
            own = run.world.inventory if stage == "inventory" else run.cases[stage].baseline.inventory
            found.append((own.factor, own.emission(), own.activity))
        for before, after in zip(found[0][:2], found[1][:2], strict=True):
            where = np.zeros(before.shape, dtype=bool)
            where[runs[0].b1, :, NOX] = True
            doubled(before.to_numpy(), after.to_numpy(), where)
        np.testing.assert_array_equal(found[0][2], found[1][2])


@pytest.mark.parametrize("case", ["frozen", "current_law", "plan"])
def test_options(runs: tuple[Station, Station], case: str) -> None:
    before, after = (run.cases[case].options for run in runs)
    coal = ((before.states["source"] == runs[0].b1) & (before.states["fuel"] == "coal")).to_numpy()
    assert 1 < coal.sum() < (before.states["source"] == runs[0].b1).sum()
    direct = [options.states["NOx"] - options.indirect["NOx"] for options in (before, after)]
    doubled(*(column.to_numpy() for column in direct), coal)
    rest = [c for c in before.states if c not in ("NOx", "meets")]
    pd.testing.assert_frame_equal(before.states[rest], after.states[rest])
    pd.testing.assert_frame_equal(before.indirect, after.indirect)
    pd.testing.assert_frame_equal(before.moves, after.moves)
    np.testing.assert_array_equal(before.running, after.running)
    np.testing.assert_array_equal(before.fixed, after.fixed)


def test_problem(runs: tuple[Station, Station]) -> None:
    before, after = (run.cases["plan"].problem for run in runs)
    quantity = before.quantity.tolist().index("NOx")
    at = slice(*before.state_factor_ptr[quantity : quantity + 2])
    state = before.state_factor_idx[at]
    b1_coal = (before.source_of_state[state] == runs[0].b1) & np.char.startswith(
        before.state_label[state], "coal"
    )
    indirect = runs[0].cases["plan"].options.indirect["NOx"].to_numpy()[state]
    doubled(before.state_factor_val[at] - indirect, after.state_factor_val[at] - indirect, b1_coal)
    others = np.ones(len(before.state_factor_val), dtype=bool)
    others[at] = False
    np.testing.assert_array_equal(before.state_factor_val[others], after.state_factor_val[others])
    for name in ("cost", "capital", "driver", "state_factor_idx", "move_factor_val", "forbid_state"):
        np.testing.assert_array_equal(getattr(before, name), getattr(after, name))
    # The one bound in NOx is a tenth of the start year, in which b1 now emits as much again.
    more = after.bound - before.bound
    start = runs[0].world.inventory.emission().sel(source="b1", year=2017, pollutant="NOx")
    too_much = before.limit == "T-TOO-MUCH/2020"
    assert more[too_much] == pytest.approx([0.1 * float(start)])
    assert not np.nan_to_num(more[~too_much]).any()


def test_plan(runs: tuple[Station, Station]) -> None:
    for case in ("current_law", "plan"):
        before, after = (run.cases[case] for run in runs)
        np.testing.assert_allclose(before.share, after.share, atol=1e-9)
        one, two = (evaluate(each.problem, each.plan) for each in (before, after))
        assert two.cost_cny == pytest.approx(one.cost_cny, rel=1e-12)
        quantity = before.problem.quantity.tolist().index("NOx")
        used = [use(each.problem, each.plan, quantity) for each in (before, after)]
        more = used[1] - used[0]
        assert more[runs[0].b1, 0] > 0
        assert np.delete(more, runs[0].b1, axis=0) == pytest.approx(0.0, abs=1e-9)
        asked = before.problem.limit == "T-TOO-MUCH/2020"
        assert (two.achieved - one.achieved)[asked] == pytest.approx([more[runs[0].b1, -1]], abs=1e-9)
        assert np.nan_to_num(two.achieved - one.achieved)[~asked] == pytest.approx(0.0, abs=1e-6)


def test_emissions_csv(runs: tuple[Station, Station]) -> None:
    """NOx of Alpha's fuel burning goes up by what b1 emits from coal; no other row of the file moves."""
    before, after = (run.emissions.drop(columns="value") for run in runs)
    pd.testing.assert_frame_equal(before, after)
    more = runs[0].emissions.assign(value=runs[1].emissions["value"] - runs[0].emissions["value"])
    here = (more["city"] == "Alpha") & (more["sector"] == "fossil_fuel") & (more["pollutant"] == "NOx")
    assert (more.loc[~here, "value"] == 0).all()
    found = more[here].set_index(["case", "year"])["value"]
    by_source = {
        case: emission_by_source(answer)[runs[0].b1, :, NOX] for case, answer in runs[0].cases.items()
    }
    twice = {case: emission_by_source(answer)[runs[0].b1, :, NOX] for case, answer in runs[1].cases.items()}
    for case, start_and_years in by_source.items():
        expected = dict(zip((2017, *YEARS), twice[case] - start_and_years, strict=True))
        for year, value in expected.items():
            assert found[case, year] == pytest.approx(value, rel=1e-7, abs=1e-9)
    # Nothing is done in the frozen case, so there it is b1's whole NOx; the plan turns b1 to gas in 2019, so
    # that 0.6 of the year is left of coal's, and nothing in 2020.
    tonnes = 100_000 * 0.0625 * 3e-3
    assert [found["frozen", year] for year in (2017, *YEARS)] == pytest.approx([tonnes] * 4, rel=1e-7)
    assert [found["plan", year] for year in YEARS] == pytest.approx([tonnes, 0.6 * tonnes, 0.0], rel=1e-7)


def test_plan_csv(runs: tuple[Station, Station]) -> None:
    """b1's action abates as much more NOx as its coal emits more; every other action what it did."""
    before, after = (run.plan for run in runs)
    untouched = [c for c in before if c not in ("abated_NOx_t", "cny_per_t_NOx", "clause")]
    pd.testing.assert_frame_equal(before[untouched], after[untouched])
    more = (after["abated_NOx_t"] - before["abated_NOx_t"]).to_numpy()
    is_b1 = (before["source"] == "b1").to_numpy()
    assert is_b1.sum() == 1
    assert more[is_b1] == pytest.approx([100_000 * 0.0625 * 3e-3], rel=1e-7)
    assert not more[~is_b1].any()
