"""A dump → `Sketch`: its lines in few bytes, under a name that is the same for the same article.

A site's knowledge is kept as sketches of its articles and not as counts, so that the same article in two crawls is one,
and what was learned from two halves of a corpus is what the whole would have taught.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import NamedTuple

from cleaner.arguments import Raw
from cleaner.data import thresholds
from cleaner.errors import DumpError, InputError
from cleaner.extractors.plain import extract_text
from cleaner.pipeline import open_dump
from cleaner.settings import Settings
from cleaner.text.fingerprint import LONG, digest, fingerprint
from cleaner.text.normalize import tidy

__all__ = ["Place", "Sketch", "lines_of", "sketch_dump"]

_FIELD, _ROW, _GAP = "\x1f", "\n", "\x1e"  # `tidy` leaves none of them in a line
_PATH = 1000  # characters of a place in the tree
_LARGEST = 4_000_000  # bytes of a sketch, unpacked


class Place(NamedTuple):
    """One line of a sketch: how it reads, its fingerprint, and its place in the HTML tree ("" in text).

    `gap` tells that lines before it were left out.
    """

    text: str
    key: str
    path: str
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Sketch:
    """An article of a site. `key` is a digest of its folded lines, equal for equal articles."""

    key: int
    packed: bytes


def sketch_dump(raw: Raw, source_format: str, settings: Settings) -> Sketch | None:
    """The sketch of a dump; None for one that cannot be read, which will be rejected in its turn."""
    try:
        text, html, _ = open_dump(raw, source_format, settings)
        rows = _html_rows(text) if html else [(text[b.start : b.end], "") for b in extract_text(text).blocks]
    except DumpError:
        return None
    tidied = [(tidy(line), tidy(path)) for line, path in rows]
    tidied = [row for row in tidied if row[0]]
    if not tidied:
        return None
    kept = _ROW.join(_write(tidied))
    return Sketch(
        digest(_ROW.join(fingerprint(line) for line, _ in tidied)), zlib.compress(kept.encode("utf-8", "replace"), 6)
    )


def _html_rows(text: str) -> list[tuple[str, str]]:
    from cleaner.extractors.html import parse_html  # heavy imports only where there is HTML

    page = parse_html(text).page
    return [(page.text[b.start : b.end], b.path or "") for b in page.blocks]


def _write(rows: list[tuple[str, str]]) -> list[str]:
    """The lines that a sketch keeps: those at both ends, and between them those with the smallest digests.

    The choice by digest keeps a line that stands in the middle of many long articles in all of them or in none.
    """
    level = thresholds()["sites"]
    ends, most = int(level["end_lines"]), int(level["middle_lines"])
    chosen = set(range(len(rows)))
    if len(rows) > 2 * ends + most:
        middle = sorted(range(ends, len(rows) - ends), key=lambda i: (digest(fingerprint(rows[i][0])), i))
        chosen = {*range(ends), *range(len(rows) - ends, len(rows)), *middle[:most]}
    out, last = [], -1
    for i in sorted(chosen):
        line, path = rows[i]
        cut = (line[:LONG], path[:_PATH], fingerprint(line)) if len(line) > LONG else (line, path[:_PATH])
        out.append((_GAP if i > last + 1 else "") + _FIELD.join(cut))
        last = i
    return out


def lines_of(sketch: Sketch) -> list[Place]:
    """The lines of a sketch, in their order.

    Raises `InputError` for one that is damaged, or that unpacks to more than a sketch can hold.
    """
    unpacking = zlib.decompressobj()
    try:
        rows = unpacking.decompress(sketch.packed, _LARGEST).decode("utf-8").split(_ROW)
        fields = [row.split(_FIELD) for row in rows]
        if unpacking.unconsumed_tail or any(not 2 <= len(row) <= 3 for row in fields):
            raise ValueError("too much, or without its fields")
    except (zlib.error, ValueError) as exc:
        raise InputError(f"an article among the templates is damaged ({exc}); learn them again") from exc
    out = []
    for text, path, *key in fields:
        gap = text.startswith(_GAP)
        text = text.removeprefix(_GAP)
        out.append(Place(text, key[0] if key else fingerprint(text), path, gap))
    return out
