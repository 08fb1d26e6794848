"""Writes docs/hindcast.md (python -m docs.build_hindcast OUTPUTS): the plan of 2018-2020, and what was done.

OUTPUTS holds the results of the scenarios PLANNED and HAPPENED (`run_scenario.py --out OUTPUTS`). What was
done and observed are rows of observations.csv and balance.csv. Why they differ stands in hindcast_why.csv,
and a row without a reason is refused.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from docs.markdown import markdown
from model.tables.read import read_tables

DOCS = Path(__file__).parent
REGION = "inner_mongolia"
PLANNED, HAPPENED = "inner_mongolia_2018_2020", "inner_mongolia_2018_2020_hindcast"
YEARS = (2018, 2019, 2020)
SMALL_TPH = 10.0


@dataclass(frozen=True)
class World:
    """Results of the two runs, what was observed, and the reasons by row."""

    actions: dict[str, pd.DataFrame]
    limits: dict[str, pd.DataFrame]
    emissions: dict[str, pd.DataFrame]
    clauses: dict[str, pd.DataFrame]
    observations: pd.DataFrame
    balance: pd.DataFrame
    why: dict[str, str]


def read_world(outputs: Path, inputs: Path) -> World:
    """Everything the page is made from; actions carry what the source was at the end of 2017."""
    tables = read_tables(inputs, REGION)
    sources = tables.frame["sources"].query("year == 2017").set_index("source")
    columns = ["class", "capacity", "stock", "activity", "fuel", "commodity"]
    runs = (PLANNED, HAPPENED)

    def results(name: str) -> dict[str, pd.DataFrame]:
        return {run: pd.read_csv(outputs / run / f"{name}.csv", low_memory=False) for run in runs}

    actions = {
        run: frame.merge(sources[columns], left_on="source", right_index=True)
        for run, frame in results("plan").items()
    }
    why = pd.read_csv(DOCS / "hindcast_why.csv", dtype=str)
    return World(
        actions,
        results("limits"),
        results("emissions"),
        results("clauses"),
        tables.frame["observations"].set_index("observation"),
        tables.frame["balance"],
        dict(zip(why["row"], why["why"], strict=True)),
    )


Pick = Callable[[pd.DataFrame], "pd.Series[bool]"]


def small_boilers(actions: pd.DataFrame) -> pd.Series[bool]:
    """Coal boilers of 10 t/h and less in built-up areas that burn coal no more."""
    built_up = actions["zone"].isin(["city_built_up", "county_built_up"])
    gone = ~actions["to_state"].str.startswith("coal/")
    coal = (actions["class"] == "boiler") & (actions["fuel"] == "coal")
    return coal & built_up & gone & (actions["capacity"] <= SMALL_TPH)


def city_boilers(actions: pd.DataFrame) -> pd.Series[bool]:
    """Those of them in the built-up areas of prefecture-level cities."""
    return small_boilers(actions) & (actions["zone"] == "city_built_up")


def ultra_low(actions: pd.DataFrame) -> pd.Series[bool]:
    """Coal power units made ultra-low."""
    return (actions["class"] == "power_unit") & actions["measures"].str.contains("_ule")


def yards(actions: pd.DataFrame) -> pd.Series[bool]:
    """Yards that are enclosed or get a fence."""
    return (actions["class"] == "yard_dust") & actions["measures"].str.contains("yard_")


def homes(actions: pd.DataFrame) -> pd.Series[bool]:
    """Homes off bulk coal, briquettes included."""
    return (actions["class"] == "residential_coal") & ~actions["to_state"].str.startswith(
        ("coal/", "raw_coal/")
    )


def firms(actions: pd.DataFrame) -> pd.Series[bool]:
    """Scattered firms closed or brought up to standard."""
    return actions["class"] == "scattered_enterprise"


def by_year(actions: pd.DataFrame, pick: Pick, column: str | None, scale: float) -> list[float]:
    """Sum of a column of the picked actions times the share moved, or their number, by year."""
    kept = actions[pick(actions)]
    amount = kept["share"] * (1.0 if column is None else kept[column].fillna(0.0)) / scale
    return [float(amount[kept["year"] == year].sum()) for year in YEARS]


@dataclass(frozen=True)
class Done:
    """Work done: actions of the plan against counts of what was done. `observed`: observation by year."""

    what: str
    clause: str
    pick: Pick
    column: str | None
    scale: float
    unit: str
    observed: dict[int, str]


CITY, TOWN = "boilers_small_city.2017", "boilers_removed.2019"
COAL = {2018: "bulk_coal_removed.2018", 2019: "bulk_coal_removed.2019"}
DONE = (
    Done("small boilers of cities", "IM20-BOILER-10", city_boilers, None, 1, "units", {2018: CITY}),
    Done("small boilers of built-up areas", "IM20-BOILER-10", small_boilers, None, 1, "units", {2019: TOWN}),
    Done(
        "ultra-low power units", "IM20-ULE-REST", ultra_low, "capacity", 1000, "GW", {2019: "ule_done.2019"}
    ),
    Done("bulk coal of homes", "IM20-BULKCOAL", homes, "activity", 1e6, "Mt", COAL),
    Done("scattered firms", "IM20-SCATTERED", firms, "activity", 1, "firms", {2019: "firms_done.2019"}),
    Done("yards", "IM20-YARDS", yards, "activity", 1e6, "Mt handled", {}),
)


@dataclass(frozen=True)
class Seen:
    """A value of a year: what the plan demanded, what each run reached, what was observed.

    limit: of limits.csv, without its year; observed: name of an observation, or (item, over) of the balance
    as it happened; scale: from the unit of limits.csv to `unit`.
    """

    what: str
    limit: str
    year: int
    observed: str | tuple[str, str | None]
    scale: float
    unit: str


GJ_PER_MTCE = 29.3076e6
SEEN = (
    Seen("primary energy", "IM20-ENERGY-CAP", 2020, ("primary_energy", None), GJ_PER_MTCE, "Mtce"),
    Seen("coal in primary energy", "IM20-COAL-SHARE", 2020, ("coal_energy", "primary_energy"), 1, "%"),
    Seen("non-fossil energy", "IM20-NONFOSSIL", 2020, ("nonfossil_energy", None), GJ_PER_MTCE, "Mtce"),
    Seen("natural gas", "IM20-GAS-VOLUME", 2020, ("natural_gas", None), 1e9, "bcm"),
    Seen("wind and solar power", "IM20-RENEWABLES", 2020, ("new_energy_capacity", None), 1000, "GW"),
    Seen("SO2", "IM20-SO2", 2020, "official.2020.SO2", 1000, "kt"),
    Seen("NOx", "IM20-NOX", 2020, "official.2020.NOx", 1000, "kt"),
)


def observed_value(world: World, row: Seen) -> tuple[float, str]:
    """Value in the row's unit, and its citation."""
    if isinstance(row.observed, str):
        found = world.observations.loc[row.observed]
        return float(found["value"]), str(found["citation"])
    frame = world.balance.query("year == @row.year and growth == 'as_happened'").set_index("item")
    item, over = row.observed
    value = float(frame.loc[item, "value"])
    return (value if over is None else 100 * value / float(frame.loc[over, "value"])), str(
        frame.loc[item, "citation"]
    )


