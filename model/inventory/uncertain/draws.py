"""Draws of an inventory: every uncertain number moved at once, exactly, without a loop over draws.

A source's emission is activity x factor. The factor goes through a chain (chains.py beside this) that
many sources share, and the activity is moved by the statistic's parameter and the source's own deviation, so
that a source, pollutant and draw costs one multiplication.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import qmc

from model.base.words import POLLUTANTS
from model.inventory.emissions import Inventory
from model.inventory.lookup import Floats, Ints
from model.inventory.uncertain.chains import Chain, chains_of
from model.inventory.uncertain.parameters import Parameters
from model.tables.read import Tables

NUMBER = 8
"""Bytes of a float64."""
COLUMNS_AT_ONCE = 256
"""Parameters of which a Latin hypercube is drawn at once: bounds its memory."""
QUANTILES = ndtri((np.arange(2**16) + 0.5) / 2**16)
"""Of the standard normal, equally likely: own deviations are picked from them by 16 random bits each, in a
third of the time of exact normals. Standard deviation 0.99999, kurtosis 2.9991."""
WORK = 6
"""Rows of draws that a chain and a source's activity take while they are made."""


def draw_parameters(parameters: Parameters, size: int, seed: int, method: str = "latin") -> Floats:
    """theta, [J, size]: normal, standard deviation log_sd, independent between parameters.

    method: "latin", a Latin hypercube: of each parameter one draw in every size-th of its probability;
    "random", independent draws. The same seed gives the same draws. Raises ValueError for another method.
    """
    log_sd = parameters.log_sd
    theta = np.empty((len(log_sd), size))
    for start in range(0, len(log_sd), COLUMNS_AT_ONCE):
        rows = slice(start, min(start + COLUMNS_AT_ONCE, len(log_sd)))
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(start,)))
        count = rows.stop - rows.start
        if method == "latin":
            theta[rows] = ndtri(qmc.LatinHypercube(count, rng=rng).random(size)).T
        elif method == "random":
            theta[rows] = rng.standard_normal((count, size))
        else:
            raise ValueError(f"method '{method}': 'latin' or 'random'")
        theta[rows] *= log_sd[rows, None]
    return theta


def used_parameters(inventory: Inventory, tables: Tables, parameters: Parameters) -> NDArray[np.bool_]:
    """Which parameters the emission of an inventory depends on, [J], for `Parameters.narrowed`: draws of the
    others (growth, costs, what no source uses) need not be kept."""
    used = np.zeros(len(parameters.frame), dtype=bool)
    used[parameters.of_activity] = True
    for chain in chains_of(inventory.sources, _factor(inventory), tables, parameters).chains:
        of_controls = (*chain.passing, *chain.added, *((outlet.parameter, 0.0) for outlet in chain.outlets))
        numbers = np.array([chain.factor, *(parameter for parameter, _ in of_controls)])
        used[numbers[numbers >= 0]] = True
    return used


def emission_draws(
    inventory: Inventory, tables: Tables, parameters: Parameters, theta: Floats, memory: int, seed: int = 0
) -> Iterator[tuple[slice, Floats]]:
    """Emission of every source in every draw, t/yr, block by block: the sources, and [s, pollutant, D].

    theta: [J, D] of `draw_parameters`. memory: bytes that the draws may take beside theta and what does not
    grow with them (a few arrays [S, pollutant]). seed: of the sources' own deviations. NaN where no factor is
    known. Neither memory nor the blocks change a number. The array is overwritten by the next block. Raises
    ValueError when memory does not hold one source, and as `state_effects` does.
    """
    moved = _Moved.make(inventory, tables, parameters, theta, seed)
    blocks = list(_blocks(moved.of, theta.shape[1], memory))
    most = max((block.stop - block.start for block in blocks), default=0)
    out = np.empty((most, len(POLLUTANTS), theta.shape[1]))
    factors: dict[int, Floats] = {}
    for block in blocks:
        moved.prepare(factors, np.unique(moved.of[block]).tolist())
        for place, s in enumerate(range(block.start, block.stop)):
            activity = moved.activity(s)
            for i, kind in enumerate(moved.of[s].tolist()):
                if kind < 0:
                    out[place, i] = moved.emission[s, i]  # 0 or not known
                else:
                    np.multiply(factors[kind], activity, out=out[place, i])
        yield block, out[: block.stop - block.start]


