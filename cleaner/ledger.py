"""The account of a text while pieces are taken out of it: what is left, as a reader sees it, and where each piece was.

The *source* is the visible text of the dump. The *view* is what remains: its paragraphs tidied and joined. Tidying only
touches characters without ink, so the n-th ink character of a paragraph is the n-th of its source spans; that is the
whole mapping between the two.
"""

from __future__ import annotations

import operator
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from cleaner.extractors.plain import BULLET, page_of_lines
from cleaner.model import Block, Page, Removal, Span, Verdict
from cleaner.text.normalize import INK, tidy

__all__ = ["Ledger", "Paragraph", "account"]

_LONG = 100  # characters: a line this long is a paragraph of its own, not a verse, an address or a row


class Paragraph(NamedTuple):
    """A paragraph of the view and the source spans it was made of, in order."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The state of one document: its source, and the paragraphs that are left with the break before each."""

    source: str
    paragraphs: tuple[Paragraph, ...]
    view: str
    starts: tuple[int, ...]

    @classmethod
    def open(cls, source: str, blocks: Iterable[Block]) -> Ledger:
        """Start with the given blocks of the source."""
        return cls.of(source, list(cls._paragraphs(source, [(Span(b.start, b.end),) for b in blocks])))

    @staticmethod
    def _paragraphs(source: str, groups: Iterable[tuple[Span, ...]]) -> Iterator[Paragraph]:
        """The paragraph of each group of spans that holds any ink."""
        for spans in groups:
            text = tidy(source[slice(*spans[0])] if len(spans) == 1 else " ".join([source[a:b] for a, b in spans]))
            if text:
                yield Paragraph(text, spans)

    @classmethod
    def of(cls, source: str, paragraphs: Sequence[Paragraph]) -> Ledger:
        """The state in which just these paragraphs are left."""
        gaps = [_gap(source, a, b) for a, b in pairwise(paragraphs)]
        airy = True in gaps
        texts = [paragraph.text for paragraph in paragraphs]
        parts, starts = texts[:1], [0][: len(texts)]
        length = len(texts[0]) if texts else 0
        for gap, (above, text) in zip(gaps, pairwise(texts), strict=True):
            between = "\n\n" if gap else _break(above, text, airy)
            parts += between, text
            starts.append(length + len(between))
            length = starts[-1] + len(text)
        return cls(source, tuple(paragraphs), "".join(parts), tuple(starts))

    def page(self) -> Page:
        """The view as a page of its own."""
        return page_of_lines(self.view, list(map(Block, self.starts, self._ends())))

    def _ends(self) -> list[int]:
        """Where each paragraph of the view ends."""
        return [start + len(paragraph.text) for start, paragraph in zip(self.starts, self.paragraphs, strict=True)]

    def cut(self, page: Page, verdicts: Sequence[Verdict]) -> tuple[Ledger, list[tuple[Verdict, tuple[Span, ...]]]]:
        """Take spans of the view (sorted, apart) out; the new ledger, and where in the source each cut lay.

        The paragraphs of the new ledger are the blocks of `page` (the view cut into blocks) less the cuts.
        """
        inks: dict[int, _Inks] = {}
        removed = [(v, self._to_source(v.start, v.end, inks)) for v in verdicts]
        known = dict(zip(self.starts, self.paragraphs, strict=True))
        paragraphs: list[Paragraph] = []
        todo = deque(verdicts)
        for block in page.blocks:
            same = known.get(block.start)
            if same and len(same.text) == block.end - block.start and not (todo and todo[0].start < block.end):
                paragraphs.append(same)
                continue
            spans: list[Span] = []
            at = block.start
            while todo and todo[0].start < block.end:
                verdict = todo.popleft()
                spans += self._to_source(at, verdict.start, inks)
                at = max(at, verdict.end)
            spans += self._to_source(at, block.end, inks)
            paragraphs += self._paragraphs(self.source, [tuple(spans)])
        if len(paragraphs) == len(self.paragraphs) and all(map(operator.is_, paragraphs, self.paragraphs)):
            return self, removed
        return self.of(self.source, paragraphs), removed

    def meets(self, verdict: Verdict, spans: Sequence[Span]) -> bool:
        """Whether a span of the view lies, in part, on one of these (sorted) spans of the source."""
        starts = [s.start for s in spans]
        for own in self._to_source(verdict.start, verdict.end, {}):
            at = bisect_left(starts, own.end)
            if at and spans[at - 1].end > own.start:
                return True
        return False

    def _to_source(self, start: int, end: int, inks: dict[int, _Inks]) -> tuple[Span, ...]:
        """The source spans under a range of the view; `inks` remembers the paragraphs that were cut before."""
        found: list[Span] = []
        for i in range(max(0, bisect_right(self.starts, start) - 1), bisect_left(self.starts, end)):
            paragraph, at = self.paragraphs[i], self.starts[i]
            stop = at + len(paragraph.text)
            if stop <= start:
                continue
            low, high = max(start, at) - at, min(end, stop) - at
            if high - low == len(paragraph.text):
                found += paragraph.spans
                continue
            if len(paragraph.spans) == 1 and paragraph.spans[0].end - paragraph.spans[0].start == len(paragraph.text):
                found += _inked(paragraph, low, high)
                continue
            if i not in inks:
                inks[i] = _Inks.of(self.source, paragraph)
            found += inks[i].spans(low, high)
        return tuple(found)


