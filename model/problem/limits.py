"""Limits of the scenario as rows: terms over quantities, years and sets of sources (design: sections 5 and
8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from model.base.faults import Fault, InputError
from model.base.select import texts
from model.base.words import NOT_A_SUM, QUANTITIES, STRENGTHS
from model.problem.air import Concentrations, concentration_rows
from model.problem.bounds import Bounds, Item, Refused, Row, Unknown, fault, share_base, shown, strict
from model.problem.problem import Bools
from model.problem.world import INDIRECT, SUPPLY, World
from model.scenario.amounts import Amount
from model.scenario.scenario import Limit, Scenario

Term = tuple[int, int, float, int]
"""Quantity, index of the year, coefficient, set."""


@dataclass
class Rows:
    """The rows made so far; `sets` are the sets of sources that terms refer to."""

    bounds: Bounds
    label: list[str] = field(default_factory=list)
    sense: list[int] = field(default_factory=list)
    bound: list[float] = field(default_factory=list)
    exogenous: list[float] = field(default_factory=list)
    enforced: list[bool] = field(default_factory=list)
    strength: list[int] = field(default_factory=list)
    terms: list[list[Term]] = field(default_factory=list)
    sets: list[Bools] = field(default_factory=list)
    set_index: dict[bytes, int] = field(default_factory=dict)
    links: dict[str, Any] = field(default_factory=dict)
    shares: dict[str, Any] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    not_imposed: dict[str, str] = field(default_factory=dict)
    greatest: dict[str, Any] = field(default_factory=dict)
    air: Concentrations = field(init=False)

    def __post_init__(self) -> None:
        self.air = Concentrations(self.bounds.quantities)

    def set_of(self, chosen: Bools) -> int:
        """Index of a set of sources."""
        key = chosen.tobytes()
        if key not in self.set_index:
            self.set_index[key] = len(self.sets)
            self.sets.append(chosen)
        return self.set_index[key]

    def add(self, row: Row, strength: int, enforced: bool) -> None:
        """Enter the row of one limit, year and group; none for a group that has nothing of a share's whole.

        Raises:
            Refused: its bound can not be found.
        """
        limit, amount = row.limit, row.limit.bound(row.year)
        if QUANTITIES[limit.quantity].kind == "response":
            self._concentration(row, amount, strength, enforced)
            return
        if limit.quantity in NOT_A_SUM:
            self._greatest(row, amount, strength, enforced)
            return
        reason = self._unjudged(row)
        if reason is not None:
            self._leave_out(row, reason, strength)
            return
        part = self.terms_of(row.part, row.year, limit.id)
        outside = self.bounds.exogenous(row.part, row.year)
        if amount is None or limit.op is None:
            self._share(row, part, outside, np.nan)
            self._enter(row, part, outside, np.nan, strength, False)
            return
        if row.base is not None and self._nothing(row.base, row.year, limit.id):
            if row.group is None:
                self._leave_out(row, "there is none of the whole that this is a share of", strength)
            return
        self.given[row.label] = shown(amount)
        if amount.base == "supply":
            supplied, standing = self._supply(row, amount)
            self._enter(row, part + supplied, outside - standing, 0.0, strength, enforced)
            return
        try:
            bound = self.bounds.find(row, amount, self.links)
        except Unknown as unknown:
            self._leave_out(row, str(unknown), strength)
            return
        if row.base is None:
            self._enter(row, part, outside, bound, strength, enforced)
            return
        whole, whole_outside = self._share(row, part, outside, bound)
        less = [(q, y, -bound * c, s) for q, y, c, s in whole]
        self._enter(row, part + less, outside - bound * whole_outside, 0.0, strength, enforced)

    def _nothing(self, whole: Item, year: int, entry: str) -> bool:
        """Whether there is none of the whole of a share whatever is decided."""
        if self.bounds.exogenous(whole, year):
            return False
        quantities = self.bounds.quantities
        owner = quantities.world.state_source
        for quantity, _, _, chosen in self.terms_of(whole, year, entry):
            inside = self.sets[chosen][owner]
            factor, moved = quantities.factor[quantity], quantities.move_factor[quantity]
            if factor[inside].any() or moved[inside[quantities.world.move_to]].any():
                return False
        return True

    def _unjudged(self, row: Row) -> str | None:
        """Why a row can be neither imposed nor computed; None if it can."""
        items = [row.part] if row.base is None else [row.part, row.base]
        for item in items:
            known = (item.quantity, row.year) in self.bounds.quantities.world.exogenous
            if QUANTITIES[item.quantity].kind == "balance" and not known:
                return f"the balance of {row.year} has no {item.quantity}"
        return None

    def _concentration(self, row: Row, amount: Amount | None, strength: int, enforced: bool) -> None:
        """Enter the row of a concentration; one that is not known is neither imposed nor computed."""
        try:
            terms, background = self.air.terms(row)
            bound = np.nan
            if amount is not None and row.limit.op is not None:
                bound = self.air.bound(row, amount, self.links)
                self.given[row.label] = shown(amount)
        except Unknown as unknown:
            self._leave_out(row, str(unknown), strength)
            return
        at = self.bounds.quantities.world.years.index(row.year)
        made = [(index, at, per, self.set_of(chosen)) for index, per, chosen in terms]
        self._enter(row, made, background, bound, strength, enforced)

    def _greatest(self, row: Row, amount: Amount | None, strength: int, enforced: bool) -> None:
        """Enter the row of a greatest value: what sources have above the bound adds up to nothing.

        `greatest` notes by label where the value itself is to be read: quantity, year, set, bound.
        """
        quantities, at = self.bounds.quantities, self.bounds.quantities.world.years.index(row.year)
        index = quantities.index(row.part.quantity, row.part.states, row.limit.id)
        chosen, bound = self.set_of(row.part.chosen), np.nan
        terms: list[Term] = []
        if amount is not None:
            if amount.relation != "plain":
                unit = QUANTITIES[row.part.quantity].unit
                raise Refused("is a greatest value and can not be a percentage", f"write a number in {unit}")
            bound = strict(row.limit, amount.value)
            self.given[row.label] = shown(amount)
            terms = [(quantities.above(index, bound, row.limit.id), at, 1.0, chosen)]
        self.greatest[row.label] = {"quantity": index, "year": at, "set": chosen, "bound": bound}
        self._enter(row, terms, 0.0, np.nan if amount is None else 0.0, strength, enforced)

    def _leave_out(self, row: Row, reason: str, strength: int) -> None:
        """Enter a row that is neither imposed nor computed."""
        self.not_imposed[row.label] = reason
        self._enter(row, [], np.nan, np.nan, strength, False)

    def _enter(
        self, row: Row, terms: list[Term], exogenous: float, bound: float, strength: int, enforced: bool
    ) -> None:
        self.label.append(row.label)
        self.sense.append(1 if row.limit.op in ("at_least", "above") else -1)
        self.bound.append(bound)
        self.exogenous.append(exogenous)
        self.enforced.append(enforced and bool(np.isfinite(bound)))
        self.strength.append(strength)
        self.terms.append(terms)

    def terms_of(self, item: Item, year: int, entry: str) -> list[Term]:
        """Terms of one sum in a year. `cost` is running cost of the year and the annuities of all moves up
        to it.
        """
        world, index = self.bounds.quantities.world, self.bounds.quantities.index
        at, chosen = world.years.index(year), self.set_of(item.chosen)
        if item.quantity == "cost":
            annuity = index("annuity", item.states, entry)
            running = index(f"cost/{year}", item.states, entry)
            return [(running, at, 1.0, chosen), *((annuity, before, 1.0, chosen) for before in range(at + 1))]
        if item.quantity in world.factor or item.quantity in world.move_factor:
            parts = [item.quantity, INDIRECT + item.quantity]
            return [
                (index(part, item.states, entry, item.ended), at, 1.0, chosen)
                for part in parts
                if part == item.quantity or part in world.factor
            ]
        return []  # a balance: exogenous alone

    def _supply(self, row: Row, amount: Amount) -> tuple[list[Term], float]:
        """Terms of what optional projects supply to the group (to the region without a group), and what
        stands.
        """
        world = self.bounds.quantities.world
        quantity, at = row.part.quantity, world.years.index(row.year)
        mine = world.supplies.get(quantity, np.zeros(len(world.projects), dtype=bool))
        if row.group is not None:
            mine = mine & np.array([row.group in served for served in world.projects], dtype=bool)
        standing = sum(
            float(values[at])
            for (supplied, served), values in world.supply.items()
            if supplied == quantity and (row.group is None or row.group in served)
        )
        if not mine.any():
            return [], amount.value * standing
        chosen = self.set_of(np.concatenate([np.zeros(world.existing, dtype=bool), mine]))
        index = self.bounds.quantities.index(SUPPLY + quantity, None, row.limit.id)
        return [(index, at, -amount.value, chosen)], amount.value * standing

    def _share(self, row: Row, part: list[Term], outside: float, bound: float) -> tuple[list[Term], float]:
        """Note numerator and denominator of a share; the terms of its denominator."""
        if row.base is None:
            return [], 0.0
        whole = self.terms_of(row.base, row.year, row.limit.id)
        whole_outside = self.bounds.exogenous(row.base, row.year)
        self.shares[row.label] = {
            "numerator": [list(term) for term in part],
            "denominator": [list(term) for term in whole],
            "numerator_exogenous": outside,
            "denominator_exogenous": whole_outside,
            "bound": bound,
        }
        return whole, whole_outside


def make_rows(scenario: Scenario, bounds: Bounds, case: str, strengths: Mapping[str, str]) -> Rows:
    """Rows of every limit, by entry, year and group; in cases other than plan most are judged and not
    enforced.

    strengths: strength of each clause, for limits that state none; the strongest of several, binding for a
    limit that answers no clause.

    Raises:
        InputError: a `where` that matches no source, a bound that can not be found, `supply` of anything
            but at_most.
    """
    rows, faults = Rows(bounds), list[Fault]()
    for limit in scenario.limits.values():
        enforced = limit.enforce and in_force(limit, case)
        strength = strength_of(limit, strengths)
        try:
            for row in _rows_of(limit, bounds):
                rows.add(row, strength, enforced)
        except InputError as error:
            faults += error.faults
        except Refused as refused:
            faults.append(fault(limit, limit.op or "year", None, refused.wrong, refused.right))
    if faults:
        raise InputError(faults)
    return rows


def in_force(limit: Limit, case: str) -> bool:
    """Whether a case imposes a limit: all in `plan`; supply and build rates, the physical ones, in
    `current_law`.
    """
    if case != "current_law":
        return case == "plan"
    amounts = [limit.bounds] if isinstance(limit.bounds, Amount) else list((limit.bounds or {}).values())
    supply = any(amount.base == "supply" for amount in amounts)
    return supply or (limit.op in ("at_most", "below") and limit.quantity.endswith("_completed"))


def strength_of(limit: Limit, strengths: Mapping[str, str]) -> int:
    """Index into words.STRENGTHS of a limit's own strength, else the strongest of its clauses."""
    if limit.strength is not None:
        return STRENGTHS.index(limit.strength)
    stated = [STRENGTHS.index(strengths[clause]) for clause in limit.clauses if clause in strengths]
    return max(stated, default=STRENGTHS.index("binding"))


