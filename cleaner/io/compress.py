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

__all__ = ["COMPRESSED", "Forward", "bare_suffix", "guarded", "outer_suffix", "packer", "unpacked"]

_CHUNK = 1 << 16  # bytes that are unpacked at once: what a break can cost of the good bytes before it
_XZ_MEMORY = 1 << 28  # bytes of its dictionary; the highest level of xz takes a quarter of it
_STEP = 1 << 10  # bytes that are given to zstd at once: they may become 32 thousand times as many


class Forward:
    """A stream that is only read on, with a count of what was read; a read that meets an error costs nothing that came
    before it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._read = getattr(stream, "read1", stream.read)
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._read(size)
        self.count += len(data)
        return data

    def tell(self) -> int:
        return self.count

    def seek(self, offset: int, whence: int = 0) -> int:
        """Only to where it is: some libraries ask for their position in this way."""
        if (offset, whence) not in ((0, 1), (self.count, 0)):
            raise OSError("the stream cannot be read in any order")
        return self.count


def _open_gz(stream: Forward) -> Any:
    return gzip.GzipFile(fileobj=cast(IO[bytes], stream), mode="rb")


class _Streams:
    """Unpacks streams that follow each other. The library's own files end in silence at what is no stream."""

    def __init__(self, stream: Forward, begin: Callable[[], Any], step: int = _CHUNK) -> None:
        self._stream = stream
        self._begin = begin
        self._step = step
        self._ready = b""  # unpacked, and more than was asked for
        self._now = begin()
        self._fresh = True  # nothing of this stream has been read
        self._rest = b""

    def read1(self, size: int) -> bytes:
        if not self._ready:
            self._ready = self._go_on(size)
        data, self._ready = self._ready[:size], self._ready[size:]
        return data

    def _go_on(self, size: int) -> bytes:
        while True:
            if self._now.eof:
                self._rest, self._now, self._fresh = self._now.unused_data, self._begin(), True
            packed = self._rest
            if not packed and self._now.needs_input and not (packed := self._stream.read(self._step)):
                if self._fresh:
                    return b""
                raise EOFError("the data end in the middle of a stream")
            self._rest = b""
            if self._fresh:  # between streams zeros may stand
                packed = packed.lstrip(b"\0")
            self._fresh = self._fresh and not packed
            if self._fresh:
                continue
            data: bytes = self._now.decompress(packed, size)
            if data:
                return data


class _Zstd:
    """One frame of zstd, with the methods of the decompressors of the standard library."""

    needs_input = True

    def __init__(self) -> None:
        self._frame = zstandard.ZstdDecompressor().decompressobj()

    def decompress(self, packed: bytes, _size: int) -> bytes:
        return self._frame.decompress(packed)

    @property
    def eof(self) -> bool:
        return self._frame.eof

    @property
    def unused_data(self) -> bytes:
        return self._frame.unused_data


def _open_zst(stream: Forward) -> Any:
    return _Streams(stream, _Zstd, _STEP)


def _open_bz2(stream: Forward) -> Any:
    import bz2

    return _Streams(stream, bz2.BZ2Decompressor)


def _open_xz(stream: Forward) -> Any:
    import lzma

    return _Streams(stream, lambda: lzma.LZMADecompressor(memlimit=_XZ_MEMORY))


COMPRESSED: dict[str, Callable[[Forward], Any]] = {
    ".gz": _open_gz,
    ".zst": _open_zst,
    ".bz2": _open_bz2,
    ".xz": _open_xz,
}
"""Suffix → what unpacks it: an object with `read1`. One line here and one in `packer` add a compression."""


class _Guarded(io.RawIOBase):
    """The unpacked bytes of a stream, as long as they stay in proportion to the packed ones."""

    def __init__(self, source: Any, packed: Callable[[], int], limits: Limits) -> None:
        self._source = source
        self._packed = packed
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
        if self._count > self._limits.free and self._count > self._limits.ratio * self._packed():
            raise OversizeDumpError(
                f"{self._packed():,} packed bytes have become more than {self._count:,}, and it goes on"
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
    packed = Forward(stream)
    return guarded(COMPRESSED[suffix](packed), packed.tell, limits)


def guarded(source: Any, packed: Callable[[], int], limits: Limits) -> IO[bytes]:
    """What an object with `read1` unpacks, as a stream; `packed` tells how many bytes it has been made of so far."""
    return io.BufferedReader(_Guarded(source, packed, limits), _CHUNK)


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
