"""Results to make products from: the toy run, and an emergency list written by hand."""

from __future__ import annotations

import pandas as pd

from model.studies.emergency.lists import LIST_COLUMNS, SUMMARY_COLUMNS, EmergencyResults

PLACE = {"group": "150100", "city": "Alpha", "city_zh": "阿市", "county": "Centre", "county_zh": "中心区"}
ORDER = {
    **PLACE,
    "source": "b1",
    "name": "Boiler",
    "name_zh": "锅炉",
    "industry": "Boiler",
    "industry_zh": "锅炉",
    "option": "boiler_limit",
    "order": "limit",
    "order_zh": "限产",
    "kind": "limit",
    "share_of_source": 1.0,
    "payer": "enterprise",
    "proof": "power",
    "checks": "meters",
    "checks_zh": "电表",
    "constructed": True,
    "reason": "",
    "reason_zh": "",
    **{f"pct_of_day_{p}": 1.0 for p in ("SO2", "NOx", "PM10", "VOCs")},
    "lost_value_cny_per_day": 1000.0,
}


def _order(alert: str, level: str, share: float, kg: float, **more: object) -> dict[str, object]:
    amounts = {f"abated_{p}_kg": kg for p in ("SO2", "NOx", "PM10", "VOCs")}
    return {**ORDER, "alert": alert, "level": level, "share_stopped": share, **amounts, **more}


def emergency() -> EmergencyResults:
    """A boiler that is limited at two levels, and a second source that is protected."""
    held = {"source": "h1", "kind": "protected", "reason": "homes", "reason_zh": "居民供暖"}
    listed = [
        _order("T-Y", "yellow", 0.2, 10.4),
        _order("T-R", "red", 0.5, 25.4),
        _order("T-R", "red", 0.0, 0.0, **held),
        _order("T-R", "red", 0.0, 0.0, source="x", kind="", reason="not needed", reason_zh="无需采取"),
    ]
    asked = {"day": 100.0, "asked_pct": 20.0, "asked": 20.0, "reached": 25.0, "reached_pct": 25.0}
    rest = {"short": 0.0, "unit": "kg", "status": "reached", "lost_value_cny_per_day": 1000.0, "gap": 0.0}
    summary = [{**PLACE, "alert": "T-R", "level": "red", "pollutant": "SO2", **asked, **rest}]
    return EmergencyResults(
        scenario="toy",
        titles={"en": "Toy", "zh": "玩具"},
        start=2017,
        price_year=2017,
        listed=pd.DataFrame(listed, columns=list(LIST_COLUMNS)),
        summary=pd.DataFrame(summary, columns=list(SUMMARY_COLUMNS)),
        sets=(("T-Y", "T-R"),),
        months={"T-Y": (1,), "T-R": (1,)},
    )
