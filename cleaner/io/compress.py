"""Packed streams: what unpacks and what packs each suffix, with a guard against streams that never stop growing."""

from __future__ import annotations

import contextlib
import gzip
import io
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO, Any, cast

import zstandard

from cleaner.errors import OversizeDumpError
from cleaner.io.records import Limits

__all__ = ["COMPRESSED", "bare_suffix", "outer_suffix", "packer", "unpacked"]

_CHUNK = 1 << 16  # bytes that are unpacked at once: what a break can cost of the good bytes before it
_MARK = b"cleaner: the end"
_END = zstandard.ZstdCompressor(write_checksum=True).compress(_MARK)


class _Counted(io.RawIOBase):
    """A stream that counts what was read of it; `tail` is read after its end."""

    def __init__(self, stream: IO[bytes], tail: bytes = b"") -> None:
        self._stream = stream
        self._tail = tail
        self.count = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.count += len(data)
        if not data:
            data, self._tail = self._tail, b""
        return data


class _Zstd:
    """Unpacks zstd. The library takes a stream that was cut off for one that has ended, so a frame of our own follows:
    if it is not what comes out at last, the stream before it was not whole."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._reader = zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True)
        self._held = b""

    def read1(self, size: int) -> bytes:
        while data := self._reader.read(size):
            held = self._held + data
            data, self._held = held[: -len(_MARK)], held[-len(_MARK) :]
            if data:
                return data
        if self._held != _MARK:
            raise EOFError("the zstd data end in the middle of a frame")
        return b""


def _open_gz(stream: IO[bytes]) -> Any:
    return gzip.GzipFile(fileobj=stream, mode="rb")


def _open_bz2(stream: IO[bytes]) -> Any:
    import bz2

    return bz2.BZ2File(stream)


def _open_xz(stream: IO[bytes]) -> Any:
    import lzma

    return lzma.LZMAFile(stream)


COMPRESSED: dict[str, Callable[[IO[bytes]], Any]] = {
    ".gz": _open_gz,
    ".zst": _Zstd,
    ".bz2": _open_bz2,
    ".xz": _open_xz,
}
"""Suffix → what unpacks it: an object with `read1`. One line here and one in `packer` add a compression."""


class _Unpacked(io.RawIOBase):
    """The unpacked bytes of a stream, as long as they stay in proportion to the packed ones."""

    def __init__(self, stream: IO[bytes], suffix: str, limits: Limits) -> None:
        self._packed = _Counted(stream, _END if suffix == ".zst" else b"")
        self._source = COMPRESSED[suffix](cast(IO[bytes], self._packed))
        self._limits = limits
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._source.read1(min(len(buffer), _CHUNK))
        except (OSError, EOFError):
            raise
        except Exception as exc:  # each library has an error of its own
            raise OSError(f"damaged data: {exc}") from exc
        self._count += len(data)
        if self._count > self._limits.free and self._count > self._limits.ratio * self._packed.count:
            raise OversizeDumpError(
                f"{self._packed.count:,} packed bytes have become more than {self._count:,}, and it goes on"
            )
        buffer[: len(data)] = data
        return len(data)


def unpacked(stream: IO[bytes], suffix: str, limits: Limits) -> IO[bytes]:
    """The stream, unpacked as its suffix says; as it is for a suffix that is none of a compression.

    Parts that follow each other are read as one. Reading raises OSError or EOFError where the data are damaged or cut
    off, after what is before was given, and `OversizeDumpError` for a bomb.
    """
    if suffix not in COMPRESSED:
        return stream
    return io.BufferedReader(_Unpacked(stream, suffix, limits), _CHUNK)


def outer_suffix(path: str) -> str:
    """The last suffix of a path or address, in lower case.

    >>> outer_suffix("https://example.com/2025.jsonl.GZ?key=a.b")
    '.gz'
    """
    if path.startswith(("http://", "https://")):
        path = path.partition("#")[0].partition("?")[0]
    return PurePosixPath(path.replace("\\", "/")).suffix.lower()


def bare_suffix(path: str) -> str:
    """The suffix that tells the format, in lower case, below one of a compression.

    >>> bare_suffix("crawl/2025.JSONL.gz")
    '.jsonl'
    """
    if path.startswith(("http://", "https://")):
        path = path.partition("#")[0].partition("?")[0]
    outer = outer_suffix(path)
    return outer_suffix(path[: -len(outer)]) if outer in COMPRESSED else outer


@contextlib.contextmanager
def packer(raw: IO[bytes], suffix: str) -> Iterator[IO[bytes]]:
    """A stream that packs into `raw`, which stays open. No time stamp gets in: the same rows give the same bytes."""
    if suffix == ".gz":
        with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
            yield cast(IO[bytes], packed)
    elif suffix == ".zst":
        with zstandard.ZstdCompressor(write_checksum=True).stream_writer(raw, closefd=False) as stream:
            yield stream
    elif suffix == ".bz2":
        import bz2

        with bz2.BZ2File(raw, "wb") as file:
            yield cast(IO[bytes], file)
    elif suffix == ".xz":
        import lzma

        with lzma.LZMAFile(raw, "wb") as xz:
            yield cast(IO[bytes], xz)
    else:
        yield raw
