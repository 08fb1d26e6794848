"""Set-up: what .ci/environment.py says and puts aside, what is pinned, and what no file may name."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PINS = ("requirements.txt", "requirements-dev.txt", "requirements-peers.txt", "requirements-dask.txt")


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module, with its environment in a folder of the test."""
    spec = importlib.util.spec_from_file_location("environment", ROOT / ".ci" / "environment.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(module, "STAMP", str(tmp_path / ".venv" / "lantian-stamp"))
    return module


def refused(module: ModuleType, call: Any, capsys: pytest.CaptureFixture[str]) -> str:
    """What is said by something that ends with status 2."""
    with pytest.raises(SystemExit) as ended:
        call()
    assert ended.value.code == 2
    assert not Path(module.VENV).exists()
    return capsys.readouterr().err


def test_an_old_python_gets_a_sentence(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup, "OLDEST", (9, 4))
    monkeypatch.setattr(sys, "argv", ["environment.py", "requirements.txt"])
    version = sys.version.split()[0]
    assert refused(setup, setup.main, capsys) == (
        f"setup: Python 9.4 or newer is needed, {sys.executable} is {version}. "
        "Name another one: make setup PYTHON=python3.11\n"
    )


def test_an_old_python_can_read_the_file() -> None:
    text = (ROOT / ".ci" / "environment.py").read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 4))
    assert 'f"' not in text  # formatted strings came with 3.6 and are not told from others by ast
    assert text.isascii()


