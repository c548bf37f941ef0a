"""Opening places for reading and for atomic writing: local files, plain or packed, standard streams, addresses."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Self
from urllib.parse import unquote, urlsplit

import zstandard

from cleaner.errors import InputError
from cleaner.io import remote
from cleaner.io.compress import COMPRESSED, bare_suffix, outer_suffix, packer, unpacked
from cleaner.io.records import Limits
from cleaner.model import mend_surrogates

__all__ = [
    "COMPRESSED",
    "READ_ERRORS",
    "ByteSink",
    "Sink",
    "bare_suffix",
    "is_device",
    "is_folder",
    "local",
    "named",
    "open_bytes",
    "open_raw",
    "partial_path",
    "status",
    "sync_folder",
]

READ_ERRORS = (OSError, EOFError, zlib.error, zstandard.ZstdError)
"""What reading a damaged or missing file can raise (gzip's `BadGzipFile` is an OSError)."""


@contextlib.contextmanager
def open_raw(path: str) -> Iterator[IO[bytes]]:
    """Read a place as the bytes that are there; `-` is standard input."""
    if path == "-":
        yield sys.stdin.buffer
        return
    with remote.open_read(path) if remote.is_remote(path) else open(local(path), "rb") as stream:
        yield stream


@contextlib.contextmanager
def open_bytes(path: str, limits: Limits | None = None) -> Iterator[IO[bytes]]:
    """Read a place as bytes, unpacked by its suffix; `-` is standard input."""
    with open_raw(path) as stream:
        yield stream if path == "-" else unpacked(stream, outer_suffix(path), limits or Limits())


class ByteSink:
    """A file that appears under its name only when it is whole; `-` is standard output, a device is written as it is.

    On an error the half-written file is left as `NAME.partial`, so that nothing is lost; behind an address nothing is
    left. With `drop_empty` a file without a byte is no file: one of that name from an earlier run goes too. An OSError
    comes out as an `InputError` that names the file; only a pipe whose reader has gone stays a BrokenPipeError.
    """

    def __init__(self, path: str, *, drop_empty: bool = False, pack: bool = True) -> None:
        self._path = local(path)
        self._remote = remote.is_remote(path)
        self._drop_empty = drop_empty
        self._suffix = outer_suffix(path) if pack else ""
        self._empty = True
        self._stack = contextlib.ExitStack()
        self._rest = contextlib.ExitStack()  # what stays until the file is in its place

    def __enter__(self) -> Self:
        with named(self._path):
            self._partial = self._held()
            raw = sys.stdout.buffer  # bytes, so that no locale chooses the encoding
            if self._path != "-":
                raw = self._stack.enter_context(open(self._partial or self._path, "wb"))
            self._stack.callback(self._settle, raw)
            self._stream = self._stack.enter_context(packer(raw, self._suffix))
        return self

    def _held(self) -> Path | None:
        """The file that takes the bytes until they are whole: what a store was given, not all of them give back."""
        if self._remote:
            return Path(self._rest.enter_context(tempfile.TemporaryDirectory(prefix="cleaner-")), "object")
        if self._path == "-" or is_device(self._path):
            return None
        Path(self._path).parent.mkdir(parents=True, exist_ok=True)
        return Path(partial_path(self._path))

    def put(self, data: bytes) -> None:
        """Write bytes."""
        self._empty = False
        with named(self._path):
            self._stream.write(data)

    def __exit__(self, kind: type[BaseException] | None, *exc: object) -> None:
        with self._rest, named(self._path):
            self._stack.close()
            if not self._partial:
                return
            if self._empty and self._drop_empty:
                self._partial.unlink()
            if kind is None:
                self._put_in_place(self._partial)

    def _settle(self, raw: IO[bytes]) -> None:
        raw.flush()
        if self._partial and not self._remote:
            os.fsync(raw.fileno())

    def _put_in_place(self, held: Path) -> None:
        target = Path(self._path)
        if self._remote:
            remote.upload(str(held), self._path) if held.exists() else remote.remove(self._path)
        elif held.exists():
            held.replace(target)
            sync_folder(target.parent)
        elif target.is_file():
            target.unlink()


class Sink(ByteSink):
    """A `ByteSink` for text."""

    def write(self, text: str) -> None:
        """Write text as UTF-8."""
        self.put(mend_surrogates(text).encode())


def sync_folder(folder: Path) -> None:
    """Make what was renamed in a folder last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def local(path: str) -> str:
    """The path of a `file://` address; any other path as it is.

    >>> local("file:///data/a%20b.txt"), local("a.txt")
    ('/data/a b.txt', 'a.txt')
    """
    return unquote(urlsplit(path).path) if path.lower().startswith("file://") else path


def partial_path(path: str) -> str:
    """What a file is called while it is written."""
    return f"{path}.partial"


def status(path: str) -> os.stat_result | None:
    """What a local path leads to; None for nothing, and for what cannot be a path."""
    try:
        return Path(local(path)).stat()
    except (OSError, ValueError):
        return None


def is_folder(path: str) -> bool:
    if remote.is_remote(path):
        return remote.is_folder(path)
    found = status(path)
    return found is not None and stat.S_ISDIR(found.st_mode)


def is_device(path: str) -> bool:
    """Whether a path leads to what is neither a file nor a folder: /dev/null, a named pipe, a terminal."""
    found = None if remote.is_remote(path) else status(path)
    return found is not None and not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode)


@contextlib.contextmanager
def named(path: str) -> Iterator[None]:
    """Give an OSError of writing the name of the place."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as exc:
        name = "standard output" if path == "-" else path
        mend = "make room there" if exc.errno == errno.ENOSPC else "check the path and its permissions"
        raise InputError(f"{name}: cannot be written: {exc.strerror or exc}; {mend}") from exc
