"""Results of a made-up run: the shapes and sizes of a real one, numbers from formulas."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from model.base.words import CASES, POLLUTANTS, SECTORS
from model.results.iamc import iamc_frame
from model.results.results import EFFICIENCY_POLLUTANTS, Results, ordered
from tests.report.made_up_clauses import clauses

START, YEARS = 2017, (2018, 2019, 2020)
CITIES = (
    ("Hohhot", "呼和浩特市", "150100"),
    ("Baotou", "包头市", "150200"),
    ("Hulunbuir", "呼伦贝尔市", "150700"),
    ("Chifeng", "赤峰市", "150400"),
    ("Ordos", "鄂尔多斯市", "150600"),
    ("Wuhai", "乌海市", "150300"),
)
PLACES = ((40.8, 111.7), (40.7, 109.8), (49.2, 119.8), (42.3, 118.9), (39.6, 109.8), (39.7, 106.8))
MEASURES = {
    "boiler_close": ("close and join the heat network", "关停并入热网"),
    "boiler_gas": ("switch to gas", "煤改气"),
    "fgd_wet": ("wet desulphurisation", "湿法脱硫"),
    "scr": ("selective catalytic reduction", "选择性催化还原脱硝"),
    "ule_power": ("ultra-low emission retrofit", "超低排放改造"),
    "home_heat_pump": ("heat pump at home", "居民热泵采暖"),
    "rto": ("regenerative thermal oxidiser", "蓄热式焚烧"),
    "truck_scrap": ("early scrapping", "提前淘汰"),
}
PAYER = {"home_heat_pump": "household", "truck_scrap": "city", "boiler_close": "county"}
SIZE = {"SO2": 9e4, "NOx": 8e4, "VOCs": 6e4, "PM2.5": 3e4, "CO2": 4e7}
CUT = {"frozen": 0.0, "current_law": 0.02, "plan": 0.06}


def emissions() -> pd.DataFrame:
    """Emission by every key: largest in the first sectors, growing 1 % a year, cut by case."""
    rows = []
    for case, (at, year), (c, city), (s, sector), pollutant in itertools.product(
        CASES, enumerate((START, *YEARS)), enumerate(CITIES), enumerate(SECTORS), POLLUTANTS
    ):
        size = SIZE.get(pollutant, 1e4) / (1 + c) / (1 + s) ** 2
        value = size * 1.01**at * (1 - CUT[case] * at)
        rows.append((case, year, city[0], sector, pollutant, value, "t/yr"))
    return pd.DataFrame(rows, columns=["case", "year", "city", "sector", "pollutant", "value", "unit"])


def actions(count: int = 120) -> pd.DataFrame:
    """Actions of the plan, one source each."""
    rows = []
    for n in range(count):
        measure = list(MEASURES)[n % len(MEASURES)]
        city = CITIES[(n * 5) % len(CITIES)]
        size = 1.0 + 60.0 / (1 + n % 29)
        abated = {p: SIZE.get(p, 1e3) * size / 4e4 for p in POLLUTANTS}
        running, investment = 2e5 * size * (1 if n % 7 else -1), 1.5e6 * size
        annual = running + 0.1 * investment
        rows.append(
            {
                "source": f"boiler.{city[2]}.{n}",
                "name": f"Boiler {n}",
                "city": city[0],
                "county": f"{city[2][:4]}02",
                "zone": "city_built_up",
                "sector": SECTORS[(n % 3)],
                "year": YEARS[n % 3],
                "from_state": "coal/grate/bag",
                "to_state": "coal/grate/bag+fgd_wet",
                "share": 1.0,
                "measures": measure,
                "payer": PAYER.get(measure, "enterprise"),
                "investment_cny": investment,
                "running_cny_per_yr": running,
                "annual_cost_cny": annual,
                **{f"abated_{p}_t": v for p, v in abated.items()},
                **{f"cny_per_t_{p}": annual / abated[p] for p in EFFICIENCY_POLLUTANTS},
                "clause": "IM20-SO2-2020",
                "constructed": n % 4 != 0,
            }
        )
    return ordered(pd.DataFrame(rows), "plan")


def costs(plan: pd.DataFrame) -> pd.DataFrame:
    """Costs of the two cases that act: current law is a tenth of the plan."""
    rows = []
    for case, part in (("current_law", 0.1), ("plan", 1.0)):
        for (year, city, sector, payer), group in plan.groupby(["year", "city", "sector", "payer"]):
            money = {
                "investment": group["investment_cny"].sum(),
                "annuity": 0.1 * group["investment_cny"].sum(),
                "fixed": 0.3 * group["running_cny_per_yr"].sum(),
                "fuel": 0.7 * group["running_cny_per_yr"].sum(),
            }
            for kind, value in money.items():
                unit = "CNY" if kind == "investment" else "CNY/yr"
                rows.append((case, year, city, sector, payer, kind, part * value, unit))
    return pd.DataFrame(rows, columns=["case", "year", "city", "sector", "payer", "kind", "value", "unit"])


def limits(emitted: pd.DataFrame) -> pd.DataFrame:
    """Three chained targets a year, gas by city, a build rate, a reported share."""
    rows = []
    total = emitted.groupby(["case", "year", "pollutant"])["value"].sum()
    for pollutant, price in (("SO2", 5200.0), ("NOx", 14100.0), ("VOCs", 0.0)):
        for year in YEARS:
            achieved = total["plan", year, pollutant]
            bound = achieved * (1.0 if price else 1.08)
            rows.append(
                (
                    f"IM20-{pollutant.upper()}/{year}",
                    f"IM20-{pollutant.upper()}-{year}",
                    pollutant,
                    "",
                    year,
                    "at_most",
                    bound,
                    total["frozen", year, pollutant],
                    achieved,
                    "t/yr",
                    bound - achieved,
                    price,
                    "binding" if price else "slack",
                    "binding",
                )
            )
    for n, (_, _, adcode) in enumerate(CITIES):
        rows.append(
            (
                f"GAS-NETWORK/2020/{adcode}",
                "GAS-NETWORK",
                "natural_gas",
                "",
                2020,
                "at_most",
                3e8,
                1e8,
                3e8 - n * 1e7,
                "m3/yr",
                n * 1e7,
                0.0 if n else 0.42,
                "slack" if n else "binding",
                "hard",
            )
        )
    rows.append(
        (
            "BOILER-RATE/2019",
            "BOILER-RATE",
            "units_completed",
            "class=boiler",
            2019,
            "at_most",
            1500.0,
            0.0,
            1502.0,
            "1/yr",
            -2.0,
            0.0,
            "missed",
            "hard",
        )
    )
    rows.append(
        (
            "IM20-SWITCH/2020",
            "IM20-SWITCH",
            "heat",
            "class=residential_coal",
            2020,
            "",
            np.nan,
            4.0,
            31.0,
            "%",
            np.nan,
            np.nan,
            "reported",
            "encourage",
        )
    )
    columns = [
        "limit",
        "clause",
        "quantity",
        "where",
        "year",
        "op",
        "bound",
        "frozen",
        "achieved",
        "unit",
        "slack",
        "price",
        "status",
        "strength",
    ]
    return pd.DataFrame(rows, columns=columns)


def names() -> pd.DataFrame:
    """Names of what the run holds."""
    rows = [("measure", key, en, zh) for key, (en, zh) in MEASURES.items()]
    rows += [("city", en, en, zh) for en, zh, _ in CITIES]
    rows += [("city", adcode, en, zh) for en, zh, adcode in CITIES]
    rows += [("county", f"{adcode[:4]}02", f"{en} county", f"{zh}辖区") for en, zh, adcode in CITIES]
    rows += [("clause", "IM20-SO2-2020", "SO2 in 2020", "2020年二氧化硫排放总量较2015年下降15%")]
    rows += [("reason", "IM20-PARKS", "no factor", "没有排放因子")]
    rows += [("note", "IM20-BOILER-10", "every town", "包括各县城")]
    rows += [("note", "BOILER-RATE", "boilers in a year", "每年可改造的锅炉台数")]
    return pd.DataFrame(rows, columns=["kind", "id", "en", "zh"])


def links(judged: pd.DataFrame) -> pd.DataFrame:
    """The chain link of SO2 and NOx."""
    rows = judged[judged["quantity"].isin(["SO2", "NOx"])].assign(
        start_year=START,
        base="2015",
        cut=0.15,
        progress=0.12,
        current_law=lambda f: f["frozen"] * 0.98,
    )
    return ordered(
        rows.assign(start_value=rows["bound"] * 0.88 / 0.85, unlinked=rows["bound"] * 1.3), "links"
    )


def made_up(count: int = 120) -> Results:
    """The results of the made-up run, of `count` actions."""
    emitted, plan = emissions(), actions(count)
    money, judged = costs(plan), limits(emitted)
    found, entries = clauses()
    payers = []
    for case, part in (("current_law", 0.1), ("plan", 1.0)):
        sums = plan.groupby("payer", as_index=False)[
            ["investment_cny", "running_cny_per_yr", "annual_cost_cny"]
        ].sum()
        sums[["investment_cny", "running_cny_per_yr", "annual_cost_cny"]] *= part
        payers.append(sums.assign(case=case))
    shares = {"measured": 0.08, "published": 0.21, "split": 0.3, "own": 0.41}
    made = {"no": 0.39, "yes": 0.61}
    quality = [
        *((p, "evidence", label, 3e5 * s, s) for p in EFFICIENCY_POLLUTANTS for label, s in shares.items()),
        *((p, "constructed", label, 3e5 * s, s) for p in EFFICIENCY_POLLUTANTS for label, s in made.items()),
        *((p, "rating", label, 1e5, 0.2) for p in EFFICIENCY_POLLUTANTS for label in "ABCDE"),
    ]
    return Results(
        titles={"en": "Made-up clean-air plan 2018-2020", "zh": "虚构大气行动计划（2018—2020年）"},
        start=START,
        years=YEARS,
        price_year=2017,
        manifest={
            "scenario": "made_up",
            "scenario_sha256": "0" * 64,
            "inputs": {},
            "versions": {},
            "seed": 0,
            "status": "optimal",
            "cost_cny": 1.0e9,
            "bound_cny": 0.998e9,
            "gap": 0.0021,
            "wall_s": {"solve": 1.0},
        },
        emissions=emitted,
        plan=plan,
        costs=money,
        limits=judged,
        clauses=found,
        entries=entries,
        iamc=iamc_frame(emitted, money, "made_up", "Inner Mongolia"),
        transfers=pd.DataFrame(
            [(2018, "home_heat_pump", "city", "household", 2.4e8, "CNY")],
            columns=["year", "measure", "from_payer", "to_payer", "value", "unit"],
        ),
        quality=pd.DataFrame(quality, columns=["pollutant", "basis", "label", "value", "share"]),
        payers=ordered(pd.concat(payers), "payers"),
        sensitivity=pd.DataFrame(
            [
                ("natural_gas", "high", 2020, 3.1, 2.4, "CNY/m3", 3.3e8),
                ("coal", "low", 2020, 420.0, 560.0, "CNY/t", 1.2e8),
            ],
            columns=["item", "level", "year", "price", "planned", "unit", "change_cny_per_yr"],
        ),
        book=pd.DataFrame(
            [(2019, "Baotou", "fossil_fuel", 3, 4.5e7, "CNY")],
            columns=["year", "city", "sector", "sources", "value", "unit"],
        ),
        links=links(judged),
        account=emitted.groupby(["case", "year", "pollutant"])["value"]
        .sum()
        .reset_index()
        .assign(unit="t/yr"),
        other=pd.DataFrame(
            {"limit": judged["limit"], "start_value": 3.2e5, "current_law": judged["frozen"] * 0.99}
        ),
        citations=pd.DataFrame(
            [
                ("yearbook_2018", "Energy statistics", "2018", "press", "recalled"),
                ("gem_2023", "Power tracker", "2023", "web", "seen"),
            ],
            columns=["citation", "title", "year", "where", "access"],
        ),
        names=names(),
        cities=pd.DataFrame(
            [(*city, *place) for city, place in zip(CITIES, PLACES, strict=True)],
            columns=["city", "city_zh", "adcode", "lat", "lon"],
        ),
    )
