"""Changes by case, and the rest of the regional balance, against numbers worked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.base.faults import InputError
from tests.baseline.world import (
    GROWTH_HEADER,
    NEW_BUILD_HEADER,
    World,
    boilers,
    coal_boiler,
    make_world,
)
from tests.small_inputs import REGION

BALANCE = f"{REGION}/balance.csv"
BALANCE_HEADER = "item,year,growth,value,unit,low,high,citation,rating\n"


def _activity(world: World, source: str, case: str = "plan") -> list[float]:
    return world.baseline(case).inventory.activity.sel(source=source).to_numpy().tolist()


def test_activity_runs_straight_to_a_share_of_the_baseline(tmp_path: Path) -> None:
    world = make_world(
        tmp_path, "changes: {LESS: {where: {class: boiler}, set: {activity: 70 % of baseline}, by: 2020}}\n"
    )
    assert _activity(world, "b1") == pytest.approx([100_000, 90_000, 80_000, 70_000])
    assert _activity(world, "k1") == pytest.approx([1.2e6] * 4)
    assert _activity(world, "b1", "current_law") == pytest.approx([100_000] * 4)
    assert _activity(world, "b1", "frozen") == pytest.approx([100_000] * 4)


def test_amounts_by_year_hold_from_their_year_on(tmp_path: Path) -> None:
    text = """changes:
  STOP:
    where: {class: truck}
    set: {activity: {2018: 80 % of baseline, 2020: 0}}
    already_law: true
"""
    world = make_world(tmp_path, text)
    assert _activity(world, "t1") == pytest.approx([5e6, 4e6, 4e6, 0])
    assert _activity(world, "t2", "current_law") == pytest.approx([8e6, 6.4e6, 6.4e6, 0])
    assert _activity(world, "t2", "frozen") == pytest.approx([8e6] * 4)


def test_a_number_is_the_total_of_what_is_chosen(tmp_path: Path) -> None:
    world = make_world(
        tmp_path, "changes: {CAP: {where: {class: truck}, set: {activity: {2019: 6500000 km}}}}\n"
    )
    # 13e6 km in all, so half of each.
    assert _activity(world, "t1") == pytest.approx([5e6, 5e6, 2.5e6, 2.5e6])
    assert _activity(world, "t2") == pytest.approx([8e6, 8e6, 4e6, 4e6])


GROWING = {
    f"{REGION}/growth.csv": GROWTH_HEADER
    + "".join(
        f"g,truck,,,,,,{year},{factor},2017,MADE_UP,E,no\n" for year, factor in ((2018, 1.1), (2020, 1.5))
    )
    + "g,truck,,,,,,2019,1.25,2017,MADE_UP,E,no\n"
}
"""13e6 km of trucks grow to 14.3, 16.25 and 19.5e6."""


@pytest.mark.parametrize(
    ("written", "totals"),
    [
        # A level is a level in the years after it, and the way there is straight.
        ("{activity: {2018: 13000000 km}}", [13, 13, 13, 13]),
        ("{activity: 100 % of 2017}, by: 2019", [13, 13, 13, 13]),
        ("{activity: 50 % of 2017}, by: 2019", [13, 9.75, 6.5, 6.5]),
        ("{activity: 6.5e6 km}, by: 2017", [6.5, 6.5, 6.5, 6.5]),
        # A share of the baseline stays that share, and goes with it.
        ("{activity: {2018: 50 % of baseline}}", [13, 7.15, 8.125, 9.75]),
        ("{activity: 50 % of baseline}, by: 2019", [13, 14.3 * 0.75, 8.125, 9.75]),
        # Each year of a list is one or the other.
        ("{activity: {2018: 50 % of baseline, 2020: 13e6 km}}", [13, 7.15, 8.125, 13]),
    ],
)
def test_levels_stay_and_shares_go_with_the_baseline(
    tmp_path: Path, written: str, totals: list[float]
) -> None:
    text = f"growth: g\nchanges: {{C: {{where: {{class: truck}}, set: {written}}}}}\n"
    world = make_world(tmp_path, text, GROWING)
    found = sum(np.array(_activity(world, source)) for source in ("t1", "t2"))
    assert found == pytest.approx(np.array(totals) * 1e6)


def test_two_changes_multiply(tmp_path: Path) -> None:
    world = make_world(
        tmp_path,
        """changes:
  A: {where: {class: boiler}, set: {activity: {2018: 50 % of baseline}}}
  B: {where: {city: 150100}, set: {activity: {2018: 80 % of baseline}}}
