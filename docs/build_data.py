"""Writes docs/data.md and docs/data/REGION.md with their tile maps (python -m docs.build_data [REGION ...]).

Each page is a template with its tables filled from inputs/. A gap that must be explained and has no reason in
REGION_gaps.csv is refused, and nothing of that page is written.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from docs.markdown import markdown
from docs.region_page import SHOWN, Plan, World, build, emission, found, kilo, read_world
from model.inventory.emissions import Inventory
from model.report.look import save, style
from model.report.messages import load_messages
from model.report.page.tiles import place, tile_map

DOCS = Path(__file__).parent
INPUTS = DOCS.parent / "inputs"
INNER_MONGOLIA = {2017: "census_2017", 2020: "statistics_2020", 2015: "census_2017"}
PLANS = {
    plan.region: plan
    for plan in (
        Plan("inner_mongolia", "Inner Mongolia", (2017, 2020, 2015), INNER_MONGOLIA),
        Plan("honghe", "Honghe", (2017, 2015), {}),
        Plan("erenhot", "Erenhot", (2018,), {}),
    )
}


def region_world(region: str) -> World:
    """What the page of a region is made from."""
    return read_world(PLANS[region], INPUTS, DOCS / "data" / f"{region}_gaps.csv")


def region_page(world: World) -> str:
    """The page of a region."""
    template = DOCS / "data" / f"{world.plan.region}.template.md"
    return build(world, template.read_text(encoding="utf-8"))


def index(worlds: Sequence[World]) -> str:
    """docs/data.md: the regions side by side, and every work cited."""
    text = (DOCS / "data.template.md").read_text(encoding="utf-8")
    parts: Mapping[str, str] = {
        "regions": regions(worlds),
        "evidence": evidence(worlds),
        "citations": citations(worlds[0]),
    }
    for name, part in parts.items():
        text = text.replace("{{" + name + "}}", part)
    return text


def regions(worlds: Iterable[World]) -> str:
    """Sources and totals by region and year, kt/yr, as scenarios use them."""
    rows = []
    for world in worlds:
        for year, inventory in world.calibrated.items():
            sums = emission(inventory).sum(numeric_only=True, min_count=1)
            cells = (kilo(float(sums[pollutant])) for pollutant in SHOWN)
            page = f"[{world.plan.name}](data/{world.plan.region}.md)"
            rows.append((page, str(year), f"{len(inventory.sources):,}", *cells))
    return markdown(("region", "year", "sources", *SHOWN), rows)


def evidence(worlds: Iterable[World]) -> str:
    """What emission of the start years rests on: the weakest of activity, factor and controls, per cent."""
    rows = []
    for world in worlds:
        shares = found(world).shares.query("basis == 'evidence'")
        wide = shares.pivot_table(
            index="label", columns="pollutant", values="share", aggfunc="sum", sort=False
        )
        for label, row in wide.iterrows():
            cells = (f"{100 * row[pollutant]:.1f}" for pollutant in SHOWN)
            rows.append((world.plan.name, str(world.start), str(label), *cells))
    return markdown(("region", "year", "per cent", *SHOWN), rows)


def citations(world: World) -> str:
    """Every work cited, with its terms and whether it was seen."""
    frame = world.tables.frame["citations"].fillna("")
    columns = ["citation", "title", "year", "where", "licence", "access"]
    return markdown(columns, (tuple(str(cell) for cell in row) for row in frame[columns].to_numpy()))


def draw(world: World) -> None:
    """docs/images/tiles_REGION.png: SO2, NOx and VOCs of the start year, a tile a city or county."""
    areas = world.tables.frame["areas"].set_index("area")
    level = "city" if (areas["level"] == "city").sum() > 1 else "county"
    areas = areas[areas["level"] == level]
    if len(areas) < 2:
        return
    sums = _by_area(world.calibrated[world.start], level).reindex(areas.index).fillna(0.0)
    places = place(areas["lat"].to_numpy(float), areas["lon"].to_numpy(float))
    with style(load_messages("en")) as plt:
        figure, axes = plt.subplots(1, 3, figsize=(14.0, 4.6))
        for axis, pollutant in zip(axes, SHOWN[:3], strict=True):
            values = sums[pollutant].to_numpy(float)
            title = f"{pollutant} {world.start}, kt/yr"
            tile_map(axis, places, list(areas["name"]), values, [f"{value:.1f}" for value in values], title)
        save(figure, DOCS / "images" / f"tiles_{world.plan.region}")
        (DOCS / "images" / f"tiles_{world.plan.region}.svg").unlink()


def _by_area(inventory: Inventory, level: str) -> pd.DataFrame:
    frame = emission(inventory).assign(county=inventory.sources["county"])
    return frame.groupby(level).sum(numeric_only=True)


def main(names: Sequence[str]) -> None:
    """Write the pages of the regions named, or of all, and the index."""
    worlds = [region_world(region) for region in PLANS]
    for world in worlds:
        if not names or world.plan.region in names:
            text = region_page(world)
            (DOCS / "data" / f"{world.plan.region}.md").write_text(text, encoding="utf-8")
            draw(world)
    (DOCS / "data.md").write_text(index(worlds), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
