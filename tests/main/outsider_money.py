"""What a plan costs as an outsider sums it: investment, annuities and running cost of every state."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.main.outsider import Answer, share
from tests.main.outsider_supply import new_plants, supply
from tests.main.outsider_tables import ENDED

CARRIER = {"rail": "rail_freight", "belt": "belt_freight"}


def prices(answer: Answer, item: str, rows: pd.DataFrame | None = None) -> np.ndarray:
    """CNY per GJ, MWh or tkm by decision year [K, Y] where each state stands, or where `rows` do, by county,
    city or region; nan where there is none.
    """
    region, rows = answer.region, answer.rows if rows is None else rows
    table = region.ref["prices"]
    table = table[table["item"] == item].sort_values("year")
    deflator = region.ref["deflators"].set_index("year")["gdp_deflator"]
    value = (
        table["value"]
        * deflator[region.scenario["price_year"]]
        / table["price_year"].map(deflator).to_numpy()
    )
    bought = table["unit"].isin(["CNY/t", "CNY/m3"])
    if bought.any():
        value = value / np.where(bought, region.fuels.at[item, "ncv_gj_per_unit"], 1.0)
    out = np.full((len(rows), len(answer.years)), np.nan)
    known_as = region.own["areas"].set_index("area")["level"]
    for place in [None, *known_as[known_as == "region"].index, *known_as[known_as == "city"].index,
                  *known_as[known_as == "county"].index]:  # fmt: skip
        here = table["region"].isna() if place is None else table["region"] == place
        level = None if place is None else known_as[place]
        at = (rows[level] == place).to_numpy() if level in ("city", "county") else np.ones(len(out), bool)
        for y, year in enumerate(answer.years):
            known = value[here & (table["year"] <= year)]
            if here.any():
                out[at, y] = known.iloc[-1] if len(known) else value[here].iloc[0]
    return out


def overnight(answer: Answer, measure: str) -> np.ndarray:
    """Investment in a measure on the source of each state, CNY [K]."""
    rows = answer.rows
    value, per = answer.data("capital", measure)
    reference, exponent = (
        answer.data("reference_capacity", measure)[0],
        answer.data("size_exponent", measure)[0],
    )
    capacity, units = rows["capacity"].to_numpy(float), rows["units"].to_numpy(float)
    times = answer.greatest()[answer.owner]
    size = {
        "capacity": capacity * units * np.nan_to_num((capacity / reference) ** (exponent - 1), nan=1.0),
        "source": units * np.nan_to_num((capacity / reference) ** exponent, nan=1.0),
        "stock": rows["stock"].to_numpy(float) * times,
        "activity": answer.activity.max(axis=1)[answer.owner],
    }
    size["haul"] = size["activity"] / rows["distance_km"].to_numpy(float)
    return np.nan_to_num(value * np.select([per == kind for kind in size], list(size.values()), 0.0))


def annuity(answer: Answer, measure: str) -> np.ndarray:
    """Yearly payment per CNY invested, [K]."""
    rate, life = share(answer.region.scenario["discount_rate"]), answer.data("lifetime", measure)[0]
    return np.nan_to_num(rate / (1 - (1 + rate) ** -life))


def outlay(answer: Answer, measure: str) -> tuple[np.ndarray, np.ndarray]:
    """Investment and yearly payment of a measure, CNY [K], less those of the new plants it replaces.

    Of these only what is built from the first year on in which the measure is on offer is saved.
    """
    capital = overnight(answer, measure)
    yearly = capital * annuity(answer, measure)
    about = answer.region.ref["measures"].set_index("measure").loc[measure]
    if about["slot"] not in ("fate", "fuel") or not isinstance(about["sets_technology"], str):
        return capital, yearly
    option = answer.region.scenario["measures"].get(measure, {})
    first = max(float(option.get("first_year", about["first_year"])) or 0, answer.years[0])
    first = answer.years[0] if np.isnan(first) else int(first)
    before = answer.activity[:, : answer.region.years.index(first)].max(axis=1)
    most = answer.activity.max(axis=1)
    left = 1 - np.divide(before, most, out=np.ones_like(most), where=most > 0)
    size = (answer.rows["capacity"] * answer.rows["units"]).astype(float).to_numpy()
    saved, saved_yearly = (each[answer.owner] * np.nan_to_num(size) for each in new_plants(answer.region))
    return capital - saved * left[answer.owner], yearly - saved_yearly * left[answer.owner]


def running(answer: Answer) -> dict[str, np.ndarray]:
    """fixed, variable and fuel cost of a year in each state over and above the start, CNY/yr [K, Y]."""
    rows, first, shape = answer.rows, answer.owner, (len(answer.rows), len(answer.years))
    activity = answer.activity[answer.owner, 1:]
    fixed, variable = np.zeros(shape), np.zeros(shape)
    for measure in sorted(set().union(*answer.measures)):
        capital = overnight(answer, measure)
        for item in ("fixed_om", "variable_om", "value_lost"):
            value, per = answer.data(item, measure)
            stock = rows["stock"].to_numpy(float) * answer.greatest()[answer.owner]
            size = np.select([per == "capital", per == "stock"], [capital, stock], 0.0)
            fixed += np.nan_to_num(value * size)[:, None]
            rate = np.where(per == "haul", value / rows["distance_km"].to_numpy(float), value)
            rate = np.where(np.isin(per, ["activity", "haul"]), np.nan_to_num(rate), 0.0)
            variable += rate[:, None] * activity
    fuel, energy = rows["fuel"].to_numpy(object), np.nan_to_num(answer.gj)
    energy = np.where(answer.plant["group"].isin(["electricity", "heat", "none"]), 0.0, energy)
    spent = np.zeros(shape)
    for item in sorted(set(fuel[energy > 0])):
        at = (fuel == item) & (energy > 0)
        spent[at] = energy[at, None] * prices(answer, item)[at]
    same = (fuel == fuel[first]) & (energy == energy[first])
    cost = np.where(same[:, None], 0.0, spent - spent[first])
    for amount, item in ((answer.mwh, "electricity"), (answer.heat, "network_heat")):
        more = (amount - amount[first])[:, None]
        cost += np.where(more == 0, 0.0, more * prices(answer, item))
    freight = (rows["class"] == "freight") & ~rows["technology"].isin(ENDED)
    carrier = rows["technology"].map(CARRIER).fillna("road_freight").where(freight, "").to_numpy(object)
    other = (carrier != carrier[first]) & (carrier != "")
    cost[other] = 0.0
    service = np.zeros(shape)
    for item in sorted(set(carrier) - {""}):
        at = carrier == item
        service[at] = np.nan_to_num(prices(answer, item)[at])
    variable += np.where((carrier != carrier[first])[:, None], service - service[first], 0.0) * activity
    return {"fixed": fixed, "variable": variable, "fuel": cost * activity}


def costs(answer: Answer) -> pd.DataFrame:
    """year, city, sector, kind, value as costs.csv has them, but for who pays."""
    rows, lived, parts = answer.rows, answer.lived(), []
    about = pd.DataFrame({"city": rows["city"], "sector": rows["sector"]})
    cities = answer.region.own["areas"].set_index("area")["name"]
    bought, paid = np.zeros(lived.shape), np.zeros(lived.shape)
    actions = answer.actions
    money = {m: outlay(answer, m) for m in sorted(set().union(*answer.measures))}
    at = [answer.years.index(year) for year in actions["year"]]
    for enter, y, part, added in zip(answer.entered, at, actions["share"], actions["measures"], strict=True):
        for capital, yearly in (money[m] for m in added.split("+")):
            bought[enter, y] += part * capital[enter]
            paid[enter, y:] += part * yearly[enter]
    kinds = {"investment": bought, "annuity": paid, **{k: v * lived for k, v in running(answer).items()}}
    for kind, values in kinds.items():
        for y, year in enumerate(answer.years):
            parts.append(about.assign(year=year, kind=kind, value=values[:, y]))
    parts.append(_projects(answer))
    out = pd.concat(parts, ignore_index=True)
    out["city"] = out["city"].map(cities)
    return out.groupby(["year", "city", "sector", "kind"])["value"].sum()


def _projects(answer: Answer) -> pd.DataFrame:
    """Optional projects that the plan builds; half of a year's upkeep is paid in the first year.

    What their supply costs more than its users pay is `variable`.
    """
    table = answer.region.own["projects"].set_index("project")
    rate, parts = share(answer.region.scenario["discount_rate"]), []
    of_supply = answer.rates.assign(extra=list(beyond_price(answer))).set_index(table.index)
    for action in answer.projects.itertuples():
        project = table.loc[action.source.removeprefix("project.")]
        made = of_supply.loc[project.name]
        yearly = project["capital_cny"] * rate / (1 - (1 + rate) ** -project["lifetime"])
        for year in answer.years:
            if year >= action.year:
                part = 0.5 if year == action.year else 1.0
                each = {
                    "annuity": yearly,
                    "fixed": project["fixed_om_cny"] * part,
                    "variable": made["extra"][answer.years.index(year)] * part,
                    "investment": project["capital_cny"] * (year == action.year),
                }
                parts += [
                    (project["area"][:4] + "00", made["sector"], year, kind, value)
                    for kind, value in each.items()
                ]
    return pd.DataFrame(parts, columns=["city", "sector", "year", "kind", "value"])


def beyond_price(answer: Answer) -> np.ndarray:
    """Running cost of a year's supply of each project over and above what its users pay, CNY [N, Y].

    Power, the fuel of boilers, and what else the table says, less the price of network heat; heat of which
    nothing is told costs that price, anything else nothing.
    """
    table, made = answer.region.own["projects"], answer.rates
    paid = np.nan_to_num(prices(answer, "network_heat", made)) * made["heat"].to_numpy(float)[:, None]
    cost = np.nan_to_num(made["lost"].to_numpy()[:, None] * prices(answer, "electricity", made))
    cost = cost + table["variable_cny_per_unit"].fillna(0.0).to_numpy(float)[:, None]
    for item in sorted(set(made["fuel"][made["gj"] > 0])):
        at = (made["fuel"] == item).to_numpy()
        cost[at] += made["gj"].to_numpy()[at, None] * np.nan_to_num(prices(answer, item, made)[at])
    free = (made["heat"] & ~made["told"]).to_numpy(bool)
    cost[free] = paid[free]
    return (cost - paid) * supply(answer.region).to_numpy()[:, None]
