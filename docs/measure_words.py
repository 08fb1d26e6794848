"""How docs/measures.md writes amounts, what a measure fits, what it uses and what it makes worse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

UNITS = {"electricity": "MWh", "natural_gas": "m3 gas", "coal": "t coal", "network_heat": "GJ heat"}
RISE = 0.01
"""Share of its sources' own emission from which a rise is told."""
ROW = Mapping[Any, Any]


def number(value: float) -> str:
    """Three figures, thousands apart."""
    if value == 0 or np.isnan(value):
        return "0" if value == 0 else ""
    digits = max(0, 2 - int(np.floor(np.log10(abs(value)))))
    text = f"{round(value, digits):,.{min(digits, 4)}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(",", " ")


def _span(row: ROW) -> str:
    if pd.isna(row["low"]) or pd.isna(row["high"]):
        return number(row["value"])
    return f"{number(row['value'])} ({number(row['low'])} to {number(row['high'])})"


def _unit(row: ROW) -> str:
    if row["unit"] == "1":
        return "of capital a year" if row["per"] == "capital" else ""
    per = {"stock": " each", "source": " a source", "haul": " carried"}.get(row["per"], "")
    return f"{row['unit']}{per}"


def amounts(rows: pd.DataFrame, scale: pd.DataFrame) -> str:
    """Rows of one item by class and size, `value (low to high) unit`; `scale`: rows with a size exponent."""
    told = []
    for row in rows.to_dict("records"):
        where = [str(row["class"])] if pd.notna(row["class"]) else []
        where += [f"from {number(row['min_capacity'])}"] if pd.notna(row["min_capacity"]) else []
        year = f" [{int(row['price_year'])}]" if pd.notna(row["price_year"]) else ""
        told.append(f"{', '.join(where)}{': ' if where else ''}{_span(row)} {_unit(row)}".rstrip() + year)
    by_item = scale.set_index("item")
    if "size_exponent" in by_item.index:
        size = by_item.loc["reference_capacity"]
        told.append(
            f"at {number(size['value'])} {size['unit']}, exponent {by_item.at['size_exponent', 'value']:g}"
        )
    return "; ".join(told)


def fits(row: ROW) -> str:
    """Class, fuel, technology, size, place and controls that a measure fits."""
    kinds = [
        "+".join(row["fits_class"]) if len(row["fits_class"]) < 4 else f"{len(row['fits_class'])} classes"
    ]
    for column, word in (("fits_fuel", ""), ("fits_technology", ""), ("fits_control", "with ")):
        if isinstance(row[column], tuple) and row[column]:
            kinds.append(word + "/".join(row[column]))
    if isinstance(row["fits_no_control"], tuple) and row["fits_no_control"]:
        kinds.append("without " + "/".join(row["fits_no_control"]))
    if pd.notna(row["min_capacity"]):
        kinds.append(f"from {number(row['min_capacity'])}")
    if pd.notna(row["below_capacity"]):
        kinds.append(f"below {number(row['below_capacity'])}")
    if pd.notna(row["fits_where"]):
        kinds.append(str(row["fits_where"]).replace("|", " or "))
    if pd.notna(row["first_year"]):
        kinds.append(f"from {int(row['first_year'])} on")
    return ", ".join(kinds)


def worse(shares: pd.Series, cuts: pd.Series, main: str) -> str:
    """Pollutants that rise: per cent of what the sources emit, or kg per tonne cut of the main pollutant
    where they emit none.
    """
    told = []
    for name, share in shares.items():
        more = -float(cuts[f"cut_{name}"])
        if name == main or more <= 0:
            continue
        if np.isnan(share) or share < -10:
            told.append(f"{name} +{number(1000 * more / cuts[f'cut_{main}'])} kg/t")
        elif share < -RISE:
            told.append(f"{name} +{100 * -share:.0f} %")
    return ", ".join(told)


def resources(sums: pd.Series, main: str, used: Sequence[str]) -> str:
    """What is used more, or less, per tonne cut of the main pollutant."""
    told = []
    for name in used:
        amount = float(sums[f"more_{name}"]) / float(sums[f"cut_{main}"])
        if abs(amount) >= 0.05:
            told.append(f"{'+' if amount > 0 else '-'}{number(abs(amount))} {UNITS[name]}")
    return ", ".join(told)
