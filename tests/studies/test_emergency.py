"""Lists of one place against numbers worked by hand, and against every subset of orders."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from model.studies.emergency.day import POLLUTANTS
from model.studies.emergency.emergency import Listed, list_orders, national_alerts, nests
from model.studies.emergency.pieces import GroupDay, standing
from tests.studies.made_up import Option, alert, ordered, place

# A county of four sources, kg of SO2, NOx, PM10, VOCs: kiln, boiler, trucks, homes (nothing can be ordered).
COUNTY = [[100, 40, 20, 0], [60, 10, 10, 0], [0, 100, 10, 60], [140, 50, 160, 40]]
KILN, BOILER, TRUCKS, HOMES = range(4)
OFFERED = [Option(KILN, 1000), Option(BOILER, 300), Option(TRUCKS, 400, most=0.9, grain="share")]


def reached(listed: Listed) -> dict[str, float]:
    return {answer.label: answer.reached for answer in listed.answers}


def test_by_hand_one_pollutant() -> None:
    """SO2 300 kg: 20 % is what the boiler emits; 30 % takes the kiln, whose 100 kg are then enough alone."""
    day = place(COUNTY, OFFERED)
    orange = list_orders(alert("orange", 0.2, ("SO2",)), day, standing(day))
    assert ordered(day, orange.pieces) == {(BOILER, 1): 1.0}
    assert orange.lost == pytest.approx(300)
    red = list_orders(alert("red", 0.3, ("SO2",)), day, standing(day))
    assert ordered(day, red.pieces) == {(KILN, 0): 1.0}
    assert red.lost == pytest.approx(1000)
    assert reached(red) == {"SO2": pytest.approx(100)}


def test_levels_nest() -> None:
    """After orange has stopped the boiler, red keeps it so and adds the kiln: 1300, not 1000."""
    day = place(COUNTY, OFFERED)
    orange = list_orders(alert("orange", 0.2, ("SO2",)), day, standing(day))
    red = list_orders(alert("red", 0.3, ("SO2",)), day, orange.pieces, orange.lost)
    assert ordered(day, red.pieces) == {(KILN, 0): 1.0, (BOILER, 1): 1.0}
    assert red.lost == pytest.approx(1300)


def test_by_hand_four_pollutants() -> None:
    """20 % of PM10 200 kg is 40: kiln, boiler and trucks reach 39 at most (20 + 10 + 0.9 x 10), so all are
    ordered and PM10 is short by 1 kg; SO2 160 of 60, NOx 140 of 40 and VOCs 54 of 20 are then reached.
    """
    day = place(COUNTY, OFFERED)
    listed = list_orders(alert("orange", 0.2), day, standing(day))
    short = {answer.label: answer.short for answer in listed.answers}
    assert short == {"SO2": 0.0, "NOx": 0.0, "PM10": pytest.approx(1.0, abs=1e-3), "VOCs": 0.0}
    assert ordered(day, listed.pieces) == {
        (KILN, 0): 1.0,
        (BOILER, 1): 1.0,
        (TRUCKS, 2): pytest.approx(0.9, rel=1e-4),
    }
    assert listed.lost == pytest.approx(1000 + 300 + 0.9 * 400, rel=1e-4)


def test_a_share_of_a_fleet() -> None:
    """VOCs alone, 10 % of 100 kg: a sixth of the trucks' 60 kg."""
    day = place(COUNTY, OFFERED)
    listed = list_orders(alert("yellow", 0.1, ("VOCs",)), day, standing(day))
    assert ordered(day, listed.pieces) == {(TRUCKS, 2): pytest.approx(1 / 6)}
    assert listed.lost == pytest.approx(400 / 6)


def test_sulphur_and_nitrogen_trade() -> None:
    """SO2 300, NOx 200 kg; 15 % of each takes the boiler (60, 10 kg) and a fifth of the trucks (20 of the 30
    kg of NOx): 300 + 80. A sum of 30 points comes from the trucks alone, 60 of 200 kg: 240.
    """
    day = place(COUNTY, OFFERED)
    apart = list_orders(alert("yellow", 0.15, ("SO2", "NOx")), day, standing(day))
    assert apart.lost == pytest.approx(300 + 0.2 * 400)
    joint = list_orders(alert("yellow", 0.15, ("SO2", "NOx"), ("SO2", "NOx")), day, standing(day))
    assert joint.lost == pytest.approx(0.6 * 400)
    both = {answer.label: answer for answer in joint.answers}
    assert both["SO2+NOx"].reached == pytest.approx(60 / 200)
    assert both["SO2+NOx"].asked == pytest.approx(0.3)
    assert both["SO2"].asked == both["NOx"].asked == 0.0
    assert (both["SO2"].reached, both["NOx"].reached) == (0.0, pytest.approx(60))


