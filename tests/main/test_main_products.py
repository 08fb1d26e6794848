"""plan.xlsx and report.docx of Inner Mongolia, read back: their sums are those of the CSVs of the same run.

What is expected is worked out here from the CSVs and the inputs alone, not by what writes the products.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pandas as pd
import pytest

if TYPE_CHECKING:
    from tests.conftest import MainRun

pytestmark = pytest.mark.xdist_group("main")

HEAD_ROW = 4
YI, WAN = 1e8, 1e4
FIGURES = 6
KINDS = ["Structural, t", "Engineering, t", "Management, t"]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMED = {"SO₂": "SO2", "NOx": "NOx", "VOCs": "VOCs", "PM10": "PM10"}


@cache
def csv(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=[""])


@cache
def sheets(path: Path) -> Mapping[str, pd.DataFrame]:
    """Every sheet but the last as a frame, from its row of heads on."""
    book = openpyxl.load_workbook(path, read_only=True)
    out = {}
    for sheet in book.worksheets[:-1]:
        heads, *rows = sheet.iter_rows(min_row=HEAD_ROW, values_only=True)
        out[sheet.title] = pd.DataFrame(rows, columns=[str(head) for head in heads])
    return out


@cache
def printed(path: Path) -> tuple[Mapping[str, list[list[str]]], str]:
    """Tables of a Word file by caption without its number, as texts; and its paragraphs as one text."""
    with zipfile.ZipFile(path) as packed:
        body = ElementTree.fromstring(packed.read("word/document.xml"))[0]
    tables: dict[str, list[list[str]]] = {}
    told: list[str] = []
    for part in body:
        text = "".join(node.text or "" for node in part.iter(f"{W}t"))
        if part.tag == f"{W}tbl":
            cells = [
                ["".join(node.text or "" for node in cell.iter(f"{W}t")) for cell in row.iter(f"{W}tc")]
                for row in part.iter(f"{W}tr")
            ]
            tables[told[-1].partition("　")[2]] = cells
        else:
            told.append(text)
    return tables, "\n".join(told)


@pytest.fixture
def folder(main_run: MainRun) -> Path:
    return main_run.folder


@pytest.fixture
def book(folder: Path) -> Mapping[str, pd.DataFrame]:
    return sheets(folder / "plan.xlsx")


def number(text: str) -> float:
    return float(text.replace(",", "").rstrip("%"))


def amounts(texts: Sequence[str]) -> dict[str, float]:
    """Sums of "SO2 1,234, NOx -5" by what is named."""
    sums: dict[str, float] = {}
    for name, value in re.findall(r"(\w+)\s(−?[\d,]+)", " ".join(texts).replace(", ", " ")):
        sums[name] = sums.get(name, 0.0) + number(value.replace("−", "-"))
    return sums


def test_projects_are_the_actions(book: Mapping[str, pd.DataFrame], folder: Path) -> None:
    plan, projects = csv(folder, "plan"), book["Projects"]
    rows, total = projects.iloc[:-1], projects.iloc[-1]
    assert len(rows) == len(plan)
    assert rows["City"].value_counts().to_dict() == plan["city"].value_counts().to_dict()
    done = rows["Complete by"].str[-4:].astype(int)
    assert done.value_counts().to_dict() == plan["year"].value_counts().to_dict()
    size = plan.groupby("name").size()
    for head, column, by in (
        ("Investment, 10^4 CNY", "investment_cny", WAN),
        ("Running cost, 10^4 CNY/yr", "running_cny_per_yr", WAN),
        *((f"{p} abated, t/yr", f"abated_{p}_t", 1.0) for p in ("SO2", "NOx", "PM10", "VOCs")),
    ):
        assert total[head] == rows[head].sum() == round(plan[column].sum() / by)
        # Rounded so that they add up, each stays within one of what it is.
        apart = rows.groupby("Facility")[head].sum() - plan.groupby("name")[column].sum() / by
        assert (apart.abs() < size + 1e-6).all()


def test_boilers_are_those_that_no_longer_burn_coal_in_place(
    book: Mapping[str, pd.DataFrame], main_run: MainRun
) -> None:
    plan = csv(main_run.folder, "plan")
    boilers = pd.read_csv(main_run.inputs / "inner_mongolia/boilers.csv", index_col="source")
    before, after = (plan[side].str.split("/", expand=True) for side in ("from_state", "to_state"))
    switched = (before[0] != after[0]) | (before[1] != after[1])
    out = plan[plan["source"].isin(boilers.index) & (before[0] == "coal") & switched]
    sheet = book["Boilers"]
    rows, total = sheet.iloc[:-1], sheet.iloc[-1]
    assert len(rows) == total["Units"] == len(out) > 1000
    rating = rows["Rating of one, t/h or MW"].str.removesuffix(" t/h").map(number)
    capacity = boilers.loc[out["source"], "capacity"]
    assert rating.sum() == pytest.approx(capacity.sum(), rel=1e-3)  # three digits of each
    assert sorted(rows["Facility"]) == sorted(out["name"])
    assert total["Coal, t/yr"] == rows["Coal, t/yr"].sum()


def test_funding_is_the_investment_by_year_and_payer(book: Mapping[str, pd.DataFrame], folder: Path) -> None:
    costs, money = csv(folder, "costs"), book["Funding"].set_index("Year")
    spent = costs[costs["kind"] == "investment"]
    yearly = spent.pivot_table(index="year", columns="case", values="value", aggfunc="sum") / YI
    total = "Investment, 10^8 CNY"
    for year in yearly.index:
        assert money.loc[str(year), total] == pytest.approx(yearly.loc[year, "plan"], abs=0.01)
        law = money.loc[str(year), "Law in force, 10^8 CNY"]
        assert law == pytest.approx(yearly.loc[year, "current_law"], abs=0.01)
        runs = costs[
            costs["kind"].isin(["fixed", "variable", "fuel"])
            & (costs["year"] == year)
            & (costs["case"] == "plan")
        ]
        running = money.loc[str(year), "Running cost, 10^8 CNY/yr"]
        assert running == pytest.approx(runs["value"].sum() / YI, abs=0.005 + 1e-9)
    assert money.loc["Total", total] == pytest.approx(yearly["plan"].sum(), abs=0.005 + 1e-9)
    payers = money[["State", "Region", "City and county", "Enterprise", "Grid", "Households"]]
    assert payers.sum(axis=1).to_numpy() == pytest.approx(money[total].to_numpy())
    assert payers.iloc[:-1].sum().to_numpy(float) == pytest.approx(payers.loc["Total"].to_numpy(float))
    by_payer = spent[spent["case"] == "plan"].groupby("payer")["value"].sum() / YI
    for head, payer in (("Enterprise", "enterprise"), ("Households", "household"), ("State", "state")):
        assert money.loc["Total", head] == pytest.approx(by_payer.get(payer, 0.0), abs=0.01)


def test_works_hold_every_action_once(book: Mapping[str, pd.DataFrame], folder: Path) -> None:
    plan, works, money = csv(folder, "plan"), book["Key works"], book["Funding"].iloc[-1]
    rows, total = works.iloc[:-1], works.iloc[-1]
    assert total["Projects"] == rows["Projects"].sum() == len(plan)
    head = "Investment, 10^8 CNY"
    assert total[head] == money[head] == round(plan["investment_cny"].sum() / YI, 2)
    assert rows[head].sum() == pytest.approx(total[head])
    assert total["enterprise"] == money["Enterprise"]
    assert total["households and grid"] == pytest.approx(money["Households"] + money["Grid"])
    counts = [number(n) for text in rows["What is built"] for n in re.findall(r": ([\d,]+)(?: \(|;|$)", text)]
    assert sum(counts) == len(plan)
    for pollutant, value in amounts(list(rows["Abated, t/yr"])).items():
        assert value == pytest.approx(plan[f"abated_{pollutant}_t"].sum(), abs=len(rows))


def test_tasks_of_cities_add_up_to_the_region(book: Mapping[str, pd.DataFrame], folder: Path) -> None:
    plan, emissions, tasks = csv(folder, "plan"), csv(folder, "emissions"), book["Tasks by city"]
    start = emissions[(emissions["year"] == emissions["year"].min()) & (emissions["case"] == "plan")]
    assert set(tasks["Pollutant"]) == set(NAMED)
    assert (tasks[KINDS].sum(axis=1) == tasks["Abated, t"]).all()
    for shown, pollutant in NAMED.items():
        rows = tasks[tasks["Pollutant"] == shown].set_index("City")
        cities, region = rows.drop(index="Region"), rows.loc["Region"]
        summed = cities[[*KINDS, "Abated, t", "Start year, t"]].sum()
        assert summed.to_dict() == region[summed.index].to_dict()
        column = f"abated_{pollutant}_t"
        assert region["Abated, t"] == round(plan[column].sum())
        first = start[start["pollutant"] == pollutant].groupby("city")["value"].sum()
        assert region["Start year, t"] == round(first.sum())
        assert set(cities.index) == set(first.index)
        for exact, head in ((plan.groupby("city")[column].sum(), "Abated, t"), (first, "Start year, t")):
            assert (cities[head] - exact.reindex(cities.index).fillna(0.0)).abs().max() < 1
        share = 100 * cities["Abated, t"] / cities["Start year, t"]
        assert cities["Abated, %"].to_numpy(float) == pytest.approx(share.to_numpy(float), abs=0.051)
        assert cities["Of the region, %"].sum() == pytest.approx(100.0)


def test_clauses_and_targets_are_those_of_the_run(book: Mapping[str, pd.DataFrame], folder: Path) -> None:
    clauses, limits = csv(folder, "clauses"), csv(folder, "limits")
    met = book["Clauses"]["Met"].str.replace(" ", "_").value_counts()
    assert met.to_dict() == clauses["status"].value_counts().to_dict()
    asked = limits["clause"].fillna("").map(lambda text: bool(set(text.split("+")) & set(clauses["clause"])))
    region = limits[asked & limits["bound"].notna() & (limits["limit"].str.count("/") == 1)]
    targets = book["Targets"]
    assert len(targets) == len(region)
    assert (targets["Met"] != "met").sum() == (region["status"] == "missed").sum()
    tonnes = region[region["quantity"].isin(["SO2", "NOx", "VOCs"])]
    for row, limit in zip(targets.to_dict("records"), tonnes.to_dict("records"), strict=False):
        assert (row["Unit"], str(limit["year"]) in row["Indicator"]) == ("kt", True)
        for head, column in (
            ("Target of the year", "bound"),
            ("Frozen case", "frozen"),
            ("Plan", "achieved"),
        ):
            assert row[head] == pytest.approx(limit[column] / 1e3, abs=0.005 + 1e-9)


def test_emergency_list_is_that_of_the_highest_level(book: Mapping[str, pd.DataFrame], folder: Path) -> None:
    listed = csv(folder, "emergency")
    listed = listed[(listed["share_stopped"] > 0) | (listed["kind"] == "protected")]
    top = listed[listed["alert"] == listed.groupby(["group", "source"])["alert"].transform("last")]
    sheet = book["Emergency"]
    rows, total = sheet.iloc[:-1], sheet.iloc[-1]
    assert len(rows) == len(listed.drop_duplicates(["group", "source"]))
    for pollutant in ("SO2", "NOx", "PM10", "VOCs"):
        head = f"{pollutant}, kg/day"
        assert rows[head].sum() == total[head] == round(top[f"abated_{pollutant}_kg"].sum())


def test_quality_and_prices(book: Mapping[str, pd.DataFrame], folder: Path) -> None:
    quality, prices = csv(folder, "quality"), csv(folder, "sensitivity")
    shares = quality.set_index(["pollutant", "basis", "label"])["share"]
    table = book["Data quality"]
    assert len(table) == quality["pollutant"].nunique()
    for row, pollutant in zip(table.to_dict("records"), quality["pollutant"].unique(), strict=True):
        constructed = 100 * shares.get((pollutant, "constructed", "yes"), 0.0)
        assert row["Constructed units or controls, %"] == pytest.approx(constructed, abs=0.051)
        assert sum(row[f"{rating}, %"] for rating in "ABCDE") == pytest.approx(100.0)
        for rating in "ABCDE":
            exact = 100 * shares.get((pollutant, "rating", rating), 0.0)
            assert row[f"{rating}, %"] == pytest.approx(exact, abs=0.1)
    sheet = book["Sensitivity"]
    changed = sheet[sheet["Kind"] == "Energy price"]["Change of cost, 10^4 CNY"]
    assert changed.to_numpy(float) == pytest.approx(prices["change_cny_per_yr"].to_numpy() / WAN, abs=0.5)
    assert (sheet["Change of cost, 10^4 CNY"].abs() >= 1).all()


def test_document_has_the_tables_of_the_workbook(book: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Number by number: the workbook is in English and the document in Chinese."""
    tables, _ = printed(folder / "report.docx")
    for caption, sheet in (
        ("分盟市减排任务分解表", "Tasks by city"),
        ("投资测算与资金筹措表", "Funding"),
        ("重点工程表", "Key works"),
        ("数据质量表", "Data quality"),
    ):
        heads, *rows = tables[caption]
        frame = book[sheet]
        assert len(heads) == frame.shape[1]
        assert len(rows) == len(frame)
        for place, head in enumerate(frame):
            if pd.api.types.is_numeric_dtype(frame[head]):
                found = [number(row[place]) if row[place] else np.nan for row in rows]
                assert found == pytest.approx(frame[head].tolist(), nan_ok=True), (caption, head)
    assert len(tables["条款对照表"]) == 1 + len(csv(folder, "clauses"))
    assert len(tables["目标指标完成情况表"]) == 1 + len(book["Targets"])


