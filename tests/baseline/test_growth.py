"""Growth and what is built anew, against numbers worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.base.faults import InputError
from tests.baseline.world import GROWTH_HEADER, NEW_BUILD_HEADER, boilers, coal_boiler, make_world
from tests.small_inputs import REGION, SOURCE_HEADER

GROWTH = f"{REGION}/growth.csv"
NEW_BUILD = f"{REGION}/new_build.csv"
BREAKS = f"{REGION}/breaks.csv"


def _growth(*rows: str) -> dict[str, str]:
    return {GROWTH: GROWTH_HEADER + "".join(f"{row},MADE_UP,E,no\n" for row in rows)}


def _new_build(*rows: str) -> dict[str, str]:
    return {NEW_BUILD: NEW_BUILD_HEADER + "".join(f"{row},MADE_UP,E,no\n" for row in rows)}


def _faults(folder: Path, scenario: str, files: dict[str, str]) -> str:
    world = make_world(folder, scenario, files)
    with pytest.raises(InputError) as error:
        world.baseline("frozen")
    return str(error.value)


def test_the_most_specific_row_wins_and_years_between_are_interpolated(tmp_path: Path) -> None:
    files = _growth(
        "g,truck,,,,,,2018,0.9,2017",
        "g,truck,,,,,,2020,0.7,2017",
        "g,truck,diesel,China III,,,,2018,0.5,2017",
        "g,truck,diesel,China III,,,,2020,0,2017",
    )
    activity = make_world(tmp_path, "growth: g\n", files).baseline("frozen").inventory.activity
    # t1 is China III: 5e6 km; t2 is China IV: 8e6 km. 2019 lies half way.
    assert activity.sel(source="t1").to_numpy() == pytest.approx([5e6, 2.5e6, 1.25e6, 0])
    assert activity.sel(source="t2").to_numpy() == pytest.approx([8e6, 7.2e6, 6.4e6, 5.6e6])
    assert activity.sel(source="h1").to_numpy() == pytest.approx([60_000] * 4)


def test_growth_written_in_the_scenario(tmp_path: Path) -> None:
    world = make_world(tmp_path, "growth: {residential_coal: {2020: 0.7}}\n")
    activity = world.baseline("frozen").inventory.activity.sel(source="h1").to_numpy()
    assert activity == pytest.approx([60_000, 54_000, 48_000, 42_000])


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["other,truck,,,,,,2020,1,2017"], "toy.yaml, growth: 'g' is not in growth.csv; known: other"),
        (
            ["g,truck,,,,,,2020,1,2015"],
            "toy.yaml, growth: 'g' has no row of base year 2017, the start year",
        ),
        (
            ["g,truck,,,,,,2019,1,2017"],
            "toy/growth.csv, row 2, year: growth ends in 2019, the scenario runs to 2020; give the factor",
        ),
        (
            ["g,truck,diesel,,,,,2020,1,2017", "g,truck,,China III,,,,2020,1,2017"],
            "fits 'truck, diesel, China III",
        ),
    ],
)
def test_faults_of_growth(tmp_path: Path, rows: list[str], message: str) -> None:
    assert message in _faults(tmp_path, "growth: g\n", _growth(*rows))


def test_growth_never_crosses_a_break(tmp_path: Path) -> None:
    files = _growth("g,truck,,,,,,2020,1.1,2017")
    files[BREAKS] = (
        "series,year,factor,about,citation,rating,constructed\n"
        "truck,2019,0.7,road freight surveyed anew,MADE_UP,E,no\n"
        "boiler,2019,0.7,another series,MADE_UP,E,no\n"
    )
    assert _faults(tmp_path, "growth: g\n", files) == (
        "toy/growth.csv, row 2, base_year: '2017' growth to 2020 crosses the break of 2019: road freight "
        "surveyed anew; give growth within one series"
    )


def test_growth_beyond_the_start_is_built_anew(tmp_path: Path) -> None:
    files = boilers(
        coal_boiler("b1", activity=100_000, capacity=10),
        coal_boiler("b2", activity=300_000, capacity=30, area="150121"),
        coal_boiler("b3", activity=50_000, capacity=10, zone="park", area="150200"),
    )
    files |= _growth("g,boiler,,,,,,2020,1.3,2017")
    files |= _new_build(
        "boiler,,,coal,0.6,35,coal,grate,bag+fgd_wet", "boiler,,park,gas,0.4,20,natural_gas,gas_boiler,"
    )
    world = make_world(tmp_path, "growth: g\n", files)
    inventory = world.baseline("frozen").inventory
    activity = inventory.activity.to_pandas()
    for source, carried in (("b1", 100_000), ("b2", 300_000), ("b3", 50_000)):
        assert activity.loc[source].to_numpy() == pytest.approx([carried] * 4)
    # 2020: 30 % of 400 000 GJ in the built-up area of Alpha, of 50 000 GJ in a park of Beta; gas in parks.
    new = [source for source in activity.index if source.startswith("new.")]
    assert activity.loc[new, 2020].to_dict() == pytest.approx(
        {
            "new.boiler.150100.city_built_up.coal": 72_000,
            "new.boiler.150100.park.gas": 48_000,
            "new.boiler.150200.park.coal": 9_000,
            "new.boiler.150200.park.gas": 6_000,
        }
    )
    assert activity.loc[new, 2017].to_numpy() == pytest.approx([0] * 4)
    assert activity.loc["new.boiler.150100.city_built_up.coal", 2018] == pytest.approx(24_000)

    row = inventory.sources.loc["new.boiler.150100.city_built_up.coal"]
    assert (row["vintage"], row["divisible"], row["zone"], row["city"]) == (
        "new",
        True,
        "city_built_up",
        "150100",
    )
    assert row["controls"] == ("bag", "fgd_wet")
    assert row["area"] == {"150000", "150100"}, "the county is not known: b1 and b2 stand in two"
    # Existing boilers give 450 000 GJ from 50 t/h, 9 000 GJ per t/h; a unit has 35 t/h.
    assert row["units"] == pytest.approx(72_000 / (35 * 9_000))
    assert row["capacity_tph"] == 35
    assert row["sulphur_pct"] == pytest.approx(0.8)
    gas = inventory.sources.loc["new.boiler.150100.park.gas"]
    assert gas["fuel_group"] == "gas"
    assert gas["name"] == "Alpha new boiler, 20 tph, natural gas, park"
    assert gas["name_zh"].endswith("（20蒸吨/小时，天然气，园区）")
    assert inventory.factor.sel(source=gas.name, year=2020, pollutant="NOx") == pytest.approx(
        1.8e-6 / 0.036 * 1.1
    ), "1.8 g/m3 over 0.036 GJ/m3, 1.1 GJ per GJ of heat"


def test_capacity_with_room_carries_growth_first(tmp_path: Path) -> None:
    header = SOURCE_HEADER.replace("duty,", "duty,full_load_hours,")
    # 10 t/h is 7 MW; 5 000 hours are 126 000 GJ.
    row = coal_boiler("b1", activity=100_000).replace("heating,", "heating,5000,")
    files = {f"{REGION}/boilers.csv": header + row + "\n"}
    files |= _growth("g,boiler,,,,,,2018,1.2,2017", "g,boiler,,,,,,2020,1.4,2017")
    files |= _new_build("boiler,,,coal,1,35,coal,grate,bag")
    activity = make_world(tmp_path, "growth: g\n", files).baseline("frozen").inventory.activity
    assert activity.sel(source="b1").to_numpy() == pytest.approx([100_000, 120_000, 126_000, 126_000])
    new = activity.sel(source="new.boiler.150100.city_built_up.coal").to_numpy()
    assert new == pytest.approx([0, 0, 4_000, 14_000])


def test_duties_have_their_own_new_sources(tmp_path: Path) -> None:
    files = boilers(coal_boiler("b1"), coal_boiler("b2", duty="process", activity=40_000))
    files |= _growth("g,boiler,,,,,,2020,1.1,2017")
    files |= _new_build(
        "boiler,heating,,heat_only,1,40,coal,grate,bag", "boiler,,,steam,1,20,natural_gas,gas_boiler,"
    )
    inventory = make_world(tmp_path, "growth: g\n", files).baseline("frozen").inventory
    new = inventory.activity.sel(year=2020).to_pandas().filter(like="new.")
    assert new.to_dict() == pytest.approx(
        {
            "new.boiler.150100.city_built_up.heat_only": 10_000,
            "new.boiler.150100.city_built_up.steam": 4_000,
        }
    )
    assert inventory.sources.loc[new.index, "duty"].to_list() == ["heating", "process"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            ["power_unit,,,a,1,600,coal,pc,"],
            "no row for class boiler (duty heating), which grows; say what would be built",
        ),
        (["boiler,,,a,0.5,10,coal,grate,"], "shares of class boiler add up to 0.5; make them 1"),
        (
            ["boiler,heating,,a,1,10,coal,grate,", "boiler,,,a,1,10,coal,grate,"],
            "label: 'a' is used for two duties of class boiler; give it another label",
        ),
    ],
)
def test_faults_of_new_build(tmp_path: Path, rows: list[str], message: str) -> None:
    files = boilers(coal_boiler()) | _growth("g,boiler,,,,,,2020,1.1,2017") | _new_build(*rows)
    assert message in _faults(tmp_path, "growth: g\n", files)


def test_no_activity_outside_the_years_of_service(tmp_path: Path) -> None:
    header = SOURCE_HEADER.replace("zone,", "zone,from_year,to_year,")
    rows = [
        coal_boiler("b1").replace("built_up,", "built_up,,2018,"),
        coal_boiler("b2").replace("built_up,", "built_up,2019,,"),
    ]
    files = {f"{REGION}/boilers.csv": header + "\n".join(rows) + "\n"}
    activity = make_world(tmp_path, "", files).baseline("frozen").inventory.activity
    assert activity.sel(source="b1").to_numpy() == pytest.approx([100_000, 100_000, 0, 0])
    assert activity.sel(source="b2").to_numpy() == pytest.approx([0, 0, 100_000, 100_000])


def test_only_what_is_in_service_grows(tmp_path: Path) -> None:
    """A half more each year: of b1 until it closes after 2018, of b2 from 2019 on."""
    header = SOURCE_HEADER.replace("zone,", "zone,from_year,to_year,")
    rows = [
        coal_boiler("b1", activity=40_000).replace("built_up,", "built_up,,2018,"),
        coal_boiler("b2").replace("built_up,", "built_up,2019,,"),
    ]
    files = {
        f"{REGION}/boilers.csv": header + "\n".join(rows) + "\n",
        **_growth("g,boiler,,,,,,2018,1.5,2017", "g,boiler,,,,,,2020,1.5,2017"),
        **_new_build("boiler,,,coal,1,10,coal,grate,bag"),
    }
    inventory = make_world(tmp_path, "growth: g\n", files).baseline("frozen").inventory
    new = [s for s in inventory.sources.index if s.startswith("new.")]
    assert inventory.activity.sel(source=new).sum("source").to_numpy() == pytest.approx(
        [0, 20_000, 50_000, 50_000]
    )
