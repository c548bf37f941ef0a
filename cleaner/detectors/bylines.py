"""Lines of a header that tell who wrote and when: bylines, dates with their labels, times and counters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from cleaner.model import Claim
from cleaner.text.dates import FoundDate, find_date
from cleaner.text.lexicon import Words, openings, vocabulary, words_of
from cleaner.text.people import clean_people, is_agency

__all__ = ["byline", "date_line", "is_undated", "label_of"]

_PIECES = re.compile(r"[•·|]")
_PLACE = re.compile(r"[A-ZÀ-Þ][\w'’.-]*(?:\s[A-ZÀ-Þ][\w'’.-]*){0,2}\s{0,2}[-–—,/]\s*")  # `Teruel - `
_AROUND = " \t|•·,–—-"  # what may stand between a name and its date
_HOUR = re.compile(r"\b\d{1,2}[:.h]\d\d\b")
_SIGNED_WORDS = 14  # of a line with a name, a date and a section
_BEFORE_DATE = 6  # words of it that stand before the date
_TIMED_WORDS = 10  # of a line such as `Updated yesterday at 18:20`


def label_of(words: Sequence[str], keys: Sequence[str]) -> tuple[str, int]:
    """The longest label of the header vocabulary that words begin with: its key and length in words."""
    best = ("", 0)
    for key in keys:
        longest = max(map(len, openings(tuple(words), "header", key)), default=0)
        if longest > best[1]:
            best = (key, longest)
    return best


def date_line(text: str) -> list[Claim]:
    """Claims of a line that holds nothing but dates, their labels, times, who wrote, the place, and counters.

    >>> [c.value for c in date_line("Teruel - 14 May 2025 - 05:30 CEST")]
    ['2025-05-14']
    >>> [c.value for c in date_line("21-01-2025 • leestijd 2 minuten • 311 keer bekeken")]
    ['2025-01-21']
    """
    place = _PLACE.match(text) if _HOUR.search(text) else None  # without a time it may be how a letter begins
    claims = _dates(text[place.end() :] if place else text) or _dates(text)
    pieces = _PIECES.split(text)
    if not claims and len(pieces) > 1:
        told = [piece for piece in pieces if not _is_counter(tuple(words_of(piece)))]
        text = " | ".join(told)
        claims = _dates(text) if len(told) < len(pieces) else []
    return claims or _signed(text)


def _signed(text: str) -> list[Claim]:
    """Claims of a line that begins with who wrote it, and tells when: `Posted by Ann on 7 July 2025 in Trips`, or with a time
    of day, without which it may be a place, `Ann Baker, 7 July 2025, 10:30`.
    """
    words, found = words_of(text), find_date(text)
    if found is None or len(words) > _SIGNED_WORDS or text.rstrip().endswith((".", "!", "?", ":", ",")):
        return []
    labelled = label_of(words, ("by",))[1] and len(words_of(text[: found.start])) <= _BEFORE_DATE
    names = () if labelled else clean_people([text[: found.start].strip(_AROUND)], strict=True)
    ends = bool(_HOUR.search(text, found.end)) and _ends_header(words_of(text[_after_time(text, found) :]))
    if not (
        labelled or (ends and len(names) == 1 and len(words_of(names[0])) == len(words_of(text[: found.start])) > 1)
    ):
        return []
    by = [Claim("authors", names, "header (byline)")] if names else []
    return [*by, Claim("date", found.iso, "header (date line)")]


def _ends_header(words: Sequence[str]) -> bool:
    """Whether nothing follows a name and its date, or the time of a change: `Last update: 09:47`."""
    _, size = label_of(words, ("published", "updated"))
    return not words or (size > 0 and all(w[0].isdigit() for w in words[size:]))


def _dates(text: str) -> list[Claim]:
    claims: list[Claim] = []
    at = 0
    while at < len(text):
        found = find_date(text, at, day_first=not re.search(r"\b[ap]\.?m\b", text.lower()))
        before = words_of(text[at : found.start] if found else text[at:])
        key, size = label_of(before, ("published", "updated"))
        extra = [w for w in before[size:] if w not in _known_words("weekdays", "fillers") and not w[0].isdigit()]
        if claims and not found and extra and openings(tuple(before), "header", "by"):
            by = byline(text[at:])
            return [*claims, *by] if by else []
        if len(extra) > (0 if found else 2) or (not found and extra and not claims):
            return []
        if extra and not all(w in _known_words("reading") for w in extra):
            return []
        if not found:
            break
        claims.append(Claim("date_modified" if key == "updated" else "date", found.iso, "header (date line)"))
        at = _after_time(text, found)
    return claims


def _is_counter(words: Words) -> bool:
    """`2 min read`, `311 views`: numbers, and words of reading times or of how often a page was seen."""
    known = _known_words("reading", "views")
    return bool(words) and all(w[0].isdigit() or w in known for w in words) and not all(w[0].isdigit() for w in words)


def is_undated(words: Words) -> bool:
    """Whether a line has the label of a date and a time, though no date: `Updated yesterday at 18:20`.

    >>> is_undated(("updated", "yesterday", "at", "18", "20")), is_undated(("updated", "rules"))
    (True, False)
    """
    if len(words) > _TIMED_WORDS:
        return False
    _, size = label_of(words, ("published", "updated"))
    known = _known_words("weekdays", "fillers", "relative", "before_time", "after_time")
    rest = words[size:]
    told = any((w,) in vocabulary("header", "relative") for w in rest)
    timed = any(w[0].isdigit() for w in rest)
    named = (timed or told) if size else (timed and told)
    return named and all(w[0].isdigit() or w in known for w in rest)


@cache
def _known_words(*keys: str) -> frozenset[str]:
    """The single words of some lists of the header vocabulary."""
    return frozenset(word for key in keys for phrase in vocabulary("header", key) for word in phrase)


@cache
def _time() -> re.Pattern[str]:
    """What may follow a date: a time of day with its words and zone."""
    before, after = _spelled("before_time"), _spelled("after_time")
    hour = rf"(?:(?:{before})\s*)?\d{{1,2}}[:.h]\d{{2}}(?::\d{{2}})?\s*(?:(?:{after})(?![^\W\d_]))?"
    twelve = r"\d{1,2}\s*[ap]\.?m\b\.?"
    zone = r"(?:(?-i:[A-Z]{2,4})|gmt|utc)?(?:[+-]\d{1,2}(?::?\d\d)?)?"
    edge = r"[\s,|·•/()–—-]*"
    return re.compile(rf"[\s,|@·•/()–—-]*(?:(?:{hour}|{twelve})\s*\(?{zone}\)?{edge})?", re.IGNORECASE)


def _spelled(key: str) -> str:
    """The phrases of a list as alternatives of a regular expression, with or without full stops."""
    phrases = sorted(vocabulary("header", key), key=lambda p: (-len(" ".join(p)), p))
    return "|".join(r"\.?\s*".join(map(re.escape, phrase)) + r"\.?" for phrase in phrases)


def _after_time(text: str, found: FoundDate) -> int:
    match = _time().match(text, found.end)
    return max(match.end() if match else found.end, found.end)


def byline(text: str) -> list[Claim]:
    """Claims of `By Jane Doe`, `Von Max Muster, 3. Mai 2024`, `By Korin MillerPublished: Jan 29, 2025`."""
    words = words_of(text)
    _, size = label_of(words, ("by",))
    if not size or size == len(words):
        return []
    match = re.match(r"\W*" + r"\W+".join([r"\w+"] * size) + r"\W*", text)
    if not match:
        return []
    rest = text[match.end() :]
    claims: list[Claim] = []
    found = find_date(rest)
    if found:
        head = rest[: found.start]
        label = re.search(r"(?<![^\W\d_])[^\W\d_]+(?:\s+(?:on|am|le|el|il|em|op))?\W*$", head)
        key = label_of(words_of(label[0]), ("published", "updated"))[0] if label else ""
        if label and not key:  # glued, as in `MillerPublished:`
            glued = re.search(r"(?<=[a-zà-ÿ])[A-ZÀ-Þ][^\W\d_]{0,40}\W*$", head)
            key = label_of(words_of(glued[0]), ("published", "updated"))[0] if glued else ""
            label = glued if key else None
        claims.append(Claim("date_modified" if key == "updated" else "date", found.iso, "header (byline)"))
        tail = rest[_after_time(rest, found) :]
        rest = head[: label.start()] if label and key else head
        if len(words_of(tail)) > 8:
            return []
    names = clean_people([rest], strict=not is_agency(rest))
    return [Claim("authors", names, "header (byline)"), *claims] if names else []
