"""Does an inventory close? Every observation that it can be held against, beside what it says itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.base.faults import Fault, InputError, nearest
from model.base.select import Selector
from model.base.words import OFFICIAL_ACCOUNTS
from model.inventory.columns import SourceColumns
from model.inventory.emissions import Inventory
from model.inventory.lookup import Floats, best_rows, group_states, take
from model.inventory.observed.countable import Countable, NotCountable
from model.inventory.observed.where import known_names, parse_share, parse_where
from model.inventory.ratings import SPREAD_OF_RATING
from model.tables.read import Tables

Bools = NDArray[np.bool_]

BUILT_ON = {"control_total": "yes"}
"""`built_on` of observations that do not say it, by account; of other accounts no."""

SHARES = {f"{name}_share": name for name in ("heat", "stock", "capacity", "activity", "units")}


@dataclass(frozen=True)
class Closure:
    """One observation and the inventory's own figure, both in `unit`.

    low, high: as given, or what the rating implies. model, ratio (model over value) and inside are None
    where the observation is not compared; `why_not` says why. access: of the observation's citation.
    operator: the averaging operator it is seen through, empty = none. built_on: the tables were made to meet
    it.
    """

    observation: str
    year: int
    area: str
    quantity: str
    where: str
    account: str
    about: str
    unit: str
    value: float
    low: float
    high: float
    citation: str
    access: str
    rating: str
    operator: str
    built_on: bool
    model: float | None = None
    ratio: float | None = None
    inside: bool | None = None
    why_not: str = ""


def closures(inventory: Inventory, tables: Tables) -> tuple[Closure, ...]:
    """Every observation of the inventory's year, compared where the inventory has its quantity.

    The observation's `where` (where.py beside this) and area say which sources count. A quantity that
    ends in _share is the sum over a part over the sum over its whole. Official accounts leave out sources
    that are outside them.

    Raises InputError with every `where` and area that can not be read.
    """
    return tuple(closure for closure, _, _ in _held(inventory, tables))


def held_against(inventory: Inventory, tables: Tables) -> list[tuple[Closure, Bools]]:
    """The closures, each with the sources [S] that its observation speaks of; raises as `closures` does."""
    return [(closure, kept) for closure, kept, _ in _held(inventory, tables)]


def counted(inventory: Inventory, tables: Tables) -> list[tuple[Closure, Floats]]:
    """The closures, each with what every source has of its model figure, [S] in its unit; all 0 where it is
    not compared or a share. Raises as `closures` does."""
    return [(closure, amount) for closure, _, amount in _held(inventory, tables)]


def _held(inventory: Inventory, tables: Tables) -> Iterator[tuple[Closure, Bools, Floats]]:
    """The closures, the sources [S] each speaks of, and what they have of a sum, [S]."""
    countable, choice = Countable(inventory, tables), _Choice(SourceColumns(inventory.sources))
    seen = _Seen(inventory.sources, tables)
    year = int(inventory.activity["year"][0])
    for closure, selectors in _readable(tables, year):
        kept = [choice.kept(selector, closure) for selector in selectors]
        compared, amount = _compared(closure, kept, countable, seen.weights(closure.operator))
        yield compared, np.logical_and.reduce(kept), amount


def _readable(tables: Tables, year: int) -> list[tuple[Closure, tuple[Selector, ...]]]:
    """The observations of a year with their selectors; raises InputError for all that can not be read."""
    observations, known = tables.frame["observations"], known_names(tables)
    access = tables.frame["citations"].set_index("citation")["access"].to_dict()
    areas = set(tables.frame["areas"]["area"])
    found, faults = [], list[Fault]()
    for row in observations[observations["year"] == year].to_dict("records"):
        closure, selectors = _closure(row, access), tuple[Selector, ...]()
        file, line = str(row["file"]), int(row["row"])
        try:
            share = closure.quantity in SHARES and " of " in closure.where
            selectors = parse_share(closure.where, known) if share else (parse_where(closure.where, known),)
        except InputError as error:
            faults += [replace(fault, file=file, row=line, column="where") for fault in error.faults]
        if closure.area not in areas:
            right = nearest(closure.area, areas)
            faults.append(Fault(file, line, "area", closure.area, "is not an area of the region", right))
        if closure.operator and closure.quantity in SHARES:
            wrong = "is given, and the quantity is a share"
            faults.append(Fault(file, line, "operator", closure.operator, wrong, "leave it empty"))
        found.append((closure, selectors))
    if faults:
        raise InputError(faults)
    return found


class _Choice:
    """Which sources an observation speaks of; each area is looked for once."""

    def __init__(self, columns: SourceColumns) -> None:
        self.columns = columns
        self._area_of, self._areas = pd.factorize(columns["area"])

    def kept(self, selector: Selector, closure: Closure) -> Bools:
        """Inside the area, matched, and inside the account where that leaves sources out, [S]."""
        inside = np.array([closure.area in places for places in self._areas], dtype=bool)
        kept = self.columns.chosen(selector) & inside[self._area_of]
        if closure.account in OFFICIAL_ACCOUNTS and "outside_account" not in selector.attributes:
            kept &= ~self.columns["outside_account"].astype(bool)
        return np.asarray(kept)


class _Seen:
    """How much of each source averaging operators see."""

    def __init__(self, sources: pd.DataFrame, tables: Tables) -> None:
        self._table, self._sources = tables.frame["averaging"], sources
        self._found: dict[str, Floats] = {"": np.ones(len(sources))}

    def weights(self, operator: str) -> Floats:
        """[S]: of the most specific row by city and sector, 0 where none fits; 1 without an operator."""
        if operator not in self._found:
            rows = self._table[self._table["operator"] == operator]
            keys = ("city", "sector")
            weight = take(rows, "weight", best_rows(rows, group_states(self._sources, keys), keys))
            self._found[operator] = np.nan_to_num(weight)
        return self._found[operator]


def _closure(row: Mapping[Any, Any], access: Mapping[Any, Any]) -> Closure:
    spread, value = 1 + SPREAD_OF_RATING[row["rating"]], float(row["value"])
    low, high = float(row["low"]), float(row["high"])
    text: dict[str, Any] = {
        name: row[name] if isinstance(row[name], str) else ""
        for name in ("observation", "area", "quantity", "where", "account", "about", "unit", "citation")
    }
    said = row["built_on"] if isinstance(row["built_on"], str) else BUILT_ON.get(text["account"], "no")
    return Closure(
        **text,
        year=int(row["year"]),
        value=value,
        low=value / spread if np.isnan(low) else low,
        high=value * spread if np.isnan(high) else high,
        access=access[row["citation"]],
        rating=row["rating"],
        operator=row["operator"] if isinstance(row["operator"], str) else "",
        built_on=said == "yes",
    )


def _compared(
    closure: Closure, kept: Sequence[Bools], countable: Countable, seen: Floats
) -> tuple[Closure, Floats]:
    """The closure with the model's figure, or with the reason why there is none; and what each source has of
    a sum, [S].

    kept: the sources it speaks of, [S]; of a share the part and the whole. seen: weights of its operator,
    [S].
    """
    amount = np.zeros(len(seen))
    try:
        if closure.quantity in SHARES:
            if len(kept) == 1:
                raise NotCountable("does not say of what it is a share")
            part, whole = kept
            model = countable.share(SHARES[closure.quantity], closure.unit, part & whole, whole)
        else:
            amount = seen * countable.each(closure.quantity, closure.unit, kept[0])
            model = float(amount.sum())
    except NotCountable as reason:
        return replace(closure, why_not=str(reason)), amount
    ratio = model / closure.value if closure.value else None
    inside = closure.low <= model <= closure.high
    return replace(closure, model=model, ratio=ratio, inside=inside), amount
