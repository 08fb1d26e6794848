"""What a figure shows can be read: labels stand clear of what is drawn."""

from __future__ import annotations

import pytest

from model.report.figures import path, style
from model.report.messages import LANGUAGES, load_messages
from model.report.path import TARGET_HEIGHT
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
