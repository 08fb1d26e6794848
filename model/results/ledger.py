"""What each state and move of a case costs and who pays, sources and projects in one list, as the problem
has them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.problem.problem import Floats, Ints
from model.results.case import Case
from model.results.emissions import PROJECT_SECTOR, city_codes

RUNNING = ("fixed", "variable", "fuel")
"""Kinds of running cost, as costs.csv names them."""

PRICED = "emission_price"
"""Kind of costs.csv: what prices of pollutants charge. It is in the objective and moves between payers; it is
no running cost, since nothing is used up.
"""

MONEY = ("overnight", "annuity", "book_lost")


@dataclass(frozen=True)
class Ledger:
    """Money of one case. S sources with projects, K states, M moves, Y decision years, as in the problem.

    sources: name, name_zh, city (adcode), county, zone, sector, class, capacity, stock, constructed; [S],
    index = source. moves: payer (joined by + where measures differ), overnight CNY, annuity CNY/yr, book_lost
    CNY; [M]. added: the measures of each move, held: those of each state, tuples, [M] and [K]. running: kind
    (RUNNING and PRICED) -> CNY/yr of a full year in the state, over and above state 0, [K, Y]. outlays:
    source (position), measure, overnight, annuity, payer.
    """

    sources: pd.DataFrame
    moves: pd.DataFrame
    added: NDArray[np.object_]
    held: NDArray[np.object_]
    running: Mapping[str, Floats]
    outlays: pd.DataFrame

    @cached_property
    def running_total(self) -> Floats:
        """CNY/yr of a full year in each state, [K, Y], prices of pollutants left out."""
        return self.running["fixed"] + self.running["variable"] + self.running["fuel"]

    @cached_property
    def _places(self) -> tuple[dict[str, int], pd.Index[int]]:
        """Code of each measure, and source x measures + code of each outlay, in their order."""
        code, names = pd.factorize(self.outlays["measure"])
        key = self.outlays["source"].to_numpy(dtype=np.int64) * len(names) + code
        return {str(name): place for place, name in enumerate(names)}, pd.Index(key)

    def outlays_of(self, source: Ints, packages: NDArray[np.object_]) -> pd.DataFrame:
        """What packages of measures cost, a row a measure: row (position in the arguments) and columns of
        outlays.

        source: [n], packages: tuples of measures, [n].
        """
        row = np.repeat(np.arange(len(packages)), [len(package) for package in packages])
        codes, keys = self._places
        code = np.array([codes[measure] for package in packages for measure in package], dtype=np.int64)
        place = keys.get_indexer(pd.Index(source[row] * len(codes) + code))
        if (place < 0).any():
            raise ValueError("a package has a measure that the options give no outlay of")
        return self.outlays.take(place).assign(row=row).reset_index(drop=True)

    def state_payers(self, states: Ints, owner: Ints) -> NDArray[np.object_]:
        """Who pays for being in each of `states`: the payer of the dearest measure there, "" for state 0."""
        out = np.full(len(states), "", dtype=object)
        rows = self.outlays_of(owner[states], self.held[states])
        best = rows.sort_values("overnight", ascending=False, kind="stable").drop_duplicates("row")
        out[best["row"].to_numpy(dtype=np.int64)] = best["payer"].to_numpy(dtype=object)
        return out


def make_ledger(case: Case, cities: pd.DataFrame) -> Ledger:
    """Lay the options and the optional projects of a case end to end, in the order of its problem."""
    options, projects = case.options, case.projects
    built = projects.reset_index(names="measure").assign(book_lost=0.0)
    columns = ["payer", "overnight", "annuity", "book_lost"]
    bought = built.assign(source=np.arange(len(built)) + len(case.sources))
    packages = [(str(label),) for label in projects.index]
    return Ledger(
        sources=pd.concat([_of_sources(case.sources, cities), _of_projects(projects, cities)]),
        moves=pd.concat([options.moves[columns], built[columns]], ignore_index=True).astype(
            dict.fromkeys(MONEY, float)
        ),
        added=_appended(options.moves["measures"], packages),
        held=_appended(
            options.states["measures"], [package for built in packages for package in ((), built)]
        ),
        running=_running(case),
        outlays=pd.concat([options.outlays, bought[options.outlays.columns]], ignore_index=True).astype(
            {"source": np.int64, "overnight": float, "annuity": float}
        ),
    )


def _appended(packages: pd.Series, more: Sequence[tuple[str, ...]]) -> NDArray[np.object_]:
    """Packages of the options and those of projects behind them, an array of tuples."""
    tail = np.empty(len(more), dtype=object)
    for place, package in enumerate(more):
        tail[place] = package
    return np.concatenate([packages.to_numpy(dtype=object), tail])


def _of_sources(sources: pd.DataFrame, cities: pd.DataFrame) -> pd.DataFrame:
    constructed = sources["constructed"].fillna(False).astype(bool)
    constructed |= sources["controls_basis"].eq("constructed").fillna(False).astype(bool)
    columns = ["name", "name_zh", "city", "county", "zone", "sector", "class", "capacity", "stock"]
    return sources[columns].assign(constructed=constructed, city=city_codes(sources, cities))


def _of_projects(projects: pd.DataFrame, cities: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": projects["name"],
            "name_zh": projects["name_zh"],
            "city": city_codes(projects, cities),
            "county": projects["county"].astype(object).fillna(""),
            "zone": "",
            "sector": projects["supplies"].map(PROJECT_SECTOR),
            "class": "project",
            "capacity": np.nan,
            "stock": np.nan,
            "constructed": False,
        }
    )


def _running(case: Case) -> dict[str, Floats]:
    """CNY/yr of a full year in each state by kind, [K, Y]; a project that is built has its O&M, what its
    supply costs over and above what users pay (`variable`), and its priced pollutants.
    """
    options, years = case.options, len(case.problem.years)
    activity = case.activity[options.states["source"].to_numpy()]
    optional = (options.projects["status"] == "optional").to_numpy(dtype=bool)
    upkeep = np.broadcast_to(case.projects["fixed"].to_numpy(float)[:, None], (optional.sum(), years))
    of_projects = {
        "fixed": upkeep,
        "variable": options.project_running[optional],
        PRICED: options.project_priced[optional],
    }
    fixed = np.broadcast_to(options.fixed[:, None], (len(options.fixed), years))
    of_states = {kind: options.kinds[kind] * activity for kind in ("variable", "fuel", PRICED)}
    out = {}
    for kind, values in {**of_states, "fixed": fixed}.items():
        built = np.zeros((2 * len(case.projects), years))
        built[1::2] = of_projects.get(kind, 0.0)
        out[kind] = np.concatenate([values, built])
    return out
