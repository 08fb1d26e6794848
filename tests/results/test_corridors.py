"""What a corridor is called."""

from __future__ import annotations

import pandas as pd

from model.results.corridors import corridor_names

ROWS = [
    ("ordos_bohai", "Ordos to Bohai ports, China II", "鄂尔多斯至环渤海港口国二"),
    ("ordos_bohai", "Ordos to Bohai ports, China III", "鄂尔多斯至环渤海港口国三"),
    ("north", "Ore, north, China I", None),
    ("mixed", "Coal, China I", "煤炭国一"),
    ("mixed", "Steel, China I", "钢材国一"),
    (None, "A boiler", "锅炉"),
]


def test_a_corridor_is_called_what_its_sources_have_in_common() -> None:
    names = corridor_names(pd.DataFrame(ROWS, columns=["corridor", "name", "name_zh"]))
    assert names.to_numpy().tolist() == [
        ["corridor", "ordos_bohai", "Ordos to Bohai ports", "鄂尔多斯至环渤海港口"],
        ["corridor", "north", "Ore, north", "Ore, north"],
    ]


def test_no_corridor_no_name() -> None:
    sources = pd.DataFrame({"corridor": [None], "name": ["x"], "name_zh": ["x"]}, dtype="str")
    assert corridor_names(sources).empty
