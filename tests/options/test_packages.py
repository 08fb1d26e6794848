"""Which states are within reach."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.base.faults import InputError
from model.options.blocks import make_blocks
from model.options.packages import read_measures, slots_of_controls
from tests.baseline.world import World, coal_boiler
from tests.options.catalogue import CLOSE, FGD, GAS, SNCR, boiler_world, measure, options_of

BAG = measure("bag", "PM", fits_fuel="coal", fits_no_control="bag", adds_controls="bag")
LNB = measure("lnb", "burner", fits_fuel="natural_gas", adds_controls="lnb")


def _labels(world: World, source: str = "b1") -> list[str]:
    sources = world.baseline().inventory.sources
    measures = list(read_measures(world.tables).values())
    at = sources.index.get_loc(source)
    for block in make_blocks(sources, measures, slots_of_controls(world.tables)):
        if at in block.sources:
            return [state.label for state in block.states]
    raise AssertionError(source)


def test_packages_of_a_boiler(tmp_path: Path) -> None:
    world = boiler_world(tmp_path, [FGD, SNCR, GAS, LNB, CLOSE], [])
    # The closing measure comes first by slot, then fuel, burner, SO2, NOx; gas drops the bag.
    assert _labels(world) == [
        "coal/grate/bag",
        "closed",
        "natural_gas/gas_boiler",
        "natural_gas/gas_boiler/lnb",
        "coal/grate/fgd_wet+bag",
        "coal/grate/fgd_wet+sncr+bag",
        "coal/grate/sncr+bag",
    ]


def test_at_most_three_measures(tmp_path: Path) -> None:
    rows = (coal_boiler(controls=""),)
    staged = measure("staged", "burner", fits_fuel="coal", adds_controls="lnb")
    labels = _labels(boiler_world(tmp_path, [FGD, SNCR, BAG, staged], [], rows=rows))
    # 1 + 4 + 6 + 4 packages of 0, 1, 2, 3 out of four.
    assert len(labels) == 15
    assert "coal/grate/lnb+fgd_wet+sncr+bag" not in labels


def test_one_control_of_a_slot_and_one_measure_of_a_slot(tmp_path: Path) -> None:
    both = measure("both", "operation", fits_fuel="coal", adds_controls="fgd_wet+scr")
    other = measure("other", "SO2", fits_fuel="coal", fits_no_control="fgd_ule", adds_controls="fgd_ule")
    labels = _labels(boiler_world(tmp_path, [FGD, other, SNCR, both], []))
    assert labels == [
        "coal/grate/bag",
        "coal/grate/fgd_wet+bag",
        "coal/grate/fgd_wet+sncr+bag",
        "coal/grate/fgd_ule+bag",
        "coal/grate/fgd_ule+sncr+bag",
        "coal/grate/sncr+bag",
        "coal/grate/fgd_wet+scr+bag",
    ]


@pytest.mark.parametrize(
    ("columns", "fits"),
    [
        ({"min_capacity": 10}, True),
        ({"min_capacity": 10.5}, False),
        ({"below_capacity": 10}, False),
        ({"below_capacity": 10.5}, True),
        ({"fits_technology": "cfb"}, False),
        ({"fits_technology": "cfb+grate"}, True),
        ({"fits_control": "bag+scr"}, True),
        ({"fits_control": "fgd_wet"}, False),
        ({"fits_no_control": "bag"}, False),
        ({"fits_class": "power_unit"}, False),
        ({"fits_where": "gas_access=trunk|lng"}, True),
        ({"fits_where": "gas_access=lng"}, False),
        ({"fits_where": "network=*"}, False),
        ({"fits_where": "duty=heating; zone=park|city_built_up"}, True),
        ({"fits_where": "outside_account=no; capacity=10"}, True),
        ({"fits_where": "outside_account=yes"}, False),
    ],
)
def test_what_a_measure_fits(tmp_path: Path, columns: dict[str, object], fits: bool) -> None:
    one = measure("one", "SO2", **{"fits_fuel": "coal", "adds_controls": "fgd_wet", **columns})
    assert len(_labels(boiler_world(tmp_path, [one], []))) == 1 + fits


def test_sources_alike_but_for_a_threshold_are_told_apart(tmp_path: Path) -> None:
    small = measure("small", "SO2", fits_fuel="coal", adds_controls="fgd_wet", below_capacity=20)
    rows = (coal_boiler("b1", capacity=19.9), coal_boiler("b2", capacity=20), coal_boiler("b3", capacity=35))
    world = boiler_world(tmp_path, [small], [], rows=rows)
    assert [len(_labels(world, b)) for b in ("b1", "b2", "b3")] == [2, 1, 1]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"fits_where": "gas_access"},
            "fits_where: 'gas_access' can not be read; write ATTRIBUTE=VALUE|VALUE",
        ),
        ({"fits_where": "gas_acces=lng"}, "'gas_acces' is not an attribute; did you mean 'gas_access'?"),
    ],
)
def test_faults_of_measures(tmp_path: Path, columns: dict[str, object], message: str) -> None:
    one = measure("one", "SO2", **{"adds_controls": "fgd_wet", **columns})
    world = boiler_world(tmp_path, [one], [])
    with pytest.raises(InputError) as error:
        read_measures(world.tables)
    assert message in str(error.value)
    assert "reference/measures.csv, row 2" in str(error.value)


def test_a_measure_that_fits_nothing(tmp_path: Path) -> None:
    none = measure("none", "SO2", fits_class="cement_kiln", fits_fuel="natural_gas", adds_controls="fgd_wet")
    world = boiler_world(tmp_path, [none, FGD], [])
    assert options_of(world).unused == ("none",)
    named = boiler_world(tmp_path / "named", [none, FGD], [], "measures: {none: {first_year: 2019}}\n")
    with pytest.raises(InputError, match=r"measures.none: 'none' fits no source of the region; leave it out"):
        options_of(named)
    wrong = boiler_world(tmp_path / "wrong", [FGD], [], "measures: {fdg: {available: false}}\n")
    with pytest.raises(InputError, match=r"'fdg' is not in measures.csv; did you mean 'fgd'\?"):
        options_of(wrong)
