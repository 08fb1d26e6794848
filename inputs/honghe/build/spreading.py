"""Rows of facts_spread.csv: a control total over counties, zones and states.

A line takes its total from observations.csv (times `per_unit`) and spreads it by a weight of counties.py,
the shares of `zones` (`town` is the built-up area of the county) and those of `options`
(TECHNOLOGY:CONTROLS=SHARE). `attributes` are further columns; gas_access=* is that of the county.
"""

from __future__ import annotations

import pandas as pd

from inputs.build.coal import coal_quality
from inputs.build.spread import in_proportion
from inputs.honghe.build.counties import REGION, START, built_up, counties, weights

LEAST = 0.004
"""Counties with a smaller share of a total get nothing of it."""
ZONES = {
    "city_built_up": ("built-up area", "建成区"),
    "county_built_up": ("built-up area", "建成区"),
    "urban_fringe": ("urban fringe", "城郊"),
    "park": ("parks", "园区"),
    "rural": ("rural", "农村"),
}
STATES_ZH = {
    "pre-stage I": "国一前", "stage I": "国一", "stage II": "国二", "stage III": "国三",
    "solvent_based": "溶剂型", "water_based": "水性", "powder": "粉末", "low_voc": "低VOCs",
    "open": "露天", "wind_fence": "防风抑尘网", "enclosed": "全封闭", "urea": "尿素", "other": "其他氮肥",
}  # fmt: skip


def shares(text: str) -> dict[str, float]:
    """Shares written as NAME=SHARE joined by |, which must add up to 1."""
    found = {name: float(share) for name, _, share in (part.rpartition("=") for part in text.split("|"))}
    if abs(sum(found.values()) - 1) > 1e-9:
        raise ValueError(f"shares of '{text}' add up to {sum(found.values())}")
    return found


def stock_of(text: object) -> float | None:
    """OBSERVATION*SHARE, or *NUMBER; nothing where the cell is empty."""
    if not isinstance(text, str):
        return None
    observation, _, times = text.rpartition("*")
    return float(times) * (REGION.control_total(observation) if observation else 1.0)


def line_rows(line: pd.Series) -> pd.DataFrame:
    """The rows of one line of facts."""
    total = REGION.control_total(line["observation"]) * float(line["per_unit"])
    by_area = in_proportion(total, weights()[line["weight"]], LEAST)
    stock = stock_of(line["stock"])
    zones, options = shares(line["zones"]), shares(line["options"])
    rows = []
    for area, amount in by_area.items():
        for place, part in zones.items():
            for option, under in options.items():
                technology, _, controls = option.partition(":")
                rows.append(
                    {
                        "area": area,
                        "zone": built_up(area) if place == "town" else place,
                        "technology": technology,
                        "controls": controls,
                        "activity": amount * part * under,
                        "stock": None if stock is None else stock * amount / total * part * under,
                    }
                )
    return _described(pd.DataFrame(rows), line, len(zones) > 1)


def _described(rows: pd.DataFrame, line: pd.Series, by_zone: bool) -> pd.DataFrame:
    """The rows with identifier, names, coal, attributes and provenance."""
    many = rows["technology"].nunique() > 1
    state = rows["technology"]
    none = pd.Series("", index=rows.index)
    suffix = "." + rows["zone"] if by_zone else none
    suffix = suffix + "." + state.str.replace(" ", "_") if many else suffix
    under = rows["controls"].str.replace("+", "-", regex=False)
    suffix = suffix + ("." + under).where(under != "", "")
    en, zh = (rows["zone"].map({zone: pair[n] for zone, pair in ZONES.items()}) for n in (0, 1))
    places = REGION.places
    shown = rows["area"].map({area: pair[0] for area, pair in places.items()}) + " " + line["name"]
    shown_zh = rows["area"].map({area: pair[1] for area, pair in places.items()})
    words, words_zh = state.str.replace("_", " "), ("（" + state.map(STATES_ZH) + "）").fillna("")
    rows = rows.assign(
        source=line["source"] + "." + rows["area"] + suffix,
        year=START,
        **{"class": line["class"]},
        name=shown + (", " + en if by_zone else none) + (", " + words if many else none),
        name_zh=shown_zh + (zh if by_zone else none) + line["name_zh"] + (words_zh if many else none),
        activity_unit=line["unit"],
        fuel=line["fuel"],
        citation=line["citation"],
        rating="E",
        constructed=True,
    )
    if isinstance(line["coal_use"], str):
        rows = rows.join(coal_quality(REGION, rows["area"], pd.Series(line["coal_use"], index=rows.index)))
    return with_attributes(rows, line["attributes"])


def with_attributes(rows: pd.DataFrame, text: object) -> pd.DataFrame:
    """Columns of KEY=VALUE joined by ;. gas_access=* takes that of the county, none outside its towns."""
    given = dict(part.split("=") for part in text.split(";")) if isinstance(text, str) else {}
    for key, value in given.items():
        if (key, value) == ("gas_access", "*"):
            access = rows["area"].map(counties()["gas_access"])
            rows = rows.assign(gas_access=access.mask(rows["zone"] == "rural", "none"))
        else:
            number = pd.to_numeric(pd.Series([value]), errors="coerce").iloc[0]
            rows = rows.assign(**{key: value if pd.isna(number) else number})
    return rows


def spread_table(name: str) -> pd.DataFrame:
    """The rows of a table that come from facts_spread.csv."""
    lines = REGION.facts("facts_spread")
    parts = [line_rows(line) for _, line in lines[lines["table"] == name].iterrows()]
    return pd.concat(parts, ignore_index=True)


def check_totals(rows: pd.DataFrame, name: str) -> None:
    """Each control total is reached, and lies in its range (observations.csv)."""
    lines = REGION.facts("facts_spread")
    for line in lines[lines["table"] == name].to_dict("records"):
        known = REGION.observations.loc[line["observation"]]
        assert known["low"] <= known["value"] <= known["high"], line["observation"]
        made = rows[rows["source"].str.startswith(line["source"] + ".53")]
        wanted = float(known["value"]) * line["per_unit"]
        assert abs(made["activity"].sum() / wanted - 1) < 1e-6, line["source"]
    assert rows["source"].is_unique
