"""An outsider's plan: emission, use, money and limits from the tables, the scenario and plan.csv alone.

Nothing of the model is imported; see outsider_tables for the tables. The states of a source are read from the
actions of plan.csv (from_state, to_state, measures), everything else is computed anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from tests.main.outsider_supply import BURNT, base, difference, rates
from tests.main.outsider_tables import POLLUTANTS, Region, lay, number

LEVELS = ["national_limits", "special_limits", "ultra_low"]


def share(amount: Any) -> float:
    """`50 %`, `80 % of baseline` or a bare number."""
    text = str(amount).split("%")
    return float(text[0]) / (100 if len(text) > 1 else 1)


def chosen(selector: Any, rows: pd.DataFrame) -> np.ndarray:
    """The rows that a selector of the scenario means."""
    if selector is None:
        return np.ones(len(rows), dtype=bool)
    if isinstance(selector, list):
        return np.logical_or.reduce([chosen(each, rows) for each in selector])
    out = np.ones(len(rows), dtype=bool)
    for name, wanted in selector.items():
        if isinstance(wanted, Mapping) and "not" not in wanted:
            size = (
                rows["capacity"].where(rows["capacity_unit"] == "tph")
                if name == "capacity_tph"
                else rows[name]
            )
            compare = {
                "at_most": np.less_equal,
                "below": np.less,
                "at_least": np.greater_equal,
                "above": np.greater,
            }
            for key, bound in wanted.items():
                out &= compare[key](size.to_numpy(float), bound)
            continue
        negated = isinstance(wanted, Mapping)
        values = wanted["not"] if negated else wanted
        listed = values if isinstance(values, list) else [values]
        options = {("no", "yes")[v] if isinstance(v, bool) else str(v) for v in listed}
        options = set(listed) if name == "outside_account" else options
        if name == "area":
            out &= rows["area"].map(lambda within, options=options: bool(within & options)).to_numpy(bool)
        else:
            out &= ((rows[name].isin(options) ^ negated) & rows[name].notna()).to_numpy(bool)
    return out


class Answer:
    """One case (`frozen` or `plan`) of a run: K states of S sources over the decision years Y."""

    def __init__(self, region: Region, case: str, actions: pd.DataFrame) -> None:
        self.region, self.case, self.years = region, case, region.years[1:]
        sources = region.sources
        self.projects = actions[actions["source"].str.startswith("project.")]
        self.actions = actions[~actions["source"].str.startswith("project.")].reset_index(drop=True)
        self.used: dict[tuple[str, bool], np.ndarray] = {}  # by quantity, with what has ended or without
        self.meant: dict[str, np.ndarray] = {}  # sources by selector
        self._states(sources)
        self.activity, self.response = self._changed()
        most, now = (a.max(axis=1)[self.owner] for a in (region.activity, self.activity))
        fewer = np.divide(now, most, out=np.ones_like(most), where=most > 0)
        self.rows["units"] *= np.where(self.rows["vintage"] == "new", fewer, 1.0)
        self._effects()

    def _states(self, sources: pd.DataFrame) -> None:
        """Rows of states (the first S are the start), what stands at the end of each year [K, 1 + Y]."""
        place = dict(zip(sources["source"], range(len(sources)), strict=True))
        known: dict[tuple[int, str], int] = {}
        owner, new, measures = list(range(len(sources))), [], [frozenset()] * len(sources)
        steps = []
        for a in self.actions.sort_values("year", kind="stable").itertuples():
            s = place[a.source]
            leave = known.get((s, a.from_state), s)
            enter = known.setdefault((s, a.to_state), len(owner))
            if enter == len(owner):
                owner.append(s)
                measures.append(measures[leave] | set(a.measures.split("+")))
                fuel, _, rest = a.to_state.partition(" (")[0].partition("/")
                technology, _, controls = rest.partition("/")
                new.append((fuel, technology, controls or None) if rest else ("none", fuel, None))
            steps.append((a.Index, leave, enter, a.year, a.share))
        self.owner, self.measures = np.array(owner), measures
        ordered = np.array([step[:3] for step in sorted(steps)], dtype=int).reshape(-1, 3)
        self.left, self.entered = ordered[:, 1], ordered[:, 2]
        self.stands = np.zeros((len(owner), len(self.region.years)))
        self.stands[: len(sources)] = 1.0
        for _, leave, enter, year, part in steps:
            since = self.region.years.index(year)
            self.stands[leave, since:] -= part
            self.stands[enter, since:] += part
        self.rows = sources.iloc[self.owner].reset_index(drop=True)
        for column, values in zip(["fuel", "technology", "controls"], zip(*new, strict=True), strict=False):
            self.rows[column] = [*sources[column], *values]
        other = (self.rows["fuel"] != sources["fuel"].iloc[self.owner].to_numpy()).to_numpy()
        changed = other | (self.rows["technology"] != sources["technology"].iloc[self.owner].to_numpy())
        self.rows.loc[other, ["sulphur_pct", "ash_pct", "ncv_gj_per_t"]] = np.nan
        self.rows.loc[changed, "efficiency"] = np.nan

    def _changed(self) -> tuple[np.ndarray, np.ndarray]:
        """Activity [S, 1 + Y] and what factors are multiplied by [S, 1 + Y, pollutant], changes made."""
        region, sources, years = self.region, self.region.sources, np.array(self.region.years)
        activity, response = region.activity.copy(), np.ones((*region.activity.shape, len(POLLUTANTS)))

        def path(start: np.ndarray, goal: Any, by: int | None) -> np.ndarray:
            """Held from step to step, or straight to the one goal."""
            if not isinstance(goal, Mapping):
                way = np.clip((years - years[0]) / max(by - years[0], 1), 0, 1)
                return start + way * (share(goal) - start)
            out = np.repeat(start, len(years), axis=1)
            for year, amount in sorted(goal.items()):
                out[:, years >= year] = share(amount)
            return out

        for change in region.scenario["changes"].values() if self.case == "plan" else ():
            hit, by = chosen(change.get("where"), sources), change.get("by")
            for attribute, goal in change["set"].items():
                if attribute == "activity":
                    way = path(np.ones((1, 1)), goal, by)
                    if str(goal).endswith(f"of {years[0]}"):  # what the total is held to, however it grows
                        total = region.activity[hit].sum(axis=0)
                        way = way * total[0] / total
                    activity[hit] *= way
                    continue
                table = region.ref["responses"]
                for row in table[table["attribute"] == attribute].to_dict("records"):
                    at = hit & (sources["class"] == row["class"]).to_numpy()
                    start = sources[attribute].astype(float).fillna(row["default"]).to_numpy()[at, None]
                    value = path(start, goal, by)
                    ratio = row["intercept"] + row["slope"] * value
                    ratio /= row["intercept"] + row["slope"] * start
                    for on in row["acts_on"].split("+"):
                        if on == "activity":
                            activity[at] *= ratio
                        else:
                            response[at, :, POLLUTANTS.index(on)] *= ratio
        return activity, response

    def data(self, item: str, measure: str) -> tuple[np.ndarray, np.ndarray]:
        """Value in money of the price year [K], and what it is per; nan where nothing is said or done."""
        table = self.region.ref["measure_data"]
        table = table[(table["item"] == item) & (table["measure"] == measure)]
        at, has = np.full(len(self.rows), -1), np.array([measure in m for m in self.measures])
        at[has] = lay(table, self.rows[has], ["class"], "min_capacity", self.rows["capacity"][has])
        value = number(table, "value", at)
        per = np.append(table["per"].astype(object), "")[at]
        if item in ("capital", "fixed_om", "variable_om", "value_lost"):
            index = "fixed_asset_index" if item == "capital" else "gdp_deflator"
            price = self.region.ref["deflators"].set_index("year")[index]
            then = pd.Series(number(table, "price_year", at)).map(price).to_numpy(float)
            value = np.where(
                per == "capital", value, value * price[self.region.scenario["price_year"]] / then
            )
        return value, per

    def _effects(self) -> None:
        """What every state emits and uses per unit of activity, measures and marginal power included."""
        region, rows, first = self.region, self.rows, self.owner
        plant = region.plant(rows)
        factor = region.factors(rows, plant)
        extra, kept = np.zeros(len(rows)), np.ones(len(rows))
        for measure in sorted(set().union(*self.measures)):
            extra += np.nan_to_num(self.data("electricity", measure)[0])
            kept *= 1 - np.nan_to_num(self.data("heat_saving", measure)[0])
        going = ~plant["ended"].to_numpy(bool)
        gj, heat = plant["gj"] * kept, (plant["heat"] * kept).to_numpy(float)
        heat = np.where(going, heat, rows["heat_given"].to_numpy(float))  # the network gives it now
        mwh = (plant["mwh"] * kept).to_numpy(float) + extra
        self.direct = factor.mul(kept, axis=0)
        coal_units = ((rows["class"] == "power_unit") & (rows["fuel"] == "coal")).to_numpy(copy=True)
        coal_units[len(region.sources) :] = False
        weight = region.activity[coal_units[: len(region.sources)], 0]
        mean = weight @ factor[coal_units].fillna(0.0).to_numpy() / weight.sum()
        heat_rate = weight @ plant["gj"][coal_units] / weight.sum()
        coal_rate = weight @ (plant["gj"] / plant["ncv"])[coal_units] / weight.sum()
        more = np.maximum(mwh - mwh[first], 0.0) * going
        more += (~going & (rows["service"] == "power")).to_numpy(float)
        burnt = {"coal_energy": heat_rate, "primary_energy": heat_rate, "coal": coal_rate}
        power = {**dict(zip(POLLUTANTS, mean, strict=True)), **burnt}
        self.rates = rates(region, power)
        self.base = base(region, self.rates, power)
        self.made = difference(region, self.rates, self.base)
        drawn = np.maximum(heat - heat[first], 0.0)
        codes, networks = pd.factorize(rows["network"].fillna(""))
        by_network = pd.DataFrame([self.base.get(n, self.base[""]) for n in networks])
        of_heat = by_network.iloc[codes].reset_index(drop=True).mul(drawn, axis=0)
        self.indirect = pd.DataFrame(np.outer(more, mean), columns=POLLUTANTS) + of_heat[POLLUTANTS]
        group = plant["group"]
        gas = gj.where(group == "gas", 0.0).to_numpy(float)
        fossil = gj.where(group.isin(["coal", "gas", "oil"]), 0.0).to_numpy(float)
        haul = rows["distance_km"].astype(float).replace(0, np.nan)
        freight, electric = rows["class"] == "freight", rows["fuel"] == "electricity"
        hours = plant["peak_hours"].where(going, region.heat_hours).fillna(np.inf).to_numpy(float)
        by_fuel = {
            "coal_energy": gj.where(group == "coal", 0.0),
            "coal": (gj / plant["ncv"]).where(group == "coal", 0.0),
            "gas_energy": gas,
            "natural_gas": gas / region.fuels.at["natural_gas", "ncv_gj_per_unit"],
            "oil_energy": gj.where(group == "oil", 0.0),
            "primary_energy": fossil,
        }
        self.uses = {
            **by_fuel,
            "activity": going,
            "heat": going & (rows["service"] == "heat"),
            "network_heat": heat,
            "electricity": mwh,
            "rail_freight": (1 / haul).where(freight & (rows["technology"] == "rail"), 0.0),
            "belt_freight": (1 / haul).where(freight & (rows["technology"] == "belt"), 0.0),
        }
        self.uses = {name: np.asarray(value, dtype=float) * going for name, value in self.uses.items()}
        self.uses["network_heat"] = heat  # of closed units too
        self.peaks = {
            "peak_heat": heat / hours / 3.6,
            "secured_heat": 0.7 * heat / hours / 3.6,
            "peak_gas": self.uses["natural_gas"] / hours * 24,
            "peak_electricity": np.where(
                electric & (rows["service"] == "heat"), self.uses["electricity"] / hours, 0.0
            ),
        }
        # What is burnt for power and heat made elsewhere, that of closed units too.
        for item in BURNT:
            self.uses[item] = self.uses[item] + more * burnt.get(item, 0.0) + of_heat[item].to_numpy(float)
        self.plant, self.gj, self.mwh, self.heat, self.going = plant, gj.to_numpy(float), mwh, heat, going
        self.rows["meets"] = self._meets()

    def _meets(self) -> np.ndarray:
        """The strictest standard each state meets."""
        level = np.full(len(self.rows), "none", dtype=object)
        for name in LEVELS:
            kept, any_row = np.ones(len(self.rows), dtype=bool), np.zeros(len(self.rows), dtype=bool)
            table = self.region.ref["standards"]
            table = table[table["standard"] == name]
            for p in table["pollutant"].unique():
                mine = table[table["pollutant"] == p]
                at = lay(
                    mine,
                    self.rows,
                    ["class", "fuel", "technology"],
                    "min_capacity",
                    self.rows["capacity"].fillna(0),
                )
                gas = self.region.flue_gas(self.plant, number(mine, "ref_o2_pct", at))
                limit = number(mine, "limit_mg_m3", at)
                needs = np.append(mine["needs_control"].fillna(""), "")[at]
                has = [
                    set(n.split("+")) - {""} <= set(str(c).split("+"))
                    for n, c in zip(needs, self.rows["controls"], strict=True)
                ]
                with np.errstate(divide="ignore", invalid="ignore"):
                    holds = self.direct[p].to_numpy(float) * 1e9 / gas <= limit * (1 + 1e-9)
                kept &= (at < 0) | ((np.isnan(limit) | holds) & np.array(has))
                any_row |= at >= 0
            level[kept & any_row] = name
        return level

    # ---- sums ----
    def lived(self) -> np.ndarray:
        """Share of each year's service given in each state, [K, Y]."""
        phi = self.rows["part_year"].to_numpy(float)[:, None]
        return phi * self.stands[:, 1:] + (1 - phi) * self.stands[:, :-1]

    def emission(self, p: str) -> np.ndarray:
        """t of each state and decision year, [K, Y]; nan where no factor is known and power adds nothing.

        A change that acts on a pollutant acts on the source's own, not on what is made elsewhere.
        """
        at = POLLUTANTS.index(p)
        factor = self.direct[p].where(self.direct[p].notna() | (self.indirect[p] == 0), 0.0)
        own = factor.to_numpy(float)[:, None] * self.response[self.owner, 1:, at]
        tonnes = own + self.indirect[p].to_numpy(float)[:, None]
        return tonnes * self.activity[self.owner, 1:] * self.lived()

    def runs(self) -> np.ndarray:
        """Share of each year that each optional project of the table supplies in, half the first, [N, Y]."""
        built = self.projects[self.projects["to_state"] == "built"].set_index("source")["year"]
        since = ("project." + self.region.own["projects"]["project"]).map(built).to_numpy(float)
        years = np.array(self.years)
        return (years > since[:, None]) + 0.5 * (years == since[:, None])

    def greatest(self) -> np.ndarray:
        """Greatest activity over all years against the one of the row, [S]."""
        own = self.region.sources["activity"].to_numpy(float)
        return np.divide(self.activity.max(axis=1), own, out=np.ones(len(own)), where=own > 0)

    def use(self, quantity: str, ended: bool = False) -> np.ndarray:
        """Use of a quantity by each state in each year, [K, Y]; summed once for all limits that ask. ended:
        what is closed or scrapped counts as it was.
        """
        key = (quantity, ended)
        if key not in self.used:
            self.used[key] = self._use(quantity, np.ones(len(self.rows)) if ended else self.going)
        return self.used[key]

    def _use(self, quantity: str, going: np.ndarray) -> np.ndarray:
        activity = self.activity[self.owner, 1:]
        if quantity in POLLUTANTS:
            return np.nan_to_num(self.emission(quantity))
        if quantity == "activity":
            return going[:, None] * activity * self.lived()
        if quantity in self.uses:
            return self.uses[quantity][:, None] * activity * self.lived()
        if quantity in self.peaks:
            return self.peaks[quantity][:, None] * activity * self.stands[:, 1:]
        own = self.rows["activity"].to_numpy(float)[:, None]
        stock = (
            self.rows["stock"].astype(float).fillna(0).to_numpy()[:, None]
            * activity
            / np.where(own > 0, own, 1)
        )
        amount = {
            "stock": stock,
            "standard_vehicles": stock * self.plant["standard_vehicle"].to_numpy()[:, None],
        }
        if quantity == "capacity":
            most = self.activity.max(axis=1)[self.owner][:, None]
            part = np.divide(activity, most, out=np.zeros_like(activity), where=most > 0)
            part = np.where((self.rows["vintage"] == "new").to_numpy()[:, None], part, activity > 0)
            amount["capacity"] = (self.rows["capacity"] * self.rows["units"]).astype(float).fillna(
                0
            ).to_numpy()[:, None] * part
        return amount[quantity] * going[:, None] * self.stands[:, 1:]
