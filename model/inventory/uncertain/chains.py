"""From uncertain numbers to a factor, without linearising: sources with the same product move alike.

A chain is the way of one pollutant from the number of its emission factor through the controls of a state.
Of plain products only the parameters matter; where an outlet concentration or an addition takes part, its
amounts do as well. An inventory of ten thousand sources has some two thousand chains, and draws are made by
chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.inventory.controls import Acting, acting_controls, control_columns
from model.inventory.factors import before_controls
from model.inventory.lookup import Floats, Ints
from model.inventory.uncertain.parameters import Parameters
from model.tables.read import Tables


@dataclass(frozen=True)
class Outlet:
    """A control with an outlet concentration: its parameter, and what Acting says of it."""

    parameter: int
    captured: float
    removal: float
    running: float
    most: float

    def after(self, before: Floats, theta: Floats) -> Floats:
        """What leaves it; `before` and theta of its parameter [D]."""
        times = np.exp(theta)
        passes = np.minimum((1.0 - self.removal) * times, 1.0) if self.removal > 0 else 1.0
        held = np.minimum(before * self.captured * passes, self.most * times)
        return self.running * (before * (1.0 - self.captured) + held) + (1.0 - self.running) * before


@dataclass(frozen=True)
class Chain:
    """One pollutant of one state. factor: parameter of the emission factor; passing: parameters of controls
    that let a share through, with ln(1 / share), how far theta can go; added: parameters of what is added
    and its amounts, t per unit of activity. inlet: factor at theta = 0 after the shares, before outlets
    (0 = none). Parameters: -1 = certain."""

    factor: int
    passing: tuple[tuple[int, float], ...]
    outlets: tuple[Outlet, ...]
    added: tuple[tuple[int, float], ...]
    inlet: float

    def times(self, theta: Floats) -> Floats:
        """Factor over the factor at theta = 0, [D]; theta [J, D]."""
        log = _row(theta, self.factor)
        for parameter, room in self.passing:
            log = log + np.minimum(_row(theta, parameter), room)
        if not (self.outlets or self.added):
            return np.exp(log)
        return self._left(log, theta) / self._left(np.zeros(1), np.zeros((len(theta), 1)))

    def _left(self, log: Floats, theta: Floats) -> Floats:
        """Factor, t per unit of activity, from the logarithm of what moves the inlet."""
        factor = self.inlet * np.exp(log)
        for outlet in self.outlets:
            factor = outlet.after(factor, _row(theta, outlet.parameter))
        for parameter, amount in self.added:
            factor = factor + amount * np.exp(_row(theta, parameter))
        return factor


def _row(theta: Floats, parameter: int) -> Floats:
    return theta[parameter] if parameter >= 0 else np.zeros(theta.shape[1])


@dataclass(frozen=True)
class Chains:
    """chains: [K]; of: [n, pollutant] chain of each factor, -1 where it is 0 or not known."""

    chains: tuple[Chain, ...]
    of: Ints


def chains_of(states: pd.DataFrame, factor: Floats, tables: Tables, parameters: Parameters) -> Chains:
    """The chains of states, as `state_effects` takes them and raising as it does; factor: [n, pollutant]
    what it gives."""
    before = before_controls(states, tables)
    of_factor = parameters.of_factors(states, before, tables)
    of_control = parameters.of_rows(tables.frame["controls"])
    has = control_columns(states["controls"])
    acting = acting_controls(states, has, before.groups, before.fuel, tables)
    found: list[Chain] = []
    of = np.full(factor.shape, -1, dtype=np.int64)
    for i, controls in enumerate(acting):
        way = _Way(before.inlet[:, i], of_factor[:, i], controls, of_control)
        code = np.where(factor[:, i] > 0, way.alike(), -1)
        number = pd.factorize(np.append(-1, code))[0]  # -1 becomes 0
        first = pd.Series(number).drop_duplicates().index.to_numpy()[1:] - 1
        of[:, i] = np.where(number[1:] > 0, number[1:] - 1 + len(found), -1)
        found += [way.chain(int(state)) for state in first]
    return Chains(tuple(found), of)


@dataclass(frozen=True)
class _Way:
    """What one pollutant goes through in every state, [n]."""

    inlet: Floats
    of_factor: Ints
    controls: Sequence[Acting]
    of_control: Ints

    def alike(self) -> Ints:
        """The same number for states that have one chain, [n]."""
        amounts_matter = np.zeros(len(self.inlet), dtype=bool)
        code = self.of_factor + 1
        for control in self.controls:
            own = np.zeros(len(self.inlet), dtype=np.int64)
            own[control.at] = _numbered(control.rows, control.most, control.added) + 1
            code = _numbered(code, own)
            amounts_matter[control.at] |= ~np.isnan(control.outlet) | (control.added > 0)
        return _numbered(code, np.where(amounts_matter, self.inlet, 0.0))

    def chain(self, state: int) -> Chain:
        """The chain of one state that has a factor above 0."""
        share, passing, outlets, added = 1.0, [], [], []
        for control in self.controls:
            at = int(np.searchsorted(control.at, state))
            if at == len(control.at) or control.at[at] != state:
                continue
            parameter, remainder = int(self.of_control[control.rows[at]]), float(control.remainder[at])
            share *= remainder
            if 0 < remainder < 1:
                passing.append((parameter, float(-np.log(remainder))))
            if not np.isnan(control.outlet[at]):
                numbers = (control.captured, control.removal, control.running, control.most)
                outlets.append(Outlet(parameter, *(float(number[at]) for number in numbers)))
            if control.added[at] > 0:
                added.append((parameter, float(control.added[at])))
        inlet = float(np.nan_to_num(self.inlet[state])) * share
        return Chain(int(self.of_factor[state]), tuple(passing), tuple(outlets), tuple(added), inlet)


def _numbered(*columns: NDArray[np.generic]) -> Ints:
    """The same number for equal rows; NaN equals itself."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        own, names = pd.factorize(column, use_na_sentinel=False)
        code = pd.factorize(code * len(names) + own)[0]
    return np.asarray(code, dtype=np.int64)
