"""What the air of each city is made of at the start: the source-receptor step of air quality by rollback.

A table from a chemical transport model takes the place of the shares in receptors.csv without other changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from model.base.select import Selector, matches
from model.base.units import convert
from model.inventory.sources import nesting, place_of
from model.scenario.scenario import Scenario
from model.tables.read import Tables

BACKGROUND = "background"
"""The part of a concentration that no source of the tables moves: natural dust, what blows in."""


@dataclass(frozen=True)
class Part:
    """The share of a concentration that follows the emission of `precursor` in `area` ("" for background).

    share, low, high: of the concentration of the start year, 0 to 1.
    """

    precursor: str
    area: str
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Receptor:
    """Concentration of one pollutant in one city, ug/m3, dust days deducted.

    start: what was observed in `year`, the one with an observation nearest to the start (of two the earlier).
    observed: year -> annual mean.
    """

    city: str
    pollutant: str
    start: float
    year: int
    observed: Mapping[int, float]
    parts: tuple[Part, ...]

    def value(self, emitted: Sequence[float]) -> float:
        """start x sum of share x E(y) / E(start), in ug/m3; `emitted` is that ratio of each part."""
        return self.start * sum(part.share * ratio for part, ratio in zip(self.parts, emitted, strict=True))

    def spread(self, emitted: Sequence[float]) -> tuple[float, float]:
        """Least and greatest concentration, ug/m3, over all shares within their ranges that add up to 1.

        Shares at their low ends, and what is left of the whole given to the parts with the smallest
        (greatest) ratios first: the optimum of that linear programme.
        """
        ends = []
        for order in (np.argsort(emitted, kind="stable"), np.argsort([-e for e in emitted], kind="stable")):
            left, total = 1.0 - sum(part.low for part in self.parts), 0.0
            for at in order:
                part = self.parts[at]
                share = part.low + max(0.0, min(left, part.high - part.low))
                left -= share - part.low
                total += share * emitted[at]
            ends.append(self.start * total)
        return ends[0], ends[1]


@dataclass(frozen=True)
class Air:
    """The cities of a region in official order and what is known of their air.

    columns: attributes of receptors, [cities]. receptors: (city, pollutant) -> receptor. gaps: (city,
    pollutant) -> why there is none.
    """

    cities: tuple[str, ...]
    columns: Mapping[str, Any]
    receptors: Mapping[tuple[str, str], Receptor]
    gaps: Mapping[tuple[str, str], str]

    def among(self, at: Selector | None) -> tuple[str, ...]:
        """Cities that a selector of receptors means; None: all."""
        if at is None:
            return self.cities
        hit = matches(at, self.columns, len(self.cities))
        return tuple(city for city, inside in zip(self.cities, hit, strict=True) if inside)


def read_air(tables: Tables, scenario: Scenario) -> Air:
    """Receptors of the region from receptors.csv and air_quality.csv. A city with rows of its own for a
    pollutant has only these, any other one the rows without area.
    """
    areas = tables.frame["areas"].set_index("area")
    cities = areas[areas["level"] == "city"].sort_values("order", kind="stable").index.astype(str).tolist()
    within = np.empty(len(cities), dtype=object)
    above = nesting(areas)
    within[:] = [place_of(city, above, scenario.areas)[2] for city in cities]
    columns = {
        "level": np.full(len(cities), "city", dtype=object),
        "city": np.array(cities, dtype=object),
        "county": np.full(len(cities), None, dtype=object),
        "area": within,
    }
    shares, observed = _shares(tables.frame["receptors"]), _observed(tables.frame["air_quality"])
    receptors, gaps = {}, {}
    for city in cities:
        for pollutant in ("PM2.5", "PM10"):
            key = (city, pollutant)
            rows = shares.get(key) or shares.get(("", pollutant))
            seen = observed.get(key)
            if not rows or not seen:
                table = "receptors.csv" if not rows else "air_quality.csv"
                gaps[key] = f"{table} has no {pollutant} of {city}"
                continue
            year = min(seen, key=lambda known: (abs(known - scenario.start), known))
            parts = tuple(_placed(part, city) for part in rows)
            receptors[key] = Receptor(city, pollutant, seen[year], year, seen, parts)
    return Air(tuple(cities), columns, receptors, gaps)


def _placed(part: Part, city: str) -> Part:
    """The part with the receptor's own city where the table names no place."""
    if part.area or part.precursor == BACKGROUND:
        return part
    return Part(part.precursor, city, part.share, part.low, part.high)


def _shares(frame: pd.DataFrame) -> dict[tuple[str, str], list[Part]]:
    """(receptor or "", pollutant) -> its parts, shares from 0 to 1; a range not given is the share itself."""
    out: dict[tuple[str, str], list[Part]] = {}
    for row in frame.to_dict("records"):
        value, low, high = (float(row[name]) for name in ("value", "low", "high"))
        ends = (value, value if low != low else low, value if high != high else high)
        share, least, most = (convert(end, str(row["unit"]), "1") for end in ends)
        area, source = ("" if pd.isna(row[name]) else str(row[name]) for name in ("area", "source_area"))
        part = Part(str(row["precursor"]), source, share, least, most)
        out.setdefault((area, str(row["pollutant"])), []).append(part)
    return out


def _observed(frame: pd.DataFrame) -> dict[tuple[str, str], dict[int, float]]:
    """(area, pollutant) -> annual means by year, ug/m3."""
    out: dict[tuple[str, str], dict[int, float]] = {}
    for row in frame.to_dict("records"):
        key = (str(row["area"]), str(row["pollutant"]))
        out.setdefault(key, {})[int(row["year"])] = convert(float(row["value"]), str(row["unit"]), "ug/m3")
    return out
