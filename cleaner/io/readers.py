"""Inputs → dumps: text files, HTML files, JSON lines; also in folders, by glob, from standard input, compressed.

A reader never raises for bad content: what cannot be read comes out as a `Fault`, so that a batch can go on and still
account for it.
"""

from __future__ import annotations

import glob
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, TypeAlias

from cleaner.errors import InputError
from cleaner.io.files import COMPRESSED, READ_ERRORS, bare_suffix, open_bytes

__all__ = ["READERS", "Dump", "Fault", "Keys", "Source", "find_sources", "read_source"]

_TEXT_KEYS = ("raw", "html", "raw_html", "text", "raw_text", "content", "body", "document")
_ID_KEYS = ("id", "_id", "doc_id", "uuid", "guid")
_URL_KEYS = ("url", "source_url", "link", "uri", "canonical_url", "warc_target_uri")


@dataclass(frozen=True, slots=True)
class Dump:
    """One raw dump and what is known of it. `extra` are the columns that pass through to the output."""

    id: str
    raw: str | bytes
    url: str | None = None
    source_format: str = "auto"
    extra: Mapping[str, Any] = field(default_factory=dict)


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
    """One input file and the suffix that chooses its reader; `name` is its id, relative to the folder it was found in."""

    path: str
    suffix: str
    name: str


Record: TypeAlias = Dump | Fault


def find_sources(inputs: Sequence[str], stdin_suffix: str = ".jsonl") -> list[Source]:
    """The files behind files, folders (recursive), globs and `-`, in a fixed order, each once.

    In folders and globs, files of unknown suffixes are passed over; a file that is named itself is always read (as
    HTML or text, whichever it is). Raises `InputError` where an input matches nothing.
    """
    found: dict[str, Source] = {}
    for given in inputs:
        sources = list(_expand(given, stdin_suffix))
        if not sources:
            known = " ".join(sorted(READERS))
            raise InputError(f"{given}: no file of a known kind there (known: {known}, also .gz and .zst)")
        for source in sources:
            found.setdefault(source.path, source)
    return list(found.values())


def _expand(given: str, stdin_suffix: str) -> Iterator[Source]:
    path = Path(given)
    if given == "-":
        yield Source("-", stdin_suffix, "stdin")
    elif path.is_dir():
        for entry in sorted(path.rglob("*")):
            suffix = bare_suffix(entry.name)
            hidden = any(part.startswith(".") for part in entry.relative_to(path).parts)
            if suffix in READERS and not hidden and entry.is_file():
                yield Source(str(entry), suffix, entry.relative_to(path).as_posix())
    elif path.exists():
        suffix = bare_suffix(given)
        yield Source(given, suffix if suffix in READERS else ".txt", path.name)
    elif glob.has_magic(given):
        for name in sorted(glob.glob(given, recursive=True)):
            if Path(name).is_dir() or bare_suffix(name) in READERS:
                yield from _expand(name, stdin_suffix)
    else:
        raise InputError(f"{given}: no such file or folder; check the spelling and the working directory")


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
        yield Dump(_stem(source.name), stream.read(), None, source_format)

    return read


def _stem(name: str) -> str:
    """A file's name without the suffixes that only tell its kind."""
    path = Path(name)
    for suffix in (*COMPRESSED, *READERS):
        if path.suffix.lower() == suffix:
            path = path.with_suffix("")
    return path.as_posix()


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
    id_key, url_key = keys.id or _first(row, _ID_KEYS), keys.url or _first(row, _URL_KEYS)
    ident = str(row[id_key]) if id_key and row.get(id_key) not in (None, "") else place
    text_key = keys.text or _first(row, _TEXT_KEYS)
    if text_key is None or text_key not in row:
        have = ", ".join(sorted(row)[:12])
        return Fault(ident, "no_text_column", f"{place}: no text column among {have}; name it with --text-key")
    text = row[text_key]
    if not isinstance(text, str):
        return Fault(ident, "wrong_type", f"{place}: column {text_key!r} holds {type(text).__name__}, not a string")
    url = row.get(url_key) if url_key else None
    extra = {k: v for k, v in row.items() if k not in (text_key, id_key)}
    return Dump(ident, text, url if isinstance(url, str) and url else None, "auto", extra)


def _first(row: Mapping[str, Any], names: Sequence[str]) -> str | None:
    """The first of the usual names that the row has with a value, in any case."""
    by_name = {k.lower(): k for k in reversed(list(row))}
    return next((by_name[n] for n in names if n in by_name and row[by_name[n]] is not None), None)


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
