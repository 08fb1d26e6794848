"""What a scenario says, parsed and frozen. Amounts are in the unit of their quantity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, TypeVar

from model.base.display import html_table
from model.base.select import Selector
from model.base.words import ENDED
from model.scenario.amounts import Amount
from model.scenario.tree import Place

K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)

Operator = Literal["at_most", "at_least", "below", "above"]
Method = Literal["pricing", "monolithic", "greedy", "myopic", "evaluate"]


class FrozenMap(Mapping[K, V_co]):
    """A mapping that can not be changed and can be hashed; keeps its order, equal whatever the order."""

    def __init__(self, items: Mapping[K, V_co] | None = None) -> None:
        self._items = dict(items or {})

    def __getitem__(self, key: K) -> V_co:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return f"FrozenMap({self._items!r})"


@dataclass(frozen=True)
class Text:
    """A text of a scenario in English and, where it is written, in Chinese."""

    en: str
    zh: str | None = None

    def told(self, lang: str) -> str:
        """The text in a language, in English where there is none in it."""
        return self.zh if lang == "zh" and self.zh is not None else self.en


@dataclass(frozen=True)
class Entry:
    """What limits, mandates, changes and alerts have in common.

    where: None = all sources. clauses: the demands it answers, its own id if none is written (`stated` is
    False then). strength: None = that of the clause. file, line: where the entry begins.
    """

    id: str
    where: Selector | None
    clauses: tuple[str, ...]
    stated: bool
    strength: str | None
    note: Text | None
    file: str
    line: int | None


@dataclass(frozen=True)
class ShareOf:
    """The whole that a share is taken of; where, states: None = all. together: of all groups of `each`, else
    of the same group.
    """

    quantity: str
    where: Selector | None = None
    states: Selector | None = None
    together: bool = False


@dataclass(frozen=True)
class Limit(Entry):
    """A bound on a quantity, or without op a quantity that is reported.

    share_of: `all` is the same quantity over the same sources in whatever state; a ShareOf says itself over
    what. bounds: one Amount for every year, or by year. Plain amounts are in the unit of the quantity
    (words.QUANTITIES), of a share in that of the part over the whole ("1" if they are the same). For activity
    and capacity, which are in the unit of their class, amounts are as written. at: receptors, for quantities
    of kind response. progress: the share of the reduction already booked at the start year.
    """

    quantity: str
    states: Selector | None
    share_of: Literal["all"] | ShareOf | None
    at: Selector | None
    each: str | None
    years: tuple[int, ...] | Literal["all"]
    progress: float | None
    link: Literal["chain", "none"]
    op: Operator | None
    bounds: FrozenMap[int, Amount] | Amount | None
    enforce: bool
    confidence: float | None

    @property
    def ended(self) -> bool:
        """Whether `states` asks by name for sources that have ended: they count as they were at the start."""
        conditions = [c for group in self.states.alternatives for c in group] if self.states else []
        return any(
            c.attribute == "technology" and not c.negated and not set(ENDED).isdisjoint(c.values)
            for c in conditions
        )

    def bound(self, year: int) -> Amount | None:
        """The bound of one year."""
        return self.bounds.get(year) if isinstance(self.bounds, FrozenMap) else self.bounds


@dataclass(frozen=True)
class Mandate(Entry):
    """States that sources may not be in, or must be in (the other is None).

    The state of a year is that of its 31 December, so `by` a day of 2020 binds the state of 2020, and `from`
    1 January 2020 that of 2019.
    """

    not_in: Selector | None
    only_in: Selector | None
    date: date
    date_kind: Literal["by", "from"]
    already_law: bool

    @property
    def first_year(self) -> int:
        """The first year whose state it binds."""
        return self.date.year if self.date_kind == "by" else (self.date - timedelta(days=1)).year


@dataclass(frozen=True)
class Change(Entry):
    """Attributes set from outside: one amount reached in the year `by`, or amounts by year.

    Keys are numeric attributes, `activity`, or quantities of the regional balance. Plain amounts are in the
    unit of the attribute or quantity (of activity: as written).
    """

    set: FrozenMap[str, FrozenMap[int, Amount] | Amount]
    by: int | None
    already_law: bool


@dataclass(frozen=True)
class Alert(Entry):
    """A heavy-pollution alert: reduce is the share of the daily emission to be cut. together: quantities that
    trade: of these the sum of the shares cut is asked for, not each.
    """

    level: str
    reduce: float
    quantities: tuple[str, ...]
    each: str | None
    months: tuple[int, ...]
    together: tuple[str, ...] = ()


@dataclass(frozen=True)
class MeasureOption:
    """cost multiplies the capital and the running cost of the measure."""

    available: bool = True
    first_year: int | None = None
    cost: float = 1.0


@dataclass(frozen=True)
class ProjectOption:
    """What a scenario changes of a project; None = as the table says.

    capacity: a plain amount in GJ/yr, m3/yr or t/yr, or a percentage of baseline, the capacity of the table.
    """

    status: str | None = None
    first_year: int | None = None
    capacity: Amount | None = None


@dataclass(frozen=True)
class SolverOptions:
    """time_limit in s. within: share by which an alternative may cost more than the best."""

    method: Method = "pricing"
    gap: float = 1e-4
    time_limit: float | None = None
    threads: int = 1
    seed: int = 0
    alternatives: int = 0
    within: float = 0.02


@dataclass(frozen=True)
class Spread:
    """uniform: least and greatest; normal: mean and standard deviation; lognormal: median and the standard
    deviation of the logarithm. As written in the scenario."""

    kind: Literal["uniform", "normal", "lognormal"]
    first: str
    second: str

    @property
    def amounts(self) -> tuple[str, ...]:
        """Those of its numbers that are amounts of what is swept."""
        return (self.first,) if self.kind == "lognormal" else (self.first, self.second)


@dataclass(frozen=True)
class Sweep:
    """over: dotted path -> values as they would follow `--set path=`, or how to draw them. size: draws."""

    method: Literal["grid", "list", "random"]
    size: int | None
    seed: int
    over: FrozenMap[str, tuple[str, ...] | Spread]


@dataclass(frozen=True)
class Scenario:
    """One scenario file, with all that it extends and the settings of the command line.

    prices: item -> amount (CNY per unit, or a percentage of baseline), or year -> amount. growth: name of a
    growth table, or class -> year -> factor on the activity of the start year. minimise: "cost" or pollutant
    -> weight. text: the merged scenario in normalised form; sha256 is its hash. places: where each dotted
    path was written.
    """

    name: str
    path: Path
    text: str = field(repr=False)
    sha256: str
    title: FrozenMap[str, str]
    region: str
    register: str | None
    calibration: str | None
    plan_file: Path | None
    start: int
    years: tuple[int, ...]
    price_year: int
    discount_rate: float
    part_year: FrozenMap[str, float]
    areas: FrozenMap[str, tuple[str, ...]]
    prices: FrozenMap[str, FrozenMap[int, Amount] | Amount]
    growth: str | FrozenMap[str, FrozenMap[int, float]] | None
    measures: FrozenMap[str, MeasureOption]
    projects: FrozenMap[str, ProjectOption]
    changes: FrozenMap[str, Change]
    mandates: FrozenMap[str, Mandate]
    limits: FrozenMap[str, Limit]
    alerts: FrozenMap[str, Alert]
    not_modelled: FrozenMap[str, Text]
    minimise: Literal["cost"] | FrozenMap[str, float]
    solver: SolverOptions
    sweep: Sweep | None
    places: Mapping[str, Place] = field(repr=False, compare=False)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Limits, mandates, changes and alerts, in that order."""
        return (
            *self.limits.values(),
            *self.mandates.values(),
            *self.changes.values(),
            *self.alerts.values(),
        )

    def _repr_html_(self) -> str:
        """What it is of and how many demands it has, for notebooks."""
        rows = [
            ("region", self.region),
            ("start, decision years", f"{self.start}; {', '.join(map(str, self.years))}"),
            ("price year", str(self.price_year)),
            *((name, len(getattr(self, name))) for name in ("limits", "mandates", "changes", "alerts")),
        ]
        return html_table(self.title.get("en", self.name), (self.name, ""), rows)
