"""A page as the detectors read it: its lines with their words, the phrases found in them, and their shape."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cleaner.model import Claim, Page, Verdict, Widget
from cleaner.text.lexicon import WORD, Hit, Lexicon, Words, lexicon, words_of
from cleaner.text.normalize import fold
from cleaner.text.quotes import quotations
from cleaner.text.sentences import ends_sentence, sentences

__all__ = ["Findings", "Line", "Reading", "category_of", "joined", "read", "table_rows"]

_GLUE = re.compile(r"(?<=[^\W\d_A-ZÀ-Þ])(?=[A-ZÀ-Þ])|(?<=[^\W_])(?=\[)")
_SPOKEN = ('"', "“", "„", "«", "‘", "(", "- “", "—")
_BULLET = re.compile(r"[-*•▪‣◦–·+→►]\s|\d{1,3}[.)]\s")


class Line:
    """One block of the page and what is cheap to know of it; the rest is found out when it is asked for.

    `words` are folded; `hits` are the phrases among them; `innocent` is set where nothing in the line itself is furniture.
    """

    __slots__ = (
        "_closed",
        "_more",
        "_offsets",
        "_quotes",
        "_sentences",
        "_unglued",
        "end",
        "hits",
        "index",
        "innocent",
        "start",
        "text",
        "words",
    )

    def __init__(
        self, index: int, start: int, text: str, words: Words, hits: tuple[Hit, ...], more: Lexicon | None = None
    ) -> None:
        self.index, self.start, self.end = index, start, start + len(text)
        self.text, self.words, self.hits = text, words, hits
        self._more = more
        self.innocent = False
        self._closed: bool | None = None
        self._offsets: list[int] | None = None
        self._sentences: list[tuple[int, int]] | None = None
        self._quotes: list[tuple[int, int]] | None = None
        self._unglued: tuple[Words, tuple[Hit, ...]] | None = None

    def moved(self, index: int, start: int) -> Line:
        """The same line at another place, with all that was found out about it."""
        if index == self.index and start == self.start:
            return self
        line = Line(index, start, self.text, self.words, self.hits, self._more)
        line._closed, line._offsets = self._closed, self._offsets
        line.innocent = self.innocent
        line._sentences, line._quotes, line._unglued = self._sentences, self._quotes, self._unglued
        return line

    @property
    def closed(self) -> bool:
        """Ends as a sentence does."""
        if self._closed is None:
            self._closed = ends_sentence(self.text)
        return self._closed

    @property
    def spoken(self) -> bool:
        """Begins as a quotation or a stage direction does."""
        return self.text.startswith(_SPOKEN)

    @property
    def columns(self) -> int:
        """Cells of a row of a table."""
        return self.text.count("|") + 1

    @property
    def bullet(self) -> bool:
        """Begins with a bullet or a number as an item of a list does."""
        return bool(_BULLET.match(self.text))

    @property
    def offsets(self) -> list[int]:
        """Where in `text` each word begins."""
        if self._offsets is None:
            self._offsets = [match.start() for match in WORD.finditer(fold(self.text))]
        return self._offsets

    @property
    def sentences(self) -> list[tuple[int, int]]:
        """The spans of the sentences."""
        if self._sentences is None:
            self._sentences = sentences(self.text)
        return self._sentences

    @property
    def quotes(self) -> list[tuple[int, int]]:
        """The spans in quotation marks."""
        if self._quotes is None:
            self._quotes = quotations(self.text)
        return self._quotes

    @property
    def unglued(self) -> tuple[Words, tuple[Hit, ...]]:
        """Words and hits after cutting where a scraper lost the space: `FacebookXReddit`."""
        if self._unglued is None:
            self._unglued = self.words, self.hits
            if _GLUE.search(self.text):
                words = tuple(words_of(_GLUE.sub(" ", self.text)))
                self._unglued = words, _hits_of([words], self._more)[0]
        return self._unglued

    def word_at(self, offset: int) -> int:
        """The index of the first word at or after a character offset of `text`."""
        return bisect_left(self.offsets, offset)


@dataclass(frozen=True, slots=True)
class Reading:
    """What every detector gets: the lines of a text, and what the caller knows of the page."""

    lines: tuple[Line, ...]
    url: str | None = None
    top: bool = True
    bottom: bool = True
    """False where the lines are a part of a document that goes on above `top`, or below `bottom`."""

    phrases: Lexicon | None = None
    """The user's phrases, which are looked for besides those that come along."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What every detector answers.

    `alone` tells that these verdicts need no others: what they take goes before anything else is judged.
    """

    verdicts: Sequence[Verdict] = ()
    widgets: Sequence[Widget] = ()
    claims: Sequence[Claim] = ()
    alone: bool = False


def table_rows(lines: Sequence[Line]) -> frozenset[int]:
    """Where lines of as many columns stand below each other, one of them with numbers: they are rows of a table."""
    found: set[int] = set()
    for a, b in zip(lines, lines[1:], strict=False):
        if a.columns > 2 and a.columns == b.columns and any(w[0].isdigit() for w in (*a.words, *b.words)):
            found |= {a.start, b.start}
    return frozenset(found)


def joined(verdicts: Sequence[Verdict], more: Iterable[Verdict]) -> list[Verdict]:
    """Both, sorted; where two overlap the earlier stage's stands and the later one is dropped."""
    out, starts = list(verdicts), [v.start for v in verdicts]  # sorted and apart, so that only neighbours can overlap
    for verdict in more:
        at = bisect_right(starts, verdict.start)
        if (at and out[at - 1].end > verdict.start) or (at < len(out) and starts[at] < verdict.end):
            continue
        out.insert(at, verdict)
        starts.insert(at, verdict.start)
    return out


def category_of(line: Line, otherwise: str = "boilerplate") -> str:
    """What the phrases in a line call it, by the number of their words."""
    sizes = Counter[str]()
    for hit in line.hits:
        sizes[hit.entry.category] += hit.end - hit.start
    return max(sizes, key=lambda name: (sizes[name], name)) if sizes else otherwise


def _hits_of(rows: Sequence[Words], more: Lexicon | None) -> list[tuple[Hit, ...]]:
    """The phrases in rows of words, by their start; a user's before one of ours."""
    found = lexicon().hits_of(rows)
    if more is None:
        return found
    own = more.hits_of(rows)
    return [tuple(sorted((*a, *b), key=lambda h: h.start)) if a else b for a, b in zip(own, found, strict=True)]


def read(
    page: Page,
    url: str | None = None,
    *,
    top: bool = True,
    bottom: bool = True,
    known: dict[str, Line] | None = None,
    phrases: Lexicon | None = None,
) -> Reading:
    """Cut a page's blocks into words and look up the phrases in them, once for all detectors.

    `known` remembers what was found in a line, for the passes over one document; `phrases` are the user's.
    """
    known = {} if known is None else known
    texts = [page.text[block.start : block.end] for block in page.blocks]
    fresh = [text for text in dict.fromkeys(texts) if text not in known]
    words = [tuple(words_of(text)) for text in fresh]
    for text, row, hits in zip(fresh, words, _hits_of(words, phrases), strict=True):
        known[text] = Line(-1, 0, text, row, hits, phrases)
    lines = []
    for index, (text, block) in enumerate(zip(texts, page.blocks, strict=True)):
        known[text] = line = known[text].moved(index, block.start)
        lines.append(line)
    return Reading(tuple(lines), url, top, bottom, phrases)
