"""The status of a clause, case by case, and the sentences that say why."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from model.problem.problem import Problem
from model.results.clauses import WORST, clause_frame, complying, in_unit, limit_answer, limit_status
from model.results.evidence import EVIDENCE, evidence_text, op_words, plain_number
from model.results.limits import clause_of
from model.scenario.amounts import Amount
from model.scenario.scenario import Limit
from tests.solve.toys import Sketch

AT_LEAST = {"op": "at_least", "frozen": 10.0, "current_law": 20.0}


def judged(**values: object) -> dict[str, object]:
    usual = {
        "bound": 100.0,
        "frozen": 150.0,
        "current_law": 140.0,
        "achieved": 90.0,
        "op": "at_most",
        "status": "slack",
    }
    return {**usual, **values}


@pytest.mark.parametrize(
    ("values", "strength", "expected"),
    [
        ({}, "hard", "met"),
        ({"status": "missed", "achieved": 101.0}, "hard", "missed"),
        ({"frozen": 100.0}, "hard", "met_by_baseline"),
        ({"current_law": 99.0}, "hard", "met_by_baseline"),
        ({"frozen": np.nan, "current_law": np.nan}, "hard", "met"),
        ({"bound": np.nan}, "hard", "reported"),
        ({"op": ""}, "hard", "reported"),
        # 基本: of the way from 150 to 100, 95 % is 47.5, so 102.5 will do and 102.6 will not.
        ({"status": "missed", "achieved": 102.5}, "basically", "met"),
        ({"status": "missed", "achieved": 102.6}, "basically", "missed"),
        ({"status": "missed", "achieved": 102.5}, "about", "missed"),
        ({**AT_LEAST, "achieved": 100.0}, "hard", "met"),
        ({**AT_LEAST, "achieved": 95.0, "status": "missed"}, "basically", "met"),
        ({**AT_LEAST, "achieved": 94.0, "status": "missed"}, "basically", "missed"),
        ({"op": "at_least", "frozen": 120.0}, "hard", "met_by_baseline"),
        # The baseline keeps it and the plan does not: that is a miss.
        ({"frozen": 90.0, "achieved": 130.0, "status": "missed"}, "hard", "missed"),
        ({"bound": 0.0, "frozen": 0.0, "achieved": 0.0}, "hard", "met_by_baseline"),
    ],
)
def test_status_of_a_limit(values: dict[str, object], strength: str, expected: str) -> None:
    assert limit_status(judged(**values), strength) == expected


def a_limit(**values: object) -> Limit:
    usual = {
        "id": "L",
        "where": None,
        "clauses": ("C",),
        "stated": True,
        "strength": None,
        "note": None,
        "file": "s.yaml",
        "line": 1,
        "quantity": "SO2",
        "states": None,
        "share_of": None,
        "at": None,
        "each": None,
        "years": (2020,),
        "progress": None,
        "link": "chain",
        "op": "at_most",
        "bounds": Amount(100.0, "t/yr"),
        "enforce": True,
        "confidence": None,
    }
    return Limit(**{**usual, **values})  # type: ignore[arg-type]


def rows(*values: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                **judged(**each),
                "limit": f"L/2020/{n}",
                "year": each.get("year", 2020),
                "unit": "t/yr",
                "reason": each.get("reason", ""),
                "slack": 10.0 - n,
            }
            for n, each in enumerate(values)
        ]
    )


def test_worst_row_decides_and_is_counted() -> None:
    answer = limit_answer(
        a_limit(), rows({}, {"status": "missed", "achieved": 120.0}, {"frozen": 80.0}), "hard"
    )
    assert (answer.status, answer.achieved, answer.demanded) == ("missed", 120.0, 100.0)
    assert (answer.values["met"], answer.values["all"]) == (2, 3)


def test_a_limit_without_rows_or_that_can_not_be_judged_is_not_in_the_model() -> None:
    assert limit_answer(a_limit(), rows().reindex(columns=["reason"]), "hard").status == "not_in_model"
    answer = limit_answer(a_limit(), rows({"reason": "no response"}), "hard")
    assert (answer.status, answer.message) == ("not_in_model", "limit_not_judged")
    assert EVIDENCE[answer.message].format(**answer.values) == "L: not judged: no response"


def test_a_limit_without_a_number_is_reported() -> None:
    answer = limit_answer(
        a_limit(op=None, bounds=None), rows({"bound": np.nan, "op": "", "status": "reported"}), "hard"
    )
    assert (answer.treatment, answer.status, answer.message) == ("reported", "reported", "limit_reported")


def test_of_reported_groups_the_largest_of_the_last_year_speaks_and_none_is_met() -> None:
    reported = {"bound": np.nan, "op": "", "status": "reported"}
    groups = [
        {**reported, "year": year, "achieved": value}
        for year, value in ((1, 9.0), (2, 3.0), (2, 7.0), (2, 1.0))
    ]
    answer = limit_answer(a_limit(op=None, bounds=None), rows(*groups), "hard")
    assert answer.achieved == 7.0
    assert "met" not in answer.values
    assert answer.values["groups"] == 3


def test_values_are_in_the_unit_of_the_register_where_it_is_of_the_same_kind() -> None:
    # 1 Mtce is 29.3076e6 GJ.
    energy = rows({"bound": 29.3076e6, "frozen": 58.6152e6, "achieved": 0.0}).assign(unit="GJ/yr")
    found = in_unit(energy, "Mtce").iloc[0]
    assert (found["unit"], found["bound"], found["frozen"]) == ("Mtce/yr", pytest.approx(1), pytest.approx(2))
    ratio = rows({"bound": 0.25}).assign(unit="MWh/GJ")  # 1 MWh is 3.6 GJ
    assert in_unit(ratio, "%").iloc[0]["bound"] == pytest.approx(90.0)
    for unit in ("% of base-year emission", "sources", "1", ""):
        assert in_unit(energy, unit) is energy


def test_a_limit_of_several_clauses_answers_each_in_its_year() -> None:
    limit = a_limit(clauses=("T-2018", "T-2020", "T-ALL"))
    assert clause_of(limit, 2020) == "T-2020"
    assert clause_of(limit, 2019) == "T-2018+T-2020+T-ALL"


def a_problem() -> Problem:
    # Three sources of two states; mandate 0 forbids state 0 of the first two from the second year on.
    return Sketch(
        states=[2, 2, 2],
        moves=[(0, 0, 1), (1, 0, 1), (2, 0, 1)],
        cost=np.zeros((6, 2)),
        capital=np.ones((3, 2)),
        factor=np.zeros((1, 6)),
        move_factor=np.zeros((1, 3)),
        limits=[],
        forbid=[(0, 0, 0, 1), (0, 1, 0, 1)],
        sets=np.ones((1, 1), dtype=bool),
        cell=[0, 0, 0],
        divisible=[False, True, False],
        part_year=[1.0, 1.0, 1.0],
        stock=[False],
    ).problem()


def test_sources_comply_by_the_share_in_allowed_states() -> None:
    problem = a_problem()
    share = np.zeros((6, 2))
    share[[0, 2, 4]] = 1.0  # all in state 0
    concerned, one = np.array([True, True, False]), np.ones(3)
    mandate = str(problem.mandate[0])
    assert complying(problem, mandate, share, concerned, one) == 0.0
    share[0, 1], share[1, 1] = 0.0, 1.0  # the first complies in the year in force
    share[2, 1], share[3, 1] = 0.25, 0.75  # three quarters of the second do
    assert complying(problem, mandate, share, concerned, one) == pytest.approx(1.75)
    assert complying(problem, "ANOTHER", share, concerned, one) == 2.0
    fleet = np.array([10.0, 400.0, 5.0])  # the first complies whole, of the second three quarters
    assert complying(problem, mandate, share, concerned, fleet) == pytest.approx(310.0)


def entry(status: str, message: str, **values: object) -> dict[str, object]:
    return {
        "clause": "C",
        "entry": "E",
        "treatment": "limit",
        "demanded": 1.0,
        "achieved": 2.0,
        "unit": "t/yr",
        "status": status,
        "message": message,
        "values": json.dumps(values),
    }


def test_a_clause_has_the_status_of_its_worst_entry() -> None:
    register = pd.DataFrame([{"clause": "C", "article": "1", "quote": "q", "summary": "s"}])
    for worse, better in zip(WORST[1:], WORST, strict=False):
        entries = pd.DataFrame([entry(better, "no_entry"), entry(worse, "no_entry")])
        assert clause_frame(register, entries, "plan")["status"].tolist() == [worse]


def test_register_without_rows_gives_no_clauses() -> None:
    empty = pd.DataFrame({"clause": [], "article": []})
    assert clause_frame(empty, pd.DataFrame({"clause": [], "status": []}), "").empty


def test_sentences_of_all_entries_stand_in_the_evidence() -> None:
    shown = {
        "limit": "L/2020",
        "op": "at_most",
        "unit": "t/yr",
        "achieved": 90.0,
        "bound": 100.0,
        "frozen": 80.0,
    }
    answers = pd.DataFrame(
        [entry("met_by_baseline", "limit", **shown, met=2, all=2), entry("reported", "alert", entry="A")]
    )
    assert evidence_text(answers.to_dict("records"), EVIDENCE, op_words, "; ", plain_number) == (
        "L/2020: 90 t/yr against at most 100 t/yr in the plan; 80 t/yr in the frozen case; "
        "2 of 2 limits met; met without any action of the plan; "
        "A: a rule of the emergency plan, answered by the emergency list"
    )


def test_numbers_of_the_evidence() -> None:
    assert plain_number(1234567.8, "t/yr") == "1,234,568 t/yr"
    assert plain_number(3.0, "1") == "3"
    assert plain_number(float("nan"), "t/yr") == "unknown"
