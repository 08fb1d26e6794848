"""air.csv of a solved run against its limits, which come by another way, and what readers are told."""

from __future__ import annotations

import pandas as pd
import pytest

from model.report.messages import load_messages
from model.report.page.air import concentrations
from model.results.assemble import assemble
from model.results.results import Results
from tests.baseline.world import make_world
from tests.problem.test_air import OBSERVED, SHARES
from tests.results.toy_run import make_case

SCENARIO = """
register: toy_plan
limits:
  T-AIR: {quantity: PM2.5_concentration, each: city, year: all, at_most: 97 % of 2017, enforce: false}
  T-MEAN: {quantity: PM2.5_concentration, at_most: {2020: 29 ug/m3}}
solver: {gap: 1e-7}
"""
CLAUSE = "clause,article,quote,summary,summary_zh,demanded,unit,by,strength\n"
ROWS = "T-AIR,1,原文,Air,空气,,,2020,binding\nT-MEAN,1,原文,Mean,均值,,,2020,binding\n"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("air")
    path = folder / "inputs" / "plans" / "toy_plan.csv"
    path.parent.mkdir(parents=True)
    path.write_text(CLAUSE + ROWS, encoding="utf-8")
    files = {"toy/air_quality.csv": OBSERVED, "toy/receptors.csv": SHARES}
    world = make_world(folder, SCENARIO, files)
    frozen, law, plan = (make_case(world, name) for name in ("frozen", "current_law", "plan"))
    return assemble(world.tables, pd.read_csv(path, dtype="str"), world.scenario, frozen, law, plan, {})


def test_limits_and_table_agree(results: Results) -> None:
    air = results.air.set_index(["case", "year", "city"]).sort_index()
    for row in results.limits.to_dict("records"):
        if row["limit"].startswith("T-AIR"):
            city = {"150100": "Alpha", "150200": "Beta"}[row["limit"].rsplit("/")[-1]]
            for case, column in (("frozen", "frozen"), ("plan", "achieved")):
                assert air.loc[(case, row["year"], city), "value"] == pytest.approx(row[column])
        else:
            mean = air.xs(("plan", row["year"]))["value"].mean()
            assert mean == pytest.approx(row["achieved"])
            assert mean <= 29 < air.xs(("frozen", row["year"]))["value"].mean()
    assert (air["low"] <= air["value"] * (1 + 1e-12)).all()
    assert (air["value"] <= air["high"] * (1 + 1e-12)).all()
    start = results.air[results.air["year"] == 2017]
    assert start["low"].tolist() == pytest.approx(start["high"].tolist())
    assert set(start[start["city"] == "Beta"]["basis"]) == {
        "screening estimate: rollback of the mean of 2016"
    }


def test_clauses_say_what_it_is(results: Results) -> None:
    clauses = results.clauses.set_index("clause")
    assert clauses.at["T-MEAN", "status"] == "met"
    assert clauses["evidence"].str.contains("screening estimate").all()


@pytest.mark.parametrize(("lang", "word"), [("en", "screening estimate"), ("zh", "筛选性估算")])
def test_report_says_what_it_is(results: Results, lang: str, word: str) -> None:
    table = concentrations(results, load_messages(lang, results.names, False))
    assert len(table.rows) == 2
    assert word in table.title
    assert all(len(row) == len(table.columns) for row in table.rows)
