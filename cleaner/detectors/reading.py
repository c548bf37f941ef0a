"""A page as the detectors read it: its lines with their words, the phrases found in them, and their shape."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cleaner.model import Claim, Page, Verdict, Widget
from cleaner.text.dates import FoundDate, find_date
from cleaner.text.lexicon import WORD, Hit, Lexicon, Words, lexicon, words_of, words_of_each
from cleaner.text.normalize import fold
from cleaner.text.quotes import quotations
from cleaner.text.sentences import ends_sentence, sentences

__all__ = ["Findings", "Line", "Reading", "category_of", "joined", "read"]

_GLUE = re.compile(r"(?<=[^\W\d_A-ZÀ-Þ])(?=[A-ZÀ-Þ])|(?<=[^\W_])(?=\[)")
_GLUED = re.compile(r"[A-ZÀ-Þ[](?:(?<=[^\W\d_A-ZÀ-Þ][A-ZÀ-Þ])|(?<=[^\W_]\[))")  # the same, found faster
_AMID = ("opens", "has", "hints")  # kinds of phrases that a word alone can be, amid others
_TELLS_NOTHING = ("boilerplate", "metadata")  # categories of what stands beside a line that say little of it
_LETTER_QUOTE = "ʼ"
_SPOKEN = ('"', "“", "„", "«", "‘", "(", "- “", "—")
_BULLET = re.compile(r"[-*•▪‣◦–·+→►]\s|\d{1,3}[.)]\s")


class Line:
    """One block of the page and what is cheap to know of it; the rest is found out when it is asked for.

    `words` are folded; `hits` are the phrases among them; `closed`: ends as a sentence does; `bullet`: begins as an item
    of a list does; `spoken`: begins as a quotation or a stage direction does; `judged` is what the rules for single
    lines remember of it.
    """

    __slots__ = (
        "_date",
        "_more",
        "_offsets",
        "_quotes",
        "_sentence_words",
        "_sentences",
        "_unglued",
        "bullet",
        "closed",
        "end",
        "hits",
        "index",
        "judged",
        "spoken",
        "start",
        "text",
        "words",
    )

    def __init__(
        self, index: int, start: int, text: str, words: Words, hits: tuple[Hit, ...], more: Lexicon | None = None
    ) -> None:
        self.index, self.start, self.end = index, start, start + len(text)
        self.text, self.words, self.hits = text, words, hits
        self.closed = ends_sentence(text)
        plain = text[:1].isalpha()
        self.bullet = not plain and bool(_BULLET.match(text))
        self.spoken = not plain and text.startswith(_SPOKEN)
        self.judged: Any = None
        self._more = more
        self._date: tuple[FoundDate | None] | None = None
        self._offsets: list[int] | None = None
        self._sentences: list[tuple[int, int]] | None = None
        self._sentence_words: list[tuple[int, int]] | None = None
        self._quotes: list[tuple[int, int]] | None = None
        self._unglued: tuple[Words, tuple[Hit, ...]] | None = None

    def moved(self, index: int, start: int) -> Line:
        """The same line at another place, with all that was found out about it."""
        if index == self.index and start == self.start:
            return self
        line = Line.__new__(Line)
        line.index, line.start, line.end = index, start, start + len(self.text)
        line.text, line.words, line.hits, line._more = self.text, self.words, self.hits, self._more
        line.closed, line.bullet, line.spoken, line.judged = self.closed, self.bullet, self.spoken, self.judged
        line._date, line._offsets, line._sentences = self._date, self._offsets, self._sentences
        line._quotes, line._unglued, line._sentence_words = self._quotes, self._unglued, self._sentence_words
        line._more = self._more
        return line

    @property
    def date(self) -> FoundDate | None:
        """The first date."""
        if self._date is None:
            self._date = (find_date(self.text),)
        return self._date[0]

    @property
    def offsets(self) -> list[int]:
        """Where in `text` each word begins."""
        if self._offsets is None:
            text = fold(self.text) if _LETTER_QUOTE in self.text else self.text  # else, folding moves no word
            self._offsets = [match.start() for match in WORD.finditer(text)]
        return self._offsets

    @property
    def sentences(self) -> list[tuple[int, int]]:
        """The spans of the sentences."""
        if self._sentences is None:
            self._sentences = sentences(self.text)
        return self._sentences

    @property
    def sentence_words(self) -> list[tuple[int, int]]:
        """The words of each sentence, as the first and the one behind the last."""
        if self._sentence_words is None:
            spans = self.sentences
            if len(spans) == 1:
                self._sentence_words = [(0, len(self.words))]
            else:
                self._sentence_words = [(self.word_at(a), self.word_at(b)) for a, b in spans]
        return self._sentence_words

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
            if _GLUED.search(self.text):
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
    tables: frozenset[int] = frozenset()
    """Where the rows of tables begin."""

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


def _table_rows(lines: Sequence[Line]) -> frozenset[int]:
    """Where lines of as many columns stand below each other, one of them with numbers: they are rows of a table."""
    found: set[int] = set()
    above: Line | None = None
    for line in lines:
        alike = above is not None and line.text.count("|") == above.text.count("|") > 1
        if above is not None and alike and any(w[0].isdigit() for w in (*above.words, *line.words)):
            found |= {above.start, line.start}
        above = line
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
    """What the phrases in a line call it, by the number of their words; a word of a menu amid others only where
    `otherwise` tells nothing."""
    told, only = Counter[str](), len(line.words) == 1
    menu = Counter[str]()
    for hit in line.hits:
        size = hit.end - hit.start
        (told if hit.entry.kind in _AMID or size > 1 or only else menu)[hit.entry.category] += size
    sizes = told or (menu if otherwise in _TELLS_NOTHING else told)
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
    words = words_of_each(fresh)
    for text, row, hits in zip(fresh, words, _hits_of(words, phrases), strict=True):
        known[text] = Line(-1, 0, text, row, hits, phrases)
    lines = []
    for index, (text, block) in enumerate(zip(texts, page.blocks, strict=True)):
        known[text] = line = known[text].moved(index, block.start)
        lines.append(line)
    tables = _table_rows(lines) if "|" in page.text else frozenset[int]()
    return Reading(tuple(lines), url, top, bottom, tables, phrases)
