"""Projects of one's own on the miniature inputs."""

from __future__ import annotations

from typing import Any

from tests.small_inputs import REGION, SOURCE_HEADER

COLUMNS = (
    *(
        "project",
        "name",
        "name_zh",
        "supplies",
        "kind",
        "serves",
        "area",
        "capacity",
        "unit",
        "peak",
        "secured",
    ),
    *("peak_unit", "status", "first_year", "capital_cny", "fixed_om_cny", "lifetime", "plant_fuel"),
    *("plant_technology", "plant_controls", "plant_capacity", "power_mwh_per_unit", "variable_cny_per_unit"),
    *("runs_like", "payer", "citation", "rating", "constructed"),
)
GIVEN = {
    "supplies": "network_heat",
    "serves": "net.1",
    "area": "150102",
    "unit": "GJ/yr",
    "status": "existing",
    "payer": "city",
    "citation": "MADE_UP",
    "rating": "E",
    "constructed": "no",
}
BUILT = {"status": "optional", "first_year": 2018, "capital_cny": 1e6, "fixed_om_cny": 1000, "lifetime": 20}


def project(name: str, capacity: float, **columns: Any) -> str:
    """A row of projects.csv: an existing supply of network heat to net.1 unless said otherwise."""
    row = {"project": name, "name": name, "name_zh": name, "capacity": capacity, **GIVEN, **columns}
    return ",".join(str(row.get(c, "")) for c in COLUMNS)


def projects_file(*rows: str) -> dict[str, str]:
    """The table with these rows."""
    return {f"{REGION}/projects.csv": "\n".join([",".join(COLUMNS), *rows]) + "\n"}


def on_network(row: str, network: str = "net.1") -> str:
    """A row of a boiler with the network that reaches it; see `boilers_on_networks`."""
    return row.replace("heating,", f"heating,{network},", 1)


def boilers_on_networks(*rows: str) -> dict[str, str]:
    """The boilers table with a column for networks."""
    header = SOURCE_HEADER.replace("duty,", "duty,network,")
    return {f"{REGION}/boilers.csv": header + "\n".join(rows) + "\n"}
