"""What every reader of a run reads: frames with exact columns, nothing left to compute (design: section
6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from model.base.display import html_table
from model.base.words import PAYERS, POLLUTANTS

EFFICIENCY_POLLUTANTS = ("SO2", "NOx", "VOCs", "PM2.5")
"""Pollutants for which plan.csv gives a cost per tonne."""

CREDITED = ("SO2", "NOx", "VOCs", "PM2.5", "CO2")
"""Pollutants that credit.csv counts."""

LIMITED = ("SO2", "NOx", "PM10")
"""Pollutants whose limits `works` names; PM10 stands for particulate matter."""

WORKED = tuple((place, p) for place, p in enumerate(POLLUTANTS) if p in ("SO2", "NOx", "VOCs", "PM10"))
"""Place and name of the pollutants that the list of projects counts by the month of completion."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "emissions": ("case", "year", "city", "sector", "pollutant", "value", "unit"),
    "plan": (
        *("source", "name", "city", "county", "zone", "sector", "year", "from_state", "to_state", "share"),
        *("measures", "payer", "investment_cny", "running_cny_per_yr", "annual_cost_cny"),
        *(f"abated_{pollutant}_t" for pollutant in POLLUTANTS),
        *(f"cny_per_t_{pollutant}" for pollutant in EFFICIENCY_POLLUTANTS),
        *("clause", "constructed"),
    ),
    "costs": ("case", "year", "city", "sector", "payer", "kind", "value", "unit"),
    "limits": (
        *(
            "limit",
            "clause",
            "quantity",
            "where",
            "year",
            "op",
            "bound",
            "frozen",
            "achieved",
            "unit",
            "slack",
        ),
        *("price", "status", "strength"),
    ),
    "clauses": (
        *("clause", "plan", "article", "quote", "summary", "treatment", "demanded", "achieved", "unit"),
        *("status", "evidence"),
    ),
    "iamc": ("model", "scenario", "region", "variable", "unit", "year", "value"),
    "transfers": ("year", "measure", "from_payer", "to_payer", "value", "unit"),
    "quality": ("pollutant", "basis", "label", "value", "share"),
    "payers": ("case", "payer", "investment_cny", "running_cny_per_yr", "annual_cost_cny"),
    "sensitivity": ("item", "level", "year", "price", "planned", "unit", "change_cny_per_yr"),
    "book": ("year", "city", "sector", "sources", "value", "unit"),
    "links": (
        *(
            "limit",
            "quantity",
            "year",
            "start_year",
            "base",
            "start_value",
            "cut",
            "progress",
            "bound",
            "unlinked",
        ),
        *("frozen", "current_law", "achieved", "unit"),
    ),
    "air": ("case", "year", "city", "pollutant", "value", "low", "high", "unit", "basis"),
    "account": ("case", "year", "pollutant", "value", "unit"),
    "other": ("limit", "start_value", "current_law"),
    "entries": (
        *("clause", "entry", "treatment", "demanded", "achieved", "unit", "status", "message", "values"),
    ),
    "citations": ("citation", "title", "year", "where", "access"),
    "names": ("kind", "id", "en", "zh"),
    "cities": ("city", "city_zh", "adcode", "lat", "lon"),
    "alternatives": (
        *("plan", "source", "name", "city", "county", "sector", "year", "from_state", "to_state", "share"),
        *("measures", "payer", "investment_cny", "annual_cost_cny", "need"),
    ),
    "measures": (
        *("city", "sector", "measure", "offered", "fewest", "most", "always", "plans"),
        *("investment_least_cny", "investment_most_cny", "need"),
    ),
    "assumptions": (
        *("kind", "subject", "item", "place", "year", "value", "unit", "low", "high", "rating", "citation"),
    ),
    "explanation": ("kind", "limit", "clause", "value", "unit", "text"),
    "confidence": (
        *("limit", "year", "confidence", "imposed", "bound", "attained", "attained_plain"),
        *("mean", "sd", "quantile", "unit", "z", "cost_cny", "plain_cost_cny", "draws"),
    ),
    "credit": (
        *("clause", "plan", "together", "entries", "status", "year"),
        *(f"loss_{pollutant}_t" for pollutant in CREDITED),
        *("saving_cny", "saving_at_most_cny", "actions"),
        *(f"action_{pollutant}_t" for pollutant in CREDITED),
        "action_annual_cost_cny",
    ),
    "routes": (
        *("source", "route", "year", "to_state", "measures", "meets_from", "meets_to"),
        *("investment_cny", "running_cny_per_yr", "annual_cost_cny"),
        *(f"emits_{pollutant}_t" for _, pollutant in WORKED),
        *(f"abated_{pollutant}_t" for _, pollutant in WORKED),
    ),
    "works": (
        *("source", "year", "class", "manual_code", "sector", "action", "kind", "fleet", "vintage", "duty"),
        *("park", "owner"),
        *("commissioned", "capacity", "capacity_unit", "stock", "activity", "activity_unit", "coal_t"),
        *("corridor", "commodity", "distance_km", "size", "machine"),
        *("fuel_from", "technology_from", "controls_from", "meets_from"),
        *("fuel_to", "technology_to", "controls_to", "meets_to"),
        *(f"limit_{pollutant}" for pollutant in LIMITED),
        "ref_o2",
        *(f"counted_{pollutant}_t" for _, pollutant in WORKED),
        *(f"investment_{payer}_cny" for payer in PAYERS),
        *("voc_capture", "voc_removal", "voc_running_share", "rating"),
    ),
}
"""Columns of each frame, in the order in which they are written."""

