"""The tables of the toy run, cells by hand or against the files of the run."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from model.report.products.design import Filled
from model.report.products.gather import Gathered, gather
from model.report.products.lexicon import plain
from model.results.assumptions import assumption_frame
from model.results.results import Results
from tests.report.products.made import emergency
from tests.results.toy_run import Run


@pytest.fixture(scope="module")
def gathered(results: Results) -> Gathered:
    return gather(results, emergency(), "zh")


def table(gathered: Gathered, ident: str) -> pd.DataFrame:
    return gathered.tables[ident].rows


def test_project_of_a_boiler(gathered: Gathered, results: Results) -> None:
    # 10 t/h of coal to gas: 3 M CNY; heat for process or heating decides the month.
    action = results.plan[results.plan["source"] == "b1"].iloc[0]
    row = table(gathered, "projects").iloc[gathered.actions.index[gathered.actions["source"] == "b1"][0]]
    assert row["size"] == "10蒸吨/小时"
    assert row["investment"] == 300
    assert row["SO2"] == pytest.approx(action["abated_SO2_t"], abs=1)
    assert row["done"] in (f"{action['year']}年10月", f"{action['year']}年12月")
    assert row["action"] == "结构减排"
    assert "T-SMALL" in row["clause"]
    assert row["per_tonne"] % 100 == 0


def test_boilers_taken_out_are_existing_coal_boilers(gathered: Gathered, results: Results) -> None:
    boilers = gathered.actions[
        (gathered.actions["class"] == "boiler") & (gathered.actions["fuel_from"] == "coal")
    ]
    expected = boilers[(boilers["action"] == "structural") & (boilers["vintage"] == "existing")]
    assert len(table(gathered, "boilers")) == len(expected) > 0
    heat = table(gathered, "boilers")["heat"].iloc[0]
    assert "7.0兆瓦" in heat  # 10 t/h x 0.7


def test_tasks_add_up(gathered: Gathered, results: Results) -> None:
    tasks = table(gathered, "tasks")
    for name, pollutant in (("二氧化硫", "SO2"), ("颗粒物", "PM10")):
        rows = tasks[tasks["pollutant"] == name]
        assert (rows["structural"] + rows["engineering"] + rows["management"] == rows["total"]).all()
        cities, region = rows.iloc[:-1], rows.iloc[-1]
        assert cities["total"].sum() == region["total"]
        assert region["total"] == pytest.approx(results.plan[f"abated_{pollutant}_t"].sum(), abs=1.5)
        first = results.emissions.query("year == 2017 and case == 'plan' and pollutant == @pollutant")
        assert region["start"] == pytest.approx(first["value"].sum(), abs=0.5)


def test_works_pay_what_the_actions_cost(gathered: Gathered, results: Results) -> None:
    works = gathered.tables["works"]
    assert works.total is not None
    scale = gathered.words.money
    payers = works.rows[["state", "region", "city", "county", "enterprise", "social"]].sum(axis=1)
    assert payers.to_numpy() == pytest.approx(works.rows["investment"].to_numpy())
    spent = results.plan["investment_cny"].sum() / scale.by
    assert works.total["investment"] == pytest.approx(spent, abs=6 * 10.0**-scale.decimals)
    assert works.total["count"] == len(results.plan)


def test_targets_are_in_order_with_their_base(gathered: Gathered, results: Results) -> None:
    targets = table(gathered, "targets")
    row = targets[targets["indicator"].str.contains("T-SO2-2020")].iloc[0]
    link = results.links[results.links["year"] == 2020].iloc[0]
    # The base is that of the chain: the start is a tenth below it (progress 10 %).
    assert row["base"] == pytest.approx(link["start_value"] / 0.9, rel=0.01)
    assert row["bound"] == pytest.approx(0.72 * row["base"], rel=0.01)
    assert (row["nature"], row["status"]) == ("约束性", "完成")


def test_clauses_say_why_one_is_not_modelled(gathered: Gathered, results: Results) -> None:
    clauses = table(gathered, "clauses")
    assert len(clauses) == len(results.clauses)
    outside = clauses[clauses["status"] == "未纳入模型"]
    assert outside["reason"].astype(bool).all()
    assert not outside["evidence"].astype(bool).any()


def test_emergency_has_a_row_a_source(gathered: Gathered) -> None:
    rows = table(gathered, "emergency")
    assert len(rows) == 2  # ordered and protected; what is neither is not listed
    boiler, held = rows.iloc[0], rows.iloc[1]
    assert (boiler["yellow"], boiler["red"]) == ("限产（减20%）", "限产（减50%）")
    assert boiler["SO2"] == 25  # at the highest level, not both
    assert held["held"] == "居民供暖"


def test_orders_of_a_source_at_one_level_stand_together(results: Results) -> None:
    lists = emergency()
    other = lists.listed.iloc[[1]].assign(order_zh="停车", share_stopped=1.0, pct_of_day_SO2=2.0)
    twice = replace(lists, listed=pd.concat([lists.listed, other], ignore_index=True))
    rows = table(gather(results, twice, "zh"), "emergency")
    boiler = rows.iloc[0]
    assert (boiler["yellow"], boiler["red"]) == ("限产（减20%）", "限产（减50%）；停车（减100%）")
    assert boiler["SO2"] == 51  # 2 x 25.4, both at the highest level
    once = float(lists.listed["pct_of_day_SO2"].iloc[1])
    assert boiler["share"].startswith(f"SO2 {once + 2.0:.2f}%")


def test_quality_adds_up_to_a_hundred(gathered: Gathered) -> None:
    rows = table(gathered, "quality")
    for labels in (["measured", "published", "split", "recalled", "own"], list("ABCDE")):
        assert rows[labels].sum(axis=1).to_numpy() == pytest.approx(100.0)


def test_small_regions_are_in_tonnes_and_ten_thousand_yuan(results: Results) -> None:
    made = gather(results, None, "zh")
    assert made.words.m.small  # the toy region emits little
    heads = made.tables["works"].heads("zh")
    assert "总投资（万元）" in heads
    big = replace(results, account=results.account.assign(value=results.account["value"] * 1e6))
    assert "总投资（亿元）" in gather(big, None, "zh").tables["works"].heads("zh")


def test_a_price_of_the_scenario_names_it_as_its_source(toy: Run) -> None:
    scenario = toy.world.under("prices: {natural_gas: {2018: 3 CNY/m3, 2020: 4 CNY/m3}}\n").scenario
    given = assumption_frame(toy.world.tables, scenario, toy.results.plan)
    rows = table(gather(replace(toy.results, assumptions=given), None, "zh"), "assumptions")
    set_by_hand = rows[rows["citation"] == "情景设定"]
    assert set_by_hand["value"].tolist() == [3.0, 4.0]
    assert set_by_hand["item"].str.contains("天然气|natural_gas").all()
    assert not set_by_hand["range"].any()


def test_tables_without_rows_keep_their_heads(gathered: Gathered) -> None:
    rail: Filled = gathered.tables["rail"]
    assert len(rail.rows) == 0
    assert len(rail.heads("zh")) == len(rail.design.fields)
    assert len(gathered.tables["ultra_low"].rows) == 0


@pytest.mark.parametrize(
    ("code", "heads", "whole"),
    [
        ("15", ["盟市", "旗县（市、区）", "自治区", "占全区比重（%）"], "全区"),
        ("53", ["州市", "县（市、区）", "省级", "占全省比重（%）"], "全省"),
        ("65", ["地市", "县（市、区）", "自治区", "占全区比重（%）"], "全区"),
    ],
)
def test_places_have_the_words_of_their_province(
    results: Results, code: str, heads: list[str], whole: str
) -> None:
    names = results.names.copy()
    city = names["kind"] == "city"
    names.loc[city, "id"] = code + names.loc[city, "id"].str[2:]
    made = gather(replace(results, names=names), None, "zh").tables
    shown = {head for filled in made.values() for head in filled.heads("zh")}
    assert set(heads) <= shown
    assert not [head for head in shown if "{" in head or (code != "15" and ("盟" in head or "旗" in head))]
    assert made["tasks"].design.title["zh"] == f"分{heads[0]}减排任务分解表"
    assert whole in set(made["tasks"].rows["city"])


@pytest.mark.parametrize(
    ("value", "text"), [(1234.5, "1,234"), (0.02634, "0.0263"), (69.5, "69.5"), (100, "100")]
)
def test_plain_numbers(value: float, text: str) -> None:
    assert plain(value) == text


def test_a_row_of_a_table_is_told_in_words_first(results: Results) -> None:
    clauses = results.clauses.copy()
    clauses.loc[clauses["clause"] == "T-VOC", "quote"] = "VOCs 10 >12.5"
    rows = table(gather(replace(results, clauses=clauses), None, "zh"), "clauses")
    assert "要求T-VOC（原文为表格：VOCs 10 >12.5）" in set(rows["quote"])
    english = table(gather(results, None, "en"), "clauses")
    assert english["quote"].str.startswith("Demand T-").all()


def test_targets_show_the_decimals_of_their_unit_and_how_they_are_read(results: Results) -> None:
    names = results.names.copy()
    names.loc[len(names)] = ["note", "T-VOC", "as of 2017", "按2017年计"]
    rows = table(gather(replace(results, names=names), None, "zh"), "targets")
    row = rows[rows["indicator"].str.contains("T-VOC")].iloc[0]
    assert row["indicator"].endswith("（按2017年计）")
    assert (rows["decimals"] == 0).all()  # whole tonnes of a small region


def test_loosened_limits_are_told_in_words_and_only_where_they_save(results: Results) -> None:
    limits = results.limits.copy()
    of_year = limits["limit"] == "T-SO2/2020"
    limits["price"] = 0.0
    limits.loc[of_year, ["price", "status"]] = [2e6, "binding"]
    bound = float(limits.loc[of_year, "bound"].iloc[0])
    rows = table(gather(replace(results, limits=limits), None, "zh"), "sensitivity")
    (row,) = rows[rows["kind"] == "约束放宽"].to_dict("records")
    assert row["item"].startswith("要求T-SO2-2020")
    assert row["money"] == round(-2e6 * bound / 100 / 1e4)
    assert row["changed"] - row["planned"] == pytest.approx(bound / 100, abs=0.51 * 10.0 ** -row["decimals"])
    none = replace(results, limits=limits.assign(price=limits["price"] * 1e-9))
    assert not (table(gather(none, None, "zh"), "sensitivity")["kind"] == "约束放宽").any()


@pytest.mark.parametrize(
    ("row", "chinese", "english"),
    [
        ({"capacity": 300.0, "capacity_unit": "MW"}, "30万千瓦", "300 MW"),
        ({"activity": 2.6e5, "activity_unit": "t"}, "26万吨/年", "260 kt/yr"),
        ({"activity": 8755.0, "activity_unit": "t"}, "8,755吨/年", "8,755 t/yr"),
        ({"activity": 260.0, "activity_unit": "GJ"}, "260吉焦/年", "260 GJ/yr"),
        (
            {"activity": 126.0, "activity_unit": "1", "class": "scattered_enterprise"},
            "126家",
            "126 enterprises",
        ),
        ({"activity": 8.0, "activity_unit": "head"}, "8头（只）", "8 head"),
        ({"fleet": "nonroad", "stock": 3.37}, "3台", "3 machines"),
    ],
)
def test_sizes(results: Results, row: dict[str, object], chinese: str, english: str) -> None:
    nothing = {"fleet": "", "capacity": math.nan, "capacity_unit": "", "activity": math.nan}
    for lang, text in (("zh", chinese), ("en", english)):
        assert gather(results, None, lang).words.size({**nothing, **row}) == text
