"""Builds solvents.csv, oil.csv and those of 2020: paint, ink, adhesive, solvent use; petrol through depots,
tankers and stations.

facts_solvents.csv and facts_oil.csv have the amounts and shares by year; control totals are rows of
observations.csv: paint by use, the share of solvent in industrial coatings (65-75 %) and inks (40-50 %),
petrol sold, 45 depots and 3 415 stations (census, seen).
"""

from __future__ import annotations

from inputs.build.names import named
from inputs.build.rows import Row, source
from inputs.inner_mongolia.build.league_weights import spread
from inputs.inner_mongolia.build.region import REGION, START

PAINTS = {
    "architectural": "architectural_coating",
    "industrial": "industrial_coating",
    "ink": "printing_ink",
    "adhesive": "adhesive",
}


def solvent_rows(year: int = START) -> list[Row]:
    """A row per league, use, technology and control."""
    table = REGION.facts("facts_solvents")
    result = []
    for use in table[table["year"] == year].fillna({"control": ""}).to_dict("records"):
        kind, technology, control = use["kind"], use["technology"], use["control"]
        for area, amount in spread(use["amount"], use["weight"], 0.008).items():
            name = ".".join(x for x in (kind, area, technology, control) if x)
            row = source(year, name, kind, area, use["zone"], amount, use["unit"])
            row |= {"technology": technology, "controls": control or None}
            result.append(named(REGION, row, kind, technology if technology != "standard" else ""))
    check_solvents(year, result)
    return result


def check_solvents(year: int, result: list[Row]) -> None:
    """Control totals of products and of their solvent-based share."""

    def amount(kind: str, *technologies: str) -> float:
        rows = (row for row in result if row["class"] == kind)
        return sum(
            float(r["activity"] or 0) for r in rows if not technologies or r["technology"] in technologies
        )

    for name, kind in PAINTS.items():
        REGION.check_range(f"paint_{name}.{year}", amount(kind) / 1000)
    for name in ("industrial", "ink"):
        share = amount(PAINTS[name], "solvent_based") / amount(PAINTS[name])
        REGION.check_range(f"solvent_share_{name}.{year}", 100 * share)


def oil_rows(year: int = START) -> list[Row]:
    """Petrol in t a year, every tonne through depot, tanker and station."""
    petrol = REGION.control_total(f"petrol_sold.{year}") * 1e6
    count = {"oil_depot": "depots", "filling_station": "stations"}
    table = REGION.facts("facts_oil").fillna({"control": ""})
    result = []
    for part in table[table["year"] == year].to_dict("records"):
        kind, control = part["kind"], part["control"]
        number = REGION.control_total(f"{count[kind]}.{year}") if kind in count else None
        for area, share in spread(part["share"], "cars").items():
            name = f"{kind}.{area}.{control or 'none'}"
            row = source(year, name, kind, area, part["zone"], petrol * share, "t")
            row |= {"controls": control or None, "stock": number * share if number else None}
            result.append(named(REGION, row, kind))
    for kind in table["kind"].unique():
        tonnes = sum(float(row["activity"] or 0) for row in result if row["class"] == kind)
        assert abs(tonnes / petrol - 1) < 1e-9, kind
    return result


if __name__ == "__main__":
    REGION.write(solvent_rows(), "solvents")
    REGION.write(oil_rows(), "oil")
    REGION.write(solvent_rows(2020), "solvents_2020")
    REGION.write(oil_rows(2020), "oil_2020")
