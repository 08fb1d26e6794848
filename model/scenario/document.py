"""A scenario file with what it extends below it and the settings of the command line on top.

Mappings merge key by key, the later wins, null removes; lists and scalars are replaced. Keys are text, so
that 2018 and "2018" are one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from model.base.faults import Fault, InputError, nearest
from model.base.words import POLLUTANTS
from model.scenario.tree import Node, join, parse_file, parse_text, plain

ENTRIES = ("limits", "mandates", "changes", "alerts")
"""Sections of entries, in which a setting may change what is there or put in a whole entry."""

OPTIONS = ("title", "solver", "sweep")
"""Sections in which null means the default, and so may stand where nothing was; elsewhere that is a slip."""

SWEPT = "sweep.over."
"""What follows is a path itself, and one key."""

SETTING = "--set"
"""What stands in a fault as the file of a value given on the command line."""


def read_document(path: Path, settings: Sequence[str] = ()) -> Node:
    """The tree of a scenario file, all that it extends below it, settings (`a.b.c=value`) on top.

    Raises:
        InputError: a file is missing or is not YAML, a key stands twice, `extends` runs in a circle, a
            setting has no `=`, or null removes what is not there.
    """
    faults: list[Fault] = []
    tree = _extended(path, (), faults)
    for text in settings:
        over = setting(text)
        faults += _stray(tree, _split(text.partition("=")[0]))
        tree = _merge(tree, over, "", faults)
    if faults:
        raise InputError(faults)
    return tree


def merge(base: Node, over: Node) -> Node:
    """`base` changed by `over`: mappings key by key, null removes, anything else replaces."""
    return _merge(base, over, "", [])


def _extended(path: Path, below: tuple[Path, ...], faults: list[Fault]) -> Node:
    """The tree of `path` merged over what it extends; `below` are the files that led here."""
    tree = parse_file(path)
    assert isinstance(tree.value, dict)
    wanted = tree.value.get("extends")
    own = Node({key: child for key, child in tree.value.items() if key != "extends"}, tree.file, tree.line)
    if wanted is None:
        return own
    if not isinstance(wanted.value, str):
        raise _refused(wanted, "is not a file name", "write FILE.yaml")
    base = path.parent / wanted.value
    chain = (*below, path)
    if any(base.resolve() == file.resolve() for file in chain):
        circle = " extends ".join(file.name for file in (*chain, base))
        raise _refused(wanted, f"runs in a circle: {circle}", "leave one of them out")
    if not base.is_file():
        raise _refused(wanted, "is not a file", f"it is looked for in {path.parent.as_posix()}")
    merged = _merge(_extended(base, chain, faults), own, "", faults)
    return Node(merged.value, own.file, own.line)


def _stray(tree: Node, keys: Sequence[str]) -> list[Fault]:
    """A setting inside an entry that is not there: it could only make an entry with nothing else in it."""
    assert isinstance(tree.value, dict)
    section = tree.value.get(keys[0])
    entries = section.value if section is not None and isinstance(section.value, dict) else {}
    if len(keys) < 3 or keys[0] not in ENTRIES or keys[1] in entries:
        return []
    advice = nearest(keys[1], entries) if entries else ""
    return [Fault(SETTING, None, f"{keys[0]}.{keys[1]}", None, "is not an entry", advice)]


def _refused(wanted: Node, wrong: str, right: str) -> InputError:
    return InputError([Fault(wanted.file, wanted.line, "extends", str(plain(wanted)), wrong, right)])


def _merge(base: Node, over: Node, path: str, faults: list[Fault]) -> Node:
    if not (isinstance(base.value, dict) and isinstance(over.value, dict)):
        return over
    merged = dict(base.value)
    for key, child in over.value.items():
        if child.value is None:
            if key not in merged and path and path.partition(".")[0] not in OPTIONS:
                advice = nearest(key, merged) if merged else "leave it out"
                where = join(path, key)
                faults.append(Fault(child.file, child.line, where, "null", "removes nothing", advice))
            merged.pop(key, None)
        elif key in merged:
            merged[key] = _merge(merged[key], child, join(path, key), faults)
        else:
            merged[key] = child
    return Node(merged, base.file, base.line)


def setting(text: str) -> Node:
    """`a.b.c=value` as a tree with one leaf, the value read as YAML."""
    path, sign, value = text.partition("=")
    keys = _split(path)
    if not sign or not all(keys):
        raise InputError([Fault(SETTING, None, None, text, "is not a setting", "write path.to.key=value")])
    try:
        leaf = parse_text(value, SETTING, numbered=False)
    except InputError as error:
        moved = [Fault(SETTING, None, path, value, f.wrong, f.right) for f in error.faults]
        raise InputError(moved) from None
    for key in reversed(keys):
        leaf = Node({key: leaf}, SETTING, None)
    return leaf


def written_at(tree: Node, path: str) -> object:
    """What a tree has at a dotted path as mappings, lists and scalars; None where nothing is written."""
    for key in _split(path):
        if not isinstance(tree.value, dict) or key not in tree.value:
            return None
        tree = tree.value[key]
    found: object = plain(tree)
    return found


def _split(path: str) -> list[str]:
    """Keys of a dotted path; the dot of PM2.5 divides nothing, nor do those of a path that is swept."""
    if path.startswith(SWEPT):
        return [*SWEPT.rstrip(".").split("."), path.removeprefix(SWEPT).strip()]
    for name in POLLUTANTS:
        path = path.replace(name, name.replace(".", "\0"))
    return [key.replace("\0", ".").strip() for key in path.split(".")]
