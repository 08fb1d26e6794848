"""The page in a browser: it renders in both languages and nothing is wider than the screen."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from model.report.report import write_report
from tests.report.made_up import made_up

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
)
MEASURE = "<script>document.title = `${document.documentElement.scrollWidth} ${innerWidth}`</script>"


def browser() -> str:
    """Chromium; a missing one fails where every test is asked for and skips elsewhere."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None and os.environ.get("LANTIAN_TESTS") == "all":
        pytest.fail("chromium is not installed")
    if found is None:
        pytest.skip("needs Chromium; .ci/run installs it")
    return found


@pytest.mark.programs
@pytest.mark.parametrize(("lang", "width"), [("en", 1200), ("en", 500), ("zh", 1200)])
def test_page_fits_the_screen(lang: str, width: int, tmp_path: Path) -> None:
    chromium = browser()
    write_report(made_up(), lang, tmp_path)
    page = tmp_path / "report.html"
    page.write_text(page.read_text(encoding="utf-8") + MEASURE, encoding="utf-8")
    command = [chromium, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},900"]
    done = subprocess.run(
        [*command, "--dump-dom", page.as_uri()], capture_output=True, text=True, timeout=120, check=True
    )
    title = re.search(r"<title>(\d+) (\d+)</title>", done.stdout)
    assert title is not None, done.stderr
    assert int(title.group(1)) <= int(title.group(2))
    assert done.stdout.count("<svg") >= 5