""",
    )
    assert _activity(world, "b1")[1] == pytest.approx(40_000)
    assert _activity(world, "b4")[1] == pytest.approx(15_000)


def test_an_attribute_acts_through_its_response(tmp_path: Path) -> None:
    text = "changes: {GREEN: {where: {class: architectural_coating}, set: {green_share: 60 %}, by: 2020}}\n"
    world = make_world(tmp_path, text)
    baseline = world.baseline()
    # (1 - 0.5 v) / (1 - 0.5 x 0), v = 0, 0.2, 0.4, 0.6.
    response = baseline.response.sel(source="c1", pollutant="VOCs").to_numpy()
    assert response == pytest.approx([1, 0.9, 0.8, 0.7])
    factor = baseline.inventory.factor.sel(source="c1", pollutant="VOCs").to_numpy()
    assert factor == pytest.approx(factor[0] * response)
    others = baseline.response.drop_sel(source="c1").to_numpy()
    assert np.all(others == 1)


def test_the_start_value_of_a_row_goes_before_the_default(tmp_path: Path) -> None:
    responses = "class,attribute,acts_on,intercept,slope,default,citation,rating,constructed\n"
    files = {
        "reference/responses.csv": responses
        + "truck,load_pct,NOx+SO2,0,1,50,MADE_UP,E,no\ntruck,load_pct,activity,2,-0.01,50,MADE_UP,E,no\n"
    }
    world = make_world(
        tmp_path, "changes: {LOAD: {where: {class: truck}, set: {load_pct: {2019: 30 %}}}}\n", files
    )
    baseline = world.baseline()
    # t1 has 60 %, t2 none, so the default of 50 %.
    assert baseline.response.sel(source="t1", pollutant="NOx").to_numpy() == pytest.approx([1, 1, 0.5, 0.5])
    assert baseline.response.sel(source="t2", pollutant="NOx").to_numpy() == pytest.approx([1, 1, 0.6, 0.6])
    assert baseline.response.sel(source="t2", pollutant="VOCs").to_numpy() == pytest.approx([1] * 4)
    assert _activity(world, "t1")[2] == pytest.approx(5e6 * 1.7 / 1.4)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            "{where: {class: boiler}, set: {green_share: 50 %}, by: 2020}",
            "changes.C.set.green_share: 'boiler' has no response in responses.csv for any class chosen",
        ),
        (
            "{where: {class: [boiler, truck]}, set: {activity: {2020: 5}}}",
            "changes.C.set.activity: '5' sums activities in GJ and km; give a percentage of baseline",
        ),
        (
            "{where: {class: truck}, set: {activity: {2020: 5 GJ}}}",
            "changes.C.set.activity: '5 GJ' 'GJ' does not convert to km; write it in km",
        ),
    ],
)
def test_faults_of_changes(tmp_path: Path, change: str, message: str) -> None:
    world = make_world(tmp_path, f"changes:\n  C: {change}\n")
    with pytest.raises(InputError) as error:
        world.baseline()
    assert message in str(error.value)
    assert "toy.yaml, row 9" in str(error.value)


def test_the_rest_of_the_balance(tmp_path: Path) -> None:
    files = {
        BALANCE: BALANCE_HEADER
        + "oil_energy,2017,,300,TJ,,,MADE_UP,E\n"
        + "oil_energy,2019,,400,TJ,,,MADE_UP,E\n"
        + "oil_energy,2019,other,900,TJ,,,MADE_UP,E\n"
        + "gdp,2020,,5,10^9 CNY,,,MADE_UP,E\n"
    }
    world = make_world(tmp_path, "changes: {X: {where: {class: truck}, set: {activity: {2018: 0}}}}\n", files)
    rest = world.baseline().exogenous.set_index(["item", "year"])["value"]
    # Trucks at the start, unchanged in the frozen case: 5e6 km x 0.012 + 8e6 km x 0.011 GJ = 148 000 GJ.
    assert rest.loc["oil_energy"].to_dict() == pytest.approx({2017: 152_000, 2018: 202_000, 2019: 252_000})
    assert rest.loc["gdp"].to_dict() == pytest.approx({2020: 5e9})


def test_a_change_sets_a_total_of_the_balance(tmp_path: Path) -> None:
    files = {BALANCE: BALANCE_HEADER + "nonfossil_energy,2017,,2,PJ,,,MADE_UP,E\n"}
    world = make_world(tmp_path, "changes: {N: {set: {nonfossil_energy: 5 PJ}, by: 2020}}\n", files)
    set_by_plan = world.baseline().exogenous.set_index(["item", "year"])["value"].loc["nonfossil_energy"]
    assert set_by_plan.to_dict() == pytest.approx({2017: 2e6, 2018: 3e6, 2019: 4e6, 2020: 5e6})
    frozen = world.baseline("frozen").exogenous.set_index(["item", "year"])["value"].loc["nonfossil_energy"]
    assert frozen.to_dict() == pytest.approx({2017: 2e6})


def test_permuting_sources_permutes_the_baseline(tmp_path: Path) -> None:
    text = "changes: {LESS: {where: {class: boiler}, set: {activity: 70 % of baseline}, by: 2020}}\n"
    world = make_world(tmp_path, text, calibration="fitted")
    inventory = world.inventory
    order = list(inventory.sources.index[::-1])
    turned = type(inventory)(
        inventory.sources.loc[order], inventory.activity.sel(source=order), inventory.factor.sel(source=order)
    )
    one = world.baseline()
    other = type(world)(world.tables, world.scenario, turned).baseline()
    again = other.inventory.emission().sel(source=list(one.inventory.sources.index))
    np.testing.assert_allclose(again, one.inventory.emission())


def test_growth_cut_by_a_change_builds_fewer_units(tmp_path: Path) -> None:
    """100 000 GJ grow by half: five units of 10 000 GJ more; with 80 % of that from the start on, four."""
    files = {
        f"{REGION}/growth.csv": GROWTH_HEADER
        + "".join(f"g,boiler,,,,,,{year},1.5,2017,MADE_UP,E,no\n" for year in (2018, 2019, 2020)),
        f"{REGION}/new_build.csv": NEW_BUILD_HEADER + "boiler,,,coal,1,1,coal,grate,bag,MADE_UP,E,no\n",
        **boilers(coal_boiler(capacity=10)),
    }
    text = (
        "growth: g\nchanges: {LESS: {where: {vintage: new}, set: {activity: 80 % of baseline}, by: 2017}}\n"
    )
    world = make_world(tmp_path, text, files)
    units = {case: world.baseline(case).inventory.sources["units"] for case in ("frozen", "plan")}
    new = units["plan"].index[-1]
    assert new.startswith("new.boiler")
    assert units["frozen"].loc[new] == pytest.approx(5)
    assert units["plan"].loc[new] == pytest.approx(4)
    assert units["plan"].loc["b1"] == 1
    assert _activity(world, new) == pytest.approx([0, 40_000, 40_000, 40_000])


def test_a_level_of_the_start_year_is_of_each_unit_by_itself(tmp_path: Path) -> None:
    """Trucks (km) come to half as much again, homes (GJ) stay; both are held at 90 % of what they were."""
    growth = GROWTH_HEADER + "g,truck,,,,,,2020,1.5,2017,MADE_UP,E,no\n"
    where = "{class: [truck, residential_coal]}"
    text = f"growth: g\nchanges: {{C: {{where: {where}, set: {{activity: {{2020: 90 % of 2017}}}}}}}}\n"
    world = make_world(tmp_path, text, files={f"{REGION}/growth.csv": growth})
    assert _activity(world, "h1")[-1] == pytest.approx(0.9 * 60_000)
    assert _activity(world, "t1")[-1] == pytest.approx(0.9 * 5e6)
    assert _activity(world, "t1", "frozen")[-1] == pytest.approx(1.5 * 5e6)
