"""What a figure shows can be read: labels stand clear of what is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.layout_engine import ConstrainedLayoutEngine

from model.report.look import save
from model.report.messages import LANGUAGES, load_messages
from model.report.page import data
from model.report.page.figures import emission_by_sector, path, reduction_by_measure, style
from model.report.page.path import TARGET_HEIGHT
from tests.report.made_up import YEARS, made_up


@pytest.mark.parametrize("lang", LANGUAGES)
def test_values_of_targets_stand_clear_of_the_lines(lang: str) -> None:
    results = made_up()
    messages = load_messages(lang, results.names)
    with style(messages):
        figure = path(results, messages)
        figure.canvas.draw()
        for axis in figure.axes:
            assert len(axis.texts) == len(YEARS)
            lines = [line for line in axis.lines if len(line.get_xdata()) > len(YEARS)]
            assert len(lines) == 3
            for text in axis.texts:
                box = text.get_window_extent()
                assert box.height < TARGET_HEIGHT * axis.bbox.height
                for line in lines:
                    drawn = line.get_path().transformed(axis.transData)
                    assert not drawn.intersects_bbox(box, filled=False), text.get_text()


def test_names_of_measures_are_whole() -> None:
    """Packages of three measures with long names are in two lines, none is cut."""
    results = made_up()
    long = "Sulphur recovery tail and ammonia desulphurisation + Waste-water and tank gas collected and burnt"
    names = results.names.assign(en=results.names["en"].where(results.names["id"] != "fgd_wet", long))
    messages = load_messages("en", names)
    with style(messages):
        figure = reduction_by_measure(results, messages)
        labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
        ConstrainedLayoutEngine().execute(figure)
        figure.canvas.draw()
        shown = [label.get_window_extent() for label in figure.axes[0].get_yticklabels()]
        assert min(box.x0 for box in shown) >= 0
    assert long in [label.replace("\n", " ") for label in labels]
    assert max(label.count("\n") for label in labels) == 1


def test_bars_are_the_emissions_of_their_sectors_and_cases() -> None:
    results = made_up()
    messages = load_messages("en", results.names)
    rows = data.emission_by_sector(results).set_index(["pollutant", "sector", "case"])["value"]
    by = messages.scale("mass").by
    words = {messages.word("sector", sector): sector for sector in rows.index.get_level_values("sector")}
    with style(messages):
        figure = emission_by_sector(results, messages)
        for axis, pollutant in zip(figure.axes, data.TARGETED, strict=True):
            sectors = [words.get(label.get_text(), "rest") for label in axis.get_yticklabels()]
            ends = [0.0] * len(sectors)
            for bars, case in zip(axis.containers, ("start", "frozen", "current_law", "plan"), strict=True):
                for place, (bar, sector) in enumerate(zip(bars, sectors, strict=True)):
                    assert bar.get_width() == pytest.approx(rows[pollutant, sector, case] / by)
                    low = bar.get_y() - place
                    assert low >= -0.5  # around its own name
                    assert low + bar.get_height() <= 0.5
                    assert not ends[place] or low == pytest.approx(ends[place])  # below the case before
                    ends[place] = low + bar.get_height()


def test_a_picture_alone_is_the_same_picture(tmp_path: Path) -> None:
    results = made_up()
    messages = load_messages("zh", results.names)
    for name, svg in (("both", True), ("alone", False)):
        with style(messages):
            save(path(results, messages), tmp_path / name, svg)
    assert (tmp_path / "both.png").read_bytes() == (tmp_path / "alone.png").read_bytes()
    assert [each.name for each in sorted(tmp_path.iterdir())] == ["alone.png", "both.png", "both.svg"]
