"""Where tasks run: in this process, in processes of this machine, or on a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from importlib.util import find_spec
from threading import Thread
from typing import Any

from model.base.faults import Fault, InputError
from model.base.garbage import collect_seldom

SECONDS_TO_CONNECT = 20


@contextmanager
def executor(workers: int, scheduler: str | None, shared: object) -> Iterator[tuple[Executor | None, Any]]:
    """Something that runs tasks (None: this process is to run them), and `shared` as they are to be given it.

    shared: what all tasks read; it is sent to each machine once. Processes are started anew (spawn), since a
    solver's threads do not outlive a fork.

    Raises:
        InputError: a scheduler is named and Dask is not there, or nothing answers at its address.
    """
    if scheduler is not None:
        with _cluster(scheduler) as client:
            yield client.get_executor(), client.scatter(shared, broadcast=True, hash=False)
    elif workers > 1:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(shared,)) as pool:
            try:
                yield pool, None
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    else:
        _begin(shared)
        yield None, None


_SHARED: list[object] = []


def _begin(shared: object) -> None:
    _SHARED[:] = [shared]
    parent = multiprocessing.parent_process()
    if parent is not None:
        collect_seldom()
        Thread(target=_end_with, args=(parent.join,), daemon=True).start()


def _end_with(wait: Callable[[], None]) -> None:
    """End this process when the one that started it has ended: a pool that is killed leaves its workers."""
    wait()
    os._exit(1)


def handed(shared: Any) -> Any:
    """What all tasks of this process read: as it was handed in, or as the process began with."""
    return _SHARED[0] if shared is None else shared


@contextmanager
def _cluster(scheduler: str) -> Iterator[Any]:
    if find_spec("distributed") is None:
        wrong, right = "needs Dask, which is not installed", "make setup-dask, then .venv-dask/bin/python"
        raise InputError([Fault("--scheduler", None, None, scheduler, wrong, right)])
    from distributed import Client

    try:
        client = Client(scheduler, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        right = "start one with: dask scheduler, and workers with: dask worker ADDRESS --nthreads 1"
        said = f"no scheduler answers ({type(error).__name__})"
        raise InputError([Fault("--scheduler", None, None, scheduler, said, right)]) from None
    with client:
        yield client
