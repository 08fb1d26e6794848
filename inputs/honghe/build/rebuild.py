"""Rebuilds every table of Honghe in order: places first, what follows from other tables last.

Run `python -m inputs.honghe.build.rebuild` after a change of facts or observations. There is no
calibration.csv: no official emission total of the prefecture was found, and a range is no account.
"""

from __future__ import annotations

import runpy

ORDER = (
    "areas",
    "power_units",
    "plants",
    "boilers",
    "diffuse",
    "fleet",
    "freight",
    "projects",
    "growth",
    "balance",
    "sources_2015",
)

if __name__ == "__main__":
    for script in ORDER:
        runpy.run_module(f"inputs.honghe.build.{script}", run_name="__main__")
