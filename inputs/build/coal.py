"""Quality of coal as burnt, by county and use (facts_coal.csv): the longest prefix of the adcode wins."""

from __future__ import annotations

import pandas as pd

from inputs.build.region import Region

QUALITY = ["coal_type", "ncv_gj_per_t", "sulphur_pct", "ash_pct"]


def coal_quality(region: Region, area: pd.Series, use: pd.Series) -> pd.DataFrame:
    """coal_type, ncv_gj_per_t, sulphur_pct and ash_pct of every row; KeyError where no field supplies it."""
    fields = region.facts("facts_coal").set_index(["area", "use"])
    known = set(fields.index)
    picked: dict[tuple[str, str], tuple[str, str]] = {}
    for place, purpose in set(zip(area, use, strict=True)):
        longest = next((place[:n] for n in (6, 4, 2) if (place[:n], purpose) in known), None)
        if longest is None:
            raise KeyError((place, purpose))
        picked[place, purpose] = (longest, purpose)
    rows = [picked[key] for key in zip(area, use, strict=True)]
    return fields.loc[rows, QUALITY].set_axis(area.index)
