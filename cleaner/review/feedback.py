"""The corrections that a reader saved in the report: `feedback.jsonl`, a row for each marked piece."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from cleaner.data import categories
from cleaner.errors import InputError
from cleaner.io.files import READ_ERRORS, open_bytes

__all__ = ["KEEP", "REMOVE", "Correction", "read_feedback"]

KEEP, REMOVE = "keep", "remove"


@dataclass(frozen=True, slots=True)
class Correction:
    """One piece that was wrongly removed (`verdict` "keep") or wrongly kept ("remove").

    `part` tells that the text is a part of its line, not the whole; `before` and `after` are the kept text around it.
    `evidence` is why it was removed, `path` its place in the HTML tree; both "" where they are not known.
    """

    id: str
    text: str
    verdict: str
    site: str = ""
    language: str = ""
    source_format: str = ""
    category: str = "boilerplate"
    before: str = ""
    after: str = ""
    evidence: str = ""
    path: str = ""
    part: bool = False


def read_feedback(paths: Sequence[str]) -> list[Correction]:
    """The corrections of all files, each once; where two contradict each other the later one counts.

    Raises `InputError` that names the file and the line of a row that is none.
    """
    found: dict[tuple[str, str], Correction] = {}
    for path in paths:
        for correction in _read(path):
            key = (correction.id, correction.text)
            found.pop(key, None)
            found[key] = correction
    return list(found.values())


def _read(path: str) -> Iterator[Correction]:
    try:
        with open_bytes(path) as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield _correction(line, f"{path}, line {number}")
    except READ_ERRORS as exc:
        raise InputError(f"{path}: cannot be read ({exc}).") from exc


def _correction(line: bytes, where: str) -> Correction:
    mend = "Save the file from the page that `cleaner report` makes."
    try:
        row: Any = json.loads(line)
    except (ValueError, RecursionError) as exc:
        raise InputError(f"{where}: not JSON ({exc}). {mend}") from exc
    if not isinstance(row, dict):
        raise InputError(f"{where}: not a JSON object. {mend}")
    told = {field.name: row[field.name] for field in fields(Correction) if row.get(field.name) is not None}
    wrong = [name for name, value in told.items() if not isinstance(value, bool if name == "part" else str)]
    lacking = [name for name in ("id", "text", "verdict") if not told.get(name)]
    if wrong or lacking:
        name = (wrong or lacking)[0]
        raise InputError(f"{where}: {name} is {'of the wrong type' if wrong else 'missing'}. {mend}")
    if told["verdict"] not in (KEEP, REMOVE):
        raise InputError(f"{where}: verdict {told['verdict']!r} is neither {KEEP!r} nor {REMOVE!r}.")
    correction = Correction(**told)
    if correction.category not in categories():
        raise InputError(f"{where}: unknown category {correction.category!r}; `cleaner categories` lists them.")
    return correction
