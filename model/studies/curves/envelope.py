"""What tangents prove of a cost curve: a convex lower bound, and where it is worth looking next.

Under fixed prices the dual function is linear in the bound of one limit, so each solved point gives a line
that no plan anywhere lies below. Their upper envelope is the convexified curve as far as it is known: chords
lie above it, tangents below (a sandwich).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

AWAY = 0.1
"""A new point keeps at least this share of the interval from either end."""


@dataclass(frozen=True)
class Line:
    """A proven lower bound: `value` CNY at most emission `at` t/yr, `slope` CNY more for each t less, never
    negative.
    """

    at: float
    value: float
    slope: float

    def bound(self, at: float) -> float:
        """What it proves elsewhere, CNY."""
        return self.value + self.slope * (self.at - at)


def highest(lines: Sequence[Line], at: float) -> Line:
    """The line that proves most; of several the one of least slope, so that slopes never fall with `at`."""
    return max(lines, key=lambda line: (line.bound(at), -line.slope))


def spread(loose: Line, tight: Line) -> tuple[float, float]:
    """How far the chord between two points lies above their tangents at most, CNY, and where, t/yr.

    loose, tight: the lines proven at either end, loose.at > tight.at.
    """
    width = loose.at - tight.at
    bend = tight.slope - loose.slope
    if bend <= 0:
        return 0.0, tight.at + width / 2
    # loose.value + loose.slope x = tight.value - tight.slope (width - x), x counted from the loose end
    x = (tight.value - loose.value - tight.slope * width) / -bend
    x = min(max(x, 0.0), width)
    chord = loose.value + (tight.value - loose.value) * x / width
    over = chord - max(loose.bound(loose.at - x), tight.bound(loose.at - x))
    return max(over, 0.0), loose.at - min(max(x, AWAY * width), (1 - AWAY) * width)
