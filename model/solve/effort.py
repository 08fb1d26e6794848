"""How far each stage of the finish goes: numbers found by trial on provinces and on Inner Mongolia."""

from __future__ import annotations

FREE = 1e-7
"""Price below this share of the usual one is none."""

PER_ROW = (40, 100, 100, 300)
"""Pathways for each binding row, either way, on the menu of the search by exchange."""

DIVES = (0, 0, 10, 60)
"""New dives tried from the plan found."""

REFINED = 50
"""Random changes tried for each of them."""

FEW = 500
"""Sources up to which HiGHS decides the whole at once."""

NODES, GROUP_NODES = 200, 10
"""Nodes of the tree of a core of the nearest by limit, and of a group of narrow limits."""

SOFT = 0.025
"""Value, in prices of the row, of what units leave or miss of a row that divisible sources even out."""

NEAREST = (12, 24, 48, 96)
"""Pathways for each binding row, either way, in the first cores."""

LEAVES = 2
"""Parts of a divided problem in which plans are looked for."""

RELAXED = 0.25
"""Share of the gap to which the relaxation is solved."""

WIDER, MANY = (8.0, 2.0), 30_000
"""Excess of what is offered to the search by exchange, in that within which pricing begins: up to so many
sources, and of more.
"""

RARE = 30
"""Units in a cell up to which they are searched with those of cells that touch the same binding rows."""

CLUSTERED, CLUSTER_ROOM = 50_000, 4.0
"""Sources up to which groups of narrow limits are decided whole, and how far from their cheapest pathways, in
gaps asked for.
"""

SMALL = 400
"""States times years up to which HiGHS decides sooner than a search by chance."""

FAR = 2.0
"""Gaps beyond which a plan is far from the bound: more pathways are looked at."""

WHOLE = 2_500
"""Of few sources, pathways of units that a quick solve decides by excess alone where its plan is far."""

CORE = 6_000
"""Pathways in the first core that is bounded by excess alone."""

MENDED = 0.25
"""A kept plan is mended where its pathways cost at most this share of the gap over the cheapest; a new one is
sooner good enough else.
"""

TIGHTER = 2e-7
"""Share of a bound by which the search by exchange stays below it, so that sums hold after rounding."""

MOVED = 1_000
"""Sources up to which may be elsewhere in a plan that a core begins with than in the rounded relaxation."""
