"""The command `emergency`: lists of a scenario's alerts and of the three national levels; no plan is made."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from model.pipeline.clock import Clock
from model.pipeline.prepare import Prepared, of_each, read_inputs, start_inventory
from model.report.studies.emergency import write_emergency
from model.results.write import folder
from model.studies.emergency.emergency import emergency_lists, national_alerts
from model.studies.emergency.lists import EmergencyResults, emergency_results, write_lists
from model.studies.emergency.ready import Ready, make_ready


def emergency(paths: Sequence[Path], settings: Sequence[str], inputs: Path, out: Path, lang: str) -> int:
    """Write OUT/SCENARIO/emergency/ of each scenario and say what the lists come to. Returns 0.

    Raises:
        InputError: something in the input of any of them is wrong; then nothing is written.
    """
    for prepared, ready in of_each(paths, lambda path: _ready(path, settings, inputs)):
        clock = Clock(prepared.scenario.name)
        with clock.stage("emergency lists"):
            results = emergency_results(
                prepared.scenario, prepared.tables, emergency_lists(ready, prepared.tables)
            )
        target = out / prepared.scenario.name / "emergency"
        with folder(target) as where, clock.stage("write"):
            write_lists(results, where)
            write_emergency(results, lang, where)
        sys.stdout.write("\n".join([*_said(results), f"written to {target}", ""]))
    return 0


def _ready(path: Path, settings: Sequence[str], inputs: Path) -> tuple[Prepared, Ready]:
    prepared = read_inputs(path, settings, inputs)
    alerts = tuple(prepared.scenario.alerts.values())
    asked = (*alerts, *national_alerts(alerts))
    inventory = start_inventory(prepared)
    return prepared, make_ready(prepared.scenario, prepared.tables, inventory, asked)


def _said(results: EmergencyResults) -> list[str]:
    """A line an alert."""
    lines = [f"{results.scenario}: emergency lists on the inventory of {results.start}"]
    for alert, rows in results.summary.groupby("alert", sort=False):
        places = rows.drop_duplicates("group")
        short = rows[rows["status"] == "short"]
        lines.append(
            f"  {alert} ({places['level'].iloc[0]}): {len(places)} places, value lost "
            f"{places['lost_value_cny_per_day'].sum() / 1e6:,.1f} million CNY a day; "
            f"{short['group'].nunique()} places short of a share"
        )
    return lines
