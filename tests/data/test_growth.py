"""Growth of Inner Mongolia: as planned in 2018, as it happened, and the outlook to 2028; breaks; turnover."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from inputs.build import machines, turnover
from inputs.inner_mongolia.build import growth, growth_facts
from inputs.inner_mongolia.build.region import REGION
from inputs.inner_mongolia.build.segments import segments

SPAN = {"as_planned_2018": (2017, 2020), "as_happened": (2017, 2020), "outlook_14fyp": (2020, 2028)}
NAMES = tuple(SPAN)


def suffix(base: int) -> str:
    return "" if base == 2017 else f"_{base}"


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """growth.csv with empty keys as empty text."""
    keys = ["fuel", "technology", "size", "duty"]
    return pd.read_csv(REGION.root / "growth.csv").fillna(dict.fromkeys(keys, ""))


def classes_of(path: Path) -> set[str]:
    """Classes of a table of sources; none of another table."""
    frame = pd.read_csv(path, low_memory=False)
    return set(frame["class"]) if "source" in frame else set()


def test_growth_is_rebuilt_byte_for_byte() -> None:
    assert REGION.render(growth.rows(), "growth").encode() == (REGION.root / "growth.csv").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_growth_covers_every_class_and_year(table: pd.DataFrame, name: str) -> None:
    base, last = SPAN[name]
    rows = table[table["growth"] == name]
    assert set(rows["base_year"]) == {base}
    classes = {kind for path in REGION.root.glob("*.csv") for kind in classes_of(path)}
    for year in range(base + 1, last + 1):
        assert set(rows.loc[rows["year"] == year, "class"]) >= classes


@pytest.mark.parametrize("name", NAMES)
def test_every_factor_is_cited_and_rated_by_its_access(table: pd.DataFrame, name: str) -> None:
    citations = pd.read_csv(REGION.root.parent / "reference" / "citations.csv").set_index("citation")
    rows = table[table["growth"] == name]
    access = citations.loc[rows["citation"], "access"].to_numpy()
    assert (rows["rating"] == pd.Series(access).map(growth.RATING).to_numpy()).all()
    assert (rows["citation"] != "own_estimate").any() or name == "as_planned_2018"


@pytest.mark.parametrize(
    ("name", "total"),
    [("as_planned_2018", 1.15), ("as_happened", 1.262 * 0.75), ("outlook_14fyp", 0.95)],
)
def test_stages_of_a_segment_follow_its_stock(table: pd.DataFrame, name: str, total: float) -> None:
    """Kilometres of heavy diesel trucks over the base year = growth of stock x growth of km a truck."""
    base, last = SPAN[name]
    rows = table[(table["growth"] == name) & (table["class"] == "truck") & (table["year"] == last)]
    rows = rows[(rows["fuel"] == "diesel") & (rows["size"] == "heavy")].set_index("technology")["factor"]
    fleet = pd.read_csv(REGION.root / f"fleet{suffix(base)}.csv")
    heavy = fleet[(fleet["size"] == "heavy") & (fleet["fuel"] == "diesel")]
    km = heavy.groupby("technology")["activity"].sum()
    assert (km * rows[km.index]).sum() / km.sum() == pytest.approx(total, rel=2e-3)


@pytest.mark.parametrize("name", NAMES)
def test_corridors_follow_the_goods(table: pd.DataFrame, name: str) -> None:
    """Whatever the trucks, the tonne-km of each fuel grow as the goods do."""
    base, last = SPAN[name]
    rows = table[(table["growth"] == name) & (table["class"] == "freight") & (table["year"] == last)]
    goods = rows.loc[rows["technology"] == "", "factor"].item()
    factor = rows[rows["technology"] != ""].set_index(["fuel", "technology"])["factor"]
    freight = pd.read_csv(REGION.root / f"freight{suffix(base)}.csv").query("technology != 'rail'")
    tkm = freight.groupby(["fuel", "technology"])["activity"].sum()
    moved = (tkm * factor.reindex(tkm.index)).groupby("fuel").sum() / tkm.groupby("fuel").sum()
    assert moved.to_numpy() == pytest.approx(goods, rel=1e-3)


@pytest.mark.parametrize("name", NAMES)
def test_machines_keep_their_work_when_stages_turn_over(table: pd.DataFrame, name: str) -> None:
    base, last = SPAN[name]
    rows = table[(table["growth"] == name) & (table["class"] == "nonroad") & (table["year"] == last)]
    general = rows.loc[rows["technology"] == "", "factor"].item()
    nonroad = pd.read_csv(REGION.root / f"nonroad{suffix(base)}.csv").query("`class` == 'nonroad'")
    factor = rows[rows["technology"] != ""].set_index(["technology", "size"])["factor"]
    keys = zip(nonroad["technology"], nonroad["size"], strict=True)
    moved = nonroad["activity"] * factor.reindex(keys).to_numpy()
    ratio = moved.groupby(nonroad["machine"]).sum() / nonroad["activity"].groupby(nonroad["machine"]).sum()
    assert ratio.to_numpy() == pytest.approx(general, rel=1e-4)


def test_machine_turnover_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half the old work leaves in a year; all work grows by a tenth; new machines are of the stage sold."""
    monkeypatch.setattr(machines, "LEAVING", {"stage II": 0.5, "stage III": 0.0, "stage IV": 0.0})
    shares = {"stage II": 0.6, "stage III": 0.4, "stage IV": 0.001}
    found = machines.work_by_stage(shares, 2021, {2022: 1.1, 2023: 1.21})
    assert found["stage II"] == pytest.approx({2022: 0.5, 2023: 0.25})
    assert found["stage III"][2022] == pytest.approx((1.1 * 1.001 - 0.3 - 0.001) / 0.4)
    third = 1.21 * 1.001 - 0.15 - (1.1 * 1.001 - 0.3 - 0.001)
    assert found["stage IV"][2023] == pytest.approx(third / 0.001)


