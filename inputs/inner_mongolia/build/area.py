"""Builds agriculture.csv, area_sources.csv and those of 2020: farms, dust, burning, waste, catering, coal
fires.

facts_farms.csv, facts_area.csv and facts_yards.csv have the totals by year; control totals are rows of
observations.csv: straw that can be collected and is used (census, seen), cattle, sheep, pigs, nitrogen,
roads swept by machine, yards enclosed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from inputs.build.names import KINDS, WORDS_ZH, named
from inputs.build.rows import Row, Value, source
from inputs.inner_mongolia.build.league_weights import spread
from inputs.inner_mongolia.build.region import REGION, START

BURNT_OF_UNUSED = {2017: 0.45, 2020: 0.40}
"""Share of collectable straw not put to use that is burnt in the field (own estimate)."""
EXTRA = ("controls", "sweeping_share", "site_control_share", "nitrogen_use", "outside_account")
HERDS = {"cattle": ("dairy", "beef"), "sheep": ("sheep",), "pigs": ("pig", "sow")}


def area_rows(year: int, item: Mapping[str, Value]) -> list[Row]:
    """A row per league; the label begins with a kind of KINDS or with what is produced."""
    kind, label, technology = str(item["kind"]), str(item["label"]), str(item["technology"])
    first = label.split(".")[0]
    named_kind = f"{kind}.{first}" if f"{kind}.{first}" in KINDS else kind
    word = next((x for x in (technology, first) if x in WORDS_ZH), "")
    more = {key: item[key] for key in EXTRA if key in item and not _empty(item[key])}
    result = []
    for area, part in spread(float(item["total"] or 0), str(item["weight"]), 0.004).items():
        name = ".".join(x for x in (kind, area, label) if x)
        row = source(
            year, name, kind, area, str(item["zone"]), part, str(item["unit"]), technology=technology
        )
        result.append(named(REGION, row | more, named_kind, word))
    return result


def _empty(cell: Value) -> bool:
    """Whether a cell of a table of facts is missing."""
    return isinstance(cell, float) and math.isnan(cell)


def rows_of(year: int, name: str) -> list[Row]:
    """The rows of a year of a table of facts."""
    table = REGION.facts(name).fillna({"label": ""})
    return [row for item in table[table["year"] == year].to_dict("records") for row in area_rows(year, item)]


def agriculture_rows(year: int = START) -> list[Row]:
    """All rows of agriculture."""
    result = rows_of(year, "facts_farms")
    heads: dict[str, float] = {}
    for row in result:
        heads[str(row["technology"])] = heads.get(str(row["technology"]), 0) + float(row["activity"] or 0)
    for herd, kinds in HERDS.items():
        REGION.check_range(f"{herd}.{year}", sum(heads[kind] for kind in kinds))
    REGION.check_range(f"nitrogen.{year}", (heads["urea"] + heads["other"]) / 1e6)
    return result


def yard_rows(year: int) -> list[Row]:
    """Yards by industry, league and kind; captive_industry names the industry.

    powder and lump are yards of the key industries of the plan; coal is that of mines and traders.
    """
    table = REGION.facts("facts_yards")
    result = []
    for yards in table[table["year"] == year].to_dict("records"):
        for technology in ("open", "wind_fence", "enclosed"):
            item = {"kind": "yard_dust", "label": f"{yards['industry']}.{technology}", "unit": "t"}
            item |= {"total": yards["tonnes"] * yards[technology], "weight": yards["weight"]}
            industry = {"captive_industry": yards["industry"], "commodity": yards["commodity"]}
            item |= {"zone": "park", "technology": technology}
            result += [row | industry for row in area_rows(year, item)]
    return result


def straw_rows(year: int) -> list[Row]:
    """Straw burnt in the open: what is collectable, not used, and set on fire."""
    collectable = REGION.control_total(f"straw_collectable.{year}") * 1e6
    used = REGION.control_total(f"straw_used.{year}") * 1e6
    burnt = (collectable - used) * BURNT_OF_UNUSED[year]
    item = {"kind": "straw_burning", "label": "", "total": burnt, "unit": "t", "weight": "straw"}
    rows = area_rows(year, item | {"zone": "rural", "technology": "open"})
    return [row | {"straw_used_share": round(used / collectable, 4)} for row in rows]


def area_source_rows(year: int = START) -> list[Row]:
    """All rows of the area sources of a year."""
    result = rows_of(year, "facts_area") + yard_rows(year) + straw_rows(year)
    town = [r for r in result if r["class"] == "road_dust" and r["zone"] != "rural"]
    km = sum(float(row["activity"] or 0) for row in town)
    swept = sum(float(row["activity"] or 0) * float(row.get("sweeping_share") or 0) for row in town)
    REGION.check_range(f"sweeping.{year}", 100 * swept / km)
    yards = {row["technology"]: 0.0 for row in result if row["class"] == "yard_dust"}
    for row in (r for r in result if r["class"] == "yard_dust"):
        yards[row["technology"]] += float(row["activity"] or 0)
    REGION.check_range(f"yards_enclosed.{year}", 100 * yards["enclosed"] / sum(yards.values()))
    return result


if __name__ == "__main__":
    REGION.write(agriculture_rows(), "agriculture")
    REGION.write(area_source_rows(), "area_sources")
    REGION.write(agriculture_rows(2020), "agriculture_2020")
    REGION.write(area_source_rows(2020), "area_sources_2020")
