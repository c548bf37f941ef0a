"""Files that are one dump: text and HTML."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import IO

from cleaner.io.records import Dump, Fault, Format, Keys, Limits, Piece, Record, Source, Unit

__all__ = ["HTML", "TEXT"]


def _units(stream: IO[bytes], source: Source, limits: Limits) -> Iterator[Piece]:
    raw = stream.read(limits.dump + 1)
    if len(raw) > limits.dump:
        yield Fault(source.name, "oversize", f"{source.name}: more than {limits.dump:,} bytes; it was not read")
    else:
        yield Unit(source.name, raw)


def _whole(source_format: str) -> Format:
    def parse(raw: bytes, place: str, keys: Keys) -> Record:
        return Dump(place, raw, None, source_format, folder=posixpath.dirname(place))

    return Format(_units, parse, many=False)


TEXT = _whole("auto")
HTML = _whole("html")
