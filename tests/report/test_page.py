"""The page as it is read: its parts in order, what is in each, its size, what a screen reader finds."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from model.report.messages import LANGUAGES, load_messages
from model.report.page import actions, library, tables
from model.report.page.report import page
from model.results.results import Results
from tests.report.made_up import CITIES, made_up

FIGURE = '<svg width="100pt" height="50pt"><g id="a"/></svg>'
DRAWN = dict.fromkeys(("emission_path", "map", "cost_by_payer", "prices"), FIGURE)
ORDER = ("targets", "acts", "cost", "binds", "clauses", "swings", "data", "method", "sources")
MOST_BYTES = 5_000_000


class Reader(HTMLParser):
    """Tags in order with their attributes and text; what stands in the script and the style is apart."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[str] = []
        self.text: dict[int, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        at = len(self.tags) - 1
        self.text[at] = self.text.get(at, "") + data

    def found(self, *names: str) -> Iterator[tuple[int, str, dict[str, str | None]]]:
        """Tags of these names: their place, name and attributes."""
        return ((at, tag, attrs) for at, (tag, attrs) in enumerate(self.tags) if tag in names)


@pytest.fixture(scope="module")
def results() -> Results:
    return made_up()


@pytest.fixture(scope="module", params=LANGUAGES)
def read(request: pytest.FixtureRequest, results: Results) -> tuple[str, str, Reader]:
    text = page(results, load_messages(request.param, results.names), DRAWN)
    return request.param, text, Reader(text)


def part(text: str, ident: str) -> str:
    """The section of a page without its tags."""
    found = re.search(rf'<section id="{ident}".*?</section>', text, re.S)
    assert found is not None, ident
    return " ".join(re.sub(r"<script.*?</script>|<[^>]*>", " ", found[0], flags=re.S).split())


def test_parts_stand_in_the_order_of_their_reader(read: tuple[str, str, Reader]) -> None:
    _, _, reader = read
    assert [attrs["id"] for _, _, attrs in reader.found("section")] == list(ORDER)
    links = [attrs["href"] for _, _, attrs in reader.found("a")]
    assert links == [f"#{ident}" for ident in ORDER]


def test_each_part_has_what_it_is_for(results: Results, read: tuple[str, str, Reader]) -> None:
    lang, text, _ = read
    m = load_messages(lang, results.names)
    parts = {ident: part(text, ident) for ident in ORDER}
    for ident, titles in {
        "targets": ("table.targets", "chain.head", "table.by_account"),
        "acts": ("table.cities", "table.actions", "table.units", "table.measures"),
        "cost": ("table.payers", "table.transfers", "table.book"),
        "binds": ("table.prices", "table.rates", "table.limits"),
        "swings": ("table.sensitivity",),
        "data": ("table.quality", "table.ratings", "table.constructed"),
        "sources": ("table.works",),
    }.items():
        for title in titles:
            assert m(title) in parts[ident], (ident, title)
    assert all(clause in parts["clauses"] for clause in results.clauses["clause"])
    assert "yearbook_2018" in parts["sources"]
    assert m.word("access", "recalled") in parts["sources"]
    assert sum(name in parts["binds"] for name in ("IM20-SO2", "IM20-NOX", "GAS-NETWORK")) == 3


def test_texts_of_the_scenario_are_in_the_language_of_the_page(read: tuple[str, str, Reader]) -> None:
    lang, text, _ = read
    clauses = part(text, "clauses")
    reason, note = {"en": ("no factor", "every town"), "zh": ("没有排放因子", "包括各县城")}[lang]
    assert note in clauses
    assert reason in clauses
    meaning = {"en": "SO2 in 2020", "zh": "2020年二氧化硫排放总量较2015年下降15%"}[lang]
    assert meaning in part(text, "binds")


def test_no_sentence_of_a_chinese_page_is_english(results: Results) -> None:
    """Outside of the sources, whose titles are as published, no four words of Latin letters in a row."""
    text = page(results, load_messages("zh", results.names), DRAWN)
    text = re.sub(r'<section id="sources".*?</section>|<(script|style).*?</\1>', " ", text, flags=re.S)
    shown = re.sub(r"<[^>]*>", "|", text)
    assert re.findall(r"[A-Za-z]{2,}(?:[ ,;:]+[A-Za-z]{2,}){3,}", shown) == []


def test_the_page_needs_no_network(read: tuple[str, str, Reader]) -> None:
    _, text, reader = read
    loads = [
        value
        for _, _, attrs in reader.found(*{tag for tag, _ in reader.tags})
        for name, value in attrs.items()
        if name in ("src", "href", "srcset", "data", "action", "xlink:href")
    ]
    assert all(value is not None and value.startswith("#") for value in loads)
    assert not list(reader.found("link", "iframe", "object", "embed"))
    style = "".join(re.findall(r"<style>(.*?)</style>", text, re.S))
    assert all(source.startswith("data:") for source in re.findall(r"url\(([^)]*)\)", style))
    assert "@import" not in style
    for call in ("fetch(", "XMLHttpRequest(", "WebSocket(", "import(", "sendBeacon("):
        assert not re.search(rf"(?<![\w.$]){re.escape(call)}\s*[\"'`]http", text)


def test_a_screen_reader_finds_its_way(read: tuple[str, str, Reader]) -> None:
    """Language, one main heading, levels without gaps, heads of columns, names of figures and of controls."""
    lang, _, reader = read
    ((_, _, html),) = list(reader.found("html"))
    assert html["lang"] == {"en": "en", "zh": "zh-CN"}[lang]
    levels = [int(tag[1]) for _, tag, _ in reader.found("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    heads = list(reader.found("th"))
    assert heads
    assert all(attrs.get("scope") == "col" and reader.text.get(at) for at, _, attrs in heads)
    figures = [attrs for _, _, attrs in reader.found("svg")]
    assert len(figures) == len(DRAWN)
    assert all(attrs["role"] == "img" and attrs["aria-label"] for attrs in figures)
    regions = [attrs for _, _, attrs in reader.found("div") if attrs.get("role") == "region"]
    assert regions
    assert all(attrs["tabindex"] == "0" and attrs["aria-label"] for attrs in regions)
    for at, _, _ in reader.found("select"):
        assert reader.tags[at - 1][0] == "label"
        assert (reader.text[at - 1]).strip()
    assert len(list(reader.found("main"))) == len(list(reader.found("nav"))) == 1


def rows_of(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="actions-data">(.*?)</script>', text, re.S)
    assert found is not None
    tree: dict[str, Any] = json.loads(found[1])
    return tree


def test_the_searchable_table_has_every_action(results: Results, read: tuple[str, str, Reader]) -> None:
    lang, text, _ = read
    tree = rows_of(text)
    place = {column["key"]: at for at, column in enumerate(tree["columns"])}
    assert len(tree["rows"]) == len(results.plan)
    assert all(len(row) == len(place) for row in tree["rows"])
    scale = load_messages(lang).scale("project_money").by
    for key, column, by in (("investment", "investment_cny", scale), ("abated_NOx", "abated_NOx_t", 1.0)):
        total = sum(row[place[key]] for row in tree["rows"])
        assert total == pytest.approx(results.plan[column].sum() / by, rel=1e-5)
    cities = [tree["columns"][place["city"]]["words"][row[place["city"]]] for row in tree["rows"]]
    name = CITIES[1][0 if lang == "en" else 1]
    assert cities.count(name) == (results.plan["city"] == "Baotou").sum()


def test_what_is_searched_is_sorted_by_what_it_abates(results: Results) -> None:
    found = actions.searchable(results, load_messages("en", results.names))
    tree = json.loads(found.data)
    at = [column["key"] for column in tree["columns"]].index("abated_SO2")
    sizes = [row[at] for row in tree["rows"]]
    assert sizes == sorted(sizes, reverse=True)
    assert [head for _, head, _ in found.choices] == ["City", "Year", "Payer", "Sector"]
    assert found.choices[0][2] == tuple(city for city, *_ in CITIES)


def test_the_largest_of_each_city_are_printed(results: Results) -> None:
    table = actions.largest(results, load_messages("en", results.names))
    counts = {city: sum(row[0] == city for row in table.rows) for city, *_ in CITIES}
    assert counts == dict.fromkeys(counts, actions.PRINTED // len(CITIES))
    ordos = results.plan[results.plan["city"] == "Ordos"]
    largest = ordos.loc[(ordos["abated_SO2_t"] + ordos["abated_NOx_t"]).idxmax()]
    assert next(row for row in table.rows if row[0] == "Ordos")[1] == largest["source"]


def test_emission_outside_the_accounts_stands_beside_it(results: Results) -> None:
    """Of the made-up emission all but 1 000 t of SO2 a year is inside; PM10 is in no table of the page."""
    inside = results.account["value"] - 1000.0 * (results.account["pollutant"] == "SO2")
    table = tables.by_account(
        replace(results, account=results.account.assign(value=inside)), load_messages("en")
    )
    assert {row[-1] for row in table.rows if row[0] == "SO₂"} == {"1.00"}
    assert {row[-1] for row in table.rows if row[0] == "NOx"} == {"0.00"}
    assert len(table.rows) == 5 * 4
    nothing = results.emissions[results.emissions["pollutant"] != "NOx"]
    bare = tables.by_account(replace(results, emissions=nothing), load_messages("en"))
    assert {row[-1] for row in bare.rows if row[0] == "NOx"} == {"–"}


def test_names_can_not_break_out_of_the_page(results: Results) -> None:
    bad = "</script><script>alert(1)</script>"
    names = results.names.assign(zh=results.names["zh"].where(results.names["kind"] != "measure", bad))
    text = page(results, load_messages("zh", names), {})
    assert "<script>alert" not in text
    assert bad in rows_of(text)["columns"][4]["words"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_five_thousand_actions_stay_below_five_megabytes(lang: str, tmp_path: Path) -> None:
    """Figures apart, for which a megabyte is left; those of Inner Mongolia take 0.3."""
    many = made_up(5000)
    text = page(many, load_messages(lang, many.names), {})
    assert len(rows_of(text)["rows"]) == 5000
    assert len(text.encode()) < MOST_BYTES - 1_000_000
    assert text.count("<tr") < 800, "rows are made as they are looked at"


def test_the_library_comes_with_its_licences() -> None:
    script, style = library.datatables()
    assert "const DataTable=" in script
    assert "export{" not in script
    assert "SpryMedia Ltd" in script
    assert "OpenJS Foundation" in script
    assert "</script" not in script
    assert "</style" not in style
