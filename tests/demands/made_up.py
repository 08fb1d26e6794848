"""The made-up region of tests/small_inputs.py with a heat network: b1 is 8 km from a CHP unit, b2 20 km."""

from __future__ import annotations

from pathlib import Path

from tests.options.catalogue import costs, measure
from tests.small_inputs import BOILERS, MEASURE_DATA, MEASURES, PROJECTS, REGION, write_small_run

JOIN = measure(
    "join",
    "fuel",
    fits_fuel="coal",
    fits_where="network=*",
    sets_fuel="network_heat",
    sets_technology="network",
    drops_controls="yes",
)
HEAT = (
    "HEAT-0,Spare,富余,network_heat,net.1,150102,20000,GJ/yr,3,MW,existing,2010,,,,city,MADE_UP,E,no\n"
    "HEAT-1,Main,热网,network_heat,net.1,150102,120000,GJ/yr,14,MW,optional,2018,3000000,60000,20,city,"
    "MADE_UP,E,no\n"
)


def write_made_up(folder: Path) -> Path:
    """Write the inputs under `folder` and return them."""
    inputs, _ = write_small_run(folder)
    boilers = BOILERS.replace("duty,", "duty,network,km_to_chp_300mw,").splitlines()
    places = {"b1": "net.1,8,", "b2": "net.1,20,", "b3": ",,", "b4": ",,"}
    rows = [boilers[0]]
    for row in boilers[1:]:
        head, duty, tail = row.partition("heating," if "heating," in row else "process,")
        rows.append(head + duty + places[row[:2]] + tail)
    for file, text in {
        f"{REGION}/boilers.csv": "\n".join(rows) + "\n",
        f"{REGION}/projects.csv": PROJECTS + HEAT,
        "reference/measures.csv": MEASURES + JOIN + "\n",
        "reference/measure_data.csv": MEASURE_DATA + "\n".join(costs("join", 500_000)) + "\n",
    }.items():
        (inputs / file).write_text(text, encoding="utf-8")
    return inputs
