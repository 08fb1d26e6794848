"""Seconds by stage of a run."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Clock:
    """Seconds by stage, said as they pass."""

    name: str
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, label: str) -> Iterator[None]:
        """Times the block under it."""
        began = time.monotonic()
        yield
        spent = time.monotonic() - began
        self.seconds[label] = self.seconds.get(label, 0.0) + spent
        sys.stderr.write(f"{self.name}: {label} {spent:.1f} s\n")
