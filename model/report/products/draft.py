"""What every chapter of report.docx needs: the run, its tables, the sentences, the paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pandas as pd
from ruamel.yaml import YAML

from model.report.messages import Messages, placed
from model.report.products.gather import Gathered
from model.report.products.gbt9704 import Paper
from model.report.products.printed import print_table
from model.results.results import Results


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """The sentences of the report by chapter."""
    path = Path(__file__).parent / "document_zh.yaml"
    tree: Mapping[str, Mapping[str, str]] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return tree


@dataclass(frozen=True)
class Draft:
    """A report under way. figures: folder of the run's figures."""

    results: Results
    gathered: Gathered
    paper: Paper
    figures: Path

    @property
    def m(self) -> Messages:
        """Chinese messages."""
        return self.gathered.words.m

    def say(self, chapter: str, key: str, /, **values: object) -> str:
        """A sentence with `values` put in."""
        return placed(sentences()[chapter][key], self.m.places).format(**values)

    def head(self, key: str, level: int = 1, across: bool = False) -> None:
        """A heading, on an upright page, or on a turned one for the wide table that follows."""
        self.paper.across(across)
        self.paper.heading(self.say("head", key), level)

    def text(self, chapter: str, key: str, /, **values: object) -> None:
        """A paragraph."""
        self.paper.text(self.say(chapter, key, **values))

    def table(self, ident: str) -> None:
        """A whole table of the run."""
        table = self.gathered.tables[ident]
        print_table(self.paper, table, table.design.title["zh"])

    def figure(self, name: str, across: bool = False) -> None:
        """A figure of the run, where it was drawn; of panels side by side on a turned page."""
        path = self.figures / f"{name}.png"
        if path.exists():
            self.paper.across(across)
            self.paper.figure(path, self.say("figure", name, year=self.results.years[-1]))

    @cached_property
    def account(self) -> pd.Series[float]:
        """Emission inside the official accounts by case, year and pollutant, t."""
        return self.results.account.set_index(["case", "year", "pollutant"])["value"]