@pytest.mark.parametrize("status", [0, 1])
def test_a_python_without_venv_gets_a_sentence(
    status: int,
    setup: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It fails half way, or ends well and makes nothing: in both cases no half environment is left."""
    bare = tmp_path / "python3"
    bare.write_text(f'#!/bin/sh\nmkdir -p "$3/lib"\necho "ensurepip is not available"\nexit {status}\n')
    bare.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(bare))
    assert refused(setup, setup.make_venv, capsys) == (
        f"setup: {bare} can not make a virtual environment.\n"
        "ensurepip is not available\n"
        "On Debian and Ubuntu the package python3-venv is missing; "
        "or name another Python: make setup PYTHON=python3.12\n"
    )


DIVERTING = {
    "PIP_TARGET": "/elsewhere",
    "PIP_USER": "1",
    "PIP_PREFIX": "/elsewhere",
    "PIP_ROOT": "/elsewhere",
    "PIP_REQUIRE_VIRTUALENV": "1",
    "PIP_CONSTRAINT": "old.txt",
    "PYTHONPATH": "/elsewhere",
    "PYTHONHOME": "/elsewhere",
    "VIRTUAL_ENV": "/elsewhere",
}
KEPT = {
    "PIP_INDEX_URL": "https://mirror.example/simple",
    "PIP_EXTRA_INDEX_URL": "https://other.example/simple",
    "PIP_FIND_LINKS": "/wheels",
    "PIP_CERT": "/ca.pem",
    "PIP_TRUSTED_HOST": "mirror.example",
    "HTTPS_PROXY": "http://proxy.example:3128",
}


def test_variables_that_divert_are_put_aside(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**DIVERTING, **KEPT}.items():
        monkeypatch.setenv(name, value)
    environment = setup.clean_environment()
    assert not environment.keys() & DIVERTING.keys()
    assert {name: environment[name] for name in KEPT} == KEPT
    assert environment["PATH"] == os.environ["PATH"]


def options_of(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: str
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Environment and options that pip gets for a pip.conf of the user and no other."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    (tmp_path / "pip.conf").write_text(settings, encoding="utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setattr(setup, "python", lambda: sys.executable)
    environment, options = setup.pip_settings()
    return environment, list(zip(options[::2], options[1::2], strict=True))


def test_settings_of_a_file_that_divert_are_put_aside(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = (
        "[global]\nuser = true\ntarget = /elsewhere\nindex-url = https://mirror.example/simple\n"
        "cert = /my certificates/ca.pem\n"
        "extra-index-url =\n    https://one.example/simple\n    https://two.example/simple\n"
        "[install]\nprefix = /elsewhere\nno-binary = :all:\nfind-links = /wheels\n"
        "[list]\nformat = columns\n"
    )
    environment, options = options_of(setup, monkeypatch, tmp_path, settings)
    assert environment["PIP_CONFIG_FILE"] == os.devnull  # pip reads no file any more
    assert {name.removeprefix("--") for name, _ in options} <= set(setup.WHERE_FROM)
    # The machine's own configuration may add places; it can not take these away.
    assert {
        ("--index-url", "https://mirror.example/simple"),
        ("--extra-index-url", "https://one.example/simple"),
        ("--extra-index-url", "https://two.example/simple"),
        ("--find-links", "/wheels"),
        ("--cert", "/my certificates/ca.pem"),
    } <= set(options)
    assert "/elsewhere" not in {value for _, value in options}
    assert not [name for name in environment if name.startswith("PIP_") and name != "PIP_CONFIG_FILE"]


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("1", True), ("false", False)])
def test_no_index_is_an_option_without_value(
    value: str, expected: bool, setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = SimpleNamespace(stdout=f"global.no-index='{value}'\n:env:.index-url='x'\nglobal.user='true'\n")
    monkeypatch.setattr(setup.subprocess, "run", lambda *_, **__: listed)
    assert setup.pip_settings()[1] == (["--no-index"] if expected else [])


class Recorder:
    """Stands in for subprocess.run: remembers what was called and ends with `status`."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.commands: list[list[str]] = []

    def __call__(self, command: Sequence[str], **_: object) -> SimpleNamespace:
        self.commands.append(list(command))
        return SimpleNamespace(returncode=self.status)


def install(setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, status: int = 0) -> Recorder:
    """`main` on requirements.txt, where pip ends with `status`."""

    def make() -> None:
        (tmp_path / ".venv" / "bin").mkdir(parents=True)
        (tmp_path / ".venv" / "bin" / "python").touch()

    recorder = Recorder(status)
    monkeypatch.setattr(setup, "make_venv", make)
    monkeypatch.setattr(setup, "pip_settings", lambda: ({}, ["--index-url", "https://mirror.example"]))
    monkeypatch.setattr(setup.subprocess, "run", recorder)
    monkeypatch.setattr(sys, "argv", ["environment.py", "requirements.txt"])
    setup.main()
    return recorder


def test_the_install_is_pinned_hashed_and_done_once(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = install(setup, monkeypatch, tmp_path).commands[0]
    assert first[1:4] == ["-m", "pip", "install"]
    wanted = ["--require-hashes", "--no-deps", "--no-input"]
    assert set(wanted) <= set(first)
    assert first[first.index("--only-binary") + 1] == ":all:"
    assert first[first.index("--requirement") + 1] == str(ROOT / "requirements.txt")
    assert first[-2:] == ["--index-url", "https://mirror.example"]
    assert install(setup, monkeypatch, tmp_path).commands == []


def test_another_list_of_packages_is_installed_again(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(setup, monkeypatch, tmp_path)
    (tmp_path / "requirements.txt").write_text("numpy==1\n", encoding="utf-8")
    stamp = setup.wanted_stamp(str(tmp_path / "requirements.txt"))
    assert not setup.is_ready(stamp, str(tmp_path / "requirements.txt"))


def test_a_failed_install_gets_a_sentence_and_is_tried_again(
    setup: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        install(setup, monkeypatch, tmp_path, status=1)
    assert ended.value.code == 2
    assert capsys.readouterr().err == (
        "setup: packages could not be installed (see above). Behind a mirror or a proxy, set it in pip's own "
        "configuration (pip config set global.index-url ...) and run make setup again.\n"
    )
    assert not Path(setup.STAMP).exists()


def requirements(file: str) -> dict[str, str]:
    """name -> its line with its hashes, continuation lines joined."""
    text = (ROOT / file).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {re.split(r"[=<>~!@\[ ;]", line)[0]: line for line in lines}


PIN = re.compile(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+( ; [^#]+?)?( +--hash=sha256:[0-9a-f]{64})+")


@pytest.mark.parametrize("file", PINS)
def test_every_package_is_pinned_with_hashes_and_no_address(file: str) -> None:
    pins = requirements(file)
    assert len(pins) > 20
    assert [line[:60] for line in pins.values() if not PIN.fullmatch(line)] == []
    text = (ROOT / file).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-", text.replace("    --hash=", ""), re.MULTILINE)


def test_pins_hold_what_is_asked_for_and_agree() -> None:
    run, *larger = (requirements(file) for file in PINS)
    for file, pins in zip(PINS, (run, *larger), strict=True):
        asked = (ROOT / file.replace(".txt", ".in")).read_text(encoding="utf-8").splitlines()
        names = [line.split("#")[0].strip().lower().replace("_", "-") for line in asked]
        known = {name.lower().replace("_", "-") for name in pins}
        assert {name.replace(".", "-") for name in names if name and not name.startswith("-")} <= {
            name.replace(".", "-") for name in known
        }
    for pins in larger:
        assert {name: pins[name] for name in run} == run


HOSTS = (
    "py" + "pi",
    "python" + "hosted",
    "ana" + "conda.org",
    "npm" + "js",
    "artifact" + "ory",
    "dev" + "pi",
)
FOLDERS = ("work", "root", "home", "Users", "tmp", "mnt", "opt")
NAMED = re.compile(
    rf"(?i:{'|'.join(HOSTS)})|(?<![\w.~-])/(?:{'|'.join(FOLDERS)})/\w|(?<![A-Za-z])[A-Z]:\\\\?Users"
)


def test_no_file_names_a_registry_or_a_place_on_a_machine() -> None:
    assert NAMED.search("see https://" + HOSTS[0] + ".org")
    assert NAMED.search("open('/" + "home/me/x')")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    found = []
    for name in filter(None, listed.stdout.decode("utf-8").split("\0")):
        path = ROOT / name
        if not path.is_file():
            continue  # deleted and not yet committed
        content = path.read_bytes()
        if b"\0" in content:
            continue  # a picture
        for number, line in enumerate(content.decode("utf-8").splitlines(), 1):
            if NAMED.search(line):
                found.append(f"{name}, row {number}: {line[:80]}")
    assert found == []
