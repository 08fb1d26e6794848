"""From a Pyomo model to HiGHS as a matrix, and back: the only place that touches highspy.

Compiled once and handed over whole (Pyomo's own interface loops over rows in Python); every status is
checked.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import highspy
import numpy as np
import pyomo.environ as pyo
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy import sparse

from model.problem.problem import Bools, Floats, Ints
from model.solve.formulation import FAMILIES

SMALLEST = 1e-12
"""Coefficients below this are zero to HiGHS (its own default, 1e-9, would drop small sources from large
sums).
"""


@dataclass(frozen=True)
class Matrix:
    """min cost z, row_lower <= matrix z <= row_upper, lower <= z <= upper; family and label of each row."""

    cost: Floats
    matrix: sparse.csc_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    whole: Bools
    family: tuple[str, ...]
    label: tuple[int, ...]


CODES = 5
"""Statuses that a column or row of a basis can have."""


@dataclass(frozen=True)
class Basis:
    """Where the simplex method stood: status of each column and row, codes of HiGHS."""

    column: Ints
    row: Ints


@dataclass(frozen=True)
class Outcome:
    """What HiGHS found. status: optimal, target (reached), infeasible, feasible or none (time ran out),
    unknown (no verdict).

    bound: of the relaxation or the tree, in units of the matrix's cost; dual: of rows, of an LP only.
    """

    status: str
    value: Floats | None
    bound: float
    dual: Floats | None
    seconds: float
    basis: Basis | None = None


@dataclass(frozen=True)
class Settings:
    """threads and seed of HiGHS. stop_at: time.monotonic() at which to give up; nodes: of a tree, at most;
    enough: a gap in CNY that suffices, whatever share of the spending it is.
    """

    threads: int
    seed: int
    stop_at: float
    nodes: int | None = None
    enough: float = 0.0

    def left(self) -> float:
        """Seconds left, at least a tenth so that a started step can end by itself."""
        return max(self.stop_at - time.monotonic(), 0.1)


def compile_model(model: pyo.ConcreteModel) -> Matrix:
    """The matrix of a model of `formulation`, columns z, rows by family in the order of FAMILIES."""
    columns = [*model.z.values()]
    form = LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None, column_order=columns)
    if len(form.columns) != len(columns):
        raise RuntimeError(f"{len(columns) - len(form.columns)} columns of the model are in no row")
    kind = np.array([row.bound_type for row in form.rows])
    upper = np.where(kind >= 0, form.rhs, np.inf)
    lower = np.where(kind <= 0, form.rhs, -np.inf)
    names = [row.constraint.parent_component().local_name for row in form.rows]
    if set(names) - set(FAMILIES):
        raise RuntimeError(f"rows of an unknown family: {set(names) - set(FAMILIES)}")
    return Matrix(
        cost=np.asarray(form.c.toarray()).ravel(),
        matrix=sparse.csc_array(form.A),
        row_lower=lower.astype(float),
        row_upper=upper.astype(float),
        lower=np.zeros(len(columns)),
        upper=np.full(len(columns), np.inf),
        whole=np.array([column.is_integer() for column in form.columns], dtype=bool),
        family=tuple(names),
        label=tuple(int(row.constraint.index()) for row in form.rows),
    )


def _check(status: highspy.HighsStatus, what: str) -> None:
    """Stop when HiGHS refuses something; a warning of `run` is a limit reached and is judged by the model
    status.
    """
    if status == highspy.HighsStatus.kError:
        raise RuntimeError(f"HiGHS refused: {what}")


def _instance(settings: Settings, options: dict[str, object]) -> highspy.Highs:
    """A silent HiGHS. The number of threads is global to the process, so its scheduler starts anew."""
    highspy.Highs.resetGlobalScheduler(True)
    solver = highspy.Highs()
    common: dict[str, object] = {
        "output_flag": False,
        "threads": settings.threads,
        "parallel": "off" if settings.threads == 1 else "on",
        "random_seed": settings.seed,
        "small_matrix_value": SMALLEST,
        "time_limit": settings.left(),
    }
    for name, value in (common | options).items():
        if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise RuntimeError(f"HiGHS refused option {name} = {value}")
    return solver


def _pass(solver: highspy.Highs, matrix: Matrix, whole: bool) -> None:
    """Hand the matrix over."""
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = matrix.cost, matrix.lower, matrix.upper
    lp.row_lower_, lp.row_upper_ = matrix.row_lower, matrix.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.num_row_, lp.a_matrix_.num_col_ = matrix.matrix.shape
    lp.a_matrix_.start_ = matrix.matrix.indptr
    lp.a_matrix_.index_ = matrix.matrix.indices
    lp.a_matrix_.value_ = matrix.matrix.data
    if whole:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(w)] for w in matrix.whole]
    _check(solver.passModel(lp), "the matrix")


def solve_lp(
    matrix: Matrix,
    settings: Settings,
    presolve: str = "choose",
    begin: Basis | None = None,
) -> Outcome:
    """The relaxation without whole numbers; status unknown where HiGHS can tell nothing of it.

    begin: where to begin; it need not be a basis, HiGHS mends it.
    """
    began = time.monotonic()
    status = "unknown"
    # Hard infeasible LPs can end without a verdict, and so can others from where they begin; another way
    # through the same LP, from nowhere, finds one.
    for options in (
        {"solver": "choose", "presolve": presolve},
        {"solver": "simplex", "presolve": "off"},
        {"solver": "ipm"},
    ):
        solver = _instance(settings, dict(options))
        _pass(solver, matrix, whole=False)
        if begin is not None:
            _check(solver.setBasis(_given(begin)), "where to begin")
            begin = None
        _check(solver.run(), "an LP run")
        status = _status(solver)
        if status != "unknown":
            break
    solution = solver.getSolution()
    value = np.array(solution.col_value) if status == "optimal" else None
    dual = np.array(solution.row_dual) if status == "optimal" else None
    bound = solver.getInfo().objective_function_value if status == "optimal" else -np.inf
    end = solver.getBasis()
    basis = Basis(*(np.array([int(s) for s in part]) for part in (end.col_status, end.row_status)))
    return Outcome(status, value, float(bound), dual, time.monotonic() - began, basis)


def _given(begin: Basis) -> highspy.HighsBasis:
    """The basis as HiGHS takes it."""
    basis = highspy.HighsBasis()
    codes = [highspy.HighsBasisStatus(code) for code in range(CODES)]
    basis.col_status = [codes[code] for code in begin.column.tolist()]
    basis.row_status = [codes[code] for code in begin.row.tolist()]
    basis.valid = basis.alien = True
    return basis


def solve_mip(
    matrix: Matrix, settings: Settings, gap: float, target: float = -np.inf, start: Floats | None = None
) -> Outcome:
    """With whole numbers, until cost and bound are `gap` apart or the cost is down to `target`.

    gap and target in units of the matrix's cost; start: a solution to begin with.
    """
    began = time.monotonic()
    limits: dict[str, object] = {"mip_rel_gap": 0.0, "mip_abs_gap": gap, "objective_target": target}
    if settings.nodes is not None:
        limits["mip_max_nodes"] = settings.nodes
    solver = _instance(settings, limits)
    _pass(solver, matrix, whole=True)
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = start.tolist()
        _check(solver.setSolution(given), "the start of a MIP")
    _check(solver.run(), "a MIP run")
    status = _status(solver)
    value = np.array(solver.getSolution().col_value) if status in ("optimal", "target", "feasible") else None
    info = solver.getInfo()
    # without whole numbers HiGHS solves an LP and leaves the bound of the tree at 0
    solved = info.objective_function_value if status == "optimal" else -np.inf
    bound = info.mip_dual_bound if matrix.whole.any() else solved
    if status == "infeasible":
        bound = np.inf
    return Outcome(status, value, float(bound), None, time.monotonic() - began)


def _status(solver: highspy.Highs) -> str:
    """The model status in our words."""
    status = solver.getModelStatus()
    names = highspy.HighsModelStatus
    if status in (names.kOptimal, names.kModelEmpty):
        return "optimal"
    if status == names.kObjectiveTarget:
        return "target"
    if status in (
        names.kInfeasible,
        names.kUnboundedOrInfeasible,
    ):  # every cost has a bounded set, so infeasible
        return "infeasible"
    if status in (names.kTimeLimit, names.kInterrupt, names.kSolutionLimit):
        found = solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        return "feasible" if found else "none"
    if status in (names.kUnknown, names.kUnbounded):  # bounded as above: an LP lost its way
        return "unknown"
    raise RuntimeError(f"HiGHS ended with {solver.modelStatusToString(status)}")


def fixed(matrix: Matrix, value: Floats) -> Matrix:
    """The matrix with every whole-number column fixed at a value."""
    whole = np.round(value)
    return replace(
        matrix,
        lower=np.where(matrix.whole, whole, matrix.lower),
        upper=np.where(matrix.whole, whole, matrix.upper),
    )
