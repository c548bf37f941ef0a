"""A page as the detectors read it: its lines with their words, the phrases found in them, and their shape."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from cleaner.model import Claim, Page, Verdict, Widget
from cleaner.text.lexicon import WORD, Hit, lexicon
from cleaner.text.normalize import fold
from cleaner.text.sentences import ends_sentence, sentences

__all__ = ["Findings", "Line", "Parsed", "Reading", "read", "table_rows"]

_GLUE = re.compile(r"(?<=[^\W\d_A-ZÀ-Þ])(?=[A-ZÀ-Þ])|(?<=[^\W_])(?=\[)")
_SPOKEN = ('"', "“", "„", "«", "‘", "(", "- “", "—")
_BULLET = re.compile(r"[-*•▪‣◦–·+→►]\s|\d{1,3}[.)]\s")


Parsed = tuple[tuple[str, ...], tuple[int, ...], tuple[Hit, ...]]  # the words of a line, their offsets, the phrases


@dataclass(frozen=True)
class Line:
    """One block of the page and what is cheap to know of it."""

    index: int
    start: int
    text: str
    words: tuple[str, ...]
    offsets: tuple[int, ...]  # of each word within `text`
    hits: tuple[Hit, ...]

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @cached_property
    def closed(self) -> bool:
        """Ends as a sentence does."""
        return ends_sentence(self.text)

    @property
    def spoken(self) -> bool:
        """Begins as a quotation or a stage direction does."""
        return self.text.startswith(_SPOKEN)

    @property
    def columns(self) -> int:
        """Cells of a row of a table."""
        return self.text.count("|") + 1

    @cached_property
    def bullet(self) -> bool:
        return bool(_BULLET.match(self.text))

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        return sentences(self.text)

    @cached_property
    def unglued(self) -> tuple[tuple[str, ...], tuple[Hit, ...]]:
        """Words and hits after cutting where a scraper lost the space: `FacebookXReddit`."""
        if not _GLUE.search(self.text):
            return self.words, self.hits
        words = tuple(WORD.findall(fold(_GLUE.sub(" ", self.text))))
        return words, tuple(lexicon().hits(words))

    def word_at(self, offset: int) -> int:
        """The index of the first word at or after a character offset of `text`."""
        low, high = 0, len(self.offsets)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.offsets[middle] < offset else (low, middle)
        return low


@dataclass(frozen=True, slots=True)
class Reading:
    """What every detector gets: the lines of a text, and what the caller knows of the page."""

    lines: tuple[Line, ...]
    url: str | None = None
    top: bool = True
    bottom: bool = True
    """False where the lines are a part of a document that goes on above `top`, or below `bottom`."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What every detector answers."""

    verdicts: Sequence[Verdict] = ()
    widgets: Sequence[Widget] = ()
    claims: Sequence[Claim] = ()


def table_rows(lines: Sequence[Line]) -> frozenset[int]:
    """Where lines of as many columns stand below each other, one of them with numbers: they are rows of a table."""
    found: set[int] = set()
    for a, b in zip(lines, lines[1:], strict=False):
        if a.columns > 2 and a.columns == b.columns and any(w[0].isdigit() for w in (*a.words, *b.words)):
            found |= {a.start, b.start}
    return frozenset(found)


def read(
    page: Page,
    url: str | None = None,
    *,
    top: bool = True,
    bottom: bool = True,
    known: dict[str, Parsed] | None = None,
) -> Reading:
    """Cut a page's blocks into words and look up the phrases in them, once for all detectors.

    `known` remembers what was found in a line, for the passes over one document.
    """
    known = {} if known is None else known
    lines = []
    for index, block in enumerate(page.blocks):
        text = page.text[block.start : block.end]
        parsed = known.get(text)
        if parsed is None:
            parsed = known[text] = _parse(text)
        lines.append(Line(index, block.start, text, *parsed))
    return Reading(tuple(lines), url, top, bottom)


def _parse(text: str) -> Parsed:
    found = [(m[0], m.start()) for m in WORD.finditer(fold(text))]
    words = tuple(w for w, _ in found)
    return words, tuple(o for _, o in found), tuple(lexicon().hits(words))
