"""Writes docs/factors.md (python -m docs.build_factors): factors.template.md with its tables from inputs/.

A figure outside its published range whose row does not say why it is kept is refused, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from docs.factor_ranges import KEPT, compare
from docs.markdown import markdown
from model.base.words import POLLUTANTS
from model.inventory.corrections import KEYS
from model.inventory.emissions import Inventory, build_inventory
from model.inventory.factors import inlet_factors, state_effects
from model.inventory.fuel import O2_OF_AIR, burning
from model.inventory.lookup import group_states
from model.inventory.review.published import UNKNOWN
from model.inventory.review.quality import quality
from model.tables.read import Tables, read_tables

DOCS = Path(__file__).parent
REGION, NAME, YEAR = "inner_mongolia", "Inner Mongolia", 2017
SHOWN = ("SO2", "NOx", "VOCs", "PM2.5", "NH3", "CO2")
CARRIERS = 20
"""Rows of emission_factors shown that carry most."""
ULTRA_LOW = (
    ("power_unit", "pc", "fgd_ule+scr_ule+pm_ule", 600.0),
    ("power_unit", "cfb", "fgd_ule+sncr_scr+pm_ule", 300.0),
    ("boiler", "grate", "fgd_ule+scr_ule+pm_ule", 80.0),
    ("boiler", "cfb", "fgd_ule+scr_ule+pm_ule", 80.0),
)
REFERENCE_O2 = {"power_unit": 6.0, "boiler": 9.0}


def number(value: float) -> str:
    """Four figures; empty where nothing is given."""
    return "" if pd.isna(value) else f"{value:.4g}"


def text(cell: object) -> str:
    """A name, a list of names, or nothing."""
    if isinstance(cell, tuple):
        return "+".join(cell)
    return "" if pd.isna(cell) else str(cell)


def span(row: pd.Series) -> str:
    """low to high."""
    return "" if pd.isna(row["low"]) else f"{number(row['low'])} to {number(row['high'])}"


def scaled(row: pd.Series) -> str:
    """What the factor is multiplied by, sulphur or ash."""
    return f" x % {row['scale_with']}" if text(row["scale_with"]) else ""


class Page:
    """The tables of the page; every one is a method without arguments."""

    def __init__(self, tables: Tables, inventory: Inventory) -> None:
        self.tables, self.inventory = tables, inventory
        self.cited = tables.frame["citations"].set_index("citation")["access"]

    def source(self, row: pd.Series) -> tuple[str, str]:
        """Citation with its access, and rating."""
        return f"{row['citation']} ({self.cited[row['citation']]})", str(row["rating"])

    def region(self) -> str:
        """Name of the region that fleets are of."""
        return NAME

    def year(self) -> str:
        """Year of the fleets."""
        return str(YEAR)

    def access(self) -> str:
        """What the emission rests on by its factor."""
        shares = quality(self.inventory, self.tables).shares
        shares = shares[(shares["basis"] == "factor") & shares["pollutant"].isin(SHOWN)]
        wide = shares.pivot_table(index="label", columns="pollutant", values="share", sort=False)
        rows = [(str(label), *(f"{100 * row[p]:.1f}" for p in SHOWN)) for label, row in wide.iterrows()]
        return markdown(("factor", *SHOWN), rows)

    def carriers(self) -> str:
        """Rows of emission_factors by the share of a pollutant's emission that they carry."""
        sources, frame = self.inventory.sources, self.tables.frame["emission_factors"]
        emission = self.inventory.emission().isel(year=0).to_numpy() / 1000
        groups = group_states(sources, KEYS)
        _, used = inlet_factors(sources, groups, burning(sources, groups, self.tables), self.tables)
        found = []
        for pollutant in SHOWN[:4]:
            i = POLLUTANTS.index(pollutant)
            by_row = pd.Series(emission[:, i]).groupby(used[:, i]).sum().drop(-1, errors="ignore")
            total = float(np.nansum(emission[:, i]))
            found += [(kt / total, kt, frame.iloc[int(at)]) for at, kt in by_row.items()]
        found.sort(key=lambda one: -one[0])
        rows = [
            (
                row["pollutant"],
                *(text(row[key]) for key in KEYS),
                f"{number(row['value'])} {row['unit']}{scaled(row)}",
                *self.source(row),
                f"{kt:.1f}",
                f"{100 * share:.0f} %",
            )
            for share, kt, row in found[:CARRIERS]
        ]
        head = ("pollutant", *KEYS, "factor", "cited", "rating", "kt", "share")
        return markdown(head, rows)

    def ranges(self) -> str:
        """Effective factors beside what was published."""
        rows = []
        for one in compare(self.tables, self.inventory):
            row = one.row
            what = [text(row[key]) for key in ("class", "fuel", "technology", "controls")]
            published = f"{number(row['low'])} to {number(row['high'])}"
            here = (number(one.value), row["unit"], "yes" if one.inside else "no")
            rows.append(
                (*what, row["of"], row["pollutant"], published, *here, row["about"], *self.source(row))
            )
        head = ("class", "fuel", "technology", "controls", "of", "pollutant", "published", "here", "unit")
        return markdown((*head, "inside", "what was published", "cited", "rating"), rows)

    def outside(self) -> str:
        """How many lie inside."""
        found = compare(self.tables, self.inventory)
        inside = sum(one.inside for one in found)
        return f'{inside} of {len(found)} lie inside; the others say after "{KEPT}" why they stay.'

    def controls(self) -> str:
        """Capture x removal x running share; pollutants with the same numbers share a line."""
        frame = self.tables.frame["controls"]
        only_adds = frame[["added_g_per_gj", "added_g_per_activity"]].notna().any(axis=1)
        frame = frame[~only_adds | (frame["removal"] > 0)]
        same = ["control", "slot", "class", "min_capacity", "capture", "removal", "running_share"]
        same += ["outlet_mg_m3", "outlet_o2_pct", "citation", "rating"]
        rows = []
        for _, group in frame.groupby(same, dropna=False, sort=False):
            row = group.iloc[0]
            net = row["capture"] * row["removal"] * row["running_share"]
            parts = (row[name] for name in ("capture", "removal", "running_share"))
            outlet = (
                ""
                if pd.isna(row["outlet_mg_m3"])
                else f"{number(row['outlet_mg_m3'])} at {number(row['outlet_o2_pct'])} %"
            )
            where = (row["control"], row["slot"], text(row["class"]), number(row["min_capacity"]))
            polluted = ", ".join(group["pollutant"])
            rows.append(
                (*where, polluted, *(number(p) for p in parts), f"{net:.3f}", outlet, *self.source(row))
            )
        head = (
            "control",
            "slot",
            "class",
            "from",
            "pollutants",
            "capture",
            "removal",
            "running",
            "net",
            "outlet, mg/m3",
        )
        return markdown((*head, "cited", "rating"), rows)

    def added(self) -> str:
        """What controls add to the emission."""
        frame = self.tables.frame["controls"]
        rows = []
        for _, row in frame.iterrows():
            for column, unit in (("added_g_per_gj", "g/GJ"), ("added_g_per_activity", "g per activity")):
                if row[column] > 0:
                    what = (row["control"], text(row["class"]), number(row["min_capacity"]), row["pollutant"])
                    rows.append((*what, f"{number(row[column])} {unit}", *self.source(row)))
        return markdown(("control", "class", "from", "pollutant", "added", "cited", "rating"), rows)

    def ule(self) -> str:
        """Concentrations behind ultra-low equipment, at the reference oxygen and at 6 %."""
        states = [
            {"class": c, "fuel": "coal", "technology": t, "controls": tuple(k.split("+")), "capacity": size}
            | dict.fromkeys(UNKNOWN, np.nan)
            for c, t, k, size in ULTRA_LOW
        ]
        effects = state_effects(pd.DataFrame(states), self.tables)
        rows = []
        for (kind, technology, controls, _), (_, effect) in zip(ULTRA_LOW, effects.iterrows(), strict=True):
            own = [effect[f"concentration_{p}"] for p in ("SO2", "NOx", "PM10")]
            at_six = (O2_OF_AIR - 6.0) / (O2_OF_AIR - REFERENCE_O2[kind])
            rows.append(
                (
                    *(kind, technology, controls, number(REFERENCE_O2[kind])),
                    *(f"{value:.1f}" for value in own),
                    f"{effect['nh3_slip']:.1f}",
                    *(f"{value * at_six:.1f}" for value in own),
                )
            )
        head = ("class", "furnace", "controls", "O2, %", "SO2", "NOx", "PM10", "NH3 slip")
        return markdown((*head, "SO2 at 6 %", "NOx at 6 %", "PM10 at 6 %"), rows)

    def standards(self) -> str:
        """Every limit with its reference oxygen."""
        rows = []
        for _, row in self.tables.frame["standards"].iterrows():
            keys = [text(row[key]) for key in ("standard", *KEYS)] + [number(row["min_capacity"])]
            limit = (row["pollutant"], number(row["limit_mg_m3"]), number(row["ref_o2_pct"]))
            rows.append((*keys, *limit, text(row["needs_control"]), *self.source(row)))
        head = ("standard", *KEYS, "from", "pollutant", "mg/m3", "O2, %", "needs", "cited", "rating")
        return markdown(head, rows)

    def corrections(self) -> str:
        """Factors by attribute, a line for each kind and pollutant."""
        frame = self.tables.frame["factor_corrections"]
        keys = [*KEYS, "pollutant", "attribute", "citation", "rating"]
        rows = []
        for _, group in frame.groupby(keys, dropna=False, sort=False):
            steps = "; ".join(
                f"{number(a)}: {number(m)}" for a, m in zip(group["at_least"], group["multiply"], strict=True)
            )
            row = group.iloc[0]
            rows.append((*(text(row[key]) for key in keys[:-2]), steps, *self.source(row)))
        return markdown((*keys[:-2], "from: factor", "cited", "rating"), rows)

    def gaps(self) -> str:
        """Reasons for what has no factor."""
        frame = self.tables.frame["factor_gaps"]
        columns = [*KEYS, "pollutants", "kind", "reason"]
        return markdown(columns, (tuple(text(row[c]) for c in columns) for _, row in frame.iterrows()))

    def factors(self) -> str:
        """Every factor, a table for each class."""
        frame = self.tables.frame["emission_factors"]
        names = self.tables.frame["classes"].set_index("class")["name"]
        return "\n\n".join(self._of_class(name, names[name], frame) for name in names.index)

    def _of_class(self, class_id: str, name: str, frame: pd.DataFrame) -> str:
        rows = list(self._rows(frame[frame["class"] == class_id]))
        head: Sequence[str] = ("fuel", "technology", "from", "pollutant", "per", "value", "unit", "range")
        return f"### {class_id}: {name}\n\n" + markdown((*head, "cited", "rating"), rows)

    def _rows(self, frame: pd.DataFrame) -> Iterator[tuple[str, ...]]:
        for _, row in frame.iterrows():
            keys = (text(row["fuel"]), text(row["technology"]), number(row["min_capacity"]))
            value = (row["pollutant"], row["per"], number(row["value"]), row["unit"] + scaled(row), span(row))
            yield (*keys, *value, *self.source(row))


PARTS = (
    *("region", "year", "access", "carriers", "ranges", "outside", "controls", "added", "ule"),
    *("standards", "corrections", "gaps", "factors"),
)


def read_page(root: Path = DOCS.parent / "inputs") -> Page:
    """The page of the first region's start year, before calibration."""
    tables = read_tables(root, REGION)
    return Page(tables, build_inventory(tables, YEAR, None, {}))


def build(page: Page) -> str:
    """The whole page."""
    out = (DOCS / "factors.template.md").read_text(encoding="utf-8")
    for part in PARTS:
        out = out.replace("{{" + part + "}}", getattr(page, part)())
    return out


if __name__ == "__main__":
    (DOCS / "factors.md").write_text(build(read_page()), encoding="utf-8")
