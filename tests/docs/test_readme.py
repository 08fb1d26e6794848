"""The pages for people: their commands can be given, their links lead somewhere, no machine is named."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from model.scenario.load import load_scenario

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])


def test_settings_of_the_tour_are_sound() -> None:
    lines = re.findall(
        r"^    (\.venv/bin/python .*--set .*)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert len(lines) >= 4
    for line in lines:
        words = shlex.split(line)
        scenario = next(word for word in words if word.endswith(".yaml"))
        setting = words[words.index("--set") + 1]
        if setting.endswith("SO3"):  # the slip
            continue
        load_scenario(ROOT / scenario, [setting])


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+?)\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_place_of_one_machine(page: Path) -> None:
    assert not re.search(r"(^|[ (`])/(work|home|tmp|root)\b|\bshared/", page.read_text(encoding="utf-8"))


def test_the_architecture_names_every_module() -> None:
    words = set(re.findall(r"\w+", (ROOT / "docs" / "architecture.md").read_text("utf-8")))
    modules = {path.stem for path in (ROOT / "model").rglob("*.py")} - {"__init__"}
    assert modules - words == set()
