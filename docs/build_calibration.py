"""Writes docs/calibration.md (python -m docs.build_calibration) from calibration.template.md and inputs/.

Inner Mongolia as the command `calibrate` has it, against one account, against several, and against CO2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from docs.markdown import markdown
from model.pipeline.calibrate import Wish, calibrated_frames
from model.pipeline.prepare import read_inputs
from model.report.studies.calibration import write_calibration_figures

DOCS = Path(__file__).parent
ROOT = DOCS.parent
Frames = Mapping[str, pd.DataFrame]

PLAN, NEXT = "inner_mongolia_2018_2020", "inner_mongolia_2025"
RUNS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "census": (PLAN, ("census_2017",)),
    "official": (PLAN, ("census_2017", "statistics_first", "statistics_revised")),
    "co2": (PLAN, ("other", "control_total")),
    "later": (NEXT, ("statistics_revised",)),
}
"""Scenario and accounts of each calibration of the page."""
TITLES = {
    "census": "2017, census",
    "official": "2017, three official accounts",
    "co2": "2017, CO2 and fuel",
    "later": "2020, revised statistics",
}
SHOWN = ("SO2", "NOx", "VOCs", "PM2.5", "CO2")
DRAWS = 400
MOST = 12
"""Rows of a table of numbers."""
LITTLE = 0.25
KT = 1000.0


@dataclass(frozen=True)
class Page:
    """The tables of each calibration, and those observations of the first year that were not asked for."""

    made: Mapping[str, Frames]
    left: pd.DataFrame


def read_page() -> Page:
    """Every calibration of the page, and what the control totals would be left out for."""
    made = {
        name: calibrated_frames(
            read_inputs(ROOT / "scenarios" / f"{scenario}.yaml", (), ROOT / "inputs"),
            Wish(accounts, draws=DRAWS),
        )
        for name, (scenario, accounts) in RUNS.items()
    }
    prepared = read_inputs(ROOT / "scenarios" / f"{PLAN}.yaml", (), ROOT / "inputs")
    observations = prepared.tables.frame["observations"]
    return Page(made, observations[observations["year"] == prepared.scenario.start])


def _number(value: float) -> str:
    return "" if pd.isna(value) else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _range(row: Mapping[str, float], when: str, scale: float) -> str:
    value, low, high = (row[f"{what}_{when}"] / scale for what in ("value", "low", "high"))
    return f"{_number(value)} ({_number(low)} to {_number(high)})"


def used(frames: Frames) -> pd.DataFrame:
    """Rows of residuals.csv that were used."""
    return frames["residuals"][frames["residuals"]["why_not"] == ""]


def accounts(page: Page) -> str:
    """Observations of the first year by account, and what they are to a calibration."""
    rows = []
    for account, group in page.left.groupby("account", sort=True):
        held = (group["built_on"] == "yes") | (group["built_on"].isna() & (account == "control_total"))
        guess = group["citation"].isin(["own_estimate"])
        rows.append((str(account), str(len(group)), str(int(held.sum())), str(int(guess.sum()))))
    head = ("account", "observations of 2017", "the tables were made to meet them", "own estimates")
    return markdown(head, rows)


def fits(page: Page) -> str:
    """Each calibration as a whole."""
    rows = []
    for name, frames in page.made.items():
        fit = frames["diagnostics"].set_index("item")["value"]
        of = used(frames)
        spread = [float(np.sqrt((of[f"residual_{when}"] ** 2).mean())) for when in ("before", "after")]
        rows.append(
            (
                TITLES[name],
                f"{fit['observations']:.0f}",
                f"{fit['parameters']:,.0f}",
                f"{fit['chi2']:.1f}",
                f"{fit['p']:.2g}",
                f"{fit['signal']:.1f}",
                *(f"{value:.2f}" for value in spread),
                f"{fit['parameters_beyond_one_sd']:.0f}",
            )
        )
    head = ("calibration", "observations", "numbers", "chi-square", "p", "freedom for signal")
    more = ("ln residual before", "after", "numbers moved beyond one sd")
    return markdown((*head, *more), rows)


def totals(page: Page, name: str) -> str:
    """Totals before and after, kt (CO2: Mt)."""
    frame = page.made[name]["totals"]
    whole = frame[frame["sector"] == ""].set_index("pollutant")
    rows = []
    for pollutant in SHOWN:
        row = whole.loc[pollutant].to_dict()
        scale, unit = (KT * KT, "Mt") if pollutant == "CO2" else (KT, "kt")
        width = [np.log(row[f"high_{when}"] / row[f"low_{when}"]) for when in ("before", "after")]
        cells = [_range(row, when, scale) for when in ("before", "after")]
        rows.append((pollutant, unit, *cells, f"{width[1] / width[0]:.2f}"))
    return markdown(("pollutant", "unit", "before", "after", "width of the range, after over before"), rows)


def observed(page: Page, name: str) -> str:
    """Each observation with the inventory before and after."""
    rows = [
        (
            str(row["observation"]),
            f"{_number(row['value'])} ({_number(row['low'])} to {_number(row['high'])}) {row['unit']}",
            _number(row["model"]),
            _number(row["fitted"]),
            _number(row["achieved"]),
            f"{row['influence']:.2f}",
            f"{row['left_out_normal']:+.1f}",
            str(row["rating"]),
        )
        for row in used(page.made[name]).to_dict("records")
    ]
    head = ("observation", "observed", "before", "after, by the fit", "after, by the inventory")
    return markdown((*head, "influence", "left out, sd", "rating"), rows)


def moved(page: Page, name: str) -> str:
    """The numbers that moved most."""
    frame = page.made[name]["parameters"]
    most = frame.loc[frame["sds_moved"].abs().sort_values(ascending=False, kind="stable").index[:MOST]]
    rows = [
        (
            str(row["parameter"]).replace("/-", ""),
            f"{row['factor']:.2f} ({row['factor'] * np.exp(-1.96 * row['log_sd']):.2f} to "
            f"{row['factor'] * np.exp(1.96 * row['log_sd']):.2f})",
            f"{np.exp(-1.96 * row['prior_log_sd']):.2f} to {np.exp(1.96 * row['prior_log_sd']):.2f}",
            f"{row['sds_moved']:+.2f}",
            f"{100 * row['seen']:.0f}",
            str(row["rating"]),
        )
        for row in most.to_dict("records")
    ]
    head = ("number", "multiplier after", "95 % before", "moved, sd", "variance taken, %", "rating")
    return markdown(head, rows)


def conflicts(page: Page) -> str:
    """Sets at odds, and single observations that all others contradict."""
    rows = []
    for name, frames in page.made.items():
        for _, group in frames["conflicts"].groupby("conflict"):
            whom = "the tables" if len(group) == 1 else "one another, given the tables"
            names = ", ".join(group["observation"])
            rows.append((TITLES[name], names, whom, f"{group['p_all'].iloc[0]:.1e}"))
        of = used(frames)
        alone = of[of["left_out_p"] < 0.05 / len(of)]
        rows += [
            (TITLES[name], row["observation"], "the other observations", f"{row['left_out_p']:.1e}")
            for row in alone.to_dict("records")
        ]
    return markdown(("calibration", "observation", "at odds with", "p"), rows)


def unseen(page: Page) -> str:
    """What decides a total most and the census takes less than LITTLE of the variance of."""
    frame = page.made["census"]["parameters"]
    rows = []
    for pollutant in SHOWN:
        mine = frame[(frame["of"] == pollutant) & (frame["seen"] < LITTLE)].head(4)
        rows += [
            (
                pollutant,
                str(row["parameter"]).replace("/-", ""),
                f"{100 * row['decides']:.0f}",
                f"x {np.exp(1.96 * row['prior_log_sd']):.1f}",
                f"{100 * row['seen']:.0f}",
                str(row["citation"]),
            )
            for row in mine.to_dict("records")
        ]
    head = ("total of", "number", "share of its variance, %", "known to", "taken by observations, %")
    return markdown((*head, "from"), rows)


PARTS: dict[str, Callable[[Page], str]] = {
    "accounts": accounts,
    "fits": fits,
    "totals": lambda page: totals(page, "census"),
    "totals_later": lambda page: totals(page, "later"),
    "observed": lambda page: observed(page, "census"),
    "observed_later": lambda page: observed(page, "later"),
    "observed_co2": lambda page: observed(page, "co2"),
    "moved": lambda page: moved(page, "census"),
    "moved_later": lambda page: moved(page, "later"),
    "moved_co2": lambda page: moved(page, "co2"),
    "conflicts": conflicts,
    "unseen": unseen,
    "plan": lambda page: PLAN,
}


def build(page: Page) -> str:
    """The whole page."""
    text = (DOCS / "calibration.template.md").read_text(encoding="utf-8")
    for name, part in PARTS.items():
        text = text.replace("{{" + name + "}}", part(page))
    return text


def draw(page: Page) -> None:
    """docs/images/calibration_2017.png: each observation of the census before and after."""
    images = DOCS / "images"
    write_calibration_figures(page.made["census"], "en", images)
    (images / "observations.png").replace(images / "calibration_2017.png")
    for name in ("observations.svg", "parameters.svg", "parameters.png"):
        (images / name).unlink()


if __name__ == "__main__":
    PAGE = read_page()
    (DOCS / "calibration.md").write_text(build(PAGE), encoding="utf-8")
    draw(PAGE)
