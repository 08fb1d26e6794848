"""Everything that is asked about the uncertainty of a given plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.options.costs import Catalogue
from model.problem.problem import Floats
from model.studies.uncertainty.cost import cost_frame, plan_costs
from model.studies.uncertainty.emissions import emission_ranges, ordered_rows
from model.studies.uncertainty.given import Given
from model.studies.uncertainty.limits import judged_limits, limit_excess, limit_frame

CHECKED = 10
"""Parts of the draws that convergence is judged by."""


@dataclass(frozen=True)
class Asked:
    """draws; seed; memory: bytes; sobol: base sample of the Sobol indices, 0 = none."""

    draws: int
    seed: int
    memory: int
    sobol: int


@dataclass(frozen=True)
class Found:
    """Frames as they are written; manifest: what they rest on."""

    emissions: pd.DataFrame
    limits: pd.DataFrame
    cost: pd.DataFrame
    convergence: pd.DataFrame
    manifest: Mapping[str, object]


def uncertainty(given: Given, catalogue: Catalogue, cities: pd.DataFrame, asked: Asked) -> Found:
    """Emission, limits and cost of a plan over draws.

    catalogue: of the options of the plan's case; cities: as results have them.
    """
    theta = given.theta(asked.draws, asked.seed)
    frames, totals = [], dict[tuple[str, int, str], Floats]()
    for rows, drawn in emission_ranges(given, theta, asked.seed, asked.memory, cities):
        frames.append(rows)
        totals |= drawn
    judged = judged_limits(given)
    excess = limit_excess(given, judged, theta, asked.seed, asked.memory)
    limits = limit_frame(given, judged, excess)
    costs = plan_costs(given, catalogue, cities)
    money = costs.draws(costs.theta(asked.draws, asked.seed))
    manifest = {
        "draws": asked.draws,
        "seed": asked.seed,
        "numbers": "posterior" if given.conditioned else "prior",
        "calibration": given.scenario.calibration,
        "parameters": len(given.kept),
        "limits_drawn": len(excess),
        "limits_not_drawn": len(judged) - len(excess),
    }
    labels = {row: str(given.plan.problem.limit[row]) for row in excess}
    convergence = convergence_frame(totals, {labels[row]: over for row, over in excess.items()})
    return Found(ordered_rows(frames, cities), limits, cost_frame(costs, money), convergence, manifest)


def convergence_frame(
    totals: Mapping[tuple[str, int, str], Floats], excess: Mapping[str, Floats]
) -> pd.DataFrame:
    """How far results would move with other draws: output, statistic, value, error (one standard error, by
    the spread of CHECKED parts of the draws).

    Parts of a Latin hypercube spread as independent draws do, so the error is rather too large.
    """
    rows = []
    for (case, year, pollutant), draws in totals.items():
        if case == "plan":
            name = f"{pollutant}/{year}"
            rows.append((name, "mean", *_with_error(draws, np.mean), "t/yr"))
            rows.append((name, "high", *_with_error(draws, lambda part: np.quantile(part, 0.975)), "t/yr"))
    for label, over in excess.items():
        rows.append((label, "probability", *_with_error((over <= 0).astype(float), np.mean), "1"))
    return pd.DataFrame(rows, columns=["output", "statistic", "value", "error", "unit"])


def _with_error(draws: Floats, statistic: object) -> tuple[float, float]:
    assert callable(statistic)
    parts = [float(statistic(part)) for part in np.array_split(draws, min(CHECKED, len(draws)))]
    error = np.std(parts, ddof=1) / np.sqrt(len(parts)) if len(parts) > 1 else np.nan
    return float(statistic(draws)), float(error)
