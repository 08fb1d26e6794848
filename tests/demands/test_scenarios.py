"""The grammar around entries: extends with null, alternatives, judged limits, what gives way first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.demands.ask import Answer, ask
from tests.demands.page import HEADS

pytestmark = pytest.mark.xdist_group("demands")


def asked(folder: Path, inputs: Path, text: str, base: str = "") -> Answer:
    (folder / "base.yaml").write_text(HEADS["toy"] + base, encoding="utf-8")
    path = folder / "asked.yaml"
    path.write_text("extends: base.yaml\n" + text, encoding="utf-8")
    return ask(path, inputs)


def test_null_removes_what_is_extended(tmp_path: Path, made_up_inputs: Path) -> None:
    base = (
        "mandates:\n  GO: {where: {class: boiler, capacity_tph: 20}, not_in: {fuel: coal}, by: 2018}\n"
        "  LEAVE: {where: {class: truck}, only_in: {technology: scrapped}, by: 2019}\n"
    )
    found = asked(
        tmp_path, made_up_inputs, "mandates:\n  GO: null\n  LEAVE: {where: {technology: China III}}\n", base
    )
    assert found.case.problem.mandate.tolist() == ["LEAVE"]
    ends = found.ends(2019).set_index("source")
    assert ends.loc["b2", "now_fuel"] == "coal"
    assert ends.loc["t1", "now_technology"] == "scrapped"


def test_not_in_several_alternatives(tmp_path: Path, made_up_inputs: Path) -> None:
    """Neither coal without desulphurisation nor gas: b2 must have an FGD or be joined to the network."""
    states = "[{fuel: coal, controls: {not: fgd_wet}}, {technology: gas_boiler}]"
    text = (
        f"mandates:\n  A: {{where: {{class: boiler, capacity_tph: [10, 20]}}, not_in: {states}, by: 2019}}\n"
    )
    ends = asked(tmp_path, made_up_inputs, text).ends(2019).set_index("source")
    for source in ("b1", "b2"):
        row = ends.loc[source]
        controls = row["state"] or row["controls"]
        assert row["now_fuel"] == "network_heat" or "fgd_wet" in controls or row["now_technology"] == "closed"


def test_a_limit_that_is_judged_is_not_imposed(tmp_path: Path, made_up_inputs: Path) -> None:
    text = "limits:\n  A: {quantity: SO2, at_most: {2019: 1 t}, enforce: false}\n"
    found = asked(tmp_path, made_up_inputs, text)
    assert found.met
    assert found.limits["status"]["A/2019"] == "missed"
    assert not found.case.problem.enforced.any()


@pytest.mark.parametrize(
    ("more", "less", "missed"),
    [("strive", "hard", "MORE"), ("hard", "strive", "LESS"), ("about", "basically", "MORE"),
     ("in_principle", "encourage", "LESS")],
)  # fmt: skip
def test_the_weaker_wording_gives_way(
    tmp_path: Path, made_up_inputs: Path, more: str, less: str, missed: str
) -> None:
    """b2 on gas, and no gas for b2: one of the two is missed."""
    boiler = "where: {class: boiler, capacity_tph: 20}"
    text = (
        "limits:\n"
        f"  MORE: {{quantity: capacity, {boiler}, states: {{fuel: natural_gas}}, at_least: {{2019: 14 MW}}, "
        f"strength: {more}}}\n"
        f"  LESS: {{quantity: natural_gas, {boiler}, at_most: {{2019: 0.1 万m3}}, strength: {less}}}\n"
    )
    found = asked(tmp_path, made_up_inputs, text)
    assert found.limits.index[found.limits["status"] == "missed"].tolist() == [f"{missed}/2019"]
    assert (found.ends(2019).set_index("source").loc["b2", "now_fuel"] == "coal") == (missed == "MORE")