def test_a_fleet_that_has_advanced_goes_on_as_it_would_have() -> None:
    kind = turnover.Fleet(
        {2010: 5.0, 2016: 8.0, 2017: 4.0}
        | dict.fromkeys(range(2011, 2016), 1.0)
        | dict.fromkeys(range(1995, 2010), 0.0),
        {1995: {"China III": 1.0}, 2018: {"China V": 1.0}, 2019: {"China VI": 1.0}},
        median=6.0,
    )
    path = {2018: 1.1, 2019: 1.3}
    whole = turnover.stocks(kind, path | {2020: 1.2})
    later = turnover.stocks(turnover.advanced(kind, path), {2020: 1.2 / 1.3})
    for stage, (stock, _) in whole[2020].items():
        assert later[2020][stage][0] * 1.3 == pytest.approx(stock)
    assert later[2019]["China VI"][0] * 1.3 == pytest.approx(whole[2019]["China VI"][0])


def test_the_fleet_of_2020_is_that_of_2017_as_it_happened() -> None:
    for old, new in zip(segments(2017), segments(2020), strict=True):
        grown = old.stock_path("as_happened")
        assert new.stock == pytest.approx(old.stock * grown[2020])
        shares = turnover.stocks(old.fleet, grown)[2020]
        total = sum(stock for stock, _ in shares.values())
        for stage, (stock, _) in turnover.stocks(new.fleet, {})[2020].items():
            assert stock == pytest.approx(shares[stage][0] / total, abs=1e-9)


def test_china_vi_and_new_energy_trucks_in_2025_by_turnover_alone() -> None:
    """The 40 % of the plan of 2024 lies inside what turnover does alone (34 to 46 %, recalled)."""
    trucks = [s for s in segments(2020) if s.kind == "truck"]
    clean, total = 0.0, 0.0
    for segment in trucks:
        stages = turnover.stocks(segment.fleet, segment.stock_path("outlook_14fyp"))[2025]
        clean += segment.stock * stages["China VI"][0]
        total += segment.stock * sum(stock for stock, _ in stages.values())
    fleet = pd.read_csv(REGION.root / "fleet_2020.csv").query("`class` == 'truck' and technology == 'NEV'")
    new_energy, _ = growth_facts.path("outlook_14fyp", "truck", "new_energy", quantity="stock")
    electric = fleet["stock"].sum() * new_energy[2025]
    REGION.check_range("clean_trucks.2025", 100 * (clean + electric) / (total + electric))


