"""Outputs that are text, a row after the other: JSON lines, CSV and TSV, Dolma documents, plain text, Markdown."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from cleaner.io.columns import COLUMNS, EXTRA, to_columns
from cleaner.io.compress import outer_suffix, packer
from cleaner.io.files import Sink, open_bytes, open_raw
from cleaner.io.jsons import to_json
from cleaner.io.layouts import Layout, Write, Writer
from cleaner.io.records import Limits
from cleaner.text.inert import inert

__all__ = ["CSV", "DOLMA", "JSON_LINES", "MARKDOWN", "PLAIN", "TSV", "to_page"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BLOCK = 1 << 20
_OURS = Limits(ratio=1 << 60)  # what we have packed ourselves is no bomb


def _text_writer(line: Callable[[Mapping[str, Any], Layout], str], head: str = "") -> Writer:
    """A writer that turns each row into text; `head` stands once, before all rows."""

    @contextmanager
    def write(path: str, layout: Layout, part: bool = False) -> Iterator[Write]:
        with Sink(path) as sink:
            if head and not part:
                sink.write(head)
            yield lambda row: sink.write(line(row, layout))

    def join(parts: Sequence[str], out: str, layout: Layout) -> None:
        suffix = outer_suffix(out)
        alike = all(outer_suffix(part) == suffix for part in parts)
        with Sink(out, pack=not alike) as sink:
            if head or not parts:
                sink.put(_packed(head, suffix) if alike else head.encode())
            for part in parts:  # packed parts one after the other are one packed file
                with open_raw(part) if alike else open_bytes(part, _OURS) as stream:
                    while block := stream.read(_BLOCK):
                        sink.put(block)

    return Writer(write, join)


def _packed(text: str, suffix: str) -> bytes:
    held = io.BytesIO()
    with packer(held, suffix) as stream:
        stream.write(text.encode())
    return held.getvalue()


def _json_line(row: Mapping[str, Any], layout: Layout) -> str:
    return to_json(row) + "\n"


def _separated(delimiter: str) -> Writer:
    def line(cells: Sequence[str]) -> str:
        held = io.StringIO(newline="")
        csv.writer(held, delimiter=delimiter).writerow(cells)
        return held.getvalue()

    return _text_writer(
        lambda row, _: line([_cell(value) for value in to_columns(row).values()]), line([*COLUMNS, EXTRA])
    )


def _cell(value: Any) -> str:
    """A cell as text. What a spreadsheet would take for a formula gets a quotation mark before it
    (https://owasp.org/www-community/attacks/CSV_Injection).

    >>> _cell("=1+1"), _cell(-1), _cell(None), _cell(["a"])
    ("'=1+1", '-1', '', '["a"]')
    """
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return "" if value is None else to_json(value)


def _dolma(row: Mapping[str, Any], layout: Layout) -> str:
    """A row as a Dolma document (https://github.com/allenai/dolma/blob/main/docs/data-format.md).

    `attributes` has the spans of what was removed, by category, as `[start, end, score]`. They count characters of the
    source text, as `removed` does, not of `text`, from which those spans are gone.
    """
    source = row.get("source")
    told: dict[str, Any] = {
        "id": row["id"],
        "text": row["body"],
        "source": source if isinstance(source, str) and source else layout.source,
    }
    if row.get("date"):
        told["created"] = row["date"]
    told["metadata"] = {name: value for name, value in row.items() if name not in ("id", "body", "removed")}
    if "removed" in row:
        spans: dict[str, list[list[Any]]] = {}
        for piece in row["removed"]:
            key = f"cleaner__removed_from_source__{piece['category']}"
            spans.setdefault(key, []).append([piece["start"], piece["end"], piece["score"]])
        told["attributes"] = spans
    return to_json(told) + "\n"


def _plain(row: Mapping[str, Any], layout: Layout) -> str:
    """A body, and a form feed on a line of its own to end it."""
    return str(row["body"]).replace("\f", "\n") + "\n\f\n"


def to_page(row: Mapping[str, Any]) -> str:
    """The body of a row as a Markdown page: with the title above it."""
    body = str(row.get("body_markdown") or inert(str(row["body"])))
    if row.get("title") and not body.startswith("# "):
        body = f"# {inert(str(row['title']))}\n\n{body}"
    return body + "\n"


JSON_LINES = _text_writer(_json_line)
CSV = _separated(",")
TSV = _separated("\t")
DOLMA = _text_writer(_dolma)
PLAIN = _text_writer(_plain)
MARKDOWN = _text_writer(lambda row, _: to_page(row) + "\n---\n\n")
