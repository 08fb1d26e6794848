"""Turnover of non-road machines: the work that each stage of emission control does, year by year."""

from __future__ import annotations

from collections.abc import Mapping

from inputs.build.turnover import Growth

STAGES = ["pre-stage I", "stage I", "stage II", "stage III", "stage IV"]
LEAVING = {"pre-stage I": 0.22, "stage I": 0.13, "stage II": 0.05, "stage III": 0.015, "stage IV": 0.0}
"""Share of the work of a stage that it loses in a year, to age and to newer machines (own estimate)."""
SOLD = {2016: "stage III", 2023: "stage IV"}
"""Stage of new machines, from a year on: III from 2016-04, IV from 2022-12 (GB 20891, recalled)."""


def work_by_stage(shares: Mapping[str, float], base: int, growth: Growth) -> dict[str, Growth]:
    """Work of each stage against the base year, by year: what older stages lose new machines take up.

    shares: of the work of the base year, by stage (a stage still to come with a seed); growth: all work
    against the base year, every year from the next one on. The stages' work adds up to it.
    """
    work = dict(shares)
    result: dict[str, Growth] = {stage: {} for stage in shares}
    for year in range(base + 1, max(growth) + 1):
        work = {stage: amount * (1 - LEAVING[stage]) for stage, amount in work.items()}
        newest = SOLD[max(y for y in SOLD if y <= year)]
        work[newest] += growth[year] * sum(shares.values()) - sum(work.values())
        for stage, amount in work.items():
            result[stage][year] = amount / shares[stage]
    return result
