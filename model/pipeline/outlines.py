"""The boundary file of `run --boundaries`, checked against the areas of the scenarios."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from model.base.faults import InputError
from model.pipeline.prepare import Prepared
from model.report.page.boundaries import Boundaries, missing_areas, read_boundaries


def outlines(path: Path | None, prepared: Iterable[Prepared]) -> Boundaries | None:
    """The outlines of a file; None where no file is given.

    Raises:
        InputError: the file can not be read, or a city of some scenario has no outline in it.
    """
    if path is None:
        return None
    boundaries = read_boundaries(path)
    areas = [each.tables.frame["areas"] for each in prepared]
    cities = {code for frame in areas for code in frame.loc[frame["level"] == "city", "area"]}
    faults = missing_areas(boundaries, path, cities)
    if faults:
        raise InputError(faults)
    return boundaries
