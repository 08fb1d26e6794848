"""The table of concentrations: what each city breathes at the start and in the last year of each case."""

from __future__ import annotations

from model.base.words import CASES
from model.report.messages import Messages, Scale, shown
from model.report.page.tables import Column, Table
from model.results.results import Results


def concentrations(results: Results, m: Messages) -> Table:
    """One row a city and pollutant: start year, then every case in the last year, the plan with its range."""
    frame = results.air
    last, scale = results.years[-1], Scale(1.0, 1, "")
    keys = zip(frame["case"], frame["year"], frame["city"], frame["pollutant"], strict=True)
    found = dict(zip(keys, frame[["value", "low", "high"]].to_numpy().tolist(), strict=True))
    rows = []
    for city, pollutant in dict.fromkeys(zip(frame["city"], frame["pollutant"], strict=True)):
        _, low, high = found["plan", last, city, pollutant]
        values = [found["plan", results.start, city, pollutant][0]]
        values += [found[case, last, city, pollutant][0] for case in CASES]
        between = f"{shown(low, scale)}–{shown(high, scale)}"
        cells = (shown(value, scale) for value in values)
        rows.append((m.name("city", city), m.word("quantity", f"{pollutant}_concentration"), *cells, between))
    unit = m.unit("ug/m3")
    heads = (m("col.start"), *(f"{m(f'col.{case}')} {last}" for case in CASES), m("air.range"))
    return Table(
        m("air.title"),
        (
            Column(m("col.city")),
            Column(m("col.indicator")),
            *(Column(head, unit, number=True) for head in heads),
        ),
        tuple(rows),
        fold=len(rows) > 30,
        note=m("air.note") + m("punctuation.between") + m("page.source_file", file="air.csv"),
    )
