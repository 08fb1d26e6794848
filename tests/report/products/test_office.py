"""plan.xlsx and report.docx in LibreOffice: they open, and on paper nothing of them is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from pylopdf_fonts_zh_cn import sans_path

from model.report.products.write import write_products
from model.results.results import Results
from tests.report.products.made import emergency


def program(name: str) -> str:
    """A program; a missing one fails where every test is asked for and skips elsewhere."""
    found = shutil.which(name)
    if found is None and os.environ.get("LANTIAN_TESTS") == "all":
        pytest.fail(f"{name} is not installed")
    if found is None:
        pytest.skip(f"needs {name}; .ci/run installs it")
    return found


def _with_font(folder: Path) -> dict[str, str]:
    """The environment in which programs know the Chinese font that comes with the set-up."""
    fonts = folder / "fonts.conf"
    own = Path(sans_path()).parent
    places = f"<dir>{own}</dir><dir>/usr/share/fonts</dir><cachedir>{folder / 'fonts'}</cachedir>"
    fonts.write_text(f"<?xml version='1.0'?><fontconfig>{places}</fontconfig>", encoding="utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(fonts)}


@pytest.mark.programs
def test_office_opens_both(results: Results, tmp_path: Path) -> None:
    office, reader = program("soffice"), program("pdftotext")
    write_products(results, emergency(), "zh", tmp_path)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    files = [str(tmp_path / name) for name in ("plan.xlsx", "report.docx")]
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *files]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=True, env=_with_font(tmp_path)
    )
    assert "rror" not in done.stderr, done.stderr
    pages = {
        name: subprocess.run(
            [reader, str(tmp_path / f"{name}.pdf"), "-"], capture_output=True, text=True, check=True
        ).stdout
        for name in ("plan", "report")
    }
    for text in pages.values():
        assert "不作为执法和考核依据" in text
        assert "#REF!" not in text
        assert "Err:" not in text
    assert "减排项目清单" in pages["plan"]
    assert "十三、保障措施" in pages["report"]
