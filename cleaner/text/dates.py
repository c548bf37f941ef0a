"""Dates as pages print them, in the languages of the phrase files, to ISO 8601."""

from __future__ import annotations

import datetime
import re
from functools import cache
from typing import NamedTuple

from cleaner.data import phrase_tables
from cleaner.text.normalize import fold

__all__ = ["FoundDate", "find_date", "iso_date"]

_ISO = re.compile(
    r"(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?:[t ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(z|[+-]\d\d:?\d\d)?)?(?!\d)"
)
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d\d)(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d\d)([./])(\d{1,2})\2(\d{1,2})(?!\d)")


class FoundDate(NamedTuple):
    """A date in a text: ISO 8601 (with time and zone where they stand right there) and the characters it covers."""

    iso: str
    start: int
    end: int


@cache
def _months() -> dict[str, int]:
    return {
        name: i for table in phrase_tables().values() for i, names in enumerate(table["months"], 1) for name in names
    }


@cache
def _written() -> tuple[re.Pattern[str], re.Pattern[str]]:
    names = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    day = r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|°|\.)?"
    year = r"((?:19|20)\d\d)(?!\d)"
    day_first = rf"{day}(?:\s+(?:de|di|d'))?\s*[-/]?\s*({names})\.?,?\s*[-/]?\s*(?:(?:de|del)\s+)?{year}"
    month_first = rf"(?<![^\W\d_])({names})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+{year}"
    return re.compile(day_first), re.compile(month_first)


def find_date(text: str, start: int = 0, *, day_first: bool = True) -> FoundDate | None:
    """The first date of a text at or after `start`. `day_first` settles 03/04/2025 where both readings are possible.

    >>> find_date("Updated 3 de enero de 2025")
    FoundDate(iso='2025-01-03', start=8, end=26)
    >>> find_date("Feb. 6th, 2025 at noon").iso
    '2025-02-06'
    """
    folded = fold(text)
    day_month, month_day = _written()
    found = []
    for pattern, order in ((day_month, "dmy"), (month_day, "mdy"), (_NUMERIC, "d.m.y"), (_YEAR_FIRST, "y.m.d")):
        match = pattern.search(folded, start)
        date = match and _read(match, order, day_first)
        if match and date:
            found.append(FoundDate(date, match.start(), match.end()))
    iso = _ISO.search(folded, start)
    if iso and (stamp := _read_iso(iso)):
        found.append(FoundDate(stamp, iso.start(), iso.end()))
    return min(found, key=lambda f: (f.start, -f.end), default=None)


def iso_date(value: str) -> str | None:
    """A metadata value as ISO 8601: kept with its time where it has one; None where no date can be read.

    >>> iso_date("2025-02-06T10:30:00Z"), iso_date("6. Februar 2025"), iso_date("soon")
    ('2025-02-06T10:30:00Z', '2025-02-06', None)
    """
    found = find_date(value)
    return found.iso if found else None


def _read(match: re.Match[str], order: str, day_first: bool) -> str | None:
    if order == "dmy":
        year, month, day = int(match[3]), _months()[match[2]], int(match[1])
    elif order == "mdy":
        year, month, day = int(match[3]), _months()[match[1]], int(match[2])
    elif order == "y.m.d":
        year, month, day = int(match[1]), int(match[3]), int(match[4])
    else:
        year, day, month = int(match[4]), int(match[1]), int(match[3])
        american = match[2] == "/" and not day_first
        if month > 12 or (american and day <= 12):
            day, month = month, day
    return _valid(year, month, day)


def _read_iso(match: re.Match[str]) -> str | None:
    day = _valid(int(match[1]), int(match[2]), int(match[3]))
    if not day or match[4] is None or int(match[4]) > 23 or int(match[5]) > 59 or int(match[6] or 0) > 59:
        return day
    zone = (match[7] or "").upper()
    if len(zone) == 5:
        zone = zone[:3] + ":" + zone[3:]
    return f"{day}T{match[4]}:{match[5]}:{match[6] or '00'}{zone}"


def _valid(year: int, month: int, day: int) -> str | None:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None
