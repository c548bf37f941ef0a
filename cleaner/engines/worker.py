"""One worker process, from both ends: `Worker` starts it and calls it, `serve` runs inside it and answers.

Not `multiprocessing`: its workers run the caller's script once more, which breaks in a script without a
`if __name__ == "__main__"` guard, in a notebook cell and under `python -`
(https://docs.python.org/3/library/multiprocessing.html#the-spawn-and-forkserver-start-methods), and forking a process
that has threads can hang it. A worker here is a fresh interpreter that knows nothing but this package.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Generator, Iterator, Mapping
from typing import IO, Any, TypeVar

from cleaner.batch.jobs import START, Job
from cleaner.errors import CleanerError

__all__ = ["OverdueError", "Worker", "WorkerDiedError", "serve", "shield_from_interrupts"]

Out = TypeVar("Out")

_BOOT = (  # the caller's import path comes first through the pipe: the package may stand in a place only it knows
    "import pickle, struct, sys; size, = struct.unpack('>Q', sys.stdin.buffer.read(8)); "
    "sys.path[:] = pickle.loads(sys.stdin.buffer.read(size)); from cleaner.engines.worker import serve; serve()"
)
_READY = "ready"
_STEP, _DONE, _RAISED = "step", "done", "raised"
_WARM_UP = 10.0  # seconds
_GLANCE = 0.1  # seconds between two looks at whether the caller lives
_SIZE = struct.Struct(">Q")


class WorkerDiedError(Exception):
    """The process ended before it answered."""


class OverdueError(WorkerDiedError):
    """The process was ended because one item took longer than it may."""


class Worker:
    """A process that runs one job at a time."""

    def __init__(self) -> None:
        if not sys.executable:
            raise CleanerError("no worker can be started: sys.executable names no Python; use jobs=1")
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _BOOT],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # Windows: no Ctrl-C in there
            )
        except OSError as exc:
            raise CleanerError(f"no worker can be started: {exc.strerror or exc}; use fewer jobs") from exc
        self._greeted = False
        self._since: float | None = None
        self._ended_at: float | None = None
        self._fresh = True

    def run(self, job: Job[Out], spoilt: Mapping[int, str]) -> Generator[str, None, Out]:
        """What the job yields, as it yields it, and returns.

        What it raises is raised here; `WorkerDiedError` when the process ends, `OverdueError` when `watch` ended it.
        """
        question = pickle.dumps((job, spoilt), pickle.HIGHEST_PROTOCOL)
        self._greet()
        answer = self._ask(question)
        while answer[0] == _STEP:
            self._since = time.monotonic() if answer[1] == START else None
            yield answer[1]
            answer = self._hear()
        self._since, self._fresh = None, False
        if answer[0] == _RAISED:
            raise answer[1]
        result: Out = answer[1]
        return result

    def watch(self, patience: float) -> None:
        """End the process if what it announced with `START` has taken longer than `patience` (seconds).

        The first item of a new process has as long again, for the loading of models.
        """
        since = self._since
        if since is not None and time.monotonic() - since > patience + (_WARM_UP if self._fresh else 0.0):
            self._ended_at = since
            self.kill()

    def _greet(self) -> None:
        """Wait for a new process to be ready: one that cannot even start is no fault of a dump."""
        if self._greeted:
            return
        try:
            ready = self._ask(pickle.dumps([str(entry) for entry in sys.path])) == _READY
        except WorkerDiedError:
            ready = False
        if not ready:
            raise CleanerError(
                "a worker process could not start; what it said stands on standard error. Or use jobs=1."
            )
        self._greeted = True

    def _ask(self, question: bytes) -> Any:
        assert self._process.stdin is not None
        try:
            _send(self._process.stdin, question)
        except OSError as exc:
            raise self._death() from exc
        return self._hear()

    def _hear(self) -> Any:
        assert self._process.stdout is not None
        try:
            answer = _receive(self._process.stdout)
        except (OSError, EOFError) as exc:
            raise self._death() from exc
        return pickle.loads(answer)

    def _death(self) -> WorkerDiedError:
        overdue = self._ended_at is not None and self._ended_at == self._since
        return OverdueError() if overdue else WorkerDiedError()

    def kill(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Let go of its pipes; only the thread that calls the worker may do so."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what could not be written to a dead process
                    continue


def shield_from_interrupts() -> None:
    """Block Ctrl-C in this thread and in what it starts: from its first instruction on, a worker leaves it to the
    main thread, which ends the run in order."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def serve() -> None:
    """Answer calls until the pipe closes, as it does when the caller ends, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(os.getppid(),), name="cleaner-parent", daemon=True).start()
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints must not get among the answers
    try:
        _send(answers, pickle.dumps(_READY))
        while True:
            for answer in _answers(_receive(questions)):
                _send(answers, answer)
    except (EOFError, OSError):
        os._exit(0)


def _end_with(parent: int) -> None:
    """End when the caller does, also in the middle of a job: what begins anew must not meet what was left behind."""
    while os.getppid() == parent:
        time.sleep(_GLANCE)
    os._exit(0)


def _answers(question: bytes) -> Iterator[bytes]:
    try:
        job, spoilt = pickle.loads(question)
        steps = job.run(spoilt)
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                yield pickle.dumps((_DONE, end.value), pickle.HIGHEST_PROTOCOL)
                return
            yield pickle.dumps((_STEP, step), pickle.HIGHEST_PROTOCOL)
    except Exception as exc:
        exc.add_note("In the worker process:\n" + traceback.format_exc())
        yield _raised(exc)


def _raised(exc: Exception) -> bytes:
    try:
        pickle.loads(pickled := pickle.dumps((_RAISED, exc)))
    except Exception:  # some exceptions cannot travel
        return pickle.dumps((_RAISED, RuntimeError(f"{type(exc).__name__}: {exc}\n{traceback.format_exc()}")))
    return pickled


def _send(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(_SIZE.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes:
    head = pipe.read(_SIZE.size)
    size = _SIZE.unpack(head)[0] if len(head) == _SIZE.size else -1
    message = pipe.read(size) if size >= 0 else b""
    if len(message) != size:
        raise EOFError
    return message
