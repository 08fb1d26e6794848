"""What a run says on the terminal when it has ended."""

from __future__ import annotations

from pathlib import Path

from model.results.results import Results

MILLION = 1e6


def summary(results: Results, out: Path) -> str:
    """A few lines: cost, gap, the targets with their chain links, what is missed, where the files are."""
    manifest = results.manifest
    gap = manifest["gap"]
    lines = [
        f"{results.titles['en']}",
        f"  status {manifest['status']}, cost {manifest['cost_cny'] / MILLION:,.1f} M CNY "
        + (
            f"(present value, proven gap {gap:.2%})"
            if gap is not None
            else "(present value, no bound proven)"
        ),
    ]
    for row in results.links.itertuples():
        lines.append(
            f"  {row.limit}: {row.start_value:,.0f} {row.unit} in {row.start_year} x (1 - {row.cut:.1%}) / "
            f"(1 - {row.progress:.1%}) = {row.bound:,.0f}; frozen {row.frozen:,.0f}, plan {row.achieved:,.0f}"
        )
    missed = results.limits[results.limits["status"] == "missed"]
    lines += [
        f"  missed: {row.limit} achieves {row.achieved:,.6g} {row.unit}, bound {row.bound:,.6g}"
        for row in missed.itertuples()
    ]
    counts = results.clauses["status"].value_counts()
    lines.append("  clauses: " + ", ".join(f"{counts[status]} {status}" for status in sorted(counts.index)))
    lines.append(f"  results: {out / results.scenario}")
    return "\n".join(lines)
