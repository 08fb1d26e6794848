"""The page: both languages whole, self-contained, the same bytes twice, the same numbers as the files."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.report import fonts
from model.report.fonts import page_font
from model.report.messages import LANGUAGES, Messages, catalogue, load_messages
from model.report.page import actions, data, report, tables
from model.report.page.figures import FIGURES, style
from model.results.results import Results
from tests.report.made_up import made_up


@pytest.fixture(scope="module")
def results() -> Results:
    return made_up()


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        (236.25, "Mtce/yr", "236.25 Mtce", "23,625万吨标准煤"),
        (7.6, "bcm/yr", "7.60 bcm", "76.00亿立方米"),
        (60.0, "GW", "60.0 GW", "6,000万千瓦"),
        (109785.2, "households", "109,785 households", "109,785户"),
        (31.3644, "ug/m3", "31.4 µg/m³", "31.4微克/立方米"),
        (8.95e8, "t/yr", "895.00 Mt", "89,500万吨"),
        (6.92392e9, "GJ/yr", "6,923.92 PJ", "23,625万吨标准煤"),
        (10.0, "ppm", "10.0 ppm", "10.0 ppm"),
        (8.36e10, "tkm/yr", "83.6 billion tkm", "836.0亿吨公里"),
        (15.63, "mg/m3", "15.6 mg/m³", "15.6毫克/立方米"),
    ],
)
def test_answers_are_told_in_the_units_of_the_reader(
    value: float, unit: str, english: str, chinese: str
) -> None:
    told = [Messages(lang, catalogue(lang), {}).quantity(value, unit) for lang in ("en", "zh")]
    assert told == [english, chinese]


class Page(HTMLParser):
    """Collects what a page refers to, its number of figures and the text outside of them."""

    def __init__(self) -> None:
        super().__init__()
        self.references: list[str] = []
        self.ids: list[str] = []
        self.text: list[str] = []
        self.figures = 0
        self.inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.figures += tag == "svg"
        self.inside += tag in ("svg", "style", "script")
        for name, value in attrs:
            if name in ("src", "href", "xlink:href") and value:
                self.references.append(value)
            if name == "id" and value:
                self.ids.append(value)

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag in ("svg", "style", "script")

    def handle_data(self, text: str) -> None:
        if not self.inside:
            self.text.append(text)


def rendered(results: Results, lang: str, where: Path) -> tuple[str, Page]:
    report.write_report(results, lang, where)
    text = (where / "report.html").read_text(encoding="utf-8")
    page = Page()
    page.feed(text)
    return text, page


@pytest.fixture(scope="module")
def english(results: Results, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Page, Path]:
    where = tmp_path_factory.mktemp("english")
    return (*rendered(results, "en", where), where)


@pytest.fixture(scope="module")
def chinese(results: Results, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Page]:
    return rendered(results, "zh", tmp_path_factory.mktemp("chinese"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_is_whole_and_needs_nothing_from_outside(
    results: Results, lang: str, request: pytest.FixtureRequest
) -> None:
    _, page, *_ = request.getfixturevalue({"en": "english", "zh": "chinese"}[lang])
    assert all(reference.startswith("#") for reference in page.references)
    assert len(page.ids) == len(set(page.ids))
    assert {reference[1:] for reference in page.references} <= set(page.ids)
    assert page.figures == len(FIGURES) + 1  # and the map
    shown = " ".join(page.text)
    assert load_messages(lang)("page.footer") in shown
    assert results.titles[lang] in shown
    assert not re.search(r"\b(nan|None|NaN)\b", shown)
    for clause in results.clauses["clause"]:
        assert clause in shown


def test_page_opens_with_the_answer(results: Results, english: tuple[str, Page, Path]) -> None:
    shown = " ".join(" ".join(english[1].text).split())
    assert "The plan misses 1 of 16 limits it is held to." in shown
    assert "Not for enforcement 61% of SO₂ emission rests on constructed rows" in shown
    row = results.links.iloc[0]
    line = (
        f"{row['start_value'] / 1e3:,.2f} kt in 2017 × (1 − 15%) ÷ (1 − 12%) = {row['bound'] / 1e3:,.2f} kt"
    )
    assert line in shown


def test_chinese_page_uses_chinese_units(results: Results, chinese: tuple[str, Page]) -> None:
    shown = " ".join(chinese[1].text)
    assert "万吨" in shown
    assert "推算数据不作为执法和考核依据" in shown
    plan = results.payers[results.payers["case"] == "plan"]["investment_cny"].sum()
    law = results.payers[results.payers["case"] == "current_law"]["investment_cny"].sum()
    assert f"{(plan - law) / 1e8:.2f}亿元" in shown


def test_two_reports_are_the_same_bytes(
    results: Results, english: tuple[str, Page, Path], tmp_path: Path
) -> None:
    rendered(results, "en", tmp_path)
    files = [
        {p.relative_to(root): p.read_bytes() for p in root.rglob("*") if p.is_file()}
        for root in (english[2], tmp_path)
    ]
    assert len(files[0]) == 1 + 2 * (len(FIGURES) + 1)
    assert files[0] == files[1]


def test_figures_are_svg_and_png_without_a_date(english: tuple[str, Page, Path]) -> None:
    for name in FIGURES:
        assert (english[2] / "figures" / f"{name}.png").read_bytes()[:4] == b"\x89PNG"
        assert "<dc:date>" not in (english[2] / "figures" / f"{name}.svg").read_text(encoding="utf-8")


def test_a_run_without_actions_or_clauses_has_a_report(results: Results, tmp_path: Path) -> None:
    bare = replace(
        results,
        **{
            name: getattr(results, name).iloc[:0]
            for name in (
                "plan",
                "costs",
                "clauses",
                "entries",
                "payers",
                "transfers",
                "book",
                "sensitivity",
                "links",
                "citations",
            )
        },
        limits=results.limits.assign(price=0.0),
    )
    text, page = rendered(bare, "en", tmp_path)
    assert "The scenario names no register of clauses." in text
    assert "No limit has a price; every one leaves room." in text
    assert page.figures == len(FIGURES)
    assert "<script" not in text


# ---- the figures show what the files hold ----


def test_emission_figure_adds_up_to_the_file(results: Results) -> None:
    shown = data.emission_by_sector(results).groupby(["pollutant", "case"])["value"].sum()
    rows = results.emissions[
        results.emissions["pollutant"].isin(data.TARGETED) & (results.emissions["year"] == 2020)
    ]
    for key, value in rows.groupby(["pollutant", "case"])["value"].sum().items():
        assert shown[key] == pytest.approx(value, rel=1e-12)


def test_reduction_figure_adds_up_to_the_plan(results: Results) -> None:
    shown = data.reduction_by_measure(results, top=3)
    for pollutant in data.TARGETED:
        rows = shown[shown["pollutant"] == pollutant]
        assert len(rows) == 4
        assert rows["count"].tolist() == [1, 1, 1, 5]
        assert rows["value"].sum() == pytest.approx(results.plan[f"abated_{pollutant}_t"].sum(), rel=1e-12)


def test_cost_figure_is_plan_less_current_law(results: Results) -> None:
    shown = data.cost_by_payer(results).groupby("what")["value"].sum()
    costs = results.costs.assign(sign=results.costs["case"].map({"plan": 1, "current_law": -1}))
    worth = costs["value"] * costs["sign"]
    assert shown["investment"] == pytest.approx(worth[costs["kind"] == "investment"].sum())
    assert shown["annual"] == pytest.approx(
        worth[(costs["kind"] != "investment") & (costs["year"] == 2020)].sum()
    )


def test_bars_have_the_lengths_of_the_data(results: Results) -> None:
    messages = load_messages("en", results.names)
    with style(messages):
        figure = FIGURES["reduction_by_measure"](results, messages)
        drawn = [bar.get_width() for axis in figure.axes for bar in axis.patches]
    largest = data.reduction_by_measure(results)["value"]
    scale = messages.quantity_scale("t/yr", largest.max()).by
    assert drawn == pytest.approx((largest / scale).tolist())


def test_heat_map_counts_every_action(results: Results) -> None:
    table = data.actions_by_city(results)
    assert table.to_numpy().sum() == len(results.plan)
    assert list(table.index) == [c for c in results.cities["city"] if c in set(results.plan["city"])]


def test_path_shows_the_account_and_the_limits_of_the_files(results: Results) -> None:
    rows = data.paths(results).set_index(["pollutant", "series", "year"])["value"]
    account = results.account.set_index(["pollutant", "case", "year"])["value"]
    limits = results.limits.set_index(["quantity", "year"])["bound"]
    assert rows["SO2", "plan", 2020] == account["SO2", "plan", 2020]
    assert rows["NOx", "target", 2019] == limits["NOx", 2019]
    assert len(rows) == 3 * 3 * 4 + 9


def test_prices_figure_shows_limits_with_a_price(results: Results) -> None:
    rows = data.prices(results)
    assert set(rows["limit"]) == set(results.limits.loc[results.limits["price"] > 0, "limit"])
    assert data.prices(results, top=2).shape[0] == 2


# ---- numbers as they are shown ----


def test_numbers_are_shown_in_the_units_of_the_language() -> None:
    english, chinese = load_messages("en"), load_messages("zh")
    assert chinese.measured(1_234_567.0, "mass") == "123.46万吨"
    assert english.measured(1_234_567.0, "mass") == "1,234.57 kt"
    assert chinese.measured(2.5e9, "money") == "25.00亿元"
    assert chinese.measured(12_345.0, "per_tonne") == "12,300元/吨"
    assert english.quantity(79.0, "%") == "79.0%"
    assert chinese.quantity(8e9, "m3/yr") == "80.00亿立方米"
    assert english.quantity(2.0, "sources") == "2 sources"
    assert english.number(np.nan, "mass") == "–"
    assert english.number(-0.001, "mass") == ">-0.01"
    assert english.number(0.0, "mass") == "0.00"


def small(results: Results, factor: float) -> Results:
    """The run of a region that emits and abates `factor` times as much."""
    plan = results.plan.assign(
        **{c: results.plan[c] * factor for c in results.plan.columns if c.startswith("abated_")}
    )
    account = results.account.assign(value=results.account["value"] * factor)
    return replace(results, plan=plan, account=account)


def test_small_regions_are_told_in_tonnes_and_single_projects(results: Results) -> None:
    """5 kt of SO2 and NOx in the start year part the two."""
    assert not data.is_small(results)
    first = results.account[
        (results.account["year"] == results.start) & results.account["pollutant"].isin(["SO2", "NOx"])
    ]
    most = first["value"].max()
    assert not data.is_small(small(results, 5001 / most))
    assert data.is_small(small(results, 4999 / most))
    english, chinese = (load_messages(lang, small=True) for lang in LANGUAGES)
    assert english.measured(1063.6, "mass") == "1,064 t"
    assert english.measured(9_184_000.0, "money") == "9.18 million CNY"
    assert chinese.measured(9_184_000.0, "money") == "918万元"


def test_no_cost_per_tonne_is_shown_below_a_tonne(results: Results) -> None:
    """Each action at 0.9 and at 1.1 t of the pollutant that the column is of."""
    messages = load_messages("en", results.names)
    for tonnes, dashes in ((0.9, True), (1.1, False)):
        plan = results.plan.assign(abated_SO2_t=tonnes, abated_NOx_t=tonnes)
        table = actions.largest(replace(results, plan=plan), messages)
        heads = [n for n, column in enumerate(table.columns) if column.unit == "CNY/t"]
        assert len(heads) == 2
        assert all((row[n] == "–") == dashes for row in table.rows for n in heads)


def test_payers_of_the_page_add_up(results: Results) -> None:
    messages = load_messages("en", results.names)
    table = tables.payers(results, messages)
    values = pd.DataFrame([row[1:] for row in table.rows]).replace(",", "", regex=True).astype(float)
    assert (values.iloc[:-1].sum() - values.iloc[-1]).abs().max() <= len(values)


def test_the_page_carries_the_chinese_characters_it_shows(chinese: tuple[str, Page]) -> None:
    from fontTools.ttLib import TTFont

    text, _ = chinese
    data = re.search(r"data:font/woff;base64,([A-Za-z0-9+/=]+)", text)
    assert data is not None
    carried = TTFont(io.BytesIO(base64.b64decode(data.group(1)))).getBestCmap()
    shown = {ord(c) for c in text if ord(c) >= 0x4E00}
    assert shown <= set(carried)
    first = page_font(text)
    fonts._face.cache_clear()
    assert page_font(text) == first
    assert page_font("no ideograph") == ""
