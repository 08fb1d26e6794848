"""The lists of the miniature region and of the shipped scenarios, from files to files."""

# ruff: noqa: E501

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.__main__ import main
from model.base.faults import InputError
from model.pipeline.prepare import read_inputs, start_inventory
from model.studies.emergency.day import POLLUTANTS
from model.studies.emergency.emergency import Lists, emergency_lists
from model.studies.emergency.lists import EmergencyResults, alert_figures, emergency_results
from model.studies.emergency.ready import make_ready
from tests.small_inputs import edit, write_small_run

ROOT = Path(__file__).parents[2]
SHIPPED = ("erenhot_2019", "honghe_2018_2020", "inner_mongolia_2018_2020", "inner_mongolia_2025")

PROFILES = """\
profile,jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec,citation,rating,constructed
boiler,0.2,0.2,0.1,0.05,0,0,0,0,0,0.1,0.15,0.2,MADE_UP,E,no
boiler.process,0.31,0.1,0.1,0.1,0.1,0.1,0.05,0.05,0.05,0.02,0.01,0.01,MADE_UP,E,no
power_unit,0.31,0.1,0.1,0.1,0.1,0.1,0.05,0.05,0.05,0.02,0.01,0.01,MADE_UP,E,no
residential_coal,0.31,0.1,0.1,0.1,0.1,0.1,0.05,0.05,0.05,0.02,0.01,0.01,MADE_UP,E,no
cement_kiln,0.031,0.469,0.1,0.1,0.1,0.1,0.025,0.025,0.02,0.01,0.01,0.01,MADE_UP,E,no
truck,0.062,0.438,0.1,0.1,0.1,0.1,0.025,0.025,0.02,0.01,0.01,0.01,MADE_UP,E,no
architectural_coating,0.031,0.469,0.1,0.1,0.1,0.1,0.025,0.025,0.02,0.01,0.01,0.01,MADE_UP,E,no
"""
WEEKDAYS = "class,factor,citation,rating\ntruck,1.5,MADE_UP,E\n"
HEAD = (
    "option,class,where,kind,name,name_zh,levels,grain,line_size,line_unit,most,keeps,cuts_SO2,cuts_NOx,cuts_PM10,"
    "cuts_VOCs,payer,proof,checks,checks_zh,price_year,value,unit,citation,rating\n"
)
OPTIONS = (
    HEAD
    + """\
homes,residential_coal,,protected,homes,居民,yellow,share,,,0,1,0,0,0,0,household,none,,,2017,0,CNY/GJ,MADE_UP,E
homes,boiler,duty=heating,protected,homes,居民,yellow,share,,,0,1,0,0,0,0,household,none,,,2017,0,CNY/GJ,MADE_UP,E
steam,boiler,duty=process,stop,steam stopped,停汽,orange+red,unit,,,1,0,1,1,1,1,enterprise,power,meter,电表,2017,10,CNY/GJ,MADE_UP,E
kiln,cement_kiln,,stop,kilns stopped,停窑,yellow+orange+red,line,0.3,Mt,0.5,0.5,1,1,1,1,enterprise,power,meter,电表,2017,100,CNY/t,MADE_UP,E
old,truck,technology=China III,haulage,off the road,停驶,yellow+orange+red,share,,,0.9,0.1,1,1,1,1,enterprise,trucks,gate,门禁,2015,0.5,CNY/km,MADE_UP,E
"""
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inputs, scenario = write_small_run(tmp_path)
    for name, text in (("profiles", PROFILES), ("weekdays", WEEKDAYS), ("emergency_options", OPTIONS)):
        (inputs / "reference" / f"{name}.csv").write_text(text, encoding="utf-8")
    with scenario.open("a", encoding="utf-8") as stream:
        stream.write(
            "alerts:\n  T-GREY: {level: orange, reduce: 20 %, quantities: [NOx], each: county, month: 1}\n"
        )
    return tmp_path


def lists_of(path: Path, inputs: Path) -> tuple[Lists, EmergencyResults]:
    """The lists of a scenario's own alerts."""
    prepared = read_inputs(path, [], inputs)
    alerts = tuple(prepared.scenario.alerts.values())
    ready = make_ready(prepared.scenario, prepared.tables, start_inventory(prepared), alerts)
    lists = emergency_lists(ready, prepared.tables)
    return lists, emergency_results(prepared.scenario, prepared.tables, lists)


def test_day_and_places_by_hand(folder: Path) -> None:
    """b3: 400 000 GJ, 1 % of it on a January day (0.31 / 31). t1: 5 000 000 km x 0.2 % x 1.5 on a working day.
    The source known by city alone is halved between the two counties of equal population; t2 is outside the
    accounts; Beta has no counties and answers by itself.
    """
    lists, results = lists_of(folder / "toy.yaml", folder / "inputs")
    (alert,) = lists.ready.alerts
    day = lists.ready.day(alert)
    place = day.sources.index.get_loc
    assert day.activity[place("b3")] == pytest.approx(4000)
    assert day.activity[place("t1")] == pytest.approx(5e6 * 0.002 * 1.5)
    groups = {one.group.label: one.group for one in lists.listed}
    assert list(groups) == ["150102", "150121", "150200"]
    hills = groups["150121"]
    weight = dict(zip(day.sources.index[hills.member], hills.weight, strict=True))
    assert weight == {"b3": 1.0, "h1": 1.0, "t1": 1.0, "c1": 0.5}
    assert "t2" not in day.sources.index[groups["150200"].member]
    listed = results.listed.set_index(["group", "source"])
    # deflated from 2015 (0.95) to 2017 (1)
    old = listed.loc[("150121", "t1")]
    assert old["lost_value_cny_per_day"] == pytest.approx(old["share_stopped"] * 15000 * 0.5 / 0.95)
    assert listed.loc[("150121", "h1"), "reason"] == "homes"
    assert listed.loc[("150102", "p1"), "reason"] == "no order is known for it"


def test_whole_lines_from_the_table(folder: Path) -> None:
    """The kiln makes 1.2 Mt in lines of 0.3 Mt and may lose two: a fifth of its NOx is one line of four."""
    _, results = lists_of(folder / "toy.yaml", folder / "inputs")
    row = results.listed.set_index(["group", "source"]).loc[("150200", "k1")]
    assert row["share_stopped"] in (0.25, 0.5)
    assert row["lost_value_cny_per_day"] == pytest.approx(row["share_stopped"] * 1.2e6 * 0.001 * 100)


def test_command_writes_files_that_do_not_differ(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for out in ("a", "b"):
        words = ["emergency", str(folder / "toy.yaml"), "--inputs", str(folder / "inputs"), "--lang", "zh"]
        assert main([*words, "--out", str(folder / out)]) == 0
    where = [folder / out / "toy" / "emergency" for out in ("a", "b")]
    files = sorted(path.name for path in where[0].iterdir())
    assert files == ["emergency.csv", "emergency.html", "emergency_summary.csv"]
    assert all((where[0] / name).read_bytes() == (where[1] / name).read_bytes() for name in files)
    page = (where[0] / "emergency.html").read_text(encoding="utf-8")
    for word in (
        "企业",
        "绩效等级",
        "生产线/工序",
        "占全社会比例",
        "核查方式",
        "责任人",
        "不作为执法依据",
        "停汽",
    ):
        assert word in page
    printed = capsys.readouterr().out
    assert "T-GREY (orange): 3 places" in printed
    assert "NATIONAL-RED" in printed
    assert "NATIONAL-ORANGE" not in printed  # the scenario's own alert asks for that level


def test_check_says_what_can_be_ordered(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder / "toy.yaml"), "--inputs", str(folder / "inputs")]) == 0
    # b3, k1, t1 can be stopped; b1, b2, b4 and h1 heat homes
    assert (
        "alert T-GREY (orange, 20%): 3 places, 9 sources; orders for 3, 4 protected"
        in capsys.readouterr().out
    )


