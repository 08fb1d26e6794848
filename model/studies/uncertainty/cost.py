"""What a plan costs when the rows of measure_data and prices are uncertain.

Every sum of money is a sum of amounts times exp(l . theta), theta the parameters of kind cost: 1 for the row
of the capital, of what is paid a year, of a price; both where a yearly item is a share of the capital; for
the lifetime the elasticity of the annuity. What no row stands behind is certain, and how much is told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from model.inventory.ratings import TAILS
from model.inventory.uncertain.draws import draw_parameters
from model.inventory.uncertain.parameters import Parameters
from model.options.costs import Catalogue
from model.options.options import at_greatest
from model.problem.problem import Floats, Ints
from model.results.ledger import make_ledger
from model.studies.uncertainty.cost_prices import add_prices
from model.studies.uncertainty.cost_sums import ANNUITY, RUNS, Gathered, Sums
from model.studies.uncertainty.given import Given

COLUMNS = ("item", "year", "value", "mean", "sd", "low", "median", "high", "certain", "unit")


@dataclass(frozen=True)
class Costs:
    """Sums of money, O of them: item and year (0 = all) of each, value [O] as the plan has it. amount [O, P]
    and profiles [P, J] (parameters `numbers`, of kind cost alone): what follows them; the rest is certain.
    """

    item: list[str]
    year: list[int]
    value: Floats
    amount: Floats
    profiles: sparse.csr_array
    numbers: Parameters

    def draws(self, theta: Floats) -> Floats:
        """The sums in every draw, [O, D]."""
        certain = self.value - self.amount.sum(axis=1)
        return np.asarray(certain[:, None] + self.amount @ np.exp(self.profiles @ theta))

    def theta(self, size: int, seed: int) -> Floats:
        """Draws of the parameters, [J, size]: a Latin hypercube."""
        return draw_parameters(self.numbers, size, 1000 * seed + 999)


def plan_costs(given: Given, catalogue: Catalogue, cities: pd.DataFrame) -> Costs:
    """The sums of a plan, and what of them follows which parameters.

    cities: as results have them. What measures use of electricity and save of heat, sizes, optional projects
    and prices that the scenario writes are certain. An outlay less the plant that it saves moves as a whole.
    """
    of_cost = given.every.narrowed((given.every.frame["kind"] == "cost").to_numpy(dtype=bool))
    case, sums, found = given.plan, Sums(given.plan), Gathered()
    ledger = make_ledger(case, cities)
    of_data = np.append(of_cost.of_rows(given.tables.frame["measure_data"]), -1)
    move = np.flatnonzero((case.moved > 0).any(axis=1))
    bought = ledger.outlays_of(case.owner[case.problem.move_from[move]], ledger.added[move])
    moved = case.moved[move][bought["row"].to_numpy(dtype=np.int64)]
    overnight, yearly = (bought[name].to_numpy(float) for name in ("overnight", "annuity"))
    invested, charged = sums.of_moves(overnight, yearly, moved)
    _add_capital(given, catalogue, found, of_data, (bought, invested, charged))
    _add_yearly(given, catalogue, sums, found, of_data)
    add_prices(given, sums, found, of_cost.of_rows(given.tables.frame["prices"]))
    amount, profiles = found.laid(len(sums.names[0]), len(of_cost.frame))
    value = invested.sum(axis=0) + charged.sum(axis=0)
    value[1 + 2 * len(sums.years) :] = (case.used * ledger.running_total).sum(axis=0)
    value[0] = case.found.cost_cny
    items, years_of = sums.names
    return Costs(items, years_of, value, amount, profiles, of_cost)


def _add_capital(
    given: Given,
    catalogue: Catalogue,
    found: Gathered,
    of_data: Ints,
    paid: tuple[pd.DataFrame, Floats, Floats],
) -> None:
    """Outlays of measures: rows of `Ledger.outlays_of`, with what is invested and charged for each, [n, O].

    What a project costs follows no row of measure_data.
    """
    bought, invested, charged = paid
    source = bought["source"].to_numpy(dtype=np.int64)
    own = np.flatnonzero(source < len(given.plan.sources))
    about = given.plan.sources.iloc[source[own]]
    capacity, value = about["capacity"].to_numpy(float), given.tables.frame["measure_data"]["value"]
    years = np.append(value.to_numpy(float), 1.0)
    for class_id, measure, rows in by_measure(about["class"], bought["measure"].iloc[own]):
        line = catalogue.line(class_id, measure, "capital", capacity[rows])
        life = catalogue.line(class_id, measure, "lifetime", capacity[rows])
        by = annuity_elasticity(given.scenario.discount_rate, years[life])
        at = own[rows]
        found.add(invested[at], of_data[line])
        found.add(charged[at], of_data[line], of_data[life], by)


def by_measure(classes: pd.Series, measures: pd.Series) -> list[tuple[str, str, Ints]]:
    """Class, measure and the places of each pair of them."""
    keys = pd.DataFrame({"class": classes.to_numpy(dtype=object), "measure": measures.to_numpy(dtype=object)})
    number, found = keys.groupby(["class", "measure"]), keys.drop_duplicates()
    of = number.ngroup().to_numpy()
    first = found.index.to_numpy()
    return [
        (str(class_id), str(measure), np.flatnonzero(of == of[at]))
        for at, class_id, measure in zip(first, found["class"], found["measure"], strict=True)
    ]


def annuity_elasticity(rate: float, years: Floats) -> Floats:
    """d log annuity / d log lifetime: -n ln(1 + r) / ((1 + r)^n - 1), -1 without interest; [n]."""
    if rate == 0:
        return np.full(len(years), -1.0)
    growth = (1 + rate) ** years
    return np.asarray(-years * np.log1p(rate) / (growth - 1))


def _add_yearly(given: Given, catalogue: Catalogue, sums: Sums, found: Gathered, of_data: Ints) -> None:
    """Operation, maintenance and value lost of the measures of every state that the plan uses."""
    case = given.plan
    count = len(case.options.states)
    sources = at_greatest(case.baseline)
    size = {
        name: sources[name].to_numpy(float)
        for name in ("capacity", "units", "stock", "activity", "distance_km")
    }
    state = np.flatnonzero((case.used[:count] > 0).any(axis=1))
    packages = case.options.states["measures"].to_numpy(dtype=object)[state]
    pairs = pd.DataFrame(
        {
            "state": np.repeat(state, [len(package) for package in packages]),
            "measure": [measure for package in packages for measure in package],
        }
    )
    owner = case.owner[pairs["state"].to_numpy(dtype=np.int64)]
    pairs["class"] = case.sources["class"].to_numpy(dtype=object)[owner]
    for class_id, measure, rows in by_measure(pairs["class"], pairs["measure"]):
        source = owner[rows]
        used = case.used[pairs["state"].to_numpy(dtype=np.int64)[rows]]
        own = {name: values[source] for name, values in size.items()}
        capital = of_data[catalogue.line(class_id, measure, "capital", own["capacity"])]
        for item in catalogue.yearly(class_id, measure, own):
            rate = item.fixed[:, None] + item.variable[:, None] * case.activity[source]
            parameter = of_data[item.line]
            found.add(sums.of_yearly(used * rate), parameter, np.where(item.of_capital, capital, -1))


def cost_frame(costs: Costs, draws: Floats) -> pd.DataFrame:
    """Rows of cost.csv from draws [O, D]; certain: what of the value follows no parameter."""
    low, median, high = np.quantile(draws, [TAILS[0], 0.5, TAILS[1]], axis=1)
    sd = draws.std(axis=1, ddof=1) if draws.shape[1] > 1 else np.zeros(len(draws))
    yearly = np.isin(costs.item, (ANNUITY, RUNS))
    frame = pd.DataFrame(
        {
            "item": costs.item,
            "year": pd.array([year or pd.NA for year in costs.year], dtype="Int64"),
            "value": costs.value,
            "mean": draws.mean(axis=1),
            "sd": sd,
            "low": low,
            "median": median,
            "high": high,
            "certain": costs.value - costs.amount.sum(axis=1),
            "unit": np.where(yearly, "CNY/yr", "CNY"),
        }
    )
    return frame[list(COLUMNS)]
