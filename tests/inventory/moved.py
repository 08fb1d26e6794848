"""The tables as they would be with other values of their uncertain numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from model.inventory.lookup import Floats
from model.inventory.uncertain.parameters import Parameters
from model.tables.read import Tables


def moved(tables: Tables, parameters: Parameters, theta: Floats) -> Tables:
    """Tables in which what every parameter of factors and controls stands for is multiplied by
    exp(theta), theta [J]."""

    def times(name: str) -> Floats:
        found = parameters.of_rows(tables.frame[name])
        return np.exp(np.append(theta, 0.0)[found])

    factors, fuels = tables.frame["emission_factors"], tables.frame["fuels"]
    frames = {
        "emission_factors": factors.assign(value=factors["value"] * times("emission_factors")),
        "fuels": fuels.assign(co2_kg_per_gj=fuels["co2_kg_per_gj"] * times("fuels")),
        "controls": _controls(tables.frame["controls"], times("controls")),
    }
    return replace(tables, frame={**tables.frame, **frames})


def _controls(table: pd.DataFrame, times: Floats) -> pd.DataFrame:
    """Remainders, outlets and what is added times `times`; no more than everything is let through."""
    removes = table["removal"] > 0
    reach = (table["capture"] * table["running_share"]).where(table["outlet_mg_m3"].isna(), 1.0)
    remainder = np.minimum((1 - reach * table["removal"]) * times, 1.0)
    added = {name: table[name] * times for name in ("added_g_per_gj", "added_g_per_activity", "outlet_mg_m3")}
    return table.assign(removal=((1 - remainder) / reach).where(removes, table["removal"]), **added)
