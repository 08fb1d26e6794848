"""The miniature region with observations, and its calibration."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from model.calibration.calibrate import Calibrated, calibrate
from model.calibration.observe import Observed, observe
from model.inventory.emissions import Inventory, build_inventory
from model.inventory.uncertain.parameters import Parameters, parameters
from model.tables.read import Tables

ACCOUNTS = ("other", "census_2017", "control_total")


def observation(
    quantity: str, where: str | None, value: float, unit: str, **more: object
) -> dict[str, object]:
    """A row of observations, known to 95 % within a fifth."""
    names = {"observation": f"{quantity} of {where}", "quantity": quantity, "where": where, "year": 2017}
    known = {"value": value, "unit": unit, "low": value / 1.2, "high": value * 1.2}
    return {
        **names,
        "area": "150000",
        "account": "other",
        "citation": "MANUAL",
        "rating": "B",
        **known,
        **more,
    }


def with_observations(tables: Tables, *rows: dict[str, object]) -> Tables:
    """The tables with these observations alone."""
    columns = tables.frame["observations"].columns
    frame = pd.DataFrame(rows).reindex(columns=columns).assign(file="toy/observations.csv", row=2)
    return replace(tables, frame={**tables.frame, "observations": frame})


def observed(tables: Tables, *rows: dict[str, object]) -> tuple[Inventory, Observed]:
    told = with_observations(tables, *rows)
    inventory = build_inventory(told, 2017, None, {})
    return inventory, observe(inventory, told, ACCOUNTS)


def calibrated(tables: Tables, *rows: dict[str, object]) -> tuple[Inventory, Parameters, Calibrated]:
    inventory, seen = observed(tables, *rows)
    known = parameters(inventory, tables)
    return inventory, known, calibrate(inventory, tables, known, seen)
