"""What commands say of paths that can not be, and of one bad scenario among several."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.__main__ import main
from tests.pipeline.toy import TOY, call, files, said
from tests.small_inputs import edit


def test_an_unknown_scenario_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("run", "check"):
        assert call(folder, command, scenarios=("toi.yaml",)) == 2
        expected = ["toi.yaml: is missing or can not be read", "1 fault(s); nothing was written"]
        assert said(capsys.readouterr().err, folder) == expected
    assert not (folder / "out").exists()


def test_an_inputs_folder_that_is_not_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["check", str(folder / TOY), "--inputs", str(folder / "inputz")])
    assert status == 2
    assert said(capsys.readouterr().err, folder) == [
        "plans/toy_plan.csv: is missing; there are no registers yet",
        "reference: is not a folder of inputz; there is no folder inputz",
        "2 fault(s); nothing was written",
    ]


def test_an_out_that_is_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "out").write_text("mine", encoding="utf-8")
    assert call(folder, "run") == 2
    expected = ["--out: 'out' is not a folder; name another one", "1 fault(s); nothing was written"]
    assert [line.replace(f"{folder}/", "") for line in said(capsys.readouterr().err, folder)] == expected
    assert (folder / "out").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "command",
    [
        *(["run"], ["inventory"], ["calibrate"], ["uncertainty"], ["sweep"], ["emergency"]),
        ["confidence", "--limit", "T-SO2"],
        *(["curve", "--pollutant", "SO2"], ["cities", "--pollutant", "SO2"]),
    ],
)
@pytest.mark.parametrize("below", ["", "/deeper"])
def test_every_out_that_is_a_file(
    folder: Path, command: list[str], below: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "out").write_text("mine", encoding="utf-8")
    where = ["--inputs", str(folder / "inputs"), "--out", f"{folder}/out{below}"]
    assert main([*command, str(folder / TOY), *where]) == 2
    error = capsys.readouterr().err
    assert f"--out: '{folder}/out{below}'" in error
    assert "is not a folder; name another one" in error
    assert (folder / "out").read_text(encoding="utf-8") == "mine"


def test_two_scenarios_of_one_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "b").mkdir()
    (folder / "b" / TOY).write_bytes((folder / TOY).read_bytes())
    assert call(folder, "run", scenarios=(TOY, f"b/{TOY}")) == 2
    assert said(capsys.readouterr().err, folder) == [
        "b/toy.yaml: 'toy' is the name of another scenario too; results would overwrite each other; "
        "rename one file",
        "1 fault(s); nothing was written",
    ]
    assert not (folder / "out").exists()


def second_and_third(folder: Path) -> tuple[str, str, str]:
    """Two more scenarios, whose faults only building them can find."""
    good = (folder / TOY).read_text(encoding="utf-8")
    second = good.replace("boiler_gas: {cost: 1.1}", "coating_carbon: {cost: 2}")
    third = good.replace("{class: boiler, vintage: existing}", "{class: boiler, fuel: diesel}")
    (folder / "second.yaml").write_text(second, encoding="utf-8")
    (folder / "third.yaml").write_text(third, encoding="utf-8")
    return TOY, "second.yaml", "third.yaml"


def test_a_fault_in_the_last_scenario_stops_the_first(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenarios = second_and_third(folder)
    expected = [
        "second.yaml, row 11, measures.coating_carbon: 'coating_carbon' fits no source of the region; "
        "leave it out",
        "third.yaml, row 16, limits.RATE.where: 'class: boiler, fuel: diesel' matches no source; "
        "correct the selector or leave the limit out",
        "2 fault(s); nothing was written",
    ]
    for command in ("run", "check"):
        assert call(folder, command, scenarios=scenarios) == 2
        assert said(capsys.readouterr().err, folder) == expected
    assert not (folder / "out").exists()


def test_a_faulty_run_leaves_older_results_alone(folder: Path) -> None:
    older = folder / "out" / "toy" / "plan.csv"
    older.parent.mkdir(parents=True)
    older.write_text("older", encoding="utf-8")
    edit(folder, TOY, "{class: boiler, vintage: existing}", "{class: boiler, fuel: diesel}")
    before = files(folder)
    assert call(folder, "run") == 2
    assert files(folder) == before
