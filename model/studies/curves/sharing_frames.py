"""A shared-out cut as tables: what each city cuts and pays by either rule, and prices by city and year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from model.studies.curves.sharing import Cuts, Share, cost_by_source

ALLOCATION = (
    *("rule", "city", "pollutant", "year", "asked_pct", "reduction_t", "reduction_pct"),
    *("total_cost_cny", "low_cny", "high_cny", "gap", "status"),
)
PRICED = ("city", "pollutant", "year", "asked_pct", "reduction_t", "price_cny_per_t", "status")


def allocation_frame(
    cuts: Cuts,
    shares: tuple[Share, Share],
    city_of: np.ndarray,
    about: tuple[str, int, float],
    names: Mapping[str, str],
) -> pd.DataFrame:
    """allocation.csv of one pollutant: a row a rule and city, and one a rule of all together (city empty).

    rule: equal, least, and saved, the first less the second: who pays more has a negative cost there. Costs
    are present values over and above the frozen case. low_cny, high_cny, of totals: proven bound and plan; of
    what is saved, its least and its most by these. asked_pct: what the rule asks of the city. status: met,
    short (the city can not cut as much; it cuts what it can), at total rows of the plan.

    Args:
        shares: equal and least, as `share_out` gives them.
        city_of: code of the city of each source of the problem, projects included, [S].
        about: pollutant, year, per cent asked.
        names: code -> name of the city.
    """
    pollutant, year, percent = about
    rows = []
    for share in shares:
        equal = share.rule == "equal"
        cost = pd.Series(cost_by_source(share.problem, share.plan)).groupby(city_of).sum()
        for city in (*cuts.cities, ""):
            frozen = cuts.frozen[year, city]
            cut = frozen - float(share.found.use[cuts.row[year, city]])
            bound = min(share.plan.bound_cny, share.found.cost_cny)
            rows.append(
                {
                    "rule": share.rule,
                    "city": names.get(city, city),
                    "asked_pct": percent if equal or not city else np.nan,
                    "reduction_t": cut,
                    "reduction_pct": 100 * cut / frozen if frozen else np.nan,
                    "total_cost_cny": float(cost.get(city, 0.0)) if city else share.found.cost_cny,
                    "low_cny": np.nan if city else bound,
                    "high_cny": np.nan if city else share.found.cost_cny,
                    "gap": np.nan if city else share.found.gap(bound),
                    "status": _status(share, year, city),
                }
            )
    frame = pd.DataFrame(rows)
    frame = pd.concat([frame, _saved(frame)], ignore_index=True)
    return frame.assign(pollutant=pollutant, year=year)[list(ALLOCATION)]


def _status(share: Share, year: int, city: str) -> str:
    if not city:
        return share.plan.status
    return "short" if (year, city) in share.short else "met"


def _saved(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of rule saved: equal less least."""
    equal, least = (frame[frame["rule"] == rule].set_index("city") for rule in ("equal", "least"))
    out = pd.DataFrame(
        {
            "rule": "saved",
            "city": equal.index,
            **{
                name: (equal[name] - least[name]).to_numpy()
                for name in ("reduction_t", "reduction_pct", "total_cost_cny")
            },
        }
    )
    out["low_cny"] = (equal["low_cny"] - least["high_cny"]).to_numpy()
    out["high_cny"] = (equal["high_cny"] - least["low_cny"]).to_numpy()
    return out.assign(status="")


def price_frame(
    cuts: Cuts, path: Share, percent: Mapping[int, float], pollutant: str, names: Mapping[str, str]
) -> pd.DataFrame:
    """prices.csv of one pollutant: CNY that a tonne less would save each city in each year, not discounted.

    status: binding, slack (price 0), missed (out of the city's reach: no price).
    """
    rows = []
    for city in cuts.cities:
        for year, share in percent.items():
            row = cuts.row[year, city]
            missed = (year, city) in path.short
            price = np.nan if missed else float(np.nan_to_num(path.plan.price[row]))
            status = "missed" if missed else "binding" if price > 0 else "slack"
            cut = cuts.frozen[year, city] - float(path.found.use[row])
            rows.append((names.get(city, city), pollutant, year, share, cut, price, status))
    return pd.DataFrame(rows, columns=list(PRICED))
