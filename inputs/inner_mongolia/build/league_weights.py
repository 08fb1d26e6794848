"""How regional totals are spread over the twelve leagues and cities (facts_weights.csv).

Only the proportions of a weight count; `spread` rakes them to a regional total.
"""

from __future__ import annotations

from functools import cache

from inputs.build.spread import in_proportion
from inputs.inner_mongolia.build.region import REGION

WORDS = ["weight", "citation", "about"]


@cache
def weights() -> dict[str, dict[str, float]]:
    """Weight of every league in the order of official tables, by name of the weight."""
    table = REGION.facts("facts_weights").set_index("weight", drop=False)
    return {str(name): dict(row) for name, row in table.drop(columns=WORDS).iterrows()}


def spread(total: float, weight: str, least: float = 0.0) -> dict[str, float]:
    """`total` over the leagues in proportion to a weight; leagues with a share below `least` get nothing."""
    return in_proportion(total, weights()[weight], least)
