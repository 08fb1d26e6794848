"""Harmonisation of a modelled series to what was observed: ratio, offset, and the tree that picks one.

After Gidden et al. (2018), Environmental Modelling & Software 105, 187-200 (aneris). With h and m the
observed and the modelled value of the base year b, and beta falling from 1 in b to 0 in a year c:

    constant_ratio         h / m x modelled
    constant_offset        modelled + h - m
    reduce_ratio_c         (beta (h / m - 1) + 1) x modelled
    reduce_offset_c        modelled + beta (h - m)
    linear_interpolate_c   a line from h in b to the modelled value of c, then the modelled one
    model_zero             constant_offset, where the model has nothing to multiply in any year
    hist_zero              the modelled series as it is, where nothing was observed

Years before b move as b does: by the whole ratio, or by the whole offset.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from model.calibration.inversion import Floats, Ints

SMALL = 0.5
"""Difference from the observed value, relative to it, from which on it is large."""
VARIABLE = 10.0
"""Coefficient of variation of the observed year-to-year changes above which a series has no trend."""
METHODS = ("constant_ratio", "constant_offset", "model_zero", "hist_zero")
CONVERGING = ("reduce_ratio", "reduce_offset", "linear_interpolate")


@dataclass(frozen=True)
class Chosen:
    """Which method the tree picks, and on what: difference and variation are NaN where not asked for."""

    method: str
    difference: float
    variation: float


def choose(years: Ints, modelled: Floats, base: int, observed_years: Ints, observed: Floats) -> Chosen:
    """The method of the published decision tree (Gidden et al. 2018).

    years, modelled [T]; observed_years, observed [H], both with the base year. In turn: nothing observed,
    nothing modelled in any year, nothing modelled in the base year (negative later or not), observed
    changes without a trend, a small difference, a large one (negative later or not). Raises ValueError
    where the base year is missing.
    """
    m, h = _of_base(years, modelled, base, "modelled"), _of_base(observed_years, observed, base, "observed")
    negative = bool((modelled < 0).any())
    if h == 0.0:
        return Chosen("hist_zero", np.nan, np.nan)
    if not modelled.any():
        return Chosen("model_zero", np.nan, np.nan)
    if m == 0.0:
        return Chosen("reduce_offset_2080" if negative else "constant_offset", np.nan, np.nan)
    variation = variation_of_changes(observed[np.argsort(observed_years)])
    difference = abs(h - m) / abs(h)
    if np.isfinite(variation) and variation > VARIABLE:
        return Chosen("reduce_offset_2150", difference, variation)
    if difference < SMALL:
        return Chosen("reduce_ratio_2080", difference, variation)
    return Chosen("reduce_ratio_2100" if negative else "constant_ratio", difference, variation)


def variation_of_changes(series: Floats) -> float:
    """|standard deviation / mean| of the changes from one value to the next; NaN or infinite without any."""
    changes = np.diff(series)
    if not len(changes):
        return np.nan
    mean = changes.mean()
    return float(abs(changes.std() / mean)) if mean != 0.0 else np.inf


def harmonised(years: Ints, modelled: Floats, base: int, observed: float, method: str) -> Floats:
    """The modelled series [T] moved by a method of the module's list to meet `observed` in the base year.

    hist_zero does not meet it. Raises ValueError for another method, a base year that is not modelled, a
    ratio to nothing, a year of convergence that is not after the base year, or for a line not modelled.
    """
    m = _of_base(years, modelled, base, "modelled")
    kind, end = _parsed(method, base)
    if kind == "hist_zero":
        return modelled.copy()
    if kind == "linear_interpolate":
        if not years.min() <= end <= years.max():
            raise ValueError(f"'{method}' needs a modelled value of {end:.0f}")
        order = np.argsort(years)
        reached = np.interp(end, years[order], modelled[order])
        line = observed + (reached - observed) * (years - base) / (end - base)
        return np.where(years < base, modelled + observed - m, np.where(years < end, line, modelled))
    beta = np.clip(1.0 - (years - base) / (end - base), 0.0, 1.0) if np.isfinite(end) else np.ones(len(years))
    if not kind.endswith("ratio"):
        return modelled + beta * (observed - m)
    if m == 0.0:
        raise ValueError(f"'{method}' has nothing to multiply: the modelled value of {base} is 0")
    return (beta * (observed / m - 1.0) + 1.0) * modelled


def is_method(name: str) -> bool:
    """Whether a method has this name."""
    return name in METHODS or re.fullmatch(rf"({'|'.join(CONVERGING)})_(\d{{4}})", name) is not None


def _parsed(method: str, base: int) -> tuple[str, float]:
    """Kind of a method and its year of convergence, infinite without one."""
    if method in METHODS:
        return method, np.inf
    found = re.fullmatch(rf"({'|'.join(CONVERGING)})_(\d{{4}})", method)
    if found is None:
        known = ", ".join((*METHODS, *(f"{name}_YEAR" for name in CONVERGING)))
        raise ValueError(f"'{method}' is no method of harmonisation; known: {known}")
    if int(found[2]) <= base:
        raise ValueError(f"'{method}' has to end after the base year {base}")
    return found[1], float(found[2])


def _of_base(years: Ints, values: Floats, base: int, what: str) -> float:
    """The value of the base year."""
    at = np.flatnonzero(years == base)
    if len(at) != 1:
        raise ValueError(f"the {what} series has {len(at)} values of the base year {base}, not one")
    return float(values[at[0]])
