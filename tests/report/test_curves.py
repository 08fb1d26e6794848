"""Figures of curves, cities and sweeps: labels apart, every axis with its unit, the same bytes each time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from model.report.look import save, style
from model.report.messages import LANGUAGES, Messages, load_messages
from model.report.studies.across import allocation, price_map
from model.report.studies.curves import all_cities, one_curve
from model.report.studies.labels import spread
from model.report.studies.sweeps import response, tornado
from tests.report import made_up_curves as made_up


def _one(m: Messages) -> Figure:
    curve, measures, others = made_up.curve(("Hohhot",))
    return one_curve(curve, measures, others, m)


FIGURES: dict[str, Callable[[Messages], Figure]] = {
    "one": _one,
    "tonnes": lambda m: all_cities(made_up.curve()[0], "total_cost_cny", False, m),
    "percent": lambda m: all_cities(made_up.curve()[0], "marginal_cny_per_t", True, m),
    "prices": lambda m: price_map(made_up.prices(), m),
    "allocation": lambda m: allocation(made_up.allocation(), m),
    "response": lambda m: response(made_up.sweep()["response"], made_up.sweep()["sweep"], m),
    "tornado": lambda m: tornado(made_up.sweep()["tornado"], m),
}


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=12),
    st.sampled_from([0.01, 0.05, 0.08]),
)
def test_labels_stand_apart_and_as_near_as_can_be(wanted: list[float], gap: float) -> None:
    asked = np.array(wanted)
    places = spread(asked, gap, 0.0, 1.0)
    kept = np.sort(places)
    assert (np.diff(kept) >= gap - 1e-12).all()
    assert kept[0] >= -1e-12
    assert kept[-1] <= 1 + 1e-12
    assert (np.diff(places[np.argsort(asked, kind="stable")]) >= 0).all()
    apart = np.diff(np.sort(asked))
    if len(asked) == 1 or apart.min() >= gap:
        assert places == pytest.approx(asked)


def test_labels_in_a_heap_are_centred_on_it() -> None:
    """Three labels at 0.5 and one at 0.9: by hand 0.4, 0.5, 0.6 and 0.9."""
    assert spread(np.array([0.5, 0.9, 0.5, 0.5]), 0.1, 0.0, 1.0) == pytest.approx([0.4, 0.9, 0.5, 0.6])
    assert spread(np.array([0.5, 0.5, 0.5]), 0.6, 0.0, 1.0) == pytest.approx([0.0, 0.5, 1.0])


def _texts(axis: Axes) -> list[Text]:
    """What is written in and around axes, but for ticks outside of them."""
    texts = [*axis.texts, axis.xaxis.label, axis.yaxis.label, axis._left_title]  # type: ignore[attr-defined]
    for one in (axis.xaxis, axis.yaxis):
        low, high = sorted(one.get_view_interval())
        texts += [t.label1 for t in one.get_major_ticks() if low <= t.get_loc() <= high]
        texts += [t.label2 for t in one.get_major_ticks() if low <= t.get_loc() <= high]
    return [text for text in texts if text.get_visible() and text.get_text()]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", FIGURES)
def test_no_text_covers_another(name: str, lang: str, tmp_path: Path) -> None:
    m = load_messages(lang)
    with style(m):
        figure = FIGURES[name](m)
        save(figure, tmp_path / "figure")  # places the axes as they are written
        figure.canvas.draw()
        texts = [text for axis in figure.axes for text in _texts(axis)]
        boxes = [(text.get_text(), text.get_window_extent().padded(-1.5)) for text in texts]
        for (first, a), (second, b) in combinations(boxes, 2):
            assert not a.overlaps(b), f"{first!r} and {second!r}"


@pytest.mark.parametrize("name", ["one", "prices", "tornado"])
def test_figures_are_the_same_bytes_each_time(name: str, tmp_path: Path) -> None:
    m = load_messages("zh")
    for stem in ("first", "second"):
        with style(m):
            save(FIGURES[name](m), tmp_path / stem)
    for end in ("svg", "png"):
        assert (tmp_path / f"first.{end}").read_bytes() == (tmp_path / f"second.{end}").read_bytes()


def test_the_curve_that_is_drawn_is_the_table() -> None:
    curve, measures, others = made_up.curve(("Hohhot",))
    m = load_messages("en")
    with style(m):
        figure = one_curve(curve, measures, others, m)
        total, entering, marginal, together = figure.axes[:4]
        assert total.lines[0].get_xdata() == pytest.approx(curve["reduction_t"] / 1e3)
        assert total.lines[0].get_ydata() == pytest.approx(curve["total_cost_cny"] / 1e6)
        assert "million CNY" in total.get_ylabel()
        steps = np.asarray(marginal.lines[0].get_ydata(), dtype=float)
        assert steps[1:] == pytest.approx(curve["marginal_cny_per_t"].iloc[1:])
        assert marginal.get_yscale() == "log"
        assert "kt/yr" in marginal.get_xlabel()
        names = [label.get_text() for label in entering.get_yticklabels()]
        assert names == [name for name, _, _ in made_up.MEASURES]
        assert {text.get_text() for text in together.texts} == {m.word("quantity", p) for p in made_up.OTHERS}
    plt.close("all")


def test_cities_stand_in_the_order_of_what_they_can_cut() -> None:
    m = load_messages("en")
    with style(m):
        figure = all_cities(made_up.curve()[0], "total_cost_cny", False, m)
        titles = [axis._left_title.get_text() for axis in figure.axes]  # type: ignore[attr-defined]
        assert titles == list(made_up.CITIES)
        assert len({axis.get_xlim() for axis in figure.axes}) == 1
        assert len({axis.get_ylim() for axis in figure.axes}) == 1
    plt.close("all")


def test_who_pays_more_stands_at_one_end() -> None:
    m = load_messages("en")
    with style(m):
        figure = allocation(made_up.allocation(), m)
        cost = figure.axes[1]
        changes = [float(text.get_text().replace(",", "")) for text in cost.texts]
        assert changes == sorted(changes, reverse=True)
        assert changes[0] > 0 > changes[-1]
        # equal: 16e6 (4 + H8 / 2) = 85.74e6; least: (20 x 8e4 H8)^2 / (200 x 1600 x 8 / 9) = 66.48e6;
        # the bounds are 1 % below
        assert "saved 19.26 million CNY (18.40 to 19.93 proven" in figure._supxlabel.get_text()  # type: ignore[attr-defined]
    plt.close("all")


def test_a_city_that_can_not_has_no_price() -> None:
    m = load_messages("en")
    with style(m):
        figure = price_map(made_up.prices(), m)
        texts = [text.get_text() for text in figure.axes[0].texts]
        assert texts.count("out of reach") == 1
        assert texts.count("0") == len(made_up.CITIES)
    plt.close("all")


def test_the_line_of_a_sweep_is_where_one_value_alone_differs() -> None:
    frames, m = made_up.sweep(), load_messages("en")
    with style(m):
        figure = response(frames["response"], frames["sweep"], m)
        gas, _, _, growth = figure.axes[:4]
        line = next(line for line in gas.lines if line.get_linestyle() == "-")
        assert line.get_xdata() == pytest.approx([1.8, 2.1, 2.4, 2.8, 3.2])
        assert line.get_ydata() == pytest.approx([1460, 1730, 2000, 2360, 2720])
        assert gas.get_xlabel() == "CNY/m³"
        assert [label.get_text() for label in growth.get_xticklabels()] == ["as_planned_2018", "as_happened"]
    plt.close("all")


def test_an_end_that_misses_a_limit_has_no_bar() -> None:
    m = load_messages("en")
    with style(m):
        figure = tornado(made_up.sweep()["tornado"], m)
        (axis,) = figure.axes
        texts = [text.get_text() for text in axis.texts]
        assert "3.4 CNY/m³ → a limit is missed" in texts
        assert "1.8 CNY/m³ → 1,460" in texts
    plt.close("all")
