"""What would change the answer: prices of fuels, what is booked as progress, the gap."""

from __future__ import annotations

from model.report.messages import Messages
from model.report.page.limits import meaning, parts
from model.results.results import Results

POINT = 0.01
"""One point of progress."""


def lines(results: Results, m: Messages) -> list[str]:
    """A sentence for each end of a fuel's price, for each chain link that costs something, for each target
    that rests on its link, and for limits that are judged only and missed.
    """
    return [*_prices(results, m), *_progress(results, m), *_unlinked(results, m), *_judged(results, m)]


def _prices(results: Results, m: Messages) -> list[str]:
    """The plan held, to first order."""
    running = results.payers.loc[results.payers["case"] == "plan", "running_cny_per_yr"].sum()
    out = []
    for row in results.sensitivity.to_dict("records"):
        change = float(row["change_cny_per_yr"])
        out.append(
            m(
                "swing.dearer" if change > 0 else "swing.cheaper",
                item=m.word("item", row["item"]).capitalize(),
                price=f"{row['price']:,.4g}",
                planned=f"{row['planned']:,.4g}",
                unit=m.unit(str(row["unit"])),
                level=m.word("level", row["level"]),
                change=m.measured(abs(change), "money"),
                share=f"{abs(change / running):.1%}" if running else "–",
            )
        )
    return out


def _progress(results: Results, m: Messages) -> list[str]:
    """What a point of the progress booked at the start is worth: the bound is start x (1 - cut) / (1 -
    progress), so a point moves it by 0.01 / (1 - progress) of itself, each tonne at the limit's price.
    """
    price = results.limits.set_index("limit")["price"]
    out = []
    for row in results.links.to_dict("records"):
        if not price[row["limit"]] > 0:
            continue
        moved = float(row["bound"]) * POINT / (1.0 - float(row["progress"]))
        out.append(
            m(
                "swing.progress",
                name=m.word("quantity", row["quantity"]),
                year=row["year"],
                base=row["base"],
                start=row["start_year"],
                progress=f"{100 * row['progress']:.4g}%",
                moved=m.quantity(moved, str(row["unit"])),
                worth=m.measured(moved * float(price[row["limit"]]), "money"),
            )
        )
    return out


def _unlinked(results: Results, m: Messages) -> list[str]:
    """Targets that the frozen case meets where the base year is taken as modelled."""
    rows = results.links[results.links["frozen"] <= results.links["unlinked"]]
    pairs = zip(rows["quantity"], rows["year"], strict=True)
    names = [m("page.of_year", what=m.word("quantity", q), year=y) for q, y in pairs]
    return [m("swing.unlinked", names=m("punctuation.list").join(names))] if names else []


def _judged(results: Results, m: Messages) -> list[str]:
    """Limits judged and not imposed that the plan misses: imposing them would change it."""
    rows = results.limits[
        results.limits["limit"].isin(results.judged_only) & (results.limits["status"] == "missed")
    ]
    entries = {parts(str(row["limit"]))[0]: meaning(row, m) for row in rows.to_dict("records")}
    names = [m("page.named", what=what, code=entry) for entry, what in entries.items()]
    return [m("swing.judged", names=m("punctuation.list").join(names))] if names else []
