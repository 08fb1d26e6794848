"""What must hold of the shipped scenario's run, whatever its numbers are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from model.__main__ import main
from model.results.case import share_in
from tests.main.outsider_tables import read
from tests.small_inputs import write_small_run

if TYPE_CHECKING:
    from pathlib import Path

    from model.problem.problem import Bools
    from tests.conftest import MainRun

in_main = pytest.mark.xdist_group("main")
STATUSES = {"met", "met_by_baseline", "missed", "reported", "not_in_model"}
YEARS_BEFORE_CLOSURE = 3
OVER = 1 + 1e-6


@pytest.fixture(scope="module")
def scenario(main_run: MainRun) -> Mapping[str, Any]:
    return YAML(typ="safe").load(main_run.scenario)


@pytest.fixture(scope="module")
def plan(main_run: MainRun) -> pd.DataFrame:
    """plan.csv with what the tables say of each source at the start; empty for projects and what is new."""
    actions = read(main_run.folder / "plan.csv")
    region = main_run.inputs / "inner_mongolia"
    tables = [table for table in map(read, sorted(region.glob("*.csv"))) if {"source", "class"} <= set(table)]
    start = pd.concat([table[table["year"] == 2017] for table in tables])
    start = start[["source", "class", "fuel", "capacity", "stock", "to_year"]]
    return actions.merge(start, on="source", how="left", validate="many_to_one")


@in_main
def test_ends_well_and_within_its_gap(main_run: MainRun, scenario: Mapping[str, Any]) -> None:
    manifest = json.loads((main_run.folder / "manifest.json").read_text(encoding="utf-8"))
    assert main_run.status == 0
    assert manifest["status"] == "optimal"
    assert 0 <= manifest["gap"] <= 1e-3
    assert manifest["bound_cny"] <= manifest["cost_cny"]
    assert manifest["gap"] <= float(scenario["solver"]["gap"]) * OVER
    assert set(manifest["inputs"]) >= {"inner_mongolia/boilers.csv", "reference/emission_factors.csv"}


@in_main
def test_writes_every_file(main_run: MainRun) -> None:
    written = {path.name for path in main_run.folder.iterdir()}
    tables = {f"{name}.csv" for name in ("emissions", "plan", "costs", "limits", "clauses", "iamc")}
    assert written >= tables | {"manifest.json", "emissions.nc", "report.html", "figures"}


@in_main
def test_127_boilers_are_left_in_built_up_areas(main_run: MainRun) -> None:
    """10 t/h and less, prefecture-level built-up areas, end of 2017 (Xinhua; docs/data.md)."""
    boilers = read(main_run.inputs / "inner_mongolia" / "boilers.csv")
    small = boilers[
        (boilers["class"] == "boiler") & (boilers["fuel"] == "coal") & (boilers["capacity"] <= 10)
    ]
    assert (small["zone"] == "city_built_up").sum() == 127
    sources = main_run.cases["plan"].sources
    chosen = (sources["class"] == "boiler") & (sources["fuel"] == "coal") & (sources["capacity_tph"] <= 10)
    chosen &= (sources["zone"] == "city_built_up") & (sources["vintage"] == "existing")
    assert chosen.sum() == 127


@in_main
def test_nothing_is_retrofitted_and_then_closed(plan: pd.DataFrame) -> None:
    """Neither by the plan itself nor within three years of a closure that is known."""
    ends = plan["to_state"].isin(["closed", "scrapped"])
    before = plan[~ends & (plan["investment_cny"] > 0)]
    both = plan[ends].merge(before, on="source", suffixes=("", "_before"))
    both = both[both["year"] - both["year_before"] < YEARS_BEFORE_CLOSURE]
    # Of a fleet or a district one part may be retrofitted and another end: the state it leaves tells.
    assert both[both["from_state"] == both["to_state_before"]].empty
    assert both[(both["share"] == 1) | (both["share_before"] == 1)].empty
    known = plan[plan["to_year"].notna() & ~ends & (plan["investment_cny"] > 0)]
    assert (known["year"] <= known["to_year"] - YEARS_BEFORE_CLOSURE).all()
    assert ends.any()


@in_main
def test_yearly_build_rates_are_kept(plan: pd.DataFrame, scenario: Mapping[str, Any]) -> None:
    """Each rate of the scenario against plan.csv. Stocks are those of the start; test_outsider has them as
    they grow.
    """
    limits = scenario["limits"]
    seen = set()
    for name, entry in limits.items():
        if not entry["quantity"].endswith("_completed"):
            continue
        seen.add(name)
        where = entry["where"]
        classes = where["class"] if isinstance(where["class"], list) else [where["class"]]
        rows = plan[plan["class"].isin(classes)]
        rows = rows[rows["fuel"] == where["fuel"]] if "fuel" in where else rows
        of = {
            "units_completed": 1.0,
            "capacity_completed": rows["capacity"],
            "stock_completed": rows["stock"],
        }
        keys = ["year", *([entry["each"]] if "each" in entry else [])]
        made = (rows["share"] * of[entry["quantity"]]).groupby([rows[key] for key in keys]).sum()
        growing = 1.1 if entry["quantity"] == "stock_completed" else OVER
        assert (made <= entry["at_most"] * growing).all(), f"{name}\n{made}"
    assert {"BOILER-RATE", "BOILER-RATE-CITY", "POWER-RATE", "HOMES-RATE", "TRUCK-RATE"} <= seen
    boilers = plan[(plan["class"] == "boiler") & (plan["fuel"] == "coal")]
    assert boilers.groupby("year").size().max() > 100


@in_main
def test_every_clause_is_answered_once(main_run: MainRun, scenario: Mapping[str, Any]) -> None:
    clauses = read(main_run.folder / "clauses.csv")
    register = read(main_run.inputs / "plans" / f"{scenario['register']}.csv")
    assert clauses["clause"].is_unique
    assert clauses["clause"].tolist() == register["clause"].tolist()
    assert set(clauses["status"]) <= STATUSES
    assert clauses["evidence"].str.len().gt(0).all()


@in_main
def test_limits_that_the_plan_meets_are_not_met_without_it(main_run: MainRun) -> None:
    """A clause is `met` by the plan only where frozen and current_law break one of its rows."""
    limits, law = main_run.results.limits, main_run.results.other.set_index("limit")["current_law"]
    entries = main_run.results.entries
    met = entries[(entries["treatment"] == "limit") & (entries["status"] == "met")]
    assert len(met) > 0
    for clause, entry in zip(met["clause"], met["entry"], strict=True):
        rows = limits[(limits["limit"].str.split("/").str[0] == entry) & limits["bound"].notna()]
        rows = rows[[clause in answered.split("+") for answered in rows["clause"]]]
        sign = np.where(rows["op"].isin(["at_least", "above"]), 1.0, -1.0)
        for case in (rows["frozen"], law[rows["limit"]].to_numpy()):
            broken = sign * (case - rows["bound"]) < -1e-9 * rows["bound"].abs()
            assert broken.any(), f"{clause}: kept without the plan"


@in_main
def test_mandates_that_the_plan_meets_are_not_met_without_it(main_run: MainRun) -> None:
    """A mandate is `met` by the plan only where some source stands in a forbidden state without it."""
    plan, law = main_run.cases["plan"].problem, main_run.cases["current_law"]
    in_law = share_in(plan, law.problem, law.share)
    start = np.zeros_like(in_law)
    start[plan.state_start[:-1]] = 1.0
    entries = main_run.results.entries
    met = entries[(entries["treatment"] == "mandate") & (entries["status"] == "met")]["entry"]
    assert len(met) > 0
    for entry in met.unique():
        forbidden = _forbidden(plan.forbid_mandate == plan.mandate.tolist().index(entry), main_run)
        assert (in_law * forbidden).sum() > 1e-6, f"{entry}: kept by the law in force"
        assert (start * forbidden).sum() > 1e-6, f"{entry}: kept by what stands"
        assert (main_run.cases["plan"].share * forbidden).sum() < start[:, -1].sum()


@in_main
def test_changes_that_the_plan_makes_are_not_law_already(
    main_run: MainRun, scenario: Mapping[str, Any]
) -> None:
    entries = main_run.results.entries
    made = entries[entries["treatment"] == "change"].set_index("entry")["status"]
    assert set(made.index) == set(scenario["changes"])
    law = {name for name, change in scenario["changes"].items() if change.get("already_law")}
    assert set(made.index[made == "met_by_baseline"]) == law
    assert set(made.index[made == "met"]) == set(made.index) - law


def _forbidden(rows: Bools, main_run: MainRun) -> Bools:
    """The states and years that some rows of the mandates forbid, [K, Y]."""
    plan = main_run.cases["plan"].problem
    out = np.zeros((len(plan.state_label), len(plan.years)), dtype=bool)
    for state, first in zip(plan.forbid_state[rows], plan.forbid_from[rows], strict=True):
        out[state, first:] = True
    return out


def test_two_runs_write_the_same_files(tmp_path: Path) -> None:
    """Byte for byte but for the manifest, which has the seconds."""
    inputs, scenario = write_small_run(tmp_path)
    command = ["run", str(scenario), "--inputs", str(inputs), "--out"]
    written = []
    for name in ("one", "two"):
        assert main([*command, str(tmp_path / name)]) == 0
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        written.append({str(path.relative_to(tmp_path / name)): path.read_bytes() for path in files})
    assert written[0].keys() == written[1].keys()
    assert len(written[0]) > 10
    differing = [name for name, content in written[0].items() if content != written[1][name]]
    assert [name.split("/")[-1] for name in differing] in ([], ["manifest.json"])
    first, second = (json.loads(files["toy/manifest.json"]) for files in written)
    assert {k: v for k, v in first.items() if k != "wall_s"} == {
        k: v for k, v in second.items() if k != "wall_s"
    }
