"""The site of the pages: built with broken links as errors, complete, and nothing in it is fetched."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

import model.api as api
from docs.formulas import picture, with_formulas

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as `make docs` does."""
    out = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(out)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return out


def test_every_page_is_in_it_and_no_template(site: Path) -> None:
    pages = {
        path.relative_to(DOCS).with_suffix(".html")
        for path in DOCS.rglob("*.md")
        if not path.name.endswith(".template.md")
    }
    built = {path.relative_to(site) for path in site.rglob("*.html")}
    assert built == pages | {Path("index.html"), Path("404.html")}
    assert not list(site.rglob("*.py"))


class Fetched(HTMLParser):
    """Addresses that a browser fetches by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes what scripts, images, frames and style sheets are."""
        names = {"script": "src", "img": "src", "iframe": "src", "link": "href"}
        address = dict(attrs).get(names.get(tag, ""))
        if address:
            self.found.append(address)


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        parser = Fetched()
        parser.feed(page.read_text(encoding="utf-8"))
        assert parser.found
        for address in parser.found:
            assert address.startswith("data:image/svg") or not re.match(r"(https?:)?//", address), page
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert not re.search(r"@import|url\(\W?(https?:)?//", styles)


def test_formulas_are_drawn(site: Path) -> None:
    page = (site / "method.html").read_text(encoding="utf-8")
    written = (DOCS / "method.md").read_text(encoding="utf-8")
    assert page.count('class="formula"') == written.count("$$") // 2 > 5
    assert r'alt="E_p = A \cdot f_{k,p}"' in page
    assert "$" not in re.sub(r"<(code|script).*?</\1>|<[^>]*>", "", page, flags=re.DOTALL)


def test_a_formula_is_left_alone_in_code_and_refused_when_unknown() -> None:
    assert with_formulas("`$x$` and\n```\n$$y$$\n```\n") == "`$x$` and\n```\n$$y$$\n```\n"
    assert with_formulas("costs 3 $ or 4 $ more") == "costs 3 $ or 4 $ more"
    assert 'alt="a &lt; b"' in with_formulas("so $a < b$ holds")
    assert picture(r"\Big( a \le b \Big)") != picture("a")
    with pytest.raises(ValueError, match="unknowable"):
        with_formulas(r"$\unknowable$")


def test_the_interface_is_described(site: Path) -> None:
    page = (site / "api.html").read_text(encoding="utf-8")
    for name in api.__all__:
        assert re.search(rf'<h3 id="model\.[^>]*>\s*(<[^>]*>)*{name}\b', page), name


def names_of_modules(page: str) -> Iterator[str]:
    """What mkdocstrings is asked for."""
    yield from re.findall(r"^::: (\S+)$", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE)


def test_modules_of_all_layers_that_compute_are_described() -> None:
    layers = {name.split(".")[1] for name in names_of_modules("modules.md")}
    assert {"inventory", "calibration", "baseline", "options", "problem", "solve", "studies"} <= layers
