"""Published ranges of emission factors beside the tables: none that is missed is passed over in silence."""

from __future__ import annotations

import pandas as pd

from model.inventory.emissions import Inventory
from model.inventory.review.published import Published, published
from model.tables.read import Tables

KEPT = "Kept:"
"""How the `about` of a published range says why a figure outside of it stays."""


def compare(tables: Tables, inventory: Inventory) -> list[Published]:
    """As `published`; raises LookupError where a value is outside and `about` does not say why it is kept."""
    found = published(tables, inventory)
    silent = [one for one in found if not one.inside and KEPT not in one.row["about"]]
    if silent:
        named = "; ".join(f"{_name(one.row)}: {one.value:.4g} {one.row['unit']}" for one in silent)
        raise LookupError(f"outside its published range without '{KEPT}' and a reason: {named}")
    return found


def _name(row: pd.Series) -> str:
    parts = [row["class"], row["fuel"], row["technology"], row["of"], row["pollutant"]]
    return " ".join(str(part) for part in parts if not pd.isna(part))
