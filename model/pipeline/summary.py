"""What a run says on the terminal when it has ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from model.plan import Verdict
from model.problem.problem import Problem
from model.results.results import Results
from model.studies.robust.robust import Attained

MILLION = 1e6
FEW_GROUPS = 3
"""Groups of one limit that miss it, each told by itself."""

WAYS = (
    ("conflict_alone", " (each by itself, with the mandates)"),
    ("conflict", ""),
    ("conflict_whole", " (units are whole)"),
    ("conflict_found", ""),
    ("conflict_wide", " (not narrowed down further)"),
)
"""Kinds of conflict, in words."""


def missed_mandates(problem: Problem, verdict: Verdict) -> list[str]:
    """A line for each mandate that some source does not obey."""
    missed: dict[int, list[tuple[int, int]]] = {}
    for miss in verdict.mandates:
        missed.setdefault(miss.mandate, []).append((miss.year, miss.source))
    lines = []
    for mandate, where in missed.items():
        year, source = min(where)
        count = len({source for _, source in where})
        lines.append(
            f"{problem.mandate[mandate]} is not obeyed by {count} source{'s' if count > 1 else ''}, "
            f"as {problem.source[source]} in {problem.years[year]}"
        )
    return lines


def _variants(manifest: Mapping[str, Any]) -> list[str]:
    """What was minimised if not cost, what emission is charged, and how many plans there are beside."""
    lines = []
    if "minimised" in manifest:
        what, found = " + ".join(manifest["minimised"]["weights"]), manifest["minimised"]
        lines.append(
            f"  least emission of {what}: {found['value']:,.6g} t weighted, all years, "
            f"proven gap {found['gap']:.2%}; cost is the least at it"
        )
    if "emission_price_cny" in manifest:
        priced = manifest["emission_price_cny"] / MILLION
        lines.append(f"  of the cost {priced:,.1f} M CNY are prices of pollutants, which are no social cost")
    if "alternatives" in manifest:
        others = manifest["alternatives"]
        count, ended = len(others["plans"]) - 1, others["ended"]
        lines.append(
            f"  alternatives: {count} of {others['asked']} of up to {others['most_cny'] / MILLION:,.1f} M CNY"
            + (f" ({ended})" if ended else "")
        )
    return lines


def _explained(results: Results) -> list[str]:
    """What is in the way of what, and what would mend it."""
    rows = results.explanation
    lines = [
        f"  in each other's way{because}: " + ", ".join(rows.loc[rows["kind"] == kind, "limit"])
        for kind, because in WAYS
        if (rows["kind"] == kind).any()
    ]
    lines += [
        f"  would mend it: {row.value:,.6g} {row.unit} more of {row.limit}"
        for row in rows[rows["kind"] == "mend"].itertuples()
    ]
    lines += [
        f"  would mend it: {name} a year later" for name in rows.loc[rows["kind"] == "mend_later", "limit"]
    ]
    return lines


def _missed(results: Results) -> list[str]:
    """A line for each limit that is missed; where many groups of one miss it, how many and the furthest."""
    missed = results.limits[results.limits["status"] == "missed"]
    entry = missed["limit"].str.split("/").str[:2].str.join("/")
    lines = []
    for name, rows in missed.groupby(entry, sort=False):
        if len(rows) <= FEW_GROUPS:
            shown, before = rows, ""
        else:
            scale = rows["bound"].abs().clip(lower=rows["achieved"].abs().max() * 1e-3)
            shown = rows.loc[[((rows["achieved"] - rows["bound"]).abs() / scale).idxmax()]]
            before = f"{name} in {len(rows)} groups, furthest "
        lines += [
            f"  missed: {before}{row.limit} achieves {row.achieved:,.6g} {row.unit}, bound {row.bound:,.6g}"
            for row in shown.itertuples()
        ]
    return lines


def summary(results: Results, out: Path, mandates: Sequence[str]) -> str:
    """A few lines: name, title, cost, gap, targets with chain links, what is missed, where the files are.

    mandates: of `missed_mandates`.
    """
    manifest = results.manifest
    gap = manifest["gap"]
    lines = [
        f"{results.scenario}: {results.titles['en']}",
        f"  status {manifest['status']}, cost {manifest['cost_cny'] / MILLION:,.1f} M CNY "
        + (
            f"(present value, proven gap {gap:.2%})"
            if gap is not None
            else "(present value, no bound proven)"
        ),
    ]
    lines += _variants(manifest)
    lines += [
        f"  {row.limit}: {row.start_value:,.0f} {row.unit} in {row.start_year} x (1 - {row.cut:.1%}) / "
        f"(1 - {row.progress:.1%}) = {row.bound:,.0f}; frozen {row.frozen:,.0f}, plan {row.achieved:,.0f}"
        for row in results.links.itertuples()
    ]
    lines += _missed(results)
    lines += [f"  missed: {line}" for line in mandates]
    lines += _explained(results)
    counts = results.clauses["status"].value_counts()
    lines.append("  clauses: " + ", ".join(f"{counts[status]} {status}" for status in sorted(counts.index)))
    lines.append(f"  results: {out / results.scenario}")
    return "\n".join(lines)


def confidence_lines(attained: Attained) -> list[str]:
    """A line for each limit with a confidence: what is asked, what fresh draws say, and what it costs."""
    lines = [
        f"  {row.limit}: {row.confidence:.0%} asked{'' if row.imposed else ' (not imposed)'}, "
        f"met in {row.attained:.1%} of {row.draws:,} fresh draws (plain plan {row.attained_plain:.1%})"
        for row in attained.frame.itertuples()
    ]
    if len(attained.frame):
        first = attained.frame.iloc[0]
        more = (first["cost_cny"] - first["plain_cost_cny"]) / MILLION
        lines.append(f"  confidence costs {more:,.1f} M CNY over the plain plan")
    return lines + [f"  missed: {line}" for line in attained.missed]
