"""Parquet and Arrow files of rows: one schema for all inputs, batches of bounded size."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from cleaner.errors import InputError
from cleaner.io.columns import COLUMNS, EXTRA, to_columns
from cleaner.io.files import ByteSink, open_raw
from cleaner.io.layouts import Layout, Write, Writer

__all__ = ["ARROW", "PARQUET", "need_pyarrow", "schema"]

_ROWS = 10_000  # rows of a batch at most
_CHARS = 32_000_000  # characters of body and removals in a batch, about


def need_pyarrow(path: str) -> Any:
    """The package pyarrow. Raises `InputError` where it is not installed."""
    try:
        import pyarrow
    except ImportError as exc:
        raise InputError(f"{path}: needs the extra `parquet`: pip install 'article-cleaner[parquet]'") from exc
    return pyarrow


def schema(pa: Any) -> Any:
    """The columns of `COLUMNS` and `EXTRA`, all of which may be null."""
    removal = pa.struct(
        [(name, pa.string()) for name in ("text", "category", "evidence")]
        + [
            ("score", pa.float64()),
            ("start", pa.int64()),
            ("end", pa.int64()),
            ("path", pa.string()),
            ("at", pa.int64()),
        ]
    )
    types = {
        "text": pa.string(), "texts": pa.list_(pa.string()), "whole": pa.int64(), "number": pa.float64(),
        "truth": pa.bool_(), "removals": pa.list_(removal), "json": pa.string(),
    }  # fmt: skip
    return pa.schema([(name, types[kind]) for name, kind in COLUMNS.items()] + [(EXTRA, pa.string())])


def _arrow_writer(begin: Callable[[Any, Any], Any], batches: Callable[[Any, Any], Iterator[Any]]) -> Writer:
    """A writer of batches. `begin` opens one on a stream, `batches` reads them from a stream, one by one."""

    @contextmanager
    def write(path: str, layout: Layout, part: bool = False) -> Iterator[Write]:
        pa = need_pyarrow(path)
        with ByteSink(path, pack=False) as sink, begin(pa, _Stream(sink)) as file:
            held = _Held(pa, file)
            yield held.add
            held.flush()

    def join(parts: Sequence[str], out: str, layout: Layout) -> None:
        pa = need_pyarrow(out)
        with ByteSink(out, pack=False) as sink, begin(pa, _Stream(sink)) as file:
            waiting: list[Any] = []
            for part in parts:
                with open_raw(part) as stream:
                    for batch in batches(pa, stream):
                        waiting.append(batch)
                        if sum(b.num_rows for b in waiting) >= _ROWS or sum(b.nbytes for b in waiting) >= _CHARS:
                            file.write_table(pa.Table.from_batches(waiting).combine_chunks())
                            waiting = []
            if waiting:
                file.write_table(pa.Table.from_batches(waiting).combine_chunks())

    return Writer(write, join)


class _Held:
    """Rows that wait to be a batch."""

    def __init__(self, pa: Any, file: Any) -> None:
        self._pa, self._file = pa, file
        self._rows: list[dict[str, Any]] = []
        self._chars = 0

    def add(self, row: Mapping[str, Any]) -> None:
        told = to_columns(row)
        self._rows.append(told)
        self._chars += 2 * len(told["body"] or "") + sum(len(p["text"]) for p in told["removed"] or ())
        if len(self._rows) >= _ROWS or self._chars >= _CHARS:
            self.flush()

    def flush(self) -> None:
        if self._rows:
            self._file.write_table(self._pa.Table.from_pylist(self._rows, schema=schema(self._pa)))
        self._rows, self._chars = [], 0


class _Stream(io.RawIOBase):
    """A sink as a stream that can be written only."""

    def __init__(self, sink: ByteSink) -> None:
        self._sink = sink
        self._size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        size = len(memoryview(data).cast("B"))
        self._sink.put(data)
        self._size += size
        return size

    def tell(self) -> int:
        return self._size


def _begin_parquet(pa: Any, stream: Any) -> Any:
    from pyarrow import parquet

    return parquet.ParquetWriter(stream, schema(pa), compression="zstd")


def _parquet_batches(pa: Any, stream: Any) -> Iterator[Any]:
    from pyarrow import parquet

    yield from parquet.ParquetFile(stream).iter_batches(1000)


def _begin_arrow(pa: Any, stream: Any) -> Any:
    from pyarrow import ipc

    return ipc.new_file(stream, schema(pa), options=ipc.IpcWriteOptions(compression="zstd"))


def _arrow_batches(pa: Any, stream: Any) -> Iterator[Any]:
    from pyarrow import ipc

    reader = ipc.open_file(stream)
    for number in range(reader.num_record_batches):
        yield reader.get_batch(number)


PARQUET = _arrow_writer(_begin_parquet, _parquet_batches)
ARROW = _arrow_writer(_begin_arrow, _arrow_batches)
