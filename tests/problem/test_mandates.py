"""Mandates, and what each case imposes how strongly, against moves picked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.base.words import STRENGTHS
from tests.problem.two_boilers import problem_of


@pytest.mark.parametrize(
    ("when", "first"),
    [
        ("by: 2019", 1),
        ("by: 2019-06-30", 1),
        ("from: 2019-01-01", 0),
        ("from: 2019-10-01", 1),
        ("by: 2016", 0),
    ],
)
def test_dates_of_mandates(tmp_path: Path, when: str, first: int) -> None:
    where = "where: {class: boiler, capacity_tph: {at_most: 10}}"
    text = f"mandates: {{M: {{{where}, not_in: {{fuel: coal}}, {when}}}}}\n"
    problem = problem_of(tmp_path, text)
    assert set(problem.forbid_from.tolist()) == {first}
    coal = {k for k in range(problem.state_start[1]) if problem.state_label[k].startswith("coal/")}
    assert set(problem.forbid_state.tolist()) == coal
    assert problem.allowed()[problem.state_start[0]].tolist() == [y < first for y in range(3)]


def test_only_in_forbids_the_others(tmp_path: Path) -> None:
    problem = problem_of(
        tmp_path, "mandates: {M: {where: {class: boiler}, only_in: {fuel: natural_gas}, by: 2020}}\n"
    )
    labels = problem.state_label[problem.forbid_state]
    assert not any(label.startswith("natural_gas/") for label in labels)
    assert len(labels) == sum(
        not k.startswith("natural_gas/") for k in problem.state_label[: problem.state_start[2]]
    )


def test_cases(tmp_path: Path) -> None:
    """current_law imposes supply, build rates and mandates in law; frozen nothing; every case has every
    limit.
    """
    text = (
        "limits: {T: {quantity: SO2, at_most: {2020: 300 t}}, "
        "GAS: {quantity: natural_gas, year: 2020, at_most: supply}, "
        "R: {quantity: units_completed, year: 2020, at_most: 1}, "
        "OFF: {quantity: SO2, at_most: {2020: 1 t}, enforce: false}}\n"
        "mandates: {A: {where: {class: boiler}, not_in: {fuel: coal}, by: 2020, already_law: true}, "
        "B: {where: {class: truck}, not_in: {fuel: coal}, by: 2020}}\n"
    )
    found = {}
    for case in ("frozen", "current_law", "plan"):
        problem = problem_of(tmp_path / case, text, case)
        found[case] = (problem.enforced.tolist(), problem.mandate.tolist())
        assert problem.limit.tolist() == ["T/2020", "GAS/2020", "R/2020", "OFF/2020"]
    assert found == {
        "frozen": ([False] * 4, []),
        "current_law": ([False, True, True, False], ["A"]),
        "plan": ([True, True, True, False], ["A", "B"]),
    }


def test_strength_of_clauses(tmp_path: Path) -> None:
    """The strongest of several clauses; binding where nothing says otherwise."""
    text = (
        "limits: {A: {clause: [X, Y], quantity: SO2, at_most: {2020: 1 t}}, "
        "B: {quantity: SO2, at_most: {2020: 1 t}}}\n"
    )
    problem = problem_of(tmp_path, text, strengths={"X": "strive", "Y": "about"})
    assert [STRENGTHS[s] for s in problem.strength] == ["about", "binding"]
