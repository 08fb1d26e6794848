"""Enabling investments: what each supplies, from when, at what cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from model.base.faults import Fault, InputError, nearest
from model.base.finance import annuity
from model.base.frames import records
from model.base.units import UnitError, convert
from model.base.words import QUANTITIES, SUPPLIES
from model.inventory.sources import nesting, place_of
from model.scenario.scenario import ProjectOption, Scenario
from model.tables.read import Tables

DEMAND = "boiler.heating"
"""Profile of what takes the heat that a plant gives while it runs (`runs_like`)."""
MADE = (
    *("plant_fuel", "plant_technology", "plant_controls", "plant_capacity", "power_mwh_per_unit"),
    "variable_cny_per_unit",
)
"""Columns of projects that say how the supply is made."""
NAMED = ("project", "name", "name_zh", "area", "serves", "supplies", "kind", "payer", *MADE)


def read_projects(tables: Tables, scenario: Scenario) -> pd.DataFrame:
    """Every project as the scenario has it, a row each.

    Columns: source (`project.ID`), those of the table that name it and say how its supply is made, city,
    county and within (frozenset of the areas that contain it), served (what it serves and, of an area, what
    contains that), calibration, supply (in the unit of the quantity, a year), loads (load -> supply at peak
    and, of heat, with the largest source out), status, first_year, overnight CNY, lifetime yr, fixed CNY/yr,
    annuity CNY/yr. Money is of the scenario's price year. Existing and committed projects cost nothing more;
    optional ones are sources of two states, not_built and built, with the capital on the move.
    Waste heat comes only while its plant runs: see `_Season.part`.

    Raises:
        InputError: a unit of peak load of another dimension, an optional project without lifetime, a
            project of the scenario that is not in the table, a profile that is missing.
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
    season = _Season(tables)
    above = nesting(tables.frame["areas"].set_index("area"))
    for row in records(frame):
        option = scenario.projects.get(row["project"], ProjectOption())
        status = option.status or row["status"]
        optional = status == "optional"
        wanted, own = option.capacity, QUANTITIES[row["supplies"]].unit
        if wanted is not None and wanted.relation == "plain" and wanted.value and wanted.unit != own:
            where = (str(scenario.path), None, f"projects.{row['project']}.capacity", wanted.unit)
            faults.append(Fault(*where, f"is no unit of {row['supplies']}", f"write it in {own}"))
            continue
        supply, share = _supply(row, option)
        yearly, at_peak = season.part(row, faults)
        if optional and not row["lifetime"] > 0:
            faults.append(Fault(row["file"], row["row"], "lifetime", None, "is missing", "give the years"))
            continue
        capital = np.nan_to_num(row["capital_cny"]) * share * optional
        first = option.first_year if option.first_year is not None else row["first_year"]
        rows.append(
            {
                "source": f"project.{row['project']}",
                **{name: row[name] for name in NAMED},
                **_place(row, above, scenario),
                "supply": supply * yearly,
                "loads": {name: load * share * at_peak for name, load in _loads(row, faults).items()},
                "status": status,
                "first_year": scenario.start if pd.isna(first) else int(first),
                "overnight": capital,
                "lifetime": row["lifetime"],
                "fixed": np.nan_to_num(row["fixed_om_cny"]) * share * optional,
            }
        )
    if faults:
        raise InputError(faults)
    columns = [
        *("source", *NAMED, "city", "county", "within", "served", "calibration", "supply", "loads", "status"),
        *("first_year", "overnight", "lifetime", "fixed"),
    ]
    return discounted(pd.DataFrame(rows, columns=columns), scenario.discount_rate)


def discounted(projects: pd.DataFrame, rate: float) -> pd.DataFrame:
    """The projects with the annuity of each at a discount rate."""
    built = zip(projects["overnight"], projects["lifetime"], projects["status"] == "optional", strict=True)
    yearly = [capital * annuity(rate, life) if optional else 0.0 for capital, life, optional in built]
    return projects.assign(annuity=np.array(yearly, dtype=float))


def _place(
    row: Mapping[Any, Any], above: Mapping[str, tuple[str, str]], scenario: Scenario
) -> dict[str, Any]:
    city, county, within = place_of(row["area"], above, scenario.areas)
    served = place_of(row["serves"], above, {})[2] | {row["serves"]}
    place = {"city": city, "county": county, "within": within, "served": served}
    return {**place, "calibration": scenario.calibration}


def _supply(row: Mapping[Any, Any], option: ProjectOption) -> tuple[float, float]:
    """Supply a year in the quantity's unit, and the share it is of what the table says (capital goes with
    it).
    """
    wanted_unit = QUANTITIES[row["supplies"]].unit
    yearly = wanted_unit.endswith("/yr") and not row["unit"].endswith(("/yr", "/a"))
    table = convert(float(row["capacity"]), f"{row['unit']}/yr" if yearly else row["unit"], wanted_unit)
    if option.capacity is None:
        return table, 1.0
    wanted = option.capacity.value * (table if option.capacity.relation == "percent_of" else 1.0)
    return wanted, wanted / table if table else 1.0


def _loads(row: Mapping[Any, Any], faults: list[Fault]) -> dict[str, float]:
    """Supply of each load that goes with what the project supplies; without a peak it has none."""
    loads = SUPPLIES[str(row["supplies"])]
    if not loads or pd.isna(row["peak"]):
        return {}
    given = (row["peak"], row["peak"] if pd.isna(row["secured"]) else row["secured"])
    try:
        return {
            load: convert(float(value), str(row["peak_unit"]), QUANTITIES[load].unit)
            for load, value in zip(loads, given, strict=False)  # gas has a peak only
        }
    except UnitError as error:
        place = (row["file"], row["row"], "peak_unit", str(row["peak_unit"]))
        faults.append(Fault(*place, error.wrong, error.right))
        return {}


class _Season:
    """What is left of heat that stops with its plant."""

    def __init__(self, tables: Tables) -> None:
        profiles = tables.frame["profiles"].set_index("profile")
        months = [c for c in profiles.columns if pd.api.types.is_float_dtype(profiles[c])][:12]
        shares = profiles[months].to_numpy(float)
        self._shares = dict(zip(profiles.index.astype(str), shares, strict=True))

    def part(self, row: Mapping[Any, Any], faults: list[Fault]) -> tuple[float, float]:
        """Parts of the yearly supply and of the peak that can be used.

        With the demand's share d of each month and the plant running at r = its month's share over that of
        its busiest month: the sum of d x r, and r in the month of the greatest demand.
        """
        profile = row["runs_like"]
        if pd.isna(profile):
            return 1.0, 1.0
        if DEMAND not in self._shares:
            wrong = f"needs the profile {DEMAND} of the heat demand"
            faults.append(
                Fault(row["file"], row["row"], "runs_like", profile, wrong, "add it to profiles.csv")
            )
            return 1.0, 1.0
        demand, plant = self._shares[DEMAND], self._shares[str(profile)]
        runs = plant / plant.max()
        return float(demand @ runs), float(runs[demand.argmax()])
