"""A limit of time for single items: timeouts, deaths, threads, copies."""

from __future__ import annotations

import os
import pickle
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from cleaner.batch.jobs import DIED, TIMEOUT, Spoilt
from cleaner.engines.guard import Guard


def test_what_takes_too_long_is_ended() -> None:
    """The limit holds whatever the item does, and the next item is served."""
    guard = Guard(0.5)
    assert guard.call(len, "abc") == 3  # a new process has longer
    start = time.monotonic()
    assert guard.call(time.sleep, 60) == Spoilt(TIMEOUT)
    assert time.monotonic() - start < 30
    assert guard.call(len, "abc") == 3


def test_what_kills_its_process_is_told_from_what_is_slow() -> None:
    """A death is no timeout, and the next item is served."""
    guard = Guard(60)
    assert guard.call(os._exit, 3) == Spoilt(DIED)
    assert guard.call(len, "abc") == 3


def test_errors_of_the_function_come_back() -> None:
    """What the function raises is raised here."""
    guard = Guard(60)
    with pytest.raises(ValueError, match="river"):
        guard.call(int, "river")
    assert guard.call(len, "ab") == 2


def test_threads_get_their_own_answers() -> None:
    """Each thread gets the answer to its own item."""
    guard = Guard(60)
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(lambda n: guard.call(len, "x" * n), range(40))) == list(range(40))


def test_the_process_ends_with_the_guard() -> None:
    """No process is left behind; a copy has one of its own."""
    guard = Guard(60)
    pid = guard.call(_pid, None)
    assert isinstance(pid, int)
    assert pickle.loads(pickle.dumps(guard)).call(_pid, None) != pid
    del guard
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def _pid(_: object) -> int:
    return os.getpid()
