"""When a move can be made, what it counts as, who pays; and projects."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.base.faults import InputError
from model.options.projects import read_projects
from tests.baseline.world import GROWTH_HEADER, NEW_BUILD_HEADER, coal_boiler
from tests.options.catalogue import (
    CLOSE,
    EVERY_POLLUTANT,
    FGD,
    SNCR,
    boiler_world,
    costs,
    data,
    measure,
    options_of,
)
from tests.small_inputs import REGION, SOURCE_HEADER

PROJECTS = (
    "project,name,name_zh,supplies,serves,area,capacity,unit,peak,peak_unit,status,first_year,capital_cny,"
    "fixed_om_cny,lifetime,payer,citation,rating,constructed\n"
)


def test_the_latest_first_year_of_what_is_added(tmp_path: Path) -> None:
    late = measure(
        "sncr", "NOx", fits_fuel="coal", fits_no_control="sncr", adds_controls="sncr", first_year=2020
    )
    numbers = costs("fgd") + costs("sncr")
    world = boiler_world(tmp_path, [FGD, late], numbers)
    options = options_of(world)
    first = options.moves.set_index("measures")["first_year"]
    assert first.groupby(level=0).first().to_dict() == {
        ("fgd",): 2018,
        ("fgd", "sncr"): 2020,
        ("sncr",): 2020,
    }
    text = EVERY_POLLUTANT + "measures: {sncr: {first_year: 2021}, fgd: {first_year: 2019}}\n"
    never = options_of(world.under(text))
    assert never.moves["first_year"].to_list() == [2019]
    assert never.states.loc[never.states["source"] == 0, "measures"].to_list() == [(), ("fgd",)]
    without = EVERY_POLLUTANT + "measures: {sncr: {available: false}}\n"
    off = options_of(world.under(without))
    assert off.moves["measures"].to_list() == [("fgd",)]
    assert off.unused == ()


def test_no_retrofit_within_three_years_of_a_known_closure(tmp_path: Path) -> None:
    header = SOURCE_HEADER.replace("zone,", "zone,to_year,")
    rows = [
        coal_boiler(f"b{i}").replace("built_up,", f"built_up,{year},")
        for i, year in enumerate((2020, 2021, 2022, 2030))
    ]
    files = {f"{REGION}/boilers.csv": header + "\n".join(rows) + "\n"}
    free = measure("free", "NOx", fits_fuel="coal", fits_no_control="sncr", adds_controls="sncr")
    numbers = [*costs("fgd"), data("free", "variable_om", 1, "CNY/GJ", "activity")]
    options = options_of(boiler_world(tmp_path, [FGD, free], numbers, files=files))
    moves = options.moves.assign(source=options.states["source"].to_numpy()[options.moves["from_state"]])
    retrofits = moves[moves["overnight"] > 0].groupby("source")["last_year"].max()
    assert retrofits.to_dict() == {1: 2018, 2: 2019, 3: 2027}, (
        "three years before, so never where it closes in 2020"
    )
    assert sorted(moves.loc[moves["measures"] == ("free",), "source"].unique()) == [0, 1, 2, 3]


def test_closing_early_is_no_retrofit(tmp_path: Path) -> None:
    """A boiler that ends in 2020 may be closed in 2018, though that costs; nothing is fitted to it."""
    header = SOURCE_HEADER.replace("zone,", "zone,to_year,")
    row = coal_boiler("b1").replace("built_up,", "built_up,2020,")
    files = {f"{REGION}/boilers.csv": header + row + "\n"}
    options = options_of(boiler_world(tmp_path, [FGD, CLOSE], costs("fgd") + costs("close"), files=files))
    assert options.moves["measures"].to_list() == [("close",)]
    assert options.moves["overnight"].to_list() == [1e6]


def test_who_pays(tmp_path: Path) -> None:
    header = SOURCE_HEADER.replace("duty,", "duty,payer,")
    rows = [
        coal_boiler("b1").replace("heating,", "heating,,"),
        coal_boiler("b2").replace("heating,", "heating,county,"),
    ]
    files = {f"{REGION}/boilers.csv": header + "\n".join(rows) + "\n"}
    by_region = SNCR.replace("enterprise", "region")
    options = options_of(boiler_world(tmp_path, [FGD, by_region], costs("fgd") + costs("sncr"), files=files))
    moves = options.moves.assign(source=options.states["source"].to_numpy()[options.moves["from_state"]])
    payer = moves.set_index(["source", "measures"])["payer"].groupby(level=[0, 1]).first()
    assert payer.loc[0].to_dict() == {
        ("fgd",): "enterprise",
        ("sncr",): "region",
        ("fgd", "sncr"): "enterprise+region",
    }
    assert set(payer.loc[1]) == {"county"}
    assert options.outlays["payer"].to_list() == ["enterprise", "region", "county", "county"]


def test_a_new_source_is_paid_by_the_units_it_stands_for(tmp_path: Path) -> None:
    files = {
        f"{REGION}/growth.csv": GROWTH_HEADER + "g,boiler,,,,,,2020,1.5,2017,MADE_UP,E,no\n",
        f"{REGION}/new_build.csv": NEW_BUILD_HEADER + "boiler,,,coal,1,2,coal,grate,bag,MADE_UP,E,no\n",
    }
    numbers = [
        data("fgd", "capital", 100, "CNY/tph", "capacity"),
        data("fgd", "size_exponent", 0.5, "1"),
        data("fgd", "reference_capacity", 8, "tph"),
        data("fgd", "lifetime", 20, "yr"),
    ]
    options = options_of(boiler_world(tmp_path, [FGD], numbers, EVERY_POLLUTANT + "growth: g\n", files=files))
    new = options.moves.iloc[-1]
    # 50 000 GJ at 10 000 GJ per t/h: 5 t/h in units of 2 t/h, each at 100 x 2 x (2 / 8)^-0.5 CNY.
    assert (new["units"], new["capacity"]) == pytest.approx((2.5, 5))
    assert new["overnight"] == pytest.approx(2.5 * 400)


def test_book_value_is_lost_where_a_source_ends(tmp_path: Path) -> None:
    header = SOURCE_HEADER.replace("duty,", "duty,book_cny,")
    files = {f"{REGION}/boilers.csv": header + coal_boiler("b1").replace("heating,", "heating,7e6,") + "\n"}
    costly = EVERY_POLLUTANT + "measures: {close: {cost: 9}}\n"  # else closing beats the filter
    numbers = costs("fgd") + costs("close")
    options = options_of(boiler_world(tmp_path, [FGD, CLOSE], numbers, costly, files=files))
    lost = options.moves.groupby("measures")["book_lost"].max().to_dict()
    assert lost == {("close",): 7e6, ("fgd",): 0}


def test_projects(tmp_path: Path) -> None:
    rows = [
        "HEAT-1,Heat,供热,network_heat,net.150102,150102,2000,TJ/yr,180,MW,optional,2019,3e8,4e6,25,city",
        "GAS-1,Gas,供气,natural_gas,150100,150100,0.5,bcm/yr,200,10^4 m3/day,committed,2018,1e9,1e6,30,state",
        "RAIL-x-1,Siding,专用线,rail_freight,x,150200,3,Mt,,,existing,,,,,enterprise",
    ]
    files = {f"{REGION}/projects.csv": PROJECTS + "".join(f"{r},MADE_UP,E,no\n" for r in rows)}
    text = EVERY_POLLUTANT + "projects: {GAS-1: {capacity: 50 % of baseline}, HEAT-1: {first_year: 2020}}\n"
    world = boiler_world(tmp_path, [FGD], costs("fgd"), text, files=files)
    projects = options_of(world).projects.set_index("project")
    heat, gas, rail = projects.loc["HEAT-1"], projects.loc["GAS-1"], projects.loc["RAIL-x-1"]
    assert (heat["source"], heat["supply"]) == ("project.HEAT-1", 2e6)
    assert heat["loads"] == {"peak_heat": 180, "secured_heat": 180}
    assert (heat["city"], heat["county"], heat["within"]) == (
        "150100",
        "150102",
        {"150102", "150100", "150000"},
    )
    assert heat["annuity"] == pytest.approx(3e8 * 0.05 / (1 - 1.05**-25))
    assert (heat["first_year"], heat["fixed"], heat["overnight"]) == (2020, 4e6, 3e8)
    assert (gas["supply"], gas["loads"]) == (2.5e8, {"peak_gas": 1e6})
    assert (gas["overnight"], gas["annuity"], gas["fixed"]) == (0, 0, 0), "committed ones cost nothing more"
    assert (rail["supply"], rail["loads"], rail["first_year"]) == (3e6, {}, 2017)


@pytest.mark.parametrize(
    ("row", "text", "message"),
    [
        (
            "HEAT-1,Heat,供热,network_heat,net.150102,150102,2000,TJ/yr,,,optional,2019,3e8,4e6,,city",
            "",
            "lifetime: is missing; give the years",
        ),
        (
            "HEAT-1,Heat,供热,network_heat,net.150102,150102,2000,TJ/yr,,,optional,2019,3e8,4e6,25,city",
            "projects: {HEAT-2: {first_year: 2020}}\n",
            "projects.HEAT-2: 'HEAT-2' is not in projects.csv; did you mean 'HEAT-1'?",
        ),
    ],
)
def test_faults_of_projects(tmp_path: Path, row: str, text: str, message: str) -> None:
    files = {f"{REGION}/projects.csv": f"{PROJECTS}{row},MADE_UP,E,no\n"}
    world = boiler_world(tmp_path, [FGD], costs("fgd"), EVERY_POLLUTANT + text, files=files)
    with pytest.raises(InputError) as error:
        read_projects(world.tables, world.scenario)
    assert message in str(error.value)
