"""The headline of a text dump: which line above the prose it is, and on whose word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from cleaner.detectors.reading import Line
from cleaner.model import Verdict
from cleaner.text.lexicon import Hit, Words, words_of

__all__ = ["headline", "removed_headline"]

_CRUMB = re.compile(r"\s[>›»|/]\s")
_TITLE_WORDS = (2, 30)
_HEADLINES = 3  # a line that stands more often is no headline
_MENU_LINES = 3  # lines in a row that stand twice and so are a menu
_MENU_WORDS = 6
_STANDFIRST = 40  # words of a summary between headline and byline
_REACH = 4  # open lines between headline and byline: a summary, a name, a place
_SECTION = 4  # words; a line of fewer above the byline may be the name of a section
_HEADING = 6  # words; a line of fewer may be the name of a site
_PROSE = 10  # words of the first sentence below a headline that stands under its date
_CAPITALS = 0.8  # share of the words of a headline with a full stop that begin with a capital
_BAR = ("reading_time", "social", "skip_link", "video_player")  # what stands in a row of buttons under a headline


def headline(
    url: str | None, zone: Sequence[Line], taken: set[int], *, prose: bool
) -> tuple[Line | None, list[Verdict]]:
    """The headline of the page, and verdicts on it and on the other lines that stand there twice.

    The proof is the URL, a repetition at the top, or a byline or date close below. Where no prose follows, lines that
    stand twice may be the refrains of a song, which stay.
    """
    named = [ln for ln in zone if ln.start not in taken and _may_be_title(ln)]
    twins = _twins(named, zone, taken) if prose else []
    title, why = _by_url(named, url), "headline of the URL"
    if title is None and twins:
        title, why = twins[0], "repeated headline"
    if title is None:
        again = {ln.words for ln in twins}
        title, why = _above_byline(named, zone, taken, again), "headline above byline or date"
        if title is None:
            title, why = _below_byline(named, zone, taken, again), "headline below byline or date"
        if title is None:
            title, why = _above_bar(named, zone, again), "headline above a row of buttons"
    same = [ln for ln in named if title and ln.words == title.words]
    if not prose or len(same) > _HEADLINES:  # the refrain of a song may be its title, or a question of an interview
        same = [ln for ln in same if ln is title]
    found = [Verdict(ln.start, ln.end, "metadata", f"header:{why}", 0.85) for ln in same]
    menu = _menu_twice(zone) if prose else frozenset()
    rest = [ln for ln in named if ln.start in menu and ln not in same]
    return title, [*found, *(Verdict(ln.start, ln.end, "navigation", "header:menu twice", 0.7) for ln in rest)]


def removed_headline(lines: Sequence[Line], verdicts: Sequence[Verdict]) -> tuple[Verdict, Line] | None:
    """Of the lines above the first that stays which the line model takes, the one that is most like a headline: the first
    that is long enough for one.
    """
    whole = {v.start: v for v in verdicts if v.evidence.startswith("line-model:")}
    gone = {v.start for v in verdicts}
    first = next((ln.index for ln in lines if ln.start not in gone), 0)
    named = [ln for ln in lines[:first] if ln.start in whole and not ln.closed and _may_be_title(ln)]
    title = _first_long(named, _HEADING, _SECTION)
    return (whole[title.start], title) if title else None


def _first_long(lines: Sequence[Line], *sizes: int) -> Line | None:
    """The first line of at least so many words; of fewer, as the next of the sizes allows, only if there is none."""
    return next((ln for least in sizes for ln in lines if len(ln.words) >= least), None)


def _twins(named: Sequence[Line], zone: Sequence[Line], taken: set[int]) -> list[Line]:
    """The lines above all sentences that stand twice: with only furniture between them, or one beside a byline or date."""
    found: list[Line] = []
    first: dict[Words, Line] = {}
    for line in named:
        above = first.setdefault(line.words, line)
        if above is line:
            continue
        between = zone[above.index + 1 : line.index]
        near = [n for ln in (above, line) for n in zone[max(0, ln.index - 1) : ln.index + 2]]
        together = all(n.start in taken or any(_is_furniture(h, len(n.words)) for h in n.hits) for n in between)
        beside = any(n.start in taken for n in near) and not any(n.closed for n in between)
        if (together or beside) and not any(n.closed for n in zone[: above.index]):
            found.append(above)
    return sorted(found, key=lambda ln: -len(ln.words))


def _menu_twice(zone: Sequence[Line]) -> frozenset[int]:
    """Where short lines stand twice, several in a row and in the same order: the menu of a page for two screens."""
    rows = [zone[i : i + _MENU_LINES] for i in range(len(zone) - _MENU_LINES + 1)]
    rows = [row for row in rows if all(not ln.closed and len(ln.words) <= _MENU_WORDS for ln in row)]
    times = Counter(tuple(ln.words for ln in row) for row in rows)
    return frozenset(ln.start for row in rows if times[tuple(ln.words for ln in row)] > 1 for ln in row)


def _by_url(named: Sequence[Line], url: str | None) -> Line | None:
    slug = _slug_words(url)
    return next((ln for ln in named if slug and _overlap(ln.words, slug) >= 0.75), None)


def _above_byline(named: Sequence[Line], zone: Sequence[Line], taken: set[int], again: set[Words]) -> Line | None:
    """The first line with a byline or date below it; one that is too short for a headline only if there is no other."""
    found = [ln for ln in named if ln.words not in again and _is_signed(zone[ln.index + 1 :], taken)]
    return _first_long(found, _HEADING, _SECTION, 0)


def _is_signed(below: Sequence[Line], taken: set[int]) -> bool:
    """Whether a byline or date follows: at once, behind a summary, or behind a few lines that are no sentences."""
    if not below:
        return False
    if below[0].start in taken:
        return True
    if len(below) > 1 and below[1].start in taken and len(below[0].words) <= _STANDFIRST:
        return True
    at = next((i for i, ln in enumerate(below[: _REACH + 1]) if ln.start in taken), None)
    return at is not None and not any(ln.closed or ln.bullet for ln in below[:at])


def _below_byline(named: Sequence[Line], zone: Sequence[Line], taken: set[int], again: set[Words]) -> Line | None:
    """The line between a byline or date at the very top and the first sentence."""
    for line in named:
        above, below = zone[: line.index], zone[line.index + 1 : line.index + 2]
        dated = any(ln.start in taken for ln in above[-2:])
        ends = below and (below[0].closed or len(below[0].sentences) > 1) and len(below[0].words) >= _PROSE
        lone = len(line.sentences) == 1 and line.words not in again  # no sentence with a link glued behind it
        if dated and ends and lone and not any(ln.closed for ln in above):
            return line if len(line.words) >= _SECTION else None
    return None


def _above_bar(named: Sequence[Line], zone: Sequence[Line], again: set[Words]) -> Line | None:
    """The last line that is long enough for a headline, above all sentences, with reading time or buttons below it."""
    for line in reversed(named):
        below = zone[line.index + 1 : line.index + 2]
        bar = below and any(_is_all(h, below[0]) and h.entry.category in _BAR for h in below[0].hits)
        if bar and len(line.words) >= _SECTION and line.words not in again:
            told = any(ln.closed and len(ln.words) >= _PROSE for ln in zone[line.index :])
            return line if told and not any(ln.closed for ln in zone[: line.index]) else None
    return None


def _is_all(hit: Hit, line: Line) -> bool:
    return hit.entry.kind in ("whole", "heads") and hit.start == 0 and hit.end == len(line.words)


def _may_be_title(line: Line) -> bool:
    if _CRUMB.search(line.text) or any(_is_furniture(h, len(line.words)) for h in line.hits):
        return False
    return (
        not line.bullet
        and _TITLE_WORDS[0] <= len(line.words) <= _TITLE_WORDS[1]
        and (not line.text.rstrip().endswith((".", ":", ";", ",")) or _is_capitalised(line))
    )


def _is_capitalised(line: Line) -> bool:
    """Whether a line of sentences is spelled as headlines are: `The Pool Is Closing. Residents Want Answers.`"""
    if not line.text.endswith(".") or len(line.words) < _SECTION:
        return False
    return sum(line.text[at].isupper() for at in line.offsets) >= _CAPITALS * len(line.words)


def _is_furniture(hit: Hit, count: int) -> bool:
    """Whether a phrase makes a line of so many words furniture: as a whole, or by how it opens."""
    return hit.start == 0 and (hit.entry.kind == "opens" or (hit.entry.kind in ("whole", "heads") and hit.end == count))


def _slug_words(url: str | None) -> set[str]:
    """The words of the last long part of a URL's path; fewer than three say nothing."""
    if not url:
        return set()
    parts = [set(words_of(unquote(p))) for p in re.split(r"[/?]", urlsplit(url).path)]
    longest = max(parts, key=len, default=set())
    words = {w for w in longest if not w[0].isdigit() and w not in ("html", "htm", "php")}
    return words if len(words) >= 3 else set()


def _overlap(words: Sequence[str], slug: set[str]) -> float:
    own = {w for w in words if not w[0].isdigit()}
    return len(own & slug) / max(1, len(own), 0.8 * len(slug))
