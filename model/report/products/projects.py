"""Tables 3 to 10: the list of projects, and the lists by kind of work that are selections of it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from model.base.frames import records
from model.report.products.actions import Row, filled
from model.report.products.design import Filled
from model.report.products.lexicon import HEATED, Lexicon
from model.results.results import Results
from model.studies.emergency.lists import EmergencyResults

ULTRA_LOW = ("power_unit", "boiler", "steel_plant", "coke_oven", "cement_kiln")
AREA_SECTORS = ("dust", "agriculture", "biomass", "waste", "other")
VOC_SECTORS = ("solvent", "storage")
ROAD = ("truck", "bus", "car", "motorcycle", "low_speed_truck", "nonroad")
LINES = ("railway", "siding", "belt")
ABATED = ("SO2", "NOx", "PM10", "VOCs")
EMITTED = ("SO2", "NOx", "PM10")
MW_PER_TPH = 0.7
SHOWN = {
    "city": "city_name",
    "county": "county_name",
    "owner": "owner_name",
    "controls": "before",
    "payer": "payer_name",
    "clause": "clause_text",
    "rating": "rating_text",
    "size": "size_text",
}
"""Columns of tables that show a cell of `action_rows` of another name."""


def _shown(rows: pd.DataFrame, **more: Any) -> pd.DataFrame:
    added = pd.DataFrame({**{key: rows[name] for key, name in SHOWN.items()}, **more}, index=rows.index)
    return pd.concat([rows.drop(columns=rows.columns.intersection(added.columns)), added], axis=1)


def project_list(rows: pd.DataFrame, words: Lexicon) -> Filled:
    """Table 3: every action."""
    table = _shown(rows, action=[words.word("action", action) for action in rows["action"]])
    return filled("projects", table, ["investment", "running", *ABATED], words)


def boiler_list(rows: pd.DataFrame, words: Lexicon) -> Filled:
    """Table 4: coal boilers that are closed, merged, or burn something else; new ones are not among them."""
    out = rows[
        (rows["class"] == "boiler") & (rows["action"] == "structural") & (rows["vintage"] == "existing")
    ]
    out = out[out["fuel_from"] == "coal"]
    heat = [
        words.word(
            "phrase", "heat", source=words.state(fuel, technology, ""), value=f"{MW_PER_TPH * tph:.1f}"
        )
        if technology != "closed"
        else ""
        for fuel, technology, tph in zip(out["fuel_to"], out["technology_to"], out["capacity"], strict=True)
    ]
    table = _shown(
        out,
        units=1.0,
        duty=[words.word("duty", duty) for duty in out["duty"]],
        coal=out["coal_t"],
        way=out["measure"],
        heat=heat,
    )
    return filled("boilers", table, ["units", "coal"], words)


def ultra_low_list(rows: pd.DataFrame, words: Lexicon) -> Filled:
    """Table 5: retrofits after which a unit stays in service at the level of ultra-low emission."""
    out = rows[(rows["meets_to"] == "ultra_low") & (rows["action"] == "engineering")]
    table = _shown(out[out["class"].isin(ULTRA_LOW)], kind=out["class_name"])
    return filled("ultra_low", table, ["investment", "SO2", "NOx", "PM10"], words)


def bulk_coal_list(rows: pd.DataFrame, words: Lexicon) -> Filled:
    """Table 6: coal of homes, stoves and tea boilers that is replaced."""
    out = rows[rows["class"].isin(HEATED)]
    table = _shown(out, households=out["stock"], coal=out["coal_t"] / words.mass.by, way=out["measure"])
    return filled("bulk_coal", table, ["households", "coal", "investment", "running"], words)


def rail_list(rows: pd.DataFrame, words: Lexicon) -> Filled:
    """Table 7: lines, sidings and belts that are built, and freight that moves to them."""
    moved = (rows["class"] == "freight") & rows["technology_to"].isin(("rail", "belt"))
    out = rows[moved | rows["kind"].isin(LINES)]
    tonnes = (out["activity"] / out["distance_km"]).where(out["class"] == "freight", out["capacity"]) / 1e4
    table = _shown(
        out,
        line=out["facility"],
        km=out["distance_km"],
        volume=tonnes,
        goods=[words.word("goods", goods) for goods in out["commodity"]],
        opened=out["done"],
    )
    return filled("rail", table, ["investment", "running", "NOx"], words)


def vehicle_list(rows: pd.DataFrame, words: Lexicon) -> Filled:
    """Table 8: vehicles and machines by stage."""
    out = rows[rows["class"].isin(ROAD)]
    table = _shown(
        out,
        stage=[words.word("technology", technology) for technology in out["technology_from"]],
        way=out["measure"],
        count=out["stock"],
    )
    return filled("vehicles", table, ["count", "investment", "NOx", "PM10"], words)


def voc_list(rows: pd.DataFrame, words: Lexicon) -> Filled:
    """Table 9: collection and treatment of VOCs, and materials with less of them."""
    out = rows[(rows["voc_removal"].notna() | rows["sector"].isin(VOC_SECTORS)) & (rows["VOCs"] > 0)]
    changed = out["technology_from"] != out["technology_to"]
    paint = [
        words.word("technology", to) if new else ""
        for to, new in zip(out["technology_to"], changed, strict=True)
    ]
    amount = [words.size({**row, "fleet": "", "capacity": float("nan")}) for row in records(out)]
    table = _shown(
        out,
        material=paint,
        use=amount,
        capture=100 * out["voc_capture"],
        removal=100 * out["voc_removal"],
        running_share=100 * out["voc_running_share"],
    )
    return filled("vocs", table, ["investment", "running", "VOCs"], words)


def plant_list(
    results: Results, rows: pd.DataFrame, lists: EmergencyResults | None, words: Lexicon
) -> Filled:
    """Table 15: the largest emitters one by one, the route of the plan and alternatives to it."""
    large = rows[rows["source"].isin(results.routes["source"])]
    about = {row["source"]: row for row in records(large)}
    orders = {} if lists is None else _alert_orders(lists, set(about), words)
    table = [
        _plant(row, about[row["source"]], orders.get(row["source"], ""), words)
        for row in results.routes.to_dict("records")
    ]
    return filled("plants", pd.DataFrame(table), [], words)


def _plant(route: Row, action: Row, alert: str, words: Lexicon) -> dict[str, Any]:
    emitted = [words.amount_of(p, f"{route[f'emits_{p}_t']:,.0f}") for p in EMITTED]
    level = words.word("standard", route["meets_from"])
    problem = "below_standard" if route["meets_from"] == "none" else "at_standard"
    chosen = route["route"] == 0
    name = words.word("phrase", "chosen" if chosen else "alternative", number=route["route"])
    return {
        "city": action["city_name"],
        "county": action["county_name"],
        "facility": words.joined([action["facility"], action["size_text"]]),
        "present": words.word("phrase", "emits", standard=action["before"], emitted=words.joined(emitted)),
        "problem": words.word("phrase", problem, standard=level),
        "route": words.m("punctuation.of").join([name, words.m.joined("measure", route["measures"])]),
        "investment": route["investment_cny"] / 1e4,
        "running": route["running_cny_per_yr"] / 1e4,
        **{p: route[f"abated_{p}_t"] for p in ABATED},
        "done": action["done"] if chosen else "",
        "alert": alert if chosen else "",
        "rating": action["rating_text"],
    }


def _alert_orders(lists: EmergencyResults, sources: set[str], words: Lexicon) -> dict[str, str]:
    """What each of `sources` does at each level of an alert."""
    listed = lists.listed[["source", "level", "share_stopped", "order", "order_zh"]]
    ordered = listed[(listed["share_stopped"] > 0) & listed["source"].isin(sources)]
    name = "order_zh" if words.lang == "zh" else "order"
    told: dict[str, list[str]] = {}
    for row in records(ordered):
        level = words.m.word("emergency", row["level"])
        told.setdefault(row["source"], []).append(
            words.word("phrase", "level", level=level, orders=row[name])
        )
    return {
        source: words.m("punctuation.between").join(dict.fromkeys(parts)) for source, parts in told.items()
    }


def dust_list(rows: pd.DataFrame, words: Lexicon) -> Filled:
    """Table 10: dust, burning, farms and waste."""
    out = rows[rows["sector"].isin(AREA_SECTORS)]
    table = _shown(out, kind=out["class_name"], amount=out["size_text"])
    return filled("dust", table, ["investment", "running", "PM10"], words)