def test_whole_lines_and_levels() -> None:
    """A works of five lines of which three may stop from orange on: 25 % of its 100 kg takes two lines."""
    works = [Option(0, 500, most=0.6, grain="line", lines=5, levels=("orange", "red"))]
    day = place([[100, 0, 0, 0]], works)
    yellow = list_orders(alert("yellow", 0.1, ("SO2",)), day, standing(day))
    assert (yellow.lost, yellow.answers[0].short) == (0.0, pytest.approx(10))
    orange = list_orders(alert("orange", 0.25, ("SO2",)), day, yellow.pieces, yellow.lost)
    assert ordered(day, orange.pieces) == {(0, 0): pytest.approx(0.4)}
    red = list_orders(alert("red", 0.7, ("SO2",)), day, orange.pieces, orange.lost)
    assert ordered(day, red.pieces) == {(0, 0): pytest.approx(0.6)}
    assert red.answers[0].short == pytest.approx(10)
    assert red.lost == pytest.approx(300)


def test_orders_that_exclude_each_other() -> None:
    """Of one works either sinter (SO2) or kiln (NOx) stops: of two halves asked for one is short whole."""
    day = place([[100, 100, 0, 0]], [Option(0, 10, cuts=(1, 0, 0, 0)), Option(0, 20, cuts=(0, 1, 0, 0))])
    listed = list_orders(alert("red", 0.5, ("SO2", "NOx")), day, standing(day))
    assert sorted(answer.short for answer in listed.answers) == pytest.approx([0, 50])
    assert listed.lost in (pytest.approx(10), pytest.approx(20))


def test_a_place_where_nothing_can_be_ordered_is_short_of_all() -> None:
    day = place([[50, 20, 0, 5]], [])
    listed = list_orders(alert("red", 0.3), day, standing(day))
    assert [answer.short for answer in listed.answers] == pytest.approx([15, 6, 0, 1.5])
    assert listed.lost == 0


def _cheapest(day: GroupDay, shares: dict[str, float], level: str) -> float:
    """Least cost over every choice of one order, or none, a source; inf where none cuts enough."""
    rows = day.orders.open
    every = []
    for source in range(len(day.emission)):
        options = [(0.0, np.zeros(len(POLLUTANTS)))]
        for row in rows.get(source, ()):
            if level not in day.orders.levels[row]:
                continue
            lines = day.orders.line[row]
            count = 1 if np.isnan(lines) else round(365 / lines)
            most = day.orders.most[row]
            steps = (
                [most] if count == 1 else [n / count for n in range(1, count + 1) if n / count <= most + 1e-9]
            )
            options += [
                (s * day.orders.cost[row], s * day.emission[source] * day.orders.cuts[row]) for s in steps
            ]
        every.append(options)
    best = np.inf
    for choice in itertools.product(*every):
        cut = sum(part[1] for part in choice)
        if all(
            cut[POLLUTANTS.index(p)] >= share * day.total[POLLUTANTS.index(p)] - 1e-9
            for p, share in shares.items()
        ):
            best = min(best, sum(part[0] for part in choice))
    return float(best)


@pytest.mark.parametrize("seed", range(12))
def test_every_subset(seed: int) -> None:
    """Whole units and lines: no choice of orders that cuts enough is cheaper."""
    rng = np.random.default_rng(seed)
    emission = rng.lognormal(2, 1, (6, 4))
    options = []
    for source in range(6):
        options.append(Option(source, float(rng.integers(1, 100)), cuts=tuple(rng.uniform(0.3, 1, 4))))
        if source % 2:
            lines = int(rng.integers(2, 4))
            options.append(Option(source, float(rng.integers(1, 100)), 1.0, "line", lines))
        else:
            options.append(
                Option(source, float(rng.integers(1, 60)), 0.5, cuts=tuple(rng.uniform(0.3, 1, 4)))
            )
    day = place(emission.tolist(), options)
    for level, share in (("yellow", 0.1), ("orange", 0.3), ("red", 0.6)):
        listed = list_orders(alert(level, share), day, standing(day))
        best = _cheapest(day, dict.fromkeys(POLLUTANTS, share), level)
        assert np.isfinite(best) == (not any(answer.short for answer in listed.answers))
        if np.isfinite(best):
            assert listed.lost == pytest.approx(best, rel=2e-4)


def test_what_is_reached_is_what_the_pieces_cut() -> None:
    rng = np.random.default_rng(5)
    day = place(
        rng.uniform(1, 9, (5, 4)).tolist(),
        [Option(n, float(n + 1), most=0.7, grain="share") for n in range(5)],
    )
    listed = list_orders(alert("orange", 0.2), day, standing(day))
    for index, answer in enumerate(listed.answers):
        cut = sum(p.share * day.cut(p.member, p.row, p.taken)[index] for p in listed.pieces)
        assert answer.reached == pytest.approx(cut)
        assert answer.reached >= 0.2 * answer.day * (1 - 1e-6)


def test_nests_and_national_levels() -> None:
    asked = (alert("red", 0.3, each="county"), alert("yellow", 0.1, each="county"), alert("orange", 0.2))
    assert [[one.id for one in nest] for nest in nests(asked)] == [["YELLOW", "RED"], ["ORANGE"]]
    assert [one.id for one in national_alerts(asked)] == ["NATIONAL-ORANGE"]
    assert [(one.level, one.reduce, one.each) for one in national_alerts(())] == [
        ("yellow", 0.1, "county"),
        ("orange", 0.2, "county"),
        ("red", 0.3, "county"),
    ]
