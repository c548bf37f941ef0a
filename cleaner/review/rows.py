"""The rows that a run wrote, read again, one at a time: from a file of rows or a folder of articles."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaner.errors import InputError
from cleaner.io.columns import COLUMNS, EXTRA
from cleaner.io.files import is_folder, open_bytes
from cleaner.io.find import find_sources
from cleaner.io.places import plan_output
from cleaner.io.readers import READERS, Dump, Fault, Keys, Source, read_source
from cleaner.model import Removal
from cleaner.templates.keys import site_of

__all__ = ["Row", "read_account", "read_rejects", "read_rows", "row_of"]

_ACCOUNT = "run.json"
_KEYS = Keys(text="body", id="id")


@dataclass(frozen=True, slots=True)
class Row:
    """One article as a run wrote it. `removed` is None where the run did not write the removed pieces.

    `site` and `language` are "" where nothing tells them; `columns` are all columns but `id`, `body` and `removed`.
    """

    id: str
    body: str
    site: str
    removed: tuple[Removal, ...] | None
    columns: Mapping[str, Any]

    @property
    def language(self) -> str:
        return str(self.columns.get("language") or "")

    @property
    def confidence(self) -> float:
        value = self.columns.get("confidence")
        return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else 1.0

    def text(self, name: str) -> str:
        """A column as text, "" where it is missing or null."""
        value = self.columns.get(name)
        return "" if value is None else str(value)


def read_rows(out: str) -> Iterator[Row]:
    """The rows of OUT: a file as `cleaner run` writes it, or a folder of articles.

    Raises `InputError` for a place that cannot be read, and for a row that is none of a run's.
    """
    for source in _sources(out):
        for record in _records(source):
            if isinstance(record, Fault):
                raise InputError(f"{_why(record, source)} Give the OUT of a `cleaner run`.")
            yield row_of(record)


def _why(fault: Fault, source: Source) -> str:
    """What is wrong with a row, as a sentence; the column is not one that a person could name otherwise here."""
    if fault.reason == "no_text_column":
        return f"{source.path}, {fault.id}: has no column `body`, as every row of a run has."
    return fault.detail.rstrip(".") + "."


def row_of(record: Dump) -> Row:
    """A row from its columns. Raises `InputError` for removed pieces that are not those of a run."""
    columns = {name: _typed(name, value) for name, value in record.extra.items()}
    if isinstance(columns.get(EXTRA), str) and isinstance(more := _parsed(columns[EXTRA]), dict):
        del columns[EXTRA]
        columns = {**more, **columns}
    pieces = columns.pop("removed", None)
    body = record.raw if isinstance(record.raw, str) else record.raw.decode("utf-8", "replace")
    site = site_of(Dump(record.id, "", record.url, extra=columns)) or ""
    return Row(record.id, body, site, _removals(pieces, record.id, len(body)), columns)


def _typed(name: str, value: Any) -> Any:
    """The value of a column of ours as it was before a format that has only strings, or none within others, took it."""
    kind = COLUMNS.get(name)
    if kind is None or not isinstance(value, str):
        return value
    if not value:
        return None
    return value if kind == "text" else _parsed(value)


def _parsed(value: Any) -> Any:
    """What a string of JSON says, also of the `True` of a table; any other value as it is."""
    try:
        return json.loads(value.lower() if value in ("True", "False") else value)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return value


def _removals(pieces: Any, ident: str, size: int) -> tuple[Removal, ...] | None:
    """Removed pieces in the order of their places, which never lie beyond the body."""
    if pieces is None:
        return None
    try:
        found = [_removal(piece, size) for piece in pieces]
    except (TypeError, KeyError, ValueError, AttributeError) as exc:
        raise InputError(f"{ident}: its column `removed` does not hold the removed pieces of a run ({exc!r})") from exc
    return tuple(sorted(found, key=lambda removal: (removal.start, removal.at)))


def _removal(piece: Mapping[str, Any], size: int) -> Removal:
    path = piece.get("path")
    texts = (str(piece["text"]), str(piece["category"]), str(piece["evidence"]))
    at = min(max(0, int(piece.get("at", size))), size)  # without places all stands at the end
    if not math.isfinite(float(piece["score"])):
        raise ValueError("a score is no number")
    score, start, end = float(piece["score"]), int(piece["start"]), int(piece["end"])
    return Removal(*texts, score, start, end, None if path is None else str(path), at)


def _sources(out: str) -> Iterator[Source]:
    if not is_folder(out):
        yield from find_sources([out]).sources
        return
    articles = sorted(path for path in Path(out).glob("*.json") if path.name != _ACCOUNT)
    if articles:
        yield from (Source(str(path), ".json", path.stem) for path in articles)
        return
    found = [s for s in find_sources([out]).sources if not Path(s.path).name.startswith("rejects.")]
    yield from (s for s in found if s.suffix not in (".txt", ".md"))


def _records(source: Source) -> Iterator[Dump | Fault]:
    if source.suffix != ".json":
        if not READERS[source.suffix].many:  # a text, or rows in a format that cannot be read
            raise InputError(
                f"{source.path}: holds no rows that can be read; give the OUT of a `cleaner run`, such as .jsonl"
            )
        yield from read_source(source, _KEYS)
        return
    try:
        row = json.loads(Path(source.path).read_bytes())
        extra = {name: value for name, value in row.items() if name not in ("id", "body")}
        url = row.get("url")
        yield Dump(str(row["id"]), str(row["body"]), url if isinstance(url, str) else None, extra=extra)
    except (OSError, ValueError, KeyError, AttributeError) as exc:
        yield Fault(source.name, "bad_json", f"{source.path}: not an article of a run ({exc!r}).")


def read_rejects(out: str) -> Iterator[Mapping[str, str]]:
    """The rejects that stand beside OUT: `id`, `reason`, `detail`; none where there is no such file."""
    place = plan_output(out).rejects
    if place is None or not Path(place).is_file():
        return
    with open_bytes(place) as stream:
        for line in stream:
            try:
                row = json.loads(line)
                yield {name: str(row.get(name, "")) for name in ("id", "reason", "detail")}
            except (ValueError, AttributeError) as exc:
                raise InputError(f"{place}: not the rejects of a run ({exc})") from exc


def read_account(out: str) -> Mapping[str, Any]:
    """The account that a run left beside OUT, `run.json` in a folder; empty where there is none."""
    try:
        account = json.loads(Path(plan_output(out).run_file).read_bytes())
    except (OSError, ValueError):
        return {}
    return account if isinstance(account, dict) else {}
