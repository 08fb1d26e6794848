"""The schema is whole, and says what a selector may test."""

from __future__ import annotations

from model.base.words import POLLUTANTS, QUANTITIES, SECTORS, SLOTS, STANDARD_LEVELS, ZONES
from model.tables.check import PARSERS
from model.tables.schema import attributes, table_specs


def test_references_and_keys_exist() -> None:
    specs = table_specs()
    for spec in specs.values():
        assert set(spec.key) <= spec.columns.keys(), spec.name
        for column in spec.columns.values():
            assert column.type in PARSERS
            assert column.about
            assert (column.type == "choice") == bool(column.choices), (spec.name, column.name)
            if column.refers:
                table, field = column.refers
                assert field in specs[table].columns


def test_choices_are_the_words_of_the_model() -> None:
    specs = table_specs()
    assert specs["classes"].columns["sector"].choices == SECTORS
    assert specs["sources"].columns["zone"].choices == ZONES
    assert specs["emission_factors"].columns["pollutant"].choices == POLLUTANTS
    assert specs["measures"].columns["slot"].choices == SLOTS
    assert attributes()["meets"].choices == STANDARD_LEVELS
    assert not QUANTITIES.keys() & attributes().keys() - {"activity", "capacity", "stock"}


def test_provenance_columns() -> None:
    specs = table_specs()
    assert list(specs["emission_factors"].columns)[-6:] == [
        "value",
        "unit",
        "low",
        "high",
        "citation",
        "rating",
    ]
    assert list(specs["controls"].columns)[-3:] == ["citation", "rating", "constructed"]
    assert specs["emission_factors"].columns["value"].min == 0
    assert specs["transfers"].columns["value"].min is None


def test_attributes_of_selectors() -> None:
    known = attributes()
    for name in (
        "class",
        "fuel",
        "zone",
        "sector",
        "nfr",
        "city",
        "capacity_tph",
        "meets",
        "vintage",
        "duty",
    ):
        assert name in known
    assert known["area"].type == "adcode"
    assert "named area" in known["area"].about
    assert known["distance_km"].unit == "km"
