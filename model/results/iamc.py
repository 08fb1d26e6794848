"""Emissions and costs in the long format of the IAMC (columns as pyam reads them).

Variables follow the common definitions: Emissions|Sulfur is SO2, NOx is as NO2. The definitions have no
PM2.5 and PM10; `Emissions|PM2.5` and `Emissions|PM10` are extensions of this project, as are the sector
names below `Emissions|*`, which are those of the national manual. Regions are the cities and the region
itself.
"""

from __future__ import annotations

import pandas as pd

from model.results.ledger import PRICED
from model.results.results import ordered

VARIABLES = {
    "SO2": ("Emissions|Sulfur", "kt SO2/yr"),
    "NOx": ("Emissions|NOx", "kt NO2/yr"),
    "VOCs": ("Emissions|VOC", "kt VOC/yr"),
    "PM10": ("Emissions|PM10", "kt PM10/yr"),
    "PM2.5": ("Emissions|PM2.5", "kt PM2.5/yr"),
    "BC": ("Emissions|BC", "kt BC/yr"),
    "OC": ("Emissions|OC", "kt OC/yr"),
    "CO": ("Emissions|CO", "kt CO/yr"),
    "NH3": ("Emissions|NH3", "kt NH3/yr"),
    "CO2": ("Emissions|CO2", "kt CO2/yr"),
}
"""Pollutant -> variable, unit. 1 kt = 1 000 t."""

SECTORS = {
    "fossil_fuel": "Energy|Fossil Fuel Combustion",
    "process": "Industrial Processes",
    "mobile": "Energy|Demand|Transportation",
    "solvent": "Product Use",
    "agriculture": "AFOLU|Agriculture",
    "dust": "Dust",
    "biomass": "Biomass Burning",
    "storage": "Energy|Supply|Oil Storage and Sale",
    "waste": "Waste",
    "other": "Other",
}
"""Sector of the national manual -> tail of the variable."""


def iamc_frame(emissions: pd.DataFrame, costs: pd.DataFrame, scenario: str, region: str) -> pd.DataFrame:
    """IAMC rows of emission by city and region, total and by sector, and of annual policy cost.

    emissions in t/yr and costs in CNY/yr as of the result files. The scenario column is SCENARIO|CASE.
    Policy cost is the annuity and running cost of a year; investment is a variable of its own. What prices of
    pollutants charge is a transfer and left out.
    """
    rows = [_emission_rows(emissions, region), _cost_rows(costs, region)]
    out = pd.concat(rows, ignore_index=True)
    out["model"] = "Lantian"
    out["scenario"] = scenario + "|" + out["case"]
    out = out.sort_values(["scenario", "region", "variable", "year"], kind="stable")
    return ordered(out, "iamc")


def _emission_rows(emissions: pd.DataFrame, region: str) -> pd.DataFrame:
    cities = emissions.rename(columns={"city": "region"})
    whole = cities.assign(region=region)
    both = pd.concat([cities, whole], ignore_index=True)
    by_sector = both.assign(tail="|" + both["sector"].map(SECTORS))
    total = both.assign(tail="")
    rows = pd.concat([by_sector, total], ignore_index=True)
    rows["variable"] = rows["pollutant"].map({p: v for p, (v, _) in VARIABLES.items()}) + rows["tail"]
    rows["unit"] = rows["pollutant"].map({p: u for p, (_, u) in VARIABLES.items()})
    summed = rows.groupby(["case", "region", "variable", "unit", "year"])["value"].sum().reset_index()
    return summed.assign(value=summed["value"] / 1000.0)


def _cost_rows(costs: pd.DataFrame, region: str) -> pd.DataFrame:
    costs = costs[costs["kind"] != PRICED]
    investment = costs["kind"] == "investment"
    rows = costs.assign(
        variable=investment.map(
            {True: "Investment|Air Pollution Control", False: "Policy Cost|Air Pollution Control"}
        ),
        unit="million CNY/yr",
        region=costs["city"],
    )
    both = pd.concat([rows, rows.assign(region=region)], ignore_index=True)
    summed = both.groupby(["case", "region", "variable", "unit", "year"])["value"].sum().reset_index()
    return summed.assign(value=summed["value"] / 1e6)
