"""Limits of a problem built from the miniature inputs: terms and bounds against numbers worked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.base.faults import InputError
from model.base.words import STRENGTHS
from model.plan import evaluate, frozen_plan, use
from tests.problem.two_boilers import PIPES, SO2_2017, frozen, move_in_2019, problem_of, row
from tests.small_inputs import REGION


def test_emission_limit_and_chain_link(tmp_path: Path) -> None:
    """400 t at the start, cut 20 % against 2015, 10 % booked: 400 x 0.8 / 0.9."""
    text = "limits: {T: {quantity: SO2, progress: 10 %, at_most: {2020: 80 % of 2015}, strength: about}}\n"
    problem = problem_of(tmp_path, text)
    start = 4 * SO2_2017
    assert problem.limit.tolist() == ["T/2020"]
    assert problem.bound[0] == pytest.approx(start * 0.8 / 0.9, rel=1e-12)
    assert frozen(problem, "T/2020") == pytest.approx(start, rel=1e-12)
    assert problem.notes["links"]["T/2020"] == {
        "base_year": 2015,
        "start_value": pytest.approx(start, rel=1e-12),
        "share": 0.8,
        "progress": 0.1,
        "bound": problem.bound[0],
    }
    assert STRENGTHS[problem.strength[0]] == "about"


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("80 % of 2017", 0.8 * 4 * SO2_2017),
        ("80 % of frozen", 0.8 * 4 * SO2_2017),
        ("80 % of 2019", 0.8 * 4 * SO2_2017),
        ("300 t", 300.0),
        ("0.3 kt", 300.0),
    ],
)
def test_bounds(tmp_path: Path, amount: str, expected: float) -> None:
    problem = problem_of(tmp_path, f"limits: {{T: {{quantity: SO2, at_most: {{2020: {amount}}}}}}}\n")
    assert problem.bound[0] == pytest.approx(expected, rel=1e-12)


def test_below_and_above_are_a_millionth_stricter(tmp_path: Path) -> None:
    text = "limits: {A: {quantity: SO2, below: {2020: 300 t}}, B: {quantity: NOx, above: {2020: 1 t}}}\n"
    problem = problem_of(tmp_path, text)
    assert problem.bound == pytest.approx([300 * (1 - 1e-6), 1 + 1e-6], rel=1e-12)
    assert problem.sense.tolist() == [-1, 1]


def test_unlinked_reference(tmp_path: Path) -> None:
    asked = []

    def reference(year: int, quantity: str, where: object, states: object, group: object) -> float:
        asked.append((year, quantity, where, states, group))
        return 500.0

    text = "limits: {T: {quantity: SO2, link: none, at_most: {2020: 80 % of 2015}}}\n"
    problem = problem_of(tmp_path, text, reference=reference)
    assert problem.bound[0] == pytest.approx(400)
    assert asked == [(2015, "SO2", None, None, None)]


def test_supply_nets_projects_of_the_group(tmp_path: Path) -> None:
    """1 Mm3 stands, 0.5 Mm3 more from 2020, 5 Mm3 can be built from 2019: half of it in its first year."""
    text = "limits: {GAS: {quantity: natural_gas, each: city, year: all, at_most: supply}}\n"
    problem = problem_of(tmp_path, text, files=PIPES)
    cities = ("150100", "150200")
    assert problem.limit.tolist() == [f"GAS/{year}/{city}" for year in (2018, 2019, 2020) for city in cities]
    at = row(problem, "GAS/2020/150100")
    assert problem.exogenous[row(problem, "GAS/2019/150100")] == pytest.approx(-1e6)
    assert problem.exogenous[at] == pytest.approx(-1.5e6)
    assert problem.bound[at] == 0
    assert problem.source[-1] == "project.NEW"
    assert problem.state_label[-2:].tolist() == ["not_built", "built"]
    assert np.isinf(problem.capital[-1]).tolist() == [True, False, False]
    plan = frozen_plan(problem)
    move_in_2019(problem, plan, -1)
    found = evaluate(problem, plan).use
    assert found[row(problem, "GAS/2019/150100")] == pytest.approx(-1e6 - 2.5e6)
    assert found[at] == pytest.approx(-1.5e6 - 5e6)


def test_share_of_states(tmp_path: Path) -> None:
    """Share of boiler heat not from coal: 0 frozen, 0.25 when the small one goes to gas; row N - 0.2 D >=
    0.
    """
    text = (
        "limits: {S: {quantity: heat, where: {class: boiler}, states: {fuel: {not: coal}}, share_of: all, "
        "at_least: {2020: 20 %}}}\n"
    )
    problem = problem_of(tmp_path, text)
    plan = frozen_plan(problem)
    assert evaluate(problem, plan).use[0] == pytest.approx(-0.2 * 400_000)
    assert frozen(problem, "S/2020") == 0
    owner = problem.source_of_state
    gas = next(k for k in np.flatnonzero(owner == 0) if problem.state_label[k].startswith("natural_gas/"))
    plan.state[0] = gas
    found = evaluate(problem, plan)
    assert found.achieved[0] == pytest.approx(0.25)
    assert found.use[0] == pytest.approx(100_000 - 0.2 * 400_000)
    assert problem.notes["shares"]["S/2020"]["bound"] == 0.2


def test_outside_the_account_counts_only_when_named(tmp_path: Path) -> None:
    """t2 is outside: 8 000 000 km x 5 g, NOx of trucks."""
    text = (
        "limits: {IN: {quantity: NOx, where: {class: truck}, year: 2020}, "
        "OUT: {quantity: NOx, where: {class: truck, outside_account: true}, year: 2020}, "
        "KM: {quantity: activity, where: {class: truck}, year: 2020}}\n"
    )
    problem = problem_of(tmp_path, text)
    assert frozen(problem, "IN/2020") == pytest.approx(5e6 * 8e-6 * 1.2 * 1.1, rel=1e-9)
    assert frozen(problem, "OUT/2020") == pytest.approx(8e6 * 5e-6, rel=1e-9)
    assert frozen(problem, "KM/2020") == pytest.approx(13e6)
    assert not problem.enforced.any()
    assert np.isnan(problem.bound).all()
    assert problem.notes["units"] == {"KM": "km/yr"}


def test_exogenous_balance(tmp_path: Path) -> None:
    """What the balance has beyond the sources is added to a limit without `where`."""
    balance = "item,year,growth,value,unit,low,high,citation,rating\n" + "".join(
        f"primary_energy,{year},,1000000,GJ/yr,,,MADE_UP,E\n" for year in (2017, 2020)
    )
    text = (
        "limits: {E: {quantity: primary_energy, year: 2020, at_most: 2 PJ}, "
        "B: {quantity: primary_energy, where: {class: boiler}, year: 2020, at_most: 2 PJ}}\n"
    )
    problem = problem_of(tmp_path, text, files={f"{REGION}/balance.csv": balance})
    assert frozen(problem, "E/2020") == pytest.approx(1e6, rel=1e-9)
    assert frozen(problem, "B/2020") == pytest.approx(400_000 * 1.25, rel=1e-9)
    assert problem.bound.tolist() == [2e6, 2e6]


def test_concentration_without_receptors_is_not_imposed(tmp_path: Path) -> None:
    text = "limits: {P: {quantity: PM2.5_concentration, at: {level: city}, at_most: {2020: 35 ug/m3}}}\n"
    problem = problem_of(tmp_path, text)
    assert not problem.enforced[0]
    assert np.isnan(frozen(problem, "P/2020"))
    assert "receptors.csv has no PM2.5 of 150100" in problem.notes["not_imposed"]["P/2020"]


def test_cells_are_what_no_limit_tells_apart(tmp_path: Path) -> None:
    text = (
        "limits: {A: {quantity: SO2, where: {class: boiler}, at_most: {2020: 1 t}}, "
        "B: {quantity: NOx, at_most: {2020: 1 t}}}\n"
    )
    problem = problem_of(tmp_path, text)
    by_source = dict(zip(problem.source.tolist(), problem.cell.tolist(), strict=True))
    assert by_source["b1"] == by_source["b2"] != by_source["t1"] != by_source["t2"]


def test_use_of_a_quantity(tmp_path: Path) -> None:
    problem = problem_of(tmp_path, "limits: {A: {quantity: coal, year: 2020}}\n")
    assert use(problem, frozen_plan(problem), 0)[:2, 2] == pytest.approx([6250, 18750])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "limits: {T: {quantity: SO2, at_most: {2020: 80 % of 2015}}}\n",
            "has a base year 2015 before the start and no progress booked since",
        ),
        (
            "limits: {T: {quantity: SO2, link: none, at_most: {2020: 80 % of 2015}}}\n",
            "refers to 2015, for which there is no inventory of SO2",
        ),
        (
            "limits: {T: {quantity: SO2, where: {class: boiler, capacity_tph: {above: 500}}, year: 2020}}\n",
            "'class: boiler, capacity_tph: above 500' matches no source",
        ),
    ],
)
def test_faults(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        problem_of(tmp_path, text)
    assert message in str(caught.value)
    assert "limits.T" in str(caught.value)


def test_loosening_or_dropping_an_entry_changes_the_hash(tmp_path: Path) -> None:
    text = (
        "limits: {{T: {{quantity: SO2, at_most: {{2020: {t} t}}}}, "
        "R: {{quantity: units_completed, year: 2020, at_most: {r}}}}}\n"
        "mandates: {{M: {{where: {{class: boiler}}, not_in: {{fuel: coal}}, by: {y}}}}}\n"
    )
    variants = [{"t": 300, "r": 1, "y": 2020}, {"t": 301, "r": 1, "y": 2020}, {"t": 300, "r": 2, "y": 2020}]
    variants.append({"t": 300, "r": 1, "y": 2019})
    hashes = {
        problem_of(tmp_path / str(i), text.format(**values)).sha256() for i, values in enumerate(variants)
    }
    same = problem_of(tmp_path / "again", text.format(**variants[0])).sha256()
    assert len(hashes) == len(variants)
    assert same in hashes


def test_percentages_are_of_the_frozen_case(tmp_path: Path) -> None:
    """Half the heat from 2018 on, by decree: 80 % of frozen and of 2019 stay 320 t, and 200 t are left.

    A decree that is older than the start changes nothing of what a chain link starts from.
    """
    text = (
        "changes: {LESS: {where: {class: boiler}, set: {activity: 50 % of baseline}, by: 2017}, "
        "GAS: {set: {gdp: {2020: 7 CNY}}}}\n"
        "limits: {F: {quantity: SO2, at_most: {2020: 80 % of frozen}}, "
        "Y: {quantity: SO2, at_most: {2020: 80 % of 2019}}, "
        "C: {quantity: SO2, progress: 0 %, at_most: {2020: 80 % of 2015}}, "
        "P: {quantity: stock, where: {class: boiler}, at_most: {2020: 80 % of frozen}}, "
        "G: {quantity: gdp, at_most: {2020: 80 % of frozen}}}\n"
    )
    balance = "item,year,growth,value,unit,low,high,citation,rating\n"
    balance += "gdp,2017,,5,CNY/yr,,,MADE_UP,E\ngdp,2020,,5,CNY/yr,,,MADE_UP,E\n"
    problem = problem_of(tmp_path, text, files={f"{REGION}/balance.csv": balance})
    assert problem.bound == pytest.approx([0.8 * 4 * SO2_2017] * 3 + [0, 4])
    assert frozen(problem, "F/2020") == pytest.approx(0.5 * 4 * SO2_2017)
    assert frozen(problem, "G/2020") == pytest.approx(7)
