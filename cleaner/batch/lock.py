"""One run at a time on one output.

On a disk the system holds the lock, and lets it go when the process ends, however it ends. A store behind an address has
no such thing: there an object stands for the lock, and whoever holds it changes it every few seconds. One that changes
no more is of a run that was killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cleaner.errors import InputError
from cleaner.io import storage

__all__ = ["Held", "locked"]

BEAT = 10.0
"""Seconds between two signs of life of a run behind an address."""

PATIENCE = 3.5
"""Beats without a sign of life after which a run is dead."""


class Held:
    """A lock that is held."""

    def check(self) -> None:
        """Raise `InputError` where another run has taken the lock away."""

    def end(self) -> None:
        """Give no more signs of life: the lock is about to be removed with all that is around it."""


@contextlib.contextmanager
def locked(path: str, what: str, waits: Callable[[], None] = lambda: None) -> Iterator[Held]:
    """Hold the lock at `path`. Raises `InputError` where another process holds it.

    Behind an address, where one stands that gives no signs of life, `waits` is called, and some beats are waited for.
    """
    if storage.is_remote(path):
        lease = _Lease(path, what)
        lease.take(waits)
        try:
            yield lease
        finally:
            lease.release()
        return
    if find_spec("fcntl") is None:  # Windows has none
        yield Held()
        return
    import fcntl

    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            stream.seek(0)
            raise InputError(_busy(what, f"process {stream.read().strip() or 'unknown'}")) from exc
        stream.truncate(0)
        stream.write(str(os.getpid()))
        stream.flush()
        yield Held()


def _busy(what: str, who: str) -> str:
    return f"{what}: another run is writing there ({who}); wait for it or end it"


@dataclass
class _Lease(Held):
    """The lock behind an address. No two clocks are compared: whether an object changes is seen by looking twice."""

    path: str
    what: str
    owner: str = field(default_factory=lambda: uuid.uuid4().hex)
    _beats: int = 0
    _lost: str = ""
    _alive: float = 0.0
    _ended: threading.Event = field(default_factory=threading.Event)
    _writing: threading.Lock = field(default_factory=threading.Lock)

    def take(self, waits: Callable[[], None]) -> None:
        """Write the object where none is or a dead one, then begin to change it."""
        if not self._create():
            found = self._read()
            if found and not _is_gone(found):
                waits()
                if not self._is_dead(found):
                    raise InputError(_busy(self.what, _name(found)))
            self._write()
            time.sleep(BEAT / 10)  # where two take a dead one at once, the last to write has it
            found = self._read()
            if found.get("owner") != self.owner:
                raise InputError(_busy(self.what, _name(found)))
        self._alive = time.monotonic()
        threading.Thread(target=self._live, daemon=True).start()

    def check(self) -> None:
        if not self._lost and time.monotonic() - self._alive > PATIENCE * BEAT:
            self._lost = "it could not be reached for too long"
        if self._lost:
            raise InputError(f"{self.what}: this run no longer has the place for itself: {self._lost}")

    def end(self) -> None:
        self._ended.set()
        with self._writing:  # what is being written is written
            pass

    def release(self) -> None:
        """Remove the object, if it is still this run's."""
        self.end()
        with contextlib.suppress(OSError, InputError):
            if self._read().get("owner") == self.owner:
                storage.remove(self.path)

    def _live(self) -> None:
        while not self._ended.wait(BEAT):
            with self._writing:
                if self._ended.is_set():
                    return
                with contextlib.suppress(OSError, InputError):  # a store may be away for a while: see `check`
                    found = self._read()
                    if found.get("owner") != self.owner:
                        self._lost = f"another run has taken it ({_name(found)})"
                        return
                    self._write()
                    self._alive = time.monotonic()

    def _is_dead(self, found: dict[str, Any]) -> bool:
        """Whether what was found does not change while one looks on."""
        until = time.monotonic() + PATIENCE * BEAT
        while time.monotonic() < until:
            time.sleep(BEAT / 4)
            now = self._read()
            if now and now != found:
                return False
            if not now:  # it has ended
                return True
        return True

    def _read(self) -> dict[str, Any]:
        """What the object says; nothing where none is."""
        try:
            told = storage.read_json(self.path)
        except FileNotFoundError:
            return {}
        except ValueError:  # nobody's; counts as a dead one if it stays
            return {"owner": "unknown"}
        return told if isinstance(told, dict) else {}

    def _told(self) -> dict[str, Any]:
        self._beats += 1
        return {
            "owner": self.owner,
            "process": os.getpid(),
            "machine": _machine(),
            "host": socket.gethostname(),
            "beat": self._beats,
        }

    def _create(self) -> bool:
        return storage.create(self.path, json.dumps(self._told()).encode())

    def _write(self) -> None:
        storage.write_json(self.path, self._told())


def _name(found: dict[str, Any]) -> str:
    return f"process {found.get('process', 'unknown')} on {found.get('host', 'an unknown machine')}"


def _machine() -> str:
    """What tells where a process number holds: this start of this machine, and the namespace; empty where nobody knows."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def _is_gone(found: dict[str, Any]) -> bool:
    """Whether it is known at once that the run has ended: it was one of this machine, and its process is not there."""
    process = found.get("process")
    if not found.get("machine") or found["machine"] != _machine() or not isinstance(process, int):
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
