"""The first page: what is missed is named, signs are right, what one limit is worth is told in a sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.report.messages import load_messages
from model.report.page.data import prices
from model.report.page.lines import price_lines
from model.report.page.opening import tiles
from tests.report.made_up import made_up


def test_limits_and_clauses_that_are_missed_are_named() -> None:
    """One limit, and a mandate that no limit is of; with neither the tile is green."""
    results = made_up()
    tile = tiles(results, load_messages("en", results.names))[0]
    assert (tile.figure, tile.status) == ("2 / 3", "missed")
    assert [line for line in tile.lines if line.startswith("missed: ")] == [
        "missed: boilers in a year (BOILER-RATE)",
        "missed: IM20-BOILER-10 (IM20-BOILER-10)",
    ]
    held = results.limits[results.limits["status"] != "missed"]
    alone = tiles(replace(results, limits=held), load_messages("en"))[0]
    assert (alone.status, len(alone.lines)) == ("missed", 2)
    kept = results.clauses[results.clauses["status"] != "missed"]
    assert tiles(replace(results, limits=held, clauses=kept), load_messages("en"))[0].status == "met"


@pytest.mark.parametrize(("lang", "said"), [("en", "CO₂ +1,000 kt ("), ("zh", "二氧化碳 +100.00万吨（")])
def test_a_plan_that_emits_more_has_a_plus(lang: str, said: str) -> None:
    results = made_up()
    account = results.account
    co2 = (account["pollutant"] == "CO2") & (account["year"] == results.years[-1])
    frozen = float(account.loc[co2 & (account["case"] == "frozen"), "value"].iloc[0])
    changed = account["value"].mask(co2 & (account["case"] == "plan"), frozen + 1e6)
    tile = tiles(replace(results, account=account.assign(value=changed)), load_messages(lang))[3]
    (line,) = (line for line in tile.lines if line.startswith(said.split()[0]))
    assert line.startswith(said.replace("1,000 kt", "1,000.00 kt"))
    assert "-" not in line


def test_limits_alike_share_a_sentence() -> None:
    """Gas of 3000 CNY/m3 in one city, 0.42 and 0.5 in two others: the dearest first, the range of the rest.
    One per cent of 300 million m3 is about 1 million: 3000 million CNY.
    """
    results = made_up()
    limits = results.limits.copy()
    limits.loc[[10, 11], "price"] = [0.5, 3000.0]
    gas = prices(replace(results, limits=limits[limits["limit"].str.startswith("GAS")]), top=99)
    (line,) = price_lines(gas, load_messages("en", results.names), results.manifest)
    assert (
        "at most 300.0 million m³. Loosening it by 1 million m³ would save 3,000 million CNY a year." in line
    )
    assert line.endswith(" With a price: 2 more of this kind, 0.42 to 0.5 CNY per m³.")
    tonne = prices(results, top=1)
    (line,) = price_lines(tonne, load_messages("zh", results.names), results.manifest)
    assert "放宽0.1万吨" in line
    assert line.endswith("，即边际减排成本14,100元/吨。")
