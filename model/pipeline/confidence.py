"""The command `confidence`: what it costs to meet one limit with more and more certainty."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from model.base.faults import Fault, InputError, nearest
from model.pipeline.clock import Clock
from model.pipeline.prepare import Prepared, read_all
from model.pipeline.run import build_cases
from model.report.studies.confidence import write_confidence_figure
from model.results.write import beside, write_csv
from model.scenario.scenario import Scenario
from model.studies.robust.asked import LEAST, confidence_faults
from model.studies.robust.levels import level_curve, with_level
from model.studies.robust.robust import make_uncertain

GAP = 1e-3
"""Gap at which a plan is good enough, where the scenario's own is less."""

FIGURES = "confidence_figures"
"""Folder of the figure, within that of the scenario."""

PER_CENT = 100.0


@dataclass(frozen=True)
class Asked:
    """limit: id of the entry whose confidence moves. levels: in per cent."""

    limit: str
    levels: tuple[float, ...]


def confidence(
    paths: Sequence[Path], settings: Sequence[str], inputs: Path, out: Path, asked: Asked, lang: str = "en"
) -> int:
    """Write OUT/SCENARIO/confidence_curve.csv and its figure of each scenario, beside what `run` wrote.

    Returns 0, or 1 when some level was not reached.

    Raises:
        InputError: something in the input of any of them is wrong; nothing is written then.
    """
    prepared = read_all(
        paths,
        settings,
        inputs,
        lambda scenario: _limit_faults(scenario, asked.limit),
        _level_faults(asked.levels),
    )
    made = [scenario_levels(each, asked) for each in prepared]
    for each, frame in zip(prepared, made, strict=True):
        target = out / each.scenario.name
        with beside(target) as where:
            write_csv(frame, where / "confidence_curve.csv")
            write_confidence_figure(frame, lang, where / FIGURES)
        lines = [f"{each.scenario.name}: confidence of {asked.limit}", *_said(frame), f"written to {target}"]
        sys.stdout.write("\n".join([*lines, ""]))
    return int(any((frame["status"] == "infeasible").any() for frame in made))


def scenario_levels(prepared: Prepared, asked: Asked) -> pd.DataFrame:
    """confidence_curve.csv of one scenario.

    Raises:
        InputError: the tables or the scenario say too little, or the limit has no bound that is imposed.
    """
    levels = [level / PER_CENT for level in asked.levels]
    scenario = with_level(prepared.scenario, asked.limit, min(levels))
    clock = Clock(scenario.name)
    built = build_cases(replace(prepared, scenario=scenario), clock)
    if built.faults:
        raise InputError(built.faults)
    assert built.inventory is not None
    with clock.stage("uncertain numbers"):
        uncertain = make_uncertain(prepared.tables, scenario, built.inventory, built.cases["plan"])
    if not any(uncertain.imposed):
        raise InputError([_fault(asked.limit, "has no bound that is imposed", "choose another limit")])
    options = replace(scenario.solver, gap=max(GAP, scenario.solver.gap))
    with clock.stage("levels"):
        return level_curve(uncertain, asked.limit, levels, options)


def _fault(value: str, wrong: str, right: str) -> Fault:
    return Fault("--limit", None, None, value, wrong, right)


def _level_faults(levels: Sequence[float]) -> list[Fault]:
    """Levels that are no confidence."""
    right = f"write per cent, from {PER_CENT * LEAST:g} to below 100"
    found = [
        Fault("--levels", None, None, f"{level:g}", "is no confidence", right)
        for level in levels
        if not PER_CENT * LEAST <= level < PER_CENT
    ]
    twice = sorted(level for level in set(levels) if levels.count(level) > 1)
    again = [Fault("--levels", None, None, f"{level:g}", "is there twice", "keep one") for level in twice]
    return found + again


def _limit_faults(scenario: Scenario, limit: str) -> list[Fault]:
    """What is wrong with a confidence on this limit of a scenario."""
    if limit not in scenario.limits:
        return [_fault(limit, f"is no limit of {scenario.name}", nearest(limit, scenario.limits))]
    if not scenario.limits[limit].enforce:
        return [_fault(limit, "is not imposed", "choose another limit")]
    if scenario.solver.method == "evaluate":
        return [_fault(limit, "is judged by a given plan", "write another solver.method")]
    return confidence_faults(with_level(scenario, limit, LEAST))


def _said(frame: pd.DataFrame) -> list[str]:
    """A line for each level."""
    lines = []
    for level, rows in frame.groupby("confidence"):
        first = rows.iloc[0]
        met = ", ".join(f"{row.attained:.1%} in {row.year}" for row in rows.itertuples())
        if first["status"] == "infeasible":
            lines.append(f"  {level:.0%}: no plan found; the nearest meets it in {met} of the draws")
            continue
        lines.append(
            f"  {level:.0%}: {first['cost_cny'] / 1e6:,.2f} million CNY, "
            f"{first['extra_cny'] / 1e6:+,.2f} over the plain plan (gap {first['gap']:.1e}); met in {met}"
        )
    return lines
