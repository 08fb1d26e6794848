"""Gas boilers by unit, and biomass boilers by league: the parts of boilers.csv that burn no coal."""

from __future__ import annotations

import numpy as np
import pandas as pd

from inputs.build.rows import GJ_PER_TPH_HOUR
from inputs.build.spread import expand, to_counties, to_options
from inputs.inner_mongolia.build.region import REGION
from inputs.inner_mongolia.build.years import of_year


def gas_heat(year: int) -> tuple[pd.Series, pd.Series]:
    """Heat of gas boilers by league, PJ: heating by the heat balance, process by industry."""
    process = REGION.facts("facts_process").set_index("area")["gas_boiler_share"]
    process = process / process.sum() * REGION.control_total(f"process_gas_heat.{year}")
    return pd.Series(REGION.by_area(of_year("gas_heat", year))), process


def build_gas(areas: pd.DataFrame, heat: pd.Series, process: pd.Series, low_nox: float) -> pd.DataFrame:
    """Gas boilers on trunk lines and LNG that give `heat` and `process` by league, PJ.

    low_nox: part of them with low-NOx burners.
    """
    piped = areas[areas["gas_access"] != "none"]
    reach = piped["urban_population"] * np.where(piped["gas_access"] == "trunk", 1.0, 0.1)
    share = reach / reach.groupby(piped["parent"]).transform("sum")
    rows = []
    ladders = (("heating", heat, 1700.0, (100, 40, 20, 10, 4)), ("process", process, 4000.0, (40, 20, 10, 4)))
    for duty, wanted, hours, ladder in ladders:
        target = share * piped["parent"].map(wanted) * 1e6 / GJ_PER_TPH_HOUR / hours
        each = target.sum() / len(ladder)
        sizes = pd.DataFrame({"tph": ladder, "units": [round(each / tph) for tph in ladder]})
        units = expand(sizes).assign(duty=duty)
        units["area"] = to_counties(units["tph"], target)
        got = units["tph"].groupby(units["area"].map(areas["parent"])).sum() * GJ_PER_TPH_HOUR
        units["hours"] = units["area"].map(areas["parent"]).map(wanted * 1e6 / got).clip(upper=7000).round()
        rows.append(units)
    units = pd.concat(rows, ignore_index=True)
    burners = pd.Series({"": 1 - low_nox, "lnb": low_nox})
    units["controls"] = to_options(units, ["duty", "tph", "area"], burners)
    built_up = np.where(units["area"].map(areas["city"]), "city_built_up", "county_built_up")
    units["zone"] = np.where(units["duty"] == "process", "park", built_up)
    return units.assign(
        **{"class": "boiler"},
        fuel="natural_gas",
        technology="gas_boiler",
        efficiency=0.92,
        plant="",
        prefix="gas_boiler",
    )


def build_biomass(year: int) -> pd.DataFrame:
    """Biomass boilers, heat by league in the straw country of the east (own estimate)."""
    straw = {"150400": 0.25, "150500": 0.3, "150700": 0.25, "152200": 0.2}
    rows = pd.DataFrame({"area": list(straw), "share": list(straw.values())})
    names = REGION.facts("facts_leagues").set_index("area")
    return rows.assign(
        source="biomass_boiler." + rows["area"],
        year=year,
        **{"class": "biomass_boiler"},
        name=rows["area"].map(names["name"]) + " biomass boilers",
        name_zh=rows["area"].map(names["name_zh"]) + "生物质锅炉",
        zone="county_built_up",
        activity=rows["share"] * REGION.control_total(f"biomass_boiler_heat.{year}") * 1e6,
        activity_unit="GJ",
        fuel="biomass",
        technology="standard",
        controls="bag",
        controls_basis="constructed",
        efficiency=0.8,
        duty="heating",
        part_year=0.4,
        citation="own_estimate",
        rating="E",
        constructed=True,
    )
