"""The only reader of inputs/: a region's tables, checked, in the units of the model."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from model.base.display import html_table
from model.base.faults import Fault, InputError, nearest
from model.tables.check import check_table, empty_frame
from model.tables.decode import SUFFIXES, decode
from model.tables.dimensions import convert_sources, unit_faults
from model.tables.links import key_faults, range_faults, rating_faults, reference_faults
from model.tables.rules import rule_faults
from model.tables.schema import TableSpec, table_specs

REQUIRED_OF_REGION = ("areas", "sources")
"""The other tables of a region may be absent: their frames are then empty."""

OPTIONAL_REFERENCE = ("factor_gaps", "published_ranges", "weekdays", "emergency_options")
"""Reference tables that no plan needs; they too may be absent."""

DATED = re.compile(r".+_\d{4}")


@dataclass(frozen=True)
class Tables:
    """The checked tables of reference/ and of one region.

    frame: one DataFrame per table, columns in schema order plus `file` and `row` (line in the file); missing
    optional columns are added empty. Numbers are float64 (required years int64), bool is bool, lists are
    tuples of str, everything else str. Capacity and activity of `sources` are in the units of their class,
    except activity given as fuel (`fuel_t` ...). Values of long tables stay in their `unit`.
    files: path relative to the inputs folder -> sha256, every file that was read.
    """

    region: str
    root: Path
    frame: Mapping[str, pd.DataFrame]
    files: Mapping[str, str]

    def _repr_html_(self) -> str:
        """Rows of each table, for notebooks."""
        rows = [(name, len(frame)) for name, frame in self.frame.items()]
        return html_table(f"Tables of {self.region}", ("table", "rows"), rows)


class _Reader:
    """Reads table after table and gathers what is wrong."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.frames: dict[str, pd.DataFrame] = {}
        self.files: dict[str, str] = {}
        self.faults: list[Fault] = []

    def read(self, spec: TableSpec, folder: str, stems: tuple[str, ...], required: bool) -> None:
        """Read the table from FOLDER/STEM of any format; a table with a fault in its columns is left out."""
        paths = list(self._paths(folder, stems))
        if not paths:
            if required:
                self._missing(spec, folder, stems)
            else:
                self.frames[spec.name] = empty_frame(spec)
            return
        parts, complete = [], True
        for path in paths:
            file = path.relative_to(self.root).as_posix()
            content = path.read_bytes()
            self.files[file] = hashlib.sha256(content).hexdigest()
            text, faults = decode(file, path.stem, content)
            if text is not None:
                frame, wrong = check_table(spec, text)
                parts.append(frame)
                faults += wrong
                complete &= all(name in text.cells for name in spec.columns if spec.columns[name].required)
            self.faults += faults
            complete &= text is not None
        if complete:
            self.frames[spec.name] = pd.concat(parts, ignore_index=True)

    def _paths(self, folder: str, stems: tuple[str, ...]) -> Iterator[Path]:
        for stem in stems:
            named = (self.root / folder / f"{stem}{end}" for end in SUFFIXES)
            found = [path for path in named if path.is_file()]
            yield from found[:1]
            for path in found[1:]:
                file = path.relative_to(self.root).as_posix()
                wrong = f"is there beside {found[0].name}"
                self.faults.append(Fault(file, None, None, None, wrong, "keep one"))

    def _missing(self, spec: TableSpec, folder: str, stems: tuple[str, ...]) -> None:
        needs = ", ".join(column.name for column in spec.columns.values() if column.required)
        right = f"a table with the columns {needs}"
        if len(stems) > 1:
            right += f", in any of {', '.join(f'{stem}.csv' for stem in stems)}"
        self.faults.append(Fault(f"{folder}/{spec.name}.csv", None, None, None, "is missing", right))

    def stray_faults(self, folder: str, known: set[str]) -> None:
        """A table file with a name that is not in the schema would be passed over in silence."""
        for path in sorted((self.root / folder).iterdir()):
            if path.suffix in SUFFIXES and path.stem not in known:
                file = path.relative_to(self.root).as_posix()
                right = nearest(path.stem, known)
                self.faults.append(Fault(file, None, None, path.stem, "is not a table", right))

    def link_faults(self) -> None:
        """Checks across rows and tables, on the tables whose columns are there."""
        for name, frame in self.frames.items():
            spec = table_specs()[name]
            if frame.empty:
                continue
            self.faults += key_faults(spec, frame)
            self.faults += reference_faults(spec, frame, self.frames)
            self.faults += unit_faults(spec, self.frames)
            if spec.provenance == "long":
                self.faults += range_faults(frame)
            if {"citation", "rating"} <= spec.columns.keys() and "citations" in self.frames:
                self.faults += rating_faults(frame, self.frames["citations"].drop_duplicates("citation"))
        keys = {name: list(table_specs()[name].key) for name in self.frames}
        self.faults += rule_faults({name: self.frames[name].drop_duplicates(keys[name]) for name in keys})

    def raise_faults(self) -> None:
        """Raise everything gathered, in the order of files and rows."""
        if self.faults:
            unique = dict.fromkeys(self.faults)
            raise InputError(
                sorted(unique, key=lambda f: (f.file, f.row or 0, f.column or "", f.value or ""))
            )


