"""Runs side by side, against sums and differences worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from model.base.words import POLLUTANTS
from model.results.compare import (
    Written,
    case_frame,
    comparison_frame,
    differing_actions,
    limit_frame,
    measure_frame,
)
from model.results.results import COLUMNS

COSTS = [
    ("plan", 2018, "investment", 5.0),
    ("plan", 2019, "investment", 7.0),
    ("plan", 2019, "annuity", 2.0),
    ("plan", 2019, "fuel", 30.0),
    ("plan", 2019, "fixed", -4.0),
    ("plan", 2019, "emission_price", 1000.0),
    ("current_law", 2019, "investment", 50.0),
]
EMISSIONS = [
    ("plan", 2018, "SO2", 90.0),
    ("plan", 2019, "SO2", 3.0),
    ("plan", 2019, "SO2", 4.0),
    ("frozen", 2019, "SO2", 500.0),
    ("plan", 2019, "NOx", np.nan),
]


def table(name: str, columns: list[str], rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """Some columns of a file, the others empty."""
    return pd.DataFrame(rows, columns=columns).reindex(columns=list(COLUMNS[name]))


def actions(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """plan.csv: source, year, from_state, to_state, share, measures; each abates 2 t of SO2 for 10 CNY."""
    columns = ["source", "year", "from_state", "to_state", "share", "measures"]
    about = {
        "name": "Boiler",
        "city": "Alpha",
        "county": "",
        "sector": "fossil_fuel",
        "annual_cost_cny": 10.0,
    }
    return table("plan", columns, list(rows)).assign(**about, investment_cny=100.0, abated_SO2_t=2.0)


def limits(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """limits.csv: limit, bound, achieved, price, status."""
    return table("limits", ["limit", "bound", "achieved", "price", "status"], list(rows))


def run(
    name: str, region: str = "toy", years: tuple[int, ...] = (2018, 2019), **frames: pd.DataFrame
) -> Written:
    manifest = {"scenario": name, "status": "optimal", "cost_cny": 12.5, "gap": 0.001, "region": region}
    return Written(
        label=name,
        manifest={**manifest, "start": 2017, "years": list(years), "price_year": 2017},
        emissions=table("emissions", ["case", "year", "pollutant", "value"], EMISSIONS),
        costs=table("costs", ["case", "year", "kind", "value"], COSTS),
        plan=frames.get("plan", actions()),
        limits=frames.get("limits", limits(("A", 1.0, 1.0, 3.0, "slack"))),
    )


def test_sums_of_the_plan() -> None:
    missed = limits(("A", 1, 2, 0, "missed"), ("B", 1, 2, 0, "missed"), ("C", 1, 1, 0, "slack"))
    frame = comparison_frame([run("a"), run("b", limits=missed)]).set_index("scenario")
    assert frame["investment_cny"].tolist() == [12.0, 12.0]
    assert frame["limits_missed"].tolist() == [0, 2]
    assert frame["year"].tolist() == [2019, 2019]
    assert frame["SO2_t"].tolist() == [7.0, 7.0]
    assert frame["NOx_t"].isna().all()  # a sum of nothing is not 0
    assert frame.loc["a", "cost_cny"] == pytest.approx(12.5)


def test_cases_in_the_last_year_that_all_have() -> None:
    frame = case_frame([run("a"), run("b", years=(2018,))]).set_index(["scenario", "case"])
    assert set(frame["year"]) == {2018}
    assert frame.loc[("a", "plan"), "investment_cny"] == 5.0
    assert frame.loc[("a", "plan"), "SO2_t"] == 90.0
    apart = case_frame([run("a"), run("b", years=(2030,))]).set_index(["scenario", "case"])
    assert apart.loc["a", "year"].tolist() == [2019] * 3
    assert apart.loc["b", "year"].tolist() == [2030] * 3


def test_money_of_a_case_by_hand() -> None:
    """Fuel 30 less 4 saved is running; 2 of annuity on top; what prices of pollutants charge is no cost."""
    plan = case_frame([run("a"), run("b")]).set_index(["scenario", "case"]).loc[("a", "plan")]
    assert plan["investment_cny"] == 12.0
    assert plan["running_cny_per_yr"] == 26.0
    assert plan["annual_cost_cny"] == 28.0
    assert plan["SO2_t"] == 7.0
    frozen = case_frame([run("a"), run("b")]).set_index(["scenario", "case"]).loc[("a", "frozen")]
    assert (frozen["investment_cny"], frozen["annual_cost_cny"], frozen["SO2_t"]) == (0, 0, 500)
    assert all(f"{pollutant}_t" in plan for pollutant in POLLUTANTS)


def test_actions_that_differ_and_no_others() -> None:
    same = ("b1", 2018, "coal", "gas", 1.0, "boiler_gas")
    one = run(
        "one",
        plan=actions(same, ("b2", 2018, "coal", "gas", 1.0, "boiler_gas"), ("h", 2019, "a", "b", 0.4, "m")),
    )
    two = run(
        "two",
        plan=actions(
            same, ("b2", 2019, "coal", "gas", 1.0, "boiler_gas"), ("h", 2019, "a", "b", 0.4001, "m")
        ),
    )
    three = run("three", plan=actions(same, ("h", 2019, "a", "b", 0.4, "m")))
    frame = differing_actions([one, two, three])
    assert frame["source"].unique().tolist() == ["b2"]  # b1 is the same, h to a thousandth
    assert frame["scenario"].tolist() == ["one", "two", "three"]
    assert frame["year"].tolist()[:2] == [2018, 2019]
    assert pd.isna(frame["year"].iloc[2])
    assert frame["share"].tolist() == [1, 1, 0]
    assert frame["abated_SO2_t"].tolist() == [2, 2, 0]
    assert frame["city"].tolist() == ["Alpha"] * 3
    assert set(frame["region"]) == {"toy"}


def test_sources_are_compared_within_a_region_and_start_year_alone() -> None:
    one = run("one", plan=actions(("b1", 2018, "coal", "gas", 1.0, "boiler_gas")))
    other = run("other", region="elsewhere")
    assert differing_actions([one, other]).empty
    three = differing_actions([one, other, run("two")])
    assert three["scenario"].tolist() == ["one", "two"]


def test_measures_add_up_whatever_the_region() -> None:
    one = run(
        "one", plan=actions(("b1", 2018, "coal", "gas", 1.0, "gas"), ("b2", 2018, "coal", "gas", 1.0, "gas"))
    )
    other = run("other", region="elsewhere", plan=actions(("x", 2018, "coal", "gas", 1.0, "gas")))
    frame = measure_frame([one, other])
    assert frame["scenario"].tolist() == ["one", "other"]
    assert frame["actions"].tolist() == [2, 1]
    assert frame["investment_cny"].tolist() == [200, 100]
    assert frame["abated_SO2_t"].tolist() == [4, 2]


def test_limits_that_bind_somewhere() -> None:
    one = run(
        "one", limits=limits(("A", 1, 1, 3, "binding"), ("B", 1, 0, 0, "slack"), ("C", 1, 2, 0, "missed"))
    )
    two = run(
        "two", limits=limits(("A", 2, 1, 0, "slack"), ("B", 1, 0, 0, "slack"), ("C", 1, 1, 5, "binding"))
    )
    three = run("three", limits=limits(("A", 2, 2, 1, "binding")))
    frame = limit_frame([one, two, three])
    assert frame["limit"].tolist() == ["A", "A", "A", "C", "C"]
    assert frame["scenario"].tolist() == ["one", "two", "three", "one", "two"]
    assert frame["runs_binding"].tolist() == [2, 2, 2, 2, 2]
    assert frame["runs_with"].tolist() == [3, 3, 3, 2, 2]
    assert frame["bound"].tolist() == [1, 2, 2, 1, 1]
    assert frame["price"].tolist() == [3, 0, 1, 0, 5]
