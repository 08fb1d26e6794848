"""What a run says on the terminal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from model.pipeline.summary import summary
from tests.report.made_up import made_up


def test_summaries_of_one_title_are_told_apart_by_their_names() -> None:
    results = made_up()
    other = replace(results, manifest={**results.manifest, "scenario": "less_gas"})
    heads = [summary(each, Path("out"), []).splitlines()[0] for each in (results, other)]
    assert heads == [f"{each.scenario}: {results.titles['en']}" for each in (results, other)]
