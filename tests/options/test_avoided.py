"""What a new source saves where another plant is built in the place of that of state 0."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.options.options import Options
from tests.baseline.world import GROWTH_HEADER, NEW_BUILD_HEADER
from tests.options.catalogue import CLOSE, EVERY_POLLUTANT, FGD, GAS, boiler_world, costs, options_of
from tests.small_inputs import REGION

PLANTS = NEW_BUILD_HEADER.replace("controls,", "controls,capital_cny_per_capacity,lifetime,price_year,")


def new_boilers(folder: Path, measures: list[str], first_year: int = 2018) -> Options:
    """100 000 GJ grow to 150 000 in equal steps: 5 t/h in units of 2, 150 000 CNY of 2015 a t/h, 25 years."""
    growth = [(2018, 1 + 0.5 / 3), (2019, 1 + 1 / 3), (2020, 1.5)]
    files = {
        f"{REGION}/growth.csv": GROWTH_HEADER
        + "".join(f"g,boiler,,,,,,{year},{factor},2017,MADE_UP,E,no\n" for year, factor in growth),
        f"{REGION}/new_build.csv": PLANTS + "boiler,,,coal,1,2,coal,grate,bag,150000,25,2015,MADE_UP,E,no\n",
    }
    late = f"measures: {{gas: {{first_year: {first_year}}}}}\n" if GAS in measures else ""
    numbers = {GAS: costs("gas", 200_000, 20), FGD: costs("fgd"), CLOSE: costs("close", 10_000)}
    rows = [row for measure in measures for row in numbers[measure]]
    text = f"{EVERY_POLLUTANT}growth: g\n{late}"
    return options_of(boiler_world(folder, measures, rows, text, files=files))


def outlay(options: Options, source: int, measure: str) -> tuple[float, float]:
    rows = options.outlays[(options.outlays["source"] == source) & (options.outlays["measure"] == measure)]
    return float(rows["overnight"].iloc[0]), float(rows["annuity"].iloc[0])


def _annuity(years: int) -> float:
    return 0.05 / (1 - 1.05**-years)


def test_the_plant_that_is_not_built_is_saved(tmp_path: Path) -> None:
    options = new_boilers(tmp_path, [GAS, FGD])
    new = int(options.outlays["source"].max())
    saved = 5 * 150_000 / 0.95  # the price index of 2015
    assert outlay(options, new, "gas")[0] == pytest.approx(5 * 200_000 - saved)
    assert outlay(options, new, "gas")[1] == pytest.approx(1e6 * _annuity(20) - saved * _annuity(25))
    assert outlay(options, new, "fgd")[0] == pytest.approx(5 * 100_000), "stands beside the plant"
    assert outlay(options, 0, "gas")[0] == pytest.approx(10 * 200_000), "what stands is not saved"
    moves = options.moves[options.moves["measures"] == ("gas",)]
    assert moves["overnight"].iloc[-1] == pytest.approx(5 * 200_000 - saved)
    ended = new_boilers(tmp_path / "ended", [CLOSE])
    assert outlay(ended, new, "close")[0] == pytest.approx(5 * 10_000 - saved), "cheaper than to build"


def test_what_is_built_before_is_not_saved(tmp_path: Path) -> None:
    """On offer from 2019 on, when a third stands."""
    options = new_boilers(tmp_path, [GAS], first_year=2019)
    new = int(options.outlays["source"].max())
    assert outlay(options, new, "gas")[0] == pytest.approx(1e6 - 2 / 3 * 5 * 150_000 / 0.95)
