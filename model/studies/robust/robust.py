"""The least-cost plan under limits that have a confidence, and what it attains on fresh draws."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from model.baseline import Baseline
from model.calibration.conditioned import Posterior, posterior_for
from model.inventory.emissions import Inventory
from model.inventory.lookup import Floats, Ints
from model.inventory.uncertain.parameters import parameters
from model.options.options import Options
from model.plan import Plan, evaluate, part_year_share
from model.problem.items import make_spread
from model.problem.problem import Problem
from model.problem.spread import Spread
from model.scenario.scenario import Scenario, SolverOptions
from model.solve.robust import Ground, Shown, show
from model.studies.robust.asked import base_of, confident
from model.studies.robust.numbers import uncertain_numbers
from model.tables.read import Tables

SAMPLE = 5000
"""Draws on which plans are made to attain their confidence."""

FRESH = 20_000
"""Draws on which it is then checked, none of them among those of the sample."""

SEEDS = 1000
"""Seeds of draws that a seed of the scenario stands for."""

ERRORS = 2.0
"""Sampling errors by which fresh draws may fall short of a confidence that is attained."""


COLUMNS = [
    *("limit", "year", "confidence", "imposed", "bound", "attained", "attained_plain", "mean", "sd"),
    *("quantile", "unit", "z", "cost_cny", "plain_cost_cny", "draws"),
]
"""Of confidence.csv."""


@dataclass(frozen=True)
class Uncertain:
    """Case plan of a scenario with the uncertain numbers behind it.

    spreads: of each row with a confidence and a bound; levels: their confidence; imposed: which of them the
    plan has to keep to, the others being judged. posterior: what is known of the numbers of the inventory;
    kept [J]: those that the spreads follow; sample [J, SAMPLE]: draws of them that plans are made on.
    """

    scenario: Scenario
    problem: Problem
    spreads: tuple[Spread, ...]
    levels: tuple[float, ...]
    imposed: tuple[bool, ...]
    posterior: Posterior
    kept: Ints
    sample: Floats

    def fresh(self) -> Floats:
        """FRESH draws of the numbers, [J, FRESH], none of them of the sample."""
        seed = SEEDS * self.scenario.solver.seed + 1
        made = range(FRESH // SAMPLE)
        parts = [self.posterior.draws(SAMPLE, seed + at, "random")[self.kept] for at in made]
        return np.concatenate(parts, axis=1)

    def shown(self, plan: Plan, theta: Floats, seed: int) -> list[Shown]:
        """What a plan shows of each row on some draws."""
        share = part_year_share(self.problem, plan.shares(self.problem))
        return [
            show(spread, share[:, spread.year], theta, level, seed + at)
            for at, (spread, level) in enumerate(zip(self.spreads, self.levels, strict=True))
        ]

    def ground(self, options: SolverOptions) -> Ground:
        """What the plans of several levels share; of the rows that are imposed."""
        spreads = [spread for spread, held in zip(self.spreads, self.imposed, strict=True) if held]
        return Ground(self.problem, spreads, self.sample, options)

    def held(self) -> list[float]:
        """The levels of the rows that are imposed."""
        return [level for level, held in zip(self.levels, self.imposed, strict=True) if held]


def make_uncertain(
    tables: Tables, scenario: Scenario, inventory: Inventory, case: tuple[Baseline, Options, Problem]
) -> Uncertain:
    """The limits of a case that have a confidence, item by item.

    inventory: of the start year, with the scenario's calibration: what its observations leave open is what is
    uncertain. Raises InputError as `parameters` and `posterior_for` do.
    """
    baseline, _, problem = case
    entries = {limit.id: limit for limit in confident(scenario)}
    pollutants = {limit.quantity for limit in entries.values()}
    known = parameters(inventory, tables)
    known = known.narrowed((known.frame["kind"] != "cost").to_numpy(dtype=bool))
    posterior = posterior_for(tables, inventory, scenario.calibration, known)
    numbers, kept = uncertain_numbers(tables, scenario, inventory, known, case, pollutants)
    spreads, levels, imposed = [], [], []
    for row, label in enumerate(problem.limit.tolist()):
        entry = entries.get(label.partition("/")[0])
        if entry is None or not np.isfinite(problem.bound[row]):
            continue
        assert entry.confidence is not None
        spreads.append(make_spread(problem, row, numbers, base_of(problem, row, entry, baseline)))
        levels.append(entry.confidence)
        imposed.append(bool(problem.enforced[row]))
    sample = posterior.draws(SAMPLE, SEEDS * scenario.solver.seed, "latin")[kept]
    if posterior.found is not None:
        # Numbers that observations tie together are no longer log-normal: moments are those of the sample.
        spreads = [spread.seen(sample) for spread in spreads]
    sure = tuple(levels), tuple(imposed), posterior, kept, sample
    return Uncertain(scenario, problem, tuple(spreads), *sure)


@dataclass(frozen=True)
class Attained:
    """plan: as asked for. frame: confidence.csv. missed: what fresh draws do not bear out, in words."""

    plan: Plan
    frame: pd.DataFrame
    missed: tuple[str, ...]


def robust_plan(uncertain: Uncertain, given: Plan | None = None) -> Attained:
    """The cheapest plan found that meets its limits with their confidence, judged on fresh draws.

    given: a plan to judge instead of looking for one.
    """
    options = uncertain.scenario.solver
    if given is not None:
        return judged(uncertain, given, given)
    ground = uncertain.ground(options)
    plain = ground.plain(uncertain.held())
    found = ground.solve(uncertain.held(), plain) if any(uncertain.imposed) else plain
    route = (f"{len(ground.tangents)} tangents for confidence", *found.plan.route)
    return judged(uncertain, replace(found.plan, route=route), plain.plan)


def judged(uncertain: Uncertain, plan: Plan, plain: Plan) -> Attained:
    """A plan and the plain one on fresh draws, as confidence.csv.

    mean, sd and quantile are of what a limit has above its bound (below: negative), in the unit of the limit;
    where the bound is a percentage of modelled emission it moves with it. z: standard deviations from mean
    to quantile. attained: share of the draws in which the limit is met.
    """
    problem = uncertain.problem
    theta = uncertain.fresh()
    shown = uncertain.shown(plan, theta, FRESH)
    before = uncertain.shown(plain, theta, FRESH)
    cost, plain_cost = (evaluate(problem, each).cost_cny for each in (plan, plain))
    rows = [
        {
            "limit": str(problem.limit[spread.limit]),
            "year": int(problem.years[spread.year]),
            "confidence": level,
            "imposed": held,
            "bound": float(problem.bound[spread.limit]),
            "attained": now.attained,
            "attained_plain": then.attained,
            "mean": now.moments.mean,
            "sd": now.moments.sd,
            "quantile": now.quantile,
            "unit": "t/yr",
            "z": z_of(now),
            "cost_cny": cost,
            "plain_cost_cny": plain_cost,
            "draws": FRESH,
        }
        for spread, level, held, now, then in zip(
            uncertain.spreads, uncertain.levels, uncertain.imposed, shown, before, strict=True
        )
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return Attained(plan, frame, _missed(frame))


def z_of(shown: Shown) -> float:
    """Standard deviations from the mean to the quantile, nan where nothing is uncertain."""
    sd = shown.moments.sd
    return (shown.quantile - shown.moments.mean) / sd if sd > 0 else float("nan")


def _missed(frame: pd.DataFrame) -> tuple[str, ...]:
    """Imposed limits whose confidence fresh draws do not bear out, in words."""
    level = frame["confidence"]
    error = ERRORS * np.sqrt(level * (1 - level) / frame["draws"])
    short = frame[frame["imposed"] & (frame["attained"] < level - error)]
    return tuple(
        f"{row.limit} is met in {row.attained:.1%} of the draws, {row.confidence:.0%} are asked for"
        for row in short.itertuples()
    )
