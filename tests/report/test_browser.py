"""The page in a browser: it renders in both languages, fits the screen, can be searched and listened to."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from model.report.messages import LANGUAGES
from model.report.page.report import write_report
from tests.report.made_up import CITIES, made_up

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--virtual-time-budget=20000",
)
WIDTHS = (1280, 390)
ACTIONS = 5000

WATCH = """<script>window.wrong = [];
addEventListener("error", (event) => wrong.push(event.message));
addEventListener("unhandledrejection", (event) => wrong.push(String(event.reason)));
for (const kind of ["error", "warn"]) console[kind] = (...words) => wrong.push(words.join(" "));
</script>"""
"""Stands first in the page: what is written to the console as an error or a warning."""

SEARCH = """
const text = (path) => document.querySelector(path).textContent;
const shown = () => [text(".dt-info"), document.querySelectorAll("#actions-table tbody tr").length,
                     text("#actions-table tfoot td:nth-child(6)")];
const all = shown();
const city = document.querySelector("#actions-choices select");
city.value = city.options[1].value;
city.dispatchEvent(new Event("change"));
const one = shown();
told = {all, one, city: city.value, wide: document.documentElement.scrollWidth, screen: innerWidth, wrong,
        figures: document.querySelectorAll("svg").length};
"""

AXE = """
for (const fold of document.querySelectorAll("details")) fold.open = true;
const found = await axe.run(document, {resultTypes: ["violations"]});
told = found.violations.map((each) => [each.impact, each.id, each.nodes[0].html.slice(0, 200)]);
"""


def browser() -> str:
    """Chromium; a missing one fails where every test is asked for and skips elsewhere."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None and os.environ.get("LANTIAN_TESTS") == "all":
        pytest.fail("chromium is not installed")
    if found is None:
        pytest.skip("needs Chromium; .ci/run installs it")
    return found


def asked(folder: Path, width: int, question: str, first: str = "") -> Any:
    """What a script at the end of report.html finds (it sets `told`), in a frame as wide as asked for, since
    the window itself has a least width. first: what stands before all else in the page.
    """
    page = (folder / "report.html").read_text(encoding="utf-8")
    tell = 'parent.postMessage(JSON.stringify(told), "*")'
    script = f'<script type="module">let told;{question};{tell}</script>'
    page = page.replace("<head>", f"<head>{WATCH}{first}", 1).replace("</body>", f"{script}</body>", 1)
    (folder / "asked.html").write_text(page, encoding="utf-8")
    frame = folder / "frame.html"
    frame.write_text(
        "<pre></pre><script>onmessage = (event) => document.querySelector('pre').textContent = event.data"
        f"</script><iframe src='asked.html' style='width:{width}px;height:900px;border:0'></iframe>",
        encoding="utf-8",
    )
    command = [browser(), *FLAGS, f"--user-data-dir={folder / 'profile'}", "--window-size=1400,1000"]
    done = subprocess.run(
        [*command, "--dump-dom", frame.as_uri()], capture_output=True, text=True, timeout=240, check=True
    )
    found = re.search(r"<pre>(.+?)</pre>", done.stdout, re.S)
    assert found is not None, done.stderr
    return json.loads(found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


@cache
def written(lang: str, folder: Path) -> Path:
    """report.html of a run of many actions."""
    write_report(made_up(ACTIONS), lang, folder)
    return folder


@pytest.fixture(params=LANGUAGES)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.getbasetemp() / f"page_{request.param}"
    root.mkdir(exist_ok=True)
    return written(request.param, root)


@pytest.mark.programs
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_fits_the_screen_and_can_be_searched(width: int, folder: Path) -> None:
    told = asked(folder, width, SEARCH)
    assert told["wrong"] == []
    assert told["screen"] == width
    assert told["wide"] <= width
    assert told["figures"] == 7
    assert [told["all"][1], told["one"][1]] == [25, 25]
    assert f"{ACTIONS:,}" in told["all"][0]
    plan = made_up(ACTIONS).plan
    name = next(city for city, chinese, _ in CITIES if told["city"] in (city, chinese))
    assert f"{(plan['city'] == name).sum():,}" in told["one"][0]
    by = 1e6 if told["city"] == name else 1e4
    for part, rows in ((told["all"], plan), (told["one"], plan[plan["city"] == name])):
        total = rows["investment_cny"].sum() / by
        assert float(part[2].replace(",", "")) == pytest.approx(total, rel=1e-4)


@pytest.mark.programs
def test_axe_finds_nothing_serious(folder: Path) -> None:
    axe = resources.files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    told = asked(folder, 1280, AXE, f"<script>{axe.replace('</script', '<' + chr(92) + '/script')}</script>")
    assert [each for each in told if each[0] in ("serious", "critical")] == []


@pytest.mark.programs
def test_the_printed_page_has_the_large_actions_and_no_controls(folder: Path) -> None:
    printed = folder / "report.pdf"
    command = [browser(), *FLAGS, f"--user-data-dir={folder / 'profile'}", "--no-pdf-header-footer"]
    page = (folder / "report.html").as_uri()
    subprocess.run(
        [*command, f"--print-to-pdf={printed}", page], capture_output=True, timeout=240, check=True
    )
    assert printed.read_bytes()[:5] == b"%PDF-"
    sheets = len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes()))
    assert 8 <= sheets <= 40, "5 000 actions are not printed"
