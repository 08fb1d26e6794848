"""report.docx: layout of GB/T 9704, chapters, tables, the same bytes every time."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt

from model.report.messages import PLACES
from model.report.products.design import Field, designs, local_design
from model.report.products.document import write_document
from model.report.products.gather import about, gather, sheet_lines
from model.report.products.printed import KEYS, MARK, cell_text, parts
from model.report.products.workbook import write_workbook
from model.results.results import Results, empty
from tests.report.products.made import emergency

CHAPTERS = [
    *("摘　要", "一、编制背景与依据", "二、现状", "三、情景设定", "四、目标与差距"),
    *("五、减排潜力与边际成本", "六、优化方案", "七、重点任务", "八、分盟市任务分解与公平性"),
    *("九、重点工程与投资、资金筹措", "十、效益", "十一、不确定性、敏感性与替代方案"),
    *("十二、条款逐条对照", "十三、保障措施", "附表", "附录"),
]


@pytest.fixture(scope="module")
def path(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("document") / "report.docx"
    write_document(results, gather(results, emergency(), "zh"), target.parent / "no_figures", target)
    return target


def test_chapters_in_order(path: Path) -> None:
    heads = [p.text for p in docx.Document(str(path)).paragraphs if p.style and p.style.name == "Heading 1"]
    assert heads == CHAPTERS


def test_layout(path: Path) -> None:
    document = docx.Document(str(path))
    first = document.sections[0]
    assert [round(size.mm) for size in (first.page_width, first.page_height) if size] == [210, 297]
    margins = (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)
    assert [round(margin.mm) for margin in margins if margin] == [37, 35, 28, 26]
    for name, font, size in (
        ("Normal", "仿宋_GB2312", 16),
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
    ):
        style = document.styles[name]
        assert style.element.rPr.rFonts.get(qn("w:eastAsia")) == font
        assert style.font.size == Pt(size)
    assert document.styles["Normal"].paragraph_format.line_spacing == Pt(28)
    widths = {round(section.page_width.mm) for section in document.sections if section.page_width}
    assert widths == {210, 297}


def test_footer_on_every_page(path: Path) -> None:
    for section in docx.Document(str(path)).sections:
        text = section.footer.paragraphs[0].text
        assert "本报告由开源模型测算，供决策参考；推算数据不作为执法和考核依据。" in text


def test_captions_are_numbered_and_stand_above(path: Path) -> None:
    document = docx.Document(str(path))
    body = list(document.element.body)
    tables = [place for place, each in enumerate(body) if each.tag == qn("w:tbl")]
    numbers: dict[str, list[int]] = {"表": [], "附表": []}
    for place in tables:
        text = "".join(node.text or "" for node in body[place - 1].iter(qn("w:t")))
        found = re.match(r"(附?表)(\d+)　.*?(（续\d）)?$", text)
        assert found, text
        if found[3]:
            assert int(found[2]) == numbers[found[1]][-1]
        else:
            numbers[found[1]].append(int(found[2]))
    for found_numbers in numbers.values():
        assert found_numbers == list(range(1, len(found_numbers) + 1)) != []


def test_tables_have_the_heads_of_the_page(path: Path) -> None:
    document = docx.Document(str(path))
    heads = [[cell.text for cell in table.rows[0].cells] for table in document.tables]
    for ident in ("tasks", "clauses", "quality", "works", "money"):
        wanted = [field.head["zh"] for field in local_design(ident, PLACES).fields]
        small = [head.replace("亿元", "万元").replace("万吨", "吨") for head in wanted]
        assert wanted in heads or small in heads, ident


def test_two_writes_give_the_same_bytes(results: Results, path: Path, tmp_path: Path) -> None:
    again = tmp_path / "report.docx"
    write_document(results, gather(results, emergency(), "zh"), tmp_path / "no_figures", again)
    assert again.read_bytes() == path.read_bytes()


def test_no_sentence_is_left_unfilled(path: Path) -> None:
    document = docx.Document(str(path))
    texts = [p.text for p in document.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    wrong = [text for text in texts if re.search(r"\{[\w.]+\}|\bnan\b|None|<NA>|^-0(\.0+)?$", text)]
    assert wrong == []


@pytest.mark.parametrize(("calibration", "said"), [("census_2017", "清单已按"), (None, "清单未按")])
def test_an_inventory_is_called_calibrated_where_it_is(
    results: Results, calibration: str | None, said: str, tmp_path: Path
) -> None:
    results = replace(results, manifest={**results.manifest, "calibration": calibration})
    path = tmp_path / "report.docx"
    write_document(results, gather(results, None, "zh"), tmp_path / "no_figures", path)
    texts = [p.text for p in docx.Document(str(path)).paragraphs]
    assert [text for text in texts if text.startswith(f"{said}总量核算口径校准")]
    assert any("同一校准系数" in text for text in texts) == (calibration is not None)


def test_wide_tables_are_printed_in_parts() -> None:
    fields = designs()["projects"].fields
    split = parts(fields, 200)
    assert len(split) > 1
    repeated = {*KEYS, MARK}
    shown = [field.key for part in split for field in part if field.key not in repeated]
    assert shown == [f.key for f in fields if f.key not in repeated]
    assert all(repeated <= {field.key for field in part} for part in split)
    assert all(sum(field.width for field in part) <= 200 for part in split)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("t", 1234.0, "1,234"),
        ("yi", 1.5, "1.50"),
        ("num", 51.14, "51.14"),
        ("year", 2018.0, "2018"),
        ("no", 1604.0, "1604"),
        ("t", None, ""),
    ],
)
def test_cells(kind: str, value: float | None, text: str) -> None:
    assert cell_text(kind, value) == text


def test_narrow_tables_stay_whole() -> None:
    fields = (Field("number", {"zh": "序号", "en": "No."}, "int", 6, False),)
    assert parts(fields, 200) == [list(fields)]


def test_a_run_without_actions_and_without_a_register(results: Results, tmp_path: Path) -> None:
    none = {
        name: empty(name) for name in ("plan", "works", "routes", "clauses", "entries", "links", "credit")
    }
    bare = replace(results, costs=results.costs.iloc[:0], payers=results.payers.iloc[:0], **none)
    gathered = gather(bare, None, "zh")
    assert all(len(gathered.tables[ident].rows) == 0 for ident in ("projects", "clauses", "works", "plants"))
    write_document(bare, gathered, tmp_path / "no_figures", tmp_path / "report.docx")
    lines, facts = sheet_lines(bare, gathered.words), about(bare, gathered)
    write_workbook(gathered.tables.values(), facts, lines, "", "none", "zh", tmp_path / "plan.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx")["减排项目清单"]
    assert [sheet.cell(row, 1).value for row in (4, 5, 6)] == ["序号", "none", None]
