"""A crew of processes on this machine."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from itertools import islice
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from cleaner.arguments import Raw, check_dump, check_settings
from cleaner.batch.jobs import TIMEOUT, Chunk, Feed, Job, Spoilt
from cleaner.batch.records import Outcome, Recipe, Task, clean_task, lost_record
from cleaner.detectors.sites import House
from cleaner.engines.crew import Crew
from cleaner.engines.worker import shield_from_interrupts
from cleaner.errors import CleanerError, SlowDumpError
from cleaner.io.readers import Dump, Record
from cleaner.model import Article
from cleaner.pipeline import clean
from cleaner.settings import Settings
from cleaner.templates.collect import Collection
from cleaner.templates.keys import site_of
from cleaner.templates.library import Lesson, Library
from cleaner.templates.sketch import Sketch, sketch_dump

__all__ = ["clean_many", "collect_local", "learn_local", "run_local"]

In = TypeVar("In")
Out = TypeVar("Out")
Item = TypeVar("Item")

_CHUNK = 16  # items a task carries: enough to hide its cost, few enough to spread over the workers
_LOOK = 0.5  # seconds after which who waits for results may look at the clock
_AHEAD = 4  # tasks a worker may have waiting, so that memory stays flat


def run_local(
    tasks: Iterable[Task], recipe: Recipe, jobs: int, patience: float | None = None
) -> Generator[Outcome, None, None]:
    """Clean records in `jobs` processes; outcomes in the order of the tasks."""
    return _map(partial(clean_task, recipe=recipe), tasks, jobs, _lost, patience)


class LocalEngine:
    """Jobs in `width` processes of this machine; an item that takes longer than `patience` seconds is spoilt."""

    def __init__(self, width: int, patience: float | None) -> None:
        self.width = width
        self._patience = patience

    def drain(
        self, feed: Feed[Item, Out], make: Callable[[Item], Job[Out]], passed: Callable[[int], None]
    ) -> Generator[tuple[Item, Out] | None, None, None]:
        """As `Engine.drain`."""
        crew, results = Crew(self._patience), SimpleQueue[tuple[Item, Out] | BaseException | None]()
        drainers = [
            Thread(target=_drain, args=(crew, feed, make, passed, results), name="cleaner-worker", daemon=True)
            for _ in range(self.width)
        ]
        try:
            for thread in drainers:
                thread.start()
            ended = 0
            while ended < self.width:
                try:
                    found = results.get(timeout=_LOOK)
                except Empty:
                    yield None
                    continue
                if isinstance(found, BaseException):
                    raise found
                if found is None:
                    ended += 1
                else:
                    yield found
        finally:
            crew.dismiss()
            for thread in drainers:
                thread.join()
            crew.close()

    def close(self) -> None:
        """Nothing is left of a drain that has ended."""


def _drain(
    crew: Crew,
    feed: Feed[Item, Out],
    make: Callable[[Item], Job[Out]],
    passed: Callable[[int], None],
    results: SimpleQueue[tuple[Item, Out] | BaseException | None],
) -> None:
    """What one thread does: item after item, until there is none."""
    shield_from_interrupts()
    last: Item | None = None
    try:
        while (item := feed.take(last)) is not None:
            result = crew.finish(make(item), _steps(passed))
            feed.tell(item, result)
            results.put((item, result))
            last = item
        results.put(None)
    except BaseException as exc:
        results.put(exc)


def _steps(passed: Callable[[int], None]) -> Callable[[int], None]:
    """Turn the number of a job's items so far into steps; items that are done once more do not count again."""
    most = 0

    def step(number: int) -> None:
        nonlocal most
        if number > most:
            passed(number - most)
            most = number

    return step


def collect_local(
    records: Iterable[Record], settings: Settings, source_format: str, site_key: str | None, jobs: int
) -> Collection:
    """Pass 1: the sketches of all records whose site is known. A worker that dies costs the sketch it was making."""
    collection = Collection()
    dumps = ((site, r) for r in records if isinstance(r, Dump) and (site := site_of(r, site_key)) is not None)
    task = partial(_sketch, settings=settings, source_format=source_format)
    with closing(_map(task, dumps, jobs, _nothing)) as sketches:
        collection.add_all(found for found in sketches if found is not None)
    return collection


def learn_local(library: Library, jobs: int) -> None:
    """The houses of all sites of a library."""
    with closing(_map(_learn, library.lessons(), jobs, _unlearned)) as houses:
        for site, house in houses:
            library.put(site, house)


