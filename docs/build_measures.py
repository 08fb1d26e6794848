"""Writes docs/measures.md (python -m docs.build_measures): measures.template.md with its tables from inputs/.

Beside inputs/ it reads measure_orders.csv (what costs to expect), measures_plan.csv (what a run of the main
scenario came to, see measures_plan.py), measure_checks.csv (projects that were seen and are no row of the
catalogue) and measure_reasons.csv. What is out of order without a reason there is refused, and nothing is
written.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from docs.markdown import markdown
from docs.measure_costs import COUNTED, USED, World, cut_shares, read_world, unit_costs
from docs.measure_words import amounts, fits, number, resources, worse
from model.base.words import ACCESS

DOCS = Path(__file__).parent
MONEY = ("capital", "fixed_om", "variable_om", "value_lost")
DEEP_NEGATIVE = 0.0
"""CNY/t below which a mean cost needs a reason."""

EFFECT_HEAD = (
    *("measure", "sources", *(f"{name} %" for name in (*COUNTED, "CO2")), "CNY/t of", "mean"),
    *("8 of 10 sources", "worse", "uses, per t cut"),
)


class Page:
    """The tables of the page; every one is a method without arguments."""

    def __init__(self, world: World, folder: Path = DOCS) -> None:
        frame = world.prepared.tables.frame
        self.measures = frame["measures"].set_index("measure", drop=False)
        self.data = frame["measure_data"]
        self.practice = frame["practice"]
        self.access = frame["citations"].set_index("citation")["access"]
        self.titles = frame["citations"].set_index("citation")["title"]
        self.moves, self.unused = world.moves, world.unused
        self.last_year = world.prepared.scenario.years[-1]
        self.shares = cut_shares(world.moves)
        self.sums = world.moves.groupby("measure", sort=False).sum(numeric_only=True)
        self.costs = {name: unit_costs(world.moves, (name,)) for name in COUNTED}
        self.orders = pd.read_csv(folder / "measure_orders.csv")
        self.plan = pd.read_csv(folder / "measures_plan.csv")
        self.checks = pd.read_csv(folder / "measure_checks.csv")
        reasons = pd.read_csv(folder / "measure_reasons.csv", dtype=str)
        self.reasons = dict(zip(reasons["of"], reasons["why"], strict=True))

    def why(self, key: str, what: str) -> str:
        """The reason of measure_reasons.csv, which must be there."""
        if key not in self.reasons:
            raise LookupError(f"{what} has no reason in measure_reasons.csv under {key!r}")
        return self.reasons[key]

    def main(self, measure: str) -> str | None:
        """The pollutant of which a measure cuts most tonnes; None where it fits nothing or cuts little."""
        if measure not in self.sums.index:
            return None
        known = [name for name in COUNTED if measure in self.costs[name].index]
        return max(known, key=lambda name: float(self.sums.at[measure, f"cut_{name}"]), default=None)

    def evidence(self) -> str:
        """Rows of measure_data by item and by what they rest on."""
        access = self.data["citation"].map(self.access)
        counts = pd.crosstab(self.data["item"], access).reindex(columns=list(ACCESS), fill_value=0)
        counts.loc["all"] = counts.sum()
        rows = [(str(item), *(str(n) for n in row), str(sum(row))) for item, row in counts.iterrows()]
        return markdown(("item", *ACCESS, "all"), rows)

    def weight(self) -> str:
        """How much of the plan's yearly cost is of packages with a cost that was seen or derived."""
        priced = self.data[self.data["item"].isin(MONEY)]
        firm = set(priced.loc[priced["citation"].map(self.access).isin(["seen", "derived"]), "measure"])
        packages = self.plan.sort_values("actions").drop_duplicates("measures", keep="last")
        known = packages[
            packages["measures"].isin(priced["measure"]) | packages["measures"].str.contains("+", regex=False)
        ]
        rests = known["measures"].map(lambda text: not firm.isdisjoint(text.split("+")))
        share = known.loc[rests, "annual_cost_cny"].sum() / known["annual_cost_cny"].sum()
        what = "measures with a capital or running cost that was seen or derived"
        return f"Of the yearly cost of the plan in section 6, {100 * share:.0f} % is of {what}."

    def sections(self) -> Iterator[tuple[str, list[str]]]:
        """Heading and measures: by the section of planning practice, those without a number last."""
        section = self.practice.set_index("number")["section"]
        first = {
            m: section[int(numbers[0])] if isinstance(numbers, tuple) and numbers else "beyond the list"
            for m, numbers in self.measures["practice_no"].items()
        }
        for heading in [*dict.fromkeys(section), "beyond the list"]:
            listed = [str(m) for m, own in first.items() if own == heading]
            if listed:
                yield heading, listed

    def catalogue(self) -> str:
        """Every measure by section: what it fits and costs, then what it does."""
        parts = []
        for heading, listed in self.sections():
            table = markdown(
                (
                    "measure",
                    "",
                    "fits",
                    "capital",
                    "running",
                    "life, yr",
                    "power, heat",
                    "paid by",
                    "rests on",
                ),
                (self._cost_row(measure) for measure in listed),
            )
            does = markdown(EFFECT_HEAD, (self._effect_row(m) for m in listed if m in self.sums.index))
            parts.append(f"### {heading[0].upper()}{heading[1:]}\n\n{table}\n\n{does}")
        return "\n\n".join(parts)

    def _cost_row(self, measure: str) -> tuple[str, ...]:
        row = self.measures.loc[measure]
        data = self.data[self.data["measure"] == measure]
        item = dict(iter(data.groupby("item", sort=False)))
        none = data.iloc[:0]
        told = {name: amounts(item.get(name, none), data if name == "capital" else none) for name in MONEY}
        running = [told[name] for name in MONEY[1:3] if told[name]]
        running += [f"value lost {told['value_lost']}"] if told["value_lost"] else []
        uses = [amounts(item.get(name, none), none) for name in ("electricity", "heat_saving")]
        uses[1] = f"saves {uses[1]} of the heat" if uses[1] else ""
        rests = data[data["item"].isin([*MONEY, "electricity", "heat_saving"])]
        cited = dict.fromkeys(
            f"{c} {r} ({self.access[c]})" for c, r in zip(rests["citation"], rests["rating"], strict=True)
        )
        name = f"{row['name']} {row['name_zh']}"
        life = amounts(item.get("lifetime", none), none).replace(" yr", "")
        cells = (
            measure,
            name,
            fits(row),
            told["capital"],
            "; ".join(running),
            life,
            "; ".join(filter(None, uses)),
        )
        return (*cells, row["payer"], "; ".join(cited))

    def _effect_row(self, measure: str) -> tuple[str, ...]:
        shares, sums, main = self.shares.loc[measure], self.sums.loc[measure], self.main(measure)
        cuts = ["" if np.isnan(shares[p]) else f"{round(100 * shares[p])}" for p in (*COUNTED, "CO2")]
        count = str(int((self.moves["measure"] == measure).sum()))
        if main is None:
            return (measure, count, *cuts, "", "", "", "", "")
        cost = self.costs[main].loc[measure]
        span = f"{number(cost['low'])} to {number(cost['high'])}"
        rises = worse(shares, sums, main)
        return (measure, count, *cuts, main, number(cost["mean"]), span, rises, resources(sums, main, USED))

    def eighty_one(self) -> str:
        """The list of planning practice, and which measures carry each number."""
        carried: dict[int, list[str]] = {}
        for measure, numbers in self.measures["practice_no"].items():
            for text in numbers if isinstance(numbers, tuple) else ():
                carried.setdefault(int(text), []).append(str(measure))
        rows = []
        for row in self.practice.to_dict("records"):
            by, why = (
                ", ".join(carried.get(row["number"], [])),
                "" if pd.isna(row["why"]) else str(row["why"]),
            )
            if not by and not why:
                raise LookupError(
                    f"number {row['number']} of practice.csv has neither a measure nor a reason"
                )
            rows.append((str(row["number"]), str(row["name"]), by, why))
        return markdown(("", "planning practice", "measures", "left out, or why none"), rows)

    def nowhere(self) -> str:
        """Measures that change nothing in the main scenario, and why they are kept."""
        rows = []
        for measure in self.measures.index:
            if measure in self.sums.index:
                continue
            first = self.measures.at[measure, "first_year"]
            late = pd.notna(first) and first > self.last_year
            why = f"from {int(first)} on" if late else self.why(measure, f"{measure}, which fits nothing,")
            rows.append((str(measure), why))
        return markdown(("measure", "why it is kept"), rows)

    def negative(self) -> str:
        """Measures whose mean cost is below zero, and why."""
        rows = []
        for measure in self.sums.index:
            main = self.main(measure)
            if main is None or self.costs[main].at[measure, "mean"] >= DEEP_NEGATIVE:
                continue
            mean = self.costs[main].at[measure, "mean"]
            rows.append((measure, main, number(mean), self.why(measure, f"{measure} at {mean:.0f} CNY/t")))
        return markdown(("measure", "pollutant", "CNY/t", "why"), rows)

    def expected(self) -> str:
        """Expected orders of magnitude beside the catalogue and the plan."""
        rows = []
        for row in self.orders.to_dict("records"):
            listed, pollutant = row["measures"].split("+"), row["pollutants"]
            costs = unit_costs(self.moves[self.moves["measure"].isin(listed)], tuple(pollutant.split("+")))
            own = self.moves[self.moves["measure"].isin(costs.index)]
            cut = own[[f"cut_{name}" for name in pollutant.split("+")]].sum().sum()
            found = {"catalogue": own["cost"].sum() / cut if cut > 0 else np.nan}
            taken = self.plan[self.plan["measures"].isin(listed) & (self.plan["pollutant"] == pollutant)]
            found["plan"] = taken["annual_cost_cny"].sum() / taken["abated_t"].sum() if len(taken) else np.nan
            low, high = row["low"], row["high"]
            out = any(not (np.isnan(v) or (v <= high and (pd.isna(low) or v >= low))) for v in found.values())
            key = f"{row['order']}, {pollutant}"
            why = self.why(key, f"{key} at {found}, expected {low} to {high},") if out else ""
            span = f"{'negative' if pd.isna(low) else number(low)} to {number(high)}"
            plan = number(found["plan"]) or "not taken"
            rows.append((row["order"], pollutant, span, number(found["catalogue"]), plan, why))
        return markdown(("", "per t of", "expected", "catalogue, mean", "plan, mean", "why outside"), rows)

    def plan_costs(self) -> str:
        """What the plan's actions cost, by package: one pollutant each, that of most tonnes."""
        rows = []
        for measures, group in self.plan[self.plan["pollutant"] != "SO2+NOx"].groupby("measures"):
            row = group.loc[group["abated_t"].idxmax()]
            money = (number(row[c] / 1e6) for c in ("investment_cny", "annual_cost_cny"))
            span = f"{number(row['low'])} to {number(row['high'])}"
            tonnes = number(row["abated_t"])
            cells = (str(int(row["actions"])), *money, row["pollutant"], tonnes, number(row["mean"]), span)
            rows.append((str(measures).replace("+", " + "), *cells))
        head = (
            "measures",
            "actions",
            "investment, M CNY",
            "yearly, M CNY",
            "per t of",
            "t/yr",
            "mean",
            "8 of 10",
        )
        return markdown(head, rows)

    def seen(self) -> str:
        """Projects that were seen and are no row of the catalogue, beside what it says of such a project."""
        rows = []
        for row in self.checks.to_dict("records"):
            says = self._says(row)
            seen = f"{number(row['seen'])} {row['unit']} [{int(row['year'])}]"
            rows.append(
                (
                    row["about"],
                    row["where"],
                    seen,
                    row["measure"],
                    f"{number(says)} {row['unit']}",
                    row["remark"],
                )
            )
        return markdown(("what was seen", "where", "figure", "measure", "catalogue", ""), rows)

    def _says(self, check: Any) -> float:
        data = self.data[self.data["measure"] == check["measure"]]
        values = data[data["item"] == check["item"]]
        fit = values[values["min_capacity"].isna() | (values["min_capacity"] <= check["capacity"])]
        value = float(fit.sort_values("min_capacity", na_position="first")["value"].iloc[-1])
        by_item = data.set_index("item")["value"]
        if check["item"] == "capital" and "size_exponent" in by_item.index:
            value *= (check["capacity"] / by_item["reference_capacity"]) ** (by_item["size_exponent"] - 1)
        return value

    def citations(self) -> str:
        """Works that costs are cited from."""
        used = self.data["citation"].value_counts()
        rows = [(str(c), str(n), str(self.access[c]), str(self.titles[c])) for c, n in used.items()]
        return markdown(("citation", "rows", "access", "title"), rows)


PARTS = (
    *(
        "evidence",
        "weight",
        "catalogue",
        "eighty_one",
        "nowhere",
        "negative",
        "expected",
        "plan_costs",
        "seen",
    ),
    "citations",
)
"""Methods of Page, and names in the template."""


def build(page: Page) -> str:
    """The whole page."""
    text = (DOCS / "measures.template.md").read_text(encoding="utf-8")
    for name in PARTS:
        text = text.replace("{{" + name + "}}", getattr(page, name)())
    return text


if __name__ == "__main__":
    page = Page(read_world(DOCS.parent / "inputs"))
    (DOCS / "measures.md").write_text(build(page), encoding="utf-8")
