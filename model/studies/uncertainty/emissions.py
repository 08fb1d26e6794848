"""Emission of a plan by case, year, city, sector and pollutant: items, draws and their ranges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, vstack

from model.base.words import POLLUTANTS
from model.inventory.ratings import TAILS, Z95
from model.inventory.review.totals import ALL
from model.problem.problem import Floats, Ints
from model.problem.spread import Numbers, Part
from model.problem.world import INDIRECT
from model.results.case import Case
from model.results.emissions import PROJECT_SECTOR, city_codes, city_names, emission_by_source, sort_by_words
from model.studies.uncertainty.given import Given
from model.studies.uncertainty.sums import Items, draw_sums, make_items

COLUMNS = (
    *("case", "year", "city", "sector", "pollutant", "value", "mean", "sd", "low", "median", "high"),
    *("closed_low", "closed_high", "unit"),
)


@dataclass(frozen=True)
class Cells:
    """City and sector of each group, [G], and the group of each source and, behind them, project, [S]."""

    city: list[str]
    sector: list[str]
    of: Ints

    def totals(self) -> tuple[list[tuple[str, str]], csr_array]:
        """The region, its cities, its sectors, the sectors of each city; what each adds, [T, G]."""
        city, sector = np.array(self.city, dtype=object), np.array(self.sector, dtype=object)
        asked = [(ALL, ALL), *((name, ALL) for name in dict.fromkeys(self.city))]
        asked += [(ALL, name) for name in dict.fromkeys(self.sector)]
        asked += zip(self.city, self.sector, strict=True)
        held = [((city == c) | (c == ALL)) & ((sector == s) | (s == ALL)) for c, s in asked]
        return asked, csr_array(np.array(held, dtype=float))


def make_cells(case: Case, cities: pd.DataFrame) -> Cells:
    """Cells of sources and projects, as emissions.csv has them."""
    codes = pd.concat([city_codes(case.sources, cities), city_codes(case.projects, cities)])
    sectors = pd.concat([case.sources["sector"], case.projects["supplies"].map(PROJECT_SECTOR)])
    columns = {"city": codes.map(city_names(cities)), "sector": sectors}
    keys = pd.DataFrame({name: each.to_numpy(dtype=object) for name, each in columns.items()})
    grouped = keys.fillna("").groupby(["city", "sector"])
    names = grouped.size().index
    of = grouped.ngroup().to_numpy().astype(np.int64)
    return Cells(list(names.get_level_values(0)), list(names.get_level_values(1)), of)


@dataclass(frozen=True)
class Emissions:
    """Items of the emission of a pollutant in a case and year, by cell. What projects change is certain."""

    case: str
    year: int
    pollutant: str
    items: Items


def emission_items(
    given: Given, cells: Cells, pollutants: Sequence[str], values: Mapping[str, Floats]
) -> list[Emissions]:
    """Of cases frozen and plan, the start year (alike in both) and every decision year.

    values: of `case_emissions`.
    """
    out = []
    years = [given.scenario.start, *given.plan.problem.years.tolist()]
    for pollutant in pollutants:
        at = POLLUTANTS.index(pollutant)
        own, made = parts_of(given.numbers, pollutant)
        for place, year in enumerate(years):
            for case, value in values.items():
                if case == "frozen" or place == 0:
                    items = _in_first_state(given, cells, own, value[:, place, at], place)
                else:
                    built = value[len(given.plan.sources) :, place, at]
                    items = _in_states(given, cells, (own, made), (pollutant, place), built)
                out.append(Emissions(case, year, pollutant, items))
    return out


def case_emissions(given: Given) -> dict[str, Floats]:
    """Emission of cases frozen and plan by source, [S, 1 + Y, pollutant], t/yr."""
    return {case.name: np.nan_to_num(emission_by_source(case)) for case in (given.frozen, given.plan)}


def parts_of(numbers: Numbers, pollutant: str) -> tuple[Part, Part]:
    """The part of a pollutant that sources emit and the part made elsewhere for them."""
    parts = numbers.factor[pollutant]
    return parts[0], parts[1] if len(parts) > 1 else numbers.factor[INDIRECT + pollutant][0]


def _in_first_state(given: Given, cells: Cells, own: Part, emission: Floats, place: int) -> Items:
    """Items of sources in their first states, of emission [S]; place: of `Numbers.activity`."""
    source = np.flatnonzero(emission)
    state = given.plan.problem.state_start[source]
    rows = (own.elasticity[state], given.numbers.activity[place][source], own.chain[state])
    return make_items(source, emission[source], cells.of[source], len(cells.city), rows)


def _in_states(
    given: Given, cells: Cells, parts: tuple[Part, Part], asked: tuple[str, int], built: Floats
) -> Items:
    """Items of sources in the states of the plan: what they emit, then what is made elsewhere for them.

    asked: pollutant, and place of the year in `Numbers.activity`. built: what projects change, [P], t/yr.
    """
    plan, (pollutant, place) = given.plan, asked
    count, at, year = len(plan.options.states), POLLUTANTS.index(pollutant), place - 1
    owner = plan.owner
    elsewhere = plan.options.indirect[pollutant].to_numpy(float)
    own = np.nan_to_num(plan.options.states[pollutant].to_numpy(float)) - elsewhere
    times = plan.used[:count, year] * plan.activity[owner[:count], year]
    of_projects = np.zeros(2 * len(built))
    of_projects[1::2] = built
    response = plan.response[owner[:count], year, at]
    amounts = (np.append(own * times * response, of_projects), elsewhere * times)
    chosen = [np.flatnonzero(amount) for amount in amounts]
    state = np.concatenate(chosen)
    source, value = owner[state], np.concatenate([a[c] for a, c in zip(amounts, chosen, strict=True)])
    factor = vstack([p.elasticity[c] for p, c in zip(parts, chosen, strict=True)], format="csr")
    chain = np.concatenate([p.chain[c] for p, c in zip(parts, chosen, strict=True)])
    rows = (csr_array(factor), csr_array(given.numbers.activity[place][source]), chain)
    return make_items(source, value, cells.of[source], len(cells.city), rows)


def emission_ranges(
    given: Given, theta: Floats, seed: int, memory: int, cities: pd.DataFrame
) -> Iterator[tuple[pd.DataFrame, dict[tuple[str, int, str], Floats]]]:
    """Rows of emissions.csv, pollutant by pollutant, and the draws of the region's totals by case, year and
    pollutant.

    One pollutant at a time, so that what is held is its cells in every draw; the draws are the same ones.
    """
    cells, values = make_cells(given.plan, cities), case_emissions(given)
    for pollutant in POLLUTANTS:
        asked = emission_items(given, cells, [pollutant], values)
        drawn = draw_sums(given.numbers, [each.items for each in asked], theta, seed, memory)
        frames, totals = [], {}
        for each, draws in zip(asked, drawn, strict=True):
            frames.append(_rows(given, each, draws, cells))
            totals[each.case, each.year, pollutant] = draws.sum(axis=0)
        yield pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True), totals


def _rows(given: Given, each: Emissions, draws: Floats, cells: Cells) -> pd.DataFrame:
    """Ranges of one case, year and pollutant, of every sum of cells that emits."""
    names, member = cells.totals()
    value = member @ each.items.value
    times = np.exp(Z95 * each.items.closed_log_sd(given.numbers, given.known, member))
    rows = []
    for row in np.flatnonzero(value):
        total = draws[member[[row]].indices].sum(axis=0)
        low, median, high = np.quantile(total, [TAILS[0], 0.5, TAILS[1]])
        sd = total.std(ddof=1) if len(total) > 1 else 0.0
        closed = sorted((value[row] / times[row], value[row] * times[row]))
        ranges = (value[row], total.mean(), sd, low, median, high, *closed)
        rows.append((each.case, each.year, *names[row], each.pollutant, *ranges, "t/yr"))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def ordered_rows(frames: Sequence[pd.DataFrame], cities: pd.DataFrame) -> pd.DataFrame:
    """All rows in the order of emissions.csv, sums before their parts."""
    return sort_by_words(pd.concat([f for f in frames if len(f)], ignore_index=True), cities)
