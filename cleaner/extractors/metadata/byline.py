"""The visible byline: marked by a class or by `By`, linked to an author's page, or a name beside the date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, partial
from typing import Any

from cleaner.data import metadata_tables
from cleaner.extractors.metadata.runs import Run, runs_after, runs_before, runs_in
from cleaner.extractors.metadata.scan import Scan, Spot
from cleaner.extractors.metadata.visible import Headline, is_outside, near
from cleaner.model import Claim
from cleaner.text.dates import find_date
from cleaner.text.lexicon import openings, words_of
from cleaner.text.people import clean_people, cut_label, is_link_word, is_noise

__all__ = ["visible_authors"]

_BEFORE, _AFTER = 40, 120  # elements around the headline in which its byline stands
_BYLINE = 200  # characters of a marked byline
_TEASERS = 3  # marked bylines of one page with different names; more are teasers or comments
_SPOTS = 40  # marked elements that are looked at
_SHORT = 8  # words of a run beside the date that is a name and perhaps a role
_TWINS = 14  # elements between two marked names of one byline


def visible_authors(found: Scan, headline: Headline | None) -> list[Claim]:
    """At most one claim for each way in which a page shows its authors."""
    claims: list[Claim] = []
    marked, many = _marked(found, headline)
    if marked:
        claims.append(Claim("authors", marked, "byline marked (one of many)" if many else "byline marked"))
    if headline is None:
        return claims
    after, before = runs_after(found, headline.order, _AFTER), runs_before(found, headline.order, _BEFORE)
    for source, search in (
        ("byline labelled", _labelled),
        ("byline linked", _linked),
        ("byline beside date", partial(_dated, found)),
    ):
        names = search(after, headline) or search(before, headline)
        if names:
            claims.append(Claim("authors", names, source))
    return claims


@cache
def _author_page() -> re.Pattern[str]:
    return re.compile("|".join(metadata_tables()["places"]["author_page"]))


def _marked(found: Scan, headline: Headline | None) -> tuple[tuple[str, ...], bool]:
    """The names in the nearest element whose class or rel says `author`; neighbours with the same class join it.

    Also whether the page has many such elements with different names, as threads and lists of teasers have.
    """
    rows: list[tuple[Spot, tuple[str, ...]]] = []
    for spot in near(headline, found.people)[:_SPOTS]:
        if is_outside(spot.element, headline, own=False) or _describes(spot.element):
            continue
        names = _names_inside(spot)
        if names:
            rows.append((spot, names))
    if not rows:
        return (), False
    first, names = rows[0]
    more = list(names)
    for spot, others in rows[1:]:
        twin = spot.element.get("class") == first.element.get("class") and spot.element.tag == first.element.tag
        if twin and abs(spot.order - first.order) <= _TWINS:
            more += [n for n in others if n not in more]
    return tuple(more), len({n for _, n in rows}) > _TEASERS


def _describes(element: Any) -> bool:
    """Whether an element marked as the author's is a description, a picture or a link and not the name."""
    label = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
    return bool(_no_name().search(label))


@cache
def _no_name() -> re.Pattern[str]:
    return re.compile("|".join(metadata_tables()["places"]["author_not"]))


def _names_inside(spot: Spot) -> tuple[str, ...]:
    runs = runs_in(spot.element)
    if sum(len(r.text) for r in runs) > _BYLINE and spot.why != "rel":
        runs = runs[:6]
    names = _collect(runs, 0, "")
    if names or len(runs) > 3:
        return names
    texts = [cut_label(r.text) for r in runs]
    short = [t for t in texts if t and len(t.split()) <= 4 and len(t) <= 40 and not is_link_word(t)]
    labelled = any(texts[i] != run.text or is_link_word(run.text) for i, run in enumerate(runs))
    capital = len(runs) == 1 and all(w[0].isupper() for w in short[0].split()) if short else False
    exact = spot.why == "rel" or labelled or (capital and not is_noise(short[0]))
    return clean_people(short[:1]) if short and exact and len(short) == 1 else ()


