"""A batch in several processes: order, death, interruption, and every place it may be started from."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from cleaner import CleanerError, EmptyDumpError, Settings, clean, clean_many
from cleaner.batch.feeds import OneByOne
from cleaner.batch.jobs import Chunk
from cleaner.engines import local, worker

SCRIPT = """
from cleaner import clean_many
print([a.body for a in clean_many(["The river rose.", b"Another fell.\\n\\nShare this article"], jobs=2)])
"""
SAYS = "['The river rose.', 'Another fell.']"


def children() -> set[str]:
    """The processes that this one started and has not reaped."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {pid for task in tasks for pid in task.read_text().split()}


def no_more_children(before: set[str]) -> bool:
    return children() <= before


@pytest.fixture
def before() -> set[str]:
    return children()


def twice_or_die(item: int) -> int:
    if item == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    if item == 40:
        print("a stray print must not get among the answers")
    return item * 2


def odd(item: int) -> int:
    raise ZeroDivisionError(f"item {item}")


def slow(item: int) -> int:
    time.sleep(60)
    return item


def test_death_costs_one_item(before: set[str]) -> None:
    """An item that kills its worker is lost, alone; the order stays and no process is left."""
    got = list(local._map(twice_or_die, range(100), 2, lambda item, _: -item))
    assert got == [i * 2 if i != 7 else -7 for i in range(100)]
    assert no_more_children(before)


def test_what_a_worker_raises_is_raised_here(before: set[str]) -> None:
    """An unexpected error keeps its type, tells where in the worker it came from, and ends the crew."""
    with pytest.raises(ZeroDivisionError, match="item 0") as caught:
        list(local._map(odd, range(100), 2, lambda item, _: -item))
    assert "in odd" in caught.value.__notes__[0]
    assert no_more_children(before)


def test_stopping_early_leaves_no_process(before: set[str]) -> None:
    """Whoever closes the iterator waits for nothing and leaves nothing behind."""
    results = local._map(twice_or_die, range(100), 2, lambda item, _: -item)
    assert next(results) == 0
    results.close()
    assert no_more_children(before)


def test_dismissing_a_busy_crew_is_quick(before: set[str]) -> None:
    """Workers in the middle of a chunk are ended with the rest; the chunk is not tried again."""
    engine = local.LocalEngine(2, None)
    drain = engine.drain(OneByOne(range(8)), lambda n: Chunk(slow, [n]), lambda _: None)
    assert next(drain) is None
    start = time.monotonic()
    drain.close()
    assert time.monotonic() - start < 10
    assert no_more_children(before)


def test_worker_that_cannot_start_is_told(monkeypatch: pytest.MonkeyPatch, before: set[str]) -> None:
    """A broken installation is no fault of the dumps: one clear error instead of a reject for each."""
    monkeypatch.setattr(worker, "_BOOT", "raise SystemExit(3)")
    with pytest.raises(CleanerError, match=r"could not start.*jobs=1"):
        list(clean_many(["The river rose."], jobs=2))
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(CleanerError, match="no worker can be started"):
        list(clean_many(["The river rose."], jobs=2))
    assert no_more_children(before)


@pytest.mark.parametrize("how", ["script without a guard", "standard input", "-c", "thread"])
def test_clean_many_works_from_anywhere(how: str, tmp_path: Path) -> None:
    """Workers do not run the caller's script again, and files beside it do not shadow modules."""
    (tmp_path / "struct.py").write_text("raise ImportError('shadowed')")
    script = tmp_path / "script.py"
    in_thread = f"import threading\ndef f():{indent(SCRIPT, '  ')}\nt = threading.Thread(target=f)\nt.start()\nt.join()"
    script.write_text(in_thread if how == "thread" else SCRIPT)
    args = {"standard input": ["-P", "-"], "-c": ["-P", "-c", SCRIPT]}.get(how, ["-P", str(script)])
    stdin = SCRIPT if how == "standard input" else ""
    done = subprocess.run([sys.executable, *args], input=stdin, capture_output=True, text=True, cwd=tmp_path)
    assert (done.stdout.strip(), done.stderr, done.returncode) == (SAYS, "", 0)


def test_jobs_change_nothing() -> None:
    """Bytes-likes, settings and errors come through the pipe as they come without it."""
    dumps: list[Any] = [bytearray(b"The river rose."), memoryview(b"Another fell.\n\nShare this article"), " "]
    settings = Settings(keep=("social",))
    for jobs in (1, 2):
        results = clean_many(dumps, jobs=jobs, settings=settings)
        assert [next(results), next(results)] == [clean(d, settings=settings) for d in dumps[:2]]
        with pytest.raises(EmptyDumpError):
            next(results)


@pytest.mark.parametrize(
    ("args", "error", "says"),
    [
        (("one dump",), TypeError, "for one dump there is clean"),
        ((None,), TypeError, "an iterable of dumps, not NoneType"),
        ((["x"], "2"), TypeError, "jobs must be a whole number"),
        ((["x"], 0), ValueError, "jobs must be at least 1"),
        ((["x"], 1, {"keep": []}), TypeError, "Settings"),
    ],
)
def test_wrong_arguments_are_told_at_the_call(args: tuple[Any, ...], error: type[Exception], says: str) -> None:
    """Not only when the first article is asked for."""
    with pytest.raises(error, match=says):
        clean_many(*args)
