"""The sampled documents as the data that the page's script shows, in a form that no HTML parser can misread."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from cleaner.data import categories
from cleaner.model import mend_surrogates
from cleaner.report.collect import Summary
from cleaner.review.pieces import Line, lines_of
from cleaner.review.rows import Row

__all__ = ["data_of", "embedded"]

_BODY, _PIECE, _PIECES = 60_000, 10_000, 3_000  # characters of a body, of a piece, and pieces that are shown
_FIELDS = (
    *("title", "authors", "date", "date_modified", "site_name", "url", "language", "description", "tags", "section"),
    *("license", "paywalled"),
)


def data_of(summary: Summary) -> dict[str, Any]:
    """What the script needs: the categories, the documents, and which of them are worth a look."""
    numbers = {number: at for at, number in enumerate(summary.sample)}
    return {
        "categories": list(categories()),
        "documents": [_document(row) for row in summary.sample.values()],
        "worth": [[name, [numbers[n] for n in found]] for name, found in summary.worth.items()],
        "hasRemoved": summary.has_removed,
    }


def _document(row: Row) -> dict[str, Any]:
    removed = row.removed or ()
    pieces = [piece for piece in removed[:_PIECES] if piece.at <= _BODY]
    gone = sum(len(piece.text) for piece in removed)
    whole = len(row.body) <= _BODY and len(pieces) == len(removed) and all(len(p.text) <= _PIECE for p in removed)
    return {
        "id": row.id,
        "site": row.site,
        "language": row.language,
        "format": row.text("source_format"),
        "confidence": row.confidence,
        "share": round(gone / max(1, gone + len(row.body)), 4),
        "gone": gone,
        "words": len(row.body.split()),
        "meta": _meta(row),
        "link": _link(row.text("url")),
        "lines": [_line(line) for line in lines_of(row.body[:_BODY], pieces)],
        "whole": whole,
    }


def _meta(row: Row) -> list[list[str]]:
    sources = row.columns.get("metadata_sources")
    told: Mapping[str, Any] = sources if isinstance(sources, dict) else {}
    found = [(name, row.columns.get(name)) for name in _FIELDS]
    return [[name, _plain(value), str(told.get(name, ""))] for name, value in found if value not in (None, "", [])]


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _link(url: str) -> str:
    """An address that may be a link: only of the web, never a script.

    >>> _link("https://example.org/a"), _link("javascript:alert(1)")
    ('https://example.org/a', '')
    """
    try:
        return url if urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _line(line: Line) -> list[Any]:
    """The segments of a line: a string for kept text; for a removed piece a list, whose last word is whether it is cut."""
    shown: list[Any] = []
    for segment in line.segments:
        piece = segment.removal
        if piece is None:
            shown.append(segment.text)
            continue
        why = (piece.category, piece.evidence, piece.score, piece.path or "")
        shown.append([piece.text[:_PIECE], *why, len(piece.text) > _PIECE])
    return shown


def embedded(data: Mapping[str, Any]) -> str:
    """JSON that can stand in a script element: with no `<` and no `&` in it, nothing can end the element.

    >>> embedded({"a": "</script>"})
    '{"a":"\\\\u003c/script>"}'
    """
    text = mend_surrogates(json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False))
    for sign in "<&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
