"""CSV and TSV: a unit is a row below the header, which may span lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import IO, Any, cast

from cleaner.io.records import Fault, Format, Keys, Limits, Piece, Record, Source, Unit
from cleaner.io.rows import as_text, read_row
from cleaner.text.encoding import utf16_by_zeros

__all__ = ["CSV", "TSV"]

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class _TooLongError(Exception):
    """A row is longer than is allowed."""

    def __str__(self) -> str:
        return "a row that is too long; a quotation mark may be missing in it"


class _Lines:
    """The lines of a table, for `csv`; a row of more than `most` characters is passed over."""

    def __init__(self, stream: io.TextIOWrapper, most: int) -> None:
        self._stream = stream
        self._most = most
        self._ahead = ""
        self.number = 0
        self.size = 0  # characters of the row so far

    def first(self) -> str:
        """The first line, which is still to come."""
        self._ahead = self._stream.readline(self._most + 1)
        return self._ahead

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line, self._ahead = self._ahead or self._stream.readline(self._most + 1), ""
        if not line:
            raise StopIteration
        self.number += 1
        self.size += len(line)
        if self.size <= self._most:
            return line
        while line and not line.endswith(("\n", "\r")):
            line = self._stream.readline(1 << 20)
        raise _TooLongError


def _table(delimiters: str) -> Format:
    """A format of rows whose cells are separated by that one of `delimiters` that the header has most of."""

    def units(stream: IO[bytes], source: Source, limits: Limits) -> Iterator[Piece]:
        text = _decoded(stream)
        try:
            yield from cut(text, source, limits)
        finally:
            text.detach()  # or it would close the stream when it goes

    def cut(text: io.TextIOWrapper, source: Source, limits: Limits) -> Iterator[Piece]:
        lines = _Lines(text, limits.dump)
        reader = csv.reader(lines, delimiter=max(delimiters, key=lines.first().count))
        # One global number of the module; a higher one hurts nobody, and `_Lines` bounds the rows.
        csv.field_size_limit(max(csv.field_size_limit(), limits.dump))
        try:
            header = next(reader, None)
        except (_TooLongError, csv.Error) as exc:
            raise OSError(f"its header cannot be read: {exc}") from exc
        if header is not None:
            yield from _rows(reader, lines, _unique(header), source.name)

    return Format(units, _parse)


def _rows(reader: Any, lines: _Lines, header: Sequence[str], name: str) -> Iterator[Piece]:
    while True:
        place, lines.size = f"{name}:{lines.number + 1}", 0
        try:
            row = next(reader, None)
        except _TooLongError:
            yield Fault(
                place, "oversize", f"{place}: a row that is too long; a quotation mark may be missing before it"
            )
            continue
        except csv.Error as exc:
            yield Fault(place, "bad_row", f"{place}: {exc}")
            continue
        if row is None:
            return
        if row:
            yield Unit(place, (header, row))


def _decoded(stream: IO[bytes]) -> io.TextIOWrapper:
    """The stream as text: by its mark, UTF-16 by its zeros, else UTF-8. Bytes that are none stay recognisable."""
    source = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, stream))
    start = source.peek(4096)[:4096]
    codec = next((name for bom, name in _BOMS if start.startswith(bom)), None) or utf16_by_zeros(start) or "utf-8"
    errors = "replace" if codec.startswith("utf-16") else "surrogateescape"
    return io.TextIOWrapper(source, codec, errors, newline="")


def _unique(header: Sequence[str]) -> list[str]:
    """Names of columns, each once.

    >>> _unique([" id", "text", "text", ""])
    ['id', 'text', 'text_2', 'column_4']
    """
    names: list[str] = []
    for number, cell in enumerate(header, 1):
        wanted = name = str(_plain(_cell(cell.strip()))) or f"column_{number}"
        count = 1
        while name in names:
            count += 1
            name = f"{wanted}_{count}"
        names.append(name)
    return names


def _parse(data: tuple[Sequence[str], Sequence[str]], place: str, keys: Keys) -> Record:
    header, row = data
    if len(row) != len(header):
        have = f"{len(row)} cells, where the header has {len(header)}"
        return Fault(place, "bad_row", f"{place}: {have}; check its quotation marks and separators")
    return read_row(dict(zip(header, map(_cell, row), strict=True)), place, keys, _plain)


def _cell(cell: str) -> str | bytes:
    """A cell; as bytes if they are no UTF-8, so that cleaning can find out what they are."""
    try:
        cell.encode()
    except UnicodeEncodeError:
        return cell.encode("utf-8", "surrogateescape" if _is_escaped(cell) else "replace")
    return cell


def _is_escaped(cell: str) -> bool:
    return all(not "\ud800" <= ch <= "\udfff" or "\udc80" <= ch <= "\udcff" for ch in cell)


def _plain(value: Any) -> Any:
    return as_text(value) if isinstance(value, bytes) else value


CSV = _table(",;\t|")
TSV = _table("\t")