FILES = ("emissions", "plan", "costs", "limits", "clauses", "iamc")
"""The frames that are contract files; `TABLES` are written beside them for the report's further tables."""

TABLES = ("transfers", "quality", "payers", "sensitivity", "book", "links", "air")

ASKED = ("alternatives", "measures")
"""Further tables of a run that is asked for alternatives."""


@dataclass(frozen=True)
class Results:
    """One scenario answered. Every frame has the columns `COLUMNS` gives it.

    emissions t/yr, all money in CNY of the price year. `plan` holds the actions of case plan. `links`: one
    row per chain-linked limit, bound = start_value x (1 - cut) / (1 - progress). `account`: emission of the
    region within the official accounts, t/yr. `entries`: one row per scenario entry and clause that `clauses`
    sums up; `message` and `values` say the evidence in any language. `works`: what is built, a row an action
    in the order of `plan`. `routes`: what the largest emitters do and could do. `assumptions`: prices and
    costs that the plan rests on. `judged_only`: limits with a bound that are not imposed. `names`: English
    and Chinese words of ids (kind: measure, county, corridor, source, clause, class, fuel, control) and texts
    of the scenario (reason, note). `confidence`: limits that hold with a probability. `titles`: language ->
    title.
    """

    titles: Mapping[str, str]
    start: int
    years: tuple[int, ...]
    price_year: int
    manifest: Mapping[str, Any]
    emissions: pd.DataFrame
    plan: pd.DataFrame
    costs: pd.DataFrame
    limits: pd.DataFrame
    clauses: pd.DataFrame
    iamc: pd.DataFrame
    transfers: pd.DataFrame
    quality: pd.DataFrame
    payers: pd.DataFrame
    sensitivity: pd.DataFrame
    book: pd.DataFrame
    links: pd.DataFrame
    other: pd.DataFrame
    account: pd.DataFrame
    entries: pd.DataFrame
    citations: pd.DataFrame
    names: pd.DataFrame
    cities: pd.DataFrame
    air: pd.DataFrame = field(default_factory=lambda: empty("air"))
    alternatives: pd.DataFrame = field(default_factory=lambda: empty("alternatives"))
    measures: pd.DataFrame = field(default_factory=lambda: empty("measures"))
    explanation: pd.DataFrame = field(default_factory=lambda: empty("explanation"))
    confidence: pd.DataFrame = field(default_factory=lambda: empty("confidence"))
    credit: pd.DataFrame = field(default_factory=lambda: empty("credit"))
    works: pd.DataFrame = field(default_factory=lambda: empty("works"))
    routes: pd.DataFrame = field(default_factory=lambda: empty("routes"))
    assumptions: pd.DataFrame = field(default_factory=lambda: empty("assumptions"))
    judged_only: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for name, columns in COLUMNS.items():
            frame: pd.DataFrame = getattr(self, name)
            if tuple(frame.columns) != columns:
                raise ValueError(f"columns of {name} are {list(frame.columns)}, not {list(columns)}")

    def _repr_html_(self) -> str:
        """Emission within the official accounts in the start and last year, with the bill, for notebooks."""
        last, about = self.years[-1], self.manifest
        cases = ("frozen", "current_law", "plan")
        value = self.account.set_index(["case", "year", "pollutant"])["value"]
        rows = [
            (p, float(value["plan", self.start, p]), *(float(value[case, last, p]) for case in cases))
            for p in self.account["pollutant"].unique()
        ]
        cost, investment = about["cost_cny"] / 1e6, self.plan["investment_cny"].sum() / 1e6
        caption = (
            f"{self.titles['en']}: {about['status']}; present value {cost:,.1f} million CNY, investment "
            f"{investment:,.1f}; emission within official accounts, t/yr"
        )
        header = ("pollutant", str(self.start), *(f"{last}, {case.replace('_', ' ')}" for case in cases))
        return html_table(caption, header, rows)

    @property
    def scenario(self) -> str:
        """Name of the scenario, the folder the results are written to."""
        return str(self.manifest["scenario"])


def ordered(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """`frame` with exactly the columns of `name`, in order, and a fresh index."""
    return frame.loc[:, list(COLUMNS[name])].reset_index(drop=True)


def empty(name: str) -> pd.DataFrame:
    """A frame of `name` without rows."""
    return pd.DataFrame({column: [] for column in COLUMNS[name]})
