"""What `run` and `check` say of a fault in input: the whole text, exit status 2, and nothing written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pipeline.toy import BOILERS, TOY, call, files, said
from tests.small_inputs import edit

Spoil = Callable[[Path], object]
"""Makes something wrong in the folder of a run."""


def change(file: str, old: str, new: str) -> Spoil:
    return lambda folder: edit(folder, file, old, new)


def remove(file: str) -> Spoil:
    return lambda folder: (folder / file).unlink()


def circle(folder: Path) -> None:
    edit(folder, TOY, "title:", "extends: base.yaml\ntitle:")
    (folder / "base.yaml").write_text("extends: toy.yaml\n", encoding="utf-8")


def several(folder: Path) -> None:
    edit(folder, "inputs/reference/fuels.csv", "天然气,gas", "天然气,gass")
    edit(folder, BOILERS, "100000,GJ", "-5,GJ")
    edit(folder, BOILERS, "b4,2017", "b4,17")
    edit(folder, "inputs/plans/toy_plan.csv", "binding", "bounding")


FAULTS: dict[str, tuple[Spoil, list[str]]] = {
    "missing file": (
        remove("inputs/reference/fuels.csv"),
        [
            "reference/fuels.csv: is missing; a table with the columns fuel, name_zh, group, physical_unit, "
            "ncv_gj_per_unit, citation, rating"
        ],
    ),
    "missing register": (
        remove("inputs/plans/toy_plan.csv"),
        ["plans/toy_plan.csv: is missing; there are no registers yet"],
    ),
    "region without sources": (
        lambda folder: [remove(f"inputs/toy/{name}.csv")(folder) for name in ("boilers", "sources")],
        ["toy/sources, year: '2017' is in no row; the region has no sources yet"],
    ),
    "start year without sources": (
        change(TOY, "start: 2017", "start: 2016"),
        ["toy/sources, year: '2016' is in no row; years there are: 2017"],
    ),
    "unknown column": (
        change(BOILERS, "sulphur_pct", "sulfur_pct"),
        [
            "toy/boilers.csv, row 1, sulfur_pct: is not a column of sources; did you mean 'sulphur_pct'?",
        ],
    ),
    "wrong unit": (
        change(BOILERS, "100000,GJ", "100000,MW"),
        [
            "toy/boilers.csv, row 2, activity_unit: 'MW' is of the wrong dimension; "
            "a unit like GJ or fuel_t or fuel_GJ"
        ],
    ),
    "negative activity": (
        change(BOILERS, "100000,GJ", "-5,GJ"),
        ["toy/boilers.csv, row 2, activity: '-5' is less than 0; give 0 or more"],
    ),
    "duplicate key": (
        change("inputs/toy/sources.csv", "p1,2017", "b3,2017"),
        [
            "toy/sources.csv, row 2, source, year: 'b3, 2017' is already in toy/boilers.csv, row 4; keep one",
        ],
    ),
    "duplicate key of a scenario": (
        change(TOY, "start: 2017\n", "start: 2017\nstart: 2018\n"),
        ["toy.yaml, row 6, start: stands twice; first in row 5"],
    ),
    "unknown city of a source": (
        change(BOILERS, "b4,2017,boiler,,150200", "b4,2017,boiler,,150300"),
        ["toy/boilers.csv, row 5, area: '150300' is not in areas; did you mean '150200'?"],
    ),
    "unknown city of growth": (
        change("inputs/toy/growth.csv", "boiler,,,,,2019", "boiler,,,150300,,2019"),
        ["toy/growth.csv, row 2, city: '150300' is not in areas; did you mean '150200'?"],
    ),
    "unknown city of a selector": (
        change(TOY, "{class: boiler, vintage: existing}", "{class: boiler, city: 150300}"),
        ["toy.yaml, row 16, limits.RATE.where: '150300' is not a known city; did you mean '150200'?"],
    ),
    "measure that fits nothing": (
        change(TOY, "boiler_gas: {cost: 1.1}", "coating_carbon: {first_year: 2018}"),
        [
            "toy.yaml, row 11, measures.coating_carbon: 'coating_carbon' fits no source of the region; "
            "leave it out"
        ],
    ),
    "unknown measure": (
        change(TOY, "boiler_gas: {cost: 1.1}", "boiler_gaz: {cost: 1.1}"),
        ["toy.yaml, row 11, measures.boiler_gaz: is not a known measure; did you mean 'boiler_gas'?"],
    ),
    "NaN": (
        change(BOILERS, "100000,GJ", "NaN,GJ"),
        [
            "toy/boilers.csv, row 2, activity: 'NaN' is not a number; "
            "leave the cell empty where the value is not known"
        ],
    ),
    "NaN in a scenario": (
        change(TOY, "at_most: 2.7 Mtce", "at_most: .nan"),
        [
            "toy.yaml, row 14, limits.ENERGY.at_most: 'nan' is not a finite number; write NUMBER UNIT, "
            'or such as "85 % of 2015", "70 % of supply", "20 points below 2020"'
        ],
    ),
    "circle of extends": (
        circle,
        [
            "base.yaml, row 1, extends: 'toy.yaml' runs in a circle: toy.yaml extends base.yaml extends "
            "toy.yaml; leave one of them out"
        ],
    ),
    "unknown attribute": (
        change(TOY, "capacity_tph: {at_most: 10}", "capacity_th: {at_most: 10}"),
        [
            "toy.yaml, row 18, mandates.T-SMALL.where.capacity_th: 'capacity_th' is not an attribute; "
            "did you mean 'capacity_tph'?"
        ],
    ),
    "amount of the wrong dimension": (
        change(TOY, "at_most: 2.7 Mtce", "at_most: 2.7 Mt"),
        [
            "toy.yaml, row 14, limits.ENERGY.at_most: '2.7 Mt' is not an amount of primary_energy, "
            "which is in GJ/yr; write it in GJ"
        ],
    ),
    "unknown region": (
        change(TOY, "region: toy", "region: toyland"),
        ["toyland: is not a folder of inputs; did you mean 'toy'?"],
    ),
    "clause answered twice": (
        change(TOY, "ENERGY: {", "ENERGY: {clause: T-SMALL, "),
        [
            "toy.yaml, row 18, mandates.T-SMALL: answers a clause that limits.ENERGY answers as well; "
            "if both are meant, write clause: T-SMALL in it too"
        ],
    ),
    "clause answered and not modelled": (
        change(TOY, "ENERGY: {", "ENERGY: {clause: T-TREES, "),
        ["toy.yaml, row 22, not_modelled.T-TREES: is answered by limits.ENERGY as well; remove one of them"],
    ),
    "clause answered by nothing": (
        change(TOY, "not_modelled:\n  T-TREES: trees are no source\n", ""),
        ["toy.yaml: 'T-TREES' is answered by no entry; write an entry, or a reason in not_modelled"],
    ),
    "limit of no source": (
        change(TOY, "{class: boiler, vintage: existing}", "{class: boiler, fuel: diesel}"),
        [
            "toy.yaml, row 16, limits.RATE.where: 'class: boiler, fuel: diesel' matches no source; "
            "correct the selector or leave the limit out"
        ],
    ),
    "supply as a floor": (
        change(TOY, "at_most: supply", "at_least: supply"),
        ["toy.yaml, row 15, limits.GAS.at_least: supply is no such bound; write at_most: supply"],
    ),
    "change without response": (
        change(TOY, "{class: architectural_coating}", "{class: boiler}"),
        [
            "toy.yaml, row 20, changes.T-GREEN.set.green_share: 'boiler' has no response in responses.csv "
            "for any class chosen; add the rows"
        ],
    ),
    "progress not booked": (
        change(TOY, "progress: 10 %, ", ""),
        [
            "toy.yaml, row 13, limits.T-SO2.at_most: has a base year 2015 before the start and no progress "
            "booked since; give progress: SHARE (a cited number), or link: none"
        ],
    ),
    "confidence of what is no emission": (
        change(TOY, "at_most: 2}", "at_most: 2, confidence: 90 %}"),
        [
            "toy.yaml, row 16, limits.RATE.confidence: '0.9' is of a limit on units_completed, and only "
            "emission carries one; leave it out, or limit a pollutant"
        ],
    ),
    "price year without deflator": (
        change(TOY, "price_year: 2017", "price_year: 2019"),
        ["toy.yaml, row 7, price_year: '2019' is not a known price_year; did you mean '2017'?"],
    ),
    "price of an unknown fuel": (
        change("inputs/reference/prices.csv", "natural_gas,", "natural_gaz,"),
        [
            "reference/prices.csv, row 5, item: 'natural_gaz' is not in fuels, nor a freight price; "
            "did you mean 'natural_gas'?"
        ],
    ),
    "growth that ends early": (
        change("inputs/toy/growth.csv", "boiler,,,,,2019", "boiler,,,,,2018"),
        [
            "toy/growth.csv, row 2, year: growth ends in 2018, the scenario runs to 2019; "
            "give the factor of 2019"
        ],
    ),
    "several faults in several files": (
        several,
        [
            "plans/toy_plan.csv, row 2, strength: 'bounding' is not one of the choices; "
            "did you mean 'binding'?",
            "reference/fuels.csv, row 5, group: 'gass' is not one of the choices; did you mean 'gas'?",
            "toy/boilers.csv, row 2, activity: '-5' is less than 0; give 0 or more",
            "toy/boilers.csv, row 5, year: '17' is not a year; give a year from 1900 to 2100",
        ],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_said_and_nothing_is_written(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil, expected = FAULTS[name]
    spoil(folder)
    before = files(folder)
    assert call(folder, "run") == 2
    printed = capsys.readouterr()
    assert said(printed.err, folder) == [*expected, f"{len(expected)} fault(s); nothing was written"]
    assert printed.out == ""
    assert files(folder) == before
    assert not (folder / "out").exists()


SETTINGS = {
    "limts.X=1": "--set, limts: is not a key of the grammar; did you mean 'limits'?",
    "limits.T-SO3.at_most=5 t": "--set, limits.T-SO3: is not an entry; did you mean 'T-SO2'?",
    "solver.gapp=1": "--set, solver.gapp: is not a key of the grammar; did you mean 'gap'?",
    "discount_rate": "--set: 'discount_rate' is not a setting; write path.to.key=value",
    "limits.T-SO3=null": "--set, limits.T-SO3: 'null' removes nothing; did you mean 'T-SO2'?",
    "limits.ENERGY.at_most=3 km": "--set, limits.ENERGY.at_most: '3 km' is not an amount of primary_energy, "
    "which is in GJ/yr; write it in GJ",
}


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_that_can_not_be(
    setting: str, command: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(folder, command, "--set", setting) == 2
    assert said(capsys.readouterr().err, folder) == [SETTINGS[setting], "1 fault(s); nothing was written"]
    assert not (folder / "out").exists()
