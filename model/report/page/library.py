"""DataTables, the library of the searchable table, as the package itables bundles it, to put into a page.

The bundle keeps the licence notices of all that is in it (DataTables, jQuery and others, MIT) at its end.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

EXPORTS = re.compile(r"export\{([^}]*)\}")


@cache
def datatables() -> tuple[str, str]:
    """(script, style): the script defines DataTable in a module, where the bundle would export it.

    Raises:
        RuntimeError: the bundle is not as it was when this was written.
    """
    spec = find_spec("itables")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package itables is not installed")
    folder = Path(spec.origin).parent / "html"  # importing it would load IPython
    script = (folder / "dt_bundle.js").read_text(encoding="utf-8")
    found = EXPORTS.search(script)
    named = re.search(r"([\w$]+) as default", found[1]) if found else None
    if found is None or named is None:
        raise RuntimeError("the bundle of itables exports no default")
    script = f"{script[: found.start()]}const DataTable={named[1]}{script[found.end() :]}"
    style = (folder / "dt_bundle.css").read_text(encoding="utf-8")
    return script.replace("</script", "<\\/script"), style.replace("</style", "<\\/style")
