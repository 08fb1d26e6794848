"""Concentrations of PM2.5 and PM10 by case, year and city: a screening estimate by rollback."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from model.base.words import POLLUTANTS
from model.baseline.receptors import Receptor
from model.problem.problem import Bools, Floats
from model.results.case import Case
from model.results.results import COLUMNS, ordered


def air_frame(cases: Sequence[tuple[Case, Floats]], names: dict[str, str]) -> pd.DataFrame:
    """The rows of air.csv, ug/m3, dust days deducted. low, high: over the ranges of the shares
    (receptors.csv), which is most of what is not known; neither the weather nor the observation is in them.

    A city without observation or shares, or without emission of some precursor in the start year, has no
    rows.

    cases: each with its `emission_by_source`. names: adcode -> English name of a city.
    """
    rows = []
    for case, emission in cases:
        air, areas = case.baseline.air, dict[str, Bools]()
        years = case.baseline.inventory.activity["year"].to_numpy().tolist()
        for receptor in air.receptors.values():
            ratios = _ratios(receptor, case, emission, areas)
            if ratios is None:
                continue
            for at, year in enumerate(years):
                emitted = ratios[:, at].tolist()
                low, high = receptor.spread(emitted)
                rows.append(
                    {
                        "case": case.name,
                        "year": int(year),
                        "city": names[receptor.city],
                        "pollutant": receptor.pollutant,
                        "value": receptor.value(emitted),
                        "low": low,
                        "high": high,
                        "unit": "ug/m3",
                        "basis": f"screening estimate: rollback of the mean of {receptor.year}",
                    }
                )
    return ordered(pd.DataFrame(rows, columns=list(COLUMNS["air"])), "air")


def _ratios(receptor: Receptor, case: Case, emission: Floats, areas: dict[str, Bools]) -> Floats | None:
    """Emission of each part over that of the start year, [parts, 1 + Y]; 1 for the background. None where a
    part has none at the start.
    """
    out = np.ones((len(receptor.parts), emission.shape[1]))
    for at, part in enumerate(receptor.parts):
        if not part.area:
            continue
        if part.area not in areas:
            within = (*case.sources["area"], *case.projects["within"])
            areas[part.area] = np.array([part.area in cell for cell in within], dtype=bool)
        emitted = np.nansum(emission[areas[part.area], :, POLLUTANTS.index(part.precursor)], axis=0)
        if not emitted[0] > 0:
            return None
        out[at] = emitted / emitted[0]
    return out
