"""`new REGION`: what it writes is whole, made from the schema, passes `check` and runs; what it refuses."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from ruamel.yaml import YAML

from model.__main__ import main
from model.pipeline.new_region import EXAMPLES
from model.tables.read import read_tables
from model.tables.schema import table_specs

ROOT = Path(__file__).parents[2]
REGION_TABLES = [spec for spec in table_specs().values() if spec.folder == "region"]


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """The shared tables and no region."""
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "reference").symlink_to(ROOT / "inputs" / "reference")
    return tmp_path / "inputs"


def new(inputs: Path, region: str, *options: str) -> int:
    folders = ["--inputs", str(inputs), "--scenarios", str(inputs.parent / "scenarios")]
    return main(["new", region, *folders, *options])


def everything(inputs: Path) -> set[Path]:
    return {path for path in inputs.parent.rglob("*") if "reference" not in path.parts and path.is_file()}


def test_what_it_writes_checks_and_runs(inputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new(inputs, "my_city", "--name-en", "My City", "--name-zh", "我的市") == 0
    said = capsys.readouterr().out
    scenario = inputs.parent / "scenarios" / "my_city.yaml"
    assert f"next: python -m model check {scenario} --inputs {inputs}" in said
    command = [str(scenario), "--inputs", str(inputs)]
    assert main(["check", *command]) == 0
    said = capsys.readouterr().out
    assert said.startswith("My City, first plan")
    assert "control totals: 3 of 3 inside their range" in said
    assert "concerns no source" not in said
    assert said.rstrip().endswith("nothing is out of reach by itself")
    out = inputs.parent / "out"
    assert main(["run", *command, "--out", str(out)]) == 0
    plan = pd.read_csv(out / "my_city" / "plan.csv").set_index("source")
    assert "coal" not in plan.loc["boiler.example.school", "to_state"]  # the mandate
    limits = pd.read_csv(out / "my_city" / "limits.csv").set_index("limit")
    target = limits.loc["SO2-TARGET/2023"]
    assert target["status"] == "binding"
    assert target["frozen"] > target["bound"] >= target["achieved"] * (1 - 1e-9)
    assert limits.loc["CLEAN-HEAT/2023", "status"] == "reported"
    assert limits["status"].ne("missed").all()
    assert "My City, first plan" in (out / "my_city" / "report.html").read_text(encoding="utf-8")


def test_every_file_of_a_region_is_there_or_said_not_to_be(inputs: Path) -> None:
    assert new(inputs, "r2") == 0
    unwritten = YAML(typ="safe", pure=True).load(EXAMPLES.read_text(encoding="utf-8"))["unwritten"]
    page = (inputs / "r2" / "README.md").read_text(encoding="utf-8")
    for spec in REGION_TABLES:
        files = [name for name in spec.files if name != "sources"] if len(spec.files) > 1 else [spec.name]
        there = [(inputs / "r2" / f"{name}.csv").is_file() for name in files]
        assert there == [spec.name not in unwritten] * len(files), spec.name
        for name in files:
            assert f"{name}.csv" in page


def test_heads_are_the_required_columns_in_the_order_of_the_schema(inputs: Path) -> None:
    assert new(inputs, "r3") == 0
    for spec in REGION_TABLES:
        for name in spec.files:
            path = inputs / "r3" / f"{name}.csv"
            if not path.is_file():
                continue
            with path.open(encoding="utf-8", newline="") as file:
                head, *rows = csv.reader(file)
            assert head == [column for column in spec.columns if column in head]
            assert {c.name for c in spec.columns.values() if c.required} <= set(head)
            assert rows, name
            for row in rows:
                cells = dict(zip(head, row, strict=True))
                assert cells["citation"] == "own_estimate"
                assert cells["rating"] == "E"
                assert cells.get("constructed", "yes") == "yes"


def test_the_guide_has_every_column_with_its_meaning_required_ones_first(inputs: Path) -> None:
    assert new(inputs, "r4") == 0
    page = (inputs / "r4" / "README.md").read_text(encoding="utf-8")
    for spec in REGION_TABLES:
        heading = "### Their columns" if spec.name == "sources" else f"## {spec.name}.csv"
        section = page.split(heading, 1)[1].split("\n## ", 1)[0].split("\n### ", 1)[0]
        rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| `")]
        listed = {row[0].strip("|` "): row for row in rows}
        assert list(listed) == sorted(spec.columns, key=lambda name: not spec.columns[name].required)
        for column in spec.columns.values():
            row = listed[column.name]
            assert (row[1] == "yes") == column.required
            assert row[-1].removesuffix(" |").replace("\\|", "|") == column.about
            assert all(choice in row[4] for choice in column.choices)
    assert "| boiler | Boiler | GJ | tph |" in page


@pytest.mark.parametrize(
    ("code", "levels"),
    [
        ("150000", {"150000": "region", "150100": "city", "150102": "county", "150121": "county"}),
        ("532500", {"532500": "city", "532502": "county", "532521": "county"}),
        ("152501", {"152501": "city"}),
    ],
)
def test_areas_follow_the_code(inputs: Path, code: str, levels: dict[str, str]) -> None:
    assert new(inputs, "r5", "--adcode", code, "--start", "2018") == 0
    areas = read_tables(inputs, "r5").frame["areas"]
    assert dict(zip(areas["area"], areas["level"], strict=True)) == levels
    assert main(["check", str(inputs.parent / "scenarios" / "r5.yaml"), "--inputs", str(inputs)]) == 0


@pytest.mark.parametrize("name", ["", "My_City", "2b", "a/b", "../b", "reference", "plans", "市", "a", "a b"])
def test_a_bad_name_writes_nothing(inputs: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert new(inputs, name) == 2
    assert "REGION: '" in capsys.readouterr().err
    assert everything(inputs) == set()


def test_every_clash_and_fault_is_said_at_once(inputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (inputs / "r6").mkdir()
    scenario = inputs.parent / "scenarios" / "r6.yaml"
    scenario.parent.mkdir()
    scenario.write_text("mine")
    assert new(inputs, "r6", "--adcode", "1501", "--name-en", " ") == 2
    said = capsys.readouterr().err.splitlines()
    assert said[:4] == [
        f"{inputs / 'r6'}: is there already; give another name, or move it away",
        f"{scenario}: is there already; give another name, or move it away",
        "--name-en: ' ' is not a name; a word or more on one line",
        "--adcode: '1501' is not an area code; six digits, as 150000 of a province, 150100 of a city, "
        "150102 of a county",
    ]
    assert said[4] == "4 fault(s); nothing was written"
    assert scenario.read_text() == "mine"
    assert everything(inputs) == {scenario}


def test_a_start_without_prices_leaves_nothing(inputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new(inputs, "r7", "--start", "1999") == 2
    assert "--start: '1999' is beyond the prices of reference/" in capsys.readouterr().err
    assert everything(inputs) == set()
    assert [path.name for path in inputs.iterdir()] == ["reference"]


def test_no_reference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "r8", "--inputs", str(tmp_path), "--scenarios", str(tmp_path)]) == 2
    assert "has no folder reference; copy the folder inputs/reference" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_can_not_be_made_is_a_fault(inputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (inputs.parent / "scenarios").write_text("a file where the folder should be")
    assert new(inputs, "r9") == 2
    assert "can not be written" in capsys.readouterr().err
    assert [path.name for path in inputs.iterdir()] == ["reference"]


def test_names_with_commas_quotes_and_dollars_stand_as_given(inputs: Path) -> None:
    name = 'A, "B" $start: #1'
    assert new(inputs, "r10", "--name-en", name, "--adcode", "150000") == 0
    areas = read_tables(inputs, "r10").frame["areas"].set_index("area")
    assert areas.loc["150000", "name"] == name
    text = (inputs.parent / "scenarios" / "r10.yaml").read_text(encoding="utf-8")
    assert YAML(typ="safe", pure=True).load(text)["title"]["en"] == f"{name}, first plan"
