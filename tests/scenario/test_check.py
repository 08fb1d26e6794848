"""Clauses of a register answered once; names that the tables do not have."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.scenario.check import clause_faults, name_faults
from model.scenario.load import load_scenario
from model.scenario.scenario import Scenario

TEXT = """\
region: r
register: plan
start: 2017
years: [2018]
price_year: 2017
growth: as_planed
calibration: census_2016
part_year: {boilr: 0.4}
areas:
  key: [150100, 159999]
prices: {cole: 5 CNY/t}
measures: {gas_boiler: {available: false}}
projects: {GAS-9: {first_year: 2018}}
limits:
  A-SO2: {clause: [A-SO2-2018, A-SO2-2019], quantity: SO2, year: 2018, at_most: 5 t}
  NETWORK: {quantity: natural_gas, each: city, year: all, at_most: supply}
  A-SHARE: {quantity: SO2, share_of: {quantity: SO2, where: {area: 150190}}, states: {fuel: cole}, year: 2018}
mandates:
  A-BOILER:
    where:
      - {class: boilr, area: key}
      - {class: {not: truck}}
    only_in: {meets: special_limits}
    by: 2018
changes:
  A-SWEEP: {set: {sweeping_share: 70 %, load_pct: 80 %, activity: 90 % of baseline}, by: 2018}
  A-WIND: {set: {nonfossil_energy: 25 Mtce}, by: 2018}
not_modelled:
  A-GOOD: daily values
"""
REGISTER = ["A-SO2-2018", "A-SO2-2019", "A-SHARE", "A-BOILER", "A-SWEEP", "A-GOOD"]
KNOWN = {
    "class": ["boiler", "truck"],
    "fuel": ["coal", "natural_gas"],
    "area": ["150100", "150102"],
    "measure": ["gas_boiler"],
    "project": ["GAS-1"],
    "price": ["coal"],
    "growth": ["as_planned"],
    "calibration": ["census_2017"],
    "response": ["sweeping_share"],
}


def load(folder: Path, text: str = TEXT) -> Scenario:
    path = folder / "s.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


def shown(folder: Path, faults: list[object]) -> list[str]:
    return [str(fault).replace(folder.as_posix() + "/", "") for fault in faults]


def clauses(folder: Path, text: str = TEXT, register: list[str] = REGISTER) -> list[str]:
    return shown(folder, list(clause_faults(load(folder, text), register)))


def test_every_clause_once(tmp_path: Path) -> None:
    assert clauses(tmp_path) == []


def test_a_clause_without_answer(tmp_path: Path) -> None:
    assert clauses(tmp_path, register=[*REGISTER, "A-RAIL"]) == [
        "s.yaml: 'A-RAIL' is answered by no entry; write an entry, or a reason in not_modelled"
    ]


def test_a_clause_that_is_not_in_the_register(tmp_path: Path) -> None:
    text = TEXT.replace("A-SO2-2019", "A-SO-2019").replace("A-GOOD", "A-GODD")
    assert clauses(tmp_path, text) == [
        "s.yaml, row 15, limits.A-SO2.clause: 'A-SO-2019' is not in the register; did you mean 'A-SO2-2019'?",
        "s.yaml: 'A-SO2-2019' is answered by no entry; write an entry, or a reason in not_modelled",
        "s.yaml: 'A-GOOD' is answered by no entry; write an entry, or a reason in not_modelled",
        "s.yaml, row 29, not_modelled.A-GODD: is not in the register; did you mean 'A-GOOD'?",
    ]


def test_an_answer_and_a_reason(tmp_path: Path) -> None:
    text = TEXT.replace("A-GOOD: daily", "A-SO2-2018: daily")
    assert clauses(tmp_path, text, REGISTER[:-1]) == [
        "s.yaml, row 29, not_modelled.A-SO2-2018: is answered by limits.A-SO2 as well; remove one of them"
    ]


def test_two_answers_by_chance(tmp_path: Path) -> None:
    text = TEXT.replace("  NETWORK: {", "  NETWORK: {clause: A-SWEEP, ")
    assert clauses(tmp_path, text) == [
        "s.yaml, row 26, changes.A-SWEEP: answers a clause that limits.NETWORK answers as well; "
        "if both are meant, write clause: A-SWEEP in it too"
    ]


def test_two_answers_on_purpose(tmp_path: Path) -> None:
    text = TEXT.replace("  NETWORK: {", "  NETWORK: {clause: A-SWEEP, ")
    assert clauses(tmp_path, text.replace("  A-SWEEP: {", "  A-SWEEP: {clause: A-SWEEP, ")) == []


def test_names(tmp_path: Path) -> None:
    faults = name_faults(load(tmp_path), KNOWN)
    assert shown(tmp_path, list(faults)) == [
        "s.yaml, row 17, limits.A-SHARE.states: 'cole' is not a known fuel; did you mean 'coal'?",
        "s.yaml, row 17, limits.A-SHARE.share_of.where: '150190' is not a known area; did you mean '150102'?",
        "s.yaml, row 20, mandates.A-BOILER.where: 'boilr' is not a known class; did you mean 'boiler'?",
        "s.yaml, row 10, areas.key: '159999' is not a known area; known: 150100, 150102",
        "s.yaml, row 8, part_year.boilr: is not a known class; did you mean 'boiler'?",
        "s.yaml, row 13, projects.GAS-9: is not a known project; did you mean 'GAS-1'?",
        "s.yaml, row 11, prices.cole: is not a known price; did you mean 'coal'?",
        "s.yaml, row 6, growth: 'as_planed' is not a known growth; did you mean 'as_planned'?",
        "s.yaml, row 7, calibration: 'census_2016' is not a known calibration; did you mean 'census_2017'?",
        "s.yaml, row 26, changes.A-SWEEP.set.load_pct: is not a known response; known: sweeping_share",
    ]


@pytest.mark.parametrize("kind", sorted(KNOWN))
def test_what_has_no_list_is_not_checked(tmp_path: Path, kind: str) -> None:
    known = {name: values for name, values in KNOWN.items() if name != kind}
    faults = name_faults(load(tmp_path), known)
    assert not any(f"is not a known {kind}" in fault.wrong for fault in faults)
