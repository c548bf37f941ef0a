"""Where in a TOML file a setting stands, so that a mistake can be told with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["line_of"]

_HEADER = re.compile(r"\s*\[\[?([^\[\]]+)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")


def line_of(text: str, path: Sequence[str], value: str = "") -> int | None:
    """The number of the line (from 1) of a setting in a TOML text, or of a string in the list that it is.

    Of a table that is only opened by those within it (`[sites."a.org"]` for `sites`) the first of them. None where it
    cannot be told, as for a table within braces.

    >>> line_of('mode = "recall"\\n[sites."a.org"]\\ndrop = [\\n  ".x",\\n  ".y"]', ("sites", "a.org", "drop"), ".y")
    5
    """
    best: tuple[int, int] | None = None  # how much of the path, line
    for number, found in _settings(text):
        least = min(len(found), len(path))
        shared = least if tuple(path[:least]) == found[:least] else 0
        if shared and (best is None or shared > best[0]):
            best = shared, number
    if best is None:
        return None
    lines = text.splitlines()
    wanted = ('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"', f"'{value}'")
    for number in range(best[1], len(lines) + 1) if value and best[0] == len(path) else ():
        if any(w in lines[number - 1] for w in wanted):
            return number
        if number > best[1] and (_HEADER.match(lines[number - 1]) or _KEY.match(lines[number - 1])):
            break
    return best[1]


def _settings(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Line and path of every header and key that begins a line."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _path(header[1])
            yield number, table
        elif key := _KEY.match(line):
            yield number, (*table, *_path(key[1]))


def _path(dotted: str) -> tuple[str, ...]:
    """The names of a dotted key, unquoted."""
    try:
        inner: Any = tomllib.loads(f"{dotted} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    found = []
    while isinstance(inner, dict):
        name = next(iter(inner))
        found.append(name)
        inner = inner[name]
    return tuple(found)