def total_draws(
    inventory: Inventory,
    tables: Tables,
    parameters: Parameters,
    theta: Floats,
    memory: int,
    groups: Ints,
    seed: int = 0,
) -> Floats:
    """Sums over groups of sources, t/yr [G, pollutant, D]: of `emission_draws`, without making them.

    groups: [S] group of each source, 0 .. G-1, -1 = none. Emission that is not known counts nothing.
    Arguments and errors otherwise as `emission_draws`; the sums, held beside `memory`, are the same bits
    whatever it is.
    """
    moved = _Moved.make(inventory, tables, parameters, theta, seed)
    count, draws = int(groups.max(initial=-1)) + 1, theta.shape[1]
    _check_memory(memory, draws)
    out = np.zeros((count, len(POLLUTANTS), draws))
    kept = np.flatnonzero((groups >= 0) & (moved.of >= 0).any(axis=1))
    keys = np.column_stack([moved.of[kept], groups[kept]])
    alike, of_alike = np.unique(keys, axis=0, return_inverse=True)
    members = np.split(kept[np.argsort(of_alike, kind="stable")], np.cumsum(np.bincount(of_alike))[:-1])
    factors: dict[int, Floats] = {}
    for (*kinds, group), sources in zip(alike.tolist(), members, strict=True):
        activity = np.zeros(draws)
        for source in sources.tolist():
            activity += moved.activity(source)
        moved.prepare(factors, kinds)
        for i, kind in enumerate(kinds):
            if kind >= 0:
                out[group, i] += factors[kind] * activity
    return out


@dataclass(frozen=True)
class _Moved:
    """An inventory and what moves it. Factors that are the same number at theta = 0 and go through the same
    chain are of one kind: kinds holds a chain and that number, of [S, pollutant] the kind, -1 where the
    emission [S, pollutant], t/yr, is 0 or not known. log_activity: [S]."""

    kinds: tuple[tuple[Chain, float], ...]
    of: Ints
    emission: Floats
    log_activity: Floats
    parameters: Parameters
    theta: Floats
    seed: int

    @classmethod
    def make(
        cls, inventory: Inventory, tables: Tables, parameters: Parameters, theta: Floats, seed: int
    ) -> _Moved:
        factor = _factor(inventory)
        emission = np.asarray(inventory.emission().isel(year=0).to_numpy(), dtype=np.float64)
        chains = chains_of(inventory.sources, factor, tables, parameters)
        live = emission > 0
        pairs = np.stack([chains.of[live], factor[live]])
        names, kind = np.unique(pairs, axis=1, return_inverse=True)
        of = np.full(live.shape, -1, dtype=np.int64)
        of[live] = kind
        kinds = tuple((chains.chains[int(chain)], float(number)) for chain, number in names.T)
        with np.errstate(divide="ignore"):
            log_activity = np.log(inventory.activity.isel(year=0).to_numpy())
        return cls(kinds, of, emission, log_activity, parameters, theta, seed)

    def prepare(self, factors: dict[int, Floats], kinds: Sequence[int]) -> None:
        """Make `factors` those of the kinds named (-1 is left out), t per unit of activity, [D]."""
        for kind in factors.keys() - set(kinds):
            del factors[kind]
        for kind in kinds:
            if kind >= 0 and kind not in factors:
                chain, number = self.kinds[kind]
                factors[kind] = chain.times(self.theta) * number

    def activity(self, source: int) -> Floats:
        """Activity of a source, [D]; its own deviation has a stream of its own."""
        shared = self.theta[self.parameters.of_activity[source]]
        own, level = self.parameters.unit_log_sd[source], self.log_activity[source]
        if own == 0:
            return np.asarray(np.exp(shared + level))
        stream = np.random.SFC64(np.random.SeedSequence(self.seed, spawn_key=(source,)))
        bits = stream.random_raw(-(-len(shared) // 4)).view(np.uint16)[: len(shared)]
        deviation = QUANTILES[bits]
        deviation *= own
        deviation += shared
        deviation += level - own**2 / 2
        return np.asarray(np.exp(deviation, out=deviation))


def _factor(inventory: Inventory) -> Floats:
    """Factors of the first year, [S, pollutant]."""
    return np.asarray(inventory.factor.isel(year=0).to_numpy(), dtype=np.float64)


def _check_memory(memory: int, draws: int) -> int:
    """Rows of draws that memory holds beside the work; ValueError where they do not hold one source."""
    rows = memory // (NUMBER * draws) - WORK
    if rows < 2 * len(POLLUTANTS):
        least = NUMBER * draws * (WORK + 2 * len(POLLUTANTS))
        raise ValueError(f"memory of {memory} bytes: {draws} draws of one source take {least}")
    return rows


def _blocks(of: Ints, draws: int, memory: int) -> Iterator[slice]:
    """Consecutive sources whose emission and kinds of factors [S, pollutant] fit into memory."""
    rows = _check_memory(memory, draws)
    start, needed = 0, set[int]()
    for s, kinds in enumerate(of.tolist()):
        more = needed.union(kinds)
        if (s + 1 - start) * len(POLLUTANTS) + len(more) > rows:
            yield slice(start, s)
            start, more = s, set(kinds)
        needed = more
    if start < len(of):
        yield slice(start, len(of))
