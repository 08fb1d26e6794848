"""What each state and move of a case costs and who pays, sources and projects in one list, as the problem
has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.problem.problem import Floats, Ints
from model.results.case import Case
from model.results.emissions import city_codes

RUNNING = ("fixed", "variable", "fuel")
"""Kinds of running cost, as costs.csv names them."""

MONEY = ("overnight", "annuity", "book_lost")

PROJECT_SECTOR = {"network_heat": "fossil_fuel", "natural_gas": "fossil_fuel", "rail_freight": "mobile"}
"""Sector that an enabling project is booked to, by what it supplies."""


@dataclass(frozen=True)
class Ledger:
    """Money of one case. S sources with projects, K states, M moves, Y decision years, as in the problem.

    sources: name, name_zh, city (adcode), county, zone, sector, class, capacity, stock, constructed; [S],
    index = source. moves: measures (joined by +), payer (joined by + where measures differ), overnight CNY,
    annuity CNY/yr, book_lost CNY; [M]. running: kind -> CNY/yr of a full year in the state, over and above
    state 0, [K, Y]. measures: the measures of each state, [K]. outlays: source (position), measure,
    overnight, annuity, payer.
    """

    sources: pd.DataFrame
    moves: pd.DataFrame
    running: Mapping[str, Floats]
    measures: NDArray[np.object_]
    outlays: pd.DataFrame

    @property
    def running_total(self) -> Floats:
        """CNY/yr of a full year in each state, [K, Y]."""
        return self.running["fixed"] + self.running["variable"] + self.running["fuel"]

    def outlays_of(self, source: Ints, measures: NDArray[np.object_]) -> pd.DataFrame:
        """What packages of measures cost, a row a measure: row (position in the arguments) and columns of
        outlays.
        """
        rows = pd.DataFrame({"source": source, "measure": [str(m).split("+") for m in measures]})
        rows = rows.rename_axis("row").reset_index().explode("measure")
        return rows[rows["measure"] != ""].merge(
            self.outlays, on=["source", "measure"], how="left", validate="many_to_one"
        )

    def state_payers(self, states: Ints, owner: Ints) -> NDArray[np.object_]:
        """Who pays for being in each of `states`: the payer of the dearest measure there, "" for state 0."""
        out = np.full(len(states), "", dtype=object)
        rows = self.outlays_of(owner[states], self.measures[states])
        best = rows.sort_values("overnight", ascending=False, kind="stable").drop_duplicates("row")
        out[best["row"].to_numpy(dtype=np.int64)] = best["payer"].to_numpy(dtype=object)
        return out


def make_ledger(case: Case, cities: pd.DataFrame) -> Ledger:
    """Lay the options and the optional projects of a case end to end, in the order of its problem."""
    options = case.options
    projects = options.projects.set_index("source")
    projects = projects.reindex(case.problem.source[len(case.sources) :].astype(object))
    moves = options.moves.assign(measures=["+".join(added) for added in options.moves["measures"]])
    built = projects.reset_index(names="measures").assign(book_lost=0.0)
    columns = ["measures", "payer", "overnight", "annuity", "book_lost"]
    bought = built.assign(source=np.arange(len(built)) + len(case.sources)).rename(
        columns={"measures": "measure"}
    )
    state_measures = ["+".join(package) for package in options.states["measures"]]
    for label in projects.index:
        state_measures += ["", str(label)]
    return Ledger(
        sources=pd.concat([_of_sources(case.sources, cities), _of_projects(projects)]),
        moves=pd.concat([moves[columns], built[columns]], ignore_index=True).astype(
            dict.fromkeys(MONEY, float)
        ),
        running=_running(case, projects["fixed"].to_numpy(float)),
        measures=np.array(state_measures, dtype=object),
        outlays=pd.concat([options.outlays, bought[options.outlays.columns]], ignore_index=True).astype(
            {"source": np.int64, "overnight": float, "annuity": float}
        ),
    )


def _of_sources(sources: pd.DataFrame, cities: pd.DataFrame) -> pd.DataFrame:
    constructed = sources["constructed"].fillna(False).astype(bool)
    constructed |= sources["controls_basis"].eq("constructed").fillna(False).astype(bool)
    columns = ["name", "name_zh", "city", "county", "zone", "sector", "class", "capacity", "stock"]
    return sources[columns].assign(constructed=constructed, city=city_codes(sources, cities))


def _of_projects(projects: pd.DataFrame) -> pd.DataFrame:
    area = projects["area"].astype(object)
    return pd.DataFrame(
        {
            "name": projects["name"],
            "name_zh": projects["name_zh"],
            "city": area.str[:4] + "00",
            "county": area.where(~area.str.endswith("00"), ""),
            "zone": "",
            "sector": projects["supplies"].map(PROJECT_SECTOR),
            "class": "project",
            "capacity": np.nan,
            "stock": np.nan,
            "constructed": False,
        }
    )


def _running(case: Case, project_fixed: Floats) -> dict[str, Floats]:
    """CNY/yr of a full year in each state by kind, [K, Y]; a project that is built has its O&M."""
    options, years = case.options, len(case.problem.years)
    activity = case.activity[options.states["source"].to_numpy()]
    nothing = np.zeros((2 * len(project_fixed), years))
    upkeep = nothing.copy()
    upkeep[1::2] = project_fixed[:, None]
    fixed = np.broadcast_to(options.fixed[:, None], (len(options.fixed), years))
    return {
        **{kind: np.concatenate([options.kinds[kind] * activity, nothing]) for kind in ("variable", "fuel")},
        "fixed": np.concatenate([fixed, upkeep]),
    }
