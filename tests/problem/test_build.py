"""Problems built from the miniature inputs: terms, bounds and mandates against numbers worked by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.base.faults import InputError
from model.base.words import STRENGTHS
from model.plan import Plan, evaluate, frozen_plan, use
from model.problem.bounds import ReferenceUse
from model.problem.build import build_problem
from model.problem.objective import emission_terms, least_emission, with_most
from model.problem.problem import Problem
from tests.baseline.world import coal_boiler
from tests.options.catalogue import CLOSE, FGD, GAS, boiler_world, costs, options_of
from tests.small_inputs import REGION

PROJECT_HEADER = (
    "project,name,name_zh,supplies,serves,area,capacity,unit,peak,peak_unit,status,first_year,capital_cny,"
    "fixed_om_cny,lifetime,payer,citation,rating,constructed\n"
)
PIPES = {
    f"{REGION}/projects.csv": PROJECT_HEADER
    + "OLD,Old,旧,natural_gas,150100,150100,1000000,m3/yr,,,existing,2010,,,,enterprise,MADE_UP,E,no\n"
    + "NEXT,Next,后,natural_gas,150100,150100,500000,m3/yr,,,committed,2020,,,,enterprise,MADE_UP,E,no\n"
    + "NEW,New,新,natural_gas,150100,150100,5000000,m3/yr,,,optional,2019,2000000,100000,20,enterprise,"
    + "MADE_UP,E,no\n"
}
TWO = (coal_boiler("b1"), coal_boiler("b2", area="150121", zone="rural", capacity=40, activity=300_000))
SO2_2017 = 100_000 * 0.0625 * 16 * 0.8 / 1000
"""t of b1: GJ, t coal/GJ, kg/t and per cent sulphur; b2 has three times as much."""


def problem_of(
    folder: Path,
    text: str,
    case: str = "plan",
    files: dict[str, str] | None = None,
    strengths: dict[str, str] | None = None,
    reference: ReferenceUse | None = None,
) -> Problem:
    """The two boilers with desulphurisation, gas and closing, and this scenario."""
    numbers = [*costs("gas"), *costs("fgd"), *costs("close")]
    own = {f"{REGION}/sources.csv": _no_other_sources(), **(files or {})}
    world = boiler_world(folder, [GAS, FGD, CLOSE], numbers, text, TWO, files=own)
    options = options_of(world, case)
    return build_problem(world.scenario, world.baseline(case), options, strengths or {}, reference)


def _no_other_sources() -> str:
    from tests.small_inputs import SOURCES

    header, *rows = SOURCES.splitlines()
    return "\n".join([header, *(row for row in rows if row.startswith(("t1", "t2")))]) + "\n"


def row(problem: Problem, label: str) -> int:
    return problem.limit.tolist().index(label)


def frozen(problem: Problem, label: str) -> float:
    return float(evaluate(problem, frozen_plan(problem)).achieved[row(problem, label)])


def move_in_2019(problem: Problem, plan: Plan, move: int) -> None:
    """Let the source of a move make it in the second year, and nothing else."""
    leave, enter = problem.move_from[move], problem.move_to[move]
    plan.state[problem.source_of_state[leave]] = [leave, enter, enter]


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


def test_each_and_build_rates(tmp_path: Path) -> None:
    text = (
        "limits: {R: {quantity: units_completed, where: {class: boiler}, each: county, year: 2019, "
        "at_most: 1}, "
        "I: {quantity: investment, year: 2019, at_most: 1 million CNY}}\n"
    ).replace("1 million CNY", "1000000 CNY")
    problem = problem_of(tmp_path, text)
    assert problem.limit.tolist() == ["R/2019/150102", "R/2019/150121", "I/2019"]
    plan = frozen_plan(problem)
    move = int(np.flatnonzero(problem.source_of_state[problem.move_from] == 0)[0])
    move_in_2019(problem, plan, move)
    found = evaluate(problem, plan)
    assert found.use[:2].tolist() == [1, 0]
    assert found.use[2] == pytest.approx(10 * 100_000)  # 10 t/h at 100 000 CNY


def test_cost_limit_counts_annuities_of_earlier_moves(tmp_path: Path) -> None:
    problem = problem_of(tmp_path, "limits: {C: {quantity: cost, year: 2020, at_most: 1000000 CNY}}\n")
    plan = frozen_plan(problem)
    move = int(np.flatnonzero(problem.source_of_state[problem.move_from] == 0)[0])
    move_in_2019(problem, plan, move)
    yearly = 1_000_000 * 0.05 / (1 - 1.05**-20)
    found = evaluate(problem, plan)
    assert found.use[0] == pytest.approx(problem.cost[problem.move_to[move], 2] + yearly, rel=1e-9)
    rest = 1.05**-2 + 1.05**-3
    assert problem.capital[move, 1] == pytest.approx(yearly, rel=1e-9)
    assert found.charged[1] * 1.05**-2 == pytest.approx(yearly * rest, rel=1e-9)


def test_charge_of_years_that_stand_for_several(tmp_path: Path) -> None:
    """2020 stands for 2019 too: what is built in 2018 is paid for three years, what in 2020 for two."""
    world = boiler_world(tmp_path, [GAS], [*costs("gas")], rows=TWO)
    world = replace(world, scenario=replace(world.scenario, years=(2018, 2020)))
    problem = build_problem(world.scenario, world.baseline("plan"), options_of(world, "plan"), {})
    rate = np.array([1.05**-1, 2 * 1.05**-3])
    assert problem.discount * problem.weight == pytest.approx(rate, rel=1e-12)
    assert rate * problem.charge == pytest.approx([rate.sum(), rate[1]], rel=1e-12)


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


@pytest.mark.parametrize(
    ("when", "first"),
    [
        ("by: 2019", 1),
        ("by: 2019-06-30", 1),
        ("from: 2019-01-01", 0),
        ("from: 2019-10-01", 1),
        ("by: 2016", 0),
    ],
)
def test_dates_of_mandates(tmp_path: Path, when: str, first: int) -> None:
    where = "where: {class: boiler, capacity_tph: {at_most: 10}}"
    text = f"mandates: {{M: {{{where}, not_in: {{fuel: coal}}, {when}}}}}\n"
    problem = problem_of(tmp_path, text)
    assert set(problem.forbid_from.tolist()) == {first}
    coal = {k for k in range(problem.state_start[1]) if problem.state_label[k].startswith("coal/")}
    assert set(problem.forbid_state.tolist()) == coal
    assert problem.allowed()[problem.state_start[0]].tolist() == [y < first for y in range(3)]


def test_only_in_forbids_the_others(tmp_path: Path) -> None:
    problem = problem_of(
        tmp_path, "mandates: {M: {where: {class: boiler}, only_in: {fuel: natural_gas}, by: 2020}}\n"
    )
    labels = problem.state_label[problem.forbid_state]
    assert not any(label.startswith("natural_gas/") for label in labels)
    assert len(labels) == sum(
        not k.startswith("natural_gas/") for k in problem.state_label[: problem.state_start[2]]
    )


def test_cases(tmp_path: Path) -> None:
    """current_law imposes supply, build rates and mandates in law; frozen nothing; every case has every
    limit.
    """
    text = (
        "limits: {T: {quantity: SO2, at_most: {2020: 300 t}}, "
        "GAS: {quantity: natural_gas, year: 2020, at_most: supply}, "
        "R: {quantity: units_completed, year: 2020, at_most: 1}, "
        "OFF: {quantity: SO2, at_most: {2020: 1 t}, enforce: false}}\n"
        "mandates: {A: {where: {class: boiler}, not_in: {fuel: coal}, by: 2020, already_law: true}, "
        "B: {where: {class: truck}, not_in: {fuel: coal}, by: 2020}}\n"
    )
    found = {}
    for case in ("frozen", "current_law", "plan"):
        problem = problem_of(tmp_path / case, text, case)
        found[case] = (problem.enforced.tolist(), problem.mandate.tolist())
        assert problem.limit.tolist() == ["T/2020", "GAS/2020", "R/2020", "OFF/2020"]
    assert found == {
        "frozen": ([False] * 4, []),
        "current_law": ([False, True, True, False], ["A"]),
        "plan": ([True, True, True, False], ["A", "B"]),
    }


def test_strength_of_clauses(tmp_path: Path) -> None:
    """The strongest of several clauses; binding where nothing says otherwise."""
    text = (
        "limits: {A: {clause: [X, Y], quantity: SO2, at_most: {2020: 1 t}}, "
        "B: {quantity: SO2, at_most: {2020: 1 t}}}\n"
    )
    problem = problem_of(tmp_path, text, strengths={"X": "strive", "Y": "about"})
    assert [STRENGTHS[s] for s in problem.strength] == ["about", "binding"]


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


def test_minimise_pollutants(tmp_path: Path) -> None:
    """The objective is then the weighted emission, moves are free, and the problem's own costs stay money."""
    text = "limits: {A: {quantity: NOx, at_most: {2020: 1 kt}}}\n"
    problem = problem_of(tmp_path, "minimise: {SO2: 2}\n" + text)
    aim = least_emission(problem)
    closed = problem.state_label.tolist().index("closed")
    zero = problem.state_start[problem.source_of_state[closed]]
    assert aim.cost[closed] == pytest.approx(np.zeros(3))
    assert aim.cost[zero] == pytest.approx(np.full(3, 2 * SO2_2017))
    assert (aim.capital[np.isfinite(aim.capital)] == 0).all()
    assert (aim.discount == 1).all()
    assert problem.cost[zero] == pytest.approx(np.zeros(3))
    assert problem.capital[np.isfinite(problem.capital)].max() > 0
    frozen = frozen_plan(problem)
    emitted = use(problem, frozen, problem.quantity.tolist().index("SO2")).sum(axis=0)
    total = 2 * float(problem.weight @ emitted)
    assert evaluate(aim, frozen).cost_cny == pytest.approx(total)
    held = with_most(problem, "SO2", emission_terms(problem), total)
    assert evaluate(held, frozen).use[-1] == pytest.approx(total)


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


def test_a_budget_counts_projects(tmp_path: Path) -> None:
    """A pipeline of 2 000 000 CNY and 100 000 CNY a year, built in 2019, in its city; of boilers it is no
    part.
    """
    text = (
        "limits: {I: {quantity: investment, year: 2019, at_most: 1000000 CNY}, "
        "C: {quantity: cost, year: 2020, at_most: 1000000 CNY}, "
        "B: {quantity: investment, where: {class: boiler}, year: 2019, at_most: 1000000 CNY}, "
        "E: {quantity: investment, each: city, year: 2019, at_most: 1000000 CNY}, "
        "GAS: {quantity: natural_gas, year: 2020, at_most: supply}}\n"
    )
    problem = problem_of(tmp_path, text, files=PIPES)
    plan = frozen_plan(problem)
    move_in_2019(problem, plan, -1)
    found = dict(zip(problem.limit.tolist(), evaluate(problem, plan).use, strict=True))
    assert found["I/2019"] == pytest.approx(2_000_000)
    assert found["C/2020"] == pytest.approx(100_000 + 2_000_000 * 0.05 / (1 - 1.05**-20))
    assert found["B/2019"] == 0
    assert found["E/2019/150100"] == pytest.approx(2_000_000)
