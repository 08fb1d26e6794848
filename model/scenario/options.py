"""Reads prices, growth, measures, projects, the objective, the solver and the sweep of a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.base.faults import nearest
from model.base.units import check_dimension
from model.base.words import POLLUTANTS, QUANTITIES, SUPPLIES
from model.scenario.amounts import (
    Amount,
    Wrong,
    in_unit,
    parse_amount,
    parse_number,
    parse_share,
    parse_year,
    parted,
)
from model.scenario.reader import Reader, amounts, by_year, choice, flag, integer, many, text
from model.scenario.scenario import FrozenMap, MeasureOption, ProjectOption, SolverOptions, Spread, Sweep
from model.tables.schema import table_specs

METHODS = ("pricing", "monolithic", "greedy", "myopic", "evaluate")
EXACT = METHODS[:2]
"""Methods that find the best plan and prove how good it is."""

PRICE_UNITS = ("CNY/t", "CNY/m3", "CNY/GJ", "CNY/tkm")
NOT_SWEPT = (
    *("title", "extends", "region", "register", "start", "years", "plan", "alerts", "not_modelled"),
    *("minimise", "solver", "sweep"),
)
"""Sections in which the cases of a sweep may not differ: plans could not be compared, or would be equal."""

SUPPLY_UNITS = tuple(dict.fromkeys(QUANTITIES[name].unit for name in SUPPLIES))


def read_prices(reader: Reader) -> FrozenMap[str, FrozenMap[int, Amount] | Amount]:
    """Prices: money per unit, or percentages of baseline, which is what the table says."""
    section = reader.section("prices")

    def price(item: str) -> Any:
        def check(amount: Amount) -> Amount:
            units = ("CNY/t",) if item in POLLUTANTS else PRICE_UNITS
            if amount.relation == "percent_of" and amount.base == "baseline":
                return amount
            if amount.relation != "plain" or amount.unit is None:
                raise Wrong("is not a price", f"write NUMBER {units[0]}, or '110 % of baseline'")
            if not any(check_dimension(amount.unit, unit) for unit in units):
                raise Wrong("is not a price", f"write it in {' or '.join(units)}")
            return amount

        return amounts(check)

    found = {item: section.get(item, price(item), None) for item in section.data}
    for item, given in found.items():
        if isinstance(given, FrozenMap) and len({amount.relation for amount in given.values()}) > 1:
            section.fault(item, None, "has prices and percentages", "write all years in one way")
    return FrozenMap({item: amount for item, amount in found.items() if amount is not None})


def read_growth(reader: Reader) -> str | FrozenMap[str, FrozenMap[int, float]] | None:
    """The name of a growth table, or factors by class and year."""
    if isinstance(reader.data.get("growth"), Mapping):
        return reader.section("growth").each(by_year(_factor))
    return reader.get("growth", text, None)


def _factor(value: object) -> float:
    factor = parse_number(value)
    if factor < 0:
        raise Wrong("is negative", "write a factor such as 1.05 or 105 %")
    return factor


def read_measures(reader: Reader) -> FrozenMap[str, MeasureOption]:
    """What a scenario changes of measures."""
    found = {}
    for name, section in reader.section("measures").items():
        found[name] = MeasureOption(
            available=section.get("available", flag, True),
            first_year=section.get("first_year", parse_year, None),
            cost=section.get("cost", _factor, 1.0),
        )
        section.close()
    return FrozenMap(found)


def read_projects(reader: Reader) -> FrozenMap[str, ProjectOption]:
    """What a scenario changes of projects."""

    def capacity(value: object) -> Amount:
        amount = parse_amount(value)
        if amount.relation == "percent_of" and amount.base == "baseline":
            return amount
        if amount.relation == "plain" and amount.value == 0:
            return amount
        if amount.relation == "plain" and amount.unit is not None:
            for unit in SUPPLY_UNITS:
                if any(check_dimension(written, unit) for written in (amount.unit, f"({amount.unit})/yr")):
                    return in_unit(amount, unit, "capacity")
        raise Wrong("is not a capacity", f"write '70 % of baseline', or it in {' or '.join(SUPPLY_UNITS)}")

    statuses = table_specs()["projects"].columns["status"].choices
    found = {}
    for name, section in reader.section("projects").items():
        found[name] = ProjectOption(
            status=section.get("status", choice(statuses), None),
            first_year=section.get("first_year", parse_year, None),
            capacity=section.get("capacity", capacity, None),
        )
        section.close()
    return FrozenMap(found)


def read_minimise(reader: Reader) -> Any:
    """ "cost", or weights of pollutants."""
    if not isinstance(reader.data.get("minimise"), Mapping):
        return reader.get("minimise", choice(("cost",)), "cost")
    section = reader.section("minimise")
    weights = section.each(_factor)
    for name in section.data:
        if name not in POLLUTANTS:
            section.fault(name, None, "is not a pollutant", nearest(name, POLLUTANTS))
    if not any(weights.values()):
        section.fault("", None, "weighs nothing", "write {POLLUTANT: weight}, or cost")
    return weights


def read_solver(reader: Reader) -> SolverOptions:
    """Solver options."""
    section = reader.section("solver")
    default = SolverOptions()
    options = SolverOptions(
        method=section.get("method", choice(METHODS), default.method),
        gap=section.get("gap", parse_share, default.gap),
        time_limit=section.get("time_limit", _seconds, default.time_limit),
        threads=section.get("threads", integer(1), default.threads),
        seed=section.get("seed", integer(0), default.seed),
        alternatives=section.get("alternatives", integer(0), default.alternatives),
        within=section.get("within", parse_share, default.within),
    )
    if options.method == "evaluate" and "plan" not in reader.data:
        section.fault("method", "evaluate", "has no plan to evaluate", "write plan: FILE")
    _go_together(section, options, reader.data.get("minimise", "cost") != "cost")
    section.close()
    return options


def _go_together(section: Reader, options: SolverOptions, emission: bool) -> None:
    """Least emission and alternatives are of plans proven best; alternatives are of least cost."""
    right = f"write {' or '.join(EXACT)}"
    if emission and options.method not in EXACT:
        section.fault("method", options.method, "does not minimise emission", right)
    if options.alternatives and options.method not in EXACT:
        wrong = f"needs a least-cost plan, which {options.method} does not find"
        section.fault("alternatives", options.alternatives, wrong, right)
    if options.alternatives and emission:
        wrong = "is of plans of least cost, and emission is minimised"
        section.fault("alternatives", options.alternatives, wrong, "write minimise: cost, or alternatives: 0")


def _seconds(value: object) -> float:
    amount = parse_amount(value)
    seconds = amount.value if amount == Amount(amount.value) else in_unit(amount, "s", "time_limit").value
    if amount.relation != "plain" or seconds <= 0:
        raise Wrong("is not a time", "write seconds, or such as 5 min")
    return seconds


def read_sweep(reader: Reader) -> Sweep | None:
    """What a sweep runs over; None if there is none."""
    if not reader.has("sweep"):
        return None
    section = reader.section("sweep")
    over = section.section("over")
    sweep = Sweep(
        method=section.get("method", choice(("grid", "list", "random")), "grid"),
        size=section.get("size", integer(1), None),
        seed=section.get("seed", integer(0), 0),
        over=over.each(_values),
    )
    if not over.data:
        section.fault("", None, "has no 'over'", "write over: {PATH: [AMOUNT, ..]}")
    for name, values in sweep.over.items():
        if name.partition(".")[0] in NOT_SWEPT:
            over.fault(name, None, "can not be swept", "sweep what plans differ by, as prices or limits")
        if isinstance(values, Spread) and sweep.method != "random":
            over.fault(name, None, f"method {sweep.method} takes values one by one", "write a list")
        if isinstance(values, Spread):
            _of_one_unit(over, name, values)
        elif sweep.method == "grid":
            for place in (n for n, value in enumerate(values) if value in values[:n]):
                over.fault(f"{name}.{place}", values[place], "stands twice", "write it once")
    lengths = {len(values) for values in sweep.over.values() if not isinstance(values, Spread)}
    if sweep.method == "list" and len(lengths) > 1:
        section.fault("over", None, "its lists are not of one length", "method list takes them side by side")
    if sweep.method == "random" and sweep.size is None:
        section.fault("", None, "has no 'size'", "write size: NUMBER of draws")
    section.close()
    return sweep


def _values(value: object) -> tuple[str, ...] | Spread:
    """Values of a sweep as texts that can follow `--set path=`, or a distribution."""
    if isinstance(value, list) and value:
        return tuple(many(text)([item])[0] for item in value)  # a list may name a value twice
    if isinstance(value, Mapping) and len(value) == 1:
        kind, pair = next(iter(value.items()))
        choice(("uniform", "normal", "lognormal"))(kind)
        if isinstance(pair, list) and len(pair) == 2:
            for item in pair:
                parse_amount(item)
            return Spread(kind, *map(text, pair))
    raise Wrong("is neither values nor a distribution", "write [AMOUNT, ..] or {uniform: [AMOUNT, AMOUNT]}")


def _of_one_unit(over: Reader, name: str, spread: Spread) -> None:
    """The numbers of a distribution are of one unit; the width of a lognormal one has none."""
    first, second = (parted(item)[1] for item in (spread.first, spread.second))
    wanted = "" if spread.kind == "lognormal" else first
    if second != wanted:
        over.fault(name, spread.second, "is in another unit", f"write NUMBER {wanted}".rstrip())
