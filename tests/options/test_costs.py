"""What states and moves cost, against numbers worked by hand; b1 as in test_effects."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.base.faults import InputError
from tests.baseline.world import coal_boiler
from tests.options.catalogue import (
    CLOSE,
    EVERY_POLLUTANT,
    FGD,
    GAS,
    SNCR,
    boiler_world,
    costs,
    data,
    measure,
    options_of,
)
from tests.small_inputs import CLASSES, DEFLATORS, PRICES, REGION, SOURCE_HEADER, TECHNOLOGIES

ANNUITY_20 = 0.05 / (1 - 1.05**-20)
GAS_RUNNING = 1.1 / 0.036 * 2.5 - 1.25 / 20 * 400 - 0.01 * 500
"""Gas at 2.5 CNY/m3 less coal at 400 CNY/t less 0.01 MWh at 500 CNY, per GJ of heat: 46.39 CNY."""


def test_gas_switch(tmp_path: Path) -> None:
    numbers = [
        data("gas", "capital", 300_000, "CNY/tph", "capacity"),
        data("gas", "size_exponent", 0.7, "1"),
        data("gas", "reference_capacity", 20, "tph"),
        data("gas", "lifetime", 20, "yr"),
        data("gas", "fixed_om", 3, "%/yr", "capital"),
        data("gas", "variable_om", 2, "CNY/GJ", "activity"),
    ]
    options = options_of(boiler_world(tmp_path, [GAS], numbers))
    (move,) = options.moves.to_dict("records")
    capital = 300_000 * 10 * (10 / 20) ** -0.3
    assert move["overnight"] == pytest.approx(capital)
    assert move["annuity"] == pytest.approx(capital * ANNUITY_20)
    assert (move["measures"], move["payer"], move["units"], move["capacity"]) == (
        ("gas",),
        "enterprise",
        1,
        10,
    )
    assert options.kinds["fuel"][1] == pytest.approx([GAS_RUNNING] * 3)
    assert options.kinds["variable"][1] == pytest.approx([2] * 3)
    assert options.running[1] == pytest.approx([GAS_RUNNING + 2] * 3)
    assert options.fixed[1] == pytest.approx(0.03 * capital)
    assert np.all(options.running[0] == 0)
    assert options.fixed[0] == 0


@pytest.mark.parametrize(
    ("row", "overnight"),
    [
        (data("fgd", "capital", 2, "MCNY", "source"), 2e6),
        (data("fgd", "capital", 50, "CNY/kW", "capacity"), 50 * 7000),
        (data("fgd", "capital", 3, "CNY/(GJ/yr)", "activity"), 300_000),
        (data("fgd", "capital", 3, "CNY/GJ", "activity"), 300_000),
    ],
)
def test_what_capital_is_per(tmp_path: Path, row: str, overnight: float) -> None:
    options = options_of(boiler_world(tmp_path, [FGD], [row, data("fgd", "lifetime", 20, "yr")]))
    assert options.moves["overnight"].to_list() == pytest.approx([overnight])


def test_a_cost_of_the_class_and_the_size_goes_before_a_general_one(tmp_path: Path) -> None:
    numbers = [
        data("fgd", "capital", 1, "CNY/tph", "capacity"),
        data("fgd", "capital", 2, "CNY/tph", "capacity", **{"class": "boiler"}),
        data("fgd", "capital", 3, "CNY/tph", "capacity", **{"class": "boiler", "min_capacity": 20}),
        data("fgd", "lifetime", 20, "yr"),
    ]
    rows = (coal_boiler("b1", capacity=19), coal_boiler("b2", capacity=20))
    options = options_of(boiler_world(tmp_path, [FGD], numbers, rows=rows))
    assert options.moves["overnight"].to_list() == pytest.approx([38, 60])


def test_money_is_brought_to_the_price_year(tmp_path: Path) -> None:
    deflators = DEFLATORS + "2012,0.8,0.9,MADE_UP,E,no\n"
    numbers = [
        data("fgd", "capital", 80_000, "CNY/tph", "capacity", price_year=2012),
        data("fgd", "lifetime", 20, "yr"),
        data("fgd", "variable_om", 0.9, "CNY/GJ", "activity", price_year=2012),
    ]
    files = {"reference/deflators.csv": deflators}
    options = options_of(boiler_world(tmp_path, [FGD], numbers, files=files))
    assert options.moves["overnight"].to_list() == pytest.approx([1e6])
    assert options.running[1] == pytest.approx([1] * 3)
    late = EVERY_POLLUTANT + "measures: {fgd: {cost: 2}}\n"
    dear = options_of(boiler_world(tmp_path / "dear", [FGD], numbers, late, files=files))
    assert dear.moves["overnight"].to_list() == pytest.approx([2e6])
    assert dear.running[1] == pytest.approx([2] * 3)


def test_a_package_costs_the_sum_of_its_measures(tmp_path: Path) -> None:
    numbers = costs("fgd", 100_000, 20) + costs("sncr", 20_000, 15)
    numbers += [data("sncr", "variable_om", 0.5, "CNY/GJ", "activity")]
    options = options_of(boiler_world(tmp_path, [FGD, SNCR], numbers))
    labels = options.states["label"]
    moves = options.moves.assign(
        from_state=labels[options.moves["from_state"]].to_numpy(),
        to_state=labels[options.moves["to_state"]].to_numpy(),
    ).set_index(["from_state", "to_state"])
    both, fgd, sncr = "coal/grate/fgd_wet+sncr+bag", "coal/grate/fgd_wet+bag", "coal/grate/sncr+bag"
    start = "coal/grate/bag"
    assert sorted(moves.index) == sorted(
        [(start, fgd), (start, sncr), (start, both), (fgd, both), (sncr, both)]
    ), "nothing is taken out again"
    annuity_15 = 0.05 / (1 - 1.05**-15)
    assert moves.loc[(start, both), "overnight"] == pytest.approx(1_200_000)
    assert moves.loc[(start, both), "annuity"] == pytest.approx(1e6 * ANNUITY_20 + 2e5 * annuity_15)
    assert moves.loc[(fgd, both), "overnight"] == pytest.approx(200_000)
    assert moves.loc[(fgd, both), "measures"] == ("sncr",)
    assert options.running[labels[labels == both].index[0]] == pytest.approx([0.5] * 3)
    assert options.outlays["overnight"].to_list() == pytest.approx([1e6, 2e5])


def test_closing_has_a_value_lost_and_no_way_back(tmp_path: Path) -> None:
    numbers = [*costs("close", 10_000), *costs("fgd"), data("close", "value_lost", 12, "CNY/GJ", "activity")]
    options = options_of(boiler_world(tmp_path, [CLOSE, FGD], numbers))
    closed = options.states.index[options.states["label"] == "closed"][0]
    assert options.running[closed] == pytest.approx([12 - 1.25 / 20 * 400 - 0.01 * 500] * 3)
    assert closed not in options.moves["from_state"].to_list()
    assert options.moves.set_index("to_state").loc[closed, "payer"] == "city"


def test_prices_by_place_and_year(tmp_path: Path) -> None:
    prices = PRICES + "natural_gas,150100,2017,2017,2,CNY/m3,,,MADE_UP,E\n"
    prices += "natural_gas,150100,2019,2017,3,CNY/m3,,,MADE_UP,E\n"
    rows = (coal_boiler("b1"), coal_boiler("b2", area="150200"))
    world = boiler_world(tmp_path, [GAS], costs("gas"), rows=rows, files={"reference/prices.csv": prices})
    options = options_of(world)
    more = np.array([2.0, 3, 3]) - 2.5
    gas = options.states["label"] == "natural_gas/gas_boiler"
    first, second = options.running[gas.to_numpy()]
    assert first == pytest.approx(GAS_RUNNING + 1.1 / 0.036 * more)
    assert second == pytest.approx([GAS_RUNNING] * 3)


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        ("{natural_gas: 3 CNY/m3}", [GAS_RUNNING + 1.1 / 0.036 * 0.5] * 3),
        (
            "{natural_gas: {2017: 2.5 CNY/m3, 2019: 3 CNY/m3}}",
            [GAS_RUNNING, *[GAS_RUNNING + 1.1 / 0.036 * 0.5] * 2],
        ),
        ("{natural_gas: 100 CNY/GJ}", [110 - 25 - 5] * 3),
        ("{electricity: 600 CNY/MWh}", [GAS_RUNNING - 1] * 3),
        # CO2: 95 kg/GJ x 1.25 GJ of coal, 56 x 1.1 of gas.
        ("{CO2: 50 CNY/t}", [GAS_RUNNING + 50 * (0.0616 - 0.11875)] * 3),
    ],
)
def test_prices_of_the_scenario(tmp_path: Path, prices: str, expected: list[float]) -> None:
    options = options_of(boiler_world(tmp_path, [GAS], costs("gas"), f"{EVERY_POLLUTANT}prices: {prices}\n"))
    assert options.running[1] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        (
            [data("fgd", "capital", 1, "CNY/tph", "capacity")],
            "capital of fgd has no lifetime for class boiler",
        ),
        (
            [data("fgd", "capital", 1, "CNY", "stock"), data("fgd", "lifetime", 1, "yr")],
            "measure: 'fgd' has no cost for source b1 of class boiler; give the source the size",
        ),
        (
            [
                data("fgd", "capital", 1, "CNY/tph", "capacity", min_capacity=20),
                data("fgd", "lifetime", 1, "yr"),
            ],
            "measure: 'fgd' has no cost for source b1 of class boiler",
        ),
        (
            [data("fgd", "capital", 1, "CNY/t", "capacity"), data("fgd", "lifetime", 1, "yr")],
            "reference/measure_data.csv, row 2, unit: 'CNY/t' ",
        ),
        (
            [
                data("fgd", "capital", 1, "CNY/tph", "capacity", price_year=2001),
                data("fgd", "lifetime", 1, "yr"),
            ],
            "price_year: '2001' is not in deflators.csv; add the year there",
        ),
    ],
)
def test_faults_of_costs(tmp_path: Path, numbers: list[str], message: str) -> None:
    with pytest.raises(InputError) as error:
        options_of(boiler_world(tmp_path, [FGD], numbers))
    assert message in str(error.value)


def test_a_fuel_without_a_price(tmp_path: Path) -> None:
    files = {"reference/prices.csv": PRICES.replace("natural_gas,,", "natural_gas,150200,")}
    with pytest.raises(
        InputError, match="no price of fuel, electricity or heat for boiler/natural_gas/gas_boiler"
    ):
        options_of(boiler_world(tmp_path, [GAS], costs("gas"), files=files))


def test_road_to_rail_pays_the_carrier(tmp_path: Path) -> None:
    rail = measure(
        "rail",
        "fuel",
        fits_class="freight",
        fits_fuel="diesel",
        sets_fuel="electricity",
        sets_technology="rail",
    )
    nev = measure(
        "nev",
        "fuel",
        fits_class="freight",
        fits_fuel="diesel",
        sets_fuel="electricity",
        sets_technology="NEV",
    )
    header = SOURCE_HEADER.replace("duty,", "distance_km,")
    row = "f1,2017,freight,,150100,rural,,,,1000000,tkm,diesel,China IV,,,,,400,no,,MADE_UP,E,yes\n"
    files = {
        "reference/classes.csv": CLASSES
        + "freight,Freight,货运,mobile,freight,3.1,F_RoadTransport,1.A.3.b.iii,,transportation,"
        "tkm,,yes,0.5,no,transport\n",
        "reference/technologies.csv": TECHNOLOGIES
        + "freight,diesel,,,0.001,,,,,MADE_UP,E,no\nfreight,electricity,,,0.0001,,,,,MADE_UP,E,no\n",
        "reference/prices.csv": PRICES + "road_freight,,2017,2017,0.3,CNY/tkm,,,MADE_UP,E\n"
        "rail_freight,,2017,2017,0.18,CNY/tkm,,,MADE_UP,E\n",
        f"{REGION}/freight.csv": header + row,
    }
    numbers = [data("rail", "variable_om", 0.1, "CNY/tkm", "activity")]
    counted = "limits: {R: {quantity: rail_freight, at_least: {2020: 1 t}}}\n"  # else NEV beats rail
    world = boiler_world(tmp_path, [rail, nev], numbers, counted, files=files)
    options = options_of(world)
    states = options.states.assign(at=range(len(options.states))).set_index("label")
    by_rail, by_nev = states.loc["electricity/rail"], states.loc["electricity/NEV"]
    assert options.running[by_rail["at"]] == pytest.approx([0.18 - 0.3 + 0.1] * 3), (
        "the price has the fuel in it"
    )
    assert by_rail["rail_freight"] == pytest.approx(1 / 400)
    assert by_nev["rail_freight"] == 0
    expected = 0.0001 / 3.6 * 500 - 0.001 / 43 * 6000
    assert options.running[by_nev["at"]] == pytest.approx([expected] * 3), "the same road, other fuel"


def test_cost_scales_with_activity_and_sources_may_be_permuted(tmp_path: Path) -> None:
    numbers = costs("gas") + costs("fgd") + [data("fgd", "variable_om", 0.5, "CNY/GJ", "activity")]
    one, two = coal_boiler("b1"), coal_boiler("b2", capacity=20, activity=50_000, controls="", area="150200")
    twice = coal_boiler("b1", activity=200_000)
    plain = options_of(boiler_world(tmp_path / "a", [GAS, FGD], numbers, rows=(one, two)))
    turned = options_of(boiler_world(tmp_path / "b", [GAS, FGD], numbers, rows=(two, one)))
    double = options_of(boiler_world(tmp_path / "c", [GAS, FGD], numbers, rows=(twice, two)))
    np.testing.assert_allclose(double.running, plain.running)  # per unit of activity
    np.testing.assert_allclose(double.moves["overnight"], plain.moves["overnight"])
    size = (plain.states["source"] == 0).sum()
    other = (plain.states["source"] == 1).sum()
    order = [*range(other, other + size), *range(other), *range(size + other, len(plain.states))]
    np.testing.assert_allclose(turned.running[order], plain.running)
    assert turned.states["label"].iloc[order].to_list() == plain.states["label"].to_list()
