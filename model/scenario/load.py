"""Reads a scenario file into a frozen Scenario."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from model.base.faults import Fault, InputError
from model.scenario.document import merge, read_document, setting
from model.scenario.grammar import parse_scenario
from model.scenario.scenario import Scenario, Sweep
from model.scenario.tree import Node, Place, locate, places, plain

__all__ = ["Scenario", "load_scenario", "varied"]


def load_scenario(path: Path, settings: Sequence[str] = ()) -> Scenario:
    """The scenario of a file, with what it extends below it and settings (`a.b.c=value`) on top.

    Raises:
        InputError: every fault, with the file and line where the value was written.
    """
    tree = read_document(path, settings)
    scenario, faults = _parse(tree, path)
    if not faults and scenario.sweep is not None:
        faults = _sweep_faults(tree, path, scenario.sweep)
    if faults:
        raise InputError(faults)
    return scenario


def varied(tree: Node, path: Path, values: Mapping[str, str]) -> Scenario:
    """The scenario of a tree with other values at some dotted paths, and without its sweep.

    Raises:
        InputError: the grammar refuses a value.
    """
    assert isinstance(tree.value, dict)
    kept = Node({key: child for key, child in tree.value.items() if key != "sweep"}, tree.file, tree.line)
    for name, value in values.items():
        kept = merge(kept, setting(f"{name}={value}"))
    scenario, faults = _parse(kept, path)
    if faults:
        raise InputError(faults)
    return scenario


def _parse(tree: Node, path: Path) -> tuple[Scenario, list[Fault]]:
    written = places(tree)
    scenario, faults = parse_scenario(plain(tree), path, written)
    located = [_locate(fault, written) for fault in faults]
    return scenario, sorted(located, key=lambda fault: (fault.file, fault.row or 0, fault.column or ""))


def _locate(fault: Fault, written: Mapping[str, Place]) -> Fault:
    place = locate(fault.column or "", written)
    return dataclasses.replace(fault, file=place.file, row=place.line, column=fault.column or None)


def _sweep_faults(tree: Node, path: Path, sweep: Sweep) -> list[Fault]:
    """What would be wrong with the scenario at the values of its sweep, said of the sweep."""
    written = places(tree)
    found: list[Fault] = []
    for name, values in sweep.over.items():
        for value in values if isinstance(values, tuple) else values.amounts:
            changed = merge(tree, setting(f"{name}={value}"))
            for fault in _parse(changed, path)[1]:
                moved = dataclasses.replace(fault, column=f"sweep.over.{name}", value=value)
                found.append(_locate(moved, written))
    return found
