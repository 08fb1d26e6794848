"""Names that office files and formulas trip over, and runs that have little to tell."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from model.report.products.document import write_document
from model.report.products.gather import about, gather, sheet_lines
from model.report.products.workbook import HEAD_ROW, write_workbook
from model.results.assemble import assemble
from model.results.results import Results, empty
from model.scenario.load import load_scenario
from tests.baseline.world import HEAD, World
from tests.report.products.made import emergency
from tests.results.toy_run import Run, make_case

ODD = (
    '=HYPERLINK("http://x","y")',
    "+1",
    "-2",
    "@SUM(A1)",
    'a & b < c > d "q"',
    "bell \x07 nul \x00 escape \x1b",
    "no characters \ufffe \uffff",
    "long " * 8000,
    "line\nline\ttab\r",
    "{brace} %s",
    "</w:t>",
    "𠀀",
)


def written(results: Results, folder: Path, lang: str = "zh") -> tuple[openpyxl.Workbook, str]:
    """Both products: the workbook as it reads back, and the text of the document."""
    gathered = gather(results, emergency(), lang)
    facts, lines = about(results, gathered), sheet_lines(results, gathered.words)
    write_workbook(gathered.tables.values(), facts, lines, "mark", "none", lang, folder / "plan.xlsx")
    write_document(results, gather(results, emergency(), "zh"), folder, folder / "report.docx")
    with zipfile.ZipFile(folder / "report.docx") as packed:
        body = ElementTree.fromstring(packed.read("word/document.xml"))
    return openpyxl.load_workbook(folder / "plan.xlsx"), "\n".join(body.itertext())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_odd_names_of_everything(results: Results, tmp_path: Path, lang: str) -> None:
    names, clauses = results.names.copy(), results.clauses.copy()
    for language in ("zh", "en"):
        names[language] = [ODD[place % len(ODD)] for place in range(len(names))]
    clauses["quote"] = [ODD[place % len(ODD)] for place in range(len(clauses))]
    titles = {"zh": "".join(ODD), "en": "".join(ODD)}
    book, text = written(replace(results, names=names, clauses=clauses, titles=titles), tmp_path, lang)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    texts = {cell.value for cell in cells if isinstance(cell.value, str)}
    assert not any(cell.data_type == "f" for cell in cells)
    for name in (*ODD[:5], "bell  nul  escape ", "no characters  ", *ODD[-3:]):
        assert any(name in shown for shown in texts), name
    assert max(map(len, texts)) == 32767  # what a cell holds
    assert ODD[0] in text
    assert ODD[4] in text
    assert "</w:t>" in text


def test_without_actions(results: Results, tmp_path: Path) -> None:
    none = {name: empty(name) for name in ("plan", "works", "routes", "credit")}
    spent = results.costs[results.costs["case"] != "plan"]
    book, text = written(replace(results, costs=spent, **none), tmp_path)
    for sheet in ("减排项目清单", "锅炉台账", "重点工程表", "一厂一策"):
        assert book[sheet].cell(HEAD_ROW + 2, 1).value == "none"
    tasks = [row[2:7] for row in book["任务分解"].iter_rows(min_row=HEAD_ROW + 2, values_only=True)]
    assert all(row[1:] == (0, 0, 0, 0) for row in tasks)
    assert "方案共安排0项措施" in text
    assert not re.search(r"\bnan\b|None", text)


def test_one_year_of_one_city_without_targets(toy: Run, tmp_path: Path) -> None:
    """A scenario that asks for one thing in one year and names no register."""
    path = tmp_path / "one.yaml"
    head = HEAD.replace("years: [2018, 2019, 2020]", "years: [2018]")
    assert head != HEAD
    mandate = (
        "mandates: {T-SMALL: {where: {class: boiler, fuel: coal}, not_in: {fuel: coal}, by: 2018-12-31}}\n"
    )
    path.write_text(head + mandate, encoding="utf-8")
    world = World(toy.world.tables, load_scenario(path), toy.world.inventory)
    frozen, law, plan = (make_case(world, case) for case in ("frozen", "current_law", "plan"))
    results = assemble(world.tables, toy.register.iloc[:0], world.scenario, frozen, law, plan, {})
    one = results.cities.iloc[:1]
    kept = results.emissions[results.emissions["city"].isin(one["city"])]
    at = results.plan["city"].isin(one["city"])
    small = replace(
        results,
        cities=one,
        emissions=kept,
        plan=results.plan[at].reset_index(drop=True),
        works=results.works[at].reset_index(drop=True),
    )
    book, text = written(small, tmp_path)
    tasks = [row[0] for row in book["任务分解"].iter_rows(min_row=HEAD_ROW + 2, values_only=True)]
    assert tasks == [results.names.set_index(["kind", "id"]).loc[("city", one["city"].iloc[0]), "zh"]] * 4
    assert book["目标指标"].cell(HEAD_ROW + 2, 1).value == "none"
    assert book["条款对照"].cell(HEAD_ROW + 2, 1).value == "none"
    assert [row[0] for row in book["资金筹措"].iter_rows(min_row=5, max_row=6, values_only=True)] == [
        "2018",
        "合计",
    ]
    assert "规划期为2018年" in text
