"""Everything that is asked about the uncertainty of a given plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from model.base.words import POLLUTANTS
from model.options.costs import Catalogue
from model.problem.problem import Floats
from model.studies.uncertainty.cost import Costs, cost_frame, plan_costs
from model.studies.uncertainty.emissions import (
    case_emissions,
    emission_items,
    emission_ranges,
    make_cells,
    ordered_rows,
)
from model.studies.uncertainty.given import Given
from model.studies.uncertainty.limits import Judged, judged_limits, limit_excess, limit_frame
from model.studies.uncertainty.sobol import COLUMNS as SOBOL_COLUMNS
from model.studies.uncertainty.sobol import cost_groups, emission_groups, sobol_indices
from model.studies.uncertainty.sums import draw_sums

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
    sobol: pd.DataFrame
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
    sobol = sobol_frame(given, costs, judged, cities, asked)
    written = (ordered_rows(frames, cities), limits, cost_frame(costs, money), sobol)
    return Found(*written, convergence, manifest)


def sobol_frame(
    given: Given, costs: Costs, judged: Sequence[Judged], cities: pd.DataFrame, asked: Asked
) -> pd.DataFrame:
    """sobol.csv: of emission of the last year, imposed limits on emission, and cost; no rows without `sobol`.

    Indices need independent numbers, so these are of the tables', without what observations tie together, and
    without the sources' own deviations.
    """
    if not asked.sobol:
        return pd.DataFrame(columns=list(SOBOL_COLUMNS))
    problem = given.plan.problem
    targets = [
        each
        for each in judged
        if each.spread is not None and each.entry.quantity in POLLUTANTS and problem.enforced[each.row]
    ]
    last = int(problem.years[-1])
    pollutants = tuple(dict.fromkeys(each.entry.quantity for each in targets)) or POLLUTANTS
    cells = make_cells(given.plan, cities)
    items = emission_items(given, cells, pollutants, case_emissions(given))
    kept = [each for each in items if each.case == "plan" and each.year == last]
    quiet = replace(given, numbers=replace(given.numbers, own=np.zeros_like(given.numbers.own)))

    def emission(theta: Floats) -> Floats:
        drawn = draw_sums(quiet.numbers, [each.items for each in kept], theta, 0, asked.memory)
        excess = limit_excess(quiet, targets, theta, 0, asked.memory)
        return np.array([*(d.sum(axis=0) for d in drawn), *(excess[each.row] for each in targets)])

    names = [f"{each.pollutant}/{last}" for each in kept]
    names += [f"above {problem.limit[each.row]}" for each in targets]
    sample = (asked.sobol, asked.seed)
    of_emission = sobol_indices(emission, names, given.numbers.log_sd, emission_groups(given), *sample)
    total = replace(costs, value=costs.value[:1], amount=costs.amount[:1])
    of_cost = sobol_indices(
        total.draws, ["cost"], total.numbers.log_sd, cost_groups(total.numbers.frame), *sample
    )
    return pd.concat([frame for frame in (of_emission, of_cost) if len(frame)], ignore_index=True)


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


def _with_error(draws: Floats, statistic: Callable[[Floats], Any]) -> tuple[float, float]:
    """A statistic of the draws and its standard error."""
    parts = [float(statistic(part)) for part in np.array_split(draws, min(CHECKED, len(draws)))]
    error = np.std(parts, ddof=1) / np.sqrt(len(parts)) if len(parts) > 1 else np.nan
    return float(statistic(draws)), float(error)
