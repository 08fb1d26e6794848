"""Credit by clause on the miniature region, worked by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest

from model.base.finance import annuity
from model.baseline import grow
from model.baseline.reference import ReferenceUse
from model.options.space import make_space
from model.results.actions import action_frame, with_clauses
from model.results.case import Case
from model.results.credit import Credit, Loss, credit_frame
from model.results.emissions import city_names
from model.results.ledger import make_ledger
from model.results.results import CREDITED
from model.studies.credit.credit import credit, emission
from model.studies.credit.undone import Ground
from tests.baseline.world import World, make_world
from tests.results.toy_run import make_case

COAL_AT_MOST = "class: boiler, fuel: coal, capacity_tph: {at_most: 10}"
SMALL = f"where: {{{COAL_AT_MOST}}}, not_in: {{fuel: coal}}, by: 2020-12-31"
TOWN = f"where: {{{COAL_AT_MOST}, zone: city_built_up}}, not_in: {{fuel: coal}}, by: 2020-12-31"
SO2_OF_B1 = f"quantity: SO2, where: {{{COAL_AT_MOST}}}"

FAR = "limits: {FAR: {quantity: NOx, at_most: {2020: 1 Mt}}}\n"
"""A limit that nothing comes near."""

# b1, 10 t/h, 100 000 GJ of heat: 1.25 GJ of coal at 20 GJ/t and 12.8 kg/t of SO2; of gas 1.1 GJ and 0.3 g/GJ.
COAL_SO2 = 100_000 * 1.25 / 20 * 12.8 / 1000
GAS_SO2 = 100_000 * 1.1 * 0.3 / 1e6
IN_2020 = 0.4
"""Share of 2020 after a boiler's move, made between heating seasons."""


def gas_cost() -> float:
    """b1 on gas from 2020 on, present value of 2017: 3 M CNY over 20 years at 5 %, fuel, power saved."""
    running = 100_000 * (1.1 * 2.5 / 0.036 - 1.25 * 400 / 20 - 0.01 * 500)
    return (IN_2020 * running + 3e6 * annuity(0.05, 20)) / 1.05**3


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("credit"))


def run(world: World, scenario: str, *clauses: str) -> tuple[Case, Credit]:
    """The plan of a scenario, and its credit."""
    if "limits:" not in scenario:
        scenario += FAR
    world = world.under(scenario + "solver: {gap: 1e-7}\n")
    case = make_case(world, "plan")
    grown = grow(world.tables, world.inventory, world.scenario)
    ground = Ground(
        world.tables,
        {},
        ReferenceUse(world.tables, world.scenario),
        grown,
        make_space(world.tables, grown.sources, world.scenario),
    )
    found = credit(world.scenario, case, ground, clauses)
    assert found is not None
    return case, found


def only(found: Credit) -> Loss:
    (loss,) = found.losses
    return loss


def frame(case: Case, found: Credit, mandates: Mapping[str, str], clauses: Sequence[str]) -> pd.DataFrame:
    """credit.csv of a case; mandates: the clauses of each."""
    cities = pd.DataFrame({"adcode": ["150100", "150200"], "city": ["Alpha", "Beta"]})
    actions = action_frame(case, make_ledger(case, cities), city_names(cities), {"150102": "Alpha Centre"})
    named = with_clauses(actions, case, mandates, pd.Series([""] * len(case.problem.limit)))
    return credit_frame(found, pd.DataFrame({"clause": clauses}), "toy", named).set_index("clause")


def test_a_mandate_that_binds(world: World) -> None:
    case, found = run(world, f"mandates: {{SMALL: {{{SMALL}}}}}\n", "SMALL")
    loss = only(found)
    assert (loss.status, loss.year, loss.entries) == ("solved", 2020, ("SMALL",))
    assert loss.emission["SO2"] == pytest.approx(IN_2020 * (COAL_SO2 - GAS_SO2))
    assert loss.saving_cny == pytest.approx(gas_cost(), abs=0.01)
    assert loss.at_most_cny == pytest.approx(gas_cost(), abs=0.01)
    assert case.found.cost_cny == pytest.approx(run(world, FAR)[0].found.cost_cny + gas_cost())


