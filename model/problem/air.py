"""Concentrations as terms over emission: C(y) = C(start) x (background + sum of share x E(y) / E(start))."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from model.problem.bounds import Item, Row, Unknown, strict
from model.problem.world import INDIRECT, Quantities

if TYPE_CHECKING:
    from model.baseline.receptors import Receptor
    from model.problem.problem import Bools
    from model.scenario.amounts import Amount
    from model.scenario.scenario import Limit

CONCENTRATION = "_concentration"


@dataclass
class Concentrations:
    """What rows on concentrations are made of; the mean over receptors has no weights (official practice).

    A part of a concentration is emission of one precursor in one area, own and indirect, of all sources,
    those outside the account too, over that of the start year.
    """

    quantities: Quantities
    sets: dict[str, Bools] = field(default_factory=dict)
    start: dict[tuple[str, str], float] = field(default_factory=dict)

    def terms(self, row: Row) -> tuple[list[tuple[int, float, Bools]], float]:
        """Terms (quantity, ug/m3 per t/yr, sources) of the mean over the receptors of a row, and the
        background.

        Raises:
            Unknown: a receptor without observation or shares, a precursor without emission at the start.
        """
        found = self._receptors(row)
        coefficient: dict[tuple[str, str], float] = {}
        constant = 0.0
        for receptor in found:
            for part in receptor.parts:
                amount = receptor.start * part.share / len(found)
                if not part.area:
                    constant += amount
                elif amount:
                    key = (part.precursor, part.area)
                    coefficient[key] = coefficient.get(key, 0.0) + amount / self._emitted(key, row)
        terms = [
            (index, amount, self._inside(area))
            for (precursor, area), amount in coefficient.items()
            for index in self._indices(precursor, row)
        ]
        return terms, constant

    def bound(self, row: Row, amount: Amount, notes: dict[str, Any]) -> float:
        """The bound of a row, ug/m3; a percentage of a year is of the mean observed in it, entered in `notes`
        by label.

        The start year without observations has those of the nearest year, as the concentration itself.

        Raises:
            Unknown: a receptor was not observed in the year referred to.
        """
        if amount.relation == "plain":
            return strict(row.limit, amount.value)
        assert amount.base is not None  # a percentage, or so much less: the grammar knows no other
        if amount.base == "frozen":
            return strict(row.limit, _of(amount, self._frozen(row)))
        base = int(amount.base)
        found = self._receptors(row)
        means = [self._observed(receptor, base) for receptor in found]
        mean = sum(means) / len(means)
        value = _of(amount, mean)
        notes[row.label] = {"base_year": base, "base_value": mean, "share": value / mean, "bound": value}
        return strict(row.limit, value)

    def _observed(self, receptor: Receptor, year: int) -> float:
        if year in receptor.observed:
            return receptor.observed[year]
        if year == self.quantities.world.start:
            return receptor.start
        raise Unknown(f"air_quality.csv has no {receptor.pollutant} of {receptor.city} in {year}")

    def _frozen(self, row: Row) -> float:
        terms, constant = self.terms(row)
        frozen = self.quantities.frozen
        return constant + sum(amount * frozen(index, chosen, row.year) for index, amount, chosen in terms)

    def _receptors(self, row: Row) -> list[Receptor]:
        air, pollutant = self.quantities.world.air, row.limit.quantity.removesuffix(CONCENTRATION)
        cities = air.among(row.limit.at) if row.group is None else (row.group,)
        if not cities:
            raise Unknown("`at` means no city of the region")
        missing = [air.gaps[city, pollutant] for city in cities if (city, pollutant) in air.gaps]
        if missing:
            raise Unknown("; ".join(missing[:3]))
        return [air.receptors[city, pollutant] for city in cities]

    def _indices(self, precursor: str, row: Row) -> Iterator[int]:
        world = self.quantities.world
        for part in (precursor, INDIRECT + precursor):
            if part in world.factor:
                yield self.quantities.index(part, None, row.limit.id)

    def _inside(self, area: str) -> Bools:
        if area not in self.sets:
            self.sets[area] = self.quantities.world.inside(area)
        return self.sets[area]

    def _emitted(self, key: tuple[str, str], row: Row) -> float:
        """Emission of a precursor in an area in the start year, t."""
        if key not in self.start:
            precursor, area = key
            chosen, year = self._inside(area), self.quantities.world.start
            used = [self.quantities.frozen(index, chosen, year) for index in self._indices(precursor, row)]
            self.start[key] = sum(used)
        if not self.start[key] > 0:
            raise Unknown(f"the inventory of the start year has no {key[0]} in {key[1]}")
        return self.start[key]


def _of(amount: Amount, base: float) -> float:
    """The part of a base that an amount asks for, or the base less so many ug/m3."""
    return base - amount.value if amount.relation == "less" else base * amount.value


def concentration_rows(limit: Limit, years: tuple[int, ...], quantities: Quantities) -> list[Row]:
    """The rows of a limit on a concentration: its years, and with `each: city` its receptors."""
    nothing = np.zeros(len(quantities.world.source), dtype=bool)
    part = Item(limit.quantity, None, None, nothing, True)
    groups = [None] if limit.each is None else list(quantities.world.air.among(limit.at))
    return [Row(limit, year, group, part, None) for year in years for group in groups]
