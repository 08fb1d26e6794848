"""Python's search for rings of objects that nothing else refers to."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

OFTEN = 20_000
"""New objects after which rings are looked for; Python's own 700 costs a fifth of a command's time, since
tables and arrays make millions of small objects and hardly any ring.
"""


def collect_seldom() -> None:
    """Look for rings seldom from now on, as a process does that has one task."""
    gc.set_threshold(OFTEN, *gc.get_threshold()[1:])


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Rings are looked for seldom in the block."""
    usual = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def passed_over() -> Iterator[None]:
    """What exists already is not looked through in the block: after a solve those are so many objects that
    one look through all of them takes more than half a second.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