def _labelled(runs: Sequence[Run], headline: Headline) -> tuple[str, ...]:
    """The names behind a run that is, or begins with, `By`, `Written by`, `Author:` …"""
    for at, run in enumerate(runs):
        words = tuple(words_of(run.text[:80]))
        known = openings(words, "header", "by")
        if not known or not _sure(known[0]) or is_outside(run.element, headline):
            continue
        rest = cut_label(run.text)
        if rest == run.text and len(known[0]) < len(words):
            continue
        names = _collect(runs[at : at + 16], 1, "" if len(known[0]) == len(words) else rest)
        if names:
            return names
        short = rest if len(known[0]) < len(words) else next((r.text for r in runs[at + 1 : at + 2]), "")
        if 0 < len(short.split()) <= 3 and len(short) < 30 and not is_link_word(short):
            names = clean_people([short])
            if names:
                return names
    return ()


def _sure(label: Sequence[str]) -> bool:
    """Whether a label is used for bylines only: `Text` and `Interview` begin other lines, too."""
    return " ".join(label) in metadata_tables()["words"]["by"]


def _collect(runs: Sequence[Run], start: int, first: str) -> tuple[str, ...]:
    """The names of a row of runs, up to the first that is neither a name, a role, a label nor a conjunction."""
    names: list[str] = []
    texts = ([first] if first else []) + [run.text for run in runs[start:]]
    elements: list[Any] = ([runs[0].element] if first else []) + [run.element for run in runs[start:]]
    tag, linked, misses = None, True, 0
    for text, element in zip(_joined(texts), elements, strict=False):
        if not any(ch.isalpha() for ch in text):
            linked = linked or "," in text or "&" in text
            continue
        if is_link_word(text):
            linked = True
            continue
        found = clean_people([text], strict=True)
        kind = (element.tag, element.get("class"))
        if found and (not names or linked or kind == tag):
            names += [n for n in found if n not in names]
            tag, linked = kind, text.rstrip().endswith((",", "&")) or is_link_word(text.split()[-1])
        elif names or misses > 2:
            break
        else:
            misses += 1
    return tuple(names)


def _joined(texts: Sequence[str]) -> list[str]:
    """Given and family name that stand in elements of their own become one."""
    out = list(texts)
    for at in range(len(out) - 1):
        if all(t.isalpha() and t[0].isupper() and not is_link_word(t) for t in out[at : at + 2]):
            out[at], out[at + 1] = f"{out[at]} {out[at + 1]}", ""
    return out


def _linked(runs: Sequence[Run], headline: Headline) -> tuple[str, ...]:
    """The text of links to an author's page."""
    names: list[str] = []
    last = 0
    for run in runs:
        link = run.element if run.element.tag == "a" else run.element.getparent()
        href = link.get("href") if link is not None and link.tag == "a" else None
        if not href or not _author_page().search(href.lower()) or is_outside(link, headline):
            continue
        found = clean_people([run.text], strict=True)
        if found and (not names or run.distance - last <= _TWINS):
            names += [n for n in found if n not in names]
            last = run.distance
    return tuple(names) if len(names) <= _TEASERS else ()


def _dated(found: Scan, runs: Sequence[Run], headline: Headline) -> tuple[str, ...]:
    """A person's name in the run of a date or in one of its neighbours."""
    for at, run in enumerate(runs[:40]):
        if len(run.text) > 80 or not any(ch.isdigit() for ch in run.text):
            continue
        day = find_date(run.text)
        if not day or is_outside(run.element, headline):
            continue
        rest = [run.text[: day.start], run.text[day.end :]]
        beside = [runs[i].text for i in (at - 1, at + 1, at - 2) if 0 <= i < len(runs)]
        title = {*words_of(headline.text), *words_of(found.title)}
        for text in [*rest, *beside]:
            names = clean_people([text], strict=True)
            if names and len(text.split()) <= _SHORT and not title.intersection(words_of(names[0])):
                return names
    return ()
