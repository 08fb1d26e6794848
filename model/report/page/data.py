"""What each figure shows, taken from the results: selections and sums of CSV rows, nothing more.

Apart from the drawing, so that a test can hold figures and files together.
"""

from __future__ import annotations

import pandas as pd

from model.base.words import CASES
from model.report.messages import SMALL_T
from model.results.ledger import PRICED
from model.results.results import Results

TARGETED = ("SO2", "NOx", "VOCs")
"""The pollutants of the plans' targets, one panel each."""


def is_small(results: Results) -> bool:
    """Whether the region emits less than SMALL_T tonnes of SO2 and of NOx in the start year: then totals are
    told in the scale of single projects (planning practice, R34).
    """
    account = results.account
    start = account[(account["year"] == results.start) & account["pollutant"].isin(["SO2", "NOx"])]
    return bool(len(start)) and bool((start["value"] < SMALL_T).all())


def emission_by_sector(results: Results, share: float = 0.01) -> pd.DataFrame:
    """Emission t/yr by pollutant, sector and case in the last year, and of the start year (case `start`).

    Sectors below `share` of a pollutant in every case are summed as `rest`.
    """
    frame = results.emissions[results.emissions["pollutant"].isin(TARGETED)]
    last = frame[frame["year"] == results.years[-1]]
    start = frame[(frame["year"] == results.start) & (frame["case"] == "plan")].assign(case="start")
    rows = pd.concat([start, last], ignore_index=True)
    sums = rows.groupby(["pollutant", "sector", "case"])["value"].sum().reset_index()
    total = sums.groupby(["pollutant", "case"])["value"].transform("sum")
    large = (sums["value"] >= share * total).groupby([sums["pollutant"], sums["sector"]]).transform("any")
    sums["sector"] = sums["sector"].where(large, "rest")
    return sums.groupby(["pollutant", "sector", "case"])["value"].sum().reset_index()


def reduction_by_measure(results: Results, top: int = 12) -> pd.DataFrame:
    """Abatement t/yr of the plan's actions by measures and pollutant, the `top` of each pollutant and `rest`.

    Columns pollutant, measures, value, count (packages in the row). Actions of a source in two years are
    each against the state before, so they add up.
    """
    parts = []
    for pollutant in TARGETED:
        sums = results.plan.groupby("measures")[f"abated_{pollutant}_t"].sum()
        sums = sums[sums != 0].sort_values(ascending=False, kind="stable")
        head = sums.iloc[:top]
        part = pd.DataFrame({"measures": head.index, "value": head.to_numpy(), "count": 1})
        if len(sums) > top:
            tail = {"measures": ["rest"], "value": [sums.iloc[top:].sum()], "count": [len(sums) - top]}
            part = pd.concat([part, pd.DataFrame(tail)], ignore_index=True)
        parts.append(part.assign(pollutant=pollutant))
    return pd.concat(parts, ignore_index=True)


def cost_by_payer(results: Results) -> pd.DataFrame:
    """Plan less current law in CNY by payer and sector: investment of all years, annual cost of the last
    year, without what prices of pollutants charge.

    Columns what (investment, annual), payer, sector, value.
    """
    costs = results.costs[results.costs["kind"] != PRICED]
    sign = costs["case"].map({"plan": 1.0, "current_law": -1.0}).astype(float).fillna(0.0)
    investment = costs["kind"] == "investment"
    keep = investment | (costs["year"] == results.years[-1])
    rows = costs.assign(
        value=costs["value"] * sign, what=investment.map({True: "investment", False: "annual"})
    )
    return rows[keep].groupby(["what", "payer", "sector"])["value"].sum().reset_index()


def actions_by_city(results: Results) -> pd.DataFrame:
    """Number of actions of the plan by city and year, cities in official order."""
    table = pd.crosstab(results.plan["city"], results.plan["year"])
    cities = [city for city in results.cities["city"] if city in table.index]
    return table.reindex(index=cities, columns=list(results.years), fill_value=0)


def prices(results: Results, top: int = 15) -> pd.DataFrame:
    """Limits with a price, by what 1 % of their bound would save, the `top` of them."""
    rows = results.limits[results.limits["price"] > 0]
    worth = (rows["price"] * rows["bound"].abs().where(rows["bound"] != 0, 1.0)).fillna(0.0)
    return rows.loc[worth.sort_values(ascending=False, kind="stable").index[:top]]


def target_rows(results: Results) -> pd.DataFrame:
    """Limits on the whole emission of a targeted pollutant that have a bound, those of limits.csv."""
    limits = results.limits
    return limits[limits["quantity"].isin(TARGETED) & limits["bound"].notna() & (limits["clause"] != "")]


def paths(results: Results) -> pd.DataFrame:
    """Emission t/yr by pollutant, case and year with the target of the year: pollutant, series, year, value.

    Series are the cases and `target`. Emission is that within the official accounts, which targets are
    about; the targets are the limits on the whole region.
    """
    cases = results.account[results.account["pollutant"].isin(TARGETED)].rename(columns={"case": "series"})
    whole = target_rows(results)
    whole = whole[(whole["where"] == "") & (whole["limit"].str.count("/") == 1)]
    targets = whole.assign(pollutant=whole["quantity"], value=whole["bound"], series="target")
    order = {name: place for place, name in enumerate((*CASES, "target"))}
    columns = ["pollutant", "series", "year", "value"]
    out = pd.concat([cases[columns], targets[columns]], ignore_index=True)
    return out.sort_values(
        ["pollutant", "series", "year"],
        key=lambda values: values.map(order) if values.name == "series" else values,
        kind="stable",
        ignore_index=True,
    )