def _sketch(item: tuple[str, Dump], settings: Settings, source_format: str) -> tuple[str, Sketch] | None:
    site, dump = item
    sketch = sketch_dump(dump.raw, dump.source_format if source_format == "auto" else source_format, settings)
    return (site, sketch) if sketch is not None else None


def _nothing(_: object, reason: str) -> None:
    """What a dump that kills its worker teaches."""


def _unlearned(lesson: Lesson, reason: str) -> tuple[str, None]:
    return lesson.site, None


def _learn(lesson: Lesson) -> tuple[str, House | None]:
    return lesson.site, lesson.learn()


def clean_many(
    raws: Iterable[Raw],
    jobs: int = 1,
    settings: Settings | None = None,
    source_format: str = "auto",
    timeout: float | None = None,
) -> Generator[Article, None, None]:
    """`clean` over many dumps, in `jobs` processes; order kept, results equal to `clean` one by one.

    The processes do not run your script again: it needs no `if __name__ == "__main__"` guard, and a notebook or
    `python -` will do. They end when the iterator is used up or closed. `timeout` limits the seconds that one dump may
    take, also with one job, which then has a process of its own.

    Raises the `DumpError` of a dump that cannot become an article, when its turn comes; use `cleaner run` or `clean`
    itself where the rest should go on. A dump that takes too long raises `SlowDumpError`, one whose worker dies
    `CleanerError`.

    >>> [a.body for a in clean_many(["One river.", "Two rivers.\\n\\nSubscribe"])]
    ['One river.', 'Two rivers.']
    """
    if isinstance(raws, (str, bytes, bytearray, memoryview)) or not isinstance(raws, Iterable):
        raise TypeError(
            f"clean_many takes an iterable of dumps, not {type(raws).__name__}; for one dump there is clean"
        )
    if not isinstance(jobs, int) or isinstance(jobs, bool):
        raise TypeError(f"jobs must be a whole number, not {type(jobs).__name__}")
    if jobs < 1:
        raise ValueError(f"jobs must be at least 1, not {jobs}")
    if timeout is not None and not timeout > 0:
        raise ValueError(f"timeout must be more than 0 seconds, not {timeout}")
    task = partial(_try, settings=check_settings(settings), source_format=source_format)
    return _raising(_map(task, map(check_dump, raws), jobs, _died, timeout))


def _raising(results: Generator[Article | CleanerError, None, None]) -> Generator[Article, None, None]:
    with closing(results):
        for result in results:
            if isinstance(result, CleanerError):
                raise result
            yield result


def _try(raw: Raw, settings: Settings | None, source_format: str) -> Article | CleanerError:
    try:
        return clean(raw, None, source_format, settings)
    except CleanerError as exc:
        return exc


def _lost(task: Task, reason: str) -> Outcome:
    return lost_record(task.record, reason)


def _died(raw: str | bytes, reason: str) -> CleanerError:
    unit = "characters" if isinstance(raw, str) else "bytes"
    if reason == TIMEOUT:
        return SlowDumpError(f"a dump of {len(raw):,} {unit} took longer than the time limit")
    return CleanerError(f"the worker that cleaned a dump of {len(raw):,} {unit} was killed, perhaps for want of memory")


def _map(
    function: Callable[[In], Out],
    items: Iterable[In],
    jobs: int,
    lost: Callable[[In, str], Out],
    patience: float | None = None,
) -> Generator[Out, None, None]:
    """Ordered map over processes, lazily on both sides; an item that kills its worker, or takes longer than `patience`
    seconds, becomes `lost(item, reason)`. One item at a time where there is one process, so that none waits for another.
    """
    if jobs <= 1 and patience is None:
        yield from map(function, items)
        return
    source, crew, size = iter(items), Crew(patience), _CHUNK if jobs > 1 else 1
    ahead = jobs * _AHEAD if jobs > 1 else 1
    threads = ThreadPoolExecutor(jobs, "cleaner-worker", shield_from_interrupts)
    waiting: deque[tuple[list[In], Future[list[Any]]]] = deque()
    try:
        while True:
            while len(waiting) < ahead and (chunk := list(islice(source, size))):
                waiting.append((chunk, threads.submit(crew.finish, Chunk(function, chunk))))
            if not waiting:
                return
            chunk, future = waiting.popleft()
            for item, result in zip(chunk, future.result(), strict=True):
                yield lost(item, result.reason) if isinstance(result, Spoilt) else result
    finally:
        crew.dismiss()
        threads.shutdown(cancel_futures=True)
        crew.close()
