"""The command `calibrate` on the miniature inputs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.__main__ import main
from model.inventory.emissions import build_inventory
from model.tables.read import read_tables
from tests.small_inputs import REGION, write_small_run

OBSERVATIONS = """\
observation,year,area,quantity,where,account,operator,value,unit,low,high,citation,rating
first.NOx,2016,150000,NOx,class=truck,other,,120,t/yr,,,MANUAL,B
trucks.NOx,2017,150000,NOx,class=truck,other,,130,t/yr,110,150,MANUAL,B
cems.k1,2017,150200,NOx,source=k1,other,,1400,t/yr,1350,1450,MADE_UP,E
swath.SO2,2017,150000,SO2,,other,swath,300,t/yr,250,360,MADE_UP,E
boiler.coal,2017,150000,coal,class=boiler,other,,40,kt,36,44,MANUAL,B
vehicles,2017,150000,stock,class=truck,other,,180,1,170,190,MANUAL,B
made.heat,2017,150000,heat,class=boiler,control_total,,1,PJ,,,MADE_UP,E
"""
AVERAGING = "operator,city,weight,citation,rating\nswath,150100,1,MADE_UP,E\nswath,150200,0.3,MADE_UP,E\n"
OWN_ESTIMATE = "own_estimate,Own estimate,2020,this repository,Apache-2.0,own\n"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("calibrate")
    write_small_run(folder)
    (folder / "inputs" / REGION / "averaging.csv").write_text(AVERAGING)
    with (folder / "inputs" / "reference" / "citations.csv").open("a") as citations:
        citations.write(OWN_ESTIMATE)
    (folder / "seen.csv").write_text(OBSERVATIONS)
    return folder


def calibrate(root: Path, name: str, *options: str) -> int:
    where = ["--inputs", str(root / "inputs"), "--out", str(root / name)]
    told = ["--observations", str(root / "seen.csv"), "--account", "other", "--draws", "200"]
    return main(["calibrate", str(root / "toy.yaml"), *where, *told, *options])


def table(root: Path, name: str, file: str) -> pd.DataFrame:
    return pd.read_csv(root / name / "toy" / "calibration" / f"{file}.csv", keep_default_na=True)


@pytest.fixture(scope="module")
def made(root: Path) -> Path:
    assert calibrate(root, "out", "--account", "control_total") == 0
    return root


def test_files_and_columns(made: Path) -> None:
    there = {path.name for path in (made / "out" / "toy" / "calibration").iterdir()}
    csv = ("calibration", "residuals", "diagnostics", "conflicts", "parameters", "totals")
    figures = ("observations", "parameters")
    assert there == {f"{name}.csv" for name in csv} | {
        f"{f}.{end}" for f in figures for end in ("svg", "png")
    }
    residuals = table(made, "out", "residuals").set_index("observation")
    assert residuals.loc["made.heat", "why_not"] == "the tables were made to meet it"
    used = residuals[residuals["why_not"].isna()]
    assert set(used.index) == {"trucks.NOx", "cems.k1", "swath.SO2", "boiler.coal", "vehicles"}
    assert (used["residual_after"].abs() < used["residual_before"].abs()).sum() >= 4
    diagnostics = table(made, "out", "diagnostics").set_index("item")["value"]
    assert diagnostics["signal"] + diagnostics["noise"] == pytest.approx(5)
    assert diagnostics["converged"] == 1


def test_totals_are_those_of_the_inventory_and_narrower_after(made: Path) -> None:
    totals = table(made, "out", "totals")
    whole = totals[totals["sector"].isna()].set_index("pollutant")
    plain = build_inventory(read_tables(made / "inputs", REGION), 2017, None, {})
    nox = float(plain.emission().sel(pollutant="NOx").sum())
    assert whole.loc["NOx", "value_before"] == pytest.approx(nox)
    trucks = totals.set_index(["pollutant", "sector"]).loc[("NOx", "mobile")]
    width = {when: np.log(trucks[f"high_{when}"] / trucks[f"low_{when}"]) for when in ("before", "after")}
    assert width["after"] < 0.5 * width["before"]
    parts = totals[totals["sector"].notna()].groupby("pollutant")["value_after"].sum()
    assert parts["NOx"] == pytest.approx(whole.loc["NOx", "value_after"])


def test_a_scenario_names_what_was_written(made: Path) -> None:
    """The calibration copied among the tables gives what residuals.csv says it achieves."""
    content = (made / "out" / "toy" / "calibration" / "calibration.csv").read_text()
    copied = made / "inputs" / REGION / "calibration_posterior.csv"
    copied.write_text(content)
    try:
        tables = read_tables(made / "inputs", REGION)
        after = build_inventory(tables, 2017, "posterior", {})
        achieved = table(made, "out", "residuals").set_index("observation")["achieved"]
        emission = after.emission().isel(year=0)
        assert float(emission.sel(source="k1", pollutant="NOx")) == pytest.approx(achieved["cems.k1"])
        trucks = emission.sel(source=["t1", "t2"], pollutant="NOx")
        assert float(trucks.sum()) == pytest.approx(achieved["trucks.NOx"])
        assert (
            main(
                [
                    "check",
                    str(made / "toy.yaml"),
                    "--inputs",
                    str(made / "inputs"),
                    "--set",
                    "calibration=posterior",
                ]
            )
            == 0
        )
    finally:
        copied.unlink()


def test_rows_that_no_source_uses_are_written_where_they_hide_others(made: Path) -> None:
    """Trucks of China III have a NOx factor of their own, used by t1; those of any stage, by t2; boilers of
    20 t/h and more have one beside that of smaller ones."""
    rows = table(made, "out", "calibration")
    trucks = rows[(rows["class"] == "truck") & (rows["pollutant"] == "NOx")]
    assert set(trucks["technology"].fillna("")) == {"", "China III"}
    homes = rows[(rows["class"] == "residential_coal") & (rows["pollutant"] == "SO2")]
    assert set(homes["fuel"]) == {"raw_coal", "briquette"}  # no home burns briquettes at the start
    assert homes.set_index("fuel").loc["briquette", "factor"] == 1


def test_same_bytes_every_time(made: Path) -> None:
    assert calibrate(made, "again", "--account", "control_total") == 0
    for path in (made / "out" / "toy" / "calibration").iterdir():
        assert path.read_bytes() == (made / "again" / "toy" / "calibration" / path.name).read_bytes(), (
            path.name
        )


def test_series_are_harmonised_by_name_and_by_the_tree(root: Path) -> None:
    assert calibrate(root, "series", "--method", "constant_offset", "--method", "tree") == 0
    frame = table(root, "series", "harmonised")
    trucks = frame[frame["observation"] == "trucks.NOx"].set_index(["method", "year"])
    first = trucks.loc[("constant_offset", 2017)]
    assert (first["model"], first["harmonised"]) == pytest.approx((92.8, 130))
    later = trucks.loc["constant_offset"]
    assert (later["harmonised"] - later["model"]).to_numpy() == pytest.approx(130 - 92.8)
    # two years observed, one change: no variation; |130 - 92.8| / 130 is less than half
    assert set(trucks.loc["tree", "picked"]) == {"reduce_ratio_2080"}
    assert not (root / "series" / "toy" / "calibration" / "residuals.csv").exists()
    assert "vehicles" not in set(frame["observation"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--method", "median"], "--method: 'median' is no method; known: gls, tree, constant_ratio"),
        (["--account", "census"], "--account: 'census' is not an account; did you mean 'census_2017'?"),
        (["--method", "reduce_ratio_soon"], "--method: 'reduce_ratio_soon' is no method; known: gls"),
        (["--draws", "1000000000"], "--draws: '1000000000' is too many; write 1000000 or fewer"),
        (["--name", "a+b"], "--name: 'a+b' is no name; a name has none of + ; , = |"),
        (["--draws", "1"], "--draws: '1' gives no range; write 2 or more"),
        (["--set", "start=2016"], "'2016' has no source"),
    ],
)
def test_what_is_refused(
    root: Path, options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert calibrate(root, "bad", *options) == 2
    assert message in capsys.readouterr().err
    assert not (root / "bad").exists()


def test_a_region_without_observations_says_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--inputs", str(root / "inputs"), "--out", str(root / "none")]
    assert main(["calibrate", str(root / "toy.yaml"), *where]) == 2
    said = "toy/observations.csv, account: 'census_2017' has no observation of 2017 that can be used"
    assert said in capsys.readouterr().err
