"""The main run, computed again by an outsider who knows the tables, the scenario and plan.csv.

Nothing of model/ is imported in the modules outsider*, which take what stands in files. What is not rebuilt:
PM2.5 concentrations (tests/problem/test_air.py), prices of limits, and the plan of the case current_law,
whose actions are in no file. Start-year emission is held against emissions.csv, by city and sector.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from tests.main.outsider import Answer, share
from tests.main.outsider_limits import compared
from tests.main.outsider_money import beyond_price, costs
from tests.main.outsider_tables import POLLUTANTS, Region, read

if TYPE_CHECKING:
    from tests.conftest import MainRun

pytestmark = pytest.mark.xdist_group("main")
RELATIVE = 1e-6


@dataclass(frozen=True)
class Outsider:
    """What an outsider has in hand: the files that a run wrote, and the two cases rebuilt from them."""

    files: dict[str, pd.DataFrame]
    manifest: dict[str, float]
    region: Region
    plan: Answer
    frozen: Answer


@pytest.fixture(scope="module")
def outsider(main_run: MainRun) -> Outsider:
    scenario = YAML(typ="safe").load(main_run.scenario)
    files = {name: read(main_run.folder / f"{name}.csv") for name in ("emissions", "plan", "costs", "limits")}
    manifest = json.loads((main_run.folder / "manifest.json").read_text(encoding="utf-8"))
    region = Region(main_run.inputs, scenario)
    nothing = files["plan"].iloc[:0]
    return Outsider(
        files, manifest, region, Answer(region, "plan", files["plan"]), Answer(region, "frozen", nothing)
    )


def by_city(tonnes: dict[str, np.ndarray], rows: pd.DataFrame, region: Region) -> pd.Series:
    """Sums by city, sector and pollutant."""
    names = region.own["areas"].set_index("area")["name"]
    wide = pd.DataFrame(tonnes).assign(city=rows["city"].map(names), sector=rows["sector"])
    sums = wide.groupby(["city", "sector"])[POLLUTANTS].sum(min_count=1)
    return sums.rename_axis(columns="pollutant").stack()


def differing(again: pd.Series, said: pd.Series, least: float) -> pd.DataFrame:
    """Rows in which the two differ by more than a millionth; what one of them lacks is nothing."""
    both = pd.DataFrame({"again": again, "said": said}).fillna(0.0)
    return both[~np.isclose(both["again"], both["said"], rtol=RELATIVE, atol=least)]


def said_of(outsider: Outsider, case: str, year: int) -> pd.Series:
    rows = outsider.files["emissions"]
    rows = rows[(rows["case"] == case) & (rows["year"] == year)]
    return rows.set_index(["city", "sector", "pollutant"])["value"]


def test_the_outsider_imports_nothing_of_the_model() -> None:
    for path in Path(__file__).parent.glob("outsider*.py"):
        assert (
            re.search(r"^\s*(from|import)\s+model\b", path.read_text(encoding="utf-8"), re.MULTILINE) is None
        )


def test_emission_of_the_start_year(outsider: Outsider) -> None:
    region = outsider.region
    factors = region.factors(region.sources, region.plant(region.sources))
    tonnes = {p: factors[p].to_numpy() * region.activity[:, 0] for p in POLLUTANTS}
    for case in ("frozen", "current_law", "plan"):
        wrong = differing(
            by_city(tonnes, region.sources, region), said_of(outsider, case, region.start), 1e-9
        )
        assert wrong.empty, f"{case}\n{wrong}"
    assert sum(np.nansum(t) > 0 for t in tonnes.values()) == len(POLLUTANTS)


@pytest.mark.parametrize("case", ["frozen", "plan"])
def test_emission_of_the_decision_years(outsider: Outsider, case: str) -> None:
    answer: Answer = getattr(outsider, case)
    for at, year in enumerate(answer.years):
        tonnes = {p: answer.emission(p)[:, at] for p in POLLUTANTS}
        again = by_city(tonnes, answer.rows, outsider.region)
        more = answer.made[POLLUTANTS].mul(answer.runs()[:, at], axis=0)
        supplied = by_city({p: more[p].to_numpy() for p in POLLUTANTS}, answer.rates, outsider.region)
        again = again.add(supplied, fill_value=0.0)
        wrong = differing(again, said_of(outsider, case, year), 1e-9)
        assert wrong.empty, f"{year}\n{wrong}"


def test_abatement_of_each_action(outsider: Outsider) -> None:
    """Against the state that is left, in the first full year, under the changes of the plan."""
    answer, actions = outsider.plan, outsider.plan.actions
    full = [min(answer.years.index(year) + 1, len(answer.years) - 1) + 1 for year in actions["year"]]
    left = answer.left
    source = answer.owner[left]
    for at, pollutant in enumerate(POLLUTANTS):
        own, made = answer.direct[pollutant].fillna(0.0).to_numpy(), answer.indirect[pollutant].to_numpy()
        change = (own[left] - own[answer.entered]) * answer.response[source, full, at]
        change += made[left] - made[answer.entered]
        tonnes = actions["share"].to_numpy() * change * answer.activity[source, full]
        wrong = differing(pd.Series(tonnes), actions[f"abated_{pollutant}_t"], 1e-6)
        assert wrong.empty, f"{pollutant}\n{actions.loc[wrong.index, 'source'].head()}\n{wrong}"
    projects = outsider.region.own["projects"]["project"]
    made = answer.made.set_index("project." + projects).loc[answer.projects["source"]]
    for pollutant in POLLUTANTS:
        said = answer.projects.set_index("source")[f"abated_{pollutant}_t"]
        wrong = differing(-made[pollutant], said, 1e-6)
        assert wrong.empty, f"{pollutant}\n{wrong}"


def test_costs_by_year_city_sector_and_kind(outsider: Outsider) -> None:
    rows = outsider.files["costs"]
    said = rows[rows["case"] == "plan"].groupby(["year", "city", "sector", "kind"])["value"].sum()
    again = costs(outsider.plan)
    wrong = differing(again, said, 1.0)
    assert wrong.empty, str(wrong)
    # Discounted to the start year: what the manifest calls the cost of the plan.
    yearly = again.drop("investment", level="kind").groupby("year").sum()
    rate, start = share(outsider.region.scenario["discount_rate"]), outsider.region.start
    cost = sum(value * (1 + rate) ** (start - year) for year, value in yearly.items())
    assert cost == pytest.approx(outsider.manifest["cost_cny"], rel=RELATIVE)


def test_money_of_the_actions_adds_up_to_the_costs(outsider: Outsider) -> None:
    """Investment of plan.csv is that of costs.csv; its annuities, from each action's year on, too."""
    plan, rows = outsider.files["plan"], outsider.files["costs"]
    said = rows[rows["case"] == "plan"].groupby(["kind", "year"])["value"].sum()
    invested = plan.groupby("year")["investment_cny"].sum()
    annuities = (plan["annual_cost_cny"] - plan["running_cny_per_yr"]).groupby(plan["year"]).sum().cumsum()
    for year in outsider.plan.years:
        assert invested.get(year, 0.0) == pytest.approx(said["investment"].get(year, 0.0), rel=RELATIVE)
        assert annuities[annuities.index <= year].iloc[-1] == pytest.approx(
            said["annuity"][year], rel=RELATIVE
        )


