"""Twins of the calibration of Inner Mongolia: truths drawn from the tables, observed as the census does."""

from __future__ import annotations

from pathlib import Path

from benchmarks.twins import cover
from model.calibration.calibrate import calibrate
from model.calibration.observe import observe
from model.inventory.emissions import build_inventory
from model.inventory.uncertain.draws import used_parameters
from model.inventory.uncertain.parameters import parameters
from model.tables.read import read_tables
from tests.levels import LONG

INPUTS = Path(__file__).parents[2] / "inputs"


@LONG
def test_intervals_hold_the_truth_of_twins() -> None:
    """Of all numbers and of the totals observed, nine in ten; a fit takes less than a second."""
    tables = read_tables(INPUTS, "inner_mongolia")
    inventory = build_inventory(tables, 2017, None, {})
    every = parameters(inventory, tables)
    known = every.narrowed(used_parameters(inventory, tables, every))
    inversion = calibrate(inventory, tables, known, observe(inventory, tables, ["census_2017"])).fit.inversion
    found = cover(inversion, inversion.weight, twins=40, draws=1, seed=0)
    assert 0.85 <= found.parameters <= 0.95
    assert 0.85 <= found.totals <= 0.95
    assert found.converged == 1
    assert found.seconds < 1
