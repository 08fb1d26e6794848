"""English and Chinese names of a region's places and measures, as figures show them."""

from __future__ import annotations

import pandas as pd

from model.tables.read import Tables


def names_of(tables: Tables) -> pd.DataFrame:
    """kind (city, measure), id, en, zh: areas by code and by English name, measures, and projects."""
    areas, measures, projects = (tables.frame[name] for name in ("areas", "measures", "projects"))
    parts = [
        _named("city", areas["area"], areas),
        _named("city", areas["name"], areas),
        _named("measure", measures["measure"], measures),
        _named("measure", "project." + projects["project"], projects),
    ]
    return pd.concat(parts, ignore_index=True).drop_duplicates(["kind", "id"], ignore_index=True)


def _named(kind: str, ident: pd.Series, rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"kind": kind, "id": ident, "en": rows["name"], "zh": rows["name_zh"]})
