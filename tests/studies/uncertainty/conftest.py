"""A plan of the miniature inputs of which all that could move has moved, with the numbers behind it."""

from __future__ import annotations

import pytest

from model.pipeline.prepare import read_inputs
from model.pipeline.run import Built, build_cases
from model.plan import frozen_plan, whole_plan
from model.results.case import Case
from model.studies.uncertainty.given import Given, make_given
from tests.small_inputs import write_small_run
from tests.studies.uncertainty.moves import last_moves


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("uncertainty")
    write_small_run(root)
    return build_cases(read_inputs(root / "toy.yaml", (), root / "inputs"))


@pytest.fixture(scope="session")
def given(built: Built) -> Given:
    assert built.inventory is not None
    problem = built.cases["plan"][2]
    plan = Case(*built.cases["plan"], whole_plan(problem, last_moves(problem)))
    frozen = Case(*built.cases["frozen"], frozen_plan(built.cases["frozen"][2]))
    return make_given(built.prepared.tables, built.prepared.scenario, built.inventory, plan, frozen)
