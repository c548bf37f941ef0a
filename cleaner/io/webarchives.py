"""WARC and WET files: a unit is a record that holds a page or its text; the others are skipped, and counted."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import IO, Any, NamedTuple

from cleaner.errors import DumpError, InputError
from cleaner.io.compress import Forward
from cleaner.io.httpbody import BodyError, read_body
from cleaner.io.records import Dump, Fault, Format, Keys, Limits, Piece, Record, Skipped, Source, Unit
from cleaner.text.encoding import GUESSES, decode

__all__ = ["WARC"]

_FORMATS = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "auto", "": "auto"}
_HELD = ("response", "resource", "conversion")  # types of records that may hold a page
_OTHER = ("warcinfo", "request", "metadata", "revisit", "continuation")


class _Page(NamedTuple):
    """What a record holds, not yet decoded."""

    id: str
    url: str | None
    date: str | None
    source_format: str
    charset: str | None
    body: bytes
    transfer: str
    encoding: str
    most: int


def _units(stream: IO[bytes], source: Source, limits: Limits) -> Iterator[Piece]:
    try:
        from fastwarc.warc import ArchiveIterator
    except ImportError as exc:
        raise InputError(f"{source.path}: needs the extra `warc`: pip install 'article-cleaner[warc]'") from exc
    forward: Any = Forward(stream)  # which reads as a file does, without being one
    records = ArchiveIterator(forward, parse_http=False, stream_detect=False, fsspec_args=False)
    for number, record in enumerate(records, 1):
        yield _piece(record, f"{source.name}:{number}", limits)


def _piece(record: Any, place: str, limits: Limits) -> Piece:
    headers = record.headers
    kind = (headers.get("WARC-Type") or "").strip().lower()
    if kind not in _HELD:
        return Skipped(kind if kind in _OTHER else "other_record")
    http = None
    if "application/http" in (headers.get("Content-Type") or "").lower():
        record.parse_http(auto_decode="none", quirks_mode=True)
        http = record.http_headers
    if http is not None and http.status_code is not None and not 200 <= http.status_code < 300:
        return Skipped("http_status")
    told = (http.get("Content-Type") if http is not None else headers.get("Content-Type")) or ""
    kind = (headers.get("WARC-Identified-Payload-Type") or told).partition(";")[0].strip().lower()
    if kind not in _FORMATS:
        return Skipped("no_text")
    size = record.content_length
    body = record.reader.read(limits.dump + 1)
    if len(body) > limits.dump:
        return Fault(place, "oversize", f"{place}: a record of more than {limits.dump:,} bytes; it was passed over")
    if len(body) < size:
        raise EOFError(f"record {place} is cut off")
    transfer, encoding = (http.get(n) or "" for n in ("Transfer-Encoding", "Content-Encoding")) if http else ("", "")
    page = _Page(
        (headers.get("WARC-Record-ID") or "").strip("<> ") or place, headers.get("WARC-Target-URI"),
        headers.get("WARC-Date"), _FORMATS[kind], _charset(told), body, transfer, encoding, limits.dump,
    )  # fmt: skip
    return Unit(place, page)


def _parse(page: _Page, place: str, keys: Keys) -> Record:
    try:
        raw = read_body(page.body, page.transfer, page.encoding, page.most)
    except BodyError as exc:
        return Fault(page.id, exc.reason, f"{place}: {exc}")
    extra = {"warc_date": page.date} if page.date else {}
    return Dump(page.id, _decoded(raw, page.charset), page.url, page.source_format, extra)


def _decoded(raw: bytes, charset: str | None) -> str | bytes:
    """The body by the charset of its HTTP header, where the body itself does not say what it is; else as it is.

    >>> _decoded("Łódź".encode("iso-8859-2"), "iso-8859-2"), _decoded("Łódź".encode(), "iso-8859-2")
    ('Łódź', b'\\xc5\\x81\\xc3\\xb3d\\xc5\\xba')
    """
    if charset is None or charset == "utf-8" or _is_utf8(raw):
        return raw
    try:
        if decode(raw).decided_by in GUESSES:
            return raw.decode(charset)
    except (DumpError, UnicodeError):
        pass
    return raw


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _charset(content_type: str) -> str | None:
    """The charset of a Content-Type, if Python knows it. Latin-1 means cp1252 on the web
    (https://encoding.spec.whatwg.org/#names-and-labels)."""
    name = content_type.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    try:
        "a".encode(name).decode(name)  # LookupError for `hex` and its kin
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return "cp1252" if codec in ("iso8859-1", "ascii") else codec


WARC = Format(_units, _parse, needs=("fastwarc", "warc"))
