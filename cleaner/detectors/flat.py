"""Dumps whose line breaks are gone: their few long lines are cut into pieces that can be judged as lines are.

A piece of furniture in running text often follows no full stop, so that besides the ends of sentences the words decide:
where their weights turn from article to furniture or back, there is a cut.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cleaner.detectors.decoding import decode
from cleaner.detectors.reading import Line
from cleaner.model import Block

if TYPE_CHECKING:  # it needs numpy, which a short text can do without
    from cleaner.detectors.linetokens import WordTable

__all__ = ["cut_flat", "is_flat"]

_MOST_LINES = 3
_LEAST_WORDS = 150  # of a line that is a whole dump rather than a paragraph
_WORD = 0.3  # log-odds that every word has in its favour
_SWITCH = 1.5  # log-odds that a change between words costs


def is_flat(lines: Sequence[Line]) -> bool:
    """Whether a text has lost its line breaks."""
    return len(lines) <= _MOST_LINES and any(len(line.words) >= _LEAST_WORDS for line in lines)


def cut_flat(lines: Sequence[Line], table: WordTable) -> list[Block]:
    """The pieces of a flat text, without the white space between them."""
    return [
        Block(line.start + start, line.start + end)
        for line in lines
        for start, end in (_pieces(line, table) if len(line.words) >= _LEAST_WORDS else [(0, len(line.text))])
    ]


def _pieces(line: Line, table: WordTable) -> list[tuple[int, int]]:
    """Sentences, cut further where the words turn."""
    kept = decode([score + _WORD for score in table.word_scores(line.words)], _SWITCH)
    starts = [start for start, _ in line.sentences]
    cuts = set(starts)
    for at in range(1, len(kept)):
        if kept[at] != kept[at - 1]:
            cut = _word_start(line.text, line.offsets[at])
            if cut > starts[max(0, bisect_right(starts, cut) - 1)]:
                cuts.add(cut)
    ordered = sorted(cuts)
    ends = [*ordered[1:], len(line.text)]
    return [(a, a + len(line.text[a:b].rstrip())) for a, b in zip(ordered, ends, strict=True) if line.text[a:b].strip()]


def _word_start(text: str, offset: int) -> int:
    """Where the run of characters without white space begins that an offset lies in: signs before a word go with it."""
    while offset and not text[offset - 1].isspace():
        offset -= 1
    return offset
