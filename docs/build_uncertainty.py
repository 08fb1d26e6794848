"""Writes docs/uncertainty.md (python -m docs.build_uncertainty [OUTPUTS]) from uncertainty.template.md.

OUTPUTS holds what `run`, and then `uncertainty --draws 10000 --sobol 512`, wrote of the scenario PLAN. The
rows that the page shows are kept in docs/uncertainty/, so that tests need not repeat what takes minutes.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from docs.markdown import filled, markdown

DOCS = Path(__file__).parent
KEPT = DOCS / "uncertainty"
TABLES = ("emissions", "limits", "cost", "sobol")
PLAN = "inner_mongolia_2018_2020"
SHOWN = ("SO2", "NOx", "VOCs", "PM2.5", "NH3")
ABOUT = ("calibration", "draws", "seed", "limits_drawn", "limits_not_drawn")
ALL = "all imposed"
TARGETS = ("IM20-SO2", "IM20-NOX", "IM20-VOC-2020")
MOST_OF = ("IM20-SO2/2020", "IM20-NOX/2020", "IM20-VOC-2020/2020")
MOST = 2
"""Groups whose indices are shown, of the cost and of what lies above these limits."""
KT, MILLION = 1e3, 1e6


@dataclass(frozen=True)
class Page:
    """The tables of the command and its manifest."""

    emissions: pd.DataFrame
    limits: pd.DataFrame
    costs: pd.DataFrame
    indices: pd.DataFrame
    about: dict[str, Any]

    def numbers(self) -> dict[str, float]:
        """Every number that the text names, by name; emission in kt."""
        so2, mobile = self._row("SO2"), self._row("NOx", "mobile")
        excess = self.limits.set_index("limit").loc["IM20-SO2/2020"]
        kept = self.limits.set_index("limit").loc[ALL]
        drawn, left = self.about["limits_drawn"], self.about["limits_not_drawn"]
        return {
            "draws": self.about["draws"],
            "not_drawn": left,
            "rows": drawn + left,
            "together": float(kept["probability"]),
            **{f"so2_{end}": so2[end] / KT for end in ("low", "high")},
            **{f"so2_excess_{end}": excess[end] / KT for end in ("low", "high")},
            **{f"nox_mobile_{end}": mobile[end] / KT for end in ("low", "high")},
            "nox_mobile": mobile["value"] / KT,
        }

    def _row(self, pollutant: str, sector: str = "all") -> pd.Series:
        """Emission of the plan in its last year, t/yr."""
        rows = self.emissions
        rows = rows[(rows["case"] == "plan") & (rows["year"] == rows["year"].max()) & (rows["city"] == "all")]
        return rows[(rows["sector"] == sector) & (rows["pollutant"] == pollutant)].iloc[0]

    def emission(self) -> str:
        """Ranges of the region's totals."""

        def span(row: pd.Series, low: str, high: str) -> str:
            return f"{row[low] / KT:,.0f} to {row[high] / KT:,.0f}"

        rows = [
            (
                pollutant,
                *(f"{row[name] / KT:,.0f}" for name in ("value", "median")),
                *(span(row, *ends) for ends in (("low", "high"), ("closed_low", "closed_high"))),
            )
            for pollutant, row in ((name, self._row(name)) for name in SHOWN)
        ]
        return markdown(("pollutant", "tables", "median of draws", "95 % of draws", "closed form"), rows)

    def targets(self) -> str:
        """The limits on emission, kt."""
        rows = [
            (
                row["limit"],
                *(f"{row[name] / KT:,.0f}" for name in ("bound", "planned")),
                f"{row['probability']:.0%}".replace("%", " %"),
                f"{row['shortfall'] / KT:,.0f}",
            )
            for row in self._drawn(True)
        ]
        return markdown(("target", "bound, kt", "plan, kt", "met in", "missing where missed, kt"), rows)

    def others(self) -> str:
        """Imposed limits on something else that are met at the values of the tables."""
        rows = [(row["limit"], f"{row['probability']:.0%}".replace("%", " %")) for row in self._drawn(False)]
        return markdown(("limit", "met in"), rows)

    def _drawn(self, targets: bool) -> list[dict[Any, Any]]:
        rows = self.limits[self.limits["probability"].notna() & (self.limits["limit"] != ALL)]
        entry = rows["limit"].str.partition("/")[0]
        return rows[entry.isin(TARGETS) == targets].to_dict("records")

    def cost(self) -> str:
        """Present value, and investment by year."""
        rows = []
        for row in self.costs.to_dict("records"):
            if row["item"] in ("total", "investment"):
                what = "present value" if row["item"] == "total" else f"investment of {row['year']:.0f}"
                values = (f"{row[name] / MILLION:,.0f}" for name in ("value", "low", "high"))
                rows.append((what, *values))
        return markdown(("million CNY", "tables", "2.5 %", "97.5 %"), rows)

    def sobol(self) -> str:
        """The greatest groups of each output."""
        rows = []
        for output, found in self.indices.groupby("output", sort=False):
            for row in found.nlargest(MOST, "total_order").to_dict("records"):
                half = f"{row['total_order_interval']:.0%}".replace("%", " %")
                rows.append((str(output), row["group"], f"{row['total_order']:.0%}".replace("%", " %"), half))
        return markdown(("of", "group", "share of the variance", "give or take"), rows)


def keep(outputs: Path) -> None:
    """Copy the rows that the page shows, and the figures, of what the command wrote of PLAN."""
    where = outputs / PLAN / "uncertainty"
    tables = {name: pd.read_csv(where / f"{name}.csv") for name in TABLES}
    rows, limits, cost = (tables[name] for name in ("emissions", "limits", "cost"))
    last = (rows["case"] == "plan") & (rows["year"] == rows["year"].max()) & (rows["city"] == "all")
    tables["emissions"] = rows[last & rows["sector"].isin(["all", "mobile"])]
    missable = (limits["imposed"] == "yes") & (limits["status"] == "met") & (limits["probability"] < 1)
    entry = limits["limit"].str.partition("/")[0]
    tables["limits"] = limits[entry.isin(TARGETS) | missable | (limits["limit"] == ALL)]
    tables["cost"] = cost[cost["item"].isin(["total", "investment"])]
    of = tables["sobol"]["output"]
    tables["sobol"] = tables["sobol"][of.isin(["cost", *(f"above {name}" for name in MOST_OF)])]
    KEPT.mkdir(exist_ok=True)
    for name, frame in tables.items():
        frame.to_csv(KEPT / f"{name}.csv", index=False)
    manifest = json.loads((where / "manifest.json").read_text(encoding="utf-8"))
    (KEPT / "about.json").write_text(
        json.dumps({name: manifest[name] for name in ABOUT}) + "\n", encoding="utf-8"
    )
    for name in ("emission", "attainment", "sobol"):
        drawn = where / "figures" / f"{name}.png"
        shutil.copyfile(drawn, DOCS / "images" / f"uncertainty_{name}.png")


def read_page() -> Page:
    """The rows kept."""
    frames = (pd.read_csv(KEPT / f"{name}.csv") for name in TABLES)
    return Page(*frames, json.loads((KEPT / "about.json").read_text(encoding="utf-8")))


def build(page: Page) -> str:
    """The page as text."""
    template = (DOCS / "uncertainty.template.md").read_text(encoding="utf-8")
    return filled(template, page, page.numbers())


def main(arguments: Sequence[str]) -> None:
    """Write the page; with OUTPUTS its rows and figures too."""
    if arguments:
        keep(Path(arguments[0]))
    (DOCS / "uncertainty.md").write_text(build(read_page()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
