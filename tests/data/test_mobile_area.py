"""Vehicles, freight, machines, solvents, farms and area sources of Inner Mongolia, 2017 and 2020.

Control totals are asserted on the committed files, by routes other than those of the build scripts, and every
constructed file is built again and compared byte for byte.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from inputs.build import turnover
from inputs.build.rows import Row
from inputs.inner_mongolia.build import (
    area,
    fleet,
    freight,
    nonroad,
    solvents,
    sources_2015,
)
from inputs.inner_mongolia.build.region import REGION as BUILT

ROOT = Path(__file__).parents[2]
REGION = BUILT.root
REFERENCE = ROOT / "inputs" / "reference"


def load(path: Path) -> pd.DataFrame:
    """A table as text columns except the numbers that the tests need."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    for column in ("activity", "stock", "distance_km", "capacity", "factor", "year", "value", "low", "high"):
        if column in frame:
            frame[column] = pd.to_numeric(frame[column])
    return frame


YEARS = (2017, 2020)
NAMES = ("fleet", "freight", "nonroad", "solvents", "oil", "agriculture", "area_sources")
Tables = dict[str, pd.DataFrame]


def of_year(table: Tables, name: str, year: int) -> pd.DataFrame:
    """A table of sources of a year; of freight, what is on the road."""
    frame = table[name if year == 2017 else f"{name}_{year}"]
    return frame[frame["technology"] != "rail"] if name == "freight" else frame


@pytest.fixture(scope="module")
def table() -> Tables:
    """The committed tables by file name."""
    names = [*NAMES, *(f"{name}_2020" for name in NAMES), "observations", "sources_2015", "areas"]
    return {name: load(REGION / f"{name}.csv") for name in names}


@pytest.fixture(scope="module")
def observed(table: Tables) -> pd.DataFrame:
    """Observations by identifier."""
    return table["observations"].set_index("observation")


REBUILT = [
    (fleet.rows, "fleet"),
    (freight.rows, "freight"),
    (nonroad.rows, "nonroad"),
    (solvents.solvent_rows, "solvents"),
    (solvents.oil_rows, "oil"),
    (area.agriculture_rows, "agriculture"),
    (area.area_source_rows, "area_sources"),
    (sources_2015.rows, "sources_2015"),
    (lambda: fleet.rows(2020), "fleet_2020"),
    (lambda: freight.rows(2020), "freight_2020"),
    (lambda: nonroad.rows(2020), "nonroad_2020"),
    (lambda: solvents.solvent_rows(2020), "solvents_2020"),
    (lambda: solvents.oil_rows(2020), "oil_2020"),
    (lambda: area.agriculture_rows(2020), "agriculture_2020"),
    (lambda: area.area_source_rows(2020), "area_sources_2020"),
]


@pytest.mark.parametrize(("rows", "file"), REBUILT, ids=[file for _, file in REBUILT])
def test_sources_are_rebuilt_byte_for_byte(rows: Callable[[], list[Row]], file: str) -> None:
    assert BUILT.render(rows(), file).encode() == (REGION / f"{file}.csv").read_bytes()


def test_every_row_is_marked_as_constructed_and_rated_e(table: Tables) -> None:
    for year in YEARS:
        for name in NAMES:
            frame = of_year(table, name, year)
            assert set(frame["year"]) == {year}
            assert (frame["constructed"] == "yes").all()
            assert (frame["rating"] == "E").all()
            assert (frame["activity"] > 0).all()
            assert frame["source"].is_unique
            assert set(frame["area"]) <= set(table["areas"]["area"])


def test_what_still_is_keeps_its_identifier(table: Tables) -> None:
    """What is there in both years has one identifier, and little has come or gone."""
    for name in NAMES:
        old, new = (of_year(table, name, year).set_index("source") for year in YEARS)
        both = old.index.intersection(new.index)
        assert len(both) > 0.7 * len(old), name
        for column in ("class", "area", "zone", "fuel", "technology"):
            assert (old.loc[both, column] == new.loc[both, column]).all(), (name, column)


def within(observed: pd.DataFrame, observation: str, value: float) -> None:
    """A value lies in the range of an observation."""
    row = observed.loc[observation]
    low, high = (row["value"] if math.isnan(row[end]) else row[end] for end in ("low", "high"))
    assert low * 0.998 <= value <= high * 1.002, (observation, value)


def own_corridor_trucks(table: Tables, year: int) -> float:
    freight = of_year(table, "freight", year)
    return float(freight.loc[freight["outside_account"] != "yes", "stock"].sum())