def _rows_of(limit: Limit, bounds: Bounds) -> Sequence[Row]:
    """The rows of one limit: each group in each year."""
    world = bounds.quantities.world
    years = world.years if limit.years == "all" else limit.years
    if QUANTITIES[limit.quantity].kind == "response":
        return concentration_rows(limit, years, bounds.quantities)
    chosen = world.among(limit.where, limit.quantity)
    balance = QUANTITIES[limit.quantity].kind == "balance"
    if not chosen.any() and not balance:
        text = "all sources" if limit.where is None else _selector_text(limit)
        raise InputError(
            [fault(limit, "where", text, "matches no source", "correct the selector or leave the limit out")]
        )
    base = share_base(limit)
    whole = None if base is None else world.among(base.where, base.quantity)
    groups = _groups(limit, world, chosen)
    if not groups:
        right = "group by an attribute that they have"
        raise InputError([fault(limit, "each", limit.each, "is known of no source that is meant", right)])
    out = []
    for year in years:
        for group, inside in groups:
            alone = group is None and not (limit.where or limit.states)
            part = Item(limit.quantity, limit.where, limit.states, chosen & inside, alone, limit.ended)
            over = None
            if base is not None and whole is not None:
                everything = (group is None or base.together) and not (base.where or base.states)
                among = whole if base.together else whole & inside
                over = Item(base.quantity, base.where, base.states, among, everything, limit.ended)
            out.append(Row(limit, year, group, part, over))
    return out


def _groups(limit: Limit, world: World, chosen: Bools) -> list[tuple[str | None, Bools]]:
    """The values of the `each` attribute that sources have, with the sources of each and the projects that
    stand there (no `each`: all).
    """
    if limit.each is None:
        return [(None, np.ones(len(chosen), dtype=bool))]
    values, of = world.columns.coded(limit.each)
    found = np.unique(of[chosen[: len(of)] & (of >= 0)])
    behind = texts(world.project_columns.get(limit.each, np.full(len(world.projects), None)))
    return [(values[at], np.concatenate([of == at, behind == values[at]])) for at in found]


def _selector_text(limit: Limit) -> str:
    """The conditions of a limit's `where` in one line."""
    assert limit.where is not None
    groups = []
    for group in limit.where.alternatives:
        conditions = []
        for c in group:
            wanted = " ".join(f"{n} {b:g}" for n, b in c.bounds) or "|".join(str(v) for v in c.values)
            conditions.append(f"{c.attribute}: {'not ' if c.negated else ''}{wanted}")
        groups.append(", ".join(conditions))
    return " or ".join(groups)
