"""The command `cities`: cost curves of the cities of some scenarios side by side, and the cut of each region
shared out over its cities.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from model.base.faults import Fault, InputError
from model.pipeline.clock import Clock
from model.pipeline.curve import GAP, Wish, built, read_wished, scenario_curves, write_frames
from model.pipeline.names import names_of
from model.pipeline.prepare import Prepared
from model.report.studies.across import write_city_figures
from model.report.studies.curves import write_curve_figures
from model.results.write import folder, write_csv
from model.studies.curves.cities import city_frame
from model.studies.curves.frames import Frames, joined
from model.studies.curves.part import sources_of
from model.studies.curves.sharing import Cuts, cut_scenario, cuts_of, path_of_cuts, share_out
from model.studies.curves.sharing_frames import ALLOCATION, PRICED, allocation_frame, price_frame

PERCENTS, PRICES = (10.0, 20.0, 30.0), (2_000.0, 10_000.0, 50_000.0)
"""Common reductions, per cent, and common prices, CNY/t, where the command names none."""

CUT = 20.0
"""Per cent to be shared out where neither the command nor the scenario has a target."""

MONEY = (
    *("total_cost_cny", "average_cny_per_t", "marginal_cny_per_t", "bound_cny", "gross_cny"),
    "proven_cny",
)
"""Present values of curve.csv; those of allocation.csv are ALLOCATED."""

ALLOCATED = ("total_cost_cny", "low_cny", "high_cny")


@dataclass(frozen=True)
class Asked:
    """What is asked of every city. curves: pollutants, year, points, held. target: per cent that each region
    cuts, None for the target of its scenario. percents, tonnes, prices: common reductions and prices.
    """

    curves: Wish
    target: float | None
    percents: tuple[float, ...]
    tonnes: tuple[float, ...]
    prices: tuple[float, ...]


@dataclass(frozen=True)
class _Shared:
    """A region's cut shared out: rows of allocation.csv and prices.csv."""

    allocation: pd.DataFrame
    prices: pd.DataFrame


def cities(
    paths: Sequence[Path],
    settings: Sequence[str],
    inputs: Path,
    out: Path,
    asked: Asked,
    workers: int,
    lang: str,
) -> int:
    """Write OUT/SCENARIO/cities/ of one scenario, or OUT/cities/ of several together. Returns 0.

    Money of all is discounted to the earliest of their start years.

    Raises:
        InputError: something in the input of any of them is wrong, or they can not be laid side by side;
            nothing is written then.
    """
    prepared = read_wished(paths, settings, inputs, asked.curves)
    faults = _faults(prepared, asked)
    if faults:
        raise InputError(faults)
    base = min(each.scenario.start for each in prepared)
    curves, shared = [], []
    for each in prepared:
        worth = (1 + each.scenario.discount_rate) ** float(base - each.scenario.start)
        found = scenario_curves(each, asked.curves, workers)
        curves.append(_scaled_curves(found, worth, each.scenario.name))
        shared.append(_shared_out(each, asked, worth))
    several = len(prepared) > 1
    target = out / "cities" if several else out / prepared[0].scenario.name / "cities"
    frames = joined(_told_apart(curves))
    tables = {
        "cities": city_frame(frames.curve, asked.percents, asked.tonnes, asked.prices),
        "allocation": pd.concat([each.allocation for each in shared], ignore_index=True),
        "prices": pd.concat([each.prices for each in shared], ignore_index=True),
    }
    names = pd.concat([names_of(each.tables) for each in prepared], ignore_index=True)
    with folder(target) as where:
        write_frames(frames, where)
        for name, frame in tables.items():
            write_csv(frame, where / f"{name}.csv")
        figures = where / "figures"
        write_curve_figures(frames.curve, frames.measures, frames.others, names, lang, figures)
        write_city_figures(tables["allocation"], tables["prices"], names, lang, figures)
    sys.stdout.write("\n".join([*_said(prepared, tables), f"written to {target}", ""]))
    return 0


def _faults(prepared: Sequence[Prepared], asked: Asked) -> list[Fault]:
    """What is wrong with what is asked, and where scenarios mean different things by year and by money."""
    faults = [
        Fault(f"--{name}", None, None, f"{value:g}", "is no share of an emission", "write 0 to 100")
        for name, values in (("percent", asked.percents), ("target", (asked.target or 0.0,)))
        for value in values
        if not 0 <= value < 100
    ]
    faults += [
        Fault(f"--{name}", None, None, f"{value:g}", "is below 0", "write a number above 0")
        for name, values in (("tonnes", asked.tonnes), ("price", asked.prices))
        for value in values
        if not value >= 0
    ]
    first = prepared[0].scenario
    for each in prepared[1:]:
        scenario, file = each.scenario, str(each.scenario.path)
        if asked.curves.year is None and scenario.years[-1] != first.years[-1]:
            wrong = f"is the last year; that of {first.name} is {first.years[-1]}"
            faults.append(Fault(file, None, "years", str(scenario.years[-1]), wrong, "write --year"))
        for name in ("price_year", "discount_rate"):
            value, other = getattr(scenario, name), getattr(first, name)
            if value != other:
                wrong = f"is not the {name} of {first.name}, {other:g}, so costs do not compare"
                faults.append(Fault(file, None, name, f"{value:g}", wrong, f"write --set {name}={other:g}"))
    return faults


