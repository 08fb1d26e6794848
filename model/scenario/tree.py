"""A YAML file as a tree that knows where each value was written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from model.base.faults import Fault, InputError

Scalar = str | int | float | bool | None


@dataclass(frozen=True)
class Node:
    """A mapping, a list or a scalar, and where it was written; line is None on the command line."""

    value: dict[str, Node] | tuple[Node, ...] | Scalar
    file: str
    line: int | None


@dataclass(frozen=True)
class Place:
    """Where a value was written."""

    file: str
    line: int | None


def plain(node: Node) -> Any:
    """The tree as mappings, lists and scalars; a key that holds null is left out."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items() if child.value is not None}
    if isinstance(node.value, tuple):
        return [plain(child) for child in node.value]
    return node.value


def places(node: Node, path: str = "") -> dict[str, Place]:
    """Where each dotted path of the tree was written; the path of the tree itself is empty."""
    found = {path: Place(node.file, node.line)}
    children: list[tuple[str, Node]] = []
    if isinstance(node.value, dict):
        children = list(node.value.items())
    elif isinstance(node.value, tuple):
        children = [(str(place), child) for place, child in enumerate(node.value)]
    for key, child in children:
        found |= places(child, join(path, key))
    return found


def locate(path: str, written: Mapping[str, Place]) -> Place:
    """Where a dotted path was written, or the nearest one above it."""
    while path not in written:
        path = path.rpartition(".")[0]
    return written[path]


def normalised(data: Mapping[str, Any]) -> str:
    """The same text for the same content, whatever the order of keys and the spelling of the YAML."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, indent=1) + "\n"


def parse_file(path: Path) -> Node:
    """The tree of a file, in UTF-8 with or without byte order mark, or in GB18030; keys are text.

    Raises:
        InputError: it is missing, not text, not YAML, or no mapping.
    """
    file = path.as_posix()
    try:
        data = path.read_bytes()
    except OSError:
        raise InputError([Fault(file, None, None, None, "is missing or can not be read")]) from None
    tree = parse_text(_decode(data, file), file)
    if not isinstance(tree.value, dict):
        raise InputError([Fault(file, 1, None, None, "is not a scenario", "write `key: value` lines")])
    return tree


def parse_text(text: str, file: str, numbered: bool = True) -> Node:
    """YAML 1.2 text as a tree.

    Raises:
        InputError: not YAML, a key twice, a tag or a circle of anchors.
    """
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None and numbered else None
        raise InputError([Fault(file, line, None, None, f"is not YAML: {error.problem}")]) from None
    except YAMLError:
        wrong = "is not YAML: it holds a control character"
        raise InputError([Fault(file, None, None, None, wrong)]) from None
    faults: list[Fault] = []
    tree = _Builder(file, numbered, faults).build(root, 1, "") if root is not None else Node(None, file, None)
    if faults:
        raise InputError(faults)
    return tree


class _Builder:
    """Turns the nodes of ruamel.yaml into ours, with the faults that its composer does not look for."""

    def __init__(self, file: str, numbered: bool, faults: list[Fault]) -> None:
        self.file = file
        self.numbered = numbered
        self.faults = faults
        self.open: list[int] = []

    def build(self, node: Any, line: int, path: str) -> Node:
        """Our node of `node`, which stands (or is quoted by an alias) in `line`."""
        shown = line if self.numbered else None
        if id(node) in self.open:
            self.fault(line, path, None, "an anchor that quotes itself", "")
            return Node(None, self.file, shown)
        if isinstance(node, ScalarNode):
            return Node(self.scalar(node, line, path), self.file, shown)
        self.open.append(id(node))
        children: dict[str, Node] | tuple[Node, ...]
        if isinstance(node, MappingNode):
            children = self.mapping(node, path)
        else:
            assert isinstance(node, SequenceNode)
            children = tuple(
                self.build(child, max(line, child.start_mark.line + 1), join(path, str(place)))
                for place, child in enumerate(node.value)
            )
        self.open.pop()
        return Node(children, self.file, shown)

    def mapping(self, node: MappingNode, path: str) -> dict[str, Node]:
        """Children by key, a key that stands twice being a fault."""
        lines: dict[str, int] = {}
        children: dict[str, Node] = {}
        for key_node, child in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                self.fault(line, path, None, "a key is a mapping or a list", "write a name")
                continue
            key = self.text(key_node, line, path)
            if key in lines:
                first = f"first in row {lines[key]}" if self.numbered else "write it once"
                self.fault(line, join(path, key), None, "stands twice", first)
            lines[key] = line
            children[key] = self.build(child, line, join(path, key))
        return children

    def text(self, node: ScalarNode, line: int, path: str) -> str:
        """Characters of a scalar; an escape such as "\\ud800" is none and could not be written again."""
        text = str(node.value)
        if any("\ud800" <= sign <= "\udfff" for sign in text):
            self.fault(line, path, None, "holds half a character", "write it in UTF-8")
            return ""
        return text

    def scalar(self, node: ScalarNode, line: int, path: str) -> Scalar:
        """Text, number, truth value or nothing, by the core schema of YAML 1.2."""
        text = self.text(node, line, path)
        kind = str(node.tag).removeprefix("tag:yaml.org,2002:")
        if kind in ("str", "timestamp"):
            return text
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        try:
            if kind == "int" and len(text) < 19:
                return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
            if kind in ("int", "float"):
                return float(text.replace(".inf", "inf").replace(".nan", "nan"))
        except ValueError:
            return text
        self.fault(line, path, text, f"has the tag {node.tag}", "leave it out")
        return None

    def fault(self, line: int, path: str, value: str | None, wrong: str, right: str) -> None:
        """Remember a fault."""
        row = line if self.numbered else None
        self.faults.append(Fault(self.file, row, path or None, value, wrong, right))


def join(path: str, key: str) -> str:
    """The dotted path of a key below a path."""
    return f"{path}.{key}" if path else key


def _decode(data: bytes, file: str) -> str:
    """Text of a file in UTF-8, with or without byte order mark, or in GB18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError([Fault(file, None, None, None, "is neither UTF-8 nor GB18030", "save it as UTF-8")])
