"""The first page: the verdict, and six answers to what a planner asks."""

from __future__ import annotations

from dataclasses import dataclass

from model.report import data, tables
from model.report.figures import limit_name
from model.report.messages import Messages, Scale, shown
from model.results.results import Results

OBSERVED = ("measured", "published")
CITED = (*OBSERVED, "split")
"""What counts as known from outside: of the unit itself; of it, or of the total that it is a share of."""


@dataclass(frozen=True)
class Tile:
    """One answer on the first page: question, the figure, and lines below it."""

    question: str
    figure: str
    lines: tuple[str, ...]
    status: str = ""


def verdicts(results: Results, m: Messages) -> list[tuple[str, str]]:
    """The opening sentences with their status."""
    judged = results.limits[results.limits["status"].isin(["binding", "slack", "missed"])]
    imposed = ~judged["limit"].isin(results.judged_only)
    out = []
    for rows, words in ((judged[imposed], "verdict"), (judged[~imposed], "verdict.judged")):
        missed = int((rows["status"] == "missed").sum())
        if missed:
            out.append((m(f"{words}.missed", missed=missed, count=len(rows)), "missed"))
        elif words == "verdict":
            out.append((m(f"{words}.met", count=len(rows)), "met"))
    if results.manifest["status"] == "infeasible":
        out.append((m("verdict.infeasible"), "missed"))
    counts = results.clauses["status"].value_counts()
    if len(results.clauses):
        names = ("met", "met_by_baseline", "missed", "reported", "not_in_model")
        out.append(
            (m("verdict.clauses", all=len(results.clauses), **{n: int(counts.get(n, 0)) for n in names}), "")
        )
    else:
        out.append((m("verdict.no_clauses"), ""))
    baseline = baseline_targets(results, m)
    text = (
        m("verdict.baseline") + m("punctuation.of") + m("punctuation.list").join(baseline)
        if baseline
        else m("verdict.baseline_none")
    )
    return [*out, (text, "met_by_baseline" if baseline else "")]


def baseline_targets(results: Results, m: Messages) -> list[str]:
    """Emission targets that the frozen or the current_law case keeps by itself."""
    table = tables.targets(results, m)
    return [
        row[0] for row, status in zip(table.rows, table.marks, strict=True) if status == "met_by_baseline"
    ]


def warning(results: Results, m: Messages) -> str:
    """The mark that outputs on constructed controls carry; empty where none is constructed."""
    share = results.quality[(results.quality["basis"] == "constructed") & (results.quality["label"] == "yes")]
    share = share[share["pollutant"].isin(data.TARGETED)]
    worst = share.sort_values("share", ascending=False).head(1)
    if worst.empty or float(worst["share"].iloc[0]) == 0.0:
        return ""
    percent = shown(float(worst["share"].iloc[0]), Scale(0.01, 0, "%")) + "%"
    return m(
        "page.not_for_enforcement_why",
        share=percent,
        pollutant=m.word("quantity", worst["pollutant"].iloc[0]),
    )


def tiles(results: Results, m: Messages) -> list[Tile]:
    """Is it met, what does it cost, who pays, who acts, what binds, how good is the data."""
    return [
        _met(results, m),
        _cost(results, m),
        _pays(results, m),
        _acts(results, m),
        _binds(results, m),
        _data(results, m),
    ]


def _met(results: Results, m: Messages) -> Tile:
    held = results.limits["status"].isin(["binding", "slack", "missed"])
    missed = results.limits.loc[results.limits["status"] == "missed", "limit"]
    judged = results.clauses[results.clauses["status"].isin(["met", "met_by_baseline", "missed"])]
    lines: list[str] = list(dict.fromkeys(limit_name(str(name), m) for name in missed))[:3]
    figure = f"{int(held.sum()) - len(missed)} / {int(held.sum())}"
    if len(judged):
        figure = f"{int((judged['status'] != 'missed').sum())} / {len(judged)}"
        lines.insert(0, m("tile.share_of_clauses", count=len(judged)))
    return Tile(m("tile.met"), figure, tuple(lines), "missed" if len(missed) else "met")


