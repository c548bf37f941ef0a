"""JSON lines: a unit is a line that is not blank."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from cleaner.io.records import Fault, Format, Keys, Limits, Piece, Record, Source, Unit
from cleaner.io.rows import read_row

__all__ = ["JSON_LINES"]

_MAX_DEPTH = 100  # nested lists and objects in a row; pickle and json run out of stack at some hundreds
_STEP = 1 << 20  # bytes that are passed over at once


def _units(stream: IO[bytes], source: Source, limits: Limits) -> Iterator[Piece]:
    number = 0
    while line := stream.readline(limits.dump + 1):
        number += 1
        place = f"{source.name}:{number}"
        if len(line) > limits.dump and not line.endswith(b"\n"):
            _pass_over(stream)
            yield Fault(place, "oversize", f"{place}: a line of more than {limits.dump:,} bytes; it was passed over")
        elif not line.isspace():
            yield Unit(place, line)


def _pass_over(stream: IO[bytes]) -> None:
    """Go to the next line without holding the rest of this one."""
    while (piece := stream.readline(_STEP)) and not piece.endswith(b"\n"):
        continue


def _parse(line: bytes, place: str, keys: Keys) -> Record:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as exc:
        return Fault(place, "bad_json", f"{place}: not a JSON object: {exc}")
    if not isinstance(row, dict):
        return Fault(place, "bad_json", f"{place}: a {type(row).__name__}, not a JSON object")
    if _too_deep(row, line):
        return Fault(place, "bad_json", f"{place}: lists and objects nested deeper than {_MAX_DEPTH}; flatten them")
    return read_row(row, place, keys)


def _too_deep(row: Mapping[str, Any], line: bytes) -> bool:
    """Whether lists and objects of a row stand deeper in each other than can be passed on."""
    if line.count(b"[") + line.count(b"{") <= _MAX_DEPTH:
        return False
    level: list[Any] = [row]
    for _ in range(_MAX_DEPTH):
        groups = [item.values() if isinstance(item, dict) else item for item in level]
        level = [value for group in groups for value in group if isinstance(value, (dict, list))]
    return bool(level)


JSON_LINES = Format(_units, _parse)
