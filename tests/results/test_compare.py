"""Several scenarios side by side, against sums worked by hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from model.results.compare import comparison_frame, write_comparison
from model.results.results import Results


def _results(name: str, missed: int) -> Results:
    """Two years; investment of 5 and 7 in the plan; 3 and 4 t of SO2 in its last year."""
    costs = [("plan", "investment", 5.0), ("plan", "investment", 7.0), ("plan", "annuity", 100.0)]
    costs.append(("current_law", "investment", 50.0))
    emissions = [("plan", 2018, "SO2", 90.0), ("plan", 2019, "SO2", 3.0), ("plan", 2019, "SO2", 4.0)]
    emissions += [("frozen", 2019, "SO2", 500.0), ("plan", 2019, "NOx", np.nan)]
    has: dict[str, Any] = {
        "scenario": name,
        "years": (2018, 2019),
        "manifest": {"status": "optimal", "cost_cny": 12.5, "gap": 0.001},
        "costs": pd.DataFrame(costs, columns=["case", "kind", "value"]),
        "emissions": pd.DataFrame(emissions, columns=["case", "year", "pollutant", "value"]),
        "limits": pd.DataFrame({"status": ["missed"] * missed + ["slack", "reported"]}),
    }
    return cast("Results", SimpleNamespace(**has))


def test_sums_of_the_plan() -> None:
    frame = comparison_frame([_results("a", 0), _results("b", 2)]).set_index("scenario")
    assert frame["investment_cny"].tolist() == [12.0, 12.0]
    assert frame["limits_missed"].tolist() == [0, 2]
    assert frame["year"].tolist() == [2019, 2019]
    assert frame["SO2_t"].tolist() == [7.0, 7.0]
    assert frame["NOx_t"].isna().all()  # a sum of nothing is not 0
    assert frame.loc["a", "cost_cny"] == pytest.approx(12.5)


def test_written_whole(tmp_path: Path) -> None:
    write_comparison([_results("a", 1)], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["comparison.csv"]
    assert pd.read_csv(tmp_path / "comparison.csv")["limits_missed"].tolist() == [1]
