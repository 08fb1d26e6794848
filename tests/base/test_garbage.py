"""Rings of objects are looked for seldom in the block, and as before after it."""

from __future__ import annotations

import gc
from contextlib import suppress

from model.base.garbage import OFTEN, seldom_collected


def test_thresholds_come_back() -> None:
    usual = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    inside = None
    with suppress(ValueError), seldom_collected():
        inside = gc.get_threshold()
        raise ValueError
    after = gc.get_threshold()
    gc.set_threshold(*usual)
    assert inside == (OFTEN, 10, 10)
    assert after == (700, 10, 10)
