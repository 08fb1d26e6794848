"""Outlines of areas that a user brings as GeoJSON for the maps of the report. None is shipped."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.base.faults import Fault, InputError

Ring = NDArray[np.float64]
REVIEW = "审图号"
"""Member of the collection with the number under which the map was approved for publication in China."""
LEAST_POINTS = 4


@dataclass(frozen=True)
class Boundaries:
    """Outlines by adcode, each a tuple of rings [n, 2] of longitude and latitude (outer rings and holes of
    all its polygons), and the approval number of the map (empty: none given).
    """

    rings: Mapping[str, tuple[Ring, ...]]
    review: str = ""


def read_boundaries(path: Path) -> Boundaries:
    """Outlines from a GeoJSON FeatureCollection of polygons in WGS 84 whose properties have `adcode`.

    Raises:
        InputError: the file is missing or no such collection; all faults of its features at once.
    """
    tree = _tree(path)
    features = tree.get("features") if isinstance(tree, dict) else None
    if not isinstance(features, list) or not features:
        wrong = "is not a GeoJSON FeatureCollection with features"
        raise InputError([Fault(str(path), None, None, None, wrong, "export the areas as GeoJSON")])
    rings: dict[str, tuple[Ring, ...]] = {}
    faults: list[Fault] = []
    for number, feature in enumerate(features):
        found = _feature(feature)
        if isinstance(found, Fault):
            faults.append(replace(found, file=str(path), column=f"features.{number}.{found.column}"))
        elif found[0] in rings:
            where = f"features.{number}.properties.adcode"
            faults.append(Fault(str(path), None, where, found[0], "stands twice", "write one feature"))
        else:
            rings[found[0]] = found[1]
    if faults:
        raise InputError(faults)
    return Boundaries(rings, str(tree.get(REVIEW, "")).strip())


def missing_areas(boundaries: Boundaries, path: Path, wanted: Collection[str]) -> list[Fault]:
    """A fault for each adcode of `wanted` that has no outline."""
    return [
        Fault(str(path), None, "adcode", code, "has no feature", "add its outline, or leave --boundaries out")
        for code in sorted(set(wanted) - set(boundaries.rings))
    ]


def _tree(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        wrong, right = "is not a file that can be read", "give the path of a GeoJSON file"
    except UnicodeDecodeError:
        wrong, right = "is not UTF-8", "save it as UTF-8"
    except json.JSONDecodeError as error:
        wrong, right = f"is not JSON (line {error.lineno}: {error.msg})", "export the areas as GeoJSON"
    raise InputError([Fault(str(path), None, None, None, wrong, right)])


def _feature(feature: Any) -> tuple[str, tuple[Ring, ...]] | Fault:
    """(adcode, rings) of a feature, or what is wrong with it."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = str(properties.get("adcode", "")) if isinstance(properties, dict) else ""
    if not (code.isascii() and code.isdecimal() and len(code) == 6):
        return Fault(
            "", None, "properties.adcode", code, "is not a six-digit code", "add the property adcode"
        )
    shape = feature.get("geometry")
    kind = shape.get("type") if isinstance(shape, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        return Fault("", None, "geometry", str(kind), "is not a polygon", "write Polygon or MultiPolygon")
    try:
        rings = tuple(_rings(shape.get("coordinates"), kind))
    except (TypeError, ValueError):
        rings = ()
    if not rings or any(not _sound(ring) for ring in rings):
        wrong = "has no rings of longitude and latitude"
        return Fault("", None, "geometry", code, wrong, "use degrees of WGS 84 (EPSG:4326)")
    return code, rings


def _rings(coordinates: Any, kind: str) -> Iterator[Ring]:
    for polygon in [coordinates] if kind == "Polygon" else coordinates:
        for ring in polygon:
            yield np.array([point[:2] for point in ring], dtype=np.float64)


def _sound(ring: Ring) -> bool:
    if ring.ndim != 2 or ring.shape[1:] != (2,) or len(ring) < LEAST_POINTS or not np.isfinite(ring).all():
        return False
    return bool((np.abs(ring) <= (180.0, 90.0)).all())