@pytest.mark.parametrize("year", YEARS)
def test_vehicles_add_up_to_the_statistics(table: Tables, observed: pd.DataFrame, year: int) -> None:
    fleet = of_year(table, "fleet", year)
    corridor = own_corridor_trucks(table, year)
    within(observed, f"vehicles.{year}", fleet["stock"].sum() + corridor)
    by_class = fleet.groupby("class")["stock"].sum()
    within(observed, f"trucks.{year}", by_class["truck"] + corridor)
    within(observed, f"buses.{year}", by_class["bus"])
    heavy = fleet[(fleet["size"] == "heavy") & (fleet["technology"] != "NEV")]
    within(observed, f"heavy_trucks.{year}", heavy["stock"].sum() + corridor)
    private = observed.loc[f"private_cars.{year}", "value"]
    assert private <= by_class["car"] + by_class["truck"] + corridor <= 1.15 * private
    within(observed, f"new_energy_vehicles.{year}", fleet.loc[fleet["technology"] == "NEV", "stock"].sum())


@pytest.mark.parametrize("year", YEARS)
def test_stages_of_heavy_diesel_trucks(table: Tables, observed: pd.DataFrame, year: int) -> None:
    fleet = of_year(table, "fleet", year)
    heavy = fleet[(fleet["size"] == "heavy") & (fleet["fuel"] == "diesel")]
    share = 100 * heavy.groupby("technology")["stock"].sum() / heavy["stock"].sum()
    found = {
        "pre_iii": share.filter(["pre-China I", "China I", "China II"]).sum(),
        "iii": share["China III"],
        "iv": share["China IV"],
        "v": share["China V"],
    }
    for stage, value in found.items():
        within(observed, f"heavy_stage_{stage}.{year}", value)
        assert value == pytest.approx(observed.loc[f"heavy_stage_{stage}.{year}", "value"], abs=2.0)


@pytest.mark.parametrize("year", YEARS)
def test_truck_work_is_split_once(table: Tables, observed: pd.DataFrame, year: int) -> None:
    fleet, freight = of_year(table, "fleet", year), of_year(table, "freight", year)
    heavy = fleet[(fleet["size"] == "heavy") & (fleet["technology"] != "NEV")]
    km = (heavy["activity"].sum() + freight["activity"].sum() / 15.5) / 1e9
    within(observed, f"heavy_truck_km.{year}", km)
    assert km == pytest.approx(observed.loc[f"heavy_truck_km.{year}", "value"], rel=0.03)


@pytest.mark.parametrize("year", YEARS)
def test_corridors_hold_what_the_practice_names(table: Tables, observed: pd.DataFrame, year: int) -> None:
    freight = of_year(table, "freight", year)
    assert 18 <= freight["corridor"].nunique() <= 28
    mt = (freight["activity"] / freight["distance_km"] / 1e6).groupby(freight["corridor"]).sum()
    within(observed, f"ganqimaodu.{year}", mt["ganqimaodu_bayannur"] + mt["ganqimaodu_baotou"])
    within(observed, f"ceke.{year}", mt["ceke_wuhai"] + mt["ceke_station"])
    within(observed, f"mandula.{year}", mt["mandula_baotou"])
    for corridor in ("erenhot_ulanqab", "ordos_bohai", "huolinhe_alumina", "ordos_power", "wuhai_hebei"):
        assert mt[corridor] > 0
    bands = pd.cut(freight["distance_km"], [0, 50, 150, 300, 500, 2000]).nunique()
    assert bands == 5
    haul = freight[(freight["direction"] == "out") & (freight["commodity"] == "coal")]
    for name, km in (("coal_out", 0), ("coal_out_far", 500)):
        far = haul[haul["distance_km"] > km]
        road = (far["activity"] / far["distance_km"]).sum() / 1e6
        rail = 100 * (1 - road / observed.loc[f"{name}.{year}", "value"])
        within(observed, f"{name}_rail_share.{year}", rail)


def test_mine_to_washery_hauls_are_the_most_tonnes_and_can_only_take_belts(table: Tables) -> None:
    freight = of_year(table, "freight", 2017)
    freight = freight[freight["outside_account"] != "yes"]
    mt = (freight["activity"] / freight["distance_km"]).groupby(freight["corridor"]).sum()
    assert list(mt.nlargest(2).index) == ["ordos_pit_washery", "ordos_washery_station"]
    short = freight[freight["corridor"].isin(mt.nlargest(2).index)]
    assert short["distance_km"].between(20, 60).all()
    assert set(short["tranche"]) == {"belt", "road_only"}


