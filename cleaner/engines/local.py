"""A pool of processes on this machine."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

from cleaner.batch import Outcome, Recipe, clean_record, lost_record
from cleaner.errors import CleanerError
from cleaner.io.readers import Record
from cleaner.model import Article
from cleaner.pipeline import clean
from cleaner.settings import Settings

__all__ = ["clean_many", "run_local"]

In = TypeVar("In")
Out = TypeVar("Out")

_CHUNK = 16  # items a task carries: enough to hide its cost, few enough to spread over the workers
_AHEAD = 4  # tasks a worker may have waiting, so that memory stays flat


def run_local(records: Iterable[Record], recipe: Recipe, jobs: int) -> Iterator[Outcome]:
    """Clean records in `jobs` processes (in this one when 1); outcomes in the order of the records."""
    return _map(partial(clean_record, recipe=recipe), records, jobs, _lost)


def clean_many(
    raws: Iterable[str | bytes], jobs: int = 1, settings: Settings | None = None, source_format: str = "auto"
) -> Iterator[Article]:
    """`clean` over many dumps, in `jobs` processes; order kept, results equal to `clean` one by one.

    Raises the `DumpError` of a dump that cannot become an article, when its turn comes; use `cleaner run` or `clean`
    itself where the rest should go on. A worker that dies raises `CleanerError`.

    >>> [a.body for a in clean_many(["One river.", "Two rivers.\\n\\nSubscribe"])]
    ['One river.', 'Two rivers.']
    """
    for result in _map(partial(_try, settings=settings, source_format=source_format), raws, jobs, _died):
        if isinstance(result, CleanerError):
            raise result
        yield result


def _try(raw: str | bytes, settings: Settings | None, source_format: str) -> Article | CleanerError:
    try:
        return clean(raw, None, source_format, settings)
    except CleanerError as exc:
        return exc


def _lost(record: Record) -> Outcome:
    return lost_record(record, "its worker was killed, perhaps for want of memory; the batch went on without it")


def _died(raw: str | bytes) -> CleanerError:
    return CleanerError(f"the worker that cleaned a dump of {len(raw):,} characters was killed")


def _map(function: Callable[[In], Out], items: Iterable[In], jobs: int, lost: Callable[[In], Out]) -> Iterator[Out]:
    """Ordered map over a process pool, lazily on both sides; an item that kills its worker becomes `lost(item)`."""
    if jobs <= 1:
        yield from map(function, items)
        return
    source = iter(items)
    pool = _pool(jobs)
    waiting: deque[tuple[list[In], Future[list[Out]]]] = deque()
    try:
        while True:
            while len(waiting) < jobs * _AHEAD and (chunk := list(islice(source, _CHUNK))):
                waiting.append((chunk, _submit(pool, function, chunk)))
            if not waiting:
                return
            chunk, future = waiting.popleft()
            try:
                yield from future.result()
            except BrokenProcessPool:
                pool = _pool(jobs)
                yield from _one_by_one(function, chunk, lost)
                waiting = deque((c, _submit(pool, function, c)) for c, _ in waiting)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, function: Callable[[In], Out], chunk: list[In]) -> Future[list[Out]]:
    try:
        return pool.submit(_apply, function, chunk)
    except BrokenProcessPool as exc:  # broken by an earlier chunk: this one is looked at when its turn comes
        failed: Future[list[Out]] = Future()
        failed.set_exception(exc)
        return failed


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))


def _apply(function: Callable[[In], Out], chunk: list[In]) -> list[Out]:
    return [function(item) for item in chunk]


def _one_by_one(function: Callable[[In], Out], chunk: list[In], lost: Callable[[In], Out]) -> Iterator[Out]:
    """A chunk whose worker died, item by item in workers of their own, to find the one that kills."""
    pool = _pool(1)
    for item in chunk:
        try:
            yield pool.submit(_apply, function, [item]).result()[0]
        except BrokenProcessPool:
            pool = _pool(1)
            yield lost(item)
    pool.shutdown()
