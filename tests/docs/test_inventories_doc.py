"""docs/inventories.md says what the tables say; what its text concludes holds; its recipe runs."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from docs.build_inventories import DOCS, Page, build, read_page
from model.tables.one import read_one

TEXT = (DOCS / "inventories.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page() -> Page:
    return read_page()


def test_page_is_what_the_script_gives(page: Page) -> None:
    assert build(page) == TEXT, "run python -m docs.build_inventories"
    assert "{{" not in TEXT


def test_conclusions_hold(page: Page) -> None:
    """The sentences of the template that are words, not numbers."""
    said = page.numbers()
    assert said["scatter_ceads"] < 0.25 < said["scatter_chen"] < said["scatter_published"]
    assert said["scatter_as_ceads"] > said["scatter_without"]
    assert abs(said["with_ncv"]) < 0.3
    assert said["median"] < 1 < said["ratio_province"]
    assert said["ordos_without"] < said["ordos"] < 0.8
    assert said["ordos_late"] < 0.8
    assert min(said["chemicals"], said["oil"], said["homes"]) > 5
    assert max(said["power"], said["other_coal"]) < -5
    assert said["xilingol"] > said["xilingol_ceads"]
    for inventory in ("CEADs_city", "Chen_2020"):
        assert set(page.now.leagues(inventory)["inside"]) == {"yes"}
    chen = page.now.leagues("Chen_2020").set_index("name")["ratio"]
    assert chen[["Baotou", "Ordos", "Wuhai", "Ulanqab"]].min() > 1.4
    assert chen[["Hulunbuir", "Hinggan"]].max() < 0.7


def test_other_inventories_and_observations_are_one_source(page: Page) -> None:
    """Where both tables quote a figure of 2017 they quote the same one, to 1 %."""
    frame = page.now.tables.frame
    seen = frame["observations"].set_index("observation")["value"]
    rows = frame["other_inventories"].query("year == 2017")
    cities = rows[rows["inventory"] == "CEADs_city"].set_index("area")["value"]
    for area, value in cities.items():
        assert seen[f"co2_city.{area}.2017"] == pytest.approx(value, rel=1e-3)
    province = rows[rows["inventory"] == "CEADs_province"]
    by_where = province.set_index("where")["value"].to_dict()
    observed = frame["observations"].query("citation == 'CEADS_PROVINCE' and year == 2017")
    assert len(observed) == len(by_where) == 9
    for _, row in observed.iterrows():
        assert by_where[row["where"]] == pytest.approx(row["value"], rel=0.01), row["observation"]


def test_sectors_of_ceads_add_up(page: Page) -> None:
    """The parts of each year are its total but for gas works and what light industry burns beside coal."""
    rows = page.now.tables.frame["other_inventories"].query("inventory == 'CEADs_province'")
    for _, part in rows.groupby("year"):
        whole = part.loc[part["part"].isna(), "value"].item()
        assert 0.98 < part.loc[part["part"].notna(), "value"].sum() / whole < 1


def test_the_recipe_gives_a_file_that_can_be_read(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)
    wide = {"sector": ["1.A.1.a", "1.A.4", "1.B.1"], "substance": ["SO2", "NMVOC", "SO2"]}
    pd.DataFrame({**wide, "Y_2017": [120.0, 30.0, 1.0], "Y_2018": [110.0, None, 1.0]}).to_csv(
        tmp_path / "edgar_wide.csv", index=False
    )
    monkeypatch.chdir(tmp_path)
    exec(compile(code.replace('"EDGAR_V8"', '"EMEP2023"'), "recipe", "exec"), {})
    rows = read_one(tmp_path / "edgar_long.csv", "other_inventories", page.now.tables)
    assert rows[["year", "part", "pollutant", "value", "unit"]].to_numpy().tolist() == [
        [2017, "1.A.1.a", "SO2", 120.0, "kt/yr"],
        [2017, "1.A.4", "VOCs", 30.0, "kt/yr"],
        [2018, "1.A.1.a", "SO2", 110.0, "kt/yr"],
    ]