SPLIT_TABLES = ("sources", "calibration")
"""Tables whose rows may stand in any file whose name begins with the table's."""


def _stems(spec: TableSpec, folder: Path) -> tuple[str, ...]:
    """Names of the files of a table; those of `sources` may end in _YEAR, and any name beginning with sources
    is one of them; so is any beginning with calibration of that table."""
    if spec.name not in SPLIT_TABLES or not folder.is_dir():
        return spec.files
    there = {path.stem for path in folder.iterdir() if path.suffix in SUFFIXES}
    dated = {stem for stem in there if DATED.fullmatch(stem) and stem[:-5] in spec.files}
    more = dated | {stem for stem in there if stem.startswith(spec.name)}
    return (*spec.files, *sorted(more - set(spec.files)))


def _need_folder(root: Path, name: str) -> None:
    if not (root / name).is_dir():
        known = [path.name for path in root.iterdir() if path.is_dir()] if root.is_dir() else []
        right = nearest(name, known) if known else f"there is no folder {root}"
        raise InputError([Fault(name, None, None, None, f"is not a folder of {root.name}", right)])


def read_tables(root: Path, region: str, sources_required: bool = True) -> Tables:
    """Read and check inputs/reference and inputs/REGION.

    sources_required: whether a region without a file of sources is at fault.

    Raises InputError with every fault of every file: a table missing, unreadable or ragged, unknown and
    missing columns, wrong types and bounds, keys given twice, names that the table referred to does not hold,
    units unknown or of the wrong dimension, ranges in disorder, ratings better than E for what was recalled.
    """
    for folder in ("reference", region):
        _need_folder(root, folder)
    reader = _Reader(root)
    known: dict[str, set[str]] = {"reference": set(), region: set()}
    for spec in table_specs().values():
        if spec.folder == "plans":
            continue
        folder = "reference" if spec.folder == "reference" else region
        stems = _stems(spec, root / folder)
        known[folder].update(stems)
        shared = spec.folder == "reference" and spec.name not in OPTIONAL_REFERENCE
        needed = shared or spec.name in REQUIRED_OF_REGION
        reader.read(spec, folder, stems, needed and (sources_required or spec.name != "sources"))
    for folder, stems_known in known.items():
        reader.stray_faults(folder, stems_known)
    reader.link_faults()
    reader.raise_faults()
    frames = {name: reader.frames[name] for name in table_specs() if name in reader.frames}
    frames["sources"] = convert_sources(frames)
    return Tables(region, root, frames, dict(sorted(reader.files.items())))


def read_register(root: Path, plan: str) -> pd.DataFrame:
    """The clauses of inputs/plans/PLAN, one row each; raises InputError like `read_tables`."""
    spec = table_specs()["register"]
    if not any((root / "plans" / f"{plan}{end}").is_file() for end in SUFFIXES):
        known = sorted(path.stem for path in (root / "plans").glob("*") if path.suffix in SUFFIXES)
        right = nearest(plan, known) if known else "there are no registers yet"
        raise InputError([Fault(f"plans/{plan}.csv", None, None, None, "is missing", right)])
    reader = _Reader(root)
    reader.read(spec, "plans", (plan,), required=True)
    if spec.name in reader.frames:
        reader.faults += key_faults(spec, reader.frames[spec.name])
    reader.raise_faults()
    return reader.frames[spec.name]