def _inked(paragraph: Paragraph, low: int, high: int) -> list[Span]:
    """The source span under a range of a paragraph that tidying left as long as it was; without white space around."""
    text, start = paragraph.text, paragraph.spans[0].start
    while low < high and not INK.match(text, low):
        low += 1
    while low < high and not INK.match(text, high - 1):
        high -= 1
    return [Span(start + low, start + high)] if low < high else []


@dataclass(frozen=True, slots=True)
class _Inks:
    """Where each ink character of a paragraph stands: in its text, in the source; and how many end with each span."""

    view: Sequence[int]
    source: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, source: str, paragraph: Paragraph) -> _Inks:
        places: list[int] = []
        ends: list[int] = []
        for span in paragraph.spans:
            places += [span.start + m.start() for m in INK.finditer(source[span.start : span.end])]
            ends.append(len(places))
        return cls([m.start() for m in INK.finditer(paragraph.text)], places, ends)

    def spans(self, low: int, high: int) -> list[Span]:
        """The source spans under a range of the paragraph's text."""
        at, last = bisect_left(self.view, low), bisect_left(self.view, high)
        out: list[Span] = []
        for end in self.ends[bisect_right(self.ends, at) :]:
            stop = min(end, last)
            if at >= stop:
                break
            out.append(Span(self.source[at], self.source[stop - 1] + 1))
            at = stop
        return out


def _gap(source: str, above: Paragraph, below: Paragraph) -> bool:
    """Whether a blank line stands somewhere between two paragraphs in the source."""
    start, end = above.spans[-1].end, below.spans[0].start
    return end - start > 1 and (source.count("\n", start, end) > 1 or source.count("\r", start, end) > 1)


def _break(above: str, below: str, airy: bool) -> str:
    """Between paragraphs a blank line; rows of a list, a verse or an address stay together."""
    if airy and len(above) < _LONG and len(below) < _LONG:
        return "\n"
    return "\n" if BULLET.match(above) and BULLET.match(below) else "\n\n"


def account(
    ledger: Ledger, removed: Iterable[tuple[Span, str, str, float, str | None]]
) -> tuple[tuple[Removal, ...], tuple[Span, ...]]:
    """Removals and kept spans that tile the source: each span reaches to the next one's start, the first from 0.

    `removed` rows are (span, category, evidence, score, path).
    """
    source, places = ledger.source, _Places(ledger)
    rows: list[tuple[Span, tuple[str, str, float, str | None] | None]] = [
        (s, (c, e, p, w)) for s, c, e, p, w in removed
    ]
    rows += [(s, None) for p in ledger.paragraphs for s in p.spans]
    rows.sort(key=lambda row: row[0].start)
    removals: list[Removal] = []
    spans: list[Span] = []
    start = 0
    for i, (_, why) in enumerate(rows):
        end = rows[i + 1][0].start if i + 1 < len(rows) else len(source)
        if why is None:
            if spans and spans[-1].end == start:
                spans[-1] = Span(spans[-1].start, end)
            else:
                spans.append(Span(start, end))
        else:
            removals.append(Removal(source[start:end].strip(), *why[:3], start, end, why[3], places.of(start)))
        start = end
    return tuple(removals), tuple(spans)


class _Places:
    """Offsets of the source → the offsets of the view where what was cut out there would stand."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._firsts = [p.spans[0].start for p in ledger.paragraphs]
        self._inks: dict[int, _Inks] = {}  # of the paragraphs that were asked for: one may be cut in a thousand places

    def of(self, offset: int) -> int:
        """Behind the last ink character of the view that stands before an offset of the source."""
        at = bisect_left(self._firsts, offset) - 1
        if at < 0:
            return 0
        paragraph, start = self._ledger.paragraphs[at], self._ledger.starts[at]
        if paragraph.spans[-1].end <= offset:
            return start + len(paragraph.text)
        if at not in self._inks:
            self._inks[at] = _Inks.of(self._ledger.source, paragraph)
        inks = self._inks[at]
        before = bisect_left(inks.source, offset)
        return start + (inks.view[before - 1] + 1 if before else 0)
