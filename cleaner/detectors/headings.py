"""What stays though its words or its place speak against it.

Headings that are words of furniture, too: `Contact`, `Help`, `Follow us` above a paragraph that is about it. Nothing in
such a line tells; what tells is the prose around it, and the other headings of the text. And sentences that the line
model doubts, though no phrase of the lexicon is in them: amid much furniture it doubts what is short.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence, Set

from cleaner.data import thresholds
from cleaner.detectors.reading import Line
from cleaner.model import Verdict
from cleaner.text.lexicon import Hit, Words
from cleaner.text.sentences import ends_sentence

__all__ = ["headings", "listed", "parts_alone", "rows_that_stay", "sentences_that_stay", "series"]

_WORDS = 3  # of a heading
_ABOVE, _PROSE = 3, 6  # words of the sentences above a heading and below it
_LIST = 3  # items of a numbered list
_SERIES = 2  # counted headings that stay, beside which others do
_NUMBER = re.compile(r"(\d{1,2})[.)]\s")
_QUESTION_WORDS = 8
_INTERVIEW = 3  # short questions that make an interview
_ROWS, _ROW_WORDS = 3, 10  # rows of a list, and words of a row
_STEM = 5  # letters that two words about the same thing share
_FOOT = frozenset(["navigation", "contact_form", "login", "comments", "site_notice"])
"""Categories whose short phrases stand at the ends of a page; amid prose, one is a heading."""
_STRAY = frozenset(["advertising", "affiliate", "related", "video_player", "skip_link"])
"""Categories whose short phrases scrapers leave amid prose, whatever that is about."""


def headings(lines: Sequence[Line], verdicts: Sequence[Verdict]) -> Set[int]:
    """Where headings and questions of the article begin that are phrases of furniture; `verdicts` are those of rules.

    Several different ones stay where one surely is a heading, or where nothing else in the text is furniture.
    """
    told = {v.start for v in verdicts if not v.evidence.startswith(("context:", "line-model:"))}
    places = [i for i in range(1, len(lines) - 1) if _may_head(lines, i, told)]
    clear = [i for i in places if _is_clear(lines[i], lines[i + 1])]
    alone = {lines[i].start for i in places} >= told - {v.start for v in verdicts if v.category == "metadata"}
    several = len(clear) > 1 or (alone and len({lines[i].words for i in places}) > 1)
    found = places if several else clear
    return {lines[i].start for i in found} | {ln.start for ln in _questions(lines, told)}


def _may_head(lines: Sequence[Line], at: int, told: Set[int]) -> bool:
    """Whether a line that is a phrase stands alone between paragraphs of prose that no rule speaks against."""
    line, above, below = lines[at], lines[at - 1], lines[at + 1]
    if line.closed or line.bullet or len(line.words) > _WORDS or not line.text[0].isupper():
        return False
    if not _phrases(line) or line.text.isupper():
        return False
    sizes = (len(above.words) >= _ABOVE, len(below.words) >= _PROSE)
    return all(sizes) and all(ln.closed and ln.start not in told for ln in (above, below))


def _phrases(line: Line) -> list[Hit]:
    """The phrases of ours that a line is all of; a user's are not to be doubted."""
    hits = [h for h in line.hits if h.start == 0 and h.end == len(line.words)]
    return [] if any(h.entry.users for h in hits) else hits


def _is_clear(line: Line, below: Line) -> bool:
    """Whether a phrase belongs at the ends of a page, or the paragraph below takes up one of its words."""
    hits = _phrases(line)
    categories = {h.entry.category for h in hits if h.entry.kind in ("whole", "heads")}
    categories = categories or {h.entry.category for h in hits}
    if not categories.isdisjoint(_STRAY):
        return False
    stems = {w[:_STEM] for w in line.words if len(w) >= _STEM}
    return categories <= _FOOT or any(w[:_STEM] in stems for w in below.words)


def _questions(lines: Sequence[Line], told: Set[int]) -> Iterator[Line]:
    """`Advertising?` among the questions of an interview, and those that only the line model or what is beside them takes."""
    asked = [ln for ln in lines if ln.text.endswith("?") and len(ln.words) <= _QUESTION_WORDS]
    if len(asked) < _INTERVIEW:
        return
    for line in asked:
        near = (*lines[max(0, line.index - 1) : line.index], *lines[line.index + 1 : line.index + 2])
        answered = len(near) > 1 and all(ln.closed and ln.start not in told for ln in near)
        if answered and (line.start not in told or (len(line.words) <= _WORDS and _phrases(line))):
            yield line


