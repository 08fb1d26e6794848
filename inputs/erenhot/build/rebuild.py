"""Rebuilds every constructed table of the city: run `python -m inputs.erenhot.build.rebuild`."""

from __future__ import annotations

import runpy

ORDER = ("boilers", "homes", "diffuse", "fleet", "freight", "growth", "projects")

if __name__ == "__main__":
    for script in ORDER:
        runpy.run_module(f"inputs.erenhot.build.{script}", run_name="__main__")
