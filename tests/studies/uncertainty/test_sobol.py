"""Sobol indices against a linear case with known variances."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from model.problem.problem import Floats
from model.studies.uncertainty.sobol import cost_groups, sobol_indices


def test_linear_outputs_have_their_shares_of_variance() -> None:
    """y = a + 2 b + 3 c with sd 2, 1, 1: variances 4, 4, 9; a and b are one group, so 8 / 17 and 9 / 17.
    A product of independent numbers of mean 0 has no first-order part."""
    log_sd = np.array([2.0, 1.0, 1.0])

    def evaluate(theta: Floats) -> Floats:
        return np.array([theta[0] + 2 * theta[1] + 3 * theta[2], theta[0] * theta[2], 0 * theta[0] + 5])

    found = sobol_indices(evaluate, ["sum", "product", "still"], log_sd, ["x", "x", "y"], 4096, 1)
    rows = found.set_index(["output", "group"])
    assert "still" not in rows.index.get_level_values("output")
    for group, share, numbers in (("x", 8 / 17, 2), ("y", 9 / 17, 1)):
        one = rows.loc[("sum", group)]
        assert one["numbers"] == numbers
        assert one["first_order"] == pytest.approx(share, abs=0.02)
        assert one["total_order"] == pytest.approx(share, abs=0.02)
        assert abs(one["first_order"] - share) < 2 * one["first_order_interval"]
        assert rows.loc[("product", group), "first_order"] == pytest.approx(0.0, abs=0.06)
        assert rows.loc[("product", group), "total_order"] == pytest.approx(1.0, abs=0.1)


def test_groups_of_cost() -> None:
    frame = pd.DataFrame(
        {
            "file": ["reference/measure_data.csv", "toy/prices.csv"],
            "parameter": ["cost/wet_fgd/boiler/-/capital", "cost/coal/-/2017"],
            "fuel": [pd.NA, "coal"],
        }
    )
    assert cost_groups(frame) == ["capital", "price of coal"]
