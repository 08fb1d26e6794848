"""Twins: truths drawn from the prior, observed with error, inverted; how often intervals hold the truth.

    python benchmarks/twins.py --twins 200 --json

The made-up inventory has sources of some classes in some cities. Factors are shared by the sources of a class
and pollutant, control remainders by all sources with the control, statistics of activity by those of a class,
and every plant deviates from its share. Observed are totals of cities (one account with an error of its own)
and of classes, and stacks of some plants. `cover` serves any other inversion as well.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import ndtri

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from model.calibration.diagnose import kernel  # noqa: E402
from model.calibration.inversion import Floats, Ints, Inversion  # noqa: E402
from model.calibration.least_squares import invert  # noqa: E402
from model.calibration.posterior import intervals, log_totals  # noqa: E402
from model.calibration.posterior_draws import draw  # noqa: E402

SHARE = 0.9
SEEN = 0.3
"""Averaging kernel from which on a parameter counts as seen by the observations."""


@dataclass(frozen=True)
class Cover:
    """Shares of truths inside their 90 % intervals, over all twins.

    parameters: of all; seen: of those that observations see, seen_number of them on average. totals: of the
    totals asked for, linearised; drawn: in joint draws, of which `settled` have settled. chi2: mean cost
    over the number of observations, 1 where errors are as stated. seconds: of one inversion with intervals,
    draw_ms: of one joint draw.
    """

    twins: int
    parameters: float
    seen: float
    seen_number: float
    totals: float
    drawn: float
    settled: float
    chi2: float
    converged: float
    seconds: float
    draw_ms: float


def twin(inversion: Inversion, rng: np.random.Generator) -> tuple[Floats, Inversion]:
    """A truth from the prior, and the inversion with what is then observed."""
    theta = inversion.log_sd * rng.standard_normal(len(inversion.log_sd))
    error = np.linalg.cholesky(inversion.error) @ rng.standard_normal(len(inversion.value))
    return theta, replace(inversion, value=np.exp(inversion.log_model(theta) + error))


def cover(inversion: Inversion, totals: sparse.csr_array, twins: int, draws: int, seed: int) -> Cover:
    """Coverage over twins; totals [G, N]: weights of elements in the totals that are asked for."""
    rng = np.random.default_rng(seed)
    held: dict[str, list[Any]] = defaultdict(list)
    for number in range(twins):
        truth, observed = twin(inversion, rng)
        start = time.perf_counter()
        fit = invert(observed)
        low, high = intervals(fit, SHARE)
        fitted = time.perf_counter()
        prior = inversion.log_sd[:, None] * rng.standard_normal((len(truth), draws))
        drawn = draw(fit, prior, number)
        held["seconds"].append(fitted - start)
        held["draw_ms"].append(1000 * (time.perf_counter() - fitted) / draws)
        true = _log_totals(inversion, totals, truth[:, None])[:, 0]
        centre, log_sd = log_totals(fit, totals)
        bounds = np.quantile(
            _log_totals(inversion, totals, drawn.theta), [(1 - SHARE) / 2, (1 + SHARE) / 2], axis=1
        )
        held["parameters"].append((low <= truth) & (truth <= high))
        held["visible"].append(kernel(fit) >= SEEN)
        held["totals"].append(np.abs(true - centre) <= ndtri((1 + SHARE) / 2) * log_sd)
        held["drawn"].append((bounds[0] <= true) & (true <= bounds[1]))
        held["settled"].append(drawn.settled)
        held["chi2"].append(fit.cost / len(observed.value))
        held["converged"].append(fit.converged)
    visible = np.array(held.pop("visible"))
    seen = float(np.array(held["parameters"])[visible].mean())
    means = {name: float(np.mean(values)) for name, values in held.items()}
    return Cover(twins=twins, seen=seen, seen_number=float(visible.sum(axis=1).mean()), **means)


def _log_totals(inversion: Inversion, totals: sparse.csr_array, theta: Floats) -> Floats:
    """Logarithm of totals [G, D]; theta [J, D]."""
    element = inversion.emission[:, None] * np.exp(inversion.elasticity @ theta)
    out: Floats = np.log(totals @ element)
    return out


@dataclass(frozen=True)
class MadeUp:
    """How large the made-up inventory is."""

    cities: int = 6
    classes: int = 5
    plants: int = 10  # of a class in a city
    pollutants: int = 4
    controls: int = 6
    stacks: int = 12


def made_up(size: MadeUp, seed: int) -> tuple[Inversion, sparse.csr_array]:
    """The inversion without observed values (all 1), and totals: of each city and pollutant, and of all."""
    rng = np.random.default_rng(seed)
    city, class_, _ = (index.ravel() for index in np.indices((size.cities, size.classes, size.plants)))
    sources = len(city)
    source, pollutant = (index.ravel() for index in np.indices((sources, size.pollutants)))
    control = rng.integers(0, size.controls, sources)
    blocks = [
        (class_[source], size.classes, [0.1, 0.25]),
        (class_[source] * size.pollutants + pollutant, size.classes * size.pollutants, [0.17, 0.41, 0.56]),
        (control[source] * size.pollutants + pollutant, size.controls * size.pollutants, [0.17, 0.41]),
        (source, sources, [0.3]),
    ]
    elements = np.arange(len(source))
    elasticity, log_sd = [], []
    for member, number, spreads in blocks:
        elasticity.append(_incidence(elements, member, number))
        log_sd.append(rng.choice(spreads, number))
    by_city = _incidence(city[source] * size.pollutants + pollutant, elements, len(elements))
    by_class = _incidence(class_[source] * size.pollutants + pollutant, elements, len(elements))
    chosen = rng.choice(len(elements), size.stacks, replace=False)
    stacks = _incidence(np.arange(size.stacks), chosen, len(elements))
    weight = sparse.csr_array(sparse.vstack([by_city, by_class, stacks]))
    kind = np.repeat([0, 1, 2], [by_city.shape[0], by_class.shape[0], size.stacks])
    inversion = Inversion(
        log_sd=np.concatenate(log_sd),
        emission=np.exp(rng.normal(0.0, 1.0, len(elements))),
        elasticity=sparse.csr_array(sparse.hstack(elasticity)),
        weight=weight,
        value=np.ones(weight.shape[0]),
        sd=np.array([0.1, 0.15, 0.08])[kind],
        group=np.where(kind == 0, 0, -1),
        common=np.where(kind == 0, 0.1, 0.0),
    )
    region = _incidence(pollutant, elements, len(elements))
    return inversion, sparse.csr_array(sparse.vstack([by_city, region]))


def _incidence(row: Ints, column: Ints, columns: int) -> sparse.csr_array:
    """1 at each pair of row and column."""
    return sparse.csr_array((np.ones(len(row)), (row, column)), shape=(int(row.max()) + 1, columns))


def arguments(given: list[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--twins", type=int, default=200)
    parser.add_argument("--draws", type=int, default=200, help="joint draws of each twin")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> None:
    """Print the coverage."""
    options = arguments(given)
    inversion, totals = made_up(MadeUp(), options.seed)
    found = cover(inversion, totals, options.twins, options.draws, options.seed)
    if options.json:
        print(json.dumps(asdict(found)))
        return
    elements, parameters = inversion.elasticity.shape
    print(f"{elements} elements, {parameters} parameters, {len(inversion.value)} observations")
    print("\n".join(f"{name:15} {value:.4g}" for name, value in asdict(found).items()))


if __name__ == "__main__":
    main()
