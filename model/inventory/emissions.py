"""The inventory: activity x factor of every source (design: section 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from model.base.display import html_table
from model.base.words import POLLUTANTS
from model.inventory.calibrate import check_calibration
from model.inventory.factors import state_effects
from model.inventory.sources import resolve_sources
from model.tables.read import Tables

SHOWN = ("SO2", "NOx", "VOCs", "PM2.5", "NH3", "CO2")
"""Pollutants that a notebook shows."""


@dataclass(frozen=True)
class Inventory:
    """Sources with their activity and calibrated factors.

    sources: [S] rows, index = source, as `resolve_sources` makes them, with meets, meets_start and low_nox.
    activity: [source, year] in the activity unit of the class, 0 outside from_year and to_year. factor:
    [source, year, pollutant] t per unit of activity, NaN = no factor known.
    """

    sources: pd.DataFrame
    activity: xr.DataArray
    factor: xr.DataArray

    def emission(self) -> xr.DataArray:
        """t/yr [source, year, pollutant]; NaN where there is no factor, so sum with skipna and
        min_count=1."""
        with xr.set_options(arithmetic_join="exact"):  # type: ignore[no-untyped-call]
            return (self.activity * self.factor).rename("emission").assign_attrs(units="t/yr")

    def _repr_html_(self) -> str:
        """Emission of the first year by sector, for notebooks."""
        first = self.emission().isel(year=0)
        frame = pd.DataFrame(first.sel(pollutant=list(SHOWN)).to_numpy(), columns=list(SHOWN))
        groups = frame.groupby(self.sources["sector"].to_numpy(dtype=object))
        sums = groups.sum(min_count=1).assign(sources=groups.size())
        rows = [(str(n), int(r["sources"]), *(float(r[p]) for p in SHOWN)) for n, r in sums.iterrows()]
        whole = ("all", len(frame), *(float(frame[p].sum(min_count=1)) for p in SHOWN))
        caption = f"Inventory of {int(first['year'])}, t/yr (empty: no factor known)"
        return html_table(caption, ("sector", "sources", *SHOWN), [*rows, whole])


def build_inventory(
    tables: Tables, scenario_start: int, calibration: str | None, areas: Mapping[str, Sequence[str]]
) -> Inventory:
    """The inventory of the start year.

    calibration: name of a calibration of the region, None = factors as they are. areas: named areas of the
    scenario. Raises InputError as `resolve_sources` does, and for an unknown calibration.
    """
    if calibration is not None:
        check_calibration(calibration, tables)
    sources = resolve_sources(tables, scenario_start, calibration, areas)
    effects = state_effects(sources, tables)
    sources = sources.assign(meets=effects["meets"], meets_start=effects["meets"], low_nox=effects["low_nox"])
    labels = sources.index.to_numpy(dtype=object)
    year = [scenario_start]
    activity = xr.DataArray(
        sources["activity"].to_numpy(dtype=np.float64)[:, None] * in_service(sources, year),
        coords={"source": labels, "year": year},
        dims=("source", "year"),
        name="activity",
    )
    factor = xr.DataArray(
        effects[list(POLLUTANTS)].to_numpy(dtype=np.float64)[:, None, :],
        coords={"source": labels, "year": year, "pollutant": list(POLLUTANTS)},
        dims=("source", "year", "pollutant"),
        name="factor",
    )
    return Inventory(sources, activity, factor)


def in_service(sources: pd.DataFrame, years: Sequence[int]) -> NDArray[np.bool_]:
    """Whether each source stands in each year, from_year to to_year, [S, Y]."""
    first = sources["from_year"].to_numpy(dtype=float, na_value=np.nan)[:, None]
    last = sources["to_year"].to_numpy(dtype=float, na_value=np.nan)[:, None]
    year = np.asarray(years)[None, :]
    # A comparison with nan is False: no year given means no bound.
    return np.asarray(~(year < first) & ~(year > last))
