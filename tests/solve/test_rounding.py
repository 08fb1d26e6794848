"""What the menus of the search hold."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from model.solve.rounding import by_row


def test_a_full_row_is_not_the_only_way_out_of_another() -> None:
    """Row 0 is to be cleared. Ten cheap pathways fill row 1, which is full; a dear one fills none."""
    use = np.zeros((11, 2))
    use[:, 0] = -1.0
    use[:10, 1] = 1.0
    excess = np.append(np.arange(10.0), 50.0)
    worse = (use[:, 1] > 0).astype(np.int64)
    picked = by_row(sparse.csr_array(use), excess, np.array([0]), 4, worse)
    assert 10 in picked
    assert {0, 1} <= set(picked)
    assert len(picked) < 11
