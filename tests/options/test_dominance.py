"""Leaving dominated states out changes no optimum: against every pathway, on small cases drawn at random."""

from __future__ import annotations

from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from model.options.dominance import Counted, counted_quantities, keep, scores
from model.options.options import at_greatest
from model.options.state_columns import StateColumns
from tests.options.catalogue import CLOSE, FGD, GAS, SNCR, boiler_world, costs, options_of

YEARS = 3
Floats = NDArray[np.float64]


class _Case:
    """Two sources that are alike; of three measures some packages are on offer; one quantity is capped."""

    def __init__(self, seed: int, spending: bool) -> None:
        draw = np.random.default_rng(seed)
        packages = [frozenset(c) for size in range(1, 4) for c in combinations(range(3), size)]
        offered = draw.random(len(packages)) < 0.8
        self.sets = [frozenset(), *(p for p, there in zip(packages, offered, strict=True) if there)]
        count = len(self.sets)
        final = draw.integers(0, count)
        self.arcs = np.array(
            [
                [one < other and not (i == final and i > 0) for other in self.sets]
                for i, one in enumerate(self.sets)
            ]
        )
        part = np.array([[m in s for s in self.sets] for m in range(3)], dtype=float).reshape(3, count)
        self.capital = draw.integers(0, 4, (2, 3)) @ part
        self.running = draw.integers(-2, 4, (2, count)).astype(float)
        self.running[:, 0] = 0
        self.use = draw.integers(0, 5, (2, count)).astype(float)
        self.first = (part * draw.integers(0, 3, 3)[:, None]).max(axis=0).astype(np.int64)
        self.bound = draw.integers(0, 9)
        self.budget = draw.integers(2, 8) if spending else np.inf
        self.discount = 0.9 ** np.arange(YEARS)

    def paths(self, source: int, alive: NDArray[np.bool_]) -> list[tuple[float, Floats, Floats]]:
        """Cost, use by year and spending by year of every pathway."""
        states = np.flatnonzero(alive[source])
        out = []
        for path in product(states, repeat=YEARS):
            before = (0, *path[:-1])
            moved = [(i, k) for i, k in zip(before, path, strict=True)]
            if any(i != k and not self.arcs[i, k] for i, k in moved):
                continue
            if any(k != i and y < self.first[k] for y, (i, k) in enumerate(moved)):
                continue
            at = list(path)
            yearly = self.running[source, at] + self.capital[source, at]
            spent = np.array([self.capital[source, k] - self.capital[source, i] for i, k in moved])
            out.append((float(self.discount @ yearly), self.use[source, at], spent))
        return out

    def best(self, alive: NDArray[np.bool_]) -> float:
        """Least cost of both sources under the cap and the budget of each year; inf if there is none."""
        least = np.inf
        for one, other in product(self.paths(0, alive), self.paths(1, alive)):
            within = np.all(one[1] + other[1] <= self.bound) and np.all(one[2] + other[2] <= self.budget)
            if within and one[0] + other[0] < least:
                least = one[0] + other[0]
        return least

    def kept(self, spending: bool) -> NDArray[np.bool_]:
        worse = np.array([self.running, self.capital, self.use])
        return keep(np.ones((2, len(self.sets)), dtype=bool), worse, self.first, self.arcs, spending)


@pytest.mark.parametrize("spending", [False, True])
def test_the_optimum_is_the_same_without_dominated_states(spending: bool) -> None:
    dropped = solved = 0
    for seed in range(60):
        case = _Case(seed, spending)
        alive = case.kept(spending)
        assert alive[:, 0].all()
        every = np.ones_like(alive)
        whole, less = case.best(every), case.best(alive)
        assert less == pytest.approx(whole, abs=1e-9), f"seed {seed}"
        dropped += int((~alive).sum())
        solved += np.isfinite(whole)
    assert dropped > (10 if spending else 60)
    assert 10 < solved < 60, "some cases have a plan and some have none"


def test_a_chain_of_beaten_states_goes_together() -> None:
    # 0 -> A -> AB and 0 -> C; C beats both A and AB. Neither can go alone, since A leads to AB and not to C.
    arcs = np.zeros((4, 4), dtype=bool)
    arcs[0, 1:] = arcs[1, 2] = True
    worse = np.array([[[0.0, 2, 3, 1]], [[5.0, 3, 2, 1]]])
    first = np.zeros(4, dtype=np.int64)
    every = np.ones((1, 4), dtype=bool)
    assert keep(every, worse, first, arcs, False).tolist() == [[True, False, False, True]]
    # When AB uses less than C it stays, and A too: it is the way there in two steps.
    worse[1][0, 2] = 0
    assert keep(every, worse, first, arcs, False).tolist() == [[True, True, True, True]]
    late = np.array([0, 0, 0, 2])
    worse[1][0, 2] = 2
    assert keep(every, worse, late, arcs, False).tolist() == [[True, True, True, True]]