FAULTS = {
    "where": ("duty=process,stop", "dty=process,stop", "emergency_options.csv, row 4, where: 'dty' "),
    "most": (",0.5,0.5,1,1", ",0.6,0.5,1,1", "row 5, most: '0.6' takes hold of more than may go"),
    "unit": ("100,CNY/t", "100,CNY/km", "row 5, unit: 'CNY/km'"),
    "line": (",0.3,Mt,", ",,,", "row 5, line_size: is needed for whole lines"),
    "checks": ("power,meter,电表,2017,10,", "power,,电表,2017,10,", "row 4, checks: is needed for an order"),
    "grain": (
        "old,truck,",
        "gone,truck,,stop,x,x,red,unit,,,1,0,1,1,1,1,enterprise,power,gate,门禁,2017,1,CNY/km,MADE_UP,E\nold,truck,",
        "row 6, grain: 'unit' fits a source that another row stops by shares",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_faults_of_the_options(folder: Path, case: str) -> None:
    old, new, message = FAULTS[case]
    edit(folder / "inputs", "reference/emergency_options.csv", old, new)
    with pytest.raises(InputError, match=r".") as error:
        lists_of(folder / "toy.yaml", folder / "inputs")
    assert message in str(error.value)


def test_a_class_without_months_is_a_fault(folder: Path) -> None:
    edit(folder / "inputs", "reference/profiles.csv", "truck,", "bus,")
    with pytest.raises(InputError) as error:
        lists_of(folder / "toy.yaml", folder / "inputs")
    assert str(error.value) == (
        "reference/profiles.csv, profile: 'truck' has no row; add the months of this class"
    )


@cache
def shipped_lists(name: str) -> tuple[Lists, EmergencyResults]:
    return lists_of(ROOT / "scenarios" / f"{name}.yaml", ROOT / "inputs")


@pytest.mark.parametrize("name", SHIPPED)
def test_every_share_is_reached_or_named_short(name: str) -> None:
    lists, results = shipped_lists(name)
    summary = results.summary[results.summary["status"] != "reported"]
    enough = summary["reached"] >= summary["asked"] * (1 - 1e-6)
    assert ((summary["status"] == "reached") == enough).all()
    missing = (summary["asked"] - summary["reached"])[~enough]
    np.testing.assert_allclose(summary["short"][~enough], missing)
    # What is short is all that orders can give: nothing of that pollutant runs that could be stopped.
    for listed in lists.listed:
        for answer in listed.answers:
            if answer.short:
                index = POLLUTANTS.index(answer.label)
                most = sum(
                    max((listed.day.cut(m, r, t)[index] for r, t in _open(listed, lists, m)), default=0.0)
                    for m in range(len(listed.group.member))
                )
                assert answer.reached == pytest.approx(most, rel=1e-5, abs=2e-6 * answer.day), (
                    listed.group.label,
                    answer.label,
                )


def _open(listed, lists: Lists, member: int) -> list[tuple[int, float]]:  # type: ignore[no-untyped-def]
    from model.studies.emergency.pieces import Piece

    return listed.day.choices(Piece(member, 1.0), listed.alert.level)  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", SHIPPED)
def test_orders_add_up_and_keep_to_the_table(name: str) -> None:
    _, results = shipped_lists(name)
    orders = results.listed[results.listed["share_stopped"] > 0]
    options = pd.read_csv(ROOT / "inputs/reference/emergency_options.csv")
    for pollutant in POLLUTANTS:
        cut = orders.groupby(["alert", "group"])[f"abated_{pollutant}_kg"].sum()
        said = results.summary[results.summary["pollutant"] == pollutant].set_index(["alert", "group"])
        both = said[["reached"]].join(cut).fillna(0.0)
        np.testing.assert_allclose(both["reached"], both.iloc[:, 1], rtol=1e-6, atol=1e-6)
    lost = orders.groupby(["alert", "group"])["lost_value_cny_per_day"].sum()
    said = results.summary.drop_duplicates(["alert", "group"]).set_index(["alert", "group"])
    np.testing.assert_allclose(
        said["lost_value_cny_per_day"], lost.reindex(said.index).fillna(0.0), rtol=1e-6, atol=1
    )
    most = options.groupby("option")["most"].max()
    assert (orders["share_stopped"] <= orders["option"].map(most) + 1e-9).all()
    assert (orders["kind"] != "protected").all()
    assert (orders["checks"] != "").all()
    assert (orders["checks_zh"] != "").all()


@pytest.mark.parametrize("name", SHIPPED)
def test_heating_never_stops(name: str) -> None:
    lists, results = shipped_lists(name)
    sources = lists.ready.day(lists.ready.alerts[0]).sources
    heats = sources["class"].str.startswith("residential") | (sources["duty"] == "heating") | sources["chp"]
    heating = set(sources.index[heats])
    assert len(heating) > 5
    acted = (results.listed["share_stopped"] > 0) & (results.listed["kind"] != "control")
    stopped = set(results.listed["source"][acted])
    assert stopped
    assert not stopped & heating
    others = results.listed[results.listed["source"].isin(heating) & (results.listed["kind"] != "control")]
    assert (others["reason"] != "").all()


def test_levels_of_honghe_nest() -> None:
    """What yellow orders goes on in orange, and so on: no source is cut less at a higher level."""
    _, results = shipped_lists("honghe_2018_2020")
    total = results.listed.groupby(["level", "group", "source"])[[f"abated_{p}_kg" for p in POLLUTANTS]].sum()
    for below, above in (("yellow", "orange"), ("orange", "red")):
        less, more = total.loc[below], total.loc[above]
        both = less[less.sum(axis=1) > 0]
        assert len(both) > 10
        assert (more.reindex(both.index) >= both * (1 - 1e-6) - 1e-6).all(axis=None)
    figures = alert_figures(results)
    assert [
        figures[f"HH20-EMERGENCY-{level}"].asked for level in ("YELLOW", "ORANGE", "RED")
    ] == pytest.approx([10, 20, 30])


def test_lines_of_the_shipped_table_are_whole() -> None:
    lists, results = shipped_lists("inner_mongolia_2018_2020")
    sources = lists.ready.day(lists.ready.alerts[0]).sources
    activity = sources["activity"]
    options = pd.read_csv(ROOT / "inputs/reference/emergency_options.csv")
    size = options[options["grain"] == "line"].set_index("option")["line_size"]
    rows = results.listed[results.listed["option"].isin(size.index) & (results.listed["share_stopped"] > 0)]
    assert set(rows["option"]) >= {"ferro_stop", "carbide_stop"}
    lines = (activity.loc[rows["source"]].to_numpy() / size.loc[rows["option"]].to_numpy()).round().clip(1)
    stopped = rows["share_stopped"].to_numpy() * lines
    np.testing.assert_allclose(stopped, stopped.round(), atol=1e-9)


def test_every_class_has_a_row() -> None:
    """Something can be ordered of every class, or it says why nothing can."""
    classes = set(pd.read_csv(ROOT / "inputs/reference/classes.csv")["class"])
    options = pd.read_csv(ROOT / "inputs/reference/emergency_options.csv")
    assert set(options["class"]) == classes
    live = options[options["kind"] != "protected"]
    assert live[["checks", "checks_zh"]].notna().all(axis=None)
    assert (live["proof"] != "none").all()
