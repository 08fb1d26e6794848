"""No number without its unit, its citation and its rating, in any table of inputs/; nothing recalled is rated
better than E; and what the emission rests on is computed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from model.base.units import known
from model.inventory.emissions import build_inventory
from model.inventory.observed.evidence import EVIDENCE
from model.inventory.review.quality import quality
from model.pipeline.prepare import years_of_sources
from model.tables.schema import TableSpec, attributes, table_specs
from tests.data.shipped import tables_of

INPUTS = Path(__file__).parents[2] / "inputs"
REGIONS = ("inner_mongolia", "honghe", "erenhot")

ORDINALS = {("areas", "order"), ("practice", "number")}
"""Places in a list, not quantities."""
UNIT_BESIDE = {
    ("sources", "capacity"): "capacity_unit",
    ("sources", "activity"): "activity_unit",
    ("projects", "capacity"): "unit",
    ("projects", "peak"): "peak_unit",
    ("projects", "secured"): "peak_unit",
    ("emergency_options", "line_size"): "line_unit",
}
"""Numbers whose unit stands in another column of the row."""
OF_THE_CLASS = ("min_capacity", "below_capacity", "capacity")
"""Thresholds and sizes in the capacity unit of their class."""
OF_AN_ATTRIBUTE = ("at_least", "default", "slope")
"""In the unit of the attribute that the row names, or in 1 over it (slope)."""
DIMENSIONLESS = ("part_year", "standard_vehicle")
NUMBERS = ("number", "integer")


def spec_of(path: Path) -> TableSpec | None:
    """The table that a file belongs to."""
    stem = path.stem
    base = stem[:-5] if stem[-5:-4] == "_" and stem[-4:].isdigit() else stem
    specs = table_specs().values()
    return next((spec for spec in specs if base in (*spec.files, spec.name) or stem in spec.files), None)


def files() -> list[Path]:
    return [path for folder in ("reference", *REGIONS) for path in sorted((INPUTS / folder).glob("*.csv"))]


@cache
def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@cache
def access() -> dict[str, str]:
    return {row["citation"]: row["access"] for row in read(INPUTS / "reference" / "citations.csv")}


@cache
def capacity_units() -> dict[str, str]:
    return {row["class"]: row["capacity_unit"] for row in read(INPUTS / "reference" / "classes.csv")}


def numbers(spec: TableSpec, row: dict[str, str]) -> list[str]:
    """The columns of a row that hold a number."""
    return [
        name
        for name, column in spec.columns.items()
        if column.type in NUMBERS and (spec.name, name) not in ORDINALS and row.get(name)
    ]


def unit_of(spec: TableSpec, row: dict[str, str], name: str) -> str | None:
    """The unit of one number, None where nothing says it."""
    if (spec.name, name) in UNIT_BESIDE:
        return row.get(UNIT_BESIDE[spec.name, name])
    if name in ("value", "low", "high"):
        return row.get("unit")
    if spec.columns[name].unit:
        return spec.columns[name].unit
    if name in DIMENSIONLESS:
        return "1"
    if name in OF_THE_CLASS:
        listed = (row.get("class") or row.get("fits_class") or "").split("+")
        if listed == [""]:
            return "1"  # any class: the unit of whichever it is
        units = {capacity_units()[kind] for kind in listed}
        # a measure of several classes applies its threshold in each one's own unit
        return "" if "" in units and float(row[name]) > 0 and len(units) == 1 else "1"
    if name in OF_AN_ATTRIBUTE:
        of_area = table_specs()["areas"].columns.get(row["attribute"])
        return of_area.unit if of_area else attributes()[row["attribute"]].unit
    return None


def faults(path: Path) -> Iterator[str]:
    """What the numbers of a file lack, each with file and line."""
    spec = spec_of(path)
    assert spec is not None, f"{path.name} is no table of the schema"
    for line, row in enumerate(read(path), start=2):
        held = numbers(spec, row)
        where = f"{path.parent.name}/{path.name}, row {line}"
        for name in held:
            unit = unit_of(spec, row, name)
            if not unit or not known(unit):
                yield f"{where}, {name}: no unit"
        if held and row.get("citation") not in access():
            yield f"{where}: no citation"
        if held and row.get("rating") not in tuple("ABCDE"):
            yield f"{where}: no rating"
        recalled = access().get(row.get("citation", "")) == "recalled"
        if "rating" in spec.columns and recalled and row.get("rating") != "E":
            yield f"{where}: recalled, and rated {row.get('rating')}"


@pytest.mark.parametrize("path", files(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_number_without_unit_citation_and_rating(path: Path) -> None:
    found = list(faults(path))
    assert not found, "\n".join(found[:20])


def test_the_test_sees_what_is_missing(tmp_path: Path) -> None:
    """A table without rating, citation or unit is found out."""
    path = tmp_path / "prices.csv"
    head = "item,region,year,price_year,value,unit,low,high,citation,rating\n"
    rows = (
        "coal,,2017,2017,1,,,,own_estimate,E\n",
        "coal,,2018,2017,1,CNY/t,,,,\n",
        "coal,,2019,2017,1,CNY/t,,,RECALLED,B\n",
    )
    path.write_text(head + "".join(rows), encoding="utf-8")
    found = [text.partition(", row ")[2] for text in faults(path)]
    assert found == ["2, value: no unit", "3: no citation", "3: no rating", "4: recalled, and rated B"]


def test_constructed_rows_are_guessed() -> None:
    """A row that was made up to fit totals is rated E; D where what it is made from was seen."""
    for path in files():
        spec = spec_of(path)
        if spec is None or spec.name != "sources":
            continue
        for row in read(path):
            seen = access()[row["citation"]] in ("seen", "derived")
            allowed = ("D", "E") if seen else ("E",)
            if row.get("constructed") == "yes":
                assert row["rating"] in allowed, f"{path.parent.name}/{path.name}: {row['source']}"


def uncited(path: Path) -> Iterator[str]:
    """Rows of facts without a known citation, or rated better than what they rest on allows."""
    for line, row in enumerate(read(path), start=2):
        where = f"{path.relative_to(INPUTS)}, row {line}"
        kind = access().get(row.get("citation", ""))
        if kind is None:
            yield f"{where}: no citation"
        rating = row.get("rating", "E")
        if rating not in tuple("ABCDE") or (kind in ("recalled", "own") and rating != "E"):
            yield f"{where}: {row.get('citation')}, and rated {rating}"


def test_every_fact_is_cited() -> None:
    """Facts of the build scripts carry a known citation in every row; ratings that stand there fit it."""
    paths = sorted(INPUTS.rglob("build/facts_*.csv"))
    assert {path.parent.parent for path in paths} == {INPUTS, *(INPUTS / region for region in REGIONS)}
    found = [text for path in paths for text in uncited(path)]
    assert not found, "\n".join(found[:20])


@pytest.mark.parametrize("region", REGIONS)
def test_what_emission_rests_on_is_computed(region: str) -> None:
    """Shares of SO2, NOx and VOCs on measured, published, recalled and constructed numbers."""
    tables = tables_of(region)
    year = max(years_of_sources(tables))
    shares = quality(build_inventory(tables, year, None, {}), tables).shares
    table = shares.pivot_table(index=["basis", "label"], columns="pollutant", values="share", aggfunc="sum")
    for pollutant in ("SO2", "NOx", "VOCs"):
        sums = table[pollutant].groupby("basis").sum()
        assert sums.to_dict() == pytest.approx(dict.fromkeys(sums.index, 1.0))
        assert set(table.loc["evidence"].index) == set(EVIDENCE)
        constructed = table.at[("constructed", "yes"), pollutant]
        unit_values = table.loc["activity"].loc[["measured", "published"], pollutant].sum()
        # What is constructed can be a share of a published total at best.
        assert unit_values <= 1 - constructed + 1e-9
        # A factor is a share of nothing, and the weakest part is no better than any part.
        assert table.at[("factor", "split"), pollutant] == 0
        for rank in range(1, len(EVIDENCE)):
            good = list(EVIDENCE[:rank])
            weakest = table.loc["evidence"].loc[good, pollutant].sum()
            assert (
                weakest
                <= min(table.loc[part].loc[good, pollutant].sum() for part in ("activity", "factor")) + 1e-9
            )
