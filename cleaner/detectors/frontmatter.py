"""The labelled fields above a text: `Title: …` lines, YAML between dashes, a JSON object, `[date] source - headline`."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from cleaner.data import metadata_tables
from cleaner.detectors.reading import Findings, Line, Reading
from cleaner.model import Claim, Verdict
from cleaner.text.dates import find_date
from cleaner.text.lexicon import words_of
from cleaner.text.people import clean_people

__all__ = ["detect_frontmatter"]

_MOST_LINES = 40  # of a block of fields
_LONGEST = 5000  # characters of an object
_FIELD = re.compile(r"\s*[\"']?(?P<label>[^\W\d_][\w .-]{0,30}?)[\"']?\s*[:=]\s*(?P<value>.*)", re.DOTALL)
_FENCE = re.compile(r"(?:-{3,}|\+{3,}|={3,})\s*")
_STAMPED = re.compile(
    r"\[(?P<date>[^\[\]]{6,40})\]\s?(?P<site>[^\n]{2,60}?)\s?(?:\s[-–—|]\s|:\s)(?P<title>\S.{5,300})"  # a tidied line
)
_ITEM = re.compile(r"\s*[-*]\s+")
_WORDS = 60  # of a field; more are a paragraph
_LEAST = 2  # labelled lines that are no accident
_TELLING = frozenset(["title", "authors", "date"])  # one of these must be among them


def detect_frontmatter(reading: Reading, taken: Sequence[Verdict]) -> Findings:
    """Verdicts on the fields at the very top of a text, and what they claim."""
    if not reading.top or not reading.lines:
        return Findings()
    lines = reading.lines[:_MOST_LINES]
    for read in (_fenced, _object, _labelled, _stamped):
        size, rows = read(lines)
        if size and not any(v.start < lines[size - 1].end for v in taken):
            verdicts = [Verdict(ln.start, ln.end, "metadata", "header:front matter", 0.95) for ln in lines[:size]]
            return Findings(verdicts, (), [c for name, value in rows for c in _claims(name, value)])
    return Findings()


_Rows = list[tuple[str, Any]]  # field of the metadata ("" for one that we do not keep) → its value


def _fenced(lines: Sequence[Line]) -> tuple[int, _Rows]:
    """YAML (or TOML) between two lines of dashes."""
    if not _FENCE.fullmatch(lines[0].text):
        return 0, []
    end = next((i for i, ln in enumerate(lines) if i and _FENCE.fullmatch(ln.text)), 0)
    rows: _Rows = []
    for line in lines[1:end]:
        row = _field(line.text)
        if row:
            rows.append(row)
        elif rows and (item := _ITEM.match(line.text)):  # an item of a list that began in the line above
            rows[-1] = (rows[-1][0], [*(rows[-1][1] or []), line.text[item.end() :]])
        else:
            return 0, []
    return (end + 1, rows) if _tells(rows) else (0, [])


def _object(lines: Sequence[Line]) -> tuple[int, _Rows]:
    """A JSON object, or what Python prints of one, on one line or several."""
    if not lines[0].text.startswith("{"):
        return 0, []
    text = ""
    for size, line in enumerate(lines, 1):
        text += line.text + "\n"
        if len(text) > _LONGEST:
            break
        if line.text.rstrip().endswith("}"):
            table = _parsed(text)
            rows = [(_known_labels().get(_key(str(k)), "body"), v) for k, v in (table or {}).items()]
            if rows and all(name != "body" or not isinstance(v, str) or len(v) < 200 for name, v in rows):
                return (size, rows) if _tells(rows) else (0, [])
    return 0, []


def _parsed(text: str) -> Mapping[str, Any] | None:
    for parse in (json.loads, ast.literal_eval):
        try:
            found = parse(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        return found if isinstance(found, dict) else None
    return None


def _labelled(lines: Sequence[Line]) -> tuple[int, _Rows]:
    """Lines such as `Title: …`, `Author: …`, `Published: …`, one after the other."""
    rows: _Rows = []
    for line in lines:
        row = _field(line.text)
        if row is None or not row[1] or len(line.words) > _WORDS or not _is_true(*row):
            break
        rows.append(row)
    return (len(rows), rows) if len(rows) >= _LEAST and _tells(rows) else (0, [])


def _stamped(lines: Sequence[Line]) -> tuple[int, _Rows]:
    """`[2025-03-14] The Courier - The ferry is back`, as feeds and archives print it."""
    match = _STAMPED.fullmatch(lines[0].text)
    day = find_date(match["date"]) if match else None
    if match is None or day is None or len(lines) < _LEAST:
        return 0, []
    return 1, [("date", match["date"]), ("site_name", match["site"]), ("title", match["title"])]


def _is_true(name: str, value: str) -> bool:
    """Whether a value may be one of its field: of a date, that it holds one."""
    return not name.startswith("date") or find_date(value) is not None


def _tells(rows: _Rows) -> bool:
    names = {name for name, value in rows if value}
    return len(rows) >= _LEAST and not names.isdisjoint(_TELLING)


def _field(text: str) -> tuple[str, str] | None:
    """Field and value of `label: value`, where the label is one that we know."""
    match = _FIELD.fullmatch(text)
    name = _known_labels().get(_key(match["label"])) if match else None
    return (name, match["value"].strip()) if match and name is not None else None


def _key(label: str) -> str:
    return " ".join(words_of(label.replace("_", " ").replace("-", " ")))


@cache
def _known_labels() -> dict[str, str]:
    """Folded label → field of the metadata."""
    return {_key(label): name for name, labels in metadata_tables()["front"].items() for label in labels}


def _claims(name: str, value: Any) -> Iterator[Claim]:
    """What one field claims. Objects in objects, and fields that we do not keep, claim nothing."""
    if isinstance(value, str) and value.startswith("[") and value.endswith("]"):
        value = value[1:-1].split(",")
    values = [v.strip(" \"',") for v in (value if isinstance(value, list) else [value]) if isinstance(v, str)]
    values = [v for v in values if v]
    source = "header (front matter)"
    if not values or name in ("", "body", "other"):
        return
    if name == "authors":
        names = clean_people(values)
        if names:
            yield Claim("authors", names, source)
    elif name in ("date", "date_modified"):
        found = find_date(values[0])
        if found:
            yield Claim(name, found.iso, source)
    elif name == "tags":
        yield Claim("tags", tuple(values), source)
    else:
        yield Claim(name, values[0], source)
