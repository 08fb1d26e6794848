"""Demands on the state of sources: whom they mean is in the inputs, what became of them in plan.csv."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.demands.ask import INPUTS, Answer

pytestmark = pytest.mark.xdist_group("demands")


def of_class(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    return rows[rows["class"] == name]


def test_small_boilers_by_size_zone_and_date(honghe: Answer) -> None:
    for year, left in ((2019, False), (2020, False)):
        rows = of_class(honghe.ends(year), "boiler")
        small = rows[(rows["fuel"] == "coal") & (rows["capacity"] <= 6)]
        inside = small[small["zone"].isin(["park", "city_built_up"])]
        assert len(inside) == 84
        assert (inside["now_fuel"] == "coal").any() == left
    others = small[~small["zone"].isin(["park", "city_built_up"])]
    assert (others["now_fuel"] == "coal").any(), "the rest need not go"


def test_no_year_completes_more_than_its_rate(honghe: Answer) -> None:
    boilers = of_class(honghe.plan, "boiler")
    existing = boilers[~boilers["source"].str.startswith("new.")]
    units = existing.groupby("year")["share"].sum()
    assert units.max() <= 60
    for year in (2018, 2019, 2020):
        assert honghe.limits["achieved"][f"BOILER-RATE/{year}"] == pytest.approx(units.get(year, 0.0))


def test_what_is_new_and_small_is_not_built_on_coal(honghe: Answer) -> None:
    """Every small one that new_build.csv plans on coal and growth calls for is something else by 2018."""
    plan = pd.read_csv(INPUTS / "honghe" / "new_build.csv")
    small = plan[(plan["class"] == "boiler") & (plan["fuel"] == "coal") & (plan["capacity"] < 20)]["label"]
    sources = honghe.case.sources
    new = sources.index[[str(s).startswith("new.boiler.") for s in sources.index]]
    meant = {s for s in new if s.rpartition(".")[2] in set(small)}
    assert meant
    moved = honghe.plan[(honghe.plan["year"] == 2018) & honghe.plan["source"].isin(meant)]
    share = moved[~moved["to_state"].str.startswith("coal/")].groupby("source")["share"].sum()
    assert set(share.index) == meant
    assert np.allclose(share, 1.0)


def test_ultra_low_share_of_capacity_by_date(honghe: Answer) -> None:
    """Eight units of 300 MW are no captive ones: a quarter is two of them, 60 % is five."""
    units = of_class(honghe.sources, "power_unit")
    units = units[(units["fuel"] == "coal") & (units["captive"] == "no")]
    assert units["capacity"].tolist() == [300.0] * 8
    for year, least in ((2019, 2), (2020, 5)):
        ends = honghe.ends(year)
        low = ends[ends["source"].isin(units["source"]) & ends["state"].str.contains("pm_ule", regex=False)]
        assert low["share"].sum() >= least - 1e-6
        share = 100 * low["share"].sum() / 8
        assert honghe.limits["achieved"][f"ULE-SHARE/{year}"] == pytest.approx(share)


def test_capacity_is_replaced_first(honghe: Answer) -> None:
    """What stands of kilns at the end of 2020, old and new, is what stood in 2017."""
    start = of_class(honghe.sources, "cement_kiln")["capacity"].sum()
    row = honghe.limits.loc["CEMENT-CAP/2020"]
    assert row["bound"] == pytest.approx(start)
    assert row["frozen"] > row["bound"], "growth alone would need more"
    assert row["achieved"] <= row["bound"] * (1 + 1e-6)


def test_the_greatest_ammonia_slip(honghe: Answer) -> None:
    """SNCR of a power unit: 2.1 g/GJ in 250 m3/GJ of flue gas at 6 % oxygen (controls.csv, fuels.csv)."""
    row = honghe.limits.loc["SLIP/2020"]
    assert row["achieved"] == pytest.approx(2.1e3 / (250 * 20.9 / (20.9 - 6)), rel=0.01)
    assert (row["unit"], row["bound"]) == ("mg/m3", 8)


def test_restricted_zone_from_the_middle_of_a_year(honghe: Answer) -> None:
    """Dated 30 June 2020: the state of that December, and not yet the one before."""
    old = ["pre-China I", "China I", "China II"]
    rows = of_class(honghe.ends(2020), "truck")
    rows = rows[(rows["fuel"] == "diesel") & (rows["zone"] == "urban_fringe") & rows["technology"].isin(old)]
    assert rows["source"].nunique() == 13
    assert set(rows["now_technology"]) <= {"China V", "China VI", "NEV"}


def test_bulk_coal_is_cleared_and_does_not_return(erenhot: Answer) -> None:
    for year in (2019, 2020):
        rows = erenhot.ends(year)
        rows = rows[rows["class"].isin(["residential_coal", "commercial_stove"])]
        inside = rows[rows["zone"].isin(["city_built_up", "urban_fringe"])]
        assert not inside["now_fuel"].isin(["raw_coal", "briquette"]).any()
    homes = of_class(erenhot.sources, "residential_coal")  # t of coal, of their own heat and efficiency
    heat = (homes["activity"] * homes["ncv_gj_per_t"] * homes["efficiency"]).sum()
    assert erenhot.limits["bound"]["NO-MORE/2020"] == pytest.approx(heat)
