"""The whole message of each fault that a scenario can have, with file, line, path and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.base.faults import InputError
from model.scenario.load import load_scenario

SMALL = "region: r\nstart: 2017\nyears: [2018, 2019]\nprice_year: 2017\n"


def message(folder: Path, text: str, *settings: str) -> str:
    """What is said of a faulty scenario, without the folder it is in."""
    path = folder / "s.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_scenario(path, settings)
    return str(error.value).replace(folder.as_posix() + "/", "")


TOP = [
    ("limts: {}", "limts: is not a key of the grammar; did you mean 'limits'?"),
    ("limits: [1]", "limits: '[1]' is not a mapping; write {key: value, ..}"),
    (
        "discount_rate: 5 t",
        "discount_rate: '5 t' is not a number without dimension; write such as 12 % or 0.12",
    ),
    ("discount_rate: 120 %", "discount_rate: '120 %' is not between 0 and 1; write it as 12 % or 0.12"),
    ("register: [a]", "register: '['a']' is not a text; write a text"),
    ("areas: {key: [15010]}", "areas.key.0: '15010' is not the six-digit code of an area; write six digits"),
    ("areas: {key: [150100, 150100]}", "areas.key.1: '150100' stands twice; write it once"),
    ("areas: {key: []}", "areas.key: '[]' is empty; write at least one value, or leave the key out"),
    ("areas: {'150100': [150101]}", "areas.150100: a named area has the code of an area; give it a name"),
    ("prices: {coal: 5}", "prices.coal: '5' is not a price; write NUMBER CNY/t, or '110 % of baseline'"),
    (
        "prices: {coal: {2018: 5 CNY/t, 2019: 90 % of baseline}}",
        "prices.coal: has prices and percentages; write all years in one way",
    ),
    ("prices: {CO2: 5 CNY/GJ}", "prices.CO2: '5 CNY/GJ' is not a price; write it in CNY/t"),
    (
        "prices: {coal: {2018: 5 CNY}}",
        "prices.coal.2018: '5 CNY' is not a price; write it in CNY/t or CNY/m3 or CNY/GJ or CNY/tkm",
    ),
    ("prices: {coal: {20: 5}}", "prices.coal.20: '20' is not a year; write a year from 1990 to 2100"),
    ("growth: {boiler: 1.05}", "growth.boiler: '1.05' has no years; write {YEAR: value, ..}"),
    (
        "growth: {boiler: {2018: -1}}",
        "growth.boiler.2018: '-1' is negative; write a factor such as 1.05 or 105 %",
    ),
    ("measures: {M: {costs: 2}}", "measures.M.costs: is not a key of the grammar; did you mean 'cost'?"),
    (
        "measures: {M: {available: yes}}",
        "measures.M.available: 'yes' is neither true nor false; write true or false",
    ),
    (
        "projects: {P: {status: maybe}}",
        "projects.P.status: 'maybe' is not one of the choices; known: committed, existing, optional",
    ),
    (
        "projects: {P: {capacity: 5 km}}",
        "projects.P.capacity: '5 km' is not a capacity; "
        "write '70 % of baseline', or it in GJ/yr or m3/yr or t/yr or MW",
    ),
    ("minimise: emission", "minimise: 'emission' is not one of the choices; known: cost"),
    ("minimise: {SO3: 1}", "minimise.SO3: is not a pollutant; did you mean 'SO2'?"),
    (
        "solver: {method: fast}",
        "solver.method: 'fast' is not one of the choices; "
        "known: evaluate, greedy, monolithic, myopic, pricing",
    ),
    ("solver: {method: evaluate}", "solver.method: 'evaluate' has no plan to evaluate; write plan: FILE"),
    ("minimise: {SO2: 0}", "minimise: weighs nothing; write {POLLUTANT: weight}, or cost"),
    (
        "solver: {method: greedy}\nminimise: {SO2: 1}",
        "solver.method: 'greedy' does not minimise emission; write pricing or monolithic",
    ),
    (
        "solver: {alternatives: 2}\nminimise: {SO2: 1}",
        "solver.alternatives: '2' is of plans of least cost, and emission is minimised; "
        "write minimise: cost, or alternatives: 0",
    ),
    (
        "solver: {method: myopic, alternatives: 2}",
        "solver.alternatives: '2' needs a least-cost plan, which myopic does not find; "
        "write pricing or monolithic",
    ),
    ("solver: {threads: 0}", "solver.threads: '0' is not a whole number; write one of at least 1"),
    (
        "solver: {time_limit: 5 t}",
        "solver.time_limit: '5 t' is not an amount of time_limit, which is in s; write it in s",
    ),
    ("solver: {time_limit: 0}", "solver.time_limit: '0' is not a time; write seconds, or such as 5 min"),
    ("title: {fr: x}", "title.fr: is not a key of the grammar; known: en, zh"),
    ("not_modelled: {X: ''}", "not_modelled.X: '' is not a text; write a text"),
    ("not_modelled: {X: {zh: 不建模}}", "not_modelled.X: has no English text; write {en: TEXT, zh: TEXT}"),
    (
        "not_modelled: {X: {en: x, fr: y}}",
        "not_modelled.X.fr: 'y' is not a language of the reports; write en or zh",
    ),
    ("not_modelled: {X: {en: x, zh: ''}}", "not_modelled.X.zh: '' is not a text; write a text"),
]

LIMIT = [
    ("quantity: SO3, year: 2018", "quantity: 'SO3' is not one of the choices; did you mean 'SO2'?"),
    ("year: 2018", ": has no 'quantity'; write quantity: SO2, or another"),
    ("quantity: SO2", ": has no 'year'; write year: YEAR, [YEAR, ..] or all"),
    ("quantity: SO2, year: 2025", "year: 2025 is not a year of the scenario; its years are 2018, 2019"),
    ("quantity: SO2, year: [2018, 20]", "year.1: '20' is not a year; write a year from 1990 to 2100"),
    (
        "quantity: SO2, at_most: {2017: 5 t}",
        "at_most.2017: 2017 is not a year of the scenario; its years are 2018, 2019",
    ),
    (
        "quantity: SO2, year: 2018, at_most: {2018: 5 t}",
        "year: the bounds have their years already; leave year out",
    ),
    (
        "quantity: SO2, year: 2018, at_most: 5 MW",
        "at_most: '5 MW' is not an amount of SO2, which is in t/yr; write it in t",
    ),
    ("quantity: SO2, year: 2018, at_most: 5", "at_most: '5' has no unit, and SO2 is in t/yr; write 5 t"),
    (
        "quantity: SO2, year: 2018, at_most: lots",
        "at_most: 'lots' is not an amount; "
        'write NUMBER UNIT, or such as "85 % of 2015", "70 % of supply", "20 points below 2020"',
    ),
    (
        "quantity: SO2, at_most: {2018: 5 t, 2019: 5 tt}",
        "at_most.2019: '5 tt' is not an amount: 'tt' is not a known unit; did you mean 't'?",
    ),
    (
        "quantity: SO2, year: 2018, at_most: 5 t, at_least: 4 t",
        "at_least: 'at_most' and 'at_least' exclude each other; remove one, as at_most: null",
    ),
    (
        "quantity: SO2, year: 2018, at_most: supply",
        "at_most: 'supply' is not a bound: no project supplies SO2; "
        "supplied are network_heat, natural_gas, rail_freight, belt_freight, peak_electricity, peak_heat, "
        "secured_heat, peak_gas",
    ),
    (
        "quantity: SO2, year: 2018, at_most: 5 points below 2017",
        "at_most: '5 points below 2017' is not a bound: points are of a share; "
        "add share_of, or write it in per cent",
    ),
    (
        "quantity: SO2, year: 2018, at_most: 90 % of baseline",
        "at_most: '90 % of baseline' is not a bound: 'baseline' is for changes; "
        "write '% of frozen' or '% of YEAR'",
    ),
    (
        "quantity: SO2, year: 2018, at_most: 90 % of 2018",
        "at_most: refers to 2018, which is not before the year it binds; that is 2018",
    ),
    (
        "quantity: SO2, year: 2018, at_most: 5 t, progress: 12 %",
        "progress: has nothing to be progress of; write the bound as '85 % of YEAR'",
    ),
    (
        "quantity: coal_energy, share_of: primary_energy, year: 2018, at_most: 5 GJ",
        "at_most: '5 GJ' is not a number without dimension; write such as 12 % or 0.12",
    ),
    (
        "quantity: SO2, share_of: {quantiy: SO2}, year: 2018",
        "share_of: has no 'quantity'; write quantity: SO2, or another",
        "share_of.quantiy: is not a key of the grammar; did you mean 'quantity'?",
    ),
    (
        "quantity: SO2, share_of: al, year: 2018",
        "share_of: 'al' is not one of the choices; did you mean 'coal'?",
    ),
    ("quantity: SO2, year: 2018, at: {area: 150100}", "at: receptors have no SO2; use where"),
    (
        "quantity: gdp, year: 2018, where: {class: boiler}",
        "where: gdp is a total of the region; leave where out",
    ),
    ("quantity: SO2, year: 2018, each: cty", "each: 'cty' is not an attribute; did you mean 'city'?"),
    (
        "quantity: SO2, year: 2018, each: capacity",
        "each: 'capacity' does not divide the sources into groups; use city, county, network, technology ..",
    ),
    (
        "quantity: SO2, year: 2018, where: {clas: x}",
        "where.clas: 'clas' is not an attribute; did you mean 'class'?",
    ),
    (
        "quantity: SO2, year: 2018, where: {area: kez}",
        "where.area: 'kez' is not the six-digit code of an area; did you mean 'key'?",
    ),
    (
        "quantity: SO2, year: 2018, states: {fuel: [a, 1.5]}",
        "states.fuel.1: '1.5' is not a name; write a name or a list of names",
    ),
    (
        "quantity: SO2, year: 2018, link: chained",
        "link: 'chained' is not one of the choices; did you mean 'chain'?",
    ),
    (
        "quantity: SO2, year: 2018, confidence: 100 %",
        "confidence: '100 %' is not a confidence; write such as 90 %",
    ),
    (
        "quantity: SO2, year: 2018, strength: striv",
        "strength: 'striv' is not one of the choices; did you mean 'strive'?",
    ),
    (
        "quantity: SO2, year: 2018, enforced: false",
        "enforced: is not a key of the grammar; did you mean 'enforce'?",
    ),
]

OTHER = [
    ("mandates: {M: {not_in: {fuel: coal}}}", "mandates.M: has neither 'by' nor 'from'; write one of them"),
    ("mandates: {M: {by: 2018}}", "mandates.M: has neither 'not_in' nor 'only_in'; write one of them"),
    (
        "mandates: {M: {not_in: {fuel: coal}, by: 2018-13-01}}",
        "mandates.M.by: '2018-13-01' is not a date; write YEAR or YYYY-MM-DD",
    ),
    (
        "mandates: {M: {not_in: {fuel: coal}, by: 2018, from: 2019}}",
        "mandates.M.from: 'by' and 'from' exclude each other; remove one, as by: null",
    ),
    ("changes: {C: {by: 2018}}", "changes.C: sets nothing; write set: {ATTRIBUTE: AMOUNT}"),
    (
        "changes: {C: {set: {sweeping_share: 70 %}}}",
        "changes.C: has no 'by'; write by: YEAR, or sweeping_share: {YEAR: AMOUNT}",
    ),
    (
        "changes: {C: {set: {sweping_share: 1}, by: 2018}}",
        "changes.C.set.sweping_share: can not be set; did you mean 'sweeping_share'?",
    ),
    (
        "changes: {C: {set: {sweeping_share: 70}, by: 2018}}",
        "changes.C.set.sweeping_share: '70' is out of bounds; sweeping_share is from 0 to 1, in 1",
    ),
    (
        "changes: {C: {where: {zone: rural}, set: {gdp: 1 CNY}, by: 2018}}",
        "changes.C.set.gdp: is a total of the region; leave where out",
    ),
    (
        "changes: {C: {set: {activity: 70 % of supply}, by: 2018}}",
        "changes.C.set.activity: '70 % of supply' is not a value to set; "
        'write a number, "90 % of baseline" or "90 % of 2017"',
    ),
    (
        "alerts: {A: {level: brown, reduce: 2, quantities: [SO3], month: 13}}",
        "alerts.A.level: 'brown' is not one of the choices; known: orange, red, yellow",
        "alerts.A.month: '13' is not a month; write 1 to 12",
        "alerts.A.quantities.0: 'SO3' is not one of the choices; did you mean 'SO2'?",
        "alerts.A.reduce: '2' is not between 0 and 1; write it as 12 % or 0.12",
    ),
    (
        "alerts: {A.B: {level: red, reduce: 0, quantities: SO2, month: 1}}",
        "alerts.A.B: is not an id; use letters, digits, - and _",
    ),
    ("sweep: {}", "sweep: has no 'over'; write over: {PATH: [AMOUNT, ..]}"),
    (
        "sweep: {method: grid, over: {discount_rate: {uniform: [3 %, 8 %]}}}",
        "sweep.over.discount_rate: method grid takes values one by one; write a list",
    ),
    (
        "sweep: {method: random, over: {discount_rate: [3 %]}}",
        "sweep: has no 'size'; write size: NUMBER of draws",
    ),
    (
        "sweep: {method: list, over: {discount_rate: [3 %], price_year: [2017, 2018]}}",
        "sweep.over: its lists are not of one length; method list takes them side by side",
    ),
    (
        "sweep: {over: {discount_rate: 3 %}}",
        "sweep.over.discount_rate: '3 %' is neither values nor a distribution; "
        "write [AMOUNT, ..] or {uniform: [AMOUNT, AMOUNT]}",
    ),
    (
        "sweep: {over: {discount_rate: [3 %, 300 %]}}",
        "sweep.over.discount_rate: '300 %' is not between 0 and 1; write it as 12 % or 0.12",
    ),
    ("sweep: {over: {limits.X.at_most: [5 t]}}", None),
    (
        "sweep: {over: {discount.rate: [3 %]}}",
        "sweep.over.discount.rate: '3 %' is not a key of the grammar; did you mean 'discount_rate'?",
    ),
]


@pytest.mark.parametrize(("text", "said"), TOP)
def test_top_level(tmp_path: Path, text: str, said: str) -> None:
    assert message(tmp_path, SMALL + text + "\n") == f"s.yaml, row 5, {said}"


@pytest.mark.parametrize("case", LIMIT)
def test_limit(tmp_path: Path, case: tuple[str, ...]) -> None:
    text, *said = case
    whole = SMALL + "areas: {key: [150100]}\nlimits:\n  X: {" + text + "}\n"
    expected = [f"s.yaml, row 7, limits.X{'' if line.startswith((':', ',')) else '.'}{line}" for line in said]
    assert message(tmp_path, whole).splitlines() == expected


@pytest.mark.parametrize("case", OTHER)
def test_other_sections(tmp_path: Path, case: tuple[str, ...]) -> None:
    text, *said = case
    found = message(tmp_path, SMALL + text + "\n").splitlines()
    if said == [None]:
        places = [line.partition(":")[0] for line in found]
        assert places == ["s.yaml, row 5, sweep.over.limits.X.at_most"] * 2
    else:
        row = 5 + text.count("\n")
        assert found == [f"s.yaml, row {row}, {line}" for line in said]


def test_what_must_be_there(tmp_path: Path) -> None:
    assert message(tmp_path, "title: {en: x}\n").splitlines() == [
        "s.yaml, row 1: has no 'start'; write start: YEAR",
        "s.yaml, row 1: has no 'years'; write years: [YEAR, ..]",
        "s.yaml, row 1: has no 'region'; write region: FOLDER",
        "s.yaml, row 1: has no 'price_year'; write price_year: YEAR",
    ]


@pytest.mark.parametrize("years", ["[2019, 2018]", "[2017, 2018]"])
def test_years_rise_after_the_start(tmp_path: Path, years: str) -> None:
    text = SMALL.replace("[2018, 2019]", years)
    shown = years.replace("'", "")
    assert message(tmp_path, text) == (
        f"s.yaml, row 3, years: '{shown}' are not rising years after the start year; write [2018, ..]"
    )


def test_one_id_in_two_sections(tmp_path: Path) -> None:
    text = SMALL + "limits:\n  X: {quantity: SO2, year: 2018}\nnot_modelled:\n  X: no factor\n"
    assert message(tmp_path, text) == "s.yaml, row 8, not_modelled.X: stands in limits as well; use it once"


def test_a_fault_is_told_of_the_file_where_it_was_written(tmp_path: Path) -> None:
    limits = "limits:\n  X: {quantity: SO2, year: 2018, at_most: 5 MW}\n"
    (tmp_path / "base.yaml").write_text(SMALL + limits, "utf-8")
    wrong = "'5 MW' is not an amount of SO2, which is in t/yr; write it in t"
    child = "extends: base.yaml\nlimits:\n  Y: {quantity: SO3, year: 2018}\n"
    assert message(tmp_path, child, "limits.X.link=x").splitlines() == [
        "--set, limits.X.link: 'x' is not one of the choices; known: chain, none",
        f"base.yaml, row 6, limits.X.at_most: {wrong}",
        "s.yaml, row 3, limits.Y.quantity: 'SO3' is not one of the choices; did you mean 'SO2'?",
    ]


def test_a_misspelt_setting(tmp_path: Path) -> None:
    text = SMALL + "limits:\n  CAP: {quantity: SO2, year: 2018, at_most: 5 t}\n"
    assert message(tmp_path, text, "limits.CAPS.at_most=4 t") == (
        "--set, limits.CAPS: is not an entry; did you mean 'CAP'?"
    )
    assert message(tmp_path, text, "mandates.M.by=2018") == "--set, mandates.M: is not an entry"
    assert message(tmp_path, text, "limits.CAP.at_mst=4 t") == (
        "--set, limits.CAP.at_mst: is not a key of the grammar; did you mean 'at_most'?"
    )


def test_gb18030_faults_show_the_text(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes((SMALL + "register: [国, 省]\n").encode("gb18030"))
    with pytest.raises(InputError, match="国"):
        load_scenario(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        load_scenario(tmp_path / "no.yaml")
    assert str(error.value) == f"{tmp_path.as_posix()}/no.yaml: is missing or can not be read"
