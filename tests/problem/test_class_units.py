"""Bounds in the unit of a class, greatest values and groups, against numbers worked by hand.

b1 has 10 t/h and 100 000 GJ a year, b2 40 t/h and 300 000 GJ (tests/problem/test_build.py).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from model.base.faults import InputError
from model.plan import evaluate, frozen_plan
from tests.problem.test_build import SO2_2017, frozen, problem_of

BOILERS = "where: {class: boiler}"


def bound_of(folder: Path, text: str) -> float:
    return float(problem_of(folder, f"limits: {{A: {{{text}}}}}\n").bound[0])


@pytest.mark.parametrize(
    ("quantity", "amount", "bound"),
    [
        ("activity", "0.3 PJ", 300_000),
        ("activity", "300 TJ/yr", 300_000),
        ("activity", "30 万GJ", 300_000),
        ("activity", 300_000, 300_000),
        ("capacity", "28 MW", 40),
        ("capacity", "40 t/h", 40),
        ("capacity", "0.04 kt/h", 40),
        ("capacity", "40 蒸吨", 40),
        ("capacity", 40, 40),
        ("capacity_completed", "7 MW", 10),
        ("capacity_completed", "7 MW/yr", 10),
        ("capacity_completed", "10 t/h", 10),
        ("activity", "0 PJ", 0),
    ],
)
def test_units_of_the_class(tmp_path: Path, quantity: str, amount: str | float, bound: float) -> None:
    text = f"quantity: {quantity}, {BOILERS}, at_most: {{2020: {amount}}}"
    assert bound_of(tmp_path, text) == pytest.approx(bound)


def test_a_ratio_to_activity(tmp_path: Path) -> None:
    """800 g of SO2 per GJ from both, 0.8 kg; the row is N - p D."""
    text = (
        f"quantity: SO2, {BOILERS}, share_of: {{quantity: activity, {BOILERS}}}, at_most: {{2020: 0.5 kg/GJ}}"
    )
    problem = problem_of(tmp_path, f"limits: {{A: {{{text}}}}}\n")
    assert frozen(problem, "A/2020") == pytest.approx(4 * SO2_2017 / 400_000)
    used = evaluate(problem, frozen_plan(problem)).use[0]
    assert used == pytest.approx(4 * SO2_2017 - 0.5e-3 * 400_000)
    assert problem.notes["units"] == {"A": "t/GJ"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"quantity: activity, {BOILERS}, at_most: {{2020: 5 Mt}}", "write it in GJ"),
        ("quantity: activity, at_most: {2020: 5}", "sums activity in GJ/yr and km/yr"),
        ("quantity: capacity, where: {class: truck}, at_most: {2020: 5 MW}", "have no capacity"),
        (
            f"quantity: SO2, {BOILERS}, share_of: {{quantity: activity, {BOILERS}}}, at_most: {{2020: 0.5}}",
            "has no unit, and this share is in t/GJ",
        ),
        ("quantity: stock, at_most: {2020: 10 %}", "is a share, and the bound is of a sum"),
        (
            f"quantity: activity, {BOILERS}, at_most: {{2020: 10 points}}",
            "is a share, and the bound is of a sum",
        ),
        ("quantity: SO2, each: payer, year: 2020", "is known of no source that is meant"),
        ("quantity: coal, share_of: {quantity: gdp}, each: city, year: 2020", "gdp is a total of the region"),
        (
            f"quantity: coal, share_of: {{quantity: gdp, {BOILERS}}}, year: 2020",
            "limits.A.share_of.where: gdp is a total of the region",
        ),
        ("quantity: coal, share_of: {quantity: nh3_slip}, year: 2020", "nothing is a share of it"),
        ("quantity: nh3_slip, share_of: all, year: 2020", "has no share"),
        ("quantity: nh3_slip, at_least: {2020: 3 mg/m3}", "is the greatest value of any source"),
        ("quantity: nh3_slip, at_most: {2020: 90 % of frozen}", "write a number in mg/m3"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        bound_of(tmp_path, text)
    assert said in str(caught.value)
    assert "limits.A" in str(caught.value)