def test_two_that_overlap_have_no_credit_each_and_both_are_named_last(world: World) -> None:
    """Either alone asks for all that is done; by the last action both have the whole of it."""
    case, found = run(world, f"mandates: {{SMALL: {{{SMALL}}}, TOWN: {{{TOWN}}}}}\n", "SMALL", "TOWN")
    table = frame(case, found, {"SMALL": "SMALL", "TOWN": "TOWN"}, ["SMALL", "TOWN"])
    for clause in ("SMALL", "TOWN"):
        row = table.loc[clause]
        assert row["status"] == "no_solve"
        assert row[["loss_SO2_t", "loss_NOx_t", "loss_CO2_t", "saving_cny"]].tolist() == [0, 0, 0, 0]
        assert row["saving_at_most_cny"] == pytest.approx(0, abs=1.0)
        assert row["actions"] == 1
        assert row["action_SO2_t"] == pytest.approx(COAL_SO2 - GAS_SO2)  # of a full year


def test_clauses_that_share_an_entry_are_dropped_together(world: World) -> None:
    mandates = f"mandates: {{SMALL: {{{SMALL}, clause: [A, B]}}, TOWN: {{{TOWN}, clause: B}}}}\n"
    case, found = run(world, mandates, "A", "B")
    loss = only(found)
    assert loss.clauses == {"A", "B"}
    assert loss.emission["SO2"] == pytest.approx(IN_2020 * (COAL_SO2 - GAS_SO2))
    table = frame(case, found, {"SMALL": "A+B", "TOWN": "B"}, ["B", "A"])
    assert table.index.tolist() == ["B", "A"]
    assert table["together"].tolist() == ["A", "B"]
    assert table["entries"].tolist() == ["SMALL+TOWN"] * 2
    assert table["saving_cny"].to_numpy() == pytest.approx([gas_cost()] * 2)


def test_limits_that_bind_or_do_not(world: World) -> None:
    """SO2 of b1 in 2020 at most 64 t, and by another clause 79.9 t, of the 80 t that it emits: shares of the
    unit meet a bound to the tonne, so without the one that binds the other does.
    """
    tight, loose = (f"{{{SO2_OF_B1}, at_most: {{2020: {bound} t}}}}" for bound in (64, 79.9))
    case, found = run(world, f"limits: {{TIGHT: {tight}, LOOSE: {loose}}}\n", "TIGHT", "LOOSE")
    lost = {loss.entries: loss for loss in found.losses}
    assert lost["TIGHT",].emission["SO2"] == pytest.approx(79.9 - 64)
    assert lost["LOOSE",].status == "no_solve"
    assert (lost["LOOSE",].saving_cny, lost["LOOSE",].emission["SO2"]) == (0, 0)
    case, found = run(world, f"limits: {{TIGHT: {tight}}}\n", "TIGHT")
    alone = only(found)
    assert alone.emission["SO2"] == pytest.approx(COAL_SO2 - 64)
    assert alone.saving_cny > lost["TIGHT",].saving_cny > 0
    # Nothing is left to do: at most all that the plan of whole units costs more than doing nothing is saved.
    assert alone.at_most_cny == pytest.approx(case.found.cost_cny - run(world, FAR)[0].found.cost_cny)
    assert alone.saving_cny < alone.at_most_cny


def test_the_year_of_a_limit(world: World) -> None:
    both = f"{SO2_OF_B1}, clause: [SO2-2019, SO2-2020], at_most: {{2019: 70 t, 2020: 70 t}}"
    found = run(world, f"limits: {{YEARS: {{{both}}}}}\n", "SO2-2019", "SO2-2020")[1]
    years = {loss.entries: (loss.year, sorted(loss.clauses)) for loss in found.losses}
    assert years == {("YEARS/2019",): (2019, ["SO2-2019"]), ("YEARS/2020",): (2020, ["SO2-2020"])}


def test_a_missed_limit_is_held_where_the_plan_is(world: World) -> None:
    """No plan brings b1 below what gas emits; the mandate beside it is still worth nothing of its own."""
    limits = f"limits: {{NONE: {{{SO2_OF_B1}, at_most: {{2020: 0 t}}}}}}\nmandates: {{SMALL: {{{SMALL}}}}}\n"
    case, found = run(world, limits, "NONE", "SMALL")
    assert case.plan.status == "infeasible"
    lost = {loss.entries: loss for loss in found.losses}
    assert lost["SMALL",].saving_cny == pytest.approx(0, abs=1.0)
    assert lost["NONE",].emission["SO2"] > 0


