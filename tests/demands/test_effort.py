"""Fairness and budgets in the made-up region, from the inputs and plan.csv; ammonia that binds; borders."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.demands.ask import Answer, ask
from tests.demands.page import HEADS

pytestmark = pytest.mark.xdist_group("demands")
COUNTIES = ("150102", "150121")


def spent(made_up: Answer, year: int, county: str) -> float:
    """Investment of the sources, and projects, that stand in a county."""
    where = made_up.sources.set_index("source")["area"].astype(str)
    rows = made_up.plan[made_up.plan["year"] == year]
    return float(rows.loc[rows["source"].map(where) == county, "investment_cny"].sum())


def test_budget_by_county(made_up: Answer) -> None:
    for year in (2018, 2019):
        for county in COUNTIES:
            row = made_up.limits.loc[f"BUDGET/{year}/{county}"]
            assert row["achieved"] == pytest.approx(spent(made_up, year, county), abs=1)
            assert row["bound"] == 9e6
            assert row["achieved"] <= 9e6 + 10


def test_share_of_what_the_region_invests(made_up: Answer) -> None:
    plan = made_up.plan
    total = plan[plan["year"] == 2018]["investment_cny"].sum()
    for county in COUNTIES:
        achieved = made_up.limits["achieved"][f"BURDEN/2018/{county}"]
        assert achieved == pytest.approx(100 * spent(made_up, 2018, county) / total)
        assert achieved <= 80 + 1e-4


def test_least_and_greatest_effort(made_up: Answer) -> None:
    limits = made_up.limits
    for county in COUNTIES:
        least, greatest = limits.loc[f"LEAST/2019/{county}"], limits.loc[f"GREATEST/2019/{county}"]
        assert least["bound"] == pytest.approx(0.9 * least["frozen"])
        assert least["achieved"] <= least["bound"] * (1 + 1e-6)
        assert greatest["bound"] == pytest.approx(0.4 * greatest["frozen"])
        assert greatest["achieved"] >= greatest["bound"] * (1 - 1e-6)
    assert limits["bound"]["TARGET/2019"] == pytest.approx(0.6 * limits["frozen"]["TARGET/2019"])


def made_up_ask(folder: Path, inputs: Path, text: str) -> Answer:
    path = folder / "asked.yaml"
    path.write_text(HEADS["toy"] + text, encoding="utf-8")
    return ask(path, inputs)


def test_ammonia_that_binds(tmp_path: Path, made_up_inputs: Path) -> None:
    """NOx of b2 by a fifth: SNCR does it cheapest and slips 0.9 g/GJ in 439 m3/GJ, 2.05 mg/m3; below 2 mg/m3
    it must be done otherwise.
    """
    where = "where: {class: boiler, capacity_tph: 20, vintage: existing}"
    target = f"NOX: {{quantity: NOx, {where}, at_most: {{2019: 80 % of frozen}}}}"
    slip = f"SLIP: {{quantity: nh3_slip, {where}, at_most: {{2019: %s mg/m3}}}}"
    for bound, sncr in (("3", True), ("2", False)):
        found = made_up_ask(tmp_path, made_up_inputs, f"limits:\n  {target}\n  {slip.replace('%s', bound)}\n")
        assert found.met
        state = found.ends(2019).set_index("source").loc["b2", "state"]
        assert ("sncr" in state) == sncr
        achieved = found.limits["achieved"]["SLIP/2019"]
        assert achieved == pytest.approx(0.9e3 / (250 * 20.9 / 11.9) if sncr else 0.0)


@pytest.mark.parametrize(
    ("when", "bound"),
    [
        ("by: 2018-12-31", [True, True]),
        ("from: 2019-01-01", [True, True]),
        ("from: 2019-01-02", [False, True]),
        ("by: 2019-01-01", [False, True]),
        ("by: 2019-12-31", [False, True]),
        ("by: 2020-01-01", [False, False]),
        ("from: 2018-01-01", [True, True]),
    ],
)
def test_dates_at_the_turn_of_a_year(
    tmp_path: Path, made_up_inputs: Path, when: str, bound: list[bool]
) -> None:
    """b2 must leave what costs least (it stays on coal unless asked); its state of 31 December tells when."""
    text = (
        f"mandates:\n  GO: {{where: {{class: boiler, capacity_tph: 20}}, not_in: {{fuel: coal}}, {when}}}\n"
    )
    found = made_up_ask(tmp_path, made_up_inputs, text)
    gone = [found.ends(y).set_index("source").loc["b2", "now_fuel"] != "coal" for y in (2018, 2019)]
    assert gone == bound
