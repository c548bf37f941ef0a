"""Worker processes of this machine, and the one way in which a job is brought to its end with them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from cleaner.batch.jobs import DIED, START, STOP, TIMEOUT, Job
from cleaner.engines.worker import OverdueError, Worker, WorkerDiedError
from cleaner.errors import CleanerError

__all__ = ["Crew"]

Out = TypeVar("Out")

_DEATHS = 2  # of workers at one item, from which it is the item's fault
_GLANCE = 0.1  # seconds between two looks at the clock


def _ignore(_: int) -> None:
    """What is done about a job's progress where nobody asks."""


class Crew:
    """Worker processes, each used by one thread at a time; a dead one concerns only the job it had.

    `patience` is how long one item of a job may take, in seconds; None for no limit.
    """

    def __init__(self, patience: float | None = None) -> None:
        self._patience = patience
        self._lock = threading.Lock()
        self._workers: set[Worker] = set()
        self._idle: list[Worker] = []
        self._ended = threading.Event()
        if patience is not None:
            threading.Thread(target=self._watch, name="cleaner-clock", daemon=True).start()

    def finish(self, job: Job[Out], passed: Callable[[int], None] = _ignore) -> Out:
        """The result of a job, run again without the item that its worker died of or spent too long on.

        `passed` is called after each item with their number so far. What the job raises is raised here.
        """
        spoilt: dict[int, str] = {}
        deaths: Counter[int] = Counter()
        while True:
            worker, item = self._take(), -1
            steps = worker.run(job, spoilt)
            try:
                while True:
                    step = next(steps)
                    item += step == START
                    if step == STOP:
                        passed(item + 1)
            except StopIteration as end:
                self._put_back(worker)
                result: Out = end.value
                return result
            except WorkerDiedError as exc:
                self._drop(worker)
                self._blame(item, exc, deaths, spoilt)
            except BaseException:
                self._drop(worker)
                raise

    def dismiss(self) -> None:
        """End every worker at once, also in the middle of a job."""
        with self._lock:
            self._ended.set()
            for worker in self._workers:
                worker.kill()

    def close(self) -> None:
        """Let go of the workers' pipes, after all threads that used them have ended."""
        for worker in self._idle:
            worker.close()

    def _blame(self, item: int, death: WorkerDiedError, deaths: Counter[int], spoilt: dict[int, str]) -> None:
        """Find out what to do without at the next try."""
        deaths[item] += 1
        if item >= 0 and isinstance(death, OverdueError):
            spoilt[item] = TIMEOUT
        elif item >= 0 and deaths[item] >= _DEATHS:
            spoilt[item] = DIED
        elif deaths[item] > _DEATHS:
            raise CleanerError("workers die before they begin; perhaps for want of memory: use fewer jobs") from death

    def _take(self) -> Worker:
        with self._lock:
            if self._ended.is_set():
                raise CleanerError("the batch was ended")
            if self._idle:
                return self._idle.pop()
            worker = Worker()
            self._workers.add(worker)
            return worker

    def _put_back(self, worker: Worker) -> None:
        with self._lock:
            self._idle.append(worker)

    def _drop(self, worker: Worker) -> None:
        with self._lock:
            self._workers.discard(worker)
        worker.kill()
        worker.close()

    def _watch(self) -> None:
        assert self._patience is not None
        while not self._ended.wait(_GLANCE):
            with self._lock:
                workers = list(self._workers)
            for worker in workers:
                worker.watch(self._patience)
