"""The columns of a row, as formats need them that must know all columns beforehand: CSV, Parquet, Arrow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from cleaner.io.jsons import to_json
from cleaner.model import mend_surrogates

__all__ = ["COLUMNS", "EXTRA", "Kind", "to_columns"]

Kind = Literal["text", "texts", "whole", "number", "truth", "removals", "json"]

COLUMNS: dict[str, Kind] = {
    "id": "text",
    "url": "text",
    "title": "text",
    "authors": "texts",
    "date": "text",
    "date_modified": "text",
    "site_name": "text",
    "language": "text",
    "description": "text",
    "tags": "texts",
    "image": "text",
    "license": "text",
    "section": "text",
    "paywalled": "truth",
    "word_count": "whole",
    "reading_minutes": "whole",
    "metadata_sources": "json",
    "body": "text",
    "body_markdown": "text",
    "confidence": "number",
    "source_format": "text",
    "fixes": "json",
    "widgets": "json",
    "removed": "removals",
}
"""Column → what it holds; `json` columns are JSON in a string. They are the same for every input."""

EXTRA = "extra"
"""The column for all others: an object of JSON in a string, or null."""


def to_columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with exactly the columns of `COLUMNS`, None where it has nothing, and `EXTRA`.

    >>> told = to_columns({"id": "a", "fixes": {"spaces": 2}, "kind": "news"})
    >>> told["id"], told["fixes"], told["title"], told["extra"]
    ('a', '{"spaces": 2}', None, '{"kind": "news"}')
    """
    told = {name: _value(row.get(name), kind) for name, kind in COLUMNS.items()}
    extra = {name: value for name, value in row.items() if name not in COLUMNS}
    told[EXTRA] = mend_surrogates(to_json(extra)) if extra else None
    return told


def _value(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind == "json":
        return mend_surrogates(to_json(value))
    return _mended(value)


def _mended(value: Any) -> Any:
    """A value whose strings UTF-8 can hold."""
    if isinstance(value, str):
        return mend_surrogates(value)
    if isinstance(value, Mapping):
        return {key: _mended(item) for key, item in value.items()}
    return [_mended(item) for item in value] if isinstance(value, (list, tuple)) else value
