"""Belts of the short hauls of coal, and the grid's room for electric heat."""

from __future__ import annotations

import pandas as pd

from inputs.inner_mongolia.build.region import REGION

GRID_KW_PER_RESIDENT = 0.15
"""Room of the town grids for electric heat at the start, kW per urban resident (own estimate): a tenth of
what their homes need at design temperature."""
GRID_STEPS = {1: (1.0, 2019), 2: (2.0, 2020)}
"""Optional reinforcement: times that room, first year."""
GRID_CNY_PER_MW = 1.2e6
"""Substation, feeders and transformers, 0.6 to 2.5 M CNY a MW (own estimate). COAL_TO_POWER_2024 is the upper
end: 5.1 bn CNY for 257 000 homes is 19 800 CNY each, 2.5 M CNY a MW at 8 kW, with the lines of villages."""


def belt_projects() -> pd.DataFrame:
    """Closed belts, a line a row; no more than one line of a corridor is finished in a year."""
    facts = REGION.facts("facts_belts")
    rows = facts.loc[facts.index.repeat(facts["lines"])].reset_index(drop=True)
    number = rows.groupby("corridor").cumcount()
    capital = rows["km"] * rows["cny_per_km"]
    return rows.assign(
        project="BELT-" + rows["corridor"] + "-" + (number + 1).astype(str),
        name=rows["name"] + ", line " + (number + 1).astype(str),
        name_zh=rows["name_zh"] + "（第" + (number + 1).astype(str) + "条）",
        supplies="belt_freight",
        kind="belt",
        serves=rows["corridor"],
        capacity=rows["mt_per_line"] * 1e6,
        unit="t/yr",
        status="optional",
        first_year=rows["first_year"] + number,
        capital_cny=capital,
        fixed_om_cny=capital * 0.02,
        lifetime=20,
        payer="enterprise",
        citation="own_estimate",
    )


def grid_projects() -> pd.DataFrame:
    """Room of the grid of every city, and two steps of reinforcement."""
    areas = REGION.table("areas")
    cities = areas[areas["level"] == "city"]
    room = (cities["urban_population"] * GRID_KW_PER_RESIDENT / 1e3).round(0)
    common = {
        "supplies": "peak_electricity",
        "kind": "grid",
        "serves": cities["area"],
        "unit": "MW",
        "lifetime": 30,
        "payer": "grid",
        "citation": "own_estimate",
    }
    rows = [
        cities.assign(
            **common,
            project="GRID-" + cities["area"] + "-0",
            name=cities["name"] + " grid, room for electric heat",
            name_zh=cities["name_zh"] + "电网可接入电采暖负荷",
            capacity=room,
            status="existing",
        )
    ]
    for step, (times, year) in GRID_STEPS.items():
        capital = room * times * GRID_CNY_PER_MW
        rows.append(
            cities.assign(
                **common,
                project="GRID-" + cities["area"] + f"-{step}",
                name=cities["name"] + f" grid reinforcement, step {step}",
                name_zh=cities["name_zh"] + f"电网配套改造（第{step}期）",
                capacity=room * times,
                status="optional",
                first_year=year,
                capital_cny=capital,
                fixed_om_cny=capital * 0.02,
            )
        )
    return pd.concat(rows, ignore_index=True)
