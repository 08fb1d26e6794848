"""Clauses of the made-up run and how its plan answers them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

ANSWERS: list[tuple[Any, ...]] = [
    (
        "IM20-SO2-2020",
        "1(2)",
        "limit",
        3e5,
        2.9e5,
        "t/yr",
        "met",
        "limit",
        {
            "limit": "IM20-SO2/2020",
            "op": "at_most",
            "unit": "t/yr",
            "achieved": 2.9e5,
            "bound": 3e5,
            "frozen": 3.4e5,
        },
    ),
    (
        "IM20-VOC-2020",
        "1(2)",
        "limit",
        3e5,
        2.9e5,
        "t/yr",
        "met_by_baseline",
        "limit",
        {
            "limit": "IM20-VOC/2020",
            "op": "at_most",
            "unit": "t/yr",
            "achieved": 2.9e5,
            "bound": 3e5,
            "frozen": 2.95e5,
        },
    ),
    (
        "IM20-BOILER-10",
        "3(10)",
        "mandate",
        127.0,
        120.0,
        "sources",
        "missed",
        "mandate",
        {
            "entry": "IM20-BOILER-10",
            "achieved": 120.0,
            "frozen": 0.0,
            "count": 127.0,
            "counted": "sources",
            "kind": "by",
            "unit": "1",
            "date": "2020-12-31",
        },
    ),
    (
        "IM20-SWITCH",
        "3(9)",
        "reported",
        np.nan,
        31.0,
        "%",
        "reported",
        "limit_reported",
        {
            "limit": "IM20-SWITCH/2020",
            "op": "",
            "unit": "%",
            "achieved": 31.0,
            "bound": np.nan,
            "frozen": 4.0,
        },
    ),
    (
        "IM20-PARKS",
        "2(7)",
        "not_modelled",
        np.nan,
        np.nan,
        "",
        "not_in_model",
        "not_modelled",
        {"reason": "no factor"},
    ),
]
"""Clause, article, treatment, demanded, achieved, unit, status, message and its values."""


def clauses() -> tuple[pd.DataFrame, pd.DataFrame]:
    """(clauses, entries) with one clause of each status."""
    rows, entries = [], []
    for clause, article, treatment, demanded, achieved, unit, status, message, values in ANSWERS:
        rows.append(
            (
                clause,
                "inner_mongolia_2018_2020",
                article,
                "二氧化硫排放总量下降15%",
                f"Demand {clause}",
                treatment,
                demanded,
                achieved,
                unit,
                status,
                f"Evidence of {clause}",
            )
        )
        entries.append(
            (clause, clause, treatment, demanded, achieved, unit, status, message, json.dumps(values))
        )
    columns = [
        "clause",
        "plan",
        "article",
        "quote",
        "summary",
        "treatment",
        "demanded",
        "achieved",
        "unit",
        "status",
        "evidence",
    ]
    heads = ["clause", "entry", "treatment", "demanded", "achieved", "unit", "status", "message", "values"]
    return pd.DataFrame(rows, columns=columns), pd.DataFrame(entries, columns=heads)
