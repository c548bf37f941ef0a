"""One run at a time on one output."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from cleaner.errors import InputError
from cleaner.io import storage

__all__ = ["locked"]


@contextlib.contextmanager
def locked(path: str, what: str) -> Iterator[None]:
    """Hold the lock at `path`, which the system lets go when the process ends, however it ends.

    Raises `InputError` where another process holds it. Elsewhere than on a file system of this machine there is no such
    lock, and none is held.
    """
    if storage.is_remote(path) or find_spec("fcntl") is None:  # Windows has none
        yield
        return
    import fcntl

    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            stream.seek(0)
            holder = stream.read().strip() or "unknown"
            raise InputError(f"{what}: another run is writing there (process {holder}); wait for it or end it") from exc
        stream.truncate(0)
        stream.write(str(os.getpid()))
        stream.flush()
        yield
