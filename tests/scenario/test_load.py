"""A scenario that uses every key of the grammar, read into its types."""

from __future__ import annotations

import pickle
from datetime import date
from itertools import cycle
from pathlib import Path

import pytest

from model.base.faults import InputError
from model.base.select import Condition, Selector
from model.scenario.amounts import Amount
from model.scenario.load import load_scenario
from model.scenario.scenario import (
    FrozenMap,
    MeasureOption,
    ProjectOption,
    Scenario,
    ShareOf,
    SolverOptions,
    Spread,
    Text,
)

WHOLE = """\
title: {en: Trial, zh: 试验}
region: inner_mongolia
register: trial_plan
calibration: census_2017
plan: plans/plan.csv
start: 2017
years: [2018, 2019, 2020]
price_year: 2017
discount_rate: 6 %
part_year: {boiler: 40 %}
areas: {key: [150100, 150102]}
prices:
  natural_gas: {2018: 2.5 CNY/m3, 2020: 2.8 CNY/m3}
  electricity: 0.5 CNY/kWh
  CO2: 50 CNY/t
  coal: 110 % of baseline
growth: {boiler: {2020: 105 %}}
measures: {gas_boiler: {available: false, first_year: 2019, cost: 120 %}}
projects:
  GAS-1: {status: committed, first_year: 2020, capacity: 70 % of baseline}
  HEAT-1: {capacity: 3 PJ}
changes:
  SWEEP: {where: {class: road_dust}, set: {sweeping_share: 70 %}, by: 2020, already_law: true}
  FUEL: {set: {fuel_sulphur_ppm: {2019: 10, 2020: 5 ppm}}}
  BUILD: {where: {vintage: new}, set: {activity: 90 % of baseline}, by: 2020}
  WIND: {set: {nonfossil_energy: 25 Mtce}, by: 2020}
mandates:
  SMALL: {where: {class: boiler, capacity_tph: {at_most: 10}, area: key}, not_in: {fuel: coal},
          by: 2020-12-31}
  ULE: {where: {class: power_unit}, only_in: {meets: ultra_low}, from: 2020, already_law: true,
        strength: binding}
limits:
  SO2: {clause: [C1, C2], quantity: SO2, progress: 12 %, at_most: {2019: 85.6 % of 2015, 2020: 85 % of 2015}}
  CAP: {quantity: primary_energy, year: 2020, at_most: 225 Mtce, link: none, strength: hard, note: seen}
  NET: {quantity: natural_gas, each: city, year: all, at_most: supply}
  RATE: {quantity: units_completed, where: {class: boiler}, each: city, year: [2018, 2019], at_most: 120}
  INK: {quantity: activity, where: {class: printing_ink}, states: {technology: solvent_based}, share_of: all,
        year: 2020, at_most: 20 points below 2017}
  SHARE: {quantity: coal_energy, where: {class: power_unit}, share_of: coal_energy, year: 2020,
          at_least: 55 %}
  INTENSITY: {quantity: primary_energy, share_of: gdp, year: 2020, below: 0.5 tce/10^4 CNY}
  FULL: {quantity: NOx, share_of: {quantity: NOx, where: {class: truck}, states: {technology: NEV}},
         year: 2020, above: 1 %, confidence: 90 %}
  AIR: {quantity: PM2.5_concentration, at: {area: key}, year: 2020, at_most: 35 ug/m3, enforce: false}
  REPORT: {quantity: heat, year: 2020}
  PAINT: {quantity: activity, where: {class: printing_ink}, year: 2020, at_most: 5 kt}
alerts:
  ORANGE: {level: orange, reduce: 20 %, quantities: [SO2, NOx], each: city, month: [12, 1]}
not_modelled: {C3: daily values are not simulated}
minimise: {PM2.5: 1, NOx: 0.1}
solver: {method: monolithic, gap: 1e-3, time_limit: 5 min, threads: 2, seed: 3, within: 3 %}
sweep:
  method: random
  size: 10
  seed: 1
  over:
    limits.CAP.at_most: [220 Mtce, 230 Mtce]
    discount_rate: {uniform: [3 %, 8 %]}
    prices.electricity: {lognormal: [0.5 CNY/kWh, 0.2]}
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    path = tmp_path_factory.mktemp("whole") / "trial.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    return load_scenario(path)


def one(attribute: str, *values: str) -> Selector:
    return Selector(((Condition(attribute, "text", values),),))


def test_frame(whole: Scenario) -> None:
    assert (whole.name, whole.region, whole.register) == ("trial", "inner_mongolia", "trial_plan")
    assert whole.title == {"en": "Trial", "zh": "试验"}
    assert (whole.start, whole.years) == (2017, (2018, 2019, 2020))
    assert (whole.price_year, whole.discount_rate) == (2017, 0.06)
    assert (whole.calibration, whole.plan_file) == ("census_2017", whole.path.parent / "plans/plan.csv")
    assert whole.part_year == {"boiler": 0.4}
    assert whole.areas == {"key": ("150100", "150102")}
    assert whole.growth == {"boiler": {2020: 1.05}}
    assert whole.minimise == {"PM2.5": 1.0, "NOx": 0.1}
    assert whole.not_modelled == {"C3": Text("daily values are not simulated")}


def test_prices_measures_projects(whole: Scenario) -> None:
    assert whole.prices["natural_gas"] == {2018: Amount(2.5, "CNY/m3"), 2020: Amount(2.8, "CNY/m3")}
    assert whole.prices["CO2"] == Amount(50.0, "CNY/t")
    assert whole.prices["coal"] == Amount(1.1, None, "baseline", "percent_of")
    assert whole.measures["gas_boiler"] == MeasureOption(available=False, first_year=2019, cost=1.2)
    less = Amount(0.7, None, "baseline", "percent_of")
    assert whole.projects["GAS-1"] == ProjectOption("committed", 2020, less)
    assert whole.projects["HEAT-1"].capacity == Amount(3e6, "GJ/yr")


def test_changes(whole: Scenario) -> None:
    changes = whole.changes
    assert changes["SWEEP"].set == {"sweeping_share": Amount(0.7, "1")}
    assert (changes["SWEEP"].by, changes["SWEEP"].already_law) == (2020, True)
    assert changes["SWEEP"].where == one("class", "road_dust")
    assert changes["BUILD"].set == {"activity": Amount(0.9, None, "baseline", "percent_of")}
    wind = changes["WIND"].set["nonfossil_energy"]
    assert isinstance(wind, Amount)
    assert wind.value == pytest.approx(25e6 * 29.3076)
    assert wind.unit == "GJ/yr"


def test_a_sulphur_content_is_in_ppm(whole: Scenario) -> None:
    sulphur = whole.changes["FUEL"].set["fuel_sulphur_ppm"]
    assert isinstance(sulphur, FrozenMap)
    assert [sulphur[year].value for year in (2019, 2020)] == pytest.approx([10.0, 5.0])


def test_mandates(whole: Scenario) -> None:
    small, ule = whole.mandates["SMALL"], whole.mandates["ULE"]
    assert small.where == Selector(
        (
            (
                Condition("class", "text", ("boiler",)),
                Condition("capacity_tph", "number", bounds=(("at_most", 10.0),)),
                Condition("area", "area", ("key",)),
            ),
        )
    )
    assert (small.not_in, small.only_in) == (one("fuel", "coal"), None)
    assert (small.date, small.first_year) == (date(2020, 12, 31), 2020)
    assert ule.only_in == one("meets", "ultra_low", "closed")
    assert (ule.date, ule.date_kind, ule.first_year) == (date(2020, 1, 1), "from", 2019)
    assert (ule.already_law, ule.strength) == (True, "binding")


def test_bounds(whole: Scenario) -> None:
    limits = whole.limits
    assert limits["SO2"].years == (2019, 2020)
    assert limits["SO2"].bound(2019) == Amount(0.856, None, "2015", "percent_of")
    assert limits["SO2"].bound(2018) is None
    assert (limits["SO2"].progress, limits["SO2"].link, limits["CAP"].link) == (0.12, "chain", "none")
    cap = limits["CAP"].bound(2020)
    assert cap is not None
    assert (cap.value, cap.unit) == (pytest.approx(225e6 * 29.3076), "GJ/yr")
    assert limits["NET"].bound(2018) == Amount(1.0, None, "supply", "supply")
    assert (limits["NET"].years, limits["NET"].each) == ("all", "city")
    assert (limits["RATE"].years, limits["RATE"].bounds) == ((2018, 2019), Amount(120.0, "1/yr"))
    assert limits["PAINT"].bounds == Amount(5.0, "kt")
    assert (limits["REPORT"].op, limits["REPORT"].bounds) == (None, None)


def test_shares(whole: Scenario) -> None:
    limits = whole.limits
    assert limits["INK"].share_of == "all"
    assert limits["INK"].bounds == Amount(0.2, None, "2017", "points_below")
    assert limits["SHARE"].share_of == ShareOf("coal_energy")
    assert limits["SHARE"].bounds == Amount(0.55, "1")
    intensity = limits["INTENSITY"].bounds
    assert isinstance(intensity, Amount)
    assert (intensity.value, intensity.unit) == (pytest.approx(0.5 * 29.3076e-4), "GJ/CNY")
    assert limits["FULL"].share_of == ShareOf("NOx", one("class", "truck"), one("technology", "NEV"))
    assert (limits["FULL"].op, limits["FULL"].confidence) == ("above", 0.9)


def test_air_quality(whole: Scenario) -> None:
    air = whole.limits["AIR"]
    assert air.at == Selector(((Condition("area", "area", ("key",)),),))
    assert (air.enforce, air.bounds) == (False, Amount(35.0, "ug/m3"))


def test_entries(whole: Scenario) -> None:
    assert [entry.id for entry in whole.entries][:3] == ["SO2", "CAP", "NET"]
    assert [entry.id for entry in whole.entries][-3:] == ["BUILD", "WIND", "ORANGE"]
    so2, cap = whole.limits["SO2"], whole.limits["CAP"]
    assert (so2.clauses, so2.stated, cap.clauses, cap.stated) == (("C1", "C2"), True, ("CAP",), False)
    assert (cap.strength, cap.note, so2.strength, so2.where) == ("hard", Text("seen"), None, None)
    assert cap.line is not None
    assert WHOLE.splitlines()[cap.line - 1].startswith("  CAP:")
    alert = whole.alerts["ORANGE"]
    assert (alert.level, alert.reduce) == ("orange", 0.2)
    assert (alert.quantities, alert.months) == (("SO2", "NOx"), (12, 1))


def test_solver_and_sweep(whole: Scenario) -> None:
    assert whole.solver == SolverOptions("monolithic", 1e-3, 300.0, 2, 3, 0, 0.03)
    assert whole.sweep is not None
    assert (whole.sweep.method, whole.sweep.size, whole.sweep.seed) == ("random", 10, 1)
    assert whole.sweep.over == {
        "limits.CAP.at_most": ("220 Mtce", "230 Mtce"),
        "discount_rate": Spread("uniform", "3 %", "8 %"),
        "prices.electricity": Spread("lognormal", "0.5 CNY/kWh", "0.2"),
    }


ODD = ("[]", "{}", "''", "-1", "x", "true", ".inf", "1e999 t", "9" * 400, "[[]]", "{not: {}}", "supply")


def test_any_value_anywhere_is_read_or_told_of(whole: Scenario) -> None:
    """A bad value never ends in anything but an InputError."""
    paths = sorted(whole.places)[1::3]
    told = 0
    for path, odd in zip(paths, cycle(ODD), strict=False):
        try:
            load_scenario(whole.path, [f"{path}={odd}"])
        except InputError:
            told += 1
    assert 0.8 * len(paths) < told


SMALL = "region: r\nstart: 2017\nyears: [2018]\nprice_year: 2017\n"


def load(folder: Path, text: str, *settings: str, name: str = "s.yaml") -> Scenario:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_scenario(path, settings)


def test_defaults(tmp_path: Path) -> None:
    scenario = load(tmp_path, SMALL)
    assert scenario.solver == SolverOptions("pricing", 1e-4, None, 1, 0, 0, 0.02)
    assert (scenario.minimise, scenario.discount_rate, scenario.growth) == ("cost", 0.05, None)
    assert (scenario.register, scenario.sweep, scenario.entries) == (None, None, ())


def test_frozen_and_hashable(whole: Scenario, tmp_path: Path) -> None:
    assert hash(whole) == hash(pickle.loads(pickle.dumps(whole)))
    assert pickle.loads(pickle.dumps(whole)) == whole
    with pytest.raises(AttributeError):
        whole.start = 2018  # type: ignore[misc]
    with pytest.raises(TypeError):
        whole.limits["X"] = None  # type: ignore[index]


def test_the_hash_is_that_of_the_content(tmp_path: Path) -> None:
    base = load(tmp_path, SMALL + "minimise: cost\n")
    shuffled = load(tmp_path, "# remark\nminimise: 'cost'\n" + SMALL, name="other.yaml")
    extended = load(tmp_path, "extends: s.yaml\n", name="child.yaml")
    assert base.sha256 == shuffled.sha256 == extended.sha256
    assert base.text == extended.text
    assert load(tmp_path, SMALL, "years=[2019]").sha256 != base.sha256


def test_settings_reach_the_types(tmp_path: Path) -> None:
    text = SMALL + "limits: {A: {quantity: SO2, at_most: {2018: 5 t}}}\n"
    scenario = load(tmp_path, text, "limits.A.at_most.2018=7 kt", "solver.gap=1e-2", "limits.A.note=tried")
    assert scenario.limits["A"].bound(2018) == Amount(7000.0, "t/yr")
    assert (scenario.solver.gap, scenario.limits["A"].note) == (0.01, Text("tried"))


def test_a_setting_may_be_a_whole_entry(tmp_path: Path) -> None:
    scenario = load(tmp_path, SMALL, "limits.NEW={quantity: SO2, year: all, at_most: 5 t}")
    assert scenario.limits["NEW"].bounds == Amount(5.0, "t/yr")
    assert (scenario.limits["NEW"].file, scenario.limits["NEW"].line) == ("--set", None)


def test_alternatives(tmp_path: Path) -> None:
    scenario = load(tmp_path, SMALL + "solver: {alternatives: 4, within: 5 %}\n")
    assert (scenario.solver.alternatives, scenario.solver.within) == (4, 0.05)


def test_a_plan_file_is_found_beside_the_file_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    load(tmp_path / "base", SMALL + "plan: p.csv\n")
    scenario = load(tmp_path, "extends: base/s.yaml\n", "solver.seed=1")
    assert scenario.plan_file == tmp_path / "base/p.csv"
