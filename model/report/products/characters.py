"""Text that office files can hold."""

from __future__ import annotations

import re

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Text without the characters that XML 1.0 does not have: office programs refuse a file with one."""
    return _NOT_IN_XML.sub("", text)
