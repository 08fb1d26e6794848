"""Cost curves of made-up cities: measures with a price and a potential each, taken cheapest first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

CITIES = ("Hohhot", "Baotou", "Hulunbuir", "Chifeng", "Ordos", "Wuhai", "Tongliao", "Ulanqab")
MEASURES = (
    ("fgd_upgrade", 0.16, -400.0),
    ("boiler_close", 0.08, 900.0),
    ("fgd_wet", 0.22, 2_400.0),
    ("home_heat_pump", 0.05, 7_000.0),
    ("boiler_gas", 0.12, 16_000.0),
    ("truck_scrap", 0.03, 55_000.0),
    ("rto", 0.01, 210_000.0),
)
"""Measure, share of the frozen emission that it can cut, CNY per tonne in a city of factor 1."""
OTHERS = {"NOx": 0.35, "VOCs": 0.05, "PM10": 0.6, "PM2.5": 0.55, "CO2": 0.12}


def curve(
    cities: Sequence[str] = CITIES, pollutant: str = "SO2", points: int = 25, year: int = 2020
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """(curve, curve_measures, curve_others) of the cities; city n emits 80 / (1 + n) kt and pays 1 + n / 5
    times the prices above.
    """
    rows, entered, others = [], [], []
    for n, city in enumerate(cities):
        frozen, dear = 8e4 / (1 + n), 1 + n / 5
        share = np.array([share for _, share, _ in MEASURES])
        price = np.array([price for _, _, price in MEASURES]) * dear
        end = share.cumsum()
        for point, cut in enumerate(np.linspace(end[0], end[-1], points)):
            taken = np.clip(cut - (end - share), 0.0, share)
            cost = float(frozen * (taken * price).sum())
            step = min(int(np.searchsorted(end, cut - 1e-12)), len(MEASURES) - 1)
            rows.append(
                {
                    "city": city,
                    "pollutant": pollutant,
                    "year": year,
                    "point": point,
                    "reduction_t": frozen * cut,
                    "reduction_pct": 100 * cut,
                    "total_cost_cny": cost,
                    "average_cny_per_t": cost / frozen / cut,
                    "marginal_cny_per_t": max(float(price[step]), 0.0) if point else 0.0,
                    "gap": 0.004,
                    "price_cny_per_t": 1.1 * max(float(price[step]), 0.0) if point else 0.0,
                    "bound_cny": cost - 0.01 * abs(cost),
                }
            )
            key = {"city": city, "pollutant": pollutant, "year": year, "point": point}
            entered += [
                {**key, "measure": name, "sources": round(400 * part), "reduction_t": frozen * part}
                for (name, _, _), part in zip(MEASURES, taken, strict=True)
                if part > 0
            ]
            others += [
                {**key, "other": name, "reduction_t": 1e4 * cut * rate, "reduction_pct": 100 * cut * rate}
                for name, rate in OTHERS.items()
            ]
    return pd.DataFrame(rows), pd.DataFrame(entered), pd.DataFrame(others)


def prices(cities: Sequence[str] = CITIES, years: Sequence[int] = (2018, 2019, 2020)) -> pd.DataFrame:
    """prices.csv of two pollutants, rising by year and city; the last city is out of reach at the end."""
    rows = []
    for p, pollutant in enumerate(("SO2", "NOx")):
        for n, city in enumerate(cities):
            for y, year in enumerate(years):
                missed = n == len(cities) - 1 and y == len(years) - 1
                price = float("nan") if missed else 700.0 * (1 + n) ** 1.7 * y * (1 + 2 * p)
                status = "missed" if missed else "binding" if price else "slack"
                rows.append((city, pollutant, year, price, status))
    return pd.DataFrame(rows, columns=["city", "pollutant", "year", "price_cny_per_t", "status"])


def allocation(cities: Sequence[str] = CITIES, percent: float = 20.0) -> pd.DataFrame:
    """allocation.csv of SO2 in 2020. The n-th city emits 80 / (1 + n) kt and pays 100 (1 + n / 2) r CNY for
    the last tonne at a cut of r per cent: least cost where that is the same everywhere.
    """
    number = np.arange(len(cities))
    frozen, slope = 8e4 / (1 + number), 100 * (1 + number / 2)
    least = percent * frozen.sum() / (frozen / slope).sum() / slope
    rows = []
    for rule, cut in (("equal", np.full(len(cities), percent)), ("least", least)):
        cost = frozen / 100 * slope * cut**2 / 2
        part = zip(cities, frozen * cut / 100, cut, cost, strict=True)
        rows += [(rule, city, "SO2", 2020, *values, np.nan, np.nan) for city, *values in part]
        total = cost.sum()
        rows.append((rule, "", "SO2", 2020, (frozen * cut).sum() / 100, percent, total, 0.99 * total, total))
    (_, *_, equal, low, high), (_, *_, cheap, least, most) = (row for row in rows if row[1] == "")
    rows.append(("saved", "", "SO2", 2020, 0.0, 0.0, equal - cheap, low - most, high - least))
    columns = ["rule", "city", "pollutant", "year", "reduction_t", "reduction_pct", "total_cost_cny"]
    return pd.DataFrame(rows, columns=[*columns, "low_cny", "high_cny"])


def sweep(size: int = 200) -> dict[str, pd.DataFrame]:
    """sweep, response and tornado of three numbers and a word; dear gas makes some cases infeasible."""
    random = np.random.default_rng(0)
    columns = {
        "prices.natural_gas [CNY/m3]": random.uniform(1.8, 3.4, size),
        "prices.coal [CNY/t]": random.normal(560, 60, size).round(-1),
        "discount_rate [%]": random.choice([3.0, 5.0, 8.0], size),
        "growth": random.choice(["as_planned_2018", "as_happened"], size),
    }
    cases = _answered(pd.DataFrame(columns)).assign(kind="swept")
    base = dict(zip(columns, (2.4, 560.0, 5.0, "as_planned_2018"), strict=True))
    tried = (
        (1.8, 2.1, 2.4, 2.8, 3.2, 3.4),
        (440.0, 560.0, 680.0),
        (3.0, 5.0, 8.0),
        ("as_planned_2018", "as_happened"),
    )
    answers, ends = [], []
    for column, values in zip(columns, tried, strict=True):
        path, _, unit = column.removesuffix("]").partition(" [")
        alone = _answered(pd.DataFrame([{**base, column: value} for value in values]))
        kind = ["base" if value == base[column] else "alone" for value in values]
        number = [value if unit else np.nan for value in values]
        texts = [f"{value} {unit}".strip() for value in values]
        answers.append(alone.assign(path=path, unit=unit, kind=kind, number=number, value=texts))
        cost = alone["cost_cny"].where(alone["status"] == "optimal")
        ends.append(
            {
                "path": path,
                "low": texts[0],
                "base": f"{base[column]} {unit}".strip(),
                "high": texts[-1],
                "low_cost_cny": cost.iloc[0],
                "base_cost_cny": 2e9,
                "high_cost_cny": cost.iloc[-1],
            }
        )
    return {"sweep": cases, "response": pd.concat(answers), "tornado": pd.DataFrame(ends)}


def _answered(cases: pd.DataFrame) -> pd.DataFrame:
    """What each case costs: all is linear but that dear gas misses a limit."""
    gas, coal, rate, growth = (cases[column] for column in cases.columns[:4])
    cost = 2e9 + 9e8 * (gas - 2.4) - 8e5 * (coal - 560) + 5e7 * (rate - 5) + 2e8 * (growth == "as_happened")
    status = np.where(gas > 3.3, "infeasible", "optimal")
    return cases.assign(status=status, cost_cny=cost, bound_cny=cost - 6e7)
