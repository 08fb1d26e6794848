"""Which groups of numbers the variance of an output comes from: Sobol indices (Saltelli et al. 2010)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import qmc

from model.problem.problem import Floats
from model.studies.uncertainty.given import Given

COLUMNS = (
    *("output", "group", "numbers", "first_order", "first_order_interval", "total_order"),
    "total_order_interval",
)
LEVEL = 0.95
RESAMPLES = 200
"""Bootstrap samples that an interval is of."""
EVERYWHERE = "any sector"
"""Sector of numbers that belong to no class."""


def sobol_indices(
    evaluate: Callable[[Floats], Floats],
    outputs: Sequence[str],
    log_sd: Floats,
    groups: Sequence[str],
    size: int,
    seed: int,
) -> pd.DataFrame:
    """First-order and total indices of groups of independent normal numbers, with half 95 % intervals.

    evaluate: theta [J, n] -> outputs [O, n], called for the two base samples and once a group, so that size
    x (groups + 2) evaluations are never held together. groups [J]; size: of the base sample, a power of 2.
    An output that does not vary has no rows.
    """
    from SALib.analyze import sobol

    names = sorted(set(groups))
    member = np.array([names.index(group) for group in groups])
    base = qmc.Sobol(2 * len(log_sd), rng=np.random.default_rng(seed)).random(size)
    base = np.clip(base, 1e-12, 1 - 1e-12)
    one, other = (ndtri(half).T * log_sd[:, None] for half in np.split(base, 2, axis=1))
    mixed = [evaluate(np.where((member == at)[:, None], other, one)) for at in range(len(names))]
    # A, then A with each group from B, then B, sample by sample: the order that SALib reads.
    values = np.stack([evaluate(one), *mixed, evaluate(other)], axis=2)
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    count = np.bincount(member, minlength=len(names))
    rows = []
    for output, drawn in zip(outputs, values, strict=True):
        if np.ptp(drawn) <= 1e-12 * np.abs(drawn).max():
            continue
        settings = {"calc_second_order": False, "num_resamples": RESAMPLES, "conf_level": LEVEL, "seed": seed}
        found = sobol.analyze(problem, drawn.ravel(), **settings)
        columns = (found[key] for key in ("S1", "S1_conf", "ST", "ST_conf"))
        rows += [(output, *row) for row in zip(names, count.tolist(), *columns, strict=True)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.sort_values(
        ["output", "total_order"], ascending=[True, False], kind="stable", ignore_index=True
    )


def emission_groups(given: Given) -> list[str]:
    """Kind and sector of each number that emission follows, [J]."""
    frame = given.posterior.parameters.frame.iloc[given.kept]
    sector = given.tables.frame["classes"].set_index("class")["sector"]
    of = frame["class"].map(sector).fillna(EVERYWHERE)
    return [f"{kind}, {name}" for kind, name in zip(frame["kind"], of, strict=True)]


def cost_groups(frame: pd.DataFrame) -> list[str]:
    """What each number of kind cost is: the item of measure_data, or whose price; [J]."""
    prices = frame["file"].str.endswith("prices.csv").to_numpy(dtype=bool)
    item = frame["parameter"].str.rpartition("/")[2].to_numpy(dtype=object)
    price = ("price of " + frame["fuel"]).to_numpy(dtype=object)
    return [str(name) for name in np.where(prices, price, item)]
