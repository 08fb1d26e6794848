"""Builds sources_2015.csv: the sources of 2017 as they were in 2015, by the same identifiers.

Documentation, and the reference year of percentages that are not chain-linked. Activity goes back by
facts_growth.csv (level_2015), road vehicles by the turnover of the fleet. A part of the controls came later
(LATER): the units without them are picked in turn, so that a rebuild gives the same bytes.
"""

from __future__ import annotations

import pandas as pd

from inputs.build.machines import LEAVING
from inputs.build.spread import to_options
from inputs.build.turnover import stocks
from inputs.honghe.build.counties import REGION
from inputs.honghe.build.vehicles import segments, series

TABLES = ("power_units", "plants", "boilers", *("residential", "fleet", "freight", "nonroad", "solvents"))
TABLES += ("oil", "agriculture", "area_sources")
LATER = (
    ("boiler", "fgd_simple", 0.6),
    ("boiler", "fgd_wet", 0.35),
    ("brick_kiln", "fgd_wet", 0.6),
    ("lead_zinc_smelter", "fgd_wet", 0.6),
    ("copper_smelter", "fgd_wet", 0.6),
    ("cement_kiln", "sncr", 0.25),
    ("filling_station", "stage1", 0.4),
    ("oil_depot", "vru", 0.4),
    ("industrial_coating", "carbon_once", 0.6),
)
"""Controls that came in 2016 and 2017: of a class, and the share of those with it that had none in 2015 (own
estimate)."""
KEYS = ("fuel", "technology", "duty")


def levels(sources: pd.DataFrame) -> pd.Series:
    """Activity of 2015 against 2017 by class: the line of facts_growth.csv that says most of a source."""
    out = pd.Series(1.0, index=sources.index)
    lines = REGION.facts("facts_growth")
    filled = lines[list(KEYS)].notna().sum(axis=1)
    for _, line in lines.loc[filled.sort_values(kind="stable").index].iterrows():
        hit = sources["class"] == line["class"]
        for key in KEYS:
            if isinstance(line[key], str):
                hit &= sources[key] == line[key]
        out[hit] = float(line["level_2015"])
    return out


def fleet_levels(sources: pd.DataFrame) -> pd.Series:
    """Kilometres of 2015 against 2017 of every row of fleet.csv: stock by facts, stages by turnover."""
    out = pd.Series(1.0, index=sources.index)
    for segment in segments():
        line = segment.line
        first = segment.shares
        past = stocks(segment.fleet, series(line, "planned"))[2015]
        oldest = next(iter(first))
        km = dict.fromkeys(first, 0.0)
        for stage, (_, share) in past.items():
            km[stage if stage in km else oldest] += share
        level = 1 / float(line["planned_2019"]) if line["kind"] != "low_speed_truck" else 1.2
        pattern = rf"{line['kind']}\.\d{{6}}\.{line['label']}\."
        of_kind = sources["source"].str.match(pattern)
        for stage, share in km.items():
            ratio = share / sum(km.values()) * level / first[stage][1]
            out[of_kind & (sources["technology"] == stage)] = ratio
    out[sources["technology"] == "NEV"] = 0.3
    return out


def machines_levels(sources: pd.DataFrame) -> pd.Series:
    """Work of machines: older stages did more by what they lose in two years, stage III was hardly sold."""
    lost = sources["technology"].map(LEAVING)
    back = (1 / (1 - lost) ** 2).mask(sources["technology"] == "stage III", 0.4)
    return back.where(sources["class"] == "nonroad", 1.0).fillna(1.0)


def earlier_controls(sources: pd.DataFrame) -> pd.Series:
    """Controls of 2015: those of 2017 less what came later."""
    out = sources["controls"].fillna("")
    for kind, control, share in LATER:
        with_it = pd.Series([control in had.split("+") for had in out], index=out.index)
        have = sources[(sources["class"] == kind) & with_it]
        without = to_options(have, ["area", "source"], pd.Series({"yes": 1 - share, "no": share})) == "no"
        gone = without.index[without]
        out[gone] = ["+".join(c for c in had.split("+") if c != control) for had in out[gone]]
    return out


def build() -> pd.DataFrame:
    """The table."""
    now = pd.concat([REGION.table(name) for name in TABLES], ignore_index=True)
    now = now[~(now["from_year"] > 2015)].reset_index(drop=True)
    level = levels(now) * machines_levels(now)
    fleet = now["class"].isin([s.line["kind"] for s in segments()])
    level = level.where(~fleet, fleet_levels(now[fleet]).reindex(now.index))
    return now.assign(
        year=2015,
        activity=now["activity"] * level,
        stock=now["stock"] * level,
        controls=earlier_controls(now),
        to_year=now["to_year"].astype("Int64"),
        from_year=now["from_year"].astype("Int64"),
        citation="own_estimate",
        rating="E",
        constructed="yes",
        controls_basis=now["controls_basis"],
    )


def check(rows: pd.DataFrame) -> None:
    """Identifiers are unique and those of 2017; coal power has the hours of 2015."""
    assert rows["source"].is_unique
    grid = rows[(rows["class"] == "power_unit") & (rows["captive"] == "no")]
    hours = grid["activity"].sum() / grid["capacity"].sum()
    assert abs(hours / REGION.control_total("coal_power_hours.2015") - 1) < 0.01, hours


if __name__ == "__main__":
    built = build()
    check(built)
    REGION.write(built, "sources_2015")
