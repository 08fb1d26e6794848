"""report.docx: the report of a run in Chinese, as a department would edit, countersign and send it on."""

from __future__ import annotations

from pathlib import Path

from model.report.products import annexes, chapters
from model.report.products.draft import Draft
from model.report.products.gather import Gathered
from model.report.products.gbt9704 import Paper
from model.results.results import Results

CHAPTERS = (
    chapters.summary,
    chapters.background,
    chapters.present,
    chapters.cases,
    chapters.targets,
    chapters.potential,
    chapters.plan,
    chapters.tasks,
    annexes.cities,
    annexes.works,
    annexes.benefit,
    annexes.doubt,
    annexes.clauses,
    annexes.safeguards,
    annexes.annex,
    annexes.appendix,
)
"""The chapters in their order."""


def write_document(results: Results, gathered: Gathered, figures: Path, path: Path) -> None:
    """Write report.docx. gathered: the tables in Chinese. figures: folder with the run's figures as PNG."""
    draft = Draft(results, gathered, Paper(), figures)
    title = draft.say("head", "title", title=results.titles["zh"])
    draft.paper.title(title)
    for chapter in CHAPTERS:
        chapter(draft)
    draft.paper.save(path, title, gathered.words.word("about", "mark"))
