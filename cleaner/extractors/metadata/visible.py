"""What a reader sees: the headline, and the dates that stand near it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from cleaner.data import metadata_tables
from cleaner.extractors.metadata.scan import Scan, Spot, text_of
from cleaner.model import Claim
from cleaner.text.dates import find_date
from cleaner.text.lexicon import openings, vocabulary, words_of

__all__ = ["Headline", "is_outside", "main_headline", "near", "visible_dates"]

_OUTSIDE = frozenset(["nav", "footer", "aside"])
_ANCESTORS = 12
_BEFORE, _AFTER = 25, 90  # elements around the headline in which its byline and date stand
_LIKE = 0.34  # likeness to a title or to the address from which on a heading is believed
_STAMP = 160  # characters of an element that is a date and its labels
_DATE = 90  # characters of a text that is a date line


class Headline(NamedTuple):
    """The headline of the page: its number in document order and its text."""

    order: int
    text: str
    source: str


@cache
def _never() -> re.Pattern[str]:
    return re.compile("|".join(metadata_tables()["places"]["never"]))


def is_outside(element: Any, *, own: bool = True) -> bool:
    """Whether an element stands in navigation, comments, teasers or the like; `own` counts its own tag and class, too."""
    for depth, node in enumerate([*([element] if own else []), *element.iterancestors()]):
        if node.tag in _OUTSIDE:
            return True
        if depth > _ANCESTORS or node.tag in ("body", "article", "main"):
            return False
        label = node.get("class") or node.get("id")
        if label and _never().search(label.lower()):
            return True
    return False


def main_headline(found: Scan, ideas: Sequence[str], slug: frozenset[str]) -> Headline | None:
    """The `<h1>` that says what the page's title says; the first outside of furniture where none does.

    `ideas` are titles from elsewhere, `slug` the words of the address. An `<h2>` must say the same as a title.
    """
    wanted = [words_of(idea) for idea in ideas if idea]
    ranked = []
    for spot in [*found.headlines[:20], *found.subheads[:60]]:
        text = text_of(spot.element)
        words = words_of(text)
        first = spot.why == "h1"
        if not words or len(text) > 300:
            continue
        likeness = _likeness(words, wanted, slug)
        if not first and (likeness < 0.85 or len(words) < 3):
            continue
        opens = any(idea[: len(words)] == words for idea in wanted)
        score = 3 * likeness + 1.5 * first + 0.5 * opens - 2.0 * is_outside(spot.element) - 0.5 * (len(words) < 2)
        ranked.append((-score, spot.order, text, spot.why, likeness))
    if not ranked:
        return None
    _, order, text, why, likeness = min(ranked)
    return Headline(order, text, f"{why}" if likeness >= _LIKE else f"{why} (unlike the title)")


def _likeness(words: Sequence[str], wanted: Sequence[Sequence[str]], slug: frozenset[str]) -> float:
    """How far the words of a heading are those of a title or of the address, 0 to 1."""
    own = set(words)
    best = max((len(own & set(idea)) / max(1, len(own), 0.5 * len(idea)) for idea in wanted), default=0.0)
    return max(best, len(own & slug) / max(len(own), len(slug)) if slug else 0.0)


def near(headline: Headline | None, spots: Sequence[Spot]) -> list[Spot]:
    """Spots by nearness to the headline; what stands before it counts double the distance."""
    at = headline.order if headline else 0
    return sorted(spots, key=lambda spot: spot.order - at if spot.order >= at else 2 * (at - spot.order))


def _lines_near(found: Scan, headline: Headline | None, longest: int) -> Iterator[tuple[str, Any]]:
    """Short texts of the elements around the headline, those after it first."""
    if headline is None:
        return
    at = headline.order
    after, before = found.elements[at + 1 : at + _AFTER], found.elements[max(0, at - _BEFORE) : at]
    for element in [*after, *reversed(before)]:
        own = element.text
        if own and 5 < len(own.strip()) <= longest and element.tag not in ("script", "style", "title", "option"):
            yield text_of(element), element
        tail = element.tail
        if tail and 5 < len(tail.strip()) <= longest:
            yield tail.strip(), element


class _Day(NamedTuple):
    rank: int
    place: int
    iso: str
    updated: bool
    source: str


def visible_dates(found: Scan, headline: Headline | None, *, day_first: bool) -> list[Claim]:
    """The nearest published and the nearest updated date: of `<time>`, of a marked element, of a line near the headline."""
    days: list[_Day] = []
    for place, spot in enumerate(near(headline, found.times)[:80]):
        day = _day_of(spot, place, day_first)
        if day and not is_outside(spot.element):
            days.append(day)
    for place, (text, _) in enumerate(_lines_near(found, headline, _DATE)):
        if any(ch.isdigit() for ch in text):
            iso = find_date(text, day_first=day_first)
            if iso and len(words_of(text)) <= 14:
                days.append(_Day(2, place, iso.iso, _says_updated(text), "date near the headline"))
    claims = []
    for updated in (False, True):
        best: dict[str, _Day] = {}
        for day in sorted(d for d in days if d.updated == updated):
            best.setdefault(day.source, day)
        claims += [Claim("date_modified" if updated else "date", d.iso, d.source) for d in best.values()]
    return claims


def _day_of(spot: Spot, place: int, day_first: bool) -> _Day | None:
    element = spot.element
    stamp = element.get("datetime") or element.get("content") or ""
    text = text_of(element, 200)
    if len(text) > _STAMP and not stamp:
        return None
    found = find_date(stamp, day_first=day_first) or find_date(text, day_first=day_first)
    if not found:
        return None
    label = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
    before = element.getprevious()
    lead = (before.tail or text_of(before, 60)) if before is not None else (element.getparent().text or "")
    updated = _says_updated(text) or _says_updated(lead[-40:]) or any(w in label for w in ("updat", "modif"))
    source = "time" if spot.why == "time" else "marked date"
    return _Day(0 if source == "time" else 1, place, found.iso, updated, source)


def _says_updated(text: str) -> bool:
    """Whether a date's text speaks of a change and not of the publication before it."""
    words = tuple(words_of(text))
    for at in range(len(words)):
        if openings(words[at:], "header", "updated") and words[at : at + 1] not in vocabulary("header", "published"):
            return True
        if openings(words[at:], "header", "published"):
            return False
    return False
