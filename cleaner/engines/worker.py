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
import traceback
from collections.abc import Callable
from typing import IO, Any, TypeVar

from cleaner.errors import CleanerError

__all__ = ["Worker", "WorkerDiedError", "serve", "shield_from_interrupts"]

In = TypeVar("In")
Out = TypeVar("Out")

_BOOT = (  # the caller's import path comes first through the pipe: the package may stand in a place only it knows
    "import pickle, struct, sys; size, = struct.unpack('>Q', sys.stdin.buffer.read(8)); "
    "sys.path[:] = pickle.loads(sys.stdin.buffer.read(size)); from cleaner.engines.worker import serve; serve()"
)
_READY = "ready"
_SIZE = struct.Struct(">Q")


class WorkerDiedError(Exception):
    """The process ended before it answered."""


class Worker:
    """A process that applies functions to chunks, one chunk at a time."""

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

    def call(self, function: Callable[[In], Out], chunk: list[In]) -> list[Out]:
        """The function's result for each item. What it raises is raised here; `WorkerDiedError` when the process ends."""
        question = pickle.dumps((function, chunk), pickle.HIGHEST_PROTOCOL)
        self._greet()
        fine, answer = self._ask(question)
        if not fine:
            raise answer
        results: list[Out] = answer
        return results

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
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            _send(self._process.stdin, question)
            answer = _receive(self._process.stdout)
        except (OSError, EOFError) as exc:
            raise WorkerDiedError from exc
        return pickle.loads(answer)

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
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints must not get among the answers
    try:
        _send(answers, pickle.dumps(_READY))
        while True:
            _send(answers, _answer(_receive(questions)))
    except (EOFError, OSError):
        os._exit(0)


def _answer(question: bytes) -> bytes:
    try:
        function, chunk = pickle.loads(question)
        return pickle.dumps((True, [function(item) for item in chunk]), pickle.HIGHEST_PROTOCOL)
    except Exception as exc:
        exc.add_note("In the worker process:\n" + traceback.format_exc())
        try:
            pickle.loads(pickled := pickle.dumps((False, exc)))
        except Exception:  # some exceptions cannot travel
            return pickle.dumps((False, RuntimeError(f"{type(exc).__name__}: {exc}\n{traceback.format_exc()}")))
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