def test_changes_are_undone_in_the_baseline(world: World) -> None:
    """Half of the paints green is a quarter less VOCs; a fifth less of t2's km is a fifth of its NOx.

    c1: 500 t x 0.4 x (1 - 0.6 x 0.5 x 0.8). t2: 8 M km x 5 g.
    """
    paint, lorries = 500 * 0.4 * (1 - 0.24) * 0.25, 8e6 * 5e-6 * 0.2
    changes = (
        "changes: {GREEN: {where: {class: architectural_coating}, set: {green_share: 50 %}, by: 2020}, "
        "ROAD: {where: {class: truck, technology: China IV}, set: {activity: 80 % of baseline}, by: 2020}}\n"
    )
    counted = "limits: {ALL: {quantity: VOCs, at_most: {2020: 1 Mt}}}\n"
    for limits, status in ((FAR, "no_solve"), (counted, "solved")):
        lost = {loss.entries: loss for loss in run(world, changes + limits, "GREEN", "ROAD")[1].losses}
        assert lost["GREEN",].emission["VOCs"] == pytest.approx(paint)
        assert lost["GREEN",].saving_cny == pytest.approx(0, abs=1.0)
        assert lost["GREEN",].status == status
        assert lost["ROAD",].emission["NOx"] == pytest.approx(lorries)
        assert lost["ROAD",].emission["SO2"] == 0


def test_without_a_change_others_do_what_it_did(world: World) -> None:
    """A fifth less heat from b1 is the 64 t that it may emit. Without that, controls have to do as much, and
    cost what the limit costs where nothing has changed.
    """
    limits = f"limits: {{TIGHT: {{{SO2_OF_B1}, at_most: {{2020: 64 t}}}}}}\n"
    less = (
        f"changes: {{LESS: {{where: {{{COAL_AT_MOST}}}, set: {{activity: 80 % of baseline}}, by: 2020}}}}\n"
    )
    loss = only(run(world, less + limits, "LESS")[1])
    assert loss.status == "solved"
    assert loss.emission["SO2"] == pytest.approx(0, abs=1e-4)
    assert loss.saving_cny == pytest.approx(-only(run(world, limits, "TIGHT")[1]).saving_cny)
    assert loss.saving_cny < -1e4


def test_a_change_that_no_plan_can_do_without(world: World) -> None:
    """VOCs held at a tonne more than the change leaves: paint has its filter, nothing else is on offer."""
    green = "changes: {GREEN: {where: {class: architectural_coating}, set: {green_share: 50 %}, by: 2020}}\n"
    case, _ = run(world, green + FAR)
    left = float(emission(case, case.plan, 2)[CREDITED.index("VOCs")]) + 1
    limits = f"limits: {{VOC: {{quantity: VOCs, at_most: {{2020: {left} t}}}}}}\n"
    loss = only(run(world, green + limits, "GREEN")[1])
    assert (loss.status, loss.entries) == ("no_plan", ("GREEN",))
    assert np.isnan([loss.saving_cny, loss.at_most_cny, *loss.emission.values()]).all()


def test_why_nothing_is_dropped(world: World) -> None:
    scenario = f"""
limits:
  SEEN: {{{SO2_OF_B1}, year: 2020}}
  JUDGED: {{{SO2_OF_B1}, at_most: {{2020: 1 t}}, enforce: false}}
  PACE: {{quantity: units_completed, where: {{class: boiler}}, year: all, at_most: 2}}
mandates:
  LAW: {{{SMALL}, already_law: true}}
"""
    found = run(world, scenario, "SEEN", "JUDGED", "PACE", "LAW", "NOTHING")[1]
    assert not found.losses
    assert found.reasons == {
        "SEEN": "not_imposed",
        "JUDGED": "not_imposed",
        "PACE": "physical",
        "LAW": "already_law",
        "NOTHING": "not_in_model",
    }
