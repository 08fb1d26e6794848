"""How observations and prior agree: chi-square, influence, leave-one-out, conflicts, what stays unseen.

All from the problem linearised at the most probable theta, where the observations are y ~ N(h, S),
S = H D H' + R, before they are known. Nothing is fitted again.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from model.calibration.inversion import Floats
from model.calibration.least_squares import Fit
from model.calibration.posterior import log_sds

Bools = NDArray[np.bool_]

SMALLEST, LARGEST = 3, 8
"""Observations of a conflict: up to the first all sets are tried, up to the second one is added at a time."""
TRIPLES = 60
"""Observations among which triples are looked for: 34 220 sets."""


@dataclass(frozen=True)
class Whole:
    """The fit as a whole.

    chi2: the least cost, chi-square with as many degrees of freedom as observations where prior and errors
    are as stated (Tarantola 2005). p: probability of as much or more. signal: degrees of
    freedom for signal, the trace of the averaging kernel (Rodgers 2000); the rest is noise.
    """

    chi2: float
    observations: int
    p: float
    signal: float


def whole(fit: Fit) -> Whole:
    """Chi-square and degrees of freedom."""
    number = len(fit.inversion.value)
    p = float(special.chdtrc(number, fit.cost))
    return Whole(fit.cost, number, p, float(self_influence(fit).sum()))


def self_influence(fit: Fit) -> Floats:
    """What an observation has in its own fitted value, [M]: the diagonal of H D H' S^-1 (Cardinali 2004)."""
    inverse = fit.solved(np.eye(len(fit.root)))
    out: Floats = 1.0 - np.sum(fit.inversion.error * inverse.T, axis=1)
    return out


@dataclass(frozen=True)
class Residuals:
    """Of each observation, [M]; natural logarithms of observed over modelled.

    prior: at theta = 0. posterior: at the most probable theta. influence: what the observation has in its
    own fitted value. left_out: observed over what prior and all other observations expect of it (Dubrule
    1983); left_out_normal: over its standard deviation; left_out_p: probability of as much or more, either
    way. shift: squared distance that theta moves when the observation is left out, in the metric of the
    posterior (as Cook 1977, not divided by the number of parameters).
    """

    prior: Floats
    posterior: Floats
    influence: Floats
    left_out: Floats
    left_out_normal: Floats
    left_out_p: Floats
    shift: Floats


def residuals(fit: Fit) -> Residuals:
    """Residuals, influence and leave-one-out of each observation."""
    inversion = fit.inversion
    log_value = np.log(inversion.value)
    inverse = fit.solved(np.eye(len(log_value)))
    precision = np.diag(inverse)
    left_out = fit.solved(fit.innovation) / precision
    normal = left_out * np.sqrt(precision)
    return Residuals(
        prior=log_value - inversion.log_model(np.zeros_like(fit.theta)),
        posterior=log_value - fit.log_model,
        influence=self_influence(fit),
        left_out=left_out,
        left_out_normal=normal,
        left_out_p=2.0 * special.ndtr(-np.abs(normal)),
        # leaving i out moves theta by K_i left_out_i, and K' P^-1 K = R^-1 - S^-1
        shift=(np.diag(np.linalg.inv(inversion.error)) - precision) * left_out**2,
    )


@dataclass(frozen=True)
class Conflict:
    """Observations that can not well all hold with the prior.

    members: positions. chi2: of their innovations together, or where they are more than SMALLEST of the first
    given the others; p: probability of as much or more; p_all: that of so small a p among all sets or
    observations that were tried (Bonferroni).
    """

    members: tuple[int, ...]
    chi2: float
    p: float
    p_all: float


def conflicts(fit: Fit, level: float) -> list[Conflict]:
    """Sets of observations with p_all below `level`, least probable first; none has another in it.

    A single one is at odds with the prior; a pair or triple with one another, given what the prior lets each
    be. Triples are looked for among the TRIPLES observations whose leave-one-out misfit is greatest. What is
    at odds with all others together is set against those of them that one by one make it least probable,
    LARGEST with itself at most.
    """
    found: list[Conflict] = []
    for size in range(1, SMALLEST + 1):
        found += [conflict for conflict in _sets(fit, level, size) if not _holds_one(conflict, found)]
    left_out_p = residuals(fit).left_out_p
    at_odds = np.flatnonzero(left_out_p * len(left_out_p) < level)
    for i in at_odds[np.argsort(left_out_p[at_odds], kind="stable")]:
        conflict = _against_others(fit, level, int(i))
        if conflict is not None and not _holds_one(conflict, found):
            found.append(conflict)
    return sorted(found, key=lambda conflict: (conflict.p_all, conflict.members))


def _holds_one(conflict: Conflict, found: list[Conflict]) -> bool:
    """Whether a set that was found is in another."""
    return any(set(smaller.members) <= set(conflict.members) for smaller in found)


def _sets(fit: Fit, level: float, size: int) -> list[Conflict]:
    """Sets of one size whose innovations are improbable together."""
    innovation = fit.innovation
    among = np.arange(len(innovation))
    if size == SMALLEST:
        worst = np.argsort(-np.abs(residuals(fit).left_out_normal), kind="stable")[:TRIPLES]
        among = np.sort(worst)
    sets = np.array(list(combinations(among.tolist(), size)), dtype=np.int64).reshape(-1, size)
    misfit = innovation[sets]
    spread = fit.spread[sets[:, :, None], sets[:, None, :]]
    chi2 = np.einsum("sk,sk->s", misfit, np.linalg.solve(spread, misfit[:, :, None])[:, :, 0])
    p = special.chdtrc(size, chi2)
    p_all = np.minimum(1.0, p * len(sets))
    return [
        Conflict(tuple(sets[at].tolist()), float(chi2[at]), float(p[at]), float(p_all[at]))
        for at in np.flatnonzero(p_all < level)
    ]


def _against_others(fit: Fit, level: float, i: int) -> Conflict | None:
    """Observation i and the fewest others, chosen one by one, given which it is improbable."""
    number = len(fit.innovation)
    members = [i]
    while len(members) < min(LARGEST, number):
        rest = np.setdiff1d(np.arange(number), members)
        misfits = [_given_others(fit, [*members, int(k)]) for k in rest]
        best = int(np.argmax(misfits))
        members.append(int(rest[best]))
        p = float(special.chdtrc(1, misfits[best]))
        if p * number < level:
            return Conflict(tuple(members), float(misfits[best]), p, p * number)
    return None


def _given_others(fit: Fit, members: list[int]) -> float:
    """Squared innovation of the first given the others, over its variance given them."""
    inverse = np.linalg.inv(fit.spread[np.ix_(members, members)])
    return float((inverse[0] @ fit.innovation[members]) ** 2 / inverse[0, 0])


def kernel(fit: Fit) -> Floats:
    """Diagonal of the averaging kernel, [J]: 1 - posterior over prior variance.

    0: no observation sees the parameter; 1: it is known from them alone (Rodgers 2000).
    """
    variance = fit.inversion.log_sd**2
    left = np.divide(log_sds(fit) ** 2, variance, out=np.ones_like(variance), where=variance > 0)
    out: Floats = 1.0 - left
    return out


def unseen(fit: Fit, threshold: float) -> Bools:
    """Uncertain parameters whose averaging kernel is below the threshold, [J]."""
    return (kernel(fit) < threshold) & (fit.inversion.log_sd > 0)
