"""Files, encodings, extends, settings; each fault with its whole message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.base.faults import InputError
from model.scenario.document import merge, read_document
from model.scenario.tree import Node, normalised, places, plain


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def message(path: Path, *settings: str) -> str:
    """What is said of a faulty document, without the folder it is in."""
    with pytest.raises(InputError) as error:
        read_document(path, settings)
    return str(error.value).replace(path.parent.as_posix() + "/", "").replace(path.parent.as_posix(), "DIR")


def tree(data: Any, file: str = "f") -> Node:
    if isinstance(data, dict):
        return Node({key: tree(value, file) for key, value in data.items()}, file, 1)
    if isinstance(data, list):
        return Node(tuple(tree(value, file) for value in data), file, 1)
    return Node(data, file, 1)


def test_values_of_yaml_1_2(tmp_path: Path) -> None:
    text = "a: 1e-4\nb: 2020-12-31\nc: yes\nd: true\ne: 1:30\nf: 85 % of 2015\ng: 010\n2018: [1, x]\nh:\n"
    assert plain(read_document(write(tmp_path, "s.yaml", text))) == {
        "a": 1e-4,
        "b": "2020-12-31",
        "c": "yes",
        "d": True,
        "e": "1:30",
        "f": "85 % of 2015",
        "g": 10,
        "2018": [1, "x"],
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, "s.yaml", "title: {zh: 内蒙古自治区}\nb: 1\n".encode(encoding))
    assert plain(read_document(path)) == {"title": {"zh": "内蒙古自治区"}, "b": 1}


def test_neither_encoding(tmp_path: Path) -> None:
    path = write(tmp_path, "s.yaml", b"a: \xff\xff\xff")
    assert message(path) == "s.yaml: is neither UTF-8 nor GB18030; save it as UTF-8"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "s.yaml, row 3, a: stands twice; first in row 1"),
        ("x:\n  2018: 1\n  '2018': 2\n", "s.yaml, row 3, x.2018: stands twice; first in row 2"),
        ("a: [1\nb: 2\n", "s.yaml, row 2: is not YAML: expected ',' or ']', but got ':'"),
        ("a: *x\n", "s.yaml, row 1: is not YAML: found undefined alias 'x'"),
        ("a: 1\n---\nb: 2\n", "s.yaml, row 2: is not YAML: but found another document"),
        ("a: \x01\n", "s.yaml: is not YAML: it holds a control character"),
        ("a: 1\nb: !foo 3\n", "s.yaml, row 2, b: '3' has the tag !foo; leave it out"),
        ("a: &x [*x]\n", "s.yaml, row 1, a.0: an anchor that quotes itself"),
        ('a: "\\ud800"\n', "s.yaml, row 1, a: holds half a character; write it in UTF-8"),
        ("{[1]: 2}\n", "s.yaml, row 1: a key is a mapping or a list; write a name"),
        ("- 1\n", "s.yaml, row 1: is not a scenario; write `key: value` lines"),
        ("", "s.yaml, row 1: is not a scenario; write `key: value` lines"),
        ("extends: no.yaml\n", "s.yaml, row 1, extends: 'no.yaml' is not a file; it is looked for in DIR"),
        ("extends: [a]\n", "s.yaml, row 1, extends: '['a']' is not a file name; write FILE.yaml"),
        (
            "a: 1\nextends: s.yaml\n",
            "s.yaml, row 2, extends: 's.yaml' runs in a circle: s.yaml extends s.yaml; leave one of them out",
        ),
    ],
)
def test_faults(tmp_path: Path, text: str, said: str) -> None:
    assert message(write(tmp_path, "s.yaml", text)) == said


def test_missing_file(tmp_path: Path) -> None:
    assert message(tmp_path / "s.yaml") == "s.yaml: is missing or can not be read"


def test_two_faults_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, "s.yaml", "a: 1\na: 2\nb: !x 1\n")
    assert message(path).splitlines() == [
        "s.yaml, row 2, a: stands twice; first in row 1",
        "s.yaml, row 3, b: '1' has the tag !x; leave it out",
    ]


def test_cycle_of_three(tmp_path: Path) -> None:
    for name, base in (("a", "b"), ("b", "c"), ("c", "a")):
        write(tmp_path, f"{name}.yaml", f"extends: {base}.yaml\n")
    assert message(tmp_path / "a.yaml") == (
        "c.yaml, row 1, extends: 'a.yaml' runs in a circle: "
        "a.yaml extends b.yaml extends c.yaml extends a.yaml; leave one of them out"
    )


def test_extends_merges_and_remembers_where(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    base_text = "years: [2018, 2019]\nlimits:\n  A: {at_most: {2018: 1 t, 2019: 2 t}}\n  B: 1\n"
    write(tmp_path, "base/b.yaml", base_text)
    text = "extends: base/b.yaml\nyears: [2020]\nlimits:\n  A: {at_most: {2019: 9 t}}\n  B: null\n"
    path = write(tmp_path, "s.yaml", text)
    merged = read_document(path, ["limits.A.at_most.2018=7 t"])
    assert plain(merged) == {"years": [2020], "limits": {"A": {"at_most": {"2018": "7 t", "2019": "9 t"}}}}
    where = places(merged)
    base = (tmp_path / "base/b.yaml").as_posix()
    assert (where["limits.A"].file, where["limits.A"].line) == (base, 3)
    assert (where["limits.A.at_most.2019"].file, where["limits.A.at_most.2019"].line) == (path.as_posix(), 4)
    assert (where["limits.A.at_most.2018"].file, where["limits.A.at_most.2018"].line) == ("--set", None)
    assert (where[""].file, where["years"].line) == (path.as_posix(), 2)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("solver.gap=1e-3", {"register": "x", "solver": {"gap": 1e-3}}),
        ("years=[2018, 2019]", {"register": "x", "years": [2018, 2019]}),
        ("a.b={2018: 85 % of 2015}", {"register": "x", "a": {"b": {"2018": "85 % of 2015"}}}),
        ("a.b.2018=5 t", {"register": "x", "a": {"b": {"2018": "5 t"}}}),
        ("minimise.PM2.5=2", {"register": "x", "minimise": {"PM2.5": 2}}),
        ("register=a=b", {"register": "a=b"}),
        ("register=null", {}),
    ],
)
def test_settings(tmp_path: Path, setting: str, expected: object) -> None:
    assert plain(read_document(write(tmp_path, "s.yaml", "register: x\n"), [setting])) == expected


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("years", "--set: 'years' is not a setting; write path.to.key=value"),
        ("a..b=1", "--set: 'a..b=1' is not a setting; write path.to.key=value"),
        ("a.b=[1", "--set, a.b: '[1' is not YAML: expected ',' or ']', but got '<stream end>'"),
        ("limits.AB=null", "--set, limits.AB: 'null' removes nothing; did you mean 'ABC'?"),
        ("limits.ABC.not=null", "--set, limits.ABC.not: 'null' removes nothing; did you mean 'note'?"),
    ],
)
def test_faults_of_settings(tmp_path: Path, setting: str, said: str) -> None:
    assert message(write(tmp_path, "s.yaml", "limits: {ABC: {note: x}}\n"), setting) == said


def test_null_may_reset_an_option(tmp_path: Path) -> None:
    path = write(tmp_path, "s.yaml", "solver: {seed: 1}\n")
    assert plain(read_document(path, ["solver.time_limit=null"])) == {"solver": {"seed": 1}}


LEAVES = st.one_of(st.integers(0, 9), st.text("ab", max_size=2), st.lists(st.integers(0, 3), max_size=2))
KEYS = st.sampled_from("abc")


def mappings(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Trees two deep in which a key is a leaf or a mapping, never both."""
    inner = st.dictionaries(KEYS, leaves, max_size=3)
    return st.fixed_dictionaries({}, optional={"a": leaves, "b": inner, "c": inner})


