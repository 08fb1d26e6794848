"""Calibration of the miniature inventory, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from model.base.faults import InputError
from model.calibration.conditioned import conditioned, posterior_for
from model.calibration.frames import conflict_frame, parameter_frame, residual_frame
from model.calibration.posterior import log_sds
from model.calibration.rows import calibration_rows, with_calibration
from model.inventory.emissions import build_inventory
from model.inventory.ratings import SPREAD_OF_RATING
from model.inventory.uncertain.draws import draw_parameters
from model.inventory.uncertain.parameters import Parameters, parameters
from model.tables.read import Tables
from tests.calibration.region import calibrated, observation, with_observations

ERROR = np.log(1.2) / 1.96
OF = {rating: np.log1p(spread) / 1.96 for rating, spread in SPREAD_OF_RATING.items()}


def theta(known: Parameters, values: np.typing.NDArray[np.float64]) -> dict[str, float]:
    """Of the parameters that are not 0."""
    names = known.frame["parameter"]
    return {str(names[j]): float(values[j]) for j in np.flatnonzero(np.abs(values) > 1e-12)}


def test_a_stack_teaches_the_plant_and_its_kind(tables: Tables) -> None:
    """k1 emits 1152 t NOx and is observed with twice that. One product: the logarithm is linear, and the
    misfit is divided by the variances: of the activity (B), the factor (1 to 2), what the control lets
    through (E), and the plant's own, as large as factor and control together."""
    _, known, found = calibrated(tables, observation("NOx", "source=k1", 2 * 1152, "t/yr"))
    variance = {
        "activity/cement_kiln/coal/MANUAL": OF["B"] ** 2,
        "factor/cement_kiln/coal/-/-/NOx": (np.log(2) / 3.92) ** 2,
        "control/sncr/-/-/NOx": OF["E"] ** 2,
    }
    own = variance["factor/cement_kiln/coal/-/-/NOx"] + variance["control/sncr/-/-/NOx"]
    per = np.log(2) / (sum(variance.values()) + own + ERROR**2)
    assert theta(known, found.theta) == pytest.approx({name: v * per for name, v in variance.items()})
    assert found.own["pollutant"].to_list() == ["NOx"]
    assert found.fit.theta[len(known.frame) :] == pytest.approx([own * per])
    j = int(np.flatnonzero(known.frame["parameter"] == "control/sncr/-/-/NOx")[0])
    left = OF["E"] ** 2 - OF["E"] ** 4 * per / np.log(2)
    assert log_sds(found.fit)[j] == pytest.approx(np.sqrt(left))


def test_the_rows_of_a_posterior_give_the_fitted_inventory(tables: Tables) -> None:
    rows = (
        observation("NOx", "source=k1", 1400, "t/yr"),
        observation("NOx", "class=truck", 130, "t/yr"),
        observation("CO2", "class=truck", 20, "kt/yr"),
        observation("coal", "class=boiler", 40, "kt"),
        observation("VOCs", "class=architectural_coating", 200, "t/yr"),
    )
    _, _, found = calibrated(tables, *rows)
    posterior = calibration_rows(found, "post", ("other", "census_2017"))
    twice = with_calibration(tables, posterior.assign(factor=9.0))  # an older one of the name gives way
    told = with_calibration(with_observations(twice, *rows), posterior)
    after = build_inventory(told, 2017, "post", {})
    emission = after.emission().isel(year=0).to_pandas()
    fitted = np.exp(found.fit.log_model)
    sources = after.sources
    trucks, coats = sources["class"] == "truck", sources["class"] == "architectural_coating"
    has = [
        emission.loc["k1", "NOx"],
        emission.loc[trucks, "NOx"].sum(),
        emission.loc[trucks, "CO2"].sum() / 1000,
        (sources["activity"] * sources["fuel_gj_per_activity"] / sources["ncv_gj_per_t"])[
            (sources["class"] == "boiler") & (sources["fuel"] == "coal")
        ].sum()
        / 1000,
        emission.loc[coats, "VOCs"].sum(),
    ]
    # of the control carbon, 1 - 0.24 is let through and cut at all of it; the others are products
    assert has[:4] == pytest.approx(fitted[:4], rel=1e-3)
    assert has[4] == pytest.approx(fitted[4], rel=0.05)
    frame = residual_frame(found, np.array(has))
    assert frame["achieved"].to_list() == pytest.approx(has)
    closer = frame["residual_after"].abs() < frame["residual_before"].abs()
    assert closer.all()
    # of the boilers, made up as shares of a total, the large one is the first that must have done more
    alone = posterior[posterior["source"].notna()].set_index(["source", "pollutant"])["factor"]
    assert alone["b3", "activity"] > alone["b1", "activity"] > 1
    assert alone["k1", "NOx"] > 1