def _scaled_curves(frames: Frames, worth: float, scenario: str) -> Frames:
    """Curves with their money in present value of another year, and the scenario behind."""
    money = {name: frames.curve[name] * worth for name in MONEY}
    return replace(frames, curve=frames.curve.assign(**money, scenario=scenario))


def _told_apart(parts: Sequence[Frames]) -> list[Frames]:
    """The curves with the scenario behind the name of each city that several of them have."""
    count = Counter(city for part in parts for city in part.curve["city"].unique())
    out = []
    for part in parts:
        scenario = part.curve["scenario"].iloc[0]
        name = {city: f"{city} ({scenario})" for city in part.curve["city"].unique() if count[city] > 1}
        frames = {at: getattr(part, at) for at in ("curve", "measures", "others")}
        out.append(
            Frames(**{at: rows.assign(city=rows["city"].replace(name)) for at, rows in frames.items()})
        )
    return out


def _shared_out(prepared: Prepared, asked: Asked, worth: float) -> _Shared:
    """Each pollutant's cut over the cities of one region; no rows where there is one city alone."""
    scenario, wish = prepared.scenario, asked.curves
    year = scenario.years[-1] if wish.year is None else wish.year
    clock = Clock(scenario.name)
    pollutants = tuple(dict.fromkeys(wish.pollutants))
    eased = cut_scenario(scenario, pollutants, year, wish.held)
    problem = built(replace(prepared, scenario=eased), year).problem
    areas = prepared.tables.frame["areas"]
    names = dict(zip(areas["area"], areas["name"], strict=True))
    solver = replace(scenario.solver, gap=min(GAP, scenario.solver.gap), time_limit=None)
    allocation, prices = [], []
    for pollutant in pollutants:
        cuts = cuts_of(problem, eased, pollutant)
        if len(cuts.cities) < 2:
            continue
        with clock.stage(f"{pollutant} shared out"):
            percent = _percent(asked, cuts, year, scenario.start)
            shares = share_out(cuts, year, percent[year], solver)
            path = path_of_cuts(cuts, percent, solver)
        about = (pollutant, year, percent[year])
        allocation.append(allocation_frame(cuts, shares, _city_of(cuts, year), about, names))
        prices.append(price_frame(cuts, path, percent, pollutant, names))
    rows = pd.concat(allocation or [pd.DataFrame(columns=list(ALLOCATION))], ignore_index=True)
    money = {name: rows[name] * worth for name in ALLOCATED}
    return _Shared(
        rows.assign(**money, scenario=scenario.name),
        pd.concat(prices or [pd.DataFrame(columns=list(PRICED))], ignore_index=True).assign(
            scenario=scenario.name
        ),
    )


def _percent(asked: Asked, cuts: Cuts, year: int, start: int) -> dict[int, float]:
    """Per cent of the frozen emission to be cut, by decision year up to `year`: the target asked for, or CUT,
    grown in a line from the start year; or the targets of the scenario.
    """
    years = [each for each in cuts.problem.years.tolist() if each <= year]
    if asked.target is None and cuts.target.get(year, 0.0) > 0:
        return {each: max(cuts.target[each], 0.0) for each in years if each in cuts.target}
    last = CUT if asked.target is None else asked.target
    return {each: last * (each - start) / (year - start) for each in years}


def _city_of(cuts: Cuts, year: int) -> np.ndarray:
    """City code of each source that a cut counts, else "", [S]."""
    out = np.full(len(cuts.problem.source), "", dtype=object)
    for city in cuts.cities:
        out[sources_of(cuts.problem, cuts.row[year, city])] = city
    return out


def _said(prepared: Sequence[Prepared], tables: dict[str, pd.DataFrame]) -> list[str]:
    """What it comes to, a line a cut."""
    found = tables["cities"]
    lines = [
        f"{', '.join(each.scenario.name for each in prepared)}: {found['city'].nunique()} cities side by side"
    ]
    rows = tables["allocation"]
    total = rows[rows["city"] == ""]
    for (scenario, pollutant), part in total.groupby(["scenario", "pollutant"], sort=False):
        by = {row["rule"]: row for row in part.to_dict("records")}
        cost = {rule: row["total_cost_cny"] / 1e6 for rule, row in by.items()}
        short = ((rows["pollutant"] == pollutant) & (rows["status"] == "short")).sum()
        lines.append(
            f"  {scenario}, {pollutant} {by['equal']['year']}, {by['equal']['asked_pct']:.1f} % everywhere: "
            f"{cost['equal']:,.1f} million CNY; least cost {cost['least']:,.1f}; saved {cost['saved']:,.1f} "
            f"({by['saved']['low_cny'] / 1e6:,.1f} to {by['saved']['high_cny'] / 1e6:,.1f} proven)"
            + (f"; {short} cities out of reach" if short else "")
        )
    return lines
