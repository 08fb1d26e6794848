"""What mkdocs does with the pages: the README is the first one, links that leave docs/ are plain text there,
formulas are drawn.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from docs.formulas import with_formulas

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
FIRST = "index.md"
LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s#]+)(?P<anchor>#[^)\s]*)?\)")


def on_files(files: Any, config: Any) -> Any:
    """Adds the README as the first page."""
    from mkdocs.structure.files import File

    text = relinked((ROOT / "README.md").read_text(encoding="utf-8"), ROOT, files)
    files.append(File.generated(config, FIRST, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Links and formulas of a page."""
    if page.file.src_uri == FIRST:
        return markdown
    return with_formulas(relinked(markdown, (DOCS / page.file.src_uri).parent, files))


def relinked(markdown: str, folder: Path, files: Any) -> str:
    """The page with links as the site needs them.

    folder: that the page's links are relative to. A link to what the site has leads there; one to another
    file of the checkout becomes its text; one to nothing stays, and is found when the site is built.
    """

    def link(found: re.Match[str]) -> str:
        target = Path(os.path.normpath(folder / found["target"]))
        if "://" in found["target"] or not target.exists():
            return found[0]
        if target == ROOT / "README.md":
            target = DOCS / FIRST
        of_site = target.is_relative_to(DOCS) and target.relative_to(DOCS).as_posix()
        if of_site and (of_site == FIRST or files.get_file_from_path(of_site) is not None):
            here = DOCS if folder == ROOT else folder
            path = Path(os.path.relpath(target, here)).as_posix()
            return f"{found['image']}[{found['text']}]({path}{found['anchor'] or ''})"
        return found["text"]

    return LINK.sub(link, markdown)
