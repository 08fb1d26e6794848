"""What an alert says in a scenario, and what its lists answer to a clause."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from model.base.faults import InputError
from model.results.clauses import AlertFigure, alert_answer
from model.results.evidence import EVIDENCE, evidence_text, op_words, plain_number
from model.scenario.load import load_scenario
from tests.studies.made_up import alert

SCENARIO = """\
region: r
start: 2017
years: [2018]
price_year: 2017
alerts:
  A: {level: red, reduce: 30 %, quantities: [SO2, NOx], month: 12, together: WHAT}
"""


def test_together_is_read(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(SCENARIO.replace("WHAT", "[SO2, NOx]"), encoding="utf-8")
    assert load_scenario(path).alerts["A"].together == ("SO2", "NOx")
    assert load_scenario(path, ["alerts.A.together=null"]).alerts["A"].together == ()


@pytest.mark.parametrize(
    ("what", "wrong"),
    [
        ("[SO2, VOCs]", "alerts.A.together: names VOCs, which is not cut"),
        ("[SO2]", "alerts.A.together: is one pollutant"),
        ("[SO2, CO2]", "alerts.A.together.1: 'CO2'"),
    ],
)
def test_faults_of_together(tmp_path: Path, what: str, wrong: str) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(SCENARIO.replace("WHAT", what), encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_scenario(path)
    assert wrong in str(error.value)


def test_answers_to_clauses() -> None:
    """Met or missed where the clause counts the day's emission; else the figure is reported."""
    whole = AlertFigure("orange", 20.0, 20.0, "NOx", 48, 48)
    short = AlertFigure("orange", 20.0, 6.25, "PM10", 30, 48)
    unit = "% of the day's emission"
    asked = alert("orange", 0.2)
    assert alert_answer(asked, whole, unit).status == "met"
    missed = alert_answer(asked, short, unit)
    assert (missed.status, missed.demanded, missed.achieved, missed.unit) == ("missed", 20.0, 6.25, unit)
    assert alert_answer(asked, short, "nan").status == "reported"
    assert alert_answer(asked, None, unit).message == "alert"
    row = {**vars(missed), "values": json.dumps(missed.values)}
    assert evidence_text([row], EVIDENCE, op_words, "; ", plain_number) == (
        "ORANGE: the orange lists cut the share of the day's emission asked for in 30 of 48 cases "
        "(a pollutant in a place); least 6.25 % against 20 %, PM10"
    )
