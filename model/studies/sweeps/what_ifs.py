"""The cases of a sweep: which value each of them gives to the paths that are swept."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from model.scenario.amounts import parted
from model.scenario.scenario import FrozenMap, Spread, Sweep

BASE, ALONE, SWEPT = "base", "alone", "swept"

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Where a distribution is tried with all other paths as in the base."""

DIGITS = 6
"""Significant digits of a draw, so that the value in the tables is the value that was solved."""


@dataclass(frozen=True)
class WhatIf:
    """One case. values: path -> value as it would follow `--set path=`; all other paths are as in the base.

    kind: `base`, in which nothing differs; `alone`, in which one path does; or `swept`, of the grid, the list
    or the draws.
    """

    kind: str
    values: FrozenMap[str, str]


def what_ifs(sweep: Sweep) -> tuple[WhatIf, ...]:
    """The base; each path alone, at each of its values or at QUANTILES; then the cases that are asked for.

    grid: every combination, the last path runs fastest. list: the first value of all, then the second.
    random: `size` draws, of a list each value as likely as any other; the draws of a path depend on the seed
    and its name alone, so that one more path leaves them as they are.
    """
    alone = [
        WhatIf(ALONE, FrozenMap({path: value}))
        for path, values in sweep.over.items()
        for value in dict.fromkeys(_tried(values))
    ]
    swept = [WhatIf(SWEPT, FrozenMap(dict(zip(sweep.over, row, strict=True)))) for row in _rows(sweep)]
    return (WhatIf(BASE, FrozenMap()), *alone, *swept)


def count(sweep: Sweep) -> int:
    """How many cases the grid, the list or the draws are, without making them."""
    lengths = [len(values) for values in sweep.over.values() if not isinstance(values, Spread)]
    if sweep.method == "random":
        return sweep.size or 0
    return int(np.prod(lengths)) if sweep.method == "grid" else lengths[0]


def in_words(sweep: Sweep) -> str:
    """What a sweep asks for, and which command solves it."""
    alone = sum(len(dict.fromkeys(_tried(values))) for values in sweep.over.values())
    return (
        f"sweep: {count(sweep)} cases of method {sweep.method} over {len(sweep.over)} paths, {alone} of a "
        "path alone, and the base; `sweep` solves them, `run` the scenario itself"
    )


def _rows(sweep: Sweep) -> Iterator[tuple[str, ...]]:
    if sweep.method == "random":
        columns = [
            _drawn(values, sweep.size or 0, np.random.default_rng([sweep.seed, zlib.crc32(path.encode())]))
            for path, values in sweep.over.items()
        ]
        return zip(*columns, strict=True)
    listed = [_tried(values) for values in sweep.over.values()]
    return itertools.product(*listed) if sweep.method == "grid" else zip(*listed, strict=True)


def _tried(values: tuple[str, ...] | Spread) -> tuple[str, ...]:
    if not isinstance(values, Spread):
        return values
    return tuple(_at(values, NormalDist().inv_cdf(quantile), quantile) for quantile in QUANTILES)


def _drawn(values: tuple[str, ...] | Spread, size: int, random: np.random.Generator) -> list[str]:
    if not isinstance(values, Spread):
        return [values[at] for at in random.integers(len(values), size=size)]
    if values.kind == "uniform":
        return [_at(values, np.nan, quantile) for quantile in random.random(size)]
    return [_at(values, normal, np.nan) for normal in random.standard_normal(size)]


def _at(spread: Spread, normal: float, quantile: float) -> str:
    """The value at a quantile of a distribution: of the standard normal one, or of the uniform one."""
    (first, unit), (second, _) = parted(spread.first), parted(spread.second)
    if spread.kind == "uniform":
        number = first + (second - first) * quantile
    elif spread.kind == "normal":
        number = first + second * normal
    else:
        number = first * np.exp(second * normal)
    return f"{number:.{DIGITS}g} {unit}".rstrip()
