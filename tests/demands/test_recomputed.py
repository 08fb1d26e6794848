"""Every limit of Honghe's fragments, summed again from the tables and plan.csv without the model (by the
outsider of tests/main), frozen and planned; what bounds them by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from tests.demands.ask import INPUTS, Answer
from tests.demands.page import together
from tests.main.outsider import Answer as Outsider
from tests.main.outsider_limits import compared
from tests.main.outsider_tables import Region, read

pytestmark = pytest.mark.xdist_group("demands")


@dataclass(frozen=True)
class Again:
    """limits: limits.csv with the outsider's `again`, `frozen_again`. start: SO2 of the start year, t."""

    limits: pd.DataFrame
    start: float


@pytest.fixture(scope="module")
def again(honghe: Answer, tmp_path_factory: pytest.TempPathFactory) -> Again:
    file = tmp_path_factory.mktemp("again") / "plan.csv"
    honghe.plan.to_csv(file, index=False)
    plan = read(file)
    region = Region(INPUTS, {"areas": {}, **YAML(typ="safe").load(together("honghe"))})
    answer, frozen = Outsider(region, "plan", plan), Outsider(region, "frozen", plan.iloc[:0])
    rows = honghe.limits.reset_index()
    limits = compared(answer, frozen, rows[rows["quantity"] != "nh3_slip"]).set_index("limit")
    emitted = region.factors(region.sources, region.plant(region.sources))["SO2"] * region.activity[:, 0]
    return Again(limits, float(emitted[~region.sources["outside_account"].astype(bool)].sum()))


def test_every_limit(again: Again) -> None:
    table = again.limits
    assert len(table) > 60
    for name, said in (("again", "achieved"), ("frozen_again", "frozen")):
        assert np.allclose(table[name], table[said], rtol=1e-6, atol=1e-6), name


def test_every_limit_is_met(again: Again) -> None:
    table = again.limits[again.limits["bound"].notna()]
    sign = np.where(table["op"] == "at_least", 1.0, -1.0)
    assert (sign * (table["again"] - table["bound"]) >= -2e-6 * table["bound"].abs()).all()


@pytest.mark.parametrize(("year", "left"), [(2019, 0.97), (2020, 0.90)])
def test_a_chain_linked_target(again: Again, year: int, left: float) -> None:
    bound = again.limits["bound"][f"SO2-CHAIN/{year}"]
    assert bound == pytest.approx(again.start * left / (1 - 0.02), rel=1e-9)


def test_so_many_tonnes_of_projects(again: Again) -> None:
    row = again.limits.loc["KILN-TONNES/2020"]
    assert row["frozen_again"] - row["bound"] == pytest.approx(3000)
    assert row["frozen_again"] - row["again"] >= 3000 * (1 - 1e-6)


def test_points_below_the_start(again: Again) -> None:
    """Half of the ink is solvent-based at the start (solvents.csv)."""
    rows = pd.read_csv(Path(INPUTS) / "honghe" / "solvents.csv")
    ink = rows[rows["class"] == "printing_ink"].groupby("technology")["activity"].sum()
    assert again.limits["bound"]["INK/2020"] == pytest.approx(100 * ink["solvent_based"] / ink.sum() - 15)


def test_totals_of_the_balance(again: Again) -> None:
    """Frozen totals are those of balance.csv; the bound in Mtce is one of GJ."""
    rows = pd.read_csv(Path(INPUTS) / "honghe" / "balance.csv")
    rows = rows[(rows["year"] == 2020) & (rows["growth"] == "as_planned_2018")].set_index("item")["value"]
    limits = again.limits
    assert limits["bound"]["ENERGY-CAP/2020"] == pytest.approx(13.5e6 * 29.3076)
    assert limits["frozen"]["ENERGY-CAP/2020"] == pytest.approx(rows["primary_energy"] * 29.3076e6)
    assert limits["frozen"]["COAL-SHARE/2020"] == pytest.approx(
        100 * rows["coal_energy"] / rows["primary_energy"]
    )
    assert limits["frozen"]["NONFOSSIL/2020"] == pytest.approx(
        100 * rows["nonfossil_energy"] / rows["primary_energy"]
    )


def test_rail_grows_from_the_regional_total(again: Again) -> None:
    rows = pd.read_csv(Path(INPUTS) / "honghe" / "balance.csv")
    start = rows[(rows["year"] == 2017) & (rows["item"] == "rail_freight")]["value"].iloc[0]
    assert again.limits["bound"]["RAIL-GROWTH/2020"] == pytest.approx(1.1 * start * 1e6)
