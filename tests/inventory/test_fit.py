"""Fitting a calibration to totals, on the miniature inputs."""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from model.base.faults import InputError
from model.calibration.fit import fit_calibration
from model.tables.read import Tables

Add = Callable[..., Tables]


def total(quantity: str, where: str, value: float, unit: str = "t/yr") -> dict[str, object]:
    """A row of observations."""
    names = {"observation": f"{quantity} of {where}", "quantity": quantity, "where": where}
    return {**names, "year": 2017, "area": "150000", "account": "census_2017", "value": value, "unit": unit}


def test_a_total_held_by_an_outlet_concentration_is_met(with_rows: Add) -> None:
    # p1 passes 275.4 t SO2 after removal, and the outlet concentration holds it at 236.7: 200 t take 200 / 275.4
    (fitted,) = fit_calibration(
        with_rows("observations", total("SO2", "class=power_unit", 200)), 2017, "census_2017"
    )
    assert fitted.uncalibrated == pytest.approx(236.703, rel=1e-5)
    assert fitted.calibrated == pytest.approx(200, rel=1e-4)
    assert fitted.factor == pytest.approx(200 / (17e-3 * 0.6 / 20 * 27e6 * 0.02), rel=1e-4)


def test_the_totals_of_a_folder_that_holds_a_city_alone_are_its(with_rows: Add) -> None:
    tables = with_rows("observations", {**total("SO2", "class=power_unit", 200), "area": "150100"})
    areas = tables.frame["areas"]
    alone = replace(tables, frame={**tables.frame, "areas": areas[areas["level"] != "region"]})
    (fitted,) = fit_calibration(alone, 2017, "census_2017")
    assert fitted.calibrated == pytest.approx(200, rel=1e-4)
    with pytest.raises(InputError, match="'150100' is not the region"):
        fit_calibration(tables, 2017, "census_2017")


def test_groups_are_fitted_at_once_inside_the_bounds_and_the_account(with_rows: Add) -> None:
    rows = (
        total("NOx", "class=truck", 0.04, "kt/yr"),  # only t1 with 52.8 t is inside the account
        total("SO2", "class=residential_coal|cement_kiln", 500),  # 108 + 360 t
        total("VOCs", "class=architectural_coating", 15.2),  # a tenth: out of reach
    )
    truck, heat, paint = fit_calibration(with_rows("observations", *rows), 2017, "census_2017")
    assert truck.factor == pytest.approx(40 / 52.8)
    assert heat.factor == pytest.approx(500 / 468)
    assert (paint.factor, paint.calibrated) == pytest.approx((0.4, 0.4 * 152))


def test_a_group_of_classes_is_fitted_and_the_sum_of_others_is_not(with_rows: Add) -> None:
    rows = (
        total("SO2", "group=residential|industry", 600),  # the two that follow, together
        total("SO2", "group=residential", 54),  # residential_coal with 108 t
        total("SO2", "group=industry", 540),  # cement_kiln with 360 t
    )
    homes, industry = fit_calibration(with_rows("observations", *rows), 2017, "census_2017")
    assert (homes.factor, industry.factor) == pytest.approx((0.5, 1.5))
    assert "cement_kiln" in industry.classes


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "toy/observations.csv, account: 'census_2017' has no total by class of 2017; rows of pollutants with where = class=A|B or group=A|B"),
        (
            [{**total("SO2", "class=boiler", 1), "area": "150100"}],
            "reference/observations.csv, row 2, area: '150100' is not the region; totals of the region",
        ),
        (
            [total("SO2", "fuel=coal", 1)],
            "reference/observations.csv, row 2, where: 'fuel=coal' does not name classes; class=A|B or group=A|B",
        ),
        (
            [total("SO2", "class=boiler", 1), total("SO2", "class=truck|boiler", 1)],
            "reference/observations.csv, row 3, where: 'class=truck|boiler' has boiler, as 'SO2 of class=boiler' has; a class stands in one total",
        ),
    ],
)  # fmt: skip
def test_totals_that_can_not_be_fitted(with_rows: Add, rows: list[dict[str, object]], message: str) -> None:
    with pytest.raises(InputError) as caught:
        fit_calibration(with_rows("observations", *rows), 2017, "census_2017")
    assert str(caught.value) == message
