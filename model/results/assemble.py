"""Puts the results of a run together from its three cases."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from model.base.words import POLLUTANTS
from model.inventory.review.quality import quality
from model.results.actions import action_frame, with_clauses
from model.results.air import air_frame
from model.results.alternatives import alternative_frame, cases_of, measure_frame, summary_of
from model.results.assumptions import assumption_frame
from model.results.case import Case
from model.results.clauses import AlertFigure, Cases, clause_frame, entry_frame
from model.results.corridors import corridor_names
from model.results.costs import book_frame, cost_frame, payer_frame
from model.results.credit import Credit, credit_frame
from model.results.emissions import account_frame, city_names, emission_by_source, emission_frame
from model.results.explained import explanation_frame
from model.results.iamc import iamc_frame
from model.results.ledger import PRICED, make_ledger
from model.results.limits import limit_frame, link_frame
from model.results.money import sensitivity_frame, transfer_frame
from model.results.results import COLUMNS, Results, ordered
from model.results.routes import route_frame
from model.results.works import work_frame
from model.scenario.scenario import Scenario, Text
from model.tables.read import Tables

if TYPE_CHECKING:
    from model.solve.alternatives import Alternatives
    from model.solve.explain import Explanation

LIBRARIES = ("highspy", "numpy", "pandas", "pyomo", "xarray")
"""Libraries whose versions the manifest names."""


def assemble(
    tables: Tables,
    register: pd.DataFrame,
    scenario: Scenario,
    frozen: Case,
    law: Case,
    plan: Case,
    wall_s: Mapping[str, float],
    found: Alternatives | None = None,
    explanation: Explanation | None = None,
    alerts: Mapping[str, AlertFigure] | None = None,
    credit: Credit | None = None,
) -> Results:
    """Everything a reader of the run reads.

    register: the rows of the scenario's plan (no rows where it names none). wall_s: seconds by stage. found:
    the plans beside the least-cost one, where some were asked for. explanation: why limits are missed.
    alerts: what the emergency lists come to. credit: what is lost without each clause.
    """
    cities = city_frame(tables, plan)
    ledgers = {case.name: make_ledger(case, cities) for case in (law, plan)}
    counties = _area_names(tables)
    actions = {
        case.name: action_frame(case, ledgers[case.name], city_names(cities), counties)
        for case in (law, plan)
    }
    judged = limit_frame(scenario, frozen, law, plan)
    mandates = {mandate.id: "+".join(mandate.clauses) for mandate in scenario.mandates.values()}
    emitted = [(case, emission_by_source(case)) for case in (frozen, law, plan)]
    emissions = emission_frame(emitted, cities)
    costs = cost_frame([(case, ledgers[case.name]) for case in (law, plan)], cities)
    entries = entry_frame(scenario, register, Cases(tables, scenario, frozen, law, plan, judged), alerts)
    about = manifest(tables, scenario, plan, costs, wall_s)
    more: dict[str, pd.DataFrame] = {}
    if found is not None:
        every, names = cases_of(plan, found), city_names(cities)
        about["alternatives"] = summary_of(every, found, scenario.solver.alternatives, scenario.solver.within)
        if plan.plan.status != "infeasible":  # else nothing was looked for, and nothing is known to be needed
            more["alternatives"] = alternative_frame(every, ledgers["plan"], names, counties)
            more["measures"] = measure_frame(every, ledgers["plan"], names)
    if explanation is not None:
        more["explanation"] = explanation_frame(scenario, plan.problem, explanation, judged)
    chosen = with_clauses(actions["plan"], plan, mandates, judged["clause"])
    if credit is not None:
        more["credit"] = credit_frame(credit, register, scenario.register or "", chosen)
    return Results(
        titles=dict(scenario.title),
        start=scenario.start,
        years=scenario.years,
        price_year=scenario.price_year,
        manifest=about,
        emissions=emissions,
        plan=chosen,
        costs=costs,
        limits=ordered(judged, "limits"),
        clauses=clause_frame(register, entries, scenario.register or ""),
        iamc=iamc_frame(emissions, costs, scenario.name, _region(tables)["name"]),
        transfers=transfer_frame(tables, actions["plan"], ledgers["plan"]),
        quality=ordered(quality(plan.baseline.inventory, tables).shares, "quality"),
        payers=payer_frame([(case, ledgers[case.name], actions[case.name]) for case in (law, plan)]),
        sensitivity=sensitivity_frame(tables, scenario, plan),
        book=book_frame(actions["plan"], ledgers["plan"]),
        links=link_frame(scenario, judged),
        other=ordered(judged, "other"),
        account=account_frame(emitted),
        entries=entries,
        citations=cited(tables),
        names=name_frame(tables, register, plan, chosen, scenario),
        cities=cities,
        air=air_frame(emitted, city_names(cities)),
        assumptions=assumption_frame(tables, scenario, chosen),
        works=work_frame(tables, plan, ledgers["plan"], actions["plan"]),
        routes=route_frame(plan, ledgers["plan"], actions["plan"], emitted[-1][1]),
        judged_only=frozenset(plan.problem.limit[~plan.problem.enforced].tolist()),
        **more,
    )


def manifest(
    tables: Tables, scenario: Scenario, plan: Case, costs: pd.DataFrame, wall_s: Mapping[str, float]
) -> dict[str, Any]:
    """What was run on what, and how good the answer is; cost, bound and gap are money, of the plan's problem.

    Where emission is minimised, `minimised` says how much and how good that is, and bound and gap are of the
    least cost at that emission.
    """
    found = plan.found
    bound = plan.plan.bound_cny
    return {
        "scenario": scenario.name,
        "scenario_sha256": scenario.sha256,
        "region": scenario.region,
        "start": scenario.start,
        "years": list(scenario.years),
        "price_year": scenario.price_year,
        "calibration": scenario.calibration,
        "inputs": dict(tables.files),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
        "seed": scenario.solver.seed,
        "status": plan.plan.status,
        "cost_cny": found.cost_cny,
        "bound_cny": bound if np.isfinite(bound) else None,
        "gap": found.gap(bound) if np.isfinite(bound) else None,
        "method": scenario.solver.method,
        "route": list(plan.plan.route),
        **_further(scenario, plan, costs),
        "sources": len(plan.problem.source),
        "states": len(plan.problem.state_label),
        "states_dropped": plan.options.dropped,
        "problem_sha256": plan.problem.sha256(),
        "wall_s": {stage: round(seconds, 3) for stage, seconds in wall_s.items()},
    }


def _further(scenario: Scenario, plan: Case, costs: pd.DataFrame) -> dict[str, Any]:
    """What prices of pollutants charge within the cost (present value, CNY); what is minimised instead."""
    out: dict[str, Any] = {}
    if scenario.prices.keys() & set(POLLUTANTS):
        rows = costs[(costs["case"] == plan.name) & (costs["kind"] == PRICED)]
        charged = rows.groupby("year")["value"].sum()
        rate = plan.problem.weight * plan.problem.discount
        out["emission_price_cny"] = float(rate @ charged.reindex(plan.problem.years, fill_value=0.0))
    if plan.emitted is not None and not isinstance(scenario.minimise, str):
        out["minimised"] = {"weights": dict(scenario.minimise), "unit": "t", **asdict(plan.emitted)}
    return out


def city_frame(tables: Tables, plan: Case) -> pd.DataFrame:
    """Cities in official order; the region behind them where a source is in no city."""
    areas = tables.frame["areas"]
    rows = areas[areas["level"] == "city"].sort_values(["order", "area"], kind="stable")
    if plan.sources["city"].isna().any():
        rows = pd.concat([rows, areas[areas["level"] == "region"]])
    return ordered(rows.rename(columns={"name": "city", "name_zh": "city_zh", "area": "adcode"}), "cities")


def cited(tables: Tables) -> pd.DataFrame:
    """Works that a table of the run cites (columns of `citations`), in the order of citations.csv."""
    frames = [frame for name, frame in tables.frame.items() if name != "citations"]
    named = {work for frame in frames if "citation" in frame for work in frame["citation"].dropna().unique()}
    works = tables.frame["citations"]
    return ordered(works[works["citation"].isin(named)], "citations")


def name_frame(
    tables: Tables, register: pd.DataFrame, plan: Case, actions: pd.DataFrame, scenario: Scenario
) -> pd.DataFrame:
    """English and Chinese names of the measures, places, clauses and acting sources of a run; also the
    scenario's own texts (kind `reason`: why a clause is not modelled, `note`: what an entry notes).
    """
    areas, measures, projects = tables.frame["areas"], tables.frame["measures"], tables.frame["projects"]
    acting = plan.sources.loc[
        plan.sources.index.intersection(pd.Index(actions["source"].unique()), sort=False)
    ]
    named = acting.dropna(subset=["name"])
    parts = [
        _names("measure", measures["measure"], measures["name"], measures["name_zh"]),
        _names("measure", "project." + projects["project"], projects["name"], projects["name_zh"]),
        _names("city", areas["area"], areas["name"], areas["name_zh"]),
        _names("city", areas["name"], areas["name"], areas["name_zh"]),
        _names("county", areas["name"], areas["name"], areas["name_zh"]),
        _names("source", named.index.to_series(), named["name"], named["name_zh"].fillna(named["name"])),
        _names("source", "project." + projects["project"], projects["name"], projects["name_zh"]),
        *(
            _names(kind, rows[key], rows[english], rows["name_zh"])
            for kind, key, english, rows in _vocabulary(tables)
        ),
    ]
    notes = {entry.id: entry.note for entry in scenario.entries if entry.note is not None}
    parts += [_texts("reason", scenario.not_modelled), _texts("note", notes), corridor_names(plan.sources)]
    if len(register):
        parts.append(_names("clause", register["clause"], register["summary"], register["summary_zh"]))
    return pd.concat(parts, ignore_index=True).drop_duplicates(["kind", "id"], ignore_index=True)


def _texts(kind: str, texts: Mapping[str, Text]) -> pd.DataFrame:
    told = [pd.Series([text.told(lang) for text in texts.values()], dtype=object) for lang in ("en", "zh")]
    return _names(kind, pd.Series(list(texts), dtype=object), *told)


def _vocabulary(tables: Tables) -> list[tuple[str, str, str, pd.DataFrame]]:
    """Kind, column of the id, column of the English name and table of some words of the tables."""
    controls = tables.frame["controls"].dropna(subset=["name_zh"]).drop_duplicates("control")
    return [
        ("class", "class", "name", tables.frame["classes"]),
        ("fuel", "fuel", "fuel", tables.frame["fuels"]),
        ("control", "control", "control", controls),
    ]


def _names(kind: str, ident: pd.Series, english: pd.Series, chinese: pd.Series) -> pd.DataFrame:
    values = {
        "id": ident.to_numpy(dtype=object),
        "en": english.to_numpy(dtype=object),
        "zh": chinese.to_numpy(dtype=object),
    }
    return pd.DataFrame({"kind": kind, **values}, columns=list(COLUMNS["names"]))


def _area_names(tables: Tables) -> dict[str, str]:
    areas = tables.frame["areas"]
    return dict(zip(areas["area"], areas["name"], strict=True))


def _region(tables: Tables) -> pd.Series:
    """The region's row; that of its first city where it has none of its own (a region that is one city)."""
    areas = tables.frame["areas"]
    for level in ("region", "city"):
        rows = areas[areas["level"] == level]
        if len(rows):
            return rows.iloc[0]
    return areas.iloc[0]