def test_tables_of_the_document_alone(folder: Path) -> None:
    plan, emissions = csv(folder, "plan"), csv(folder, "emissions")
    tables, _ = printed(folder / "report.docx")
    years = {row[0]: [number(cell) for cell in row[1:]] for row in tables["分年度措施与减排量"][1:]}
    kinds = {row[0]: [number(cell) for cell in row[1:]] for row in tables["减排构成"][1:]}
    columns = [f"abated_{p}_t" for p in ("SO2", "NOx", "VOCs", "PM10")]
    total = [len(plan), round(plan["investment_cny"].sum() / YI, 2), *plan[columns].sum().round()]
    assert years["合计"] == kinds["合计"] == pytest.approx(total)
    for table in (years, kinds):
        parts = [row for name, row in table.items() if name != "合计"]
        assert np.sum(parts, axis=0) == pytest.approx(table["合计"])
    for year, rows in plan.groupby("year"):
        exact = [len(rows), rows["investment_cny"].sum() / YI, *rows[columns].sum()]
        assert (np.abs(np.subtract(years[f"{year}年"], exact)) < [1e-9, 0.01, 1, 1, 1, 1]).all()
    start = int(emissions["year"].min())
    first = emissions[(emissions["year"] == start) & (emissions["case"] == "plan")]
    heads, *_, sums = tables[f"{start}年分源类排放清单及分担率"]
    for pollutant in ("SO2", "NOx", "VOCs", "PM10"):
        at = next(place for place, head in enumerate(heads) if head.startswith(pollutant))
        whole = first.loc[first["pollutant"] == pollutant, "value"].sum() / WAN
        assert number(sums[at]) == pytest.approx(whole, abs=0.005 + 1e-9)
        assert sums[at + 1] == "100.0"