def _cost(results: Results, m: Messages) -> Tile:
    law = results.payers[results.payers["case"] == "current_law"]

    def line(key: str, value: float, **values: object) -> str:
        return f"{m(f'tile.{key}', **values)}{m('punctuation.of')}{m.measured(value, 'money')}"

    return Tile(
        m("tile.cost"),
        m.measured(tables.more_than_law(results, "investment_cny").sum(), "money"),
        (
            m("tile.investment"),
            line("running", tables.more_than_law(results, "running_cny_per_yr").sum()),
            line("annual", tables.more_than_law(results, "annual_cost_cny").sum(), year=results.years[-1]),
            m(
                "tile.law",
                investment=m.measured(law["investment_cny"].sum(), "money"),
                running=m.measured(law["running_cny_per_yr"].sum(), "money"),
            ),
        ),
    )


def _pays(results: Results, m: Messages) -> Tile:
    more = tables.more_than_law(results, "investment_cny")
    if more.empty or more.iloc[0] == 0:
        return Tile(m("tile.pays"), "–", ())
    total = more.sum()
    lines = tuple(
        m("tile.largest_payer", payer=m.word("payer", payer), investment=m.measured(value, "money"))
        for payer, value in more.items()
        if value != 0
    )
    percent = f" {more.iloc[0] / total:.0%}" if total > 0 else ""
    return Tile(m("tile.pays"), m.word("payer", more.index[0]) + percent, lines)


def _acts(results: Results, m: Messages) -> Tile:
    plan = results.plan
    lines = [m("tile.actions", count=f"{len(plan):,}", sources=f"{plan['source'].nunique():,}")]
    for pollutant in data.TARGETED:
        sums = plan.groupby("measures")[f"abated_{pollutant}_t"].sum()
        if len(sums) and sums.max() > 0:
            lines.append(
                m(
                    "tile.top_measure",
                    pollutant=m.word("quantity", pollutant),
                    measure=m.joined("measure", sums.idxmax()),
                )
            )
    return Tile(m("tile.acts"), f"{len(plan):,}", tuple(lines))


def _binds(results: Results, m: Messages) -> Tile:
    priced = data.prices(results)
    rows = priced if len(priced) else results.limits[results.limits["status"] == "binding"]
    if rows.empty:
        return Tile(m("tile.binds"), "0", (m("tile.none_binds"),))
    names = list(dict.fromkeys(str(name).split("/")[0] for name in rows["limit"]))
    count = int((results.limits["status"] == "binding").sum())
    return Tile(m("tile.binds"), f"{count:,}", (m("tile.binding", count=f"{count:,}"), *names[:4]))


def _data(results: Results, m: Messages) -> Tile:
    rows = results.quality[results.quality["basis"] == "evidence"]
    observed = rows[rows["label"].isin(OBSERVED)].groupby("pollutant", sort=False)["share"].sum()
    shares = observed.reindex([p for p in data.TARGETED if p in set(rows["pollutant"])], fill_value=0.0)
    if shares.empty:
        return Tile(m("tile.data"), "–", ())
    head = m("tile.observed", pollutant=m.word("quantity", shares.index[0]))
    lines = [f"{m.word('quantity', p)} {share:.0%}" for p, share in shares.iloc[1:].items()]
    for basis in ("evidence", "factor", "activity"):
        part = results.quality[(results.quality["basis"] == basis) & results.quality["label"].isin(CITED)]
        sums = part.groupby("pollutant", sort=False)["share"].sum().reindex(shares.index, fill_value=0.0)
        listed = ", ".join(f"{m.word('quantity', p)} {share:.0%}" for p, share in sums.items())
        lines.append(m(f"tile.{basis}", shares=listed))
    return Tile(m("tile.data"), f"{shares.iloc[0]:.0%}", (head, *lines))
