"""What an outsider makes of inputs/: sources, what growth builds, and what any state emits and uses.

Nothing of the model is imported. The route is another one: a table is laid over the states row by row, from
its least to its most specific row, and every formula is written from docs/method.md. Units are those the
shipped tables use, given in TONNES; another unit is a KeyError.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

POLLUTANTS = ["SO2", "NOx", "VOCs", "PM10", "PM2.5", "BC", "OC", "CO", "NH3", "CO2"]
TEXT = "area parent city county region serves zone class fuel technology controls network corridor size duty"
TONNES = {
    **dict.fromkeys(["g/GJ", "g/m3", "g/km", "g/m2", "g/tkm"], 1e-6),
    **dict.fromkeys(["kg/t", "kg", "kg/head", "kg/m2", "kg/person"], 1e-3),
    "t": 1.0,
}
ENDED = ["closed", "scrapped"]
PLANT = ["class", "fuel", "technology"]
OF_SOURCE = [
    "source",
    "class",
    "area",
    "zone",
    "from_year",
    "to_year",
    "capacity",
    "stock",
    "activity",
    "activity_unit",
    "fuel",
    "technology",
    "controls",
    "sulphur_pct",
    "ash_pct",
    "ncv_gj_per_t",
    "efficiency",
    "part_year",
    "outside_account",
    "duty",
    "park",
    "furnace",
    "captive",
    "network",
    "district_heat_gj",
    "gas_access",
    "tranche",
    "corridor",
    "size",
    "commodity",
    "distance_km",
    "altitude_m",
    "load_pct",
    "full_load_hours",
    "sweeping_share",
    "straw_used_share",
    "fuel_sulphur_ppm",
    "green_share",
    "site_control_share",
    "nitrogen_use",
]

PROJECT_COLUMNS = {
    **dict.fromkeys(["plant_fuel", "plant_technology", "plant_controls", "runs_like"], object),
    **dict.fromkeys(["secured", "plant_capacity", "power_mwh_per_unit", "variable_cny_per_unit"], float),
}
"""Columns that a table of projects may lack."""


def read(path: Path) -> pd.DataFrame:
    """A table with codes and names as text and everything that can be a number as a number."""
    return pd.read_csv(path, dtype=dict.fromkeys(TEXT.split(), object), na_values=[""], keep_default_na=False)


def number(table: pd.DataFrame, column: str, at: np.ndarray) -> np.ndarray:
    """The column at the rows found; nan where none was."""
    return np.append(table[column].to_numpy(float), np.nan)[at]


def lay(
    table: pd.DataFrame, what: pd.DataFrame, keys: Sequence[str], least: str = "", value: Any = 0.0
) -> np.ndarray:
    """Position of the row of the table that holds for each of `what`, -1 where none does.

    Later rows cover earlier ones: first those with few names filled, last those with many, and of these the
    greatest threshold `least` that `value` reaches.
    """
    names = [k for k in keys if k in table]
    each = what[names].astype(object).where(what[names].notna(), "").assign(reached=value)
    each["reached"] = each["reached"].astype(float).fillna(-np.inf)
    code = each.groupby([*names, "reached"], sort=False).ngroup().to_numpy()
    first = each.iloc[np.unique(code, return_index=True)[1]]
    have = {k: first[k].to_numpy(dtype=object) for k in names}
    floor = table[least].to_numpy(float) if least in table else np.full(len(table), np.nan)
    cells = {k: table[k].astype(object).to_numpy() for k in names}
    filled = table[names].notna().sum(axis=1).to_numpy()
    found = np.full(len(first), -1)
    for row in np.lexsort((np.nan_to_num(floor, nan=-np.inf), filled)):
        hit = ~(first["reached"].to_numpy() < floor[row])
        for k in names:
            if isinstance(cells[k][row], str):
                hit &= have[k] == cells[k][row]
        found[hit] = row
    return found[code]


class Region:
    """Reference and region tables, and the sources of the start year with what growth will build."""

    def __init__(self, inputs: Path, scenario: Mapping[str, Any]) -> None:
        self.scenario, self.start = scenario, int(scenario["start"])
        self.years = [self.start, *map(int, scenario["years"])]
        self.ref = {f.stem: read(f) for f in (inputs / "reference").glob("*.csv")}
        self.own = {f.stem: read(f) for f in (inputs / scenario["region"]).glob("*.csv")}
        for attribute in ("january_c", "heating_season_c"):  # not every region has winters
            self.own["areas"][attribute] = self.own["areas"].get(attribute, np.nan)
        projects = self.own["projects"]
        for column, kind in PROJECT_COLUMNS.items():
            if column not in projects:
                projects[column] = pd.Series(np.nan, projects.index, dtype=kind)
        self.parent = self.own["areas"].set_index("area")["parent"].to_dict()
        self.fuels = self.ref["fuels"].set_index("fuel")
        self.classes = self.ref["classes"].set_index("class")
        of_heat = self.ref["technologies"].query("fuel == 'network_heat'")
        self.heat_hours = float(of_heat["peak_hours"].min())
        self.sources = self._start()
        self.activity = self._grown()  # [S, years]; sources of vintage new come into `sources` here

    def _start(self) -> pd.DataFrame:
        tables = [t for t in self.own.values() if {"source", "class", "activity"} <= set(t)]
        rows = pd.concat([t[t["year"] == self.start].reindex(columns=OF_SOURCE) for t in tables if len(t)])
        rows = rows.dropna(axis=1, how="all").reindex(columns=OF_SOURCE).reset_index(drop=True)
        more = ["sector", "group", "capacity_unit", "divisible", "new_build", "service"]
        rows = rows.join(self.classes[more], on="class")
        rows["part_year"] = rows["part_year"].fillna(rows["class"].map(self.classes["part_year"]))
        rows["outside_account"] = rows["outside_account"].eq("yes")
        areas = self.own["areas"].set_index("area")
        named = {name: {str(code) for code in codes} for name, codes in self.scenario["areas"].items()}
        within = {}
        for code in rows["area"].unique():
            chain = [code]
            while isinstance(areas["parent"].get(chain[-1]), str):
                chain.append(areas["parent"][chain[-1]])
            within[code] = {*chain} | {name for name, codes in named.items() if codes & {*chain}}
        level = areas["level"].to_dict()
        city = {c: next((a for a in w if level.get(a) == "city"), None) for c, w in within.items()}
        rows["altitude_m"] = rows["altitude_m"].fillna(rows["area"].map(areas["altitude_m"]))
        for attribute in ("january_c", "heating_season_c"):
            rows[attribute] = rows["area"].map(areas[attribute])
        county = {c: next((a for a in w if level.get(a) == "county"), None) for c, w in within.items()}
        rows["gas_access"] = rows["gas_access"].fillna(rows["area"].map(areas["gas_access"]))
        rows["county"] = rows["area"].map(county)
        rows["city"], rows["area"] = rows["area"].map(city), rows["area"].map(within)
        rows["vintage"], rows["units"] = "existing", 1.0
        rows[["plant_cny", "plant_life", "plant_year"]] = np.nan
        rows["heat_given"] = (rows["district_heat_gj"] / rows["activity"]).fillna(0.0)
        burnt = self.plant(rows)
        energy = rows["activity"] * np.where(rows["activity_unit"] == "fuel_GJ", 1.0, burnt["ncv"])
        as_fuel = rows["activity_unit"].str.startswith("fuel_")
        rows["activity"] = np.where(as_fuel, energy / burnt["gj"].where(as_fuel, 1.0), rows["activity"])
        return rows

    def _grown(self) -> np.ndarray:
        rows, growth = self.sources, self.own["growth"]
        growth = growth[(growth["growth"] == self.scenario["growth"]) & (growth["base_year"] == self.start)]
        factor = np.ones((len(rows), len(self.years)))
        for at, year in enumerate(self.years[1:], 1):
            table = growth[growth["year"] == year]
            keys = ["class", "fuel", "technology", "size", "city", "duty"]
            factor[:, at] = np.nan_to_num(number(table, "factor", lay(table, rows, keys)), nan=1.0)
        start = rows["activity"].to_numpy(float)
        wanted = start[:, None] * factor
        hour = {"tph": 0.7 * 3.6, "MW": 1.0, "t/yr": 1 / 8760}  # GJ, MWh and t from an hour of full load
        full = rows["capacity"] * rows["full_load_hours"] * rows["capacity_unit"].map(hour)
        most = np.where(rows["new_build"] == "yes", np.fmax(start, full.to_numpy(float)), np.inf)[:, None]
        stands = ~((rows["from_year"].to_numpy(float)[:, None] > np.array(self.years)) |
                   (rows["to_year"].to_numpy(float)[:, None] < np.array(self.years)))  # fmt: skip
        excess = np.maximum(wanted - most, 0.0)
        excess[(excess <= 1e-6 * wanted).all(axis=1)] = 0.0
        return np.concatenate([np.minimum(wanted, most) * stands, self._built(excess, start)])

    def _built(self, excess: np.ndarray, start: np.ndarray) -> np.ndarray:
        """Adds the sources of vintage new to `sources`; their activity [N, years]."""
        rows, plan = (
            self.sources,
            self.own["new_build"].reindex(columns=["duty", "zone", *self.own["new_build"]]),
        )
        plan = plan.loc[:, ~plan.columns.duplicated()]
        sized = rows.assign(start=start)[(rows["capacity"] > 0) & (start > 0)]
        sums = sized.groupby(["class", "duty"], dropna=False)[["start", "capacity"]].sum()
        hours = {
            (c, d if isinstance(d, str) else ""): s["start"] / s["capacity"] for (c, d), s in sums.iterrows()
        }
        new: dict[str, tuple[pd.Series, np.ndarray]] = {}
        growing = rows[excess.any(axis=1)]
        for (name, city, zone, duty), group in growing.groupby(
            ["class", "city", "zone", "duty"], dropna=False
        ):
            options = plan[plan["class"] == name]
            mine = options["duty"].eq(duty) if options["duty"].eq(duty).any() else options["duty"].isna()
            more = excess[group.index]
            for option in options[mine].to_dict("records"):
                place = option["zone"] if isinstance(option["zone"], str) else zone
                source = f"new.{name}.{city}.{place}.{option['label']}"
                row = rows.loc[group.index[more.sum(axis=1).argmax()]].copy()
                row[["from_year", "to_year", "stock", "efficiency", "park"]] = None
                if row["fuel"] != option["fuel"]:
                    row[["sulphur_pct", "ash_pct", "ncv_gj_per_t"]] = None
                row[["capacity", "fuel", "technology", "controls"]] = (
                    option["capacity"], option["fuel"], option["technology"], option["controls"])  # fmt: skip
                plant = ("capital_cny_per_capacity", "lifetime", "price_year")
                row[["plant_cny", "plant_life", "plant_year"]] = [option.get(name) for name in plant]
                row["county"], row["heat_given"] = None, 0.0
                row["source"], row["zone"], row["vintage"] = source, place, "new"
                row["area"] = set.intersection(*group["area"])
                have = new.get(source, (row, np.zeros(excess.shape[1])))
                new[source] = (have[0], have[1] + option["share"] * more.sum(axis=0))
        built = np.array([activity for _, activity in new.values()])
        frame = pd.DataFrame([row for row, _ in new.values()]).reset_index(drop=True)
        duty = frame["duty"].where(frame["duty"].notna(), "")
        per_unit = np.array([hours.get(key, np.nan) for key in zip(frame["class"], duty, strict=True)])
        frame["units"] = built.max(axis=1) / (frame["capacity"].astype(float) * per_unit)
        frame["activity"] = built[:, 0]
        self.sources = pd.concat([rows, frame.astype(rows.dtypes.to_dict())], ignore_index=True)
        return built

    def plant(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Fuel, power and flue gas of each row per unit of activity, with the quality of its fuel."""
        fuel = self.fuels.reindex(rows["fuel"]).set_axis(rows.index)
        out = pd.DataFrame(
            {"sulphur": rows["sulphur_pct"], "ash": rows["ash_pct"], "ncv": rows["ncv_gj_per_t"]}
        )
        out = out.astype(float).where(fuel["physical_unit"] == "t")
        usual = fuel[["sulphur_pct", "ash_pct", "ncv_gj_per_unit"]].set_axis(out.columns, axis=1)
        out = out.fillna(usual)
        tech = self.ref["technologies"]
        at = lay(tech, rows, PLANT, "min_capacity", rows["capacity"].fillna(0.0))
        given = rows["service"].map({"heat": 1.0, "power": 3.6}) / rows["efficiency"].astype(float)
        ended = rows["technology"].isin(ENDED)
        usual = number(tech, "fuel_gj_per_activity", at) * self.correction("fuel", rows)
        out["gj"] = given.fillna(pd.Series(usual, rows.index))
        out["gj"] = out["gj"].mask(ended | (rows["fuel"] == "none"), 0.0)
        power = np.nan_to_num(number(tech, "electricity_mwh_per_activity", at))
        out["mwh"] = (power + (out["gj"] / 3.6).where(rows["fuel"] == "electricity", 0.0)).mask(ended, 0.0)
        out["heat"] = out["gj"].where(rows["fuel"] == "network_heat", 0.0)
        out["gas_fixed"] = number(tech, "flue_gas_nm3_per_activity", at)
        out["gas_dry"] = fuel["flue_gas_nm3_per_gj"] * out["gj"]
        out["peak_hours"] = number(tech, "peak_hours", at)
        out["standard_vehicle"] = np.nan_to_num(number(tech, "standard_vehicle", at))
        out["co2"] = fuel["co2_kg_per_gj"] * 1e-3 * out["gj"]
        out["group"], out["ended"] = fuel["group"], ended
        return out

    @staticmethod
    def flue_gas(plant: pd.DataFrame, oxygen: np.ndarray) -> np.ndarray:
        """Nm3 per unit of activity at a reference oxygen."""
        return plant["gas_fixed"].fillna(plant["gas_dry"] * 20.9 / (20.9 - oxygen)).to_numpy(float)

    def correction(self, what: str, rows: pd.DataFrame) -> np.ndarray:
        """What attributes multiply the factor of a pollutant, or the intensity (`fuel`), by, [K]."""
        fix, out = self.ref["factor_corrections"], np.ones(len(rows))
        for attribute in fix["attribute"].unique():
            table = fix[(fix["pollutant"] == what) & (fix["attribute"] == attribute)]
            if len(table):
                at = lay(table, rows, PLANT, "at_least", rows[attribute].astype(float))
                out *= np.nan_to_num(number(table, "multiply", at), nan=1.0)
        return out

    def factors(self, rows: pd.DataFrame, plant: pd.DataFrame) -> pd.DataFrame:
        """Emission of each row, t per unit of activity; nan where no factor is known."""
        clean = plant["group"].isin(["electricity", "heat"]) & rows["service"].isin(
            ["heat", "power", "transport"]
        )
        size = rows["capacity"].fillna(0.0)
        ef, out = self.ref["emission_factors"], pd.DataFrame(index=rows.index)
        for p in POLLUTANTS:
            table = ef[ef["pollutant"] == p]
            at = lay(table, rows, PLANT, "min_capacity", size)
            cell = {c: np.append(table[c].astype(object), "")[at] for c in ("per", "unit", "scale_with")}
            tonnes = number(table, "value", at) * np.array([TONNES.get(u, np.nan) for u in cell["unit"]])
            energy = cell["unit"] == "g/GJ"
            physical = (cell["per"] == "fuel") & ~energy
            tonnes = np.where(energy, tonnes * plant["gj"], tonnes)
            tonnes = np.where(physical, tonnes * plant["gj"] / plant["ncv"].replace(0, np.nan), tonnes)
            for name in ("sulphur", "ash"):
                tonnes = np.where(cell["scale_with"] == name, tonnes * plant[name], tonnes)
            tonnes = tonnes * self.correction(p, rows)
            if p == "CO2":
                tonnes = np.where(at < 0, plant["co2"], tonnes)
            tonnes = np.where(clean & np.isnan(tonnes), 0.0, tonnes)
            cal = self.own.get("calibration", pd.DataFrame(columns=["calibration", "pollutant", "factor"]))
            cal = cal[(cal["calibration"] == self.scenario.get("calibration")) & (cal["pollutant"] == p)]
            fitted = np.nan_to_num(number(cal, "factor", lay(cal, rows, ["class", "fuel", "city"])), nan=1.0)
            tonnes = tonnes * np.where(rows["outside_account"], 1.0, fitted)
            out[p] = np.where(plant["ended"], 0.0, self._controlled(p, tonnes, rows, plant, size))
        return out

    def _controlled(
        self, p: str, tonnes: np.ndarray, rows: pd.DataFrame, plant: pd.DataFrame, size: pd.Series
    ) -> np.ndarray:
        table = self.ref["controls"][self.ref["controls"]["pollutant"] == p]
        has = "+" + rows["controls"].fillna("") + "+"
        acting = []
        for name in sorted(table["control"].unique()):
            mine, at = table[table["control"] == name], np.full(len(rows), -1)
            there = has.str.contains(f"+{name}+", regex=False).to_numpy(dtype=bool)
            if there.any():
                at[there] = lay(mine, rows[there], ["class"], "min_capacity", size[there])
                acting.append({c: number(mine, c, at) for c in mine.columns[6:13]})
        for c in acting:
            taken = np.where(
                np.isnan(c["outlet_mg_m3"]), c["capture"] * c["removal"] * c["running_share"], 0.0
            )
            tonnes = tonnes * (1 - np.nan_to_num(taken))
        for c in acting:
            most = c["outlet_mg_m3"] * 1e-9 * self.flue_gas(plant, c["outlet_o2_pct"])
            caught = tonnes * c["capture"]
            kept = tonnes - caught + np.minimum(caught * (1 - np.nan_to_num(c["removal"])), most)
            held = c["running_share"] * kept + (1 - c["running_share"]) * tonnes
            tonnes = np.where(np.isnan(c["outlet_mg_m3"]), tonnes, held)
        for c in acting:
            slip = np.nan_to_num(c["added_g_per_gj"]) * plant["gj"] + np.nan_to_num(c["added_g_per_activity"])
            slip = (np.nan_to_num(c["running_share"]) * slip * 1e-6).to_numpy(float)
            tonnes = np.where(slip > 0, np.nan_to_num(tonnes) + slip, tonnes)
        return tonnes
