"""What a change is answered with: what it takes away alone, by hand, on the toy run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from model.base.select import parse_selector
from model.results.answer import Answer
from model.results.assumed import Assumed, amounts_text, change_answer
from model.results.evidence import EVIDENCE, evidence_text, op_words, plain_number
from model.scenario.amounts import Amount
from model.scenario.scenario import Change, FrozenMap
from model.tables.schema import attributes
from tests.results.toy_run import Run, toy_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return toy_run(tmp_path_factory.mktemp("toy"))


def answer(
    run: Run,
    of: str,
    by: int | None = 2020,
    law: bool = False,
    **amounts: Amount | Mapping[int, Amount],
) -> Answer:
    where = parse_selector({"class": of}, attributes(), "where")
    change = Change("X", where, ("C",), True, None, None, "s.yaml", 1, FrozenMap(amounts), by, law)
    return change_answer(change, Assumed(run.world.tables, run.world.scenario, run.frozen, run.plan))


def test_what_takes_emission_away_is_assumed(run: Run) -> None:
    # No source row gives the share; responses.csv says 0 at the start. The toy plan itself sets 50 %.
    found = answer(run, "architectural_coating", green_share=Amount(0.5, "1"))
    assert (found.status, found.message, found.unit) == ("met", "change", "%")
    assert (found.demanded, found.achieved, found.values["frozen"]) == (50.0, 50.0, 0.0)
    text = EVIDENCE["change"].format(**{**found.values, "achieved": "50 %", "frozen": "0 %"})
    assert text == (
        "X: assumed in the plan case, at no cost: green_share 0.5 by 2020; 50 % against 0 % in the frozen "
        "case"
    )


def test_what_the_baseline_has_is_met_by_it(run: Run) -> None:
    same = answer(run, "architectural_coating", green_share=Amount(0.0, "1"))
    assert (same.status, same.message) == ("met_by_baseline", "change_idle")
    # The coating does not grow: 500 t in every year, so a level of 100 % or 120 % of 2017 takes nothing away,
    # and one of 99 % does.
    for share, status in ((1.2, "met_by_baseline"), (1.0, "met_by_baseline"), (0.99, "met")):
        level = Amount(share, None, "2017", "percent_of")
        found = answer(run, "architectural_coating", activity=level)
        assert (found.status, found.unit) == (status, "t/yr")
        assert found.demanded == pytest.approx(500.0 * share)
        assert found.values["frozen"] == found.achieved == pytest.approx(500.0)


def test_what_concerns_nobody_or_is_law_is_met_by_the_baseline(run: Run) -> None:
    none = answer(run, "lime_kiln", activity=FrozenMap({2019: Amount(0.0)}), by=None)
    assert (none.status, none.message) == ("met_by_baseline", "change_none")
    assert np.isnan(none.achieved)
    law = answer(run, "architectural_coating", law=True, green_share=Amount(0.5, "1"))
    assert (law.status, law.message) == ("met_by_baseline", "change_law")


def test_nothing_is_said_twice_of_what_the_baseline_has(run: Run) -> None:
    found = answer(run, "architectural_coating", green_share=Amount(0.0, "1"))
    row = {**vars(replace(found, values={})), "values": _json(found)}
    text = evidence_text([row], EVIDENCE, op_words, "; ", plain_number)
    assert text == "X: the baseline has it already: green_share 0 by 2020; 0 % in the frozen case"


def _json(found: Answer) -> str:
    import json

    return json.dumps(dict(found.values))


def test_amounts_read_as_the_scenario_writes_them() -> None:
    assert amounts_text(Amount(0.85, None, "2015", "percent_of")) == "85 % of 2015"
    assert amounts_text(Amount(0.2, None, "2020", "points_below")) == "20 points below 2020"
    assert amounts_text(Amount(1.0, None, "supply", "supply")) == "supply"
    steps = FrozenMap({2018: Amount(0.0), 2020: Amount(5.0, "km")})
    assert amounts_text(steps) == "0 in 2018, 5 km in 2020"
