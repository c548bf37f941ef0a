"""Opening files, plain or compressed, for reading and for atomic writing."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, cast

import zstandard

__all__ = ["COMPRESSED", "READ_ERRORS", "bare_suffix", "open_bytes", "write_text"]

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


@contextlib.contextmanager
def write_text(path: str) -> Iterator[IO[str]]:
    """Write UTF-8 text to a file that appears under its name only when it is whole; `-` is standard output.

    On an error the half-written file is left as `NAME.partial`, so that nothing is lost.
    """
    if path == "-":
        yield sys.stdout
        sys.stdout.flush()
        return
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    with open(partial, "wb") as raw:
        with _packer(raw, target.suffix.lower()) as packed:
            text = io.TextIOWrapper(packed, "utf-8", newline="\n")
            try:
                yield text
            finally:
                text.flush()
                text.detach()
        raw.flush()
        os.fsync(raw.fileno())
    partial.replace(target)


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