def test_summary_says_what_the_files_say(folder: Path) -> None:
    _, text = printed(folder / "report.docx")
    payers, clauses, limits = csv(folder, "payers"), csv(folder, "clauses"), csv(folder, "limits")
    sums = payers.groupby("case")[["investment_cny", "running_cny_per_yr", "annual_cost_cny"]].sum()
    more = (sums.loc["plan"] - sums.loc["current_law"]) / YI
    found = re.search(
        r"新增总投资([\d.]+)亿元，首个完整年新增运行费([\d.]+)亿元，新增年度成本([\d.]+)亿元", text
    )
    assert found is not None
    assert [number(value) for value in found.groups()] == pytest.approx(more.tolist(), abs=0.005 + 1e-9)
    paid = re.search(r"新增投资由(.+?)承担", text)
    assert paid is not None
    assert sum(map(number, re.findall(r"([\d.]+)亿元", paid[1]))) == pytest.approx(number(found[1]))
    counts = clauses["status"].value_counts()
    told = re.search(r"共(\d+)条要求：完成(\d+)条，基线即可完成(\d+)条，未完成(\d+)条", text)
    assert told is not None
    wanted = [len(clauses), *(counts.get(status, 0) for status in ("met", "met_by_baseline", "missed"))]
    assert [int(value) for value in told.groups()] == wanted
    last = limits[
        (limits["year"] == limits["year"].max()) & (limits["clause"].str.startswith("IM20", na=False))
    ]
    for name, pollutant in (("二氧化硫", "SO2"), ("氮氧化物", "NOx"), ("挥发性有机物", "VOCs")):
        row = last[
            (last["quantity"] == pollutant) & (last["limit"].str.count("/") == 1) & last["bound"].notna()
        ]
        cut = re.search(rf"较冻结情景减排.*?{name}([\d.]+)万吨（([\d.]+)%）", text)
        assert cut is not None
        frozen, achieved = float(row["frozen"].iloc[0]), float(row["achieved"].iloc[0])
        assert number(cut[1]) == pytest.approx((frozen - achieved) / WAN, abs=0.005 + 1e-9)
        assert number(cut[2]) == pytest.approx(100 * (1 - achieved / frozen), abs=0.051)


def test_both_say_that_they_are_not_for_enforcement_and_how_good_the_data_are(folder: Path) -> None:
    _, text = printed(folder / "report.docx")
    assert "推算数据均占" in text or "推算数据分别占" in text
    with zipfile.ZipFile(folder / "report.docx") as packed:
        footer = packed.read(next(name for name in packed.namelist() if "footer" in name)).decode()
        assert packed.read("word/document.xml").count(b"<a:blip ") == FIGURES
    assert "不作为执法和考核依据" in footer
    book = openpyxl.load_workbook(folder / "plan.xlsx", read_only=True)
    for sheet in book.worksheets[:-1]:
        lines = [row[0] for row in sheet.iter_rows(min_row=2, max_row=3, max_col=1, values_only=True)]
        assert "Not for enforcement" in str(lines[0])
        assert "rest on constructed data" in str(lines[1])
