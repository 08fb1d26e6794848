"""Draws of the uncertain numbers given the observations of the accounts that a calibration was made against.

The inventory of a scenario stands where its calibration has put it. Observations then say how far the numbers
may be from there together: a total that is known well leaves its parts free only against each other. Draws
are therefore of deviations from the inventory as it stands, whose median they keep, and what was observed is
taken to be what the inventory has, known as well as it was observed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from model.base.faults import Fault, InputError
from model.calibration.calibrate import Calibrated, calibrate
from model.calibration.observe import accounts_of, observe
from model.calibration.posterior_draws import draw
from model.inventory.emissions import Inventory
from model.inventory.lookup import Floats
from model.inventory.uncertain.draws import draw_parameters
from model.inventory.uncertain.parameters import Parameters
from model.tables.read import Tables


@dataclass(frozen=True)
class Posterior:
    """The uncertain numbers of an inventory and what observations leave of them; found: None where there are
    none, and the draws are of the prior."""

    parameters: Parameters
    found: Calibrated | None

    def draws(self, size: int, seed: int, method: str = "latin") -> Floats:
        """theta, [J, size], as `draw_parameters` gives it of the prior."""
        theta = draw_parameters(self.parameters, size, seed, method)
        return theta if self.found is None else conditioned(self.found, theta, seed)


def posterior_for(
    tables: Tables, inventory: Inventory, calibration: str | None, parameters: Parameters
) -> Posterior:
    """What is known of the parameters of an inventory that was built with a calibration.

    calibration: its name, as a scenario has it; without one, or where its accounts have no observation of the
    inventory's year, the prior. Raises as `observe` and `elasticities` do.
    """
    if calibration is None:
        return Posterior(parameters, None)
    observed = observe(inventory, tables, accounts_of(tables, calibration))
    if not len(observed.frame):
        return Posterior(parameters, None)
    there = observed.frame.assign(value=observed.frame["model"].astype(float))
    found = calibrate(inventory, tables, parameters, replace(observed, frame=there))
    return Posterior(parameters, found)


def conditioned(found: Calibrated, theta: Floats, seed: int) -> Floats:
    """Draws of the shared parameters given the observations, from draws of their prior, [J, D] each.

    Raises InputError where observations hold together so badly that the search ends nowhere.
    """
    own_sd = found.own["log_sd"].to_numpy(dtype=np.float64)
    own = own_sd[:, None] * np.random.default_rng((seed, 2)).standard_normal((len(own_sd), theta.shape[1]))
    drawn = draw(found.fit, np.concatenate([theta, own]), seed)
    if not drawn.settled.all():
        rows, lost = found.observed.frame, int((~drawn.settled).sum())
        wrong = f"can not be met together: {lost} of {theta.shape[1]} draws of the numbers end nowhere"
        right = "widen low and high of those at odds (conflicts.csv of `calibrate`), or leave them out"
        names = ", ".join(rows["observation"].head(5))
        raise InputError([Fault("observations", None, "observation", names, wrong, right)])
    return drawn.theta[: len(theta)]
