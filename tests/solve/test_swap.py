"""Exchange of units on random menus against recomputation and against every choice."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import sparse

from model.solve.dive import Menu, State, dive
from model.solve.highs import Settings
from model.solve.swap import Exchange

SETTINGS = Settings(1, 0, np.inf)
ROWS = 3


def drawn(seed: int) -> tuple[Menu, np.ndarray, State]:
    """A menu of 6 units with 3 pathways each, room for about half of what they use, and the first choice."""
    rng = np.random.default_rng(seed)
    units, options = 6, 3
    owner = np.repeat(np.arange(units), options)
    use = rng.uniform(0, 0.05, (len(owner), ROWS)) * (rng.random((len(owner), ROWS)) < 0.8)
    menu = Menu(owner, rng.uniform(0, 0.02, len(owner)), sparse.csr_array(use), rng.integers(0, 2, units))
    chosen = np.arange(units) * options
    room = use.reshape(units, options, ROWS).mean(axis=1).sum(axis=0) * rng.uniform(0.75, 1.1)
    return menu, room, State(chosen.copy(), room - use[chosen].sum(axis=0))


def value(menu: Menu, room: np.ndarray, price: np.ndarray, miss: np.ndarray, chosen: np.ndarray) -> float:
    """Excess, what is left at its price, what is missed at the dearer one."""
    left = room - menu.use.toarray()[chosen].sum(axis=0)
    return float(menu.excess[chosen].sum() + np.where(left > 0, price * left, -miss * left).sum())


@pytest.mark.parametrize("seed", range(25))
def test_exchange(seed: int) -> None:
    """What is left and the value are those of the choice; what is said to meet the rows does, and then
    no single change and no pair of one kind is better; refining never makes worse and never misses.
    """
    menu, room, state = drawn(seed)
    price = np.random.default_rng([seed, 1]).choice([0.0, 1.0], ROWS)
    search = Exchange(menu, price, np.full(ROWS, 1e-9))
    settled = search.settle(state)
    left = room - menu.use.toarray()[state.chosen].sum(axis=0)
    assert state.left == pytest.approx(left, abs=1e-12)
    assert menu.owner[state.chosen].tolist() == list(range(6))
    assert settled == search.meets(state) == bool((left >= -1e-9).all())
    now = value(menu, room, price, search.miss, state.chosen)
    assert search.value(state) == pytest.approx(now, rel=1e-9, abs=1e-12)
    if not settled:
        return
    for first, second in itertools.product(range(len(menu.owner)), repeat=2):
        if menu.kind[menu.owner[first]] == menu.kind[menu.owner[second]]:
            other = state.chosen.copy()
            other[menu.owner[first]], other[menu.owner[second]] = first, second
            if menu.owner[first] != menu.owner[second] or first == second:
                assert value(menu, room, price, search.miss, other) >= now - 1e-5
    refined = search.refine(state, 200, 0.0, seed=1)
    assert search.meets(refined)
    assert search.value(refined) <= value(menu, room, price, search.miss, state.chosen) + 1e-12
    again = search.redive(refined, 3, 0.0, 1, SETTINGS)
    assert search.meets(again)
    assert search.value(again) <= search.value(refined) + 1e-12
    assert again.left == pytest.approx(room - menu.use.toarray()[again.chosen].sum(axis=0), abs=1e-12)


def test_exchange_comes_near_the_best_choice() -> None:
    """Never below the least value of all 729 choices that meet the rows, and often at it."""
    found = tested = 0
    for seed in range(25):
        menu, room, state = drawn(seed)
        price = np.ones(ROWS)
        use = menu.use.toarray()
        choices = np.array(list(itertools.product(*(range(3 * u, 3 * u + 3) for u in range(6)))))
        left = room - use[choices].sum(axis=1)
        fine = (left >= -1e-9).all(axis=1)
        search = Exchange(menu, price, np.full(ROWS, 1e-9))
        if not fine.any():
            assert not search.settle(state)
            continue
        least = float((menu.excess[choices].sum(axis=1) + left.sum(axis=1))[fine].min())
        if search.settle(state):
            got = search.value(search.refine(state, 100, 0.0, seed=1))
            assert got >= least - 1e-9
            found += got <= least + 1e-9
        tested += 1
    assert tested >= 12
    assert found >= tested / 3


@pytest.mark.parametrize("seed", range(10))
def test_dive_keeps_count(seed: int) -> None:
    """A pathway of each unit, those not among them as they were, and what they leave."""
    menu, room, state = drawn(seed)
    among = np.arange(6) % 2 == 0
    for chosen in (None, among):
        found = dive(menu, np.ones(ROWS), state, SETTINGS, chosen)
        assert menu.owner[found.chosen].tolist() == list(range(6))
        assert found.left == pytest.approx(room - menu.use.toarray()[found.chosen].sum(axis=0), abs=1e-12)
        if chosen is not None:
            assert np.array_equal(found.chosen[~chosen], state.chosen[~chosen])