@pytest.mark.parametrize("year", YEARS)
def test_what_leaves_by_rail_and_by_road_is_what_leaves(
    table: Tables, observed: pd.DataFrame, year: int
) -> None:
    """Coal by road and rail adds up to the coal sent out; so does coke."""
    freight = table["freight" if year == 2017 else f"freight_{year}"].query("direction == 'out'")
    freight = freight.assign(mt=freight["activity"] / freight["distance_km"] / 1e6)
    coal = freight[freight["commodity"] == "coal"]
    assert coal["mt"].sum() == pytest.approx(observed.loc[f"coal_out.{year}", "value"], rel=1e-3)
    far = coal[coal["distance_km"] > 500]
    assert far["mt"].sum() == pytest.approx(observed.loc[f"coal_out_far.{year}", "value"], rel=1e-3)
    rail = far.loc[far["technology"] == "rail", "mt"].sum() / far["mt"].sum()
    within(observed, f"coal_out_far_rail_share.{year}", 100 * rail)
    coke = freight[freight["commodity"] == "coke"]
    assert coke["mt"].sum() == pytest.approx(observed.loc[f"coke_out.{year}", "value"], rel=1e-3)


def test_every_step_of_a_corridor_has_its_measure_and_rising_cost(table: Tables) -> None:
    """Spare siding, new siding, containers, truck legs at both ends: handling costs more with each step."""
    measures = pd.read_csv(REFERENCE / "measures.csv")
    measures = measures[measures["fits_class"] == "freight"].dropna(subset=["fits_where"])
    of_step = measures.set_index(measures["fits_where"].str.removeprefix("tranche="))["measure"]
    for year in YEARS:
        steps = set(of_year(table, "freight", year)["tranche"])
        assert steps == {*of_step.index, "road_only"}
    data = pd.read_csv(REFERENCE / "measure_data.csv")
    handling = data[data["item"] == "variable_om"].set_index("measure")["value"]
    order = ["siding_spare", "siding_new", "container", "transfer"]
    assert handling[of_step[order]].is_monotonic_increasing


def test_rail_projects_can_carry_what_the_rail_steps_hold(table: Tables) -> None:
    projects = load(REGION / "projects.csv").query("supplies == 'rail_freight'")
    freight = of_year(table, "freight", 2017)
    rail = freight[~freight["tranche"].isin(["belt", "transfer", "road_only"])]
    need = (rail["activity"] / rail["distance_km"]).groupby(rail["corridor"]).sum()
    supply = projects.groupby("serves")["capacity"].sum()
    rail_corridors = need.index.intersection(supply.index)
    assert len(rail_corridors) >= 18
    assert (supply[rail_corridors] >= 0.75 * need[rail_corridors]).all()
    capital = pd.to_numeric(projects["capital_cny"]).dropna()
    assert capital.between(0.1e9, 1.2e9).all()


@pytest.mark.parametrize("year", YEARS)
def test_machines_rail_and_aircraft(table: Tables, observed: pd.DataFrame, year: int) -> None:
    nonroad = of_year(table, "nonroad", year)
    built = nonroad[nonroad["machine"].isin(["construction", "forklift"])]
    within(observed, f"construction_machines.{year}", built["stock"].sum())
    old = built["technology"].isin(["pre-stage I", "stage I"])
    within(observed, f"old_machines.{year}", 100 * built.loc[old, "stock"].sum() / built["stock"].sum())
    assert (nonroad.loc[nonroad["machine"] == "mine_dumper", "outside_account"] == "yes").all()
    by_class = nonroad.groupby("class")["activity"].sum()
    assert by_class["rail"] / 1000 == pytest.approx(observed.loc[f"rail_diesel.{year}", "value"], rel=1e-4)
    assert by_class["aviation"] == pytest.approx(observed.loc[f"aircraft.{year}", "value"], rel=1e-4)
    farm = nonroad.loc[nonroad["machine"] == "farm", "activity"].sum() * 1e6  # g of diesel
    hours = farm / 240 / 0.45 / (observed.loc[f"farm_power.{year}", "value"] * 1000)
    assert 250 <= hours <= 350


@pytest.mark.parametrize("year", YEARS)
def test_straw_livestock_and_solvents(table: Tables, observed: pd.DataFrame, year: int) -> None:
    def value(name: str) -> float:
        return float(observed.loc[f"{name}.{year}", "value"])

    straw = of_year(table, "area_sources", year).query("`class` == 'straw_burning'")
    used = value("straw_used") / value("straw_collectable")
    assert pd.to_numeric(straw["straw_used_share"]).iloc[0] == pytest.approx(used, abs=5e-4)
    unused = value("straw_collectable") - value("straw_used")
    assert 0.3 * unused <= straw["activity"].sum() / 1e6 <= 0.5 * unused
    farms = of_year(table, "agriculture", year)
    heads = farms.query("`class` == 'livestock'").groupby("technology")["activity"].sum()
    for name, kinds in {"cattle": ["dairy", "beef"], "sheep": ["sheep"], "pigs": ["pig", "sow"]}.items():
        within(observed, f"{name}.{year}", heads[kinds].sum())
    within(observed, f"nitrogen.{year}", farms.query("`class` == 'fertiliser'")["activity"].sum() / 1e6)
    paint = of_year(table, "solvents", year).groupby("class")["activity"].sum() / 1000
    names = {"architectural": "architectural_coating", "industrial": "industrial_coating"}
    for name, kind in (names | {"ink": "printing_ink", "adhesive": "adhesive"}).items():
        within(observed, f"paint_{name}.{year}", paint[kind])


