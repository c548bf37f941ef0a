"""Opening files, plain or compressed, for reading and for atomic writing."""

from __future__ import annotations

import contextlib
import errno
import gzip
import io
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, cast

import zstandard

from cleaner.errors import InputError
from cleaner.model import mend_surrogates

__all__ = [
    "COMPRESSED",
    "READ_ERRORS",
    "Sink",
    "bare_suffix",
    "is_device",
    "is_folder",
    "named",
    "open_bytes",
    "partial_path",
    "status",
]

READ_ERRORS = (OSError, EOFError, zlib.error, zstandard.ZstdError)
"""What reading a damaged or missing file can raise (gzip's `BadGzipFile` is an OSError)."""


def _open_zst(stream: IO[bytes]) -> IO[bytes]:
    return io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True))


def _open_gz(stream: IO[bytes]) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(stream))


COMPRESSED: dict[str, Callable[[IO[bytes]], IO[bytes]]] = {".gz": _open_gz, ".zst": _open_zst}
"""Suffix → what unpacks it. One line adds a compression."""


def bare_suffix(path: str) -> str:
    """The suffix that tells the format, in lower case, below one of a compression.

    >>> bare_suffix("crawl/2025.JSONL.gz")
    '.jsonl'
    """
    name = Path(path)
    return Path(name.stem).suffix.lower() if name.suffix.lower() in COMPRESSED else name.suffix.lower()


@contextlib.contextmanager
def open_bytes(path: str) -> Iterator[IO[bytes]]:
    """Read a file as bytes, unpacked by its suffix; `-` is standard input."""
    if path == "-":
        yield sys.stdin.buffer
        return
    with open(path, "rb") as stream:
        unpack = COMPRESSED.get(Path(path).suffix.lower())
        yield unpack(stream) if unpack else stream


class Sink:
    """A file that appears under its name only when it is whole; `-` is standard output, a device is written as it is.

    On an error the half-written file is left as `NAME.partial`, so that nothing is lost. With `drop_empty` a file
    without a byte is no file: one of that name from an earlier run goes too. An OSError comes out as an `InputError`
    that names the file; only a pipe whose reader has gone stays a BrokenPipeError.
    """

    def __init__(self, path: str, *, drop_empty: bool = False) -> None:
        self._path = path
        self._partial = None if path == "-" or is_device(path) else Path(partial_path(path))
        self._drop_empty = drop_empty
        self._empty = True
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Sink:
        with named(self._path):
            if self._partial:
                self._partial.parent.mkdir(parents=True, exist_ok=True)
            raw = _stdout() if self._path == "-" else self._stack.enter_context(open(self._partial or self._path, "wb"))
            self._stack.callback(self._settle, raw)
            self._stream = self._stack.enter_context(_packer(raw, Path(self._path).suffix.lower()))
        return self

    def write(self, text: str) -> None:
        """Write text as UTF-8."""
        self._empty = False
        with named(self._path):
            self._stream.write(mend_surrogates(text).encode())

    def __exit__(self, kind: type[BaseException] | None, *exc: object) -> None:
        with named(self._path):
            self._stack.close()
            if not self._partial:
                return
            if self._empty and self._drop_empty:
                self._partial.unlink()
            if kind is None:
                self._put_in_place(Path(self._path), self._partial)

    def _settle(self, raw: IO[bytes]) -> None:
        raw.flush()
        if self._partial:
            os.fsync(raw.fileno())

    def _put_in_place(self, target: Path, partial: Path) -> None:
        if partial.exists():
            partial.replace(target)
        elif target.is_file():
            target.unlink()


def partial_path(path: str) -> str:
    """What a file is called while it is written."""
    return f"{path}.partial"


def status(path: str) -> os.stat_result | None:
    """What a path leads to; None for nothing, and for what cannot be a path."""
    try:
        return Path(path).stat()
    except (OSError, ValueError):
        return None


def is_folder(path: str) -> bool:
    found = status(path)
    return found is not None and stat.S_ISDIR(found.st_mode)


def is_device(path: str) -> bool:
    """Whether a path leads to what is neither a file nor a folder: /dev/null, a named pipe, a terminal."""
    found = status(path)
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


def _stdout() -> IO[bytes]:
    """Standard output as bytes, so that no locale chooses the encoding."""
    return sys.stdout.buffer


@contextlib.contextmanager
def _packer(raw: IO[bytes], suffix: str) -> Iterator[IO[bytes]]:
    """A stream that compresses into `raw`. Gzip's time stamp is fixed: the same rows give the same bytes."""
    if suffix == ".gz":
        with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
            yield cast(IO[bytes], packed)
    elif suffix == ".zst":
        with zstandard.ZstdCompressor().stream_writer(raw, closefd=False) as stream:
            yield stream
    else:
        yield raw
