"""The words of the model: pollutants, sectors, quantities, strengths, zones, ratings (design: section 2).

Nothing here computes. Every other module takes its labels from this one, so that a label is spelt once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

POLLUTANTS = ("SO2", "NOx", "VOCs", "PM10", "PM2.5", "BC", "OC", "CO", "NH3", "CO2")
"""NOx as NO2, VOCs as NMVOC mass. Internal unit of an emission: t/yr."""

SECTORS = (
    "fossil_fuel",
    "process",
    "mobile",
    "solvent",
    "agriculture",
    "dust",
    "biomass",
    "storage",
    "waste",
    "other",
)
"""The ten source sectors of the national manual, in its order."""

ZONES = ("city_built_up", "county_built_up", "urban_fringe", "park", "rural")
RATINGS = ("A", "B", "C", "D", "E")
ACCESS = ("seen", "derived", "recalled", "own")
PAYERS = ("state", "region", "city", "county", "enterprise", "household", "grid")
CASES = ("frozen", "current_law", "plan")
SLOTS = ("fate", "fuel", "burner", "SO2", "NOx", "PM", "VOC", "operation")
OFFICIAL_ACCOUNTS = ("total_control_13fyp", "statistics_first", "statistics_revised", "census_2017")
"""Accounts that leave out the sources with outside_account."""
ALERTED = ("SO2", "NOx", "PM10", "VOCs")
"""Pollutants that alerts cut; PM10 stands for particles of every size."""

STRENGTHS = (
    "strive",
    "encourage",
    "indicative",
    "about",
    "basically",
    "in_principle",
    "hard",
    "binding",
)
"""The order in which limits give way when a plan can not be met: the first gives way first."""

STANDARD_LEVELS = ("none", "national_limits", "special_limits", "ultra_low", "closed")
"""Strictness order of the attribute `meets`: a stricter state satisfies a weaker clause."""

QuantityKind = Literal["state", "move", "stock", "balance", "response"]


@dataclass(frozen=True)
class Quantity:
    """Something that is summed and limited.

    kind: `state` is use per year of being in a state (part-year rule applies), `stock` is what stands on
    31 December (no part-year rule), `move` is what changing state uses, `balance` exists only as a regional
    total, `response` is what emission does to a receptor (air quality: a screening estimate).
    """

    name: str
    unit: str
    kind: QuantityKind
    description: str


QUANTITIES: dict[str, Quantity] = {
    q.name: q
    for q in (
        *(Quantity(p, "t/yr", "state", f"emission of {p}") for p in POLLUTANTS),
        Quantity("activity", "1/yr", "state", "service of a source, in the activity unit of its class"),
        Quantity("heat", "GJ/yr", "state", "useful heat delivered by boilers, stoves and homes"),
        Quantity("coal", "t/yr", "state", "coal burnt, physical tonnes"),
        Quantity("coal_energy", "GJ/yr", "state", "energy of coal used"),
        Quantity("gas_energy", "GJ/yr", "state", "energy of natural gas used"),
        Quantity("natural_gas", "m3/yr", "state", "natural gas used"),
        Quantity("oil_energy", "GJ/yr", "state", "energy of oil products used"),
        Quantity("primary_energy", "GJ/yr", "state", "primary energy used, coal-equivalent accounting"),
        Quantity("nonfossil_energy", "GJ/yr", "balance", "non-fossil energy used"),
        Quantity("gdp", "CNY/yr", "balance", "gross regional product, constant prices"),
        Quantity("electricity", "MWh/yr", "state", "electricity used"),
        Quantity("industrial_electricity", "MWh/yr", "state", "electricity used by industry"),
        Quantity("industrial_final_energy", "GJ/yr", "state", "final energy used by industry"),
        Quantity("network_heat", "GJ/yr", "state", "heat taken from a heat network"),
        Quantity("peak_heat", "MW", "stock", "heat load on a heat network at design temperature"),
        Quantity("peak_gas", "m3/day", "stock", "natural gas on the peak day"),
        Quantity(
            "secured_heat", "MW", "stock", "heat load to be met with the largest source of a network out"
        ),
        Quantity("peak_electricity", "MW", "stock", "electric load of heating at design temperature"),
        Quantity("rail_freight", "t/yr", "state", "goods moved by rail"),
        Quantity("belt_freight", "t/yr", "state", "goods moved by belt"),
        Quantity("stock", "1", "stock", "vehicles, machines or households"),
        Quantity("standard_vehicles", "1", "stock", "new-energy vehicles in standard-vehicle equivalents"),
        Quantity("capacity", "1", "stock", "capacity in the capacity unit of the class"),
        Quantity("thermal_capacity", "MW", "balance", "thermal power capacity"),
        Quantity("new_energy_capacity", "MW", "balance", "wind and solar power capacity"),
        Quantity("nh3_slip", "mg/m3", "stock", "greatest ammonia slip of flue-gas treatment"),
        Quantity("units_completed", "1/yr", "move", "sources that change state in a year"),
        Quantity("capacity_completed", "1/yr", "move", "capacity that changes state in a year"),
        Quantity(
            "stock_completed", "1/yr", "move", "vehicles, machines or households that change state in a year"
        ),
        Quantity("investment", "CNY/yr", "move", "overnight investment"),
        Quantity("cost", "CNY/yr", "state", "annual social cost over and above state 0"),
        Quantity("PM2.5_concentration", "ug/m3", "response", "annual mean PM2.5, dust days deducted"),
        Quantity("PM10_concentration", "ug/m3", "response", "annual mean PM10, dust days deducted"),
    )
}

ENDED = ("closed", "scrapped")
"""Technologies that end a source."""
STOOD = ("activity", "stock", "capacity")
"""What a source serves and is: of what has ended it can be asked as it was."""

NOT_A_SUM = ("nh3_slip",)
"""Quantities of which the greatest value over sources counts."""

SUPPLIES: dict[str, tuple[str, ...]] = {
    "network_heat": ("peak_heat", "secured_heat"),
    "natural_gas": ("peak_gas",),
    "rail_freight": (),
    "belt_freight": (),
    "peak_electricity": (),
}
"""What projects supply, and the loads that go with it: at peak, and with the largest source out."""
