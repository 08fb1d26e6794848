"""Outlines that a user brings: what is read, what is refused, what is drawn of them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.base.faults import InputError
from model.report.look import save, style
from model.report.messages import load_messages
from model.report.page.boundaries import REVIEW, Boundaries, missing_areas, read_boundaries
from model.report.page.map import city_map, has_map, middle
from tests.report.made_up import CITIES, PLACES, made_up


def square(lat: float, lon: float) -> list[list[float]]:
    """A closed ring of one degree around a place."""
    half = 0.5
    corners = ((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half))
    return [[lon + x, lat + y] for x, y in corners]


def collection(**more: str) -> dict[str, Any]:
    """Squares for all cities but the last, which has two polygons."""
    features = []
    for (_, _, code), (lat, lon) in zip(CITIES, PLACES, strict=True):
        shape = {"type": "Polygon", "coordinates": [square(lat, lon)]}
        if code == CITIES[-1][2]:
            shape = {"type": "MultiPolygon", "coordinates": [[square(lat, lon)], [square(lat, lon + 3)]]}
        features.append({"type": "Feature", "properties": {"adcode": int(code)}, "geometry": shape})
    return {"type": "FeatureCollection", "features": features, **more}


def written(tmp_path: Path, tree: Any) -> Path:
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    return path


def test_outlines_are_read_by_adcode(tmp_path: Path) -> None:
    found = read_boundaries(written(tmp_path, collection(**{REVIEW: "蒙S(2020)001号"})))
    assert set(found.rings) == {code for _, _, code in CITIES}
    assert [len(found.rings[code]) for _, _, code in CITIES] == [1, 1, 1, 1, 1, 2]
    assert found.rings["150100"][0].shape == (5, 2)
    assert found.review == "蒙S(2020)001号"
    assert missing_areas(found, tmp_path, ["150100"]) == []
    (fault,) = missing_areas(found, tmp_path / "x", ["150100", "152900"])
    assert (fault.value, fault.wrong) == ("152900", "has no feature")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{", "is not JSON (line 1"),
        ("[]", "is not a GeoJSON FeatureCollection"),
        ('{"features": []}', "is not a GeoJSON FeatureCollection"),
    ],
)
def test_what_is_no_collection_is_refused(tmp_path: Path, text: str, wrong: str) -> None:
    path = tmp_path / "areas.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"areas\.geojson") as caught:
        read_boundaries(path)
    assert wrong in str(caught.value)
    with pytest.raises(InputError, match="can be read"):
        read_boundaries(tmp_path / "none.geojson")


def test_every_faulty_feature_is_named(tmp_path: Path) -> None:
    tree = collection()
    tree["features"][0]["properties"] = {"adcode": "1501"}
    tree["features"][1]["geometry"] = {"type": "Point", "coordinates": [110.0, 40.0]}
    tree["features"][2]["geometry"]["coordinates"] = [[[4.6e6, 5.1e6]] * 4]  # metres of a projection
    tree["features"][3]["geometry"]["coordinates"] = [[["a", "b"]] * 4]
    tree["features"][4]["properties"] = {"adcode": CITIES[5][2]}
    with pytest.raises(InputError) as caught:
        read_boundaries(written(tmp_path, tree))
    said = [(fault.column, fault.wrong) for fault in caught.value.faults]
    assert said == [
        ("features.0.properties.adcode", "is not a six-digit code"),
        ("features.1.geometry", "is not a polygon"),
        ("features.2.geometry", "has no rings of longitude and latitude"),
        ("features.3.geometry", "has no rings of longitude and latitude"),
        ("features.5.properties.adcode", "stands twice"),
    ]


def test_the_middle_is_the_centre_of_gravity_of_the_largest_ring() -> None:
    """An L of a square of side 2 less its upper right quarter: ((1, 0.5) x 2 + (0.5, 1.5) x 1) / 3."""
    ell = np.array([(0, 0), (2, 0), (2, 1), (1, 1), (1, 2), (0, 2), (0, 0)], dtype=float)
    small = np.array([(9, 9), (9.5, 9), (9.5, 9.5), (9, 9)], dtype=float)
    np.testing.assert_allclose(middle((small, ell)), (5 / 6, 5 / 6))
    np.testing.assert_allclose(middle((ell[::-1],)), (5 / 6, 5 / 6))
    flat = np.array([(0, 0), (2, 0), (4, 0), (0, 0)], dtype=float)
    np.testing.assert_allclose(middle((flat,)), (1.5, 0))


def outlines(review: str = "") -> Boundaries:
    rings = {code: (np.array(square(*place)),) for (_, _, code), place in zip(CITIES, PLACES, strict=True)}
    return Boundaries(rings, review)


@pytest.mark.parametrize(
    ("lang", "given", "outlined"),
    [
        ("en", None, False),
        ("en", outlines(), True),
        ("zh", outlines(), False),
        ("zh", outlines("蒙S(2020)001号"), True),
    ],
)
def test_outlines_are_drawn_where_they_may_be(lang: str, given: Boundaries | None, outlined: bool) -> None:
    results = made_up()
    messages = load_messages(lang, results.names)
    with style(messages):
        figure = city_map(results, messages, given)
        figure.canvas.draw()
        kinds = {type(patch).__name__ for axis in figure.axes for patch in axis.patches}
        shown = [text.get_text() for axis in figure.axes for text in axis.texts]
        below = [text.get_text() for text in figure.texts]
    assert kinds == ({"PathPatch"} if outlined else {"Rectangle"})
    assert len(figure.axes) == 4
    assert sum(messages.name("city", "Wuhai") in text for text in shown) == 4
    assert below == ([f"{REVIEW}：蒙S(2020)001号"] if outlined and lang == "zh" else [])


def test_the_map_shows_the_sums_of_the_plan() -> None:
    results = made_up()
    messages = load_messages("en", results.names)
    with style(messages):
        figure = city_map(results, messages)
        first = [text.get_text() for text in figure.axes[0].texts]
    total = results.plan.groupby("city")["abated_SO2_t"].sum()
    assert first == [part for city, *_ in CITIES for part in (city, f"{round(total.get(city, 0.0)):,}")]


def test_one_city_has_no_map() -> None:
    results = made_up()
    assert has_map(results)
    assert not has_map(replace(results, cities=results.cities.head(1)))


def test_an_english_map_has_the_signs_of_its_approval_number(tmp_path: Path) -> None:
    """A sign without a glyph is a warning, which is an error here."""
    results = made_up()
    messages = load_messages("en", results.names)
    with style(messages):
        save(city_map(results, messages, outlines("蒙S(2020)001号")), tmp_path / "map")
    assert (tmp_path / "map.png").stat().st_size > 0
