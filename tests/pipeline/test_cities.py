"""The commands `curve` and `cities` write tables and figures; the miniature region has two cities."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.__main__ import main
from tests.small_inputs import write_small_run

ASKED = ("--pollutant", "SO2", "--points", "6", "--target", "20")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cities")
    write_small_run(folder)
    (folder / "other.yaml").write_text("extends: toy.yaml\ngrowth: {boiler: {2019: 1.1}}\n", encoding="utf-8")
    return folder


def run(root: Path, command: str, names: tuple[str, ...], out: str, *more: str) -> int:
    paths = [str(root / f"{name}.yaml") for name in names]
    return main([command, *paths, "--inputs", str(root / "inputs"), "--out", str(root / out), *ASKED, *more])


@pytest.fixture(scope="module")
def alone(root: Path) -> Path:
    """The folder that `cities` writes of one scenario."""
    assert run(root, "cities", ("toy",), "alone", "--tonnes", "100") == 0
    return root / "alone" / "toy" / "cities"


def test_every_file_is_there(alone: Path) -> None:
    tables = {"curve", "curve_measures", "curve_others", "cities", "allocation", "prices"}
    assert {path.stem for path in alone.glob("*.csv")} == tables
    drawn = {"SO2_tonnes", "SO2_percent", "allocation_SO2", "prices"}
    assert {path.name for path in (alone / "figures").iterdir()} == {
        f"{name}.{end}" for name in drawn for end in ("svg", "png")
    }


def test_least_cost_pays_no_more_for_as_much(alone: Path) -> None:
    rows = pd.read_csv(alone / "allocation.csv", keep_default_na=False, na_values=[""]).fillna({"city": ""})
    total = rows[rows["city"] == ""].set_index("rule")
    assert total.loc["least", "total_cost_cny"] <= total.loc["equal", "total_cost_cny"] + 1e-6
    assert total.loc["least", "reduction_t"] >= total.loc["equal", "reduction_t"] * (1 - 1e-6)
    for rule, part in rows[(rows["city"] != "") & (rows["rule"] != "saved")].groupby("rule"):
        assert part["total_cost_cny"].sum() == pytest.approx(total.loc[rule, "total_cost_cny"], rel=1e-9)
        assert part["reduction_t"].sum() == pytest.approx(total.loc[rule, "reduction_t"], rel=1e-9)
    equal = rows[(rows["rule"] == "equal") & (rows["city"] != "")].set_index("city")
    # Beta can cut next to nothing; Alpha does as it is asked.
    assert equal["status"].to_dict() == {"Alpha": "met", "Beta": "short"}
    assert equal.loc["Alpha", "reduction_pct"] >= 20 - 1e-6
    assert 0 <= equal.loc["Beta", "reduction_pct"] < 1


def test_a_cut_costs_what_the_curve_says(alone: Path) -> None:
    """Alpha alone can cut, so that equal percentages cost what its own curve says of 20 %."""
    rows, cities = pd.read_csv(alone / "allocation.csv"), pd.read_csv(alone / "cities.csv")
    equal = rows[(rows["rule"] == "equal") & rows["city"].isna()].iloc[0]
    (curve,) = cities[
        (cities["city"] == "Alpha") & (cities["asked"] == "reduction_pct") & (cities["level"] == 20)
    ].to_dict("records")
    slack = 1e-3 * abs(curve["total_cost_cny"])
    assert curve["cost_low_cny"] - slack <= equal["total_cost_cny"] <= curve["cost_high_cny"] + slack


def test_the_cities_are_read_off_their_curves(alone: Path) -> None:
    curve, cities = pd.read_csv(alone / "curve.csv"), pd.read_csv(alone / "cities.csv")
    assert set(cities["city"]) == set(curve["city"])
    assert set(cities["asked"]) == {"reduction_pct", "reduction_t", "price_cny_per_t"}
    known = cities[cities["total_cost_cny"].notna()]
    slack = 1e-6 * known["total_cost_cny"].abs().max()
    assert (known["cost_low_cny"] <= known["total_cost_cny"] + slack).all()
    assert (known["total_cost_cny"] <= known["cost_high_cny"] + slack).all()
    most = curve.groupby("city")["reduction_pct"].max()
    out = cities[(cities["asked"] == "reduction_pct") & (cities["level"] > cities["city"].map(most))]
    assert (out["status"] == "out_of_reach").all()


def test_prices_grow_with_what_is_asked(alone: Path) -> None:
    rows = pd.read_csv(alone / "prices.csv")
    asked = rows.groupby("year")["asked_pct"].first()
    assert asked.iloc[-1] == 20.0
    assert (np.diff(asked) > 0).all()
    assert set(rows["status"]) <= {"binding", "slack", "missed"}


def test_several_scenarios_stand_in_one_table(root: Path) -> None:
    assert run(root, "cities", ("toy", "other"), "both", "--lang", "zh") == 0
    where = root / "both" / "cities"
    for name in ("curve", "cities", "allocation", "prices"):
        frame = pd.read_csv(where / f"{name}.csv")
        assert len(frame)
    assert set(pd.read_csv(where / "allocation.csv")["scenario"]) == {"toy", "other"}
    told_apart = {f"{city} ({name})" for city in ("Alpha", "Beta") for name in ("toy", "other")}
    assert set(pd.read_csv(where / "cities.csv")["city"]) == told_apart
    assert (where / "figures" / "allocation_SO2_other.svg").exists()


def test_curve_draws_the_region(root: Path) -> None:
    paths = ["curve", str(root / "toy.yaml"), "--inputs", str(root / "inputs"), "--out", str(root / "curve")]
    assert main([*paths, "--pollutant", "SO2", "--points", "5"]) == 0
    figures = root / "curve" / "toy" / "curve_figures"
    assert {path.name for path in figures.iterdir()} == {"SO2.svg", "SO2.png"}


def test_bad_input_is_said_at_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "dear.yaml").write_text("extends: toy.yaml\ndiscount_rate: 8 %\n", encoding="utf-8")
    status = run(root, "cities", ("toy", "dear"), "bad", "--percent", "130", "--price", "-5")
    said = capsys.readouterr().err
    assert status == 2
    assert "--percent: '130' is no share of an emission; write 0 to 100" in said
    assert "--price: '-5' is below 0" in said
    assert "discount_rate: '0.08' is not the discount_rate of toy, 0.05, so costs do not compare" in said
    assert not (root / "bad").exists()
