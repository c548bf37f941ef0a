"""Parquet and Arrow files: a unit is a row, decoded only if it is wanted; groups of rows that are not, never are."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, Any

from cleaner.errors import OversizeDumpError
from cleaner.io.arrows import need_pyarrow
from cleaner.io.records import Fault, Format, Keys, Limits, Piece, Record, Source, Unit
from cleaner.io.rows import as_text, read_row

__all__ = ["ARROW", "PARQUET"]

_BATCH = 256  # rows that are decoded at once
_ARROW_FILE = b"ARROW1"


class _Group:
    """The rows of one group, which are asked for in rising order. What cannot be decoded is a broken row, and so are
    those after it: how many there are is known."""

    def __init__(self, batches: Callable[[], Iterator[Any]]) -> None:
        self._open = batches
        self._batches: Iterator[Any] | None = None
        self._batch: Any = None
        self._start = 0
        self._broken = ""

    def row(self, at: int) -> dict[str, Any] | str:
        """Row number `at`, or why it cannot be read."""
        try:
            while not self._broken and (self._batch is None or at >= self._start + self._batch.num_rows):
                self._go_on()
            if not self._broken:
                row: dict[str, Any] = self._batch.slice(at - self._start, 1).to_pylist()[0]
                return row
        except Exception as exc:  # pyarrow raises nearly anything
            self._broken = f"{type(exc).__name__}: {str(exc).splitlines()[0] if str(exc) else ''}"
        return self._broken

    def _go_on(self) -> None:
        if self._batches is None:
            self._batches = self._open()
        else:
            self._start += self._batch.num_rows
        self._batch = next(self._batches, None)
        if self._batch is None:
            self._broken = "fewer rows than the file says"
        else:
            self._batch.validate(full=True)  # a wrong offset would end the process


def _parquet_units(stream: IO[bytes], source: Source, limits: Limits) -> Iterator[Piece]:
    file = _opened(lambda: _parquet(stream), source)
    number = 0
    for group in range(file.num_row_groups):
        about = file.metadata.row_group(group)
        if about.num_rows > limits.free + limits.ratio * about.total_byte_size:
            raise OversizeDumpError(f"{about.num_rows:,} rows are said to be in {about.total_byte_size:,} bytes")
        rows = _Group(partial(file.iter_batches, _BATCH, row_groups=[group]))
        for at in range(about.num_rows):
            number += 1
            yield Unit(f"{source.name}:{number}", (rows, at, limits.dump))


def _parquet(stream: IO[bytes]) -> Any:
    """The file, with its strings kept as a dictionary: a string that all rows share is held once, however many are."""
    from pyarrow import parquet, types

    file = parquet.ParquetFile(stream)
    names = [f.name for f in file.schema_arrow if types.is_string(f.type) or types.is_binary(f.type)]
    return parquet.ParquetFile(stream, metadata=file.metadata, read_dictionary=names)


def _arrow_units(stream: IO[bytes], source: Source, limits: Limits) -> Iterator[Piece]:
    batches = _opened(lambda: _arrow(stream), source)
    number = 0
    while (batch := _opened(lambda: next(batches, None), source)) is not None:
        rows = _Group(partial(iter, [batch]))
        for at in range(batch.num_rows):
            number += 1
            yield Unit(f"{source.name}:{number}", (rows, at, limits.dump))


def _arrow(stream: IO[bytes]) -> Iterator[Any]:
    """The batches of a file or of a stream."""
    from pyarrow import ipc

    start = stream.read(len(_ARROW_FILE))
    stream.seek(0)
    if start != _ARROW_FILE:
        return iter(ipc.open_stream(stream))
    reader = ipc.open_file(stream)
    return (reader.get_batch(number) for number in range(reader.num_record_batches))


def _opened(attempt: Callable[[], Any], source: Source) -> Any:
    need_pyarrow(source.path)
    try:
        return attempt()
    except OSError:
        raise
    except Exception as exc:  # pyarrow raises nearly anything
        raise OSError(
            f"damaged or of another kind: {str(exc).splitlines()[0] if str(exc) else type(exc).__name__}"
        ) from exc


def _parse(data: tuple[_Group, int, int], place: str, keys: Keys) -> Record:
    group, at, most = data
    row = group.row(at)
    if isinstance(row, str):
        return Fault(place, "unreadable", f"{place}: {row}; repair or fetch the file again")
    record = read_row(row, place, keys, _plain)
    if not isinstance(record, Fault) and len(record.raw) > most:
        return Fault(record.id, "oversize", f"{place}: a text of more than {most:,} bytes")
    return record


def _plain(value: Any, depth: int = 0) -> Any:
    """A value as JSON has it: times in ISO 8601, numbers as they are, bytes as text."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, bytes):
        return as_text(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 1 << 63 else float(value)
    if depth < 50 and isinstance(value, dict):
        return {str(name): _plain(item, depth + 1) for name, item in value.items()}
    if depth < 50 and isinstance(value, (list, tuple)):
        return [_plain(item, depth + 1) for item in value]
    return str(value)


_NEEDS = ("pyarrow", "parquet")
PARQUET = Format(_parquet_units, _parse, seeks=True, needs=_NEEDS)
ARROW = Format(_arrow_units, _parse, seeks=True, needs=_NEEDS)
