"""A row of columns → its dump: which column holds the text, which the id and the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cleaner.io.records import Dump, Fault, Keys, Record

__all__ = ["TEXT_KEYS", "URL_KEYS", "as_text", "read_row"]

TEXT_KEYS = ("raw", "html", "raw_html", "text", "raw_text", "content", "body", "document")
_ID_KEYS = ("id", "_id", "doc_id", "uuid", "guid")
URL_KEYS = ("url", "source_url", "link", "uri", "canonical_url", "warc_target_uri")


def read_row(row: Mapping[str, Any], place: str, keys: Keys, plain: Callable[[Any], Any] | None = None) -> Record:
    """The dump in a row. Columns that are not named by `keys` are found by their usual names, in any case.

    `plain` makes a value that JSON has no word for into one that it has; the text may be bytes.

    >>> read_row({"ID": 7, "Text": "The river rose.", "html": ""}, "a.jsonl:1", Keys())
    Dump(id='7', raw='The river rose.', url=None, source_format='auto', extra={'html': ''}, folder='')
    """
    id_key = keys.id or _key_of(row, _ID_KEYS, _has_value)
    url_key = keys.url or _key_of(row, URL_KEYS, _is_text)
    plain = plain or _as_it_is
    ident = str(plain(row[id_key])) if id_key and _has_value(row.get(id_key)) else place
    text_key = keys.text or _key_of(row, TEXT_KEYS, _is_text) or _key_of(row, TEXT_KEYS, _has_value)
    text_key = text_key or _key_of(row, TEXT_KEYS, lambda value: value is not None)
    if text_key is None or text_key not in row:
        have = ", ".join(sorted(row)[:12])
        return Fault(ident, "no_text_column", f"{place}: no text column among {have}; name it with --text-key")
    text = row[text_key]
    if not isinstance(text, (str, bytes)):
        return Fault(ident, "wrong_type", f"{place}: column {text_key!r} holds {type(text).__name__}, not a string")
    url = plain(row.get(url_key)) if url_key else None
    extra = {k: plain(v) for k, v in row.items() if k not in (text_key, id_key)}
    return Dump(ident, text, url if isinstance(url, str) and url else None, "auto", extra)


def as_text(raw: bytes) -> str:
    """Bytes that should be text, whatever they are.

    >>> as_text(b"caf\\xe9")
    'café'
    """
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _as_it_is(value: Any) -> Any:
    return value


def _key_of(row: Mapping[str, Any], names: Sequence[str], good: Callable[[Any], bool]) -> str | None:
    """The first of the usual names, in any case, that the row has with a good value."""
    keys: dict[str, list[str]] = {}
    for key in row:
        keys.setdefault(key.lower(), []).append(key)
    return next((key for name in names for key in keys.get(name, ()) if good(row[key])), None)


def _is_text(value: object) -> bool:
    return isinstance(value, (str, bytes)) and bool(value.strip())


def _has_value(value: object) -> bool:
    return value is not None and not (isinstance(value, (str, bytes)) and not _is_text(value))
