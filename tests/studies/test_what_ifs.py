"""Which cases a sweep has: by hand where they are few, by their distribution where they are drawn."""

from __future__ import annotations

import numpy as np
import pytest

from model.scenario.amounts import parted
from model.scenario.scenario import FrozenMap, Spread, Sweep
from model.studies.sweeps.what_ifs import count, in_words, what_ifs

GAS, RATE = "prices.natural_gas", "discount_rate"


def swept(method: str, size: int | None = None, seed: int = 0, **over: tuple[str, ...] | Spread) -> Sweep:
    paths = {"gas": GAS, "rate": RATE, "growth": "growth"}
    return Sweep(method, size, seed, FrozenMap({paths[name]: values for name, values in over.items()}))  # type: ignore[arg-type]


def rows(sweep: Sweep, kind: str) -> list[dict[str, str]]:
    return [dict(case.values) for case in what_ifs(sweep) if case.kind == kind]


def test_a_grid_has_every_combination_and_each_path_alone() -> None:
    sweep = swept("grid", gas=("80 % of baseline", "120 % of baseline"), rate=("3 %", "5 %", "8 %"))
    cases = what_ifs(sweep)
    assert [case.kind for case in cases] == ["base"] + 5 * ["alone"] + 6 * ["swept"]
    assert dict(cases[0].values) == {}
    assert rows(sweep, "alone") == [
        {GAS: "80 % of baseline"},
        {GAS: "120 % of baseline"},
        {RATE: "3 %"},
        {RATE: "5 %"},
        {RATE: "8 %"},
    ]
    assert [(row[GAS][:3], row[RATE]) for row in rows(sweep, "swept")] == [
        ("80 ", "3 %"),
        ("80 ", "5 %"),
        ("80 ", "8 %"),
        ("120", "3 %"),
        ("120", "5 %"),
        ("120", "8 %"),
    ]
    assert count(sweep) == 6
    assert in_words(sweep) == (
        "sweep: 6 cases of method grid over 2 paths, 5 of a path alone, and the base; "
        "`sweep` solves them, `run` the scenario itself"
    )


def test_lists_stand_side_by_side_and_may_name_a_value_twice() -> None:
    sweep = swept("list", gas=("1 CNY/m3", "1 CNY/m3", "2 CNY/m3"), rate=("3 %", "5 %", "5 %"))
    assert rows(sweep, "swept") == [
        {GAS: "1 CNY/m3", RATE: "3 %"},
        {GAS: "1 CNY/m3", RATE: "5 %"},
        {GAS: "2 CNY/m3", RATE: "5 %"},
    ]
    assert [row for row in rows(sweep, "alone") if GAS in row] == [{GAS: "1 CNY/m3"}, {GAS: "2 CNY/m3"}]
    assert count(sweep) == 3


@pytest.mark.parametrize(
    ("spread", "expected"),
    [
        # 5, 25, 50, 75 and 95 % points: of the uniform one linear, of the others by z = 1.644854 and 0.674490
        (Spread("uniform", "80 % of baseline", "120 % of baseline"), (82, 90, 100, 110, 118)),
        (Spread("normal", "5 %", "1 %"), (3.35515, 4.32551, 5, 5.67449, 6.64485)),
        (Spread("lognormal", "2 CNY/m3", "0.1"), (1.69665, 1.86956, 2, 2.13954, 2.35758)),
    ],
)
def test_distributions_are_tried_alone_at_their_quantiles(
    spread: Spread, expected: tuple[float, ...]
) -> None:
    values = [row[GAS] for row in rows(swept("random", 3, gas=spread), "alone")]
    assert [parted(value)[0] for value in values] == pytest.approx(expected, rel=1e-5)
    assert {parted(value)[1] for value in values} == {parted(spread.first)[1]}


def test_draws_follow_their_distribution() -> None:
    size = 4000
    sweep = swept(
        "random",
        size,
        gas=Spread("lognormal", "2 CNY/m3", "0.3"),
        rate=Spread("normal", "5 %", "1 %"),
        growth=("slow", "fast"),
    )
    drawn = rows(sweep, "swept")
    gas = np.log([parted(row[GAS])[0] for row in drawn])
    rate = np.array([parted(row[RATE])[0] for row in drawn])
    assert gas.mean() == pytest.approx(np.log(2), abs=4 * 0.3 / size**0.5)
    assert gas.std() == pytest.approx(0.3, rel=0.05)
    assert rate.mean() == pytest.approx(5, abs=4 / size**0.5)
    assert rate.std() == pytest.approx(1, rel=0.05)
    assert abs(np.corrcoef(gas, rate)[0, 1]) < 4 / size**0.5
    assert sum(row["growth"] == "fast" for row in drawn) == pytest.approx(size / 2, abs=2 * size**0.5)
    assert count(sweep) == size


def test_draws_depend_on_the_seed_and_on_their_own_path_alone() -> None:
    gas = Spread("uniform", "1 CNY/m3", "3 CNY/m3")
    first = [row[GAS] for row in rows(swept("random", 5, gas=gas), "swept")]
    again = [row[GAS] for row in rows(swept("random", 5, rate=("3 %", "5 %"), gas=gas), "swept")]
    other = [row[GAS] for row in rows(swept("random", 5, seed=1, gas=gas), "swept")]
    longer = [row[GAS] for row in rows(swept("random", 9, gas=gas), "swept")]
    assert first == again == longer[:5]
    assert not set(first) & set(other)
    assert all(1 <= parted(value)[0] <= 3 for value in first + other)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("80 % of baseline", 80.0, "% of baseline"),
        ("supply", 100.0, "% of supply"),
        ("2.5 CNY/m3", 2.5, "CNY/m3"),
        ("-1e-3", -1e-3, ""),
        ("5%", 5.0, "%"),
        ("20 points below 2020", 20.0, "points below 2020"),
    ],
)
def test_an_amount_is_parted_into_number_and_words(text: str, number: float, unit: str) -> None:
    assert parted(text) == (number, unit)


@pytest.mark.parametrize("text", ["as_planned_2018", "{2018: 1.1}", ""])
def test_what_is_no_amount_has_no_number(text: str) -> None:
    number, words = parted(text)
    assert np.isnan(number)
    assert words == text
