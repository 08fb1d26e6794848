"""plan.xlsx and report.docx of Inner Mongolia: sums as in the files beside them, nothing lost."""

from __future__ import annotations

import docx
import openpyxl
import pandas as pd
import pytest

from model.report.products.workbook import HEAD_ROW
from tests.conftest import MainRun

pytestmark = pytest.mark.xdist_group("main")


def rows_of(book: openpyxl.Workbook, sheet: str) -> pd.DataFrame:
    rows = list(book[sheet].iter_rows(min_row=HEAD_ROW + 1, values_only=True))
    return pd.DataFrame(rows[1:], columns=[str(cell) for cell in rows[0]])


def test_workbook_of_the_main_run(main_run: MainRun) -> None:
    book = openpyxl.load_workbook(main_run.folder / "plan.xlsx", read_only=True)
    plan = pd.read_csv(main_run.folder / "plan.csv")
    costs = pd.read_csv(main_run.folder / "costs.csv")
    projects = rows_of(book, "Projects")
    body, total = projects.iloc[:-1], projects.iloc[-1]
    assert len(body) == len(plan)
    for head, column, by in (
        ("Investment, 10^4 CNY", "investment_cny", 1e4),
        ("SO2 abated, t/yr", "abated_SO2_t", 1.0),
        ("NOx abated, t/yr", "abated_NOx_t", 1.0),
        ("VOCs abated, t/yr", "abated_VOCs_t", 1.0),
    ):
        assert body[head].sum() == total[head]
        assert total[head] == pytest.approx(plan[column].sum() / by, abs=0.5 + 1e-6)
    money = rows_of(book, "Funding").iloc[-1]
    spent = costs[(costs["case"] == "plan") & (costs["kind"] == "investment")]["value"].sum()
    assert money["Investment, 10^8 CNY"] == pytest.approx(spent / 1e8, abs=0.02)
    tasks = rows_of(book, "Tasks by city")
    region = tasks[tasks["City"] == "Region"]
    assert region["Abated, t"].iloc[0] == pytest.approx(plan["abated_SO2_t"].sum(), abs=1.5)
    assert len(rows_of(book, "Clauses")) == len(pd.read_csv(main_run.folder / "clauses.csv"))


def test_document_of_the_main_run(main_run: MainRun) -> None:
    document = docx.Document(str(main_run.folder / "report.docx"))
    assert len(document.inline_shapes) == 6
    clauses = next(table for table in document.tables if table.rows[0].cells[0].text == "章条")
    assert len(clauses.rows) == 1 + len(pd.read_csv(main_run.folder / "clauses.csv"))
    text = "".join(paragraph.text for paragraph in document.paragraphs)
    assert "内蒙古自治区" in text
    assert "推算数据" in text
