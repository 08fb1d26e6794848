"""A new region that runs as it is: an example row or two in every table, a scenario, a guide to columns."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from string import Template
from typing import Any

from ruamel.yaml import YAML

from model.base.faults import Fault, InputError
from model.pipeline.region_guide import guide
from model.results.write import folder
from model.tables.read import Tables, read_tables
from model.tables.schema import TableSpec, table_specs

EXAMPLES = Path(__file__).with_name("new_region_tables.yaml")
SCENARIO = Path(__file__).with_name("new_region_scenario.yaml")

NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")

TAKEN = ("reference", "plans", "build")
"""Folders of inputs/ that are no region."""

ADCODE = "990000"
"""No province has this code, so that nobody takes the example for a real place."""


def new_region(
    region: str,
    inputs: Path,
    scenarios: Path,
    names: tuple[str | None, str | None] = (None, None),
    adcode: str = ADCODE,
    start: int = 2020,
) -> list[str]:
    """Write inputs/REGION and scenarios/REGION.yaml, both or neither.

    Args:
        region: name of the folder and of the scenario.
        inputs: folder with reference/.
        scenarios: folder of the scenario; made if it is not there.
        names: English and Chinese name; else the region's id.
        adcode: of a province (NN0000: region, a city, two counties), a city (NNNN00: city, two counties) or a
            county (the city alone).
        start: year that the example sources describe; the decision years are the three after it.

    Returns:
        What was written and what to do next, line by line.

    Raises:
        InputError: a name or code that is none, files that are there already, a reference without a start
            year's deflators, or one that the examples do not fit. Nothing is written then.
    """
    target, scenario = inputs / region, scenarios / f"{region}.yaml"
    _refuse(region, names, adcode, target, scenario)
    words = _words(region, names, adcode, start)
    text = Template(SCENARIO.read_text(encoding="utf-8")).substitute(words)
    document = YAML(typ="safe", pure=True).load(EXAMPLES.read_text(encoding="utf-8"))
    try:
        with _new_file(scenario, text), folder(target) as work:
            for name, example in document["tables"].items():
                _write_table(work / f"{name}.csv", _spec(name), example, document["defaults"], words)
            tables = read_tables(inputs, work.name)
            _years_known(tables, start)
            (work / "README.md").write_text(guide(region, document, tables), encoding="utf-8")
    except OSError as error:
        place = str(error.filename or target)
        wrong = f"can not be written: {error.strerror}"
        raise InputError([Fault(place, None, None, None, wrong, "a folder that you may write to")]) from None
    return [
        f"{target}: {len(document['tables'])} tables and README.md, which says what each column means",
        f"{scenario}: a scenario that runs",
        "every row is a made-up example (constructed, rated E): replace it or delete it",
        f"next: python -m model check {scenario}{_option(inputs)}",
    ]


@contextmanager
def _new_file(path: Path, text: str) -> Iterator[None]:
    """The file is there when the block ends, and gone if it fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    try:
        yield
    except BaseException:
        path.unlink()
        raise


def _option(inputs: Path) -> str:
    """What `check` and `run` need beside the scenario to find these inputs."""
    usual = Path(__file__).parents[2] / "inputs"
    return "" if inputs.resolve() == usual.resolve() else f" --inputs {inputs}"


def _refuse(
    region: str, names: tuple[str | None, str | None], adcode: str, target: Path, scenario: Path
) -> None:
    faults = []
    if not NAME.fullmatch(region):
        right = "two to forty of a-z, 0-9 and _, a letter first, as my_city"
        faults.append(Fault("REGION", None, None, region, "is not a name for a region", right))
    elif region in TAKEN:
        faults.append(
            Fault("REGION", None, None, region, "is a folder of inputs that is no region", "another")
        )
    else:
        faults += [
            Fault(str(path), None, None, None, "is there already", "give another name, or move it away")
            for path in (target, scenario)
            if path.exists()
        ]
    for option, name in zip(("--name-en", "--name-zh"), names, strict=True):
        if name is not None and not (name.strip() and name.isprintable()):
            faults.append(Fault(option, None, None, name, "is not a name", "a word or more on one line"))
    if not re.fullmatch(r"[1-9]\d{5}", adcode):
        right = "six digits, as 150000 of a province, 150100 of a city, 150102 of a county"
        faults.append(Fault("--adcode", None, None, adcode, "is not an area code", right))
    if not (target.parent / "reference").is_dir():
        right = "copy the folder inputs/reference of the checkout there first"
        faults.append(Fault(str(target.parent), None, None, None, "has no folder reference", right))
    if faults:
        raise InputError(faults)


def _words(region: str, names: tuple[str | None, str | None], adcode: str, start: int) -> Mapping[str, str]:
    """What the $words of the examples stand for."""
    name_en, name_zh = names[0] or region, names[1] or names[0] or region
    province, county = adcode.endswith("0000"), not adcode.endswith("00")
    city = f"{adcode[:2]}0100" if province else adcode
    years = {f"year{i}": str(start + i) for i in (1, 2, 3)}
    return years | {
        "region_id": region,
        "name_en": name_en,
        "name_zh": name_zh,
        "title_en": json.dumps(f"{name_en}, first plan", ensure_ascii=False),
        "title_zh": json.dumps(f"{name_zh}首个方案", ensure_ascii=False),
        "city_en": "Example city" if province else name_en,
        "city_zh": "示例市" if province else name_zh,
        "top": adcode,
        "region": adcode if province else "",
        "above": adcode if province else "",
        "city": city,
        "centre": city if county else f"{city[:4]}02",
        "county": city if county else f"{city[:4]}21",
        "start": str(start),
    }


def _spec(name: str) -> TableSpec:
    """The table that a file of a region belongs to."""
    return next(spec for spec in table_specs().values() if spec.folder == "region" and name in spec.files)


def _write_table(
    path: Path,
    spec: TableSpec,
    example: Mapping[str, Any],
    defaults: Mapping[str, str],
    words: Mapping[str, str],
) -> None:
    """The required columns and those of the example, in the order of the schema; a row for each key."""
    shown = [c.name for c in spec.columns.values() if c.required or c.name in example["columns"]]
    shown += ["constructed"] if spec.name == "sources" else []
    rows = dict[tuple[str, ...], list[str]]()
    for given in example["rows"]:
        cells = {name: Template(str(cell)).substitute(words) for name, cell in (defaults | given).items()}
        key = tuple(cells.get(name, "") for name in spec.key)
        if any(key):  # the row of an area that the code given does not have
            rows.setdefault(key, [cells.get(name, "") for name in shown])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([shown, *rows.values()])


def _years_known(tables: Tables, start: int) -> None:
    years = set(tables.frame["deflators"]["year"]) & set(tables.frame["prices"]["year"])
    if not {start, start + 1, start + 2, start + 3} <= years:
        right = f"it and three years more lie within {min(years):.0f} to {max(years):.0f}"
        raise InputError(
            [Fault("--start", None, None, str(start), "is beyond the prices of reference/", right)]
        )
