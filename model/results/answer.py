"""What one entry of a scenario answers to one clause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What one entry answers to one clause. `message` and `values` say the evidence (results.evidence)."""

    entry: str
    treatment: str
    status: str
    message: str
    values: Mapping[str, Any]
    demanded: float = float("nan")
    achieved: float = float("nan")
    unit: str = ""
