"""A crew of processes on this machine."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from itertools import islice
from typing import TypeVar

from cleaner.arguments import Raw, check_dump, check_settings
from cleaner.batch import Outcome, Recipe, Task, clean_task, lost_record
from cleaner.detectors.sites import House
from cleaner.engines.worker import Worker, WorkerDiedError, shield_from_interrupts
from cleaner.errors import CleanerError
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

_CHUNK = 16  # items a task carries: enough to hide its cost, few enough to spread over the workers
_AHEAD = 4  # tasks a worker may have waiting, so that memory stays flat


def run_local(tasks: Iterable[Task], recipe: Recipe, jobs: int) -> Generator[Outcome, None, None]:
    """Clean records in `jobs` processes (in this one when 1); outcomes in the order of the tasks."""
    return _map(partial(clean_task, recipe=recipe), tasks, jobs, _lost)


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


def _nothing(_: object) -> None:
    """What a dump that kills its worker teaches."""


def _unlearned(lesson: Lesson) -> tuple[str, None]:
    return lesson.site, None


def _learn(lesson: Lesson) -> tuple[str, House | None]:
    return lesson.site, lesson.learn()


def clean_many(
    raws: Iterable[Raw], jobs: int = 1, settings: Settings | None = None, source_format: str = "auto"
) -> Generator[Article, None, None]:
    """`clean` over many dumps, in `jobs` processes; order kept, results equal to `clean` one by one.

    The processes do not run your script again: it needs no `if __name__ == "__main__"` guard, and a notebook or
    `python -` will do. They end when the iterator is used up or closed.

    Raises the `DumpError` of a dump that cannot become an article, when its turn comes; use `cleaner run` or `clean`
    itself where the rest should go on. A worker that dies raises `CleanerError`.

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
    task = partial(_try, settings=check_settings(settings), source_format=source_format)
    return _raising(_map(task, map(check_dump, raws), jobs, _died))


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


def _lost(task: Task) -> Outcome:
    return lost_record(task.record, "its worker was killed, perhaps for want of memory; the batch went on without it")


def _died(raw: str | bytes) -> CleanerError:
    unit = "characters" if isinstance(raw, str) else "bytes"
    return CleanerError(f"the worker that cleaned a dump of {len(raw):,} {unit} was killed, perhaps for want of memory")


def _map(
    function: Callable[[In], Out], items: Iterable[In], jobs: int, lost: Callable[[In], Out]
) -> Generator[Out, None, None]:
    """Ordered map over processes, lazily on both sides; an item that kills its worker becomes `lost(item)`."""
    if jobs <= 1:
        yield from map(function, items)
        return
    source, crew = iter(items), _Crew(jobs)
    waiting: deque[Future[list[Out]]] = deque()
    try:
        while True:
            while len(waiting) < jobs * _AHEAD and (chunk := list(islice(source, _CHUNK))):
                waiting.append(crew.submit(function, chunk, lost))
            if not waiting:
                return
            yield from waiting.popleft().result()
    finally:
        crew.dismiss()


class _Crew:
    """Worker processes, each called by one thread at a time; a dead one concerns only the chunk it had."""

    def __init__(self, jobs: int) -> None:
        self._threads = ThreadPoolExecutor(jobs, "cleaner-worker", shield_from_interrupts)
        self._lock = threading.Lock()
        self._workers: set[Worker] = set()
        self._idle: list[Worker] = []
        self._dismissed = False

    def submit(self, function: Callable[[In], Out], chunk: list[In], lost: Callable[[In], Out]) -> Future[list[Out]]:
        return self._threads.submit(self._work, function, chunk, lost)

    def dismiss(self) -> None:
        """End every worker at once, also in the middle of a chunk, and wait until nothing of the crew is left."""
        with self._lock:
            self._dismissed = True
            for worker in self._workers:
                worker.kill()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._idle:
            worker.close()

    def _work(self, function: Callable[[In], Out], chunk: list[In], lost: Callable[[In], Out]) -> list[Out]:
        """A chunk's results. When its worker dies, its items go to workers one by one, to find the one that kills."""
        try:
            return self._call(function, chunk)
        except WorkerDiedError:
            return [self._work_alone(function, item, lost) for item in chunk]

    def _work_alone(self, function: Callable[[In], Out], item: In, lost: Callable[[In], Out]) -> Out:
        try:
            return self._call(function, [item])[0]
        except WorkerDiedError:
            return lost(item)

    def _call(self, function: Callable[[In], Out], chunk: list[In]) -> list[Out]:
        worker = self._take()
        try:
            results = worker.call(function, chunk)
        except Exception:
            self._drop(worker)
            raise
        self._idle.append(worker)
        return results

    def _take(self) -> Worker:
        with self._lock:
            if self._dismissed:
                raise CleanerError("the batch was ended")
            if self._idle:
                return self._idle.pop()
            worker = Worker()
            self._workers.add(worker)
            return worker

    def _drop(self, worker: Worker) -> None:
        with self._lock:
            self._workers.discard(worker)
        worker.kill()
        worker.close()
