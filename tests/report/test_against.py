"""The figure of ratios: every row drawn, numbers beside their lines and apart, names in both languages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from model.report.look import style
from model.report.messages import LANGUAGES, load_messages
from model.report.studies.against import ratios, write_against_figures

NAMES = pd.DataFrame(
    {"kind": "city", "id": ["150100", "150200"], "en": ["Hohhot", "Baotou"], "zh": ["呼和浩特市", "包头市"]}
)


def compared() -> pd.DataFrame:
    """Two cities in two inventories, one sector; the last ratio is far from 1."""
    rows = [
        ("CEADs_city", "150100", None, 0.9, 0.4, 2.0),
        ("CEADs_city", "150200", None, 1.2, 0.5, 2.9),
        ("Chen_2020", "150100", None, 1.9, 0.8, 4.5),
        ("CEADs_city", "150100", "chemicals", 17.6, 7.4, 41.0),
    ]
    frame = pd.DataFrame(rows, columns=["inventory", "area", "part", "ratio", "low", "high"])
    part_zh = frame["part"].map({"chemicals": "化工"})
    inside = np.where((frame["low"] <= 1) & (frame["high"] >= 1), "yes", "no")
    return frame.assign(part_zh=part_zh, pollutant="CO2", model_year=2017, inside=inside)


def numbers(axis: Axes) -> list[Annotation]:
    return [text for text in axis.texts if isinstance(text, Annotation)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_ratio_is_drawn_and_written(lang: str) -> None:
    m = load_messages(lang, NAMES)
    with style(m):
        figure = ratios(compared(), m)
        places, sectors = figure.axes
        assert [text.get_text() for text in numbers(places)] == ["0.90", "1.20", "1.90"]
        assert [text.get_text() for text in numbers(sectors)] == ["18"]
        assert places.get_xscale() == "log"
        names = [label.get_text() for label in places.get_yticklabels()]
        assert names == list(NAMES[lang])
        assert sectors.get_yticklabels()[0].get_text() == {"en": "chemicals", "zh": "化工"}[lang]
        lines = [line for line in sectors.lines if len(line.get_xdata()) == 2 and line.get_linewidth() > 2]
        assert [line.get_alpha() for line in lines] == [1.0]
        np.testing.assert_allclose(lines[0].get_xdata(), [7.4, 41.0])


def test_numbers_stand_apart_and_inside() -> None:
    m = load_messages("en", NAMES)
    with style(m):
        figure = ratios(compared(), m)
        figure.draw_without_rendering()
        for axis in figure.axes:
            boxes = [text.get_window_extent() for text in numbers(axis)]
            assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
            assert all(box.x1 <= figure.bbox.x1 for box in boxes)


def test_files_are_written_where_there_is_something_to_draw(tmp_path: Path) -> None:
    nothing = compared().assign(ratio=np.nan)
    write_against_figures(nothing, NAMES, "en", tmp_path / "none")
    assert not (tmp_path / "none").exists()
    for name in ("one", "two"):
        write_against_figures(compared(), NAMES, "zh", tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == ["against_CO2.png", "against_CO2.svg"]
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
