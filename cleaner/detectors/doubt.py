"""Where a phrase alone does not tell furniture from prose: such a line goes only in the company of other furniture."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from cleaner.data import thresholds
from cleaner.detectors.reading import Line
from cleaner.model import Verdict
from cleaner.text.lexicon import Hit, Words, vocabulary
from cleaner.text.speech import speech_of

__all__ = [
    "Doubt",
    "Judged",
    "doubt_of_phrase",
    "doubt_of_sentence",
    "in_company",
    "is_firm",
    "is_link",
    "reads_as_prose",
]

_SHORT = 2  # words of a phrase that may as well be a heading or an answer
_MENU = 3  # such phrases below each other that make a menu whatever stands around them
_USUAL = 2  # words of furniture for each strange one, in a sentence that speaks to the reader
_LONG_MENU = 8  # lines of a menu that may hold other lines than names
_ITEM = 5  # words of a line of a menu
_NEAR = 2  # lines in which furniture of the same category is company
_LISTED = re.compile(r"\(?\d{1,3}[.)]\s")
_END = re.compile(r"""[.!?…]["'”’“‘«»)\]]*\s*$""")


class Doubt(IntEnum):
    """What a verdict needs besides its phrase."""

    NONE = 0
    PLACE = 1  # to stand at the top or the bottom of the document, in a menu, or beside furniture
    COMPANY = 2  # to stand beside furniture


@dataclass(frozen=True, slots=True)
class Judged:
    """What a line loses for sure, and what it loses where its doubt is removed."""

    sure: Sequence[Verdict] = ()
    doubtful: Sequence[Verdict] = ()
    doubt: Doubt = Doubt.NONE

    def moved(self, by: int) -> Judged:
        """The same for the same line so many characters on."""
        sure, doubtful = (
            [v._replace(start=v.start + by, end=v.end + by) for v in row] for row in (self.sure, self.doubtful)
        )
        return Judged(sure, doubtful, self.doubt) if sure or doubtful else self

    @property
    def touching(self) -> Sequence[Verdict]:
        return self.doubtful or self.sure


def doubt_of_phrase(line: Line, words: Words) -> Doubt:
    """Doubts about a line that is all phrases, of these words: short ones are headings, answers and verses, too.

    Numbered, it may be an item of the article's own list.
    """
    if _LISTED.match(line.text):
        return Doubt.COMPANY
    words = tuple(w for w in words if (w,) not in vocabulary("row", "neutral"))
    if len(words) > _SHORT or words in vocabulary("alone", "sure"):
        return Doubt.NONE
    if _END.search(line.text):
        return Doubt.COMPANY
    return Doubt.NONE if any(w[0].isdigit() for w in words) else Doubt.PLACE


def doubt_of_sentence(line: Line, span: tuple[int, int], hit: Hit) -> Doubt:
    """Doubts about a sentence with a phrase: whether it goes on with words that are not those of furniture."""
    text = line.text[span[0] : span[1]]
    if not _END.search(text) or is_link(line, hit):
        return Doubt.NONE
    first, last = line.word_at(span[0]), line.word_at(span[1])
    strange, known, addressed = _weigh(line, first, last, hit.entry.language, _own_words(line, hit))
    comma = text.rfind(",")
    if comma >= 0:
        tail = _weigh(line, line.word_at(span[0] + comma), last, hit.entry.language, _own_words(line, hit))
        if tail[0] and not tail[1] and not tail[2]:  # `…, the ministry asks.`
            return Doubt.COMPANY
    if not strange or (addressed and _USUAL * strange <= known):
        return Doubt.NONE
    return Doubt.PLACE if addressed or strange <= known else Doubt.COMPANY


def is_firm(line: Line, span: tuple[int, int], hit: Hit) -> bool:
    """Whether a sentence is furniture even in the middle of prose: all its words are those of furniture, it speaks to
    the reader, and after the phrase that opens it comes another of its category: `Get our … delivered to your inbox.`"""
    first, last = line.word_at(span[0]), line.word_at(span[1])
    at = bisect_left(line.hits, first, key=lambda h: h.start)
    opened = again = False
    for other in line.hits[at : bisect_left(line.hits, last, key=lambda h: h.start)]:
        same = other.entry.category == hit.entry.category
        opened = opened or (same and other.entry.kind == "opens" and other.start == first)
        again = again or (same and other.entry.kind == "has" and other.start > first + 1)
    strange, _, addressed = _weigh(line, first, last, hit.entry.language, _own_words(line, hit))
    return opened and again and addressed and not strange


def reads_as_prose(line: Line, language: str) -> bool:
    """Whether a sentence, though it holds words of furniture, tells of something else and addresses nobody."""
    strange, known, addressed = _weigh(line, 0, len(line.words), language)
    return line.closed and not addressed and strange >= known


def is_link(line: Line, hit: Hit) -> bool:
    """`Read more: Who owns the river?`, `© 2025 The Courier.`"""
    if "©" in line.words[hit.start : hit.end]:
        return True
    behind = line.offsets[hit.end - 1] + len(line.words[hit.end - 1])
    return hit.entry.category == "related" and line.text[behind : behind + 2].lstrip()[:1] in (":", "|")