def test_growth_between_two_given_years_is_geometric(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pd.DataFrame(
        {
            "growth": "outlook_14fyp",
            "class": "food",
            "kind": "",
            "duty": "",
            "quantity": "activity",
            "year": [2022, 2028],
            "factor": [1.21, 1.21],
            "citation": ["own_estimate", "CREA_NBS"],
        }
    )
    monkeypatch.setattr(growth_facts, "facts", lambda: rows)
    found, cited = growth_facts.path("outlook_14fyp", "food")
    assert found[2021] == pytest.approx(1.1)
    assert found[2025] == pytest.approx(1.21)
    assert cited == "CREA_NBS"
    monkeypatch.setattr(growth_facts, "facts", lambda: rows.iloc[:1])
    with pytest.raises(ValueError, match="ends in 2022"):
        growth_facts.path("outlook_14fyp", "food")


def test_growth_crosses_no_break(monkeypatch: pytest.MonkeyPatch) -> None:
    """As shipped none does; a factor of road freight from the renewed survey would be caught."""
    growth_facts.check()
    crossing = growth_facts.facts().query("`class` == 'freight' and growth == 'as_happened'")
    crossing = crossing.assign(series="road_freight_tkm", factor=0.68)
    monkeypatch.setattr(growth_facts, "facts", lambda: crossing)
    with pytest.raises(AssertionError, match="road_freight_tkm"):
        growth_facts.check()


def test_every_factor_from_a_published_series_names_it() -> None:
    facts = growth_facts.facts()
    published = facts[~facts["citation"].isin(["own_estimate", "NEV_PLAN_2035", "IM_DUAL_CONTROL_2021"])]
    unnamed = published[(published["series"] == "") & (published["class"] != "livestock")]
    assert unnamed.empty, unnamed.to_string()


def test_breaks_hold_what_planning_practice_names() -> None:
    series = set(pd.read_csv(REGION.root / "breaks.csv")["series"])
    named = {"cement", "gdp", "road_freight_tkm", "coal_of_transport", "particulate_matter"}
    assert series >= named | {"emission_statistics", "truck_km", "voc_statistics"}


def test_outlook_makes_the_thermal_power_it_says(table: pd.DataFrame) -> None:
    """Units of 2020 and later times their factor: 1.17 of 2020 in 2025."""
    units = pd.read_csv(REGION.root / "power_units_2020.csv", low_memory=False)
    rows = table.query("growth == 'outlook_14fyp' and `class` == 'power_unit'").set_index("year")["factor"]

    def running(year: int) -> float:
        there = (units["from_year"].fillna(0) <= year) & (units["to_year"].fillna(9999) >= year)
        return float(units.loc[there, "activity"].sum())

    for year, total in ((2023, 1.11), (2025, 1.17), (2028, 1.15)):
        assert running(year) * rows[year] == pytest.approx(total * running(2020), rel=1e-4)


POLICY = {"scattered_enterprise", "commercial_stove", "residential_coal", "straw_burning", "coal_fire"}
"""Classes whose activity of 2020 is what the plan of 2018 left of them; growth is before the plan."""


def totals(year: int) -> pd.Series:
    """Activity of every class in a year, of what is in service."""
    frames = []
    for path in REGION.root.glob("*.csv"):
        name = path.stem.removesuffix("_2020")
        frame = pd.read_csv(path, low_memory=False)
        if "source" in frame and path.stem == f"{name}{suffix(year)}" and name != "sources_2015":
            first = frame.get("from_year", pd.Series(0.0, index=frame.index)).fillna(0)
            last = frame.get("to_year", pd.Series(9999.0, index=frame.index)).fillna(9999)
            frames.append(frame[(first <= year) & (last >= year)])
    every = pd.concat(frames, ignore_index=True)
    return every.groupby("class")["activity"].sum()


def test_tables_of_2020_are_those_of_2017_as_it_happened(table: pd.DataFrame) -> None:
    """Class by class within 7 %, trucks and corridors apart: a break of their survey lies between."""
    old, new = totals(2017), totals(2020)
    rows = table[(table["growth"] == "as_happened") & (table["year"] == 2020)]
    keys = ["fuel", "technology", "size", "duty"]
    whole = rows[(rows[keys] == "").all(axis=1)].set_index("class")["factor"]
    for kind in old.index.intersection(whole.index).difference([*POLICY, "power_unit", "freight"]):
        assert new[kind] / old[kind] == pytest.approx(whole[kind], rel=0.07), kind
    fleet = pd.read_csv(REGION.root / "fleet.csv").fillna({"size": ""})
    for kind in ("car", "bus", "motorcycle", "low_speed_truck"):
        of_kind = fleet[(fleet["class"] == kind) & (fleet["technology"] != "NEV")]
        stages = rows[(rows["class"] == kind) & (rows["technology"] != "")]
        factor = stages.set_index(["fuel", "technology"])["factor"]
        grown = (
            of_kind["activity"]
            * factor.reindex(pd.MultiIndex.from_frame(of_kind[["fuel", "technology"]])).to_numpy()
        )
        later = pd.read_csv(REGION.root / "fleet_2020.csv")
        later = later[(later["class"] == kind) & (later["technology"] != "NEV")]
        assert grown.sum() == pytest.approx(later["activity"].sum(), rel=0.02), kind


def test_power_of_2020_is_that_of_2017_and_the_units_built_since(table: pd.DataFrame) -> None:
    rows = table[(table["growth"] == "as_happened") & (table["class"] == "power_unit")]
    units = pd.read_csv(REGION.root / "power_units.csv", low_memory=False)
    there = (units["from_year"].fillna(0) <= 2020) & (units["to_year"].fillna(9999) >= 2020)
    made = units.loc[there, "activity"].sum() * rows.set_index("year")["factor"][2020]
    assert made / 1e6 == pytest.approx(REGION.control_total("thermal_generation.2020"), rel=0.01)
