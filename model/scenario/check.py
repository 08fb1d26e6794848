"""What can only be checked of a scenario once the tables are known: its clauses, and the names it uses."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from model.base.faults import Fault, nearest
from model.base.select import Selector
from model.base.words import QUANTITIES
from model.scenario.document import ENTRIES
from model.scenario.scenario import Change, Entry, Limit, Mandate, Scenario, ShareOf
from model.scenario.tree import locate


def clause_faults(scenario: Scenario, clauses: Collection[str]) -> list[Fault]:
    """Every clause of the register is answered, by entries or by a reason in not_modelled, never by both.

    Several entries may answer one clause if each of them says so with `clause`. An entry without `clause`
    whose id is not in the register answers none (a physical limit).

    Args:
        scenario: as loaded.
        clauses: ids of the register of the scenario.
    """
    faults = []
    answers: dict[str, list[str]] = {clause: [] for clause in clauses}
    bare: set[str] = set()
    for section, entry in _entries(scenario):
        path = f"{section}.{entry.id}"
        for clause in entry.clauses:
            if clause in answers:
                answers[clause].append(path)
                if not entry.stated:
                    bare.add(path)
            elif entry.stated:
                advice = nearest(clause, answers)
                faults.append(_fault(scenario, f"{path}.clause", clause, "is not in the register", advice))
    for clause, paths in answers.items():
        faults += _twice(scenario, clause, paths, bare)
        if not paths and clause not in scenario.not_modelled:
            advice = "write an entry, or a reason in not_modelled"
            faults.append(_fault(scenario, "", clause, "is answered by no entry", advice))
    for clause in scenario.not_modelled:
        if clause not in answers:
            path = f"not_modelled.{clause}"
            faults.append(_fault(scenario, path, None, "is not in the register", nearest(clause, answers)))
    return faults


def name_faults(scenario: Scenario, known: Mapping[str, Collection[str]]) -> list[Fault]:
    """Names that a scenario uses and the tables do not have.

    Args:
        scenario: as loaded.
        known: by attribute (class, fuel, technology, area, network ..) the values there are; further measure,
            project, price, price_year, growth, calibration, and response (attributes that a change can set).
            What has no list is not checked.
    """
    used = [*_selected(scenario), *_listed(scenario)]
    faults = []
    for path, kind, name in used:
        if kind in known and name not in known[kind]:
            value = None if path.endswith(f".{name}") else name
            faults.append(_fault(scenario, path, value, f"is not a known {kind}", nearest(name, known[kind])))
    return faults


def _twice(scenario: Scenario, clause: str, paths: list[str], bare: set[str]) -> Iterator[Fault]:
    if paths and clause in scenario.not_modelled:
        wrong = f"is answered by {paths[0]} as well"
        yield _fault(scenario, f"not_modelled.{clause}", None, wrong, "remove one of them")
    silent = [path for path in paths if path in bare]
    if len(paths) > 1 and silent:
        others = " and ".join(path for path in paths if path != silent[0])
        advice = f"if both are meant, write clause: {clause} in it too"
        yield _fault(scenario, silent[0], None, f"answers a clause that {others} answers as well", advice)


def _entries(scenario: Scenario) -> Iterator[tuple[str, Entry]]:
    for section in ENTRIES:
        for entry in getattr(scenario, section).values():
            yield section, entry


def _selectors(entry: Entry) -> Iterator[tuple[str, Selector | None]]:
    """Every selector of an entry that tests sources or receptors, with its path below the entry."""
    yield "where", entry.where
    if isinstance(entry, Limit):
        yield "states", entry.states
        yield "at", entry.at
        if isinstance(entry.share_of, ShareOf):
            yield "share_of.where", entry.share_of.where
            yield "share_of.states", entry.share_of.states
    if isinstance(entry, Mandate):
        yield "not_in", entry.not_in
        yield "only_in", entry.only_in


def _selected(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """(path, attribute, value) of every value in a selector; names of areas are those of the scenario."""
    for section, entry in _entries(scenario):
        for below, selector in _selectors(entry):
            for group in selector.alternatives if selector else ():
                for condition in group:
                    for value in condition.values:
                        if isinstance(value, str) and value not in scenario.areas:
                            yield f"{section}.{entry.id}.{below}", condition.attribute, value


def _listed(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """(path, kind, name) of every other name."""
    for name, area in scenario.areas.items():
        yield from ((f"areas.{name}", "area", adcode) for adcode in area)
    growth = scenario.growth
    tables = {"part_year": "class", "measures": "measure", "projects": "project", "prices": "price"}
    for section, kind in tables.items():
        yield from ((f"{section}.{name}", kind, name) for name in getattr(scenario, section))
    if isinstance(growth, str):
        yield "growth", "growth", growth
    elif growth is not None:
        yield from ((f"growth.{name}", "class", name) for name in growth)
    yield "price_year", "price_year", str(scenario.price_year)
    if scenario.calibration is not None:
        yield "calibration", "calibration", scenario.calibration
    for entry in scenario.changes.values():
        yield from _set(entry)


def _set(entry: Change) -> Iterator[tuple[str, str, str]]:
    """Attributes that a change sets; activity and totals of the region need no response."""
    names = (name for name in entry.set if name not in QUANTITIES)
    yield from ((f"changes.{entry.id}.set.{name}", "response", name) for name in names)


def _fault(scenario: Scenario, path: str, value: str | None, wrong: str, right: str) -> Fault:
    place = locate(path, scenario.places)
    return Fault(place.file, place.line if path else None, path or None, value, wrong, right)