def _reason(world: World, row: str) -> str:
    if row not in world.why:
        raise LookupError(f"'{row}' is not explained in hindcast_why.csv")
    return world.why[row]


def _number(value: float) -> str:
    return "" if pd.isna(value) else f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


def done(world: World) -> str:
    """Work done by year, in the plan of the model and in fact."""
    rows = []
    for row in DONE:
        plan = by_year(world.actions[PLANNED], row.pick, row.column, row.scale)
        facts = {year: world.observations.loc[name] for year, name in row.observed.items()}
        seen = [f"{_number(facts[y]['value'])} ({facts[y]['citation']})" if y in facts else "" for y in YEARS]
        cells = [cell for pair in zip(map(_number, plan), seen, strict=True) for cell in pair]
        rows.append((row.what, row.unit, *cells, row.clause, _reason(world, row.what)))
    head = [f"{year} {what}" for year in YEARS for what in ("model", "done")]
    return markdown(("what", "unit", *head, "clause", "why they differ"), rows)


def seen(world: World) -> str:
    """Values of 2020 that the plan demanded, both runs reached, and statistics gave."""
    rows = []
    for row in SEEN:
        found = [
            world.limits[run].set_index("limit").loc[f"{row.limit}/{row.year}"] for run in (PLANNED, HAPPENED)
        ]
        op = "at most" if found[0]["op"] == "at_most" else "at least"
        demanded = f"{op} {_number(found[0]['bound'] / row.scale)}"
        value, citation = observed_value(world, row)
        cells = [_number(limit["achieved"] / row.scale) for limit in found]
        told = f"{_number(value)} ({citation})"
        rows.append((row.what, row.unit, demanded, *cells, told, row.limit, _reason(world, row.what)))
    head = ("what", "unit", "demanded", "model, as planned", "model, as it happened", "observed", "clause")
    return markdown((*head, "why they differ"), rows)


def missed(world: World) -> str:
    """Clauses that the run as it happened does not meet."""
    frame = world.clauses[HAPPENED].query("status == 'missed'")
    rows = [
        (str(row["clause"]), str(row["summary"]), str(row["evidence"])) for row in frame.to_dict("records")
    ]
    return markdown(("clause", "demand", "evidence"), rows)


def costs(world: World) -> str:
    """What both runs do and spend."""
    rows = []
    for run, label in ((PLANNED, "as planned in 2018"), (HAPPENED, "as it happened")):
        actions = world.actions[run]
        cells = (len(actions), actions["investment_cny"].sum() / 1e9, actions["annual_cost_cny"].sum() / 1e9)
        rows.append((label, f"{cells[0]:,}", *(f"{value:.1f}" for value in cells[1:])))
    return markdown(("growth", "actions", "investment, bn CNY", "annual cost, bn CNY"), rows)


PARTS: dict[str, Callable[[World], str]] = {"done": done, "seen": seen, "missed": missed, "costs": costs}


def build(world: World) -> str:
    """The whole page."""
    text = (DOCS / "hindcast.template.md").read_text(encoding="utf-8")
    for name, part in PARTS.items():
        text = text.replace("{{" + name + "}}", part(world))
    return text


def main(arguments: Sequence[str]) -> None:
    """Write the page from the outputs folder given."""
    world = read_world(Path(arguments[0]), DOCS.parent / "inputs")
    (DOCS / "hindcast.md").write_text(build(world), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
