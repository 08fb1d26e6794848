"""What cases share: a case built upon it is the problem that is built from nothing, whatever it changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.base.faults import InputError
from model.baseline import build_baseline
from model.baseline.reference import ReferenceUse
from model.options.options import size_options
from model.options.space import make_space
from model.pipeline.prepare import read_inputs, start_inventory
from model.problem.build import build_problem
from model.scenario.document import read_document
from model.scenario.scenario import FrozenMap
from model.studies.sweeps import solve_case
from model.studies.sweeps.common import Common, Ground, build_case, make_common, structure_of
from tests.small_inputs import write_small_run

PATHS = {
    "prices.natural_gas": "150 % of baseline",
    "prices.CO2": "40 CNY/t",
    "discount_rate": "9 %",
    "price_year": "2015",
    "measures.boiler_gas.cost": "70 %",
    "projects.GAS-150100-1.capacity": "50 % of baseline",
    "projects.GAS-150100-1.first_year": "2019",
    "limits.T-SO2.at_most.2019": "60 % of 2015",
    "limits.T-SO2.progress": "5 %",
    "limits.GAS.at_most": "70 % of supply",
    "limits.RATE.at_most": "1",
    "limits.RATE": "null",
    "limits.BUDGET": "{quantity: investment, year: 2018, at_most: 10 MCNY}",
    "mandates.T-SMALL.by": "2018-12-31",
    "changes.MORE": "{set: {activity: 105 % of baseline}, by: 2019}",
    "part_year.boiler": "1",
    "growth": "{boiler: {2018: 1.1, 2019: 1.2}}",
    "calibration": "null",
    "measures.boiler_gas.available": "false",
    "measures.boiler_gas.first_year": "2019",
    "projects.GAS-150100-1.status": "committed",
}
STRUCTURAL = [
    *("growth", "calibration", "measures.boiler_gas.available", "measures.boiler_gas.first_year"),
    "projects.GAS-150100-1.status",
]


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    inputs, path = write_small_run(tmp_path_factory.mktemp("common"))
    prepared = read_inputs(path, (), inputs)
    return Ground(read_document(path), path, prepared.tables, prepared.strengths)


@pytest.fixture(scope="module")
def base(ground: Ground) -> Common:
    return make_common(ground, {})


@pytest.mark.parametrize("path", PATHS)
def test_a_case_upon_what_is_shared_is_the_case_from_nothing(ground: Ground, base: Common, path: str) -> None:
    values = {path: PATHS[path]}
    structure = structure_of(values)
    assert bool(structure) == (path in STRUCTURAL)
    common = make_common(ground, structure) if structure else base
    _, _, problem = build_case(ground, common, ground.scenario(values))
    prepared = read_inputs(ground.path, [f"{path}={PATHS[path]}"], ground.tables.root)
    scenario, tables = prepared.scenario, prepared.tables
    baseline = build_baseline(tables, start_inventory(prepared), scenario, "plan")
    space = make_space(tables, baseline.inventory.sources, scenario)
    options = size_options(space, tables, baseline, scenario, every=True)
    reference = ReferenceUse(tables, scenario)
    cold = build_problem(scenario, baseline, options, prepared.strengths, reference)
    assert problem.sha256() == cold.sha256()
    _, _, unchanged = build_case(ground, base, ground.scenario({}))
    assert problem.sha256() != unchanged.sha256()


def test_cases_that_are_not_structural_have_the_states_of_the_base(ground: Ground, base: Common) -> None:
    count = len(base.options.states)
    for path in PATHS.keys() - set(STRUCTURAL):
        options = build_case(ground, base, ground.scenario({path: PATHS[path]}))[1]
        assert len(options.states) == count, path


def test_dominated_states_stay(base: Common) -> None:
    assert base.options.dropped == 0


def test_what_no_limit_touches_is_not_built_again(ground: Ground, base: Common) -> None:
    tighter = ground.scenario({"limits.T-SO2.at_most.2019": "60 % of 2015"})
    baseline, options, _ = build_case(ground, base, tighter)
    assert baseline is base.baseline
    assert options is base.options
    dearer = ground.scenario({"prices.natural_gas": "150 % of baseline"})
    baseline, options, _ = build_case(ground, base, dearer)
    assert baseline is base.baseline
    assert options is not base.options


def test_the_text_of_a_case_does_not_depend_on_the_sweep(tmp_path: Path) -> None:
    inputs, path = write_small_run(tmp_path)
    tables = read_inputs(path, (), inputs).tables
    texts = set()
    for settings in ((), ("sweep.over.discount_rate=[3 %]",), ("sweep.over.prices.coal=[1 CNY/t, 2 CNY/t]",)):
        ground = Ground(read_document(path, settings), path, tables, {})
        texts.add(ground.scenario({"discount_rate": "3 %"}).sha256)
    assert len(texts) == 1


def test_a_case_on_which_the_solver_fails_is_an_outcome(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_up(*_: object, **__: object) -> None:
        raise RuntimeError("HiGHS ended with Unbounded")

    monkeypatch.setattr(solve_case, "quick_again", give_up)
    solved = solve_case.Workshop().solve(ground, FrozenMap({"discount_rate": "3 %"}), 1e-3, None, False)
    assert (solved.outcome.status, solved.outcome.reason) == ("failed", "HiGHS ended with Unbounded")
    assert solved.outcome.cost_cny is None
    assert solved.kept is None


def test_a_value_that_the_grammar_refuses_is_a_fault(ground: Ground) -> None:
    with pytest.raises(InputError, match=r"discount_rate: '300 %' is not between 0 and 1"):
        ground.scenario({"discount_rate": "300 %"})