@given(mappings(LEAVES), mappings(LEAVES), mappings(LEAVES))
def test_merging_is_associative(one: Any, two: Any, three: Any) -> None:
    a, b, c = tree(one), tree(two), tree(three)
    assert plain(merge(merge(a, b), c)) == plain(merge(a, merge(b, c)))


@given(mappings(LEAVES), mappings(LEAVES))
def test_the_later_wins_and_the_rest_stays(one: Any, two: Any) -> None:
    merged = plain(merge(tree(one), tree(two)))
    for key in {*one, *two}:
        if isinstance(merged[key], dict):
            assert merged[key] == one.get(key, {}) | two.get(key, {})
        else:
            assert merged[key] == two.get(key, one.get(key))


@given(mappings(LEAVES))
def test_null_removes(one: Any) -> None:
    assert plain(merge(tree(one), tree(dict.fromkeys(one)))) == {}
    assert plain(merge(tree(one), tree({}))) == one
    assert plain(merge(tree(one), tree(one))) == one


@given(mappings(LEAVES), mappings(LEAVES))
def test_a_setting_has_the_last_word(one: Any, two: Any) -> None:
    last = tree({"b": {"a": 77}})
    assert plain(merge(merge(tree(one), tree(two)), last))["b"]["a"] == 77


@given(mappings(LEAVES))
def test_normalised_text_does_not_depend_on_order(one: Any) -> None:
    assert normalised(one) == normalised(dict(reversed(one.items())))
