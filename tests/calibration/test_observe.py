"""Observations as sums over the miniature inventory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.base.faults import InputError
from model.calibration.observe import (
    COMMON,
    KINDS,
    Observed,
    accounts_of,
    check_accounts,
    observe,
    with_observations,
)
from model.inventory.emissions import build_inventory
from model.tables.read import Tables
from tests.calibration.region import observation, observed


def amounts(seen: Observed, row: int = 0) -> dict[tuple[int, str], float]:
    """What each element has in an observation: source, kind, amount."""
    part = seen.amount[[row]].tocoo()
    return {
        (int(at) // len(KINDS), KINDS[int(at) % len(KINDS)]): float(value)
        for at, value in zip(part.col, part.data, strict=True)
    }


def test_a_total_counts_emissions_and_a_fuel_counts_activity(tables: Tables) -> None:
    inventory, seen = observed(
        tables,
        observation("NOx", "class=truck", 0.1, "kt/yr"),
        observation("coal", "class=boiler", 30, "kt"),
        observation("stock", "class=truck", 180, "1"),
    )
    place = {name: at for at, name in enumerate(inventory.sources.index)}
    t1, t2 = place["t1"], place["t2"]
    # 5e6 km x 8 g x 1.2 x 1.1 and 8e6 km x 5 g, without altitude
    assert amounts(seen, 0) == pytest.approx({(t1, "NOx"): 0.0528, (t2, "NOx"): 0.04})
    # 125 000 / 20, 2000 and 480 000 / 20 t
    assert amounts(seen, 1) == pytest.approx(
        {(place["b1"], "activity"): 6.25, (place["b2"], "activity"): 2, (place["b3"], "activity"): 24}
    )
    assert amounts(seen, 2) == pytest.approx({(t1, "activity"): 100, (t2, "activity"): 100})
    assert seen.frame["log_sd"].to_numpy() == pytest.approx(np.log(1.2) / 1.96)


def test_what_can_not_be_used_is_left_out_with_its_reason(tables: Tables) -> None:
    _, seen = observed(
        tables,
        observation("SO2", None, 500, "t/yr", account="bottom_up"),  # not asked for
        observation("SO2", None, 500, "t/yr", account="control_total"),
        observation("stock_share", "technology=China IV of class=truck", 50, "%"),
        observation("capacity", "class=boiler", 76, "tph"),
        observation("VOCs", "class=power_unit", 5, "t/yr"),
        observation("VOCs", "class=architectural_coating", 0, "t/yr"),
        observation("coal_out", None, 5, "Mt"),
        observation("NH3", "class=boiler; technology=cfb", 1, "t/yr", year=2016),
    )
    assert seen.frame.empty
    assert seen.amount.shape[0] == 0
    assert seen.left_out["why_not"].to_list() == [
        "the tables were made to meet it",
        "a share, not a sum",
        "does not follow activity",
        "its sources do not give it",
        "is not above 0 and has no logarithm",
        "a statistic without a counterpart in the model",
    ]


def test_observations_of_a_survey_share_half_of_their_variance(tables: Tables) -> None:
    _, seen = observed(
        tables,
        observation("NOx", "class=truck", 90, "t/yr"),
        observation("SO2", "class=truck or class=boiler", 90, "t/yr"),
        observation("NOx", "source=k1", 900, "t/yr"),
        observation("NOx", "class=boiler", 90, "t/yr", citation="MADE_UP", rating="E"),
    )
    sd = np.log(1.2) / 1.96
    assert seen.group.tolist() == [0, 0, -1, -1]  # a stack has no error in common, nor has what stands alone
    assert (seen.single >= 0).tolist() == [False, False, True, False]
    assert seen.common == pytest.approx([np.sqrt(COMMON) * sd] * 2 + [0, 0])
    assert np.hypot(seen.own_log_sd, seen.common) == pytest.approx(sd)


def test_a_file_of_observations_stands_beside_the_region(tables: Tables, tmp_path: Path) -> None:
    path = tmp_path / "stacks.csv"
    path.write_text(
        "observation,year,area,quantity,where,account,value,unit,low,high,citation,rating\n"
        "cems.k1,2017,150200,NOx,source=k1,other,900,t/yr,850,950,MANUAL,A\n"
    )
    told = with_observations(tables, path)
    inventory = build_inventory(told, 2017, None, {})
    seen = observe(inventory, told, ["other"])
    assert inventory.sources.index[seen.single[0]] == "k1"
    with pytest.raises(InputError, match=r"row 2, observation: 'cems.k1' is an observation of the region"):
        with_observations(told, path)


def test_a_bad_file_is_refused_with_all_its_faults(tables: Tables, tmp_path: Path) -> None:
    path = tmp_path / "stacks.csv"
    path.write_text(
        "observation,year,area,quantity,where,account,operator,value,unit,low,high,citation,rating\n"
        "a,2017,150200,NOx,source=k1,mine,,900,t/yr,850,950,MANUAL,A\n"
        "b,2017,150200,NOx,,other,swath,900,t/yr,950,990,NOBODY,A\n"
    )
    with pytest.raises(InputError) as caught:
        with_observations(tables, path)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (2, "account"),
        (3, "citation"),
        (3, "low"),
        (3, "operator"),
    ]


def test_accounts_are_those_of_the_calibration_or_all_that_need_not_be_named(tables: Tables) -> None:
    assert accounts_of(tables, "fitted") == ("census_2017",)
    rows = [
        observation("SO2", None, 1, "t/yr", account=name) for name in ("bottom_up", "other", "census_2017")
    ]
    from tests.calibration.region import with_observations as told

    assert accounts_of(told(tables, *rows), None) == ("other", "census_2017")
    with pytest.raises(InputError, match="--account: 'census' is not an account; did you mean 'census_2017'"):
        check_accounts(["census"])


def test_a_stack_of_no_source_is_refused(tables: Tables) -> None:
    with pytest.raises(InputError, match="where: 'k2' is no source of the tables; known: b1, b2"):
        observed(tables, observation("NOx", "source=k2", 900, "t/yr"))
