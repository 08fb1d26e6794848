"""Writes plan.xlsx and report.docx of a run."""

from __future__ import annotations

import tempfile
from pathlib import Path

from model.report.page.figures import write_pictures
from model.report.products.document import write_document
from model.report.products.gather import about, gather, sheet_lines
from model.report.products.workbook import write_workbook
from model.results.results import Results
from model.studies.emergency.lists import EmergencyResults


def write_products(results: Results, lists: EmergencyResults | None, lang: str, where: Path) -> None:
    """plan.xlsx in `lang` and report.docx into the folder `where`, whose figures/ are in `lang`.

    report.docx is always Chinese: of a run in English its figures are drawn once more.
    """
    gathered = gather(results, lists, lang)
    words = gathered.words
    mark, none = words.word("about", "mark"), words.word("phrase", "none")
    facts, lines = about(results, gathered), sheet_lines(results, words)
    write_workbook(gathered.tables.values(), facts, lines, mark, none, lang, where / "plan.xlsx")
    if lang == "zh":
        write_document(results, gathered, where / "figures", where / "report.docx")
        return
    chinese = gather(results, lists, "zh")
    with tempfile.TemporaryDirectory() as folder:
        write_pictures(results, chinese.words.m, Path(folder))
        write_document(results, chinese, Path(folder), where / "report.docx")
