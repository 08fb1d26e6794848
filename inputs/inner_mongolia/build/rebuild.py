"""Rebuilds vehicles, freight, machines, solvents, farms, area sources, and what follows from other tables.

growth.csv follows from power_units.csv, sources_2015.csv from all sources of 2017, and calibration.csv from
the whole inventory: run `python -m inputs.inner_mongolia.build.rebuild` after a change of factors or sources.
"""

from __future__ import annotations

import runpy

ORDER = (
    "fleet",
    "freight",
    "nonroad",
    "solvents",
    "area",
    "projects",
    "growth",
    "sources_2015",
    "calibration",
)

if __name__ == "__main__":
    for script in ORDER:
        runpy.run_module(f"inputs.inner_mongolia.build.{script}", run_name="__main__")