def test_what_2019_and_2020_published_holds_in_the_tables_of_2020(
    table: Tables, observed: pd.DataFrame
) -> None:
    """Dairy cows of the communique; straw and sweeping beyond the 85.91 and 61.5 % of 2019."""
    cows = table["agriculture_2020"].query("technology == 'dairy'")["activity"].sum()
    assert cows == pytest.approx(observed.loc["dairy_cows.2020", "value"], rel=1e-4)
    straw = pd.to_numeric(table["area_sources_2020"]["straw_used_share"]).dropna()
    assert (100 * straw > observed.loc["straw_used_share.2019", "value"]).all()
    roads = table["area_sources_2020"].query("`class` == 'road_dust' and zone != 'rural'")
    swept = (roads["activity"] * pd.to_numeric(roads["sweeping_share"])).sum() / roads["activity"].sum()
    assert observed.loc["sweeping.2019", "value"] < 100 * swept < 70


def test_solvent_gives_way_and_vapour_is_recovered(table: Tables) -> None:
    def share(frame: pd.DataFrame, name: str, column: str, value: str) -> float:
        rows = frame[frame["class"] == name]
        return float(rows.loc[rows[column] == value, "activity"].sum() / rows["activity"].sum())

    for kind in ("industrial_coating", "printing_ink", "architectural_coating", "car_repair", "adhesive"):
        old, new = (share(of_year(table, "solvents", y), kind, "technology", "solvent_based") for y in YEARS)
        assert new < old, kind
    for kind in ("oil_depot", "tanker", "filling_station"):
        old, new = (share(of_year(table, "oil", y), kind, "controls", "") for y in YEARS)
        assert new < old, kind


def test_key_industry_yards_can_be_named(table: Tables) -> None:
    yards = table["area_sources"].query("`class` == 'yard_dust'")
    assert set(yards["commodity"]) == {"powder", "lump", "coal"}
    assert set(yards["technology"]) == {"open", "wind_fence", "enclosed"}


def test_survival_and_stage_shares_by_hand() -> None:
    """Two cohorts, median age 2 years, shape 1: S = 0.5 ** (age / 2)."""
    stages = {1995: {"China III": 1.0}, 2017: {"China III": 0.25, "China V": 0.75}}
    sales = dict.fromkeys(range(2003, 2016), 0.0) | {2016: 8.0, 2017: 4.0}
    kind = turnover.Fleet(sales, stages, median=2.0, shape=1.0)
    old, new = 8 * 0.5 ** (1.5 / 2), 4 * 0.5 ** (0.5 / 2)
    found = turnover.stocks(kind, {2018: 1.0})
    assert found[2017]["China V"][0] == pytest.approx(0.75 * new / (old + new))
    left = (8 * 0.5 ** (2.5 / 2) + 4 * 0.5 ** (1.5 / 2)) / (old + new)
    v = (0.75 * 4 * 0.5 ** (1.5 / 2)) / (old + new) + 0.75 * (1 - left)
    assert found[2018]["China V"][0] == pytest.approx(v)
    assert sum(stock for stock, _ in found[2018].values()) == pytest.approx(1.0)


def test_census_shares_add_up_to_the_account(observed: pd.DataFrame) -> None:
    for pollutant in ("SO2", "NOx", "VOCs"):
        parts = observed[observed.index.str.startswith(f"census_share.{pollutant}.")]
        total = observed.loc[f"official.2017.census.{pollutant}", "value"]
        assert parts["value"].sum() == pytest.approx(total, rel=1e-6)
        listed = "|".join(parts["where"].str.removeprefix("class=")).split("|")
        assert len(listed) == len(set(listed))


def test_sources_of_2015_are_documentation_by_league(table: Tables) -> None:
    frame = table["sources_2015"]
    assert set(frame["year"]) == {2015}
    assert frame["area"].str.endswith("00").all()
    power = frame.loc[frame["class"] == "power_unit", "activity"].sum()
    assert power / 1e6 == pytest.approx(326.9, rel=1e-4)
    steel = frame.loc[frame["class"] == "steel_plant", "activity"].sum()
    assert steel / 1e6 == pytest.approx(17.35, rel=0.02)


FACTS = "area corridors farms growth machines new_energy oil rail solvents vehicles weights yards"


@pytest.mark.parametrize("name", FACTS.split())
def test_every_fact_has_a_citation_that_is_listed(name: str) -> None:
    known = set(pd.read_csv(REFERENCE / "citations.csv")["citation"])
    facts = pd.read_csv(REGION / "build" / f"facts_{name}.csv")
    assert set(facts["citation"]) <= known
