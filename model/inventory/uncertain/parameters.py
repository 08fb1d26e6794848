"""The uncertain numbers behind an inventory: one parameter each, shared by every source that uses it.

What a parameter stands for is multiplied by exp(theta), theta ~ N(0, log_sd), independent between
parameters, so that the value of the table is the median (docs/method.md, "Uncertainty of an inventory").

factor     a row of emission_factors; CO2 that has none: the row of fuels
control    a row of controls: what it lets through by removal (at most all of it), its outlet concentration,
           and what it adds
activity   a statistic: class, fuel and citation of sources (model/inventory/uncertain/activity_spread.py)
growth     a row of growth
cost       a row of measure_data or of prices
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from model.base.words import POLLUTANTS
from model.inventory.controls import acting_controls, control_columns
from model.inventory.emissions import Inventory
from model.inventory.factors import BeforeControls, before_controls
from model.inventory.lookup import Floats, Ints
from model.inventory.uncertain.activity_spread import activity_parameters
from model.inventory.uncertain.elasticity import pollutant_entries
from model.inventory.uncertain.parameter_rows import of_tables
from model.tables.read import Tables

COLUMNS = (
    *("parameter", "kind", "file", "row", "class", "fuel", "technology", "min_capacity", "city", "pollutant"),
    *("value", "unit", "log_sd", "rating", "citation"),
)


@dataclass(frozen=True)
class Parameters:
    """The uncertain numbers.

    frame: [J], index 0..J-1, COLUMNS; `parameter` is a unique name, row the line in the file (missing for
    activity), value the median in `unit`, log_sd the standard deviation of the logarithm. of_activity: [S]
    parameter of the activity of each source. unit_log_sd: [S] standard deviation of a source's own
    deviation, exp(N(-sd^2 / 2, sd)), whose mean is 1, so that totals which units share stay; 0 = none.
    """

    frame: pd.DataFrame
    of_activity: Ints
    unit_log_sd: Floats

    @property
    def log_sd(self) -> Floats:
        """Standard deviations of theta, [J]."""
        return self.frame["log_sd"].to_numpy(dtype=np.float64)

    def of_rows(self, table: pd.DataFrame) -> Ints:
        """Parameter of each row of a table that has `file` and `row`, [n]; -1 = not uncertain."""
        known = self.frame[self.frame["row"].notna()]
        lines = pd.MultiIndex.from_arrays([known["file"], known["row"].astype("int64")])
        asked = pd.MultiIndex.from_arrays([table["file"], table["row"].astype("int64")])
        found = lines.get_indexer(asked)
        return np.append(known.index.to_numpy(dtype=np.int64), -1)[found]

    def of_factors(self, states: pd.DataFrame, before: BeforeControls, tables: Tables) -> Ints:
        """Parameter of the factor of each state, [n, pollutant]; -1 = none or not uncertain."""
        of_row = np.append(self.of_rows(tables.frame["emission_factors"]), -1)
        out = of_row[before.used]
        fuels = tables.frame["fuels"]
        fuel = np.append(self.of_rows(fuels), -1)[pd.Index(fuels["fuel"]).get_indexer(states["fuel"])]
        co2 = POLLUTANTS.index("CO2")
        out[:, co2] = np.where(before.used[:, co2] < 0, fuel, out[:, co2])
        return np.asarray(out)

    def narrowed(self, kept: NDArray[np.bool_]) -> Parameters:
        """The parameters kept, [J], renumbered; those of activity must be among them."""
        number = np.where(kept, np.cumsum(kept) - 1, -1)
        frame = self.frame[kept].reset_index(drop=True)
        return Parameters(frame, number[self.of_activity], self.unit_log_sd)


def parameters(inventory: Inventory, tables: Tables) -> Parameters:
    """Every uncertain number of the tables and of the activity of an inventory.

    A number that is 0 is no parameter, as no multiplication moves it. Raises InputError as `closures` does.
    """
    activity, of_activity, unit_log_sd = activity_parameters(inventory, tables)
    of_table = of_tables(tables)
    rows = [part.reindex(columns=list(COLUMNS)) for part in (activity, *of_table)]
    frame = pd.concat(rows, ignore_index=True)
    frame = frame.astype({"row": "Int64", "min_capacity": "float64"})
    texts = ("file", "class", "fuel", "technology", "city", "pollutant", "unit", "rating", "citation")
    return Parameters(frame.astype(dict.fromkeys(texts, "str")), of_activity, unit_log_sd)


def elasticities(states: pd.DataFrame, tables: Tables, parameters: Parameters) -> csr_array:
    """d log factor / d theta at theta = 0, [n x 10, J]; row = state x 10 + pollutant.

    states: as `state_effects` takes them. Parameters of factors and controls; the other columns are empty,
    as are rows of factors that are 0 or not known. 1 for a product; where an outlet concentration binds, 0
    upstream of it and 1 for the concentration, and between them as capture and running share mix both; of
    what is added the share that it is of the factor. Raises as `state_effects` does.
    """
    before = before_controls(states, tables)
    of_factor = parameters.of_factors(states, before, tables)
    of_control = parameters.of_rows(tables.frame["controls"])
    has = control_columns(states["controls"])
    acting = acting_controls(states, has, before.groups, before.fuel, tables)
    parts = []
    for i, controls in enumerate(acting):
        inlet = before.inlet[:, i]
        at, j, value = pollutant_entries(inlet, of_factor[:, i], controls, of_control, before.fuel, tables)
        parts.append((at * len(POLLUTANTS) + i, j, value))
    rows, columns, values = (np.concatenate(cells) for cells in zip(*parts, strict=True))
    shape = (len(states) * len(POLLUTANTS), len(parameters.frame))
    return csr_array((values, (rows, columns)), shape=shape)
