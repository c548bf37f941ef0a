"""One process for one item at a time, ended when the item takes too long."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

from cleaner.engines.worker import Worker, WorkerDiedError

__all__ = ["Guard"]

In = TypeVar("In")
Out = TypeVar("Out")


class Guard:
    """Calls functions in a process of its own and keeps a limit of time, whatever holds the item up.

    The process starts with the first call. A pickled, copied or forked guard starts one of its own. Threads take turns.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._running: tuple[Worker, Callable[[], object]] | None
        self._forget()

    def __reduce__(self) -> tuple[Any, ...]:
        return Guard, (self._seconds,)

    def call(self, function: Callable[[In], Out], item: In) -> Out:
        """The function's result. Raises `TimeoutError` when it takes too long, `WorkerDiedError` when it kills its process."""
        if self._pid != os.getpid():
            self._forget()  # after a fork: the process is the parent's, and its lock may be held for ever
        with self._lock:
            worker, dismiss = self._running or self._start()
            over = threading.Event()
            timer = threading.Timer(self._seconds, _end, (worker, over))
            timer.start()
            try:
                return worker.call(function, [item])[0]
            except BaseException as exc:  # an interruption, too: the answer to it would be taken for the next one's
                late = over.is_set() and isinstance(exc, WorkerDiedError)
                over.set()
                if late:
                    raise TimeoutError(f"took longer than {self._seconds:g} seconds") from None
                raise
            finally:
                timer.cancel()
                timer.join()
                if over.is_set():  # also when the answer came at the last moment: the process is gone
                    self._running = None
                    dismiss()

    def _start(self) -> tuple[Worker, Callable[[], object]]:
        worker = Worker()
        dismiss = weakref.finalize(self, _dismiss, worker, os.getpid())
        worker.call(bool, [0])  # its start is not on the account of the first item
        self._running = worker, dismiss
        return worker, dismiss

    def _forget(self) -> None:
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._running = None


def _end(worker: Worker, over: threading.Event) -> None:
    over.set()
    worker.kill()


def _dismiss(worker: Worker, owner: int) -> None:
    """End a worker; a fork of its owner leaves it alone."""
    if os.getpid() == owner:
        worker.kill()
        worker.close()