def test_a_factor_that_moves_takes_along_the_rows_that_would_hide_it(tables: Tables) -> None:
    """Trucks of China III have a NOx factor of their own: observed alone, it moves; the general row of trucks
    is written too, as 1, since the most specific row of a calibration wins."""
    _, _, found = calibrated(tables, observation("NOx", "source=t1", 70, "t/yr"))
    rows = calibration_rows(found, "post", ("other",)).set_index(["class", "technology", "pollutant"])
    moved = rows.loc[("truck", "China III", "NOx"), "factor"]
    assert float(moved.iloc[0] if hasattr(moved, "iloc") else moved) > 1.001
    kin = rows.loc["truck"].reset_index()
    general = kin[(kin["pollutant"] == "NOx") & kin["technology"].isna()]
    assert general["factor"].to_list() == pytest.approx([1])


def test_two_surveys_that_can_not_both_hold_are_named(tables: Tables) -> None:
    _, _, found = calibrated(
        tables,
        observation("NOx", "class=truck", 90, "t/yr"),
        observation("NOx", "class=truck", 300, "t/yr", observation="another", citation="MADE_UP"),
        observation("VOCs", "class=architectural_coating", 160, "t/yr"),
    )
    conflicts = conflict_frame(found)
    assert set(conflicts["observation"]) == {"NOx of class=truck", "another"}


def test_numbers_are_sorted_by_what_they_decide(tables: Tables) -> None:
    inventory, _, found = calibrated(tables, observation("NOx", "class=truck", 90, "t/yr"))
    frame = parameter_frame(found, inventory, tables).set_index("parameter")
    assert frame["decides"].is_monotonic_decreasing
    assert not frame.loc["activity/truck/diesel/MADE_UP", "unseen"]
    coat = frame.loc["factor/architectural_coating/-/solvent_based/-/VOCs"]
    assert (coat["unseen"], coat["of"], coat["factor"]) == (True, "VOCs", pytest.approx(1))


def test_draws_keep_the_median_and_have_the_width_that_observations_leave(tables: Tables) -> None:
    """Trucks outside the account are another source of the same statistic: the sum is known to its error."""
    rows = (observation("NOx", "source=k1", 1152, "t/yr", account="census_2017"),)
    told = with_observations(tables, *rows)
    inventory = build_inventory(told, 2017, None, {})
    known = parameters(inventory, told)
    assert posterior_for(told, inventory, None, known).found is None
    posterior = posterior_for(told, inventory, "fitted", known)
    assert posterior.found is not None
    draws = posterior.draws(4000, seed=1)
    prior = draw_parameters(known, 4000, 1)
    sd = log_sds(posterior.found.fit)[: len(known.frame)]
    reached = np.flatnonzero(sd < known.log_sd - 1e-12)
    assert len(reached) == 3
    assert draws[reached].std(axis=1) == pytest.approx(sd[reached], rel=0.05)
    assert np.median(draws[reached], axis=1) == pytest.approx(0, abs=0.05)
    others = np.setdiff1d(np.arange(len(draws)), reached)
    np.testing.assert_array_equal(draws[others], prior[others])
    np.testing.assert_array_equal(conditioned(posterior.found, prior, 1), draws)


def test_draws_that_end_nowhere_are_told(tables: Tables) -> None:
    """Parts that are far more than their whole, all known to a ten-thousandth: no numbers meet them."""

    def sure(where: str | None, value: float) -> dict[str, object]:
        return observation("NOx", where, value, "t/yr", low=value / 1.0001, high=value * 1.0001)

    _, known, found = calibrated(tables, sure(None, 3e3), sure("source=k1", 1e4), sure("class=truck", 1e4))
    with pytest.raises(InputError) as caught:
        conditioned(found, draw_parameters(known, 4, 1), 1)
    (fault,) = caught.value.faults
    assert fault.value == "NOx of None, NOx of source=k1, NOx of class=truck"
    assert "4 of 4 draws of the numbers end nowhere" in fault.wrong
    assert "conflicts.csv" in fault.right
