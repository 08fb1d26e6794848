"""LPs that end without a verdict are solved another way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import sparse

from model.solve import highs
from model.solve.highs import Basis, Matrix, Settings, solve_lp


def test_what_ends_without_a_verdict_is_not_begun_there_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """min x + 2 y with x + y >= 3, x <= 2: 4. The first run is taken for one without a verdict."""
    inf = np.array([np.inf])
    lp = Matrix(
        cost=np.array([1.0, 2.0]),
        matrix=sparse.csc_array(np.ones((1, 2))),
        row_lower=np.array([3.0]),
        row_upper=inf,
        lower=np.zeros(2),
        upper=np.array([2.0, np.inf]),
        whole=np.zeros(0, dtype=bool),
        family=(),
        label=(),
    )
    begun, judged = list[Basis](), list[str]()
    given, status = highs._given, highs._status

    def recorded(begin: Basis) -> Any:
        begun.append(begin)
        return given(begin)

    def doubted(solver: Any) -> str:
        judged.append(status(solver))
        return "unknown" if len(judged) == 1 else judged[-1]

    monkeypatch.setattr(highs, "_given", recorded)
    monkeypatch.setattr(highs, "_status", doubted)
    found = solve_lp(lp, Settings(1, 0, np.inf), begin=Basis(np.array([1, 1]), np.array([1])))
    assert found.status == "optimal"
    assert found.bound == pytest.approx(4.0)
    assert len(judged) == 2
    assert len(begun) == 1


def test_an_lp_that_seems_unbounded_has_no_verdict() -> None:
    """max x, x >= 0: costs of ours are over bounded sets, so this is HiGHS having lost its way, no error."""
    lp = Matrix(
        cost=np.array([-1.0]),
        matrix=sparse.csc_array(np.ones((1, 1))),
        row_lower=np.array([0.0]),
        row_upper=np.array([np.inf]),
        lower=np.zeros(1),
        upper=np.array([np.inf]),
        whole=np.zeros(0, dtype=bool),
        family=(),
        label=(),
    )
    found = solve_lp(lp, Settings(1, 0, np.inf))
    assert found.status == "unknown"
    assert found.value is None
