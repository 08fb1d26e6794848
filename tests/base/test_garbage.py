"""Rings of objects are looked for seldom, or among new objects only, in a block, and as before after it."""

from __future__ import annotations

import gc
from contextlib import suppress

from model.base.garbage import OFTEN, passed_over, seldom_collected


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


def test_what_exists_is_passed_over_until_the_block_ends() -> None:
    ring: list[object] = []
    ring.append(ring)
    with suppress(ValueError), passed_over():
        inside = any(each is ring for each in gc.get_objects())
        raise ValueError
    assert not inside
    assert any(each is ring for each in gc.get_objects())
