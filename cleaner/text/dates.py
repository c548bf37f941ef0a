"""Dates as pages print them, in the languages of the phrase files and a dozen more, to ISO 8601."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple, TypeAlias

from cleaner.data import metadata_tables, month_names, phrase_tables
from cleaner.text.normalize import fold

__all__ = ["FoundDate", "find_date", "iso_date", "readings"]

_Y = r"((?:19|20)\d\d)"
_YEAR = re.compile(r"(?:19|20)\d\d")
_REACH = 160  # characters; no date is longer, and none has its year farther behind its beginning
_WORD = r"([^\W\d_]{3,14})"
_ISO = re.compile(
    rf"(?<!\d){_Y}-(\d\d)-(\d\d)(?:[t ]{{1,2}}(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{{1,9}})?)?\s?(z|utc|gmt|[+-]\d\d:?\d\d)?)?(?!\d)"
)
_NUMERIC = re.compile(rf"(?<![\d.])(\d{{1,2}})([./-])\s?(\d{{1,2}})\2\s?{_Y}(?!\d)")
_YEAR_FIRST = re.compile(rf"(?<!\d){_Y}([./-])\s?(\d{{1,2}})\2\s?(\d{{1,2}})(?!\d)")
_CHARACTERS = re.compile(rf"(?<!\d){_Y}\s?[年년]\s?(\d{{1,2}})\s?[月월]\s?(\d{{1,2}})\s?[日일]?")
_DAY = r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|°|\.)?"
_DAY_FIRST = re.compile(
    rf"{_DAY}(?:\s{{1,4}}(?:de|di|of)(?=\s)|\s{{1,4}}d')?\s{{0,4}}[-/]?\s{{0,4}}{_WORD}\.?,?\s{{0,4}}[-/]?\s{{0,4}}(?:(?:de|del)\s{{1,4}})?{_Y}(?!\d)"
)
_MONTH_FIRST = re.compile(rf"(?<![^\W\d_]){_WORD}\.?\s{{1,4}}(\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,4}}{_Y}(?!\d)")
_YEAR_MONTH = re.compile(rf"(?<!\d){_Y}[.,]?\s{{1,4}}{_WORD}\.?\s{{1,4}}(\d{{1,2}})(?!\d)")
_STAMP = re.compile(r"(1\d{9})(?:\d{3})?$")
_COMPACT = re.compile(rf"{_Y}(\d\d)(\d\d)(?:t?(\d\d)(\d\d)(\d\d)?z?)?$")


_Reader: TypeAlias = Callable[[re.Match[str], bool], str | None]


class FoundDate(NamedTuple):
    """A date in a text: ISO 8601 (with time and zone where they stand right there) and the characters it covers."""

    iso: str
    start: int
    end: int


@cache
def _months() -> dict[str, int]:
    lists = [*month_names().values(), *(table["months"] for table in phrase_tables().values())]
    return {fold(name): i for months in lists for i, names in enumerate(months, 1) for name in names}


@cache
def _clock() -> re.Pattern[str]:
    """A time of the day right behind a date, with the word between the two in any language."""
    at = "|".join(map(re.escape, metadata_tables()["words"]["at"]))
    return re.compile(
        rf"[\s,|@·–-]{{0,4}}(?:(?:{at})\s{{0,3}})?(\d{{1,2}})[:.h](\d\d)(?::(\d\d))?\s{{0,3}}([ap]\.?m\b)?",
        re.IGNORECASE,
    )


def find_date(text: str, start: int = 0, *, day_first: bool = True) -> FoundDate | None:
    """The first date of a text at or after `start`. `day_first` settles 03/04/2025 where both readings are possible.

    >>> find_date("3 december 2024").iso
    '2024-12-03'
    >>> find_date("Updated 3 de enero de 2025")
    FoundDate(iso='2025-01-03', start=8, end=26)
    >>> find_date("Feb. 6th, 2025 at noon").iso, find_date("2024年4月24日").iso, find_date("5 марта 2020 г.").iso
    ('2025-02-06', '2024-04-24', '2020-03-05')
    """
    year = _YEAR.search(text, start)
    if not year:
        return None
    folded, best = fold(text), None
    first, last = max(start, year.start() - _REACH), len(text)
    for pattern, read in _READERS:
        hit = next(_hits(folded, first, last, pattern, read, day_first), None)
        if hit and (best is None or (hit.start, -hit.end) < (best.start, -best.end)):
            best, last = hit, min(last, hit.start + _REACH)
    return best


def _hits(
    text: str, start: int, end: int, pattern: re.Pattern[str], read: _Reader, day_first: bool
) -> Iterator[FoundDate]:
    for match in pattern.finditer(text, start, end):
        iso = read(match, day_first)
        if iso:
            yield FoundDate(iso, match.start(), match.end())


@lru_cache(maxsize=1024)
def iso_date(value: str, *, day_first: bool = True) -> str | None:
    """A metadata value as ISO 8601: kept with its time where it has one; None where no date can be read.

    >>> iso_date("2025-02-06T10:30:00Z"), iso_date("6. Februar 2025, 17:05"), iso_date("soon")
    ('2025-02-06T10:30:00Z', '2025-02-06T17:05:00', None)
    >>> iso_date("1700000000"), iso_date("20240305")
    ('2023-11-14T22:13:20Z', '2024-03-05')
    """
    value = value[:300].strip()
    if value.isdigit() or _COMPACT.match(value.lower()):
        return _from_digits(value.lower())
    plain = _ISO.match(value.lower())
    if plain:
        return _read_iso(plain, day_first)
    found = find_date(value, day_first=day_first)
    if not found or "T" in found.iso:
        return found.iso if found else None
    clock = _clock().match(value, found.end)
    return found.iso + _time(clock) if clock else found.iso


def readings(value: str) -> tuple[str, ...]:
    """The days that a value may mean: two where day and month could be either way round.

    >>> readings("03/04/2025"), readings("2025-04-03")
    (('2025-04-03', '2025-03-04'), ('2025-04-03',))
    """
    both = [iso_date(value, day_first=order) for order in (True, False)]
    return tuple(dict.fromkeys(iso for iso in both if iso))


def _time(clock: re.Match[str]) -> str:
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if clock[4]:
        hour = hour % 12 + (12 if clock[4][0] in "pP" else 0)
    return f"T{hour:02}:{minute:02}:{second:02}" if hour < 24 and minute < 60 and second < 60 else ""


def _from_digits(value: str) -> str | None:
    """A Unix time stamp in seconds or milliseconds, or `20240305` with or without a time."""
    stamp = _STAMP.match(value)
    if stamp:
        moment = datetime.datetime.fromtimestamp(int(stamp[1]), datetime.UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    compact = _COMPACT.match(value)
    day = _valid(int(compact[1]), int(compact[2]), int(compact[3])) if compact else None
    if day and compact and compact[4] and int(compact[4]) < 24 and int(compact[5]) < 60:
        return f"{day}T{compact[4]}:{compact[5]}:{compact[6] or '00'}" + ("Z" if value.endswith("z") else "")
    return day


def _read_numeric(match: re.Match[str], day_first: bool) -> str | None:
    year, day, month = int(match[4]), int(match[1]), int(match[3])
    american = match[2] in "/-" and not day_first
    if month > 12 or (american and day <= 12):
        day, month = month, day
    return _valid(year, month, day)


def _read_iso(match: re.Match[str], day_first: bool) -> str | None:
    day = _valid(int(match[1]), int(match[2]), int(match[3]))
    if not day or match[4] is None or int(match[4]) > 23 or int(match[5]) > 59 or int(match[6] or 0) > 59:
        return day
    zone = (match[7] or "").upper().replace("UTC", "Z").replace("GMT", "Z")
    if len(zone) == 5:
        zone = zone[:3] + ":" + zone[3:]
    return f"{day}T{match[4]}:{match[5]}:{match[6] or '00'}{zone}"


def _valid(year: int, month: int | None, day: int) -> str | None:
    try:
        return datetime.date(year, month or 0, day).isoformat()
    except ValueError:
        return None


def _month(name: str) -> int | None:
    return _months().get(name)


_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (_DAY_FIRST, lambda m, _: _valid(int(m[3]), _month(m[2]), int(m[1]))),
    (_MONTH_FIRST, lambda m, _: _valid(int(m[3]), _month(m[1]), int(m[2]))),
    (_NUMERIC, _read_numeric),
    (_YEAR_FIRST, lambda m, _: _valid(int(m[1]), int(m[3]), int(m[4]))),
    (_CHARACTERS, lambda m, _: _valid(int(m[1]), int(m[2]), int(m[3]))),
    (_YEAR_MONTH, lambda m, _: _valid(int(m[1]), _month(m[2]), int(m[3]))),
    (_ISO, _read_iso),
)
