"""The physical side of a problem: sources with projects, their states and moves, and what each of them uses.

Quantities are made on demand, one for each (quantity, states selector) that an entry of the scenario asks
for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from model.base.select import Selector, matches
from model.base.words import POLLUTANTS, QUANTITIES, STOOD
from model.problem.problem import Bools, Floats, Ints

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from model.baseline import Baseline
    from model.baseline.receptors import Air
    from model.inventory.columns import Columns
    from model.options.options import Options

LOADS = ("peak_heat", "secured_heat", "peak_gas", "peak_electricity", "stock", "standard_vehicles")
"""Loads that grow and shrink with activity; capacity of what exists does not."""

MOVE_COLUMNS = {
    "units_completed": "units",
    "capacity_completed": "capacity",
    "stock_completed": "stock",
    "investment": "overnight",
    "annuity": "annuity",
}
"""Quantities of moves and the columns of options.moves they count. annuity is the yearly cost of a move
made.
"""

SUPPLY = "supply."
INDIRECT = "indirect."
"""Emission made where power and heat are, of pollutants whose own part changes scale."""

MONEY = ("investment", "cost")
MADE = (*POLLUTANTS, "coal", "coal_energy", "gas_energy", "natural_gas", "oil_energy", "primary_energy")
"""Quantities that count what making the supply of a built project emits and burns."""
OF_PROJECTS = (*MONEY, *MADE)
"""Quantities that projects count in: where no source is chosen, or by where they stand."""
PLACES = {"city": "city", "county": "county", "area": "within"}
"""Attributes that a project has, and the columns of options.projects that have them."""


@dataclass(frozen=True)
class World:
    """Sources of the inventory [S0], then optional projects [P]; states and moves in the same order.

    columns: attributes of the inventory's sources, [S0] each; project_columns: those that projects have, [P].
    state_columns: what states have become (fuel, technology ...), before any was left out; left: which of
    those are the states here, without those of projects. ended: closed and scrapped ones, [K].
    driver: name -> [S, 1 + Y], the start year first. factor: quantity -> per state [K]. move_factor:
    quantity -> per move [M]. exogenous: (quantity, year) -> value. supply: (quantity, served) -> per year
    [Y], of existing and committed projects.
    A project that serves a county supplies its city, too.
    What begins with `frozen_` is without the changes of the scenario.
    """

    years: tuple[int, ...]
    start: int
    source: NDArray[np.str_]
    projects: NDArray[np.object_]  # [P] what each serves, with what contains that: frozensets
    supplies: Mapping[str, Bools]  # quantity -> which of them supply it, [P]
    columns: Columns
    project_columns: Mapping[str, NDArray[Any]]
    state_columns: Columns
    left: Bools
    state_source: Ints
    state_start: Ints
    ended: Bools
    move_to: Ints
    driver: Mapping[str, Floats]
    frozen_driver: Mapping[str, Floats]
    driver_of: Mapping[str, str]
    factor: Mapping[str, Floats]
    move_factor: Mapping[str, Floats]
    cost: Floats
    exogenous: Mapping[tuple[str, int], float]
    frozen_exogenous: Mapping[tuple[str, int], float]
    supply: Mapping[tuple[str, frozenset[str]], Floats]
    air: Air

    @property
    def existing(self) -> int:
        """Number of sources of the inventory, S0."""
        return len(self.source) - len(self.projects)

    def among(self, where: Selector | None, quantity: str | None) -> Bools:
        """Sources and projects of which a quantity (None: of mandates) is counted, [S].

        Emission leaves out what is outside the account. Projects are among all that money is spent on and
        all that is emitted and burnt, and among what a selector of places means of these.
        """
        chosen = self.columns.chosen(where)
        if quantity in POLLUTANTS and (where is None or "outside_account" not in where.attributes):
            chosen = chosen & ~self.columns["outside_account"].astype(bool)  # not known: inside
        projects = np.full(len(self.projects), where is None and quantity in OF_PROJECTS)
        if where is not None and quantity in OF_PROJECTS and where.attributes <= self.project_columns.keys():
            projects = matches(where, self.project_columns, len(self.projects))
        return np.concatenate([chosen, projects])

    def inside(self, area: str) -> Bools:
        """Sources and projects in an area, those outside the account too, [S]."""
        columns = (self.columns["area"][: self.existing], self.project_columns["area"])
        return np.array([area in within for column in columns for within in column], dtype=bool)

    def states_in(self, states: Selector | None) -> Bools:
        """States that a selector means, [K]; states of projects never."""
        inside = self.state_columns.chosen(states)[self.left]
        return np.concatenate([inside, np.zeros(2 * len(self.projects), dtype=bool)])


@dataclass
class Quantities:
    """The quantities that the limits of a problem need, in the order in which they are asked for."""

    world: World
    label: list[str] = field(default_factory=list)
    stock: list[bool] = field(default_factory=list)
    driver: list[str] = field(default_factory=list)
    factor: list[Floats] = field(default_factory=list)
    move_factor: list[Floats] = field(default_factory=list)
    known: dict[tuple[str, Selector | None, bool], int] = field(default_factory=dict)

    def index(self, quantity: str, states: Selector | None, entry: str, ended: bool = False) -> int:
        """Index of a quantity counted in some states (None: all), named after the entry that first asks for
        it.

        `cost/YEAR` is the running cost of that year, `supply.QUANTITY` what optional projects supply. ended:
        activity, stock and capacity of what is closed or scrapped count as they were in state 0.
        """
        key = (quantity, states, ended and quantity in STOOD)
        if key not in self.known:
            self.known[key] = len(self.label)
            self._add(*key, entry)
        return self.known[key]

    def _add(self, quantity: str, states: Selector | None, ended: bool, entry: str) -> None:
        world = self.world
        none, still = np.zeros(len(world.state_source)), np.zeros(len(world.move_to))
        factor, moved, driver, stock = none, still, "ones", False
        if quantity in world.move_factor:
            moved = world.move_factor[quantity]
        elif quantity.startswith("cost/"):
            factor = world.cost[:, world.years.index(int(quantity.removeprefix("cost/")))]
        else:
            factor, driver = world.factor[quantity], world.driver_of[quantity]
            stock = QUANTITIES[quantity.removeprefix(SUPPLY).removeprefix(INDIRECT)].kind == "stock"
        if ended:
            factor = np.where(world.ended, factor[world.state_start[world.state_source]], factor)
        if states is not None:
            inside = world.states_in(states)
            factor, moved = np.where(inside, factor, 0.0), np.where(inside[world.move_to], moved, 0.0)
        self.label.append(quantity if states is None and not ended else f"{quantity}@{entry}")
        self.stock.append(stock)
        self.driver.append(driver)
        self.factor.append(factor)
        self.move_factor.append(moved)

    def above(self, index: int, bound: float, entry: str) -> int:
        """Index of what a quantity has above a bound, state by state."""
        self.label.append(f"{self.label[index].partition('@')[0]} above {bound:g}@{entry}")
        self.stock.append(self.stock[index])
        self.driver.append(self.driver[index])
        self.factor.append(np.maximum(self.factor[index] - bound, 0.0))
        self.move_factor.append(np.zeros(len(self.world.move_to)))
        return len(self.label) - 1

    def frozen(self, index: int, chosen: Bools, year: int) -> float:
        """Use by some sources in a year (the start year too) if every source stays in state 0 and nothing is
        changed.
        """
        world = self.world
        at = 0 if year == world.start else world.years.index(year) + 1
        zero = self.factor[index][world.state_start[:-1]]
        return float((world.frozen_driver[self.driver[index]][:, at] * zero)[chosen].sum())


def make_world(baseline: Baseline, options: Options, start: int) -> World:
    """Lay baseline and options out as arrays."""
    inventory, columns, states = baseline.inventory, baseline.columns, options.states
    years = tuple(int(y) for y in inventory.activity["year"].to_numpy() if y != start)
    optional = options.projects[options.projects["status"] == "optional"]
    count, projects = len(inventory.sources), len(optional)
    sizes = np.concatenate([np.bincount(states["source"].to_numpy(), minlength=count), np.full(projects, 2)])
    state_start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    activity, unchanged = (
        values.sel(year=[start, *years]).transpose("source", "year").to_numpy()
        for values in (inventory.activity, baseline.activity_unchanged)
    )
    response = _responses(baseline, [start, *years])
    greatest, new = activity.max(axis=1, keepdims=True), columns["vintage"] == "new"
    driver_of = _drivers_of(response)
    supplies, factor = _factors(options, optional, driver_of)
    at = states["source"].to_numpy()
    running = options.running * activity[at, 1:] + options.fixed[:, None]
    upkeep = np.zeros((2 * projects, len(years)))
    made = (options.project_running + options.project_priced)[options.projects["status"] == "optional"]
    upkeep[1::2] = optional["fixed"].to_numpy(float)[:, None] + made
    built = state_start[count:-1] + 1
    return World(
        years=years,
        start=start,
        source=np.array([*inventory.sources.index.astype(str), *optional["source"].astype(str)]),
        projects=optional["served"].to_numpy(dtype=object),
        supplies=supplies,
        columns=columns,
        project_columns={name: optional[column].to_numpy(dtype=object) for name, column in PLACES.items()},
        state_columns=options.columns,
        left=options.left,
        state_source=np.repeat(np.arange(count + projects), sizes),
        state_start=state_start,
        ended=np.concatenate([states["ended"].to_numpy(dtype=bool), np.zeros(2 * projects, dtype=bool)]),
        move_to=np.concatenate([options.moves["to_state"].to_numpy(), built]).astype(np.int64),
        driver=_drivers(activity, greatest, new, response, projects),
        frozen_driver=_drivers(unchanged, greatest, new, dict.fromkeys(response, 1.0), projects),
        driver_of=driver_of,
        factor=factor,
        move_factor=_move_factors(options, optional),
        cost=np.concatenate([running, upkeep]),
        exogenous=_exogenous(baseline.exogenous),
        frozen_exogenous=_exogenous(baseline.exogenous_unchanged),
        supply=_supply(options, years),
        air=baseline.air,
    )


def _responses(baseline: Baseline, years: list[int]) -> dict[str, Floats]:
    """Response to changes, [S, years], of the pollutants that have one."""
    response = baseline.response.sel(year=years).transpose("pollutant", "source", "year")
    every = {pollutant: response.sel(pollutant=pollutant).to_numpy() for pollutant in POLLUTANTS}
    return {pollutant: values for pollutant, values in every.items() if (values != 1).any()}


def _drivers_of(response: Mapping[str, Floats]) -> dict[str, str]:
    """What each quantity of states is per unit of: a name of `_drivers`."""
    out = {name: "activity" for name, q in QUANTITIES.items() if q.kind == "state" and name != "cost"}
    out |= {name: "service" for name, q in QUANTITIES.items() if q.kind == "stock"}
    out |= dict.fromkeys(LOADS, "ratio")
    out |= {INDIRECT + pollutant: "activity" for pollutant in response}
    return out | {pollutant: f"activity.{pollutant}" for pollutant in response}


def _drivers(
    activity: Floats,
    greatest: Floats,
    new: Bools,
    response: Mapping[str, Floats | float],
    projects: int,
) -> dict[str, Floats]:
    """What uses are per unit of, [S, 1 + Y]; a project's are given for the whole of it.

    Emission of a source's own follows activity times the response to changes; uses follow activity; peak
    loads and stock are given at the greatest activity and go down in proportion, as does capacity of what
    growth builds; that of what exists stands as long as it is in service.
    """
    ratio = np.divide(activity, greatest, out=np.zeros_like(activity), where=greatest > 0)
    own = {
        "activity": activity,
        "ratio": ratio,
        "service": np.where(new[:, None], ratio, (activity > 0).astype(float)),
        **{f"activity.{pollutant}": activity * changed for pollutant, changed in response.items()},
    }
    whole = np.ones((projects, activity.shape[1]))
    out = {name: np.concatenate([values, whole]) for name, values in own.items()}
    out["ones"] = np.ones((len(activity) + projects, activity.shape[1]))
    return out


def _factors(
    options: Options, optional: Any, driver_of: dict[str, str]
) -> tuple[dict[str, Bools], dict[str, Floats]]:
    """Which optional projects supply what; factors of every state, [K], and of those supplies, whose drivers
    are named too.
    """
    count = len(optional)
    factor = {}
    for name in (name for name in driver_of if name in options.states):
        made = np.zeros(2 * count)
        if name in MADE:
            made[1::2] = optional[name].to_numpy(float)
        factor[name] = np.concatenate([np.nan_to_num(options.states[name].to_numpy(float)), made])
    for name in (name for name in driver_of if name.startswith(INDIRECT)):
        indirect = options.indirect[name.removeprefix(INDIRECT)].to_numpy(float)
        factor[name] = np.concatenate([indirect, np.zeros(2 * count)])
        factor[name.removeprefix(INDIRECT)] -= factor[name]
    supplies: dict[str, Bools] = {}
    for at, row in enumerate(optional.to_dict("records")):
        loads = {load: amount for load, amount in row["loads"].items() if amount > 0}
        for quantity, amount in {row["supplies"]: row["supply"], **loads}.items():
            name = SUPPLY + quantity
            factor.setdefault(name, np.zeros(len(options.states) + 2 * count))
            factor[name][len(options.states) + 2 * at + 1] = amount
            driver_of[name] = "ones"
            supplies.setdefault(quantity, np.zeros(count, dtype=bool))[at] = True
    return supplies, factor


def _move_factors(options: Options, optional: Any) -> dict[str, Floats]:
    """What each move counts as, [M]; a project counts only as money."""
    out = {}
    for name, column in MOVE_COLUMNS.items():
        money = column in ("overnight", "annuity")
        behind = optional[column].to_numpy(float) if money else np.zeros(len(optional))
        out[name] = np.concatenate([options.moves[column].to_numpy(float), behind])
    return out


def _exogenous(frame: Any) -> dict[tuple[str, int], float]:
    """(quantity, year) -> what no source carries."""
    rows = zip(frame["item"], frame["year"], frame["value"], strict=True)
    return {(str(item), int(year)): float(value) for item, year, value in rows}


def _supply(options: Options, years: tuple[int, ...]) -> dict[tuple[str, frozenset[str]], Floats]:
    """(quantity, served) -> supply of existing and committed projects by year."""
    out: dict[tuple[str, frozenset[str]], Floats] = {}
    settled = options.projects[options.projects["status"] != "optional"]
    for row in settled.to_dict("records"):
        standing = (np.array(years) >= row["first_year"]).astype(float)
        for quantity, amount in {row["supplies"]: row["supply"], **row["loads"]}.items():
            key = (quantity, row["served"])
            out[key] = out.get(key, np.zeros(len(years))) + amount * standing
    return out
