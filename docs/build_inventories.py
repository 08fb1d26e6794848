"""Writes docs/inventories.md (python -m docs.build_inventories) from inventories.template.md and inputs/.

The shipped inventories as the tables give them, without calibration, which does not touch CO2.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import pandas as pd

from docs.markdown import filled, markdown
from model.base.words import POLLUTANTS
from model.inventory.emissions import Inventory, build_inventory
from model.inventory.review.against import against
from model.inventory.review.outliers import source_outliers
from model.inventory.review.overlapping import log_sds_of_groups
from model.inventory.uncertain.parameters import parameters
from model.pipeline.names import names_of
from model.report.studies.against import write_against_figures
from model.tables.read import Tables, read_tables

DOCS = Path(__file__).parent
INPUTS = DOCS.parent / "inputs"
REGION, YEARS = "inner_mongolia", (2017, 2020)
OTHERS = (("honghe", 2017), ("erenhot", 2018))
CEADS_NCV = 20.9
"""GJ per tonne as which CEADs takes every raw coal."""
MT = 1e6


@dataclass(frozen=True)
class World:
    """A region of one year beside other inventories."""

    tables: Tables
    inventory: Inventory

    @cached_property
    def compared(self) -> pd.DataFrame:
        """The rows that are compared, with the English name of the place."""
        numbers = parameters(self.inventory, self.tables)
        spread = partial(log_sds_of_groups, self.inventory, self.tables, numbers)
        rows = against(self.inventory, self.tables, self.tables.frame["other_inventories"], spread)
        names = self.tables.frame["areas"].set_index("area")["name"]
        return rows[rows["ratio"].notna()].assign(name=rows["area"].map(names))

    def leagues(self, inventory: str) -> pd.DataFrame:
        """The rows of one inventory by city, index = area."""
        rows = self.compared
        whole = self.tables.frame["areas"].set_index("area")["level"].eq("region")
        one = (rows["inventory"] == inventory) & rows["part"].isna() & ~rows["area"].map(whole)
        return rows[one].set_index("area")

    @cached_property
    def parts(self) -> pd.DataFrame:
        """By city, Mt: CO2 of coal chemicals; of coal burnt elsewhere, also with every tonne taken as
        CEADS_NCV; mean net calorific value of that coal, GJ/t.
        """
        sources = self.inventory.sources
        inside = ~sources["outside_account"].to_numpy(dtype=bool)
        chemical = (sources["class"] == "coal_chemical").to_numpy(dtype=bool) & inside
        coal = (sources["fuel_group"] == "coal").to_numpy(dtype=bool) & inside & ~chemical
        co2 = self.inventory.emission().isel(year=0).to_numpy()[:, POLLUTANTS.index("CO2")] / MT
        ncv = sources["ncv_gj_per_t"].to_numpy(dtype=np.float64)
        fuel = self.inventory.activity.isel(year=0).to_numpy() * sources["fuel_gj_per_activity"].to_numpy()
        tonnes = np.divide(fuel, ncv, out=np.zeros_like(ncv), where=coal & (ncv > 0))
        frame = pd.DataFrame(
            {
                "chemicals": np.where(chemical, co2, 0.0),
                "coal": np.where(coal, co2, 0.0),
                "as_ceads": np.divide(co2 * CEADS_NCV, ncv, out=np.zeros_like(ncv), where=coal & (ncv > 0)),
                "fuel": np.where(coal, fuel, 0.0),
                "tonnes": tonnes,
            }
        )
        sums = frame.groupby(sources["city"].to_numpy()).sum()
        return sums.assign(ncv=sums["fuel"] / sums["tonnes"])

    def scatter(self, values: pd.Series) -> float:
        """Standard deviation of ln over the cities."""
        return float(np.log(values).std())


@dataclass(frozen=True)
class Page:
    """Every table and number of the page is a method without arguments."""

    now: World
    later: World
    others: tuple[World, ...]

    def leagues_2017(self) -> str:
        """City by city, beside both published inventories."""
        ceads, chen, parts = self.now.leagues("CEADs_city"), self.now.leagues("Chen_2020"), self.now.parts
        rows = [
            (
                str(row["name"]),
                f"{row['model']:.1f} ({row['model_low']:.0f} to {row['model_high']:.0f})",
                f"{row['other']:.1f}",
                f"{row['ratio']:.2f} ({row['low']:.2f} to {row['high']:.2f})",
                f"{chen.at[area, 'other']:.1f}",
                f"{chen.at[area, 'ratio']:.2f}",
                f"{(row['model'] - parts.at[area, 'chemicals']) / row['other']:.2f}",
                f"{parts.at[area, 'ncv']:.1f}",
                f"{self._as_ceads(self.now, ceads)[area]:.2f}",
            )
            for area, row in ceads.iterrows()
        ]
        head = ("league or city", "here, Mt", "CEADs", "ratio", "Chen", "ratio to Chen")
        return markdown((*head, "without coal chemicals", "coal, GJ/t", "coal as CEADs counts it"), rows)

    def leagues_2020(self) -> str:
        """The inventory of 2020 beside CEADs of 2019."""
        rows = [
            (str(row["name"]), f"{row['model']:.1f}", f"{row['other']:.1f}", f"{row['ratio']:.2f}")
            for _, row in self.later.leagues("CEADs_city").iterrows()
        ]
        return markdown(("league or city", "here 2020, Mt", "CEADs 2019", "ratio"), rows)

    def sectors(self) -> str:
        """By sector of the provincial inventory, both years."""
        rows = []
        for world in (self.now, self.later):
            part = world.compared[world.compared["inventory"] == "CEADs_province"]
            for _, row in part.iterrows():
                rows.append(
                    (
                        "all" if pd.isna(row["part"]) else str(row["part"]),
                        f"{row['model_year']} over {row['year']}",
                        f"{row['model']:.1f}",
                        f"{row['other']:.1f}",
                        f"{row['model'] - row['other']:+.1f}",
                        f"{row['ratio']:.2f} ({row['low']:.2f} to {row['high']:.2f})",
                        str(row["definition"]),
                    )
                )
        head = ("sector", "years", "here, Mt", "CEADs", "difference", "ratio", "counted otherwise there")
        return markdown(head, rows)

    def other_regions(self) -> str:
        """Honghe and Erenhot."""
        rows = [
            (
                f"{row['name']} {row['model_year']}",
                f"{row['inventory']} {row['year']}".replace("_", " "),
                f"{row['model']:.2f}",
                f"{row['other']:.2f}",
                f"{row['ratio']:.2f} ({row['low']:.2f} to {row['high']:.2f})",
            )
            for world in self.others
            for _, row in world.compared.iterrows()
        ]
        return markdown(("place", "other", "here, Mt", "there", "ratio"), rows)

    def outliers(self) -> str:
        """Sources that stand out, alike ones in a line."""
        rows = []
        for world in (self.now, self.later):
            sources = world.inventory.sources
            found = source_outliers(world.inventory)
            of = sources.iloc[found["source"]]
            found = found.assign(
                kind=of["class"].to_numpy(),
                controls=of["controls"].map("+".join).to_numpy(),
                name=of["name"].fillna(of["source"]).to_numpy(),
                times=(found["value"] / np.sqrt(found["low"] * found["high"])).round(2),
            )
            year = str(int(world.inventory.activity["year"][0]))
            for (kind, controls, pollutant, per), part in found.groupby(
                ["kind", "controls", "pollutant", "per"], sort=False
            ):
                names = list(dict.fromkeys(part["name"]))
                shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
                low, high = part["times"].min(), part["times"].max()
                times = f"{low:.2f}" if low == high else f"{low:.2f} to {high:.2f}"
                rows.append((year, str(kind), str(controls), str(pollutant), str(per), times, shown))
        return markdown(("year", "class", "controls", "pollutant", "per", "times the median", "which"), rows)

    def _as_ceads(self, world: World, rows: pd.DataFrame) -> pd.Series:
        """Ratio with coal chemicals left out and every tonne of coal as CEADs takes it."""
        parts = world.parts.loc[rows.index]
        return (rows["model"] - parts["chemicals"] - parts["coal"] + parts["as_ceads"]) / rows["other"]

    def numbers(self) -> dict[str, float]:
        """What the text says, by name."""
        ceads, chen = self.now.leagues("CEADs_city"), self.now.leagues("Chen_2020")
        late = self.later.leagues("CEADs_city")
        province = self.now.compared[self.now.compared["inventory"] == "CEADs_province"]
        whole = province[province["part"].isna()].iloc[0]
        part = province.set_index("part")
        off = (part["model"] - part["other"]).dropna()
        without = (ceads["model"] - self.now.parts["chemicals"]) / ceads["other"]
        ncv = self.now.parts.loc[ceads.index, "ncv"]
        return {
            "sum_ceads": float(ceads["other"].sum()),
            "sum_chen": float(chen["other"].sum()),
            "sum_here": float(ceads["model"].sum()),
            "province": float(whole["other"]),
            "ratio_province": float(whole["ratio"]),
            "off_province": 100 * float(whole["ratio"] - 1),
            "more_than_province": 100 * float(ceads["other"].sum() / whole["other"] - 1),
            "median": float(ceads["ratio"].median()),
            "least": float(ceads["ratio"].min()),
            "most": float(ceads["ratio"].max()),
            "scatter_ceads": self.now.scatter(ceads["ratio"]),
            "scatter_chen": self.now.scatter(chen["ratio"]),
            "scatter_published": self.now.scatter(ceads["other"] / chen["other"]),
            "scatter_without": self.now.scatter(without),
            "scatter_as_ceads": self.now.scatter(self._as_ceads(self.now, ceads)),
            "with_ncv": float(np.corrcoef(np.log(ceads["ratio"]), np.log(ncv))[0, 1]),
            "ordos": float(ceads.at["150600", "ratio"]),
            "ordos_without": float(without["150600"]),
            "ordos_late": float(late.at["150600", "ratio"]),
            "ordos_chemicals": float(self.now.parts.at["150600", "chemicals"]),
            "xilingol": 100 * float(late.at["152500", "model"] / ceads.at["152500", "model"] - 1),
            "xilingol_ceads": 100 * float(late.at["152500", "other"] / ceads.at["152500", "other"] - 1),
            "chemicals": float(off["chemicals"]),
            "oil": float(off["petrol, diesel and kerosene"]),
            "homes": float(off["homes"]),
            "power": float(off["power and heat"]),
            "other_coal": float(off["other coal"]),
        }


def read_page() -> Page:
    """Everything the page is made from."""
    worlds = {}
    for region, year in (*((REGION, year) for year in YEARS), *OTHERS):
        tables = read_tables(INPUTS, region)
        worlds[region, year] = World(tables, build_inventory(tables, year, None, {}))
    now, later = (worlds[REGION, year] for year in YEARS)
    return Page(now, later, tuple(worlds[key] for key in OTHERS))


def build(page: Page) -> str:
    """The page as text."""
    template = (DOCS / "inventories.template.md").read_text(encoding="utf-8")
    return filled(template, page, page.numbers())


def draw(page: Page) -> None:
    """docs/images/against_CO2.png: the ratios of the first year."""
    write_against_figures(page.now.compared, names_of(page.now.tables), "en", DOCS / "images")
    (DOCS / "images" / "against_CO2.svg").unlink()


if __name__ == "__main__":
    PAGE = read_page()
    (DOCS / "inventories.md").write_text(build(PAGE), encoding="utf-8")
    draw(PAGE)
