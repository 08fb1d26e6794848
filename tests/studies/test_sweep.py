"""Frames of a sweep from made-up outcomes."""

from __future__ import annotations

import dataclasses
import math

import pandas as pd
import pytest

from model.scenario.document import setting
from model.scenario.scenario import FrozenMap, Sweep
from model.studies.sweeps.outcome import Outcome
from model.studies.sweeps.sweep import KEY_MEASURES, Swept, axes_of, frames
from model.studies.sweeps.what_ifs import what_ifs

OVER = {
    "prices.natural_gas": ("80 % of baseline", "120 % of baseline"),
    "growth": ("slow", "fast"),
    "limits.GAS.at_most": ("supply", "70 % of supply"),
}
COSTS = (100.0, 90.0, 130.0, 105.0, 100.0, 100.0, 140.0)
"""Of the base and of each path alone."""


def outcome(cost: float, status: str = "feasible") -> Outcome:
    return Outcome(
        status,
        cost_cny=cost,
        bound_cny=cost - 1,
        gap=0.01,
        investment_cny=2 * cost,
        emission={"SO2": cost / 10, "PM2.5": 1.0},
        measures={"boiler_gas": cost, "boiler_close": 5.0, "project.GAS-1": 1.0},
        prices={"GAS/2020/150100": 3.5, "ENERGY/2020": 1.25},
        binds=("GAS", "ENERGY"),
        shortfall=0.0,
    )


@pytest.fixture
def swept() -> Swept:
    sweep = Sweep("grid", None, 0, FrozenMap(OVER))
    cases = what_ifs(sweep)
    outcomes = [outcome(cost) for cost in COSTS]
    outcomes += [outcome(1000.0 + n) for n in range(len(cases) - len(COSTS))]
    tree = setting("growth=slow")
    return Swept(axes_of(sweep, tree, cases), tuple(zip(cases, outcomes, strict=True)))


def with_outcome(swept: Swept, number: int, **changes: object) -> Swept:
    cases = list(swept.cases)
    case, before = cases[number]
    cases[number] = (case, dataclasses.replace(before, **changes))  # type: ignore[arg-type]
    return dataclasses.replace(swept, cases=tuple(cases))


def test_every_case_is_a_row_with_its_values_as_numbers(swept: Swept) -> None:
    table = frames(swept)["sweep"]
    assert list(table.columns[:9]) == [
        *("case", "kind", "prices.natural_gas [% of baseline]", "growth", "limits.GAS.at_most [% of supply]"),
        *("status", "cost_cny", "bound_cny", "gap"),
    ]
    assert len(table) == 1 + 6 + 8
    base = table.iloc[0]
    assert base["prices.natural_gas [% of baseline]"] == 100  # not written: the table's price
    assert base["growth"] == "slow"
    assert math.isnan(base["limits.GAS.at_most [% of supply]"])  # not written in this tree
    last = table.iloc[-1]
    assert (last["prices.natural_gas [% of baseline]"], last["growth"]) == (120, "fast")
    assert last["limits.GAS.at_most [% of supply]"] == 70
    assert base[["cost_cny", "bound_cny", "investment_cny", "SO2_t", "PM2.5_t"]].tolist() == [
        100,
        99,
        200,
        10,
        1,
    ]
    assert math.isnan(base["CO2_t"])
    assert base["binds"] == "GAS;ENERGY"
    assert [name for name in table if name.startswith("sources.")] == [
        "sources.boiler_close",
        "sources.boiler_gas",
    ]


def test_only_measures_that_differ_most_are_counted(swept: Swept) -> None:
    many = {f"m{n:02d}": float(n) for n in range(30)}
    table = frames(with_outcome(swept, 1, measures=many))["sweep"]
    named = [name for name in table if name.startswith("sources.")]
    assert len(named) == KEY_MEASURES
    assert "sources.boiler_gas" in named  # 0 in one case, 1007 in another
    assert "sources.m29" in named
    assert "sources.m01" not in named


def test_prices_are_rows(swept: Swept) -> None:
    prices = frames(swept)["sweep_prices"]
    assert prices[prices["case"] == 3].to_dict("records") == [
        {"case": 3, "limit": "ENERGY/2020", "price": 1.25},
        {"case": 3, "limit": "GAS/2020/150100", "price": 3.5},
    ]


def test_responses_run_along_the_numbers(swept: Swept) -> None:
    rows = frames(swept)["response"]
    gas = rows[rows["path"] == "prices.natural_gas"]
    assert gas["number"].tolist() == [80, 100, 120]
    assert gas["cost_cny"].tolist() == [90, 100, 130]
    assert gas["value"].tolist() == ["80 % of baseline", "100 % of baseline", "120 % of baseline"]
    growth = rows[rows["path"] == "growth"]
    assert growth["value"].tolist() == ["slow", "slow", "fast"]
    assert growth["number"].isna().all()


def test_the_widest_bar_is_on_top(swept: Swept) -> None:
    tornado = frames(swept)["tornado"].set_index("path")
    assert tornado.index.tolist() == ["prices.natural_gas", "limits.GAS.at_most", "growth"]
    gas = tornado.loc["prices.natural_gas"]
    assert gas[["low", "high"]].tolist() == ["80 % of baseline", "120 % of baseline"]
    assert gas[["low_cost_cny", "base_cost_cny", "high_cost_cny", "swing_cny"]].tolist() == [90, 100, 130, 40]
    supply = tornado.loc["limits.GAS.at_most"]
    assert supply[["low", "high"]].tolist() == ["70 % of supply", "supply"]
    assert supply["swing_cny"] == 40
    words = tornado.loc["growth"]  # by cost
    assert words[["low", "high", "swing_cny"]].tolist() == ["fast", "slow", 5]


def test_a_case_that_misses_a_limit_has_no_cost_in_the_tornado(swept: Swept) -> None:
    missed = with_outcome(
        swept, 2, status="infeasible", bound_cny=None, gap=None, missed=("T/2020",), shortfall=0.2
    )
    row = frames(missed)["sweep"].iloc[2]
    assert (row["status"], row["missed"], row["shortfall"], row["cost_cny"]) == (
        "infeasible",
        "T/2020",
        0.2,
        130,
    )
    bar = frames(missed)["tornado"].set_index("path").loc["prices.natural_gas"]
    assert bar["high_status"] == "infeasible"
    assert pd.isna(bar["high_cost_cny"])
    assert bar["low_cost_cny"] == 90


def test_outcomes_come_back_from_text_to_the_last_bit() -> None:
    found = outcome(1 / 3)
    assert Outcome.from_text(found.to_text()) == found
    for text in ("", "[]", "{}", '{"status": "feasible"}', found.to_text()[:-20]):
        with pytest.raises(ValueError):  # noqa: PT011 - of json, or ours
            Outcome.from_text(text)
