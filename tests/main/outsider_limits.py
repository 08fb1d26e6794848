"""Every limit of a scenario as an outsider sums it: what is achieved, from an Answer and the balance.

Air quality (quantity PM2.5_concentration) is left out; tests/problem/test_air.py has it.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from tests.main.outsider import Answer, chosen
from tests.main.outsider_supply import supply, within
from tests.main.outsider_tables import POLLUTANTS

UNITS = {"Mtce/yr": 29.3076e6, "bcm/yr": 1e9, "TWh/yr": 1e6, "Mt/yr": 1e6, "GW": 1e3, "CNY/yr": 1.0}
"""GJ of a Mtce, m3 of a bcm, MWh of a TWh, t of a Mt, MW of a GW."""

COMPLETED = ["units_completed", "capacity_completed", "stock_completed"]


def balance(answer: Answer, item: str, year: int) -> float:
    """The regional total of the scenario's growth; nan where the balance has none."""
    rows = answer.region.own["balance"]
    rows = rows[(rows["item"] == item) & (rows["year"] == year)]
    rows = rows[rows["growth"].isna() | (rows["growth"] == answer.region.scenario["growth"])]
    if rows.empty:
        return float("nan")
    row = rows.sort_values("growth", na_position="first").iloc[-1]
    return float(row["value"] * UNITS[row["unit"]])


def rest(answer: Answer, frozen: Answer, item: str, year: int) -> float:
    """What no source carries of a regional total: the balance less what the frozen sources use."""
    total = balance(answer, item, year)
    if np.isnan(total) or item not in frozen.uses:
        return 0.0 if np.isnan(total) else total
    at = frozen.years.index(year)
    return total - float(frozen.use(item)[:, at].sum())


def completed(answer: Answer, quantity: str, year: int) -> np.ndarray:
    """What the actions of a year count as, on the state each enters, [K]."""
    rows, out = answer.rows, np.zeros(len(answer.rows))
    amount = rows["units"].astype(float)
    if quantity == "capacity_completed":
        amount = amount * rows["capacity"].astype(float)
    elif quantity == "stock_completed":
        amount = rows["stock"].astype(float) * answer.greatest()[answer.owner]
    now = (answer.actions["year"] == year).to_numpy()
    part = answer.actions["share"].to_numpy()[now]
    np.add.at(out, answer.entered[now], part * amount.fillna(0.0).to_numpy()[answer.entered[now]])
    return out


def total(
    answer: Answer,
    frozen: Answer,
    quantity: str,
    where: Any,
    states: Any,
    year: int,
    each: str,
    group: str,
    ended: bool = False,
) -> float:
    """One sum: of the sources `where` (of one group), counted in `states`; ended: as they were."""
    alone = not (where or states or group)
    if alone and quantity not in answer.uses and not np.isnan(balance(answer, quantity, year)):
        return balance(answer, quantity, year)
    at = answer.years.index(year)
    ended &= quantity in ("activity", "stock", "capacity")
    used = completed(answer, quantity, year) if quantity in COMPLETED else answer.use(quantity, ended)[:, at]
    key = f"{quantity in POLLUTANTS} {where}"
    if key not in answer.meant:
        answer.meant[key] = chosen(where, answer.region.sources)
        if quantity in POLLUTANTS and "outside_account" not in str(where):
            answer.meant[key] &= ~answer.region.sources["outside_account"].to_numpy(bool)
    inside = answer.meant[key]
    if group:
        inside = inside & (answer.region.sources[each] == group).to_numpy(bool)
    counted = inside[answer.owner] & chosen(states, answer.rows)
    made = 0.0 if states else of_projects(answer, quantity, where, at, each, group)
    return float(used[counted].sum()) + made + (rest(answer, frozen, quantity, year) if alone else 0.0)


def of_projects(answer: Answer, quantity: str, where: Any, at: int, each: str, group: str) -> float:
    """What built projects emit or burn more, in limits that choose by place or not at all."""
    attributes = set().union(*(where if isinstance(where, list) else [where or {}]))
    if quantity not in answer.made or not attributes <= {"city", "county", "area"}:
        return 0.0
    inside = chosen(where, answer.rates)
    if group:
        inside = inside & (answer.rates[each] == group).to_numpy(bool) if each in answer.rates else False
    return float((answer.made[quantity].to_numpy() * answer.runs()[:, at] * inside).sum())


def achieved(answer: Answer, frozen: Answer, label: str) -> float:
    """The value of the limit ENTRY/YEAR[/GROUP] in the unit of limits.csv."""
    name, year, group = (*label.split("/"), "")[:3]
    entry = answer.region.scenario["limits"][name]
    quantity, where, each = entry["quantity"], entry.get("where"), entry.get("each", "")
    # What has ended counts as it was where it is asked for by name.
    ended = re.search(r"\b(closed|scrapped)\b", str(entry.get("states"))) is not None
    top = total(answer, frozen, quantity, where, entry.get("states"), int(year), each, group, ended)
    over = entry.get("share_of")
    if over is None:
        return top
    over = {"quantity": quantity, "where": where} if over == "all" else over
    whole = (over["quantity"], over.get("where"), over.get("states"))
    below = total(answer, frozen, *whole, int(year), each, group, ended)
    scale = 1.0 if over["quantity"] == "gdp" else 100.0  # a share is in per cent, energy per output is not
    return scale * top / below if below else float("nan")


def supplied(answer: Answer, label: str) -> float:
    """What stands and is built to supply a group: the bound of a limit `at_most: supply`."""
    name, year, group = (*label.split("/"), "")[:3]
    quantity = answer.region.scenario["limits"][name]["quantity"]
    peak = {"peak_heat": "network_heat", "peak_gas": "natural_gas", "secured_heat": "network_heat"}
    peak = peak.get(quantity)
    rows = answer.region.own["projects"]
    reached = rows["serves"].map(lambda code: group in within(answer.region, code))
    amount = supply(answer.region, "peak" if peak else "capacity")
    if quantity == "secured_heat":
        amount = amount.where(rows["secured"].isna(), supply(answer.region, "secured"))
    rows = rows[(rows["supplies"] == (peak or quantity)) & reached]
    amount = amount[rows.index]
    built = answer.projects[answer.projects["to_state"] == "built"].set_index("source")["year"]
    since = ("project." + rows["project"]).map(built).astype(float)
    begins = since.where(rows["status"] == "optional", rows["first_year"].fillna(answer.region.start))
    stands = (begins <= int(year)).astype(float)
    if not peak and quantity != "peak_electricity":  # a year's supply of a project built in it is half
        stands = stands.mask((rows["status"] == "optional") & (begins == int(year)), 0.5)
    return float((amount * stands).sum())


def compared(answer: Answer, frozen: Answer, limits: pd.DataFrame) -> pd.DataFrame:
    """limits.csv beside the outsider's numbers: `again`, `frozen_again`, and `supply` where that bounds."""
    out = limits[limits["quantity"] != "PM2.5_concentration"].reset_index(drop=True)
    by_supply = [
        answer.region.scenario["limits"][name.split("/")[0]].get("at_most") == "supply"
        for name in out["limit"]
    ]
    supply = [
        supplied(answer, label) if yes else np.nan for label, yes in zip(out["limit"], by_supply, strict=True)
    ]
    return out.assign(
        again=[achieved(answer, frozen, label) for label in out["limit"]],
        frozen_again=[achieved(frozen, frozen, label) for label in out["limit"]],
        supply=supply,
    )
