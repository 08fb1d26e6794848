"""Gas and heat of Erenhot, a boiler near a CHP unit: supply from projects.csv and what plan.csv builds."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.demands.ask import INPUTS, Answer

pytestmark = pytest.mark.xdist_group("demands")


def supply(erenhot: Answer, quantity: str, year: int, column: str) -> float:
    """What stands and what is built by the end of a year; a year's supply of what is built in it is half."""
    rows = pd.read_csv(INPUTS / "erenhot" / "projects.csv").set_index("project")
    rows = rows[rows["supplies"] == quantity]
    built = erenhot.plan[erenhot.plan["source"].str.startswith("project.")].set_index("source")["year"]
    total = 0.0
    for name, row in rows.iterrows():
        since = built.get(f"project.{name}", 9999) if row["status"] == "optional" else 0
        part = 0.5 if since == year and column == "capacity" else 1.0
        total += part * row[column] * (since <= year)
    return total


@pytest.mark.parametrize("year", [2019, 2020])
def test_gas_by_year_and_peak_day(erenhot: Answer, year: int) -> None:
    bound = erenhot.limits["bound"]
    gas, peak = (supply(erenhot, "natural_gas", year, column) for column in ("capacity", "peak"))
    assert bound[f"GAS-SUPPLY/{year}/152501"] == pytest.approx(gas)
    assert bound[f"GAS-PEAK/{year}/152501"] == pytest.approx(0.95 * peak)
    if year == 2020:
        assert bound["HOMES-FIRST/2020/152501"] == pytest.approx(0.6 * gas)
        assert bound["GAS-FLOOR/2020"] == 7e6
    assert (erenhot.limits["slack"].filter(like="GAS") >= -1).all()


def test_homes_are_first(erenhot: Answer) -> None:
    """What is left of all gas less HOMES-FIRST are homes: 902 500 m3 at the start, and those that switch."""
    achieved = erenhot.limits["achieved"]
    homes = achieved["GAS-SUPPLY/2020/152501"] - achieved["HOMES-FIRST/2020/152501"]
    rows = erenhot.sources[erenhot.sources["class"] == "residential_gas"]
    assert set(rows["activity_unit"]) == {"fuel_m3"}
    assert homes >= rows["activity"].sum()


@pytest.mark.parametrize("year", [2019, 2020])
def test_heat_of_a_network_is_conserved(erenhot: Answer, year: int) -> None:
    """GJ and MW supplied; GJ taken by those who have joined, from their own rows: a move counts half, or the
    part_year of its class."""
    limits = erenhot.limits
    for name, column in (("HEAT", "capacity"), ("HEAT-PEAK", "peak")):
        row = limits.loc[f"{name}/{year}/net.152501"]
        assert row["bound"] == pytest.approx(supply(erenhot, "network_heat", year, column))
        assert row["achieved"] <= row["bound"] * (1 + 1e-6)
    joined = [erenhot.ends(y) for y in (year - 1, year)]
    heat = [rows.loc[rows["now_fuel"] == "network_heat", "source"] for rows in joined]
    assert set(heat[0]) <= set(heat[1]), "nobody leaves"
    assert len(heat[1]) > 0


def test_boilers_within_reach_of_a_chp_unit(made_up: Answer) -> None:
    """b1 stands 8 km away and leaves coal by the end of 2019; b2, 20 km away, need not."""
    ends = made_up.ends(2019).set_index("source")
    assert ends.loc["b1", "now_fuel"] != "coal"
    assert ends.loc["b2", "now_fuel"] == "coal"
    heat = made_up.limits.loc["HEAT/2019/net.1"]
    assert heat["achieved"] <= heat["bound"]