def _own_words(line: Line, hit: Hit) -> Words:
    """The words of a phrase of the user's, which are words of furniture by his word."""
    return line.words[hit.start : hit.end] if hit.entry.users else ()


def _weigh(line: Line, first: int, last: int, language: str, also: Words = ()) -> tuple[int, int, bool]:
    """Of some words of a line: how many furniture never uses, how many it does (`also` these), and whether the reader
    is addressed.

    Names and numbers count for neither.
    """
    speech = speech_of(language)
    strange = known = 0
    addressed = False
    for word, offset in zip(line.words[first:last], line.offsets[first:last], strict=True):
        addressed = addressed or word in speech.address
        if word in speech.function_words or not line.text[offset].islower():
            continue
        usual = word in speech.furniture or word in also
        known += usual
        strange += not usual
    return strange, known, addressed


def in_company(lines: Sequence[Line], taken: Sequence[Verdict], judged: Sequence[Judged]) -> list[Verdict]:
    """The verdicts that stand: the sure ones, and those whose place or company removes their doubt."""
    if not any(j.doubt for j in judged):
        return [v for j in judged for v in j.sure]
    first, last = _prose_range(lines, {v.start for v in taken}, judged)
    found = [list(j.sure) for j in judged]
    for i in {*_at_the_ends(lines, judged, first, last), *_menus(lines, judged)}:
        found[i] = list(judged[i].doubtful)
    at_start = {v.start: v.category for v in taken if v.category != "metadata"}
    at_end = {v.end: v.category for v in taken if v.category != "metadata"}
    busy = [i for i, j in enumerate(judged) if j.sure or j.doubt]
    for order in (busy, busy[::-1]):
        for i in order:
            at_start |= {v.start: v.category for v in found[i]}
            at_end |= {v.end: v.category for v in found[i]}
            if judged[i].doubt and len(found[i]) < len(judged[i].doubtful):
                names = [v.category for v in judged[i].doubtful]
                above = _company([at_end.get(ln.end) for ln in reversed(lines[max(0, i - _NEAR) : i])], names)
                below = _company([at_start.get(ln.start) for ln in lines[i + 1 : i + 1 + _NEAR]], names)
                found[i] = _accepted(lines[i], judged[i], found[i], above, below)
                at_start |= {v.start: v.category for v in found[i]}
                at_end |= {v.end: v.category for v in found[i]}
    return [v for row in found for v in row]


def _accepted(line: Line, judged: Judged, found: list[Verdict], above: bool, below: bool) -> list[Verdict]:
    """What a line loses that has furniture above or below: all of it, or the sentences that touch the furniture."""
    if any(v.start == line.start and v.end == line.end for v in judged.doubtful):
        return list(judged.doubtful) if above or below else found
    if judged.doubt is not Doubt.PLACE:
        return found
    known = {v.start for v in found}
    more = [
        v
        for v in judged.doubtful
        if v.start in known or (above and v.start == line.start) or (below and v.end == line.end)
    ]
    return more if len(more) > len(found) else found


def _company(near: Sequence[str | None], names: Sequence[str]) -> bool:
    """Whether the next line is furniture, or one close behind it is of the same category."""
    return bool(near) and (near[0] is not None or any(name in names for name in near))


def _prose_range(lines: Sequence[Line], taken: set[int], judged: Sequence[Judged]) -> tuple[int, int]:
    """The first and the last line of prose."""
    least = thresholds()["context"]["prose_words"]
    prose = [
        i
        for i, (ln, j) in enumerate(zip(lines, judged, strict=True))
        if ln.closed
        and len(ln.words) >= least
        and ln.start not in taken
        and not any(v.start == ln.start and v.end == ln.end for v in j.touching)
    ]
    return (prose[0], prose[-1]) if prose else (len(lines), -1)


def _at_the_ends(lines: Sequence[Line], judged: Sequence[Judged], first: int, last: int) -> list[int]:
    """Lines of furniture by their place: above the first prose, below the last, or at its very end."""
    return [
        i
        for i, j in enumerate(judged)
        if j.doubt is Doubt.PLACE
        and (i < first or i > last or (i == last and j.doubtful and j.doubtful[-1].end == lines[i].end))
    ]


def _menus(lines: Sequence[Line], judged: Sequence[Judged]) -> list[int]:
    """Phrases in a run of short lines: three make a menu among names and the like, or in a long run; two of them where
    prose or nothing stands around the run."""
    found: list[int] = []
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and _is_short(lines[end], judged[end]):
            end += 1
        items = [i for i in range(at, end) if judged[i].touching]
        named = all(_is_named(lines[i]) for i in range(at, end) if not judged[i].touching)
        beside = [lines[i] for i in (at - 1, end) if 0 <= i < len(lines)]
        many = len(items) >= _MENU and (named or end - at >= _LONG_MENU or len(items) > _MENU)
        if many or (len(items) == _MENU - 1 and named and all(ln.closed for ln in beside)):
            found += items
        at = end + 1
    return [i for i in found if judged[i].doubt is Doubt.PLACE]


def _is_short(line: Line, judged: Judged) -> bool:
    return not line.closed and len(line.words) <= _ITEM and not line.bullet and judged.doubt is not Doubt.COMPANY


def _is_named(line: Line) -> bool:
    """Whether all words of a line begin as names do."""
    return not any(line.text[offset].islower() for offset in line.offsets)
