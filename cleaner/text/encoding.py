"""Bytes → str, and how it was decided."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from cleaner.errors import BinaryDumpError, UndecodableDumpError

__all__ = ["GUESSES", "Decoded", "decode", "utf16_by_zeros"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = {
    b"%PDF-": "a PDF",
    b"\x89PNG\r\n": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"PK\x03\x04": "a ZIP archive (or an office document)",
    b"\x1f\x8b": "gzip data",
    b"\x28\xb5\x2f\xfd": "zstd data",
    b"BZh": "bzip2 data",
    b"\x7fELF": "a program",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"OggS": "an Ogg file",
    b"ID3": "an MP3 file",
    b"wOFF": "a font",
}
GUESSES = frozenset({"too short to guess from", "detected", "last resort"})
"""What decides (`Decoded.decided_by`) where the dump itself says nothing."""

_MARKUP = re.compile(rb"<\s*(?:!doctype|html|head|meta|body|\?xml)", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_GUESSABLE = 200  # bytes; statistics on fewer are worth less than the most common legacy encoding
_SAMPLE = 65536  # bytes that decide whether something is binary


class Decoded(NamedTuple):
    """A decoded dump: the text, the codec that gave it, and what decided for it."""

    text: str
    encoding: str
    decided_by: str


def decode(raw: bytes) -> Decoded:
    """Decode a dump: byte order mark, strict UTF-8, the page's own declaration, UTF-16 by its zeros, then a guess.

    Strict UTF-8 goes before the declaration since text that is valid UTF-8 by accident is next to unknown, while wrong
    declarations are common (https://encoding.spec.whatwg.org trusts the declaration; crawls taught otherwise).

    Raises `BinaryDumpError` for known binary formats or too many control bytes, `UndecodableDumpError` otherwise.

    >>> decode("Zürich".encode("cp1252")).text
    'Zürich'
    """
    for bom, codec in _BOMS:
        if raw.startswith(bom):
            return _strict(raw, codec, "byte order mark")
    for magic, name in _MAGIC.items():
        if raw.startswith(magic):
            raise BinaryDumpError(f"the dump is {name}, not text; extract its text first")
    wide = utf16_by_zeros(raw[:_SAMPLE])
    if wide:
        return _strict(raw, wide, "pattern of zero bytes")
    try:
        return Decoded(raw.decode("utf-8"), "utf-8", "strict UTF-8")
    except UnicodeDecodeError:
        _refuse_binary(raw[:_SAMPLE])
    if len(raw) > 64 and _almost_utf8(raw):
        return Decoded(raw.decode("utf-8", "replace"), "utf-8", "UTF-8 with a few broken bytes")
    return _declared_or_guessed(raw)


def _strict(raw: bytes, codec: str, why: str) -> Decoded:
    try:
        return Decoded(raw.decode(codec), codec, why)
    except UnicodeDecodeError as exc:
        raise UndecodableDumpError(f"the {why} says {codec}, but byte {exc.start} does not decode") from exc


def utf16_by_zeros(sample: bytes) -> str | None:
    """UTF-16 without a mark: Western text has a zero in nearly every second byte."""
    if len(sample) < 8 or len(sample) % 2:
        sample = sample[: len(sample) // 2 * 2]
    half = len(sample) // 2
    if half < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.7 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _refuse_binary(sample: bytes) -> None:
    share = len(_CONTROL.findall(sample)) / max(1, len(sample))
    if share > 0.02:
        raise BinaryDumpError(f"{share:.0%} of the bytes are control codes: this is binary data, not text")


def _almost_utf8(raw: bytes) -> bool:
    """Valid multi-byte sequences far outnumber the broken bytes: a UTF-8 page with a damaged spot."""
    text = raw[: 16 * _SAMPLE].decode("utf-8", "replace")
    broken = text.count("\ufffd")
    wide = sum(1 for ch in text if ch > "\x7f") - broken
    return wide > 10 * broken


def _declared_or_guessed(raw: bytes) -> Decoded:
    from bs4.dammit import UnicodeDammit

    markup = bool(_MARKUP.search(raw[:4096]))
    if not markup and len(raw) < _GUESSABLE:
        raw_text = raw.decode("cp1252", "replace")
        if "\ufffd" not in raw_text:
            return Decoded(raw_text, "cp1252", "too short to guess from")
    dammit = UnicodeDammit(raw, is_html=markup)
    declared = dammit.declared_html_encoding if markup else None
    if dammit.unicode_markup is not None and not dammit.contains_replacement_characters:
        why = "declared in the page" if declared == dammit.original_encoding else "detected"
        return Decoded(dammit.unicode_markup, dammit.original_encoding or "?", why)
    try:
        return Decoded(raw.decode("cp1252"), "cp1252", "last resort")
    except UnicodeDecodeError as exc:
        raise UndecodableDumpError(
            "the bytes are neither UTF-8, UTF-16 nor the encoding the page declares; convert them to UTF-8 first"
        ) from exc
