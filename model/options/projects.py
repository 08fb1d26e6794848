"""Enabling investments: what each supplies, from when, at what cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from model.base.faults import Fault, InputError, nearest
from model.base.finance import annuity
from model.base.units import UnitError, convert
from model.base.words import QUANTITIES
from model.scenario.scenario import ProjectOption, Scenario
from model.tables.read import Tables

PEAK_OF = {"network_heat": "peak_heat", "natural_gas": "peak_gas"}
"""The load that a project's `peak` supplies."""


def read_projects(tables: Tables, scenario: Scenario) -> pd.DataFrame:
    """Every project as the scenario has it, a row each.

    Columns: source (`project.ID`), project, name, name_zh, area, serves, supplies, supply (in the unit of the
    quantity, a year), peak_quantity, peak (its unit), status, first_year, overnight CNY, annuity CNY/yr,
    fixed CNY/yr, payer. Money is of the scenario's price year. Existing and committed projects cost nothing
    more; optional ones are sources of two states, not_built and built, with the capital on the move.

    Raises:
        InputError: a unit of peak load of another dimension, an optional project without lifetime, a
            project of the scenario that is not in the table.
    """
    frame = tables.frame["projects"]
    faults = [
        Fault(
            str(scenario.path),
            None,
            f"projects.{p}",
            p,
            "is not in projects.csv",
            nearest(p, frame["project"]),
        )
        for p in scenario.projects
        if p not in set(frame["project"])
    ]
    rows = []
    for row in frame.to_dict("records"):
        option = scenario.projects.get(row["project"], ProjectOption())
        status = option.status or row["status"]
        optional = status == "optional"
        supply, share = _supply(row, option)
        if optional and not row["lifetime"] > 0:
            faults.append(Fault(row["file"], row["row"], "lifetime", None, "is missing", "give the years"))
            continue
        capital = np.nan_to_num(row["capital_cny"]) * share * optional
        first = option.first_year if option.first_year is not None else row["first_year"]
        rows.append(
            {
                "source": f"project.{row['project']}",
                **{
                    name: row[name]
                    for name in ("project", "name", "name_zh", "area", "serves", "supplies", "payer")
                },
                "supply": supply,
                "peak_quantity": PEAK_OF.get(row["supplies"]),
                "peak": _peak(row, faults) * share,
                "status": status,
                "first_year": scenario.start if pd.isna(first) else int(first),
                "overnight": capital,
                "annuity": capital * annuity(scenario.discount_rate, row["lifetime"]) if optional else 0.0,
                "fixed": np.nan_to_num(row["fixed_om_cny"]) * share * optional,
            }
        )
    if faults:
        raise InputError(faults)
    columns = [
        *(
            "source",
            "project",
            "name",
            "name_zh",
            "area",
            "serves",
            "supplies",
            "payer",
            "supply",
            "peak_quantity",
        ),
        *("peak", "status", "first_year", "overnight", "annuity", "fixed"),
    ]
    return pd.DataFrame(rows, columns=columns)


def _supply(row: Mapping[Any, Any], option: ProjectOption) -> tuple[float, float]:
    """Supply a year in the quantity's unit, and the share it is of what the table says (capital goes with
    it).
    """
    given = row["unit"] if row["unit"].endswith(("/yr", "/a")) else f"{row['unit']}/yr"
    table = convert(float(row["capacity"]), given, QUANTITIES[row["supplies"]].unit)
    if option.capacity is None:
        return table, 1.0
    wanted = option.capacity.value * (table if option.capacity.relation == "percent_of" else 1.0)
    return wanted, wanted / table if table else 1.0


def _peak(row: Mapping[Any, Any], faults: list[Fault]) -> float:
    quantity = PEAK_OF.get(str(row["supplies"]))
    if quantity is None or pd.isna(row["peak"]):
        return 0.0
    try:
        return convert(float(row["peak"]), str(row["peak_unit"]), QUANTITIES[quantity].unit)
    except UnitError as error:
        place = (row["file"], row["row"], "peak_unit", str(row["peak_unit"]))
        faults.append(Fault(*place, error.wrong, error.right))
        return 0.0
