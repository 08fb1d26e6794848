"""The command `uncertainty`: how sure a given plan is, of its emission, its limits and its cost."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from model.base.faults import Fault, InputError
from model.pipeline.clock import Clock
from model.pipeline.given_plan import given_plan, read_given_plan
from model.pipeline.prepare import Prepared, read_all
from model.pipeline.run import Built, attained_plan, build_cases, solve_case
from model.plan import Plan
from model.report.studies.uncertainty import write_uncertainty_figures
from model.results.assemble import city_frame
from model.results.write import beside, write_csv
from model.studies.robust.asked import confident
from model.studies.uncertainty.given import make_given
from model.studies.uncertainty.uncertainty import Asked, Found, uncertainty

FOLDER = "uncertainty"
"""Folder of the results, within that of the scenario."""
FIGURES = "figures"
LEAST_DRAWS = 100
LEAST_MEMORY = 50
"""MB."""
MOST_DRAWS, MOST_SOBOL = 1_000_000, 2**16
"""More numbers than fit into the memory of a machine."""
MEGA = 1_000_000
POLLUTANTS_SAID = ("SO2", "NOx", "VOCs", "PM2.5")


@dataclass(frozen=True)
class Wish:
    """plan: a file as `run` writes plan.csv; without one that of OUT/SCENARIO, else the plan is solved.

    memory: MB for draws beside those of the numbers; sobol: base sample of the indices, 0 = none.
    """

    plan: Path | None = None
    draws: int = 10_000
    seed: int = 0
    memory: int = 500
    sobol: int = 0


def uncertain_plans(
    paths: Sequence[Path], settings: Sequence[str], inputs: Path, out: Path, wish: Wish, lang: str = "en"
) -> int:
    """Write OUT/SCENARIO/uncertainty/ of each scenario, beside what `run` wrote; returns 0.

    Raises:
        InputError: something in the input of any of them is wrong; nothing is written then.
    """
    prepared = read_all(paths, settings, inputs, faults=_wish_faults(wish, len(paths)))
    made = [(each, _found(each, out / each.scenario.name, wish)) for each in prepared]
    for each, found in made:
        target = out / each.scenario.name
        with beside(target) as where:
            _write(found, where / FOLDER, lang)
        lines = [*_said(each.scenario.name, found), f"written to {target / FOLDER}", ""]
        sys.stdout.write("\n".join(lines))
    return 0


def _wish_faults(wish: Wish, scenarios: int) -> list[Fault]:
    """Numbers that make no sense, and one plan for several scenarios."""
    numbers = (("--draws", wish.draws, LEAST_DRAWS), ("--memory", wish.memory, LEAST_MEMORY))
    found = [
        Fault(name, None, None, str(value), "is too few", f"write {least} or more")
        for name, value, least in numbers
        if value < least
    ]
    asked = (("--draws", wish.draws, MOST_DRAWS), ("--sobol", wish.sobol, MOST_SOBOL))
    found += [
        Fault(name, None, None, str(value), "is too many", f"write {most} or fewer")
        for name, value, most in asked
        if value > most
    ]
    if wish.seed < 0:
        found.append(Fault("--seed", None, None, str(wish.seed), "is negative", "write 0 or more"))
    if wish.sobol and (wish.sobol < 2 or wish.sobol & (wish.sobol - 1)):
        right = "write 64, 128, 256, 512, 1024 ..."
        found.append(Fault("--sobol", None, None, str(wish.sobol), "is no power of 2", right))
    if wish.plan is not None and scenarios > 1:
        wrong = f"is one plan for {scenarios} scenarios"
        found.append(Fault("--plan", None, None, str(wish.plan), wrong, "name one scenario"))
    return found


def _found(prepared: Prepared, written: Path, wish: Wish) -> Found:
    """The uncertainty of the plan of one scenario. written: where `run` writes its results."""
    clock = Clock(prepared.scenario.name)
    built = build_cases(prepared, clock)
    if built.faults:
        raise InputError(built.faults)
    assert built.inventory is not None
    assert built.ground is not None
    plan, origin = _plan(built, written, wish.plan)
    cases = [
        solve_case(prepared.scenario, *built.cases[name], clock, plan if name == "plan" else None)
        for name in ("plan", "frozen")
    ]
    with clock.stage("uncertain numbers"):
        given = make_given(prepared.tables, prepared.scenario, built.inventory, *cases)
    with clock.stage("draws"):
        asked = Asked(wish.draws, wish.seed, wish.memory * MEGA, wish.sobol)
        found = uncertainty(given, built.ground.space.catalogue, city_frame(prepared.tables, cases[0]), asked)
    about = {"scenario": prepared.scenario.name, "scenario_sha256": prepared.scenario.sha256}
    manifest = {**about, "plan": origin, "inputs": dict(prepared.tables.files), **found.manifest}
    return Found(**{**vars(found), "manifest": manifest})


def _plan(built: Built, written: Path, asked: Path | None) -> tuple[Plan | None, str]:
    """The plan to look at, None where it is yet to be found; and where it comes from.

    Raises:
        InputError: the file is no plan of this scenario.
    """
    scenario, problem = built.prepared.scenario, built.cases["plan"][2]
    if asked is not None:
        return read_given_plan(asked, problem), asked.name
    given = given_plan(scenario, problem)
    if given is not None and scenario.plan_file is not None:
        return given, scenario.plan_file.name
    if (written / "plan.csv").is_file():
        return read_given_plan(written / "plan.csv", problem), "plan.csv of the run"
    if confident(scenario):
        return attained_plan(built).plan, "solved here"
    return None, "solved here"


def _write(found: Found, where: Path, lang: str) -> None:
    where.mkdir(parents=True)
    for name, value in vars(found).items():
        if isinstance(value, pd.DataFrame) and len(value):
            write_csv(value, where / f"{name}.csv")
    write_uncertainty_figures(found.emissions, found.limits, found.sobol, lang, where / FIGURES)
    text = json.dumps(found.manifest, indent=2, sort_keys=True, ensure_ascii=False)
    (where / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _said(name: str, found: Found) -> list[str]:
    """What it comes to: emission of the last year, and the limits that are least sure."""
    about = found.manifest
    lines = [f"{name}: plan ({about['plan']}) on {about['draws']} draws of {about['numbers']} numbers"]
    rows = found.emissions
    last = rows["year"].max()
    rows = rows[(rows["case"] == "plan") & (rows["year"] == last) & (rows["city"] == "all")]
    rows = rows[(rows["sector"] == "all") & rows["pollutant"].isin(POLLUTANTS_SAID)]
    for row in rows.to_dict("records"):
        low, value, high = (f"{row[key] / 1000:,.3g}" for key in ("low", "value", "high"))
        lines.append(f"  {row['pollutant']} {last}: {value} kt/yr (95 %: {low} to {high})")
    total = found.cost.iloc[0]
    low, value, high = (f"{total[key] / MEGA:,.0f}" for key in ("low", "value", "high"))
    lines.append(f"  cost: {value} million CNY, present value (95 %: {low} to {high})")
    drawn = found.limits[found.limits["probability"].notna() & found.limits["imposed"]]
    least = drawn.sort_values("probability", kind="stable").head(6).to_dict("records")
    return [*lines, *(f"  {row['limit']}: met in {row['probability']:.1%} of the draws" for row in least)]