def test_what_every_project_would_change(outsider: Outsider, main_run: MainRun) -> None:
    """Per year of its supply, beyond what users carry and pay; all on offer, since a plan may build none."""
    case = main_run.cases["plan"]
    names = "project." + outsider.region.own["projects"]["project"]
    made = outsider.plan.made.set_index(names).loc[case.projects.index]
    for name in made:
        wrong = differing(made[name], case.projects[name], 1e-6)
        assert wrong.empty, f"{name}\n{wrong}"
    assert (made.abs().sum() > 0).sum() > len(POLLUTANTS)
    known = case.options.projects["source"].tolist()
    again = pd.DataFrame(beyond_price(outsider.plan), index=names).loc[case.projects.index]
    said = case.options.project_running[[known.index(name) for name in case.projects.index]]
    assert (again != 0).any(axis=None)
    np.testing.assert_allclose(again, said, rtol=RELATIVE, atol=1.0)


@pytest.fixture(scope="module")
def limits(outsider: Outsider) -> pd.DataFrame:
    """limits.csv with the outsider's numbers beside."""
    return compared(outsider.plan, outsider.frozen, outsider.files["limits"])


def test_every_limit(outsider: Outsider, limits: pd.DataFrame) -> None:
    table = limits
    left_out = set(outsider.files["limits"]["limit"]) - set(table["limit"])
    assert {name.split("/")[0] for name in left_out} <= {"IM20-PM25"}
    for again, said in (("again", "achieved"), ("frozen_again", "frozen")):
        # A share of nothing is no number, here and there.
        assert (table[again].isna() == table[said].isna()).all()
        wrong = differing(table.set_index("limit")[again], table.set_index("limit")[said], 1e-6)
        assert wrong.empty, f"{said}\n{wrong}"
    bounded = table[table["supply"].notna()].set_index("limit")
    assert len(bounded) > 300
    wrong = differing(bounded["supply"], bounded["bound"], 1e-6)
    assert wrong.empty, str(wrong)


def test_no_limit_is_missed(outsider: Outsider, limits: pd.DataFrame) -> None:
    """Every enforced bound against the outsider's own sums, not the run's."""
    table = limits[limits["bound"].notna()]
    room = np.where(table["op"].isin(["at_least", "above"]), 1.0, -1.0) * (table["again"] - table["bound"])
    entries = table["limit"].str.split("/").str[0].map(outsider.region.scenario["limits"].get)
    enforced = entries.map(lambda entry: entry.get("enforce", True)).to_numpy(dtype=bool)
    scale = np.maximum(table["bound"].abs(), 1.0)
    missed = table[(room < -2 * RELATIVE * scale) & enforced]
    assert missed.empty, str(missed[["limit", "bound", "again"]])
