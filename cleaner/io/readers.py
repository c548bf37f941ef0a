"""One input → its dumps: a text file, an HTML file, JSON lines; also from standard input, compressed.

A reader never raises for bad content: what cannot be read comes out as a `Fault`, so that a batch can go on and still
account for it.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, TypeAlias

from cleaner.io.files import READ_ERRORS, open_bytes

__all__ = ["LINES", "READERS", "TEXT_KEYS", "URL_KEYS", "Dump", "Fault", "Keys", "Record", "Source", "read_source"]

LINES = (".jsonl", ".ndjson")
"""Suffixes of files that hold many dumps."""

TEXT_KEYS = ("raw", "html", "raw_html", "text", "raw_text", "content", "body", "document")
_ID_KEYS = ("id", "_id", "doc_id", "uuid", "guid")
URL_KEYS = ("url", "source_url", "link", "uri", "canonical_url", "warc_target_uri")
_MAX_DEPTH = 100  # nested lists and objects in a row; pickle and json run out of stack at some hundreds


@dataclass(frozen=True, slots=True)
class Dump:
    """One raw dump and what is known of it. `extra` are the columns that pass through to the output."""

    id: str
    raw: str | bytes
    url: str | None = None
    source_format: str = "auto"
    extra: Mapping[str, Any] = field(default_factory=dict)
    folder: str = ""  # of a file below the folder that was searched


@dataclass(frozen=True, slots=True)
class Fault:
    """A dump (or the rest of a file) that could not be read."""

    id: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Keys:
    """The JSONL columns to read; None finds them by their usual names."""

    text: str | None = None
    id: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One input file and the suffix that chooses its reader.

    `name` is the id of its dump or, with a line number, of a dump without one; no other source of a run has it.
    """

    path: str
    suffix: str
    name: str


Record: TypeAlias = Dump | Fault


def read_source(source: Source, keys: Keys) -> Iterator[Record]:
    """The dumps of one source. A damaged file gives what could be read, then one `Fault`."""
    try:
        with open_bytes(source.path) as stream:
            yield from READERS[source.suffix](stream, source, keys)
    except READ_ERRORS as exc:
        detail = f"{source.path}: {exc}. What came before is kept; repair or fetch the file again."
        yield Fault(source.name, "unreadable", detail)


def _read_whole(source_format: str) -> Callable[[IO[bytes], Source, Keys], Iterator[Record]]:
    def read(stream: IO[bytes], source: Source, keys: Keys) -> Iterator[Record]:
        yield Dump(source.name, stream.read(), None, source_format, folder=posixpath.dirname(source.name))

    return read


def _read_jsonl(stream: IO[bytes], source: Source, keys: Keys) -> Iterator[Record]:
    for number, line in enumerate(stream, 1):
        if line.strip():
            yield _read_row(line, f"{source.name}:{number}", keys)


def _read_row(line: bytes, place: str, keys: Keys) -> Record:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as exc:
        return Fault(place, "bad_json", f"{place}: not a JSON object: {exc}")
    if not isinstance(row, dict):
        return Fault(place, "bad_json", f"{place}: a {type(row).__name__}, not a JSON object")
    if _too_deep(row, line):
        return Fault(place, "bad_json", f"{place}: lists and objects nested deeper than {_MAX_DEPTH}; flatten them")
    id_key = keys.id or _key_of(row, _ID_KEYS, _has_value)
    url_key = keys.url or _key_of(row, URL_KEYS, _is_text)
    ident = str(row[id_key]) if id_key and _has_value(row.get(id_key)) else place
    text_key = keys.text or _key_of(row, TEXT_KEYS, _is_text) or _key_of(row, TEXT_KEYS, _has_value)
    text_key = text_key or _key_of(row, TEXT_KEYS, lambda value: value is not None)
    if text_key is None or text_key not in row:
        have = ", ".join(sorted(row)[:12])
        return Fault(ident, "no_text_column", f"{place}: no text column among {have}; name it with --text-key")
    text = row[text_key]
    if not isinstance(text, str):
        return Fault(ident, "wrong_type", f"{place}: column {text_key!r} holds {type(text).__name__}, not a string")
    url = row.get(url_key) if url_key else None
    extra = {k: v for k, v in row.items() if k not in (text_key, id_key)}
    return Dump(ident, text, url if isinstance(url, str) and url else None, "auto", extra)


def _key_of(row: Mapping[str, Any], names: Sequence[str], good: Callable[[Any], bool]) -> str | None:
    """The first of the usual names, in any case, that the row has with a good value.

    >>> _key_of({"Text": "The river rose.", "html": ""}, ("html", "text"), _is_text)
    'Text'
    """
    keys: dict[str, list[str]] = {}
    for key in row:
        keys.setdefault(key.lower(), []).append(key)
    return next((key for name in names for key in keys.get(name, ()) if good(row[key])), None)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not value.isspace() and value != ""


def _has_value(value: object) -> bool:
    return value is not None and not (isinstance(value, str) and not _is_text(value))


def _too_deep(row: Mapping[str, Any], line: bytes) -> bool:
    """Whether lists and objects of a row stand deeper in each other than can be passed on."""
    if line.count(b"[") + line.count(b"{") <= _MAX_DEPTH:
        return False
    level: list[Any] = [row]
    for _ in range(_MAX_DEPTH):
        groups = [item.values() if isinstance(item, dict) else item for item in level]
        level = [value for group in groups for value in group if isinstance(value, (dict, list))]
    return bool(level)


READERS: dict[str, Callable[[IO[bytes], Source, Keys], Iterator[Record]]] = {
    ".txt": _read_whole("auto"),
    ".text": _read_whole("auto"),
    ".html": _read_whole("html"),
    ".htm": _read_whole("html"),
    ".xhtml": _read_whole("html"),
    ".jsonl": _read_jsonl,
    ".ndjson": _read_jsonl,
}
"""Suffix → reader. One line adds a format."""