def listed(lines: Sequence[Line], verdicts: Iterable[Verdict]) -> Iterator[int]:
    """Where the items of a numbered list of the article begin: most are no furniture, nor is what stands above it.

    That clears an item of its phrase; the line model may still know the list for one of links.
    """
    told, at = {v.start for v in verdicts}, 0
    while at < len(lines):
        end = at
        while end < len(lines) and (number := _NUMBER.match(lines[end].text)) and int(number[1]) == end - at + 1:
            end += 1
        own = sum(ln.start not in told for ln in lines[at:end])
        if end - at >= _LIST and 2 * own > end - at and at and lines[at - 1].start not in told:
            yield from (ln.start for ln in lines[at:end])
        at = max(end, at + 1)


def series(lines: Sequence[Line], gone: Set[int]) -> Set[int]:
    """Where headings begin that are counted, as others are that stay: `Article 3` beside `Article 1` and `Article 2`."""
    rows: dict[Words, list[Line]] = {}
    for line in lines:
        if len(line.words) <= _WORDS and any(w[0].isdigit() for w in line.words):
            rows.setdefault(tuple("#" if w[0].isdigit() else w for w in line.words), []).append(line)
    stay = [
        row for shape, row in rows.items() if len(set(shape)) > 1 and sum(x.start not in gone for x in row) >= _SERIES
    ]
    return {line.start for row in stay for line in row}


def sentences_that_stay(lines: Sequence[Line], verdicts: Iterable[Verdict]) -> Set[int]:
    """Where whole lines of sentences begin that the line model alone would take, and is not sure of."""
    level = thresholds()["stays"]
    unsure = level["unsure_short" if len(lines) <= level["short_lines"] else "unsure"]
    doubted = {v.start: v.end for v in verdicts if v.evidence.startswith("line-model:") and v.score < unsure}
    return {
        ln.start
        for ln in lines
        if doubted.get(ln.start) == ln.end
        and ln.closed
        and len(ln.words) >= level["words"]
        and not any(_speaks(h, ln) for h in ln.hits)
    }


def rows_that_stay(lines: Sequence[Line], verdicts: Iterable[Verdict]) -> Set[int]:
    """Where the rows of a list of the article begin that the line model alone would take, such as results, ingredients and
    opening hours: several below each other, without a phrase, each with a number, a colon or a small first letter, and
    with lines that stay above and below.
    """
    found = {v.start: v for v in verdicts}
    stays: set[int] = set()
    at = 1
    while at < len(lines):
        end = at
        while end < len(lines) and lines[end].start in found and _is_row(lines[end], found[lines[end].start]):
            end += 1
        if end - at >= _ROWS and end < len(lines) and not found.keys() & {lines[at - 1].start, lines[end].start}:
            stays |= {ln.start for ln in lines[at:end]}
        at = max(end, at + 1)
    return stays


def _is_row(line: Line, verdict: Verdict) -> bool:
    """Whether a line that the line model takes as a whole may be a row of a list of the article."""
    if not verdict.evidence.startswith("line-model:") or verdict.end != line.end or line.hits:
        return False
    told = ":" in line.text or line.text[0].islower() or any(w[0].isdigit() for w in line.words)
    return told and len(line.words) <= _ROW_WORDS and not line.closed


def parts_alone(
    lines: Sequence[Line], ruled: Sequence[Verdict], verdicts: Iterable[Verdict]
) -> dict[int, list[Verdict]]:
    """Where lines begin of which the line model takes the whole and a rule only the link glued to them; the rule's verdicts.

    The link is what the model sees furniture in; what is left is judged when it is gone. Long texts may be pages, whose
    teasers end with such links.
    """
    if len(lines) > thresholds()["stays"]["short_lines"]:
        return {}
    whole = {v.start: v.end for v in verdicts if v.evidence.startswith("line-model:")}
    found: dict[int, list[Verdict]] = {}
    for line in lines if whole else ():
        if whole.get(line.start) != line.end:
            continue
        first = bisect_left(ruled, line.start, key=lambda v: v.start)
        last = bisect_left(ruled, line.end, key=lambda v: v.start)
        if last - first == 1 and ruled[first].start > line.start and ruled[first].end == line.end:
            rest = line.text[: ruled[first].start - line.start]
            if ends_sentence(rest.rstrip()) and line.word_at(len(rest)) >= thresholds()["stays"]["words"]:
                found[line.start] = [ruled[first]]
    return found


def _speaks(hit: Hit, line: Line) -> bool:
    """Whether a phrase says something of a line: other phrases are words of prose as well."""
    kind = hit.entry.kind
    return (
        kind == "has"
        or (kind == "opens" and hit.start == 0)
        or (kind != "opens" and hit.end == len(line.words) == hit.end - hit.start)
    )
