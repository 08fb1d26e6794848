"""plan.xlsx: sheets, sums, text that looks like a formula, the mark, the same bytes every time."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from model.report.products.gather import about, gather, sheet_lines
from model.report.products.workbook import HEAD_ROW, number_format, write_workbook
from model.results.results import Results
from tests.report.products.made import emergency

SHEETS = [
    *("减排项目清单", "锅炉台账", "重点工程表", "资金筹措", "任务分解", "条款对照", "应急清单"),
    *("数据质量", "目标指标", "超低排放", "散煤治理", "公转铁", "柴油车与机械", "VOCs"),
    *("扬尘与面源", "一厂一策", "敏感性与替代", "假设与引用", "说明"),
]


def written(results: Results, path: Path, lang: str = "zh") -> Path:
    gathered = gather(results, emergency(), lang)
    words = gathered.words
    lines, mark = sheet_lines(results, words), words.word("about", "mark")
    tables, facts = gathered.tables.values(), about(results, gathered)
    write_workbook(tables, facts, lines, mark, words.word("phrase", "none"), lang, path)
    return path


@pytest.fixture(scope="module")
def book(results: Results, tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    path = written(results, tmp_path_factory.mktemp("book") / "plan.xlsx")
    return openpyxl.load_workbook(path)


def frame(book: openpyxl.Workbook, sheet: str) -> pd.DataFrame:
    rows = list(book[sheet].iter_rows(min_row=HEAD_ROW + 1, values_only=True))
    return pd.DataFrame(rows[1:], columns=[str(cell) for cell in rows[0]])


def test_sheets_heads_filters_and_frozen_rows(book: openpyxl.Workbook, results: Results) -> None:
    assert book.sheetnames == SHEETS
    for ident, table in gather(results, emergency(), "zh").tables.items():
        sheet = book[table.design.sheet["zh"]]
        heads = [cell.value for cell in sheet[HEAD_ROW + 1]]
        assert heads == table.heads("zh"), ident
        assert sheet.freeze_panes == f"A{HEAD_ROW + 2}"
        assert sheet.auto_filter.ref.startswith(f"A{HEAD_ROW + 1}:")
        assert sheet.print_title_rows == f"${HEAD_ROW + 1}:${HEAD_ROW + 1}"
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)


def test_english_has_the_same_sheets(results: Results, tmp_path: Path) -> None:
    english = openpyxl.load_workbook(written(results, tmp_path / "plan.xlsx", "en"))
    assert len(english.sheetnames) == len(SHEETS)
    assert english.sheetnames[0] == "Projects"
    assert english["Projects"].max_row == HEAD_ROW + 1 + len(results.plan) + 1


def test_sums_agree_with_the_plan(book: openpyxl.Workbook, results: Results) -> None:
    projects = frame(book, "减排项目清单")
    rows, total = projects.iloc[:-1], projects.iloc[-1]
    assert len(rows) == len(results.plan)
    for head, column, by in (
        ("总投资（万元）", "investment_cny", 1e4),
        ("年运行费（万元）", "running_cny_per_yr", 1e4),
        ("SO2削减量（吨/年）", "abated_SO2_t", 1.0),
        ("颗粒物削减量（吨/年）", "abated_PM10_t", 1.0),
    ):
        whole = results.plan[column].sum() / by
        assert total[head] == pytest.approx(whole, abs=0.5 + 1e-9)
        assert rows[head].sum() == total[head]
    assert not rows["统一社会信用代码"].notna().any()


def test_funding_agrees_with_costs(book: openpyxl.Workbook, results: Results) -> None:
    money = frame(book, "资金筹措")
    costs = results.costs[(results.costs["case"] == "plan") & (results.costs["kind"] == "investment")]
    shown = next(head for head in money if head.startswith("总投资"))
    by = 1e8 if "亿元" in shown else 1e4
    assert money[shown].iloc[-1] == pytest.approx(costs["value"].sum() / by, abs=0.02 if by == 1e8 else 2)
    payers = ["中央大气污染防治资金", "自治区专项", "盟市、旗县财政", "企业自筹", "电网企业", "居民"]
    assert money[payers].sum(axis=1).to_numpy() == pytest.approx(money[shown].to_numpy())


def test_text_is_never_a_formula(results: Results, tmp_path: Path) -> None:
    evil = ['=HYPERLINK("http://x","y")', "+1+1", "-2", "@SUM(A1)"]
    names = results.names.copy()
    rows = names.index[names["kind"] == "source"][: len(evil)]
    names.loc[rows, "zh"] = evil[: len(rows)]
    clauses = results.clauses.copy()
    clauses.loc[clauses.index[0], "quote"] = evil[0]
    path = written(replace(results, names=names, clauses=clauses), tmp_path / "plan.xlsx")
    with zipfile.ZipFile(path) as packed:
        parts = [packed.read(name) for name in packed.namelist() if "worksheets/sheet" in name]
    assert not any(b"<f>" in part or b"<hyperlink" in part for part in parts)
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    quoted = [cell for cell in cells if isinstance(cell.value, str) and cell.value in evil]
    assert {cell.value for cell in quoted} >= {evil[0]}
    assert all(cell.data_type in ("s", "inlineStr") or cell.quotePrefix for cell in quoted)
    assert all(cell.quotePrefix for cell in quoted)


def test_every_sheet_has_the_mark_and_the_quality(book: openpyxl.Workbook) -> None:
    for sheet in book:
        assert "不作为执法和考核依据" in sheet.oddFooter.left.text
        if sheet.title != "说明":
            assert "不作为执法和考核依据" in sheet["A2"].value
            assert "推算数据" in sheet["A3"].value


def test_two_writes_give_the_same_bytes(results: Results, tmp_path: Path) -> None:
    first, second = (written(results, tmp_path / name).read_bytes() for name in ("a.xlsx", "b.xlsx"))
    assert first == second


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("t", 3.0, "#,##0"),
        ("yi", 3.0, "#,##0.00"),
        ("num", 45.0, "#,##0"),
        ("num", 51.14, "#,##0.00"),
        ("num", 0.00012345, "#,##0.0000"),
    ],
)
def test_number_formats(kind: str, value: float, expected: str) -> None:
    assert number_format(kind, value) == expected
