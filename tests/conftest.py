"""One profile for property tests: the same examples every time, and no deadline on a busy machine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("lantian", deadline=None, derandomize=True)
settings.load_profile("lantian")