def test_what_is_not_counted_is_no_reason_to_keep_a_state(tmp_path: Path) -> None:
    numbers = costs("fgd") + costs("sncr") + costs("gas")
    given = boiler_world(tmp_path, [FGD, SNCR, GAS], numbers)
    for text, labels, dropped in (
        (
            "limits: {A: {quantity: SO2, at_most: {2020: 1 t}}}\n",
            ["natural_gas/gas_boiler", "coal/grate/fgd_wet+bag"],
            2,
        ),
        ("limits: {A: {quantity: CO2, at_most: {2020: 1 t}}}\n", ["natural_gas/gas_boiler"], 3),
        ("limits: {A: {quantity: SO2, at_most: {2020: 1 t}, enforce: false}}\n", [], 4),
        ("minimise: {CO2: 1}\n", ["natural_gas/gas_boiler"], 3),
        (
            "mandates: {M: {where: {class: boiler}, only_in: {controls: sncr}, by: 2020-12-31}}\n",
            ["coal/grate/sncr+bag"],
            3,
        ),
        ("mandates: {M: {where: {class: truck}, only_in: {controls: sncr}, by: 2020-12-31}}\n", [], 4),
    ):
        options = options_of(given.under(text))
        boiler = options.states[(options.states["source"] == 0) & (options.states["measures"].str.len() > 0)]
        assert boiler["label"].to_list() == labels, text
        assert options.dropped == dropped, text


def test_nothing_is_left_out_where_a_limit_asks_for_moves(tmp_path: Path) -> None:
    text = "limits: {A: {quantity: units_completed, where: {class: boiler}, at_least: {2020: 1}}}\n"
    world = boiler_world(tmp_path, [FGD, SNCR], costs("fgd") + costs("sncr"), text)
    assert options_of(world).dropped == 0


def test_senses_of_limits(tmp_path: Path) -> None:
    text = """limits:
  A: {quantity: SO2, where: {class: boiler}, at_most: {2020: 1 t}}
  B: {quantity: natural_gas, at_least: {2020: 1 m3}}
  C: {quantity: coal_energy, share_of: {quantity: primary_energy}, at_most: {2020: 79 %}}
  D:
    quantity: stock
    where: {class: truck}
    states: {technology: scrapped}
    share_of: all
    at_least: {2020: 10 %}
  E: {quantity: NOx, year: 2020}
"""
    world = boiler_world(tmp_path, [FGD], costs("fgd"), text)
    less, more, coal, scrapped = counted_quantities(world.scenario)
    assert (less.quantity, less.sense, less.whole) == ("SO2", -1, None)
    assert more == Counted("natural_gas", 1)
    assert (coal.quantity, coal.sense, coal.whole, coal.share) == (
        "coal_energy",
        -1,
        Counted("primary_energy", 1),
        0.79,
    )
    assert scrapped.states is not None
    assert scrapped.whole == Counted("stock", -1, scrapped.where, ended=True)


@pytest.mark.parametrize(
    ("quantity", "whole", "bound", "rows"),
    [
        ("SO2", "heat", "0.5 t/GJ", 2),
        ("SO2", "SO2", "50 %", 1),
        ("coal_energy", "heat", "50 %", 1),
        ("standard_vehicles", "stock", "50 %", 2),
    ],
)
def test_a_share_is_one_row_only_of_what_goes_together(
    tmp_path: Path, quantity: str, whole: str, bound: str, rows: int
) -> None:
    """Tonnes of SO2 per GJ of heat: a change may halve the tonnes of one year and turn the row N - p D."""
    text = (
        f"limits: {{A: {{quantity: {quantity}, where: {{class: boiler}}, "
        f"share_of: {{quantity: {whole}, where: {{class: boiler}}}}, at_most: {{2020: {bound}}}}}}}\n"
    )
    scenario = boiler_world(tmp_path, [GAS], costs("gas"), text).scenario
    assert len(counted_quantities(scenario)) == rows


def test_closed_capacity_that_is_asked_for_counts_as_it_was(tmp_path: Path) -> None:
    """The more of it the better: a closed state is worth its 10 t/h, where it is asked for by name."""
    text = "limits: {A: {quantity: capacity, states: {technology: closed}, at_least: {2020: 5 tph}}}\n"
    world = boiler_world(tmp_path, [CLOSE, FGD], [*costs("close"), *costs("fgd")], text)
    states = options_of(world).states
    uses = {"capacity": states["capacity"].to_numpy(float)}
    sources = world.baseline().columns
    (worse,) = scores(world.scenario, sources, states, StateColumns(states, sources), uses)
    assert worse.tolist() == [-10.0 if label == "closed" else 0.0 for label in states["label"]]
    assert "closed" in set(states["label"])


def test_limits_choose_sources_by_what_they_were_at_the_start(tmp_path: Path) -> None:
    """Activity that is to grow beyond a limit's `where` takes no source out of it."""
    text = """
changes: {GROWN: {set: {activity: 200 % of baseline}, by: 2018}}
limits: {A: {quantity: SO2, where: {activity: {below: 150000}}, at_most: {2020: 1 t}}}
"""
    world = boiler_world(tmp_path, [FGD], costs("fgd"), text)
    sources = world.baseline().inventory.sources
    assert sources["activity"].iloc[0] == 100_000
    assert at_greatest(world.baseline())["activity"].iloc[0] == 200_000
    assert "coal/grate/fgd_wet+bag" in set(options_of(world).states["label"])
