"""The rows of the one Pyomo model on a toy of two sources, two states and two years, family by family."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.problem.problem import Problem
from model.solve.formulation import FAMILIES, build_model
from model.solve.highs import Matrix, compile_model
from model.solve.merge import Network, build_network
from tests.solve.toys import Sketch

GOLDEN = Path(__file__).parent / "golden"


def toy(forbid: list[tuple[int, int, int, int]] | None = None) -> Problem:
    """A boiler (unit, phi 0.4) and a fleet (divisible, phi 0.5): dirty or clean; cap, stock, build rate."""
    return Sketch(
        states=[2, 2],
        moves=[(0, 0, 1), (1, 0, 1)],
        cost=np.array([[0, 0], [1, 1], [0, 0], [2, 2]], dtype=float),
        capital=np.array([[4, 2], [6, 3]], dtype=float),
        factor=np.array([[8, 2, 16, 0], [0, 1, 0, 1], [0, 0, 0, 0]], dtype=float),
        move_factor=np.array([[0, 0], [0, 0], [1, 1]], dtype=float),
        limits=[
            {"name": "CAP", "sense": -1, "bound": 12.0, "terms": [(0, 1, 1.0, 0)]},
            {"name": "STOCK", "sense": 1, "bound": 1.0, "terms": [(1, 1, 1.0, 0)], "strength": 4},
            {"name": "RATE", "sense": -1, "bound": 1.0, "terms": [(2, 0, 1.0, 0)]},
        ],
        forbid=forbid or [],
        sets=np.ones((1, 1)),
        cell=[0, 0],
        divisible=[False, True],
        part_year=[0.4, 0.5],
        stock=[False, True, False],
    ).problem()


def compiled(problem: Problem) -> tuple[Network, Matrix]:
    network = build_network(problem)
    return network, compile_model(build_model(network))


def column_names(network: Network) -> list[str]:
    """z[source: from > to, year]."""
    problem, arcs = network.problem, network.arcs
    step = len(problem.years) + 1
    ends = zip(arcs.source, arcs.tail // step, arcs.head // step, arcs.year, strict=True)
    label = problem.state_label
    return [f"z[{label[a]}>{label[b]},{problem.years[y]}]" for _, a, b, y in ends]


def rows_as_text(network: Network, matrix: Matrix, family: str) -> str:
    names, rows = column_names(network), matrix.matrix.tocsr()
    out = []
    for row in np.flatnonzero(np.array(matrix.family) == family):
        part = slice(rows.indptr[row], rows.indptr[row + 1])
        order = np.argsort(rows.indices[part])
        pairs = zip(rows.data[part][order], rows.indices[part][order], strict=True)
        terms = " ".join(f"{value:+.10g} {names[column]}" for value, column in pairs)
        low, high = matrix.row_lower[row], matrix.row_upper[row]
        side = (
            f"= {low:.10g}" if low == high else f"<= {high:.10g}" if np.isfinite(high) else f">= {low:.10g}"
        )
        out.append(f"{terms} {side}")
    return "\n".join(sorted(out)) + "\n"


@pytest.mark.parametrize("family", FAMILIES)
def test_rows(family: str) -> None:
    """Each row as worked out by hand from design.md section 5, in tests/solve/golden/FAMILY.txt."""
    network, matrix = compiled(toy())
    assert rows_as_text(network, matrix, family) == (GOLDEN / f"{family}.txt").read_text(encoding="utf-8")


def test_every_family_has_a_golden() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {*FAMILIES, "mandate"}
    _, matrix = compiled(toy())
    assert set(matrix.family) == set(FAMILIES)


def test_mandates_leave_arcs_out() -> None:
    """Dirty boilers are forbidden from the second year on: no arc leads there."""
    free, bound = column_names(compiled(toy())[0]), column_names(compiled(toy([(0, 0, 0, 1)]))[0])
    assert (
        "\n".join(name for name in free if name not in bound) + "\n" == (GOLDEN / "mandate.txt").read_text()
    )
    assert set(bound) < set(free)


def test_columns() -> None:
    """Units are whole, shares are not; costs are discounted: phi of the year, the rest of the next."""
    network, matrix = compiled(toy())
    names = column_names(network)
    whole = {name for name, is_whole in zip(names, matrix.whole, strict=True) if is_whole}
    assert whole == {name for name in names if name.startswith("z[s0")}
    cost = dict(zip(names[: len(network.arcs.cost)], network.arcs.cost, strict=True))
    d1, d2 = 1 / 1.05, 1 / 1.05**2
    assert cost["z[s0.0>s0.1,2018]"] == pytest.approx(d1 * (4 + 0.4 * 1) + d2 * 0.6 * 1, rel=1e-12)
    assert cost["z[s1.0>s1.1,2019]"] == pytest.approx(d2 * (3 + 0.5 * 2), rel=1e-12)
    assert cost["z[s1.0>s1.0,2019]"] == 0
