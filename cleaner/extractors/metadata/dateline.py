"""The visible dates: of `<time>`, of elements with the class of a date, of lines near the headline."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, NamedTuple

from cleaner.data import metadata_tables
from cleaner.extractors.metadata.runs import Run, runs_after, runs_before, runs_in
from cleaner.extractors.metadata.scan import Scan, Spot
from cleaner.extractors.metadata.visible import Headline, is_outside, near
from cleaner.model import Claim
from cleaner.text.dates import find_date
from cleaner.text.lexicon import openings, words_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["labelled_dates", "search_date", "visible_dates"]

_BEFORE, _AFTER = 40, 90  # elements around the headline in which its dates stand
_LONGEST = 160  # characters of an element that is a date and its labels
_WORDS = 16  # words of a line that is a date and its labels
_MOST = 60  # places that are looked at
_FARTHEST = 6000  # elements of a page in which a labelled date is looked for
_LABEL = 30  # characters of a label in an element of its own
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SHORT_YEAR = re.compile(r"(?<![\d.:])(\d\d?)(\.\d\d?\.)(\d\d)(?![\d.:])")  # 23.09.22, in an element marked as a date


class _Day(NamedTuple):
    """A date as it stands there, how it was found, how far from the headline, and whether it is one of change."""

    source: str
    distance: int
    text: str
    updated: bool


def visible_dates(found: Scan, headline: Headline | None) -> list[Claim]:
    """The nearest date of publication and the nearest of change of each kind, as they are written."""
    at = headline.order if headline else 0
    days: list[_Day] = []
    for spot in near(headline, found.times)[:_MOST]:
        if not is_outside(spot.element, headline, own=False):
            days += _days_of(spot, abs(spot.order - at))
    if headline:
        for run in runs_after(found, at, _AFTER):
            days += _days_in(run, run.distance, headline)
        for run in runs_before(found, at, _BEFORE):
            days += _days_in(run, 2 * (_BEFORE - run.distance), headline)
    claims: dict[tuple[str, bool], Claim] = {}
    for day in sorted(days, key=lambda d: d.distance):
        field = "date_modified" if day.updated else "date"
        claims.setdefault((day.source, day.updated), Claim(field, day.text, day.source))
    return list(claims.values())


def _days_of(spot: Spot, distance: int) -> list[_Day]:
    """The dates of one marked element: of its attribute, else of its text, which may hold both kinds."""
    element = spot.element
    source = "visible time" if spot.why == "time" else "visible mark"
    label = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
    changed = any(word in label for word in metadata_tables()["places"]["changed"])
    for key in ("datetime", "content", "title"):
        stamp = element.get(key)
        if stamp and find_date(stamp[:200]):
            lead = " ".join(run.text for run in runs_in(element)[:4])[:_LONGEST]
            return [_Day(source, distance, stamp[:200], changed or _says_changed(lead) or _says_changed(_lead(spot)))]
    text = " ".join(run.text for run in runs_in(element)[:12])
    if len(text) > _LONGEST:
        return []
    text = _SHORT_YEAR.sub(r"\1\g<2>20\3", text)
    return [
        _Day(source, distance, day, updated or changed or (number == 0 and _says_changed(_lead(spot))))
        for number, (day, updated) in enumerate(_dates_in(text))
    ]


def _lead(spot: Spot) -> str:
    """The text right before an element."""
    before = spot.element.getprevious()
    if before is None:
        parent = spot.element.getparent()
        return (parent.text or "")[-40:] if parent is not None else ""
    return before.tail if (before.tail or "").strip() else " ".join(run.text for run in runs_in(before)[-2:])[-40:]


def _days_in(run: Run, distance: int, headline: Headline) -> list[_Day]:
    if not any(ch.isdigit() for ch in run.text) or len(words_of(run.text)) > _WORDS:
        return []
    days = _dates_in(run.text)
    if not days or is_outside(run.element, headline):
        return []
    return [_Day("visible line", distance, day, updated) for day, updated in days]


def _dates_in(text: str) -> list[tuple[str, bool]]:
    """The dates of a line as they are written, each with whether the words before it speak of a change."""
    out: list[tuple[str, bool]] = []
    start = 0
    while len(out) < 3:
        hit = find_date(text, start)
        if not hit:
            break
        lead = text[start : hit.start]
        changed = _says_changed(lead) if lead.strip(" ,|·") or not out else out[-1][1]
        out.append((text[hit.start : hit.end + 12] if not out else text[hit.start : hit.end], changed))
        start = hit.end
    return out


def _says_changed(text: str) -> bool:
    """Whether the words before a date speak of a change and not of the publication."""
    words = tuple(words_of(text[-80:]))
    last = False
    for at in range(len(words)):
        updated = max(map(len, openings(words[at:], "header", "updated")), default=0)
        published = max(map(len, openings(words[at:], "header", "published")), default=0)
        if updated > published:
            last = True
        elif published and not (published == 1 and last):
            last = False
    return last


def labelled_dates(found: Scan) -> list[Claim]:
    """The first date anywhere on the page that a label such as `Published` calls one of publication, and one of change."""
    claims: dict[str, Claim] = {}
    for order, element in enumerate(found.elements[:_FARTHEST]):
        if len(claims) > 1:
            break
        if not any(part and len(part) < _LONGEST and _YEAR.search(part) for part in (element.text, element.tail)):
            continue
        before = ""
        for run in runs_after(found, max(-1, order - 4), 4):
            lead, before = before, run.text
            if not _YEAR.search(run.text) or len(words_of(run.text)) > _WORDS:
                continue
            text = f"{lead} {run.text}" if len(lead) < _LABEL and not _is_label(run.text) else run.text
            for day, updated in _dates_in(text)[:1] if _is_label(text) else ():
                field = "date_modified" if updated else "date"
                claims.setdefault(field, Claim(field, day, "visible labelled"))
    return list(claims.values())


def _is_label(text: str) -> bool:
    """Whether a line begins with a label of a date."""
    words = tuple(words_of(text[:60]))
    return bool(openings(words, "header", "published") or openings(words, "header", "updated"))


def search_date(tree: HtmlElement, url: str | None) -> list[Claim]:
    """The date that htmldate's search of the whole page finds: slow, for pages on which all quick sources are silent."""
    try:
        from htmldate import find_date as find_anywhere
    except ImportError:  # comes with trafilatura
        return []
    with contextlib.suppress(ValueError, TypeError, OverflowError, RecursionError):
        day = find_anywhere(tree, url=url, original_date=True, extensive_search=True, min_date="1990-01-01")
        return [Claim("date", day, "htmldate")] if day else []
    return []
