"""The command `inventory` on the miniature inputs: its files, a file of one's own, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.__main__ import main
from model.base.words import POLLUTANTS
from model.inventory.emissions import build_inventory
from model.inventory.review.against import COLUMNS as COMPARED
from model.inventory.review.issues import CHECKS
from model.inventory.review.issues import COLUMNS as ISSUES
from model.inventory.review.totals import COLUMNS as TOTALS
from model.tables.read import read_tables
from tests.small_inputs import REGION, edit, write_small_run

HEAD = "inventory,year,area,part,where,pollutant,value,unit,citation,rating\n"
CEMENT = 1.5e-3 * 1.2e6 * (1 - 0.4 * 0.9) / 1000
"""kt NOx of the cement kiln."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inventory")
    write_small_run(folder)
    mine = f"MINE,2017,150000,cement,nfr=2.A.1,NOx,{2 * CEMENT},kt,MANUAL,B\n"
    (folder / "mine.csv").write_text(HEAD + mine, encoding="utf-8")
    return folder


def inventory(root: Path, name: str, *options: str) -> int:
    where = ["--inputs", str(root / "inputs"), "--out", str(root / name)]
    return main(["inventory", str(root / "toy.yaml"), *where, *options])


@pytest.fixture(scope="module")
def made(root: Path) -> Path:
    """The folder of a run with a file of one's own."""
    assert inventory(root, "out", "--against", str(root / "mine.csv")) == 0
    return root / "out" / "toy"


def test_totals_are_the_inventory(root: Path, made: Path) -> None:
    """Totals by city and sector are sums of its sources, and ALL is the sum of the others."""
    frame = pd.read_csv(made / "inventory.csv")
    assert list(frame) == list(TOTALS)
    assert (frame["low"] <= frame["value"]).all()
    assert (frame["value"] <= frame["high"]).all()
    value = frame.set_index(["city", "sector", "pollutant"])["value"]
    found = build_inventory(read_tables(root / "inputs", REGION), 2017, "fitted", {})
    emission = found.emission().isel(year=0).to_numpy()
    for i, pollutant in enumerate(POLLUTANTS):
        if not np.isnan(emission[:, i]).all():
            assert value["all", "all", pollutant] == pytest.approx(np.nansum(emission[:, i]))
    parts = frame[(frame["city"] != "all") & (frame["sector"] != "all")]
    assert parts["value"].sum() == pytest.approx(
        frame.loc[(frame["city"] == "all") & (frame["sector"] == "all"), "value"].sum()
    )


def test_a_total_is_better_known_than_its_parts(made: Path) -> None:
    """The range of the region is no wider than the widest of its cities."""
    frame = pd.read_csv(made / "inventory.csv")
    wide = (frame["high"] / frame["value"]).groupby([frame["pollutant"], frame["city"]]).max().unstack()
    whole = frame[(frame["city"] == "all") & (frame["sector"] == "all")].set_index("pollutant")
    ratio = (whole["high"] / whole["value"]) / wide.max(axis=1)
    assert ratio.max() <= 1 + 1e-9


def test_a_file_of_ones_own_is_compared(made: Path) -> None:
    (row,) = pd.read_csv(made / "inventory_comparison.csv").to_dict("records")
    assert list(row) == list(COMPARED)
    assert (row["inventory"], row["model"], row["ratio"]) == (
        "MINE",
        pytest.approx(CEMENT),
        pytest.approx(0.5),
    )
    assert row["low"] < 0.5 < row["high"]
    figures = {path.name for path in (made / "inventory_figures").iterdir()}
    assert figures == {"against_NOx.svg", "against_NOx.png"}


def test_what_is_worth_a_look(made: Path) -> None:
    frame = pd.read_csv(made / "inventory_quality.csv")
    assert list(frame) == list(ISSUES)
    assert set(frame["check"]) <= set(CHECKS)
    share = frame[frame["check"] == "constructed"]
    assert share["value"].between(0, 100).all()
    assert set(share["unit"]) == {"%"}


def test_the_same_bytes_again(root: Path, made: Path) -> None:
    assert inventory(root, "again", "--against", str(root / "mine.csv")) == 0
    for path in sorted(made.rglob("*.*")):
        assert path.read_bytes() == (root / "again" / "toy" / path.relative_to(made)).read_bytes(), path.name


def test_without_another_inventory_there_is_no_figure(root: Path) -> None:
    assert inventory(root, "alone") == 0
    assert pd.read_csv(root / "alone" / "toy" / "inventory_comparison.csv").empty
    assert not (root / "alone" / "toy" / "inventory_figures").exists()


def test_bad_input_is_told_and_nothing_is_written(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = "MINE,2017,150000,cement,nfr=9.Z,NOx,1,kt,MANUAL,B\nMINE,17,150000,x,,NOx,1,kt,MANUAL,B\n"
    (root / "bad.csv").write_text(HEAD + bad, encoding="utf-8")
    assert inventory(root, "bad", "--against", str(root / "bad.csv")) == 2
    assert "is not a year" in capsys.readouterr().err
    edit(root, "bad.csv", "MINE,17,", "MINE,2017,")
    edit(root, "bad.csv", "nfr=9.Z", "nfr?")
    assert inventory(root, "bad", "--against", str(root / "bad.csv")) == 2
    assert "row 2, where" in capsys.readouterr().err
    assert inventory(root, "bad", "--year", "2031") == 2
    assert "2031" in capsys.readouterr().err
    assert not (root / "bad").exists()
