"""Which blocks of a page are its labelled body: long blocks by word 4-grams in order, short ones by their neighbours."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Alignment", "align"]

_WORD = re.compile(r"\w+")
_GRAM = 4
_SHARE = 0.5  # of a block's 4-grams that must stand in the gold
_SLACK = 40  # words of the gold that may lie between a short block and the last one found


@dataclass(frozen=True, slots=True)
class Alignment:
    """Labels of the blocks of one page: True for body, False for not, None where the gold cannot tell (a second copy).

    `coverage` is the share of the gold's words that the labelled blocks hold (0..1).
    """

    labels: tuple[bool | None, ...]
    coverage: float


def align(blocks: Sequence[str], gold: str) -> Alignment:
    """Align the texts of a page's blocks with its labelled body.

    >>> align(["Menu", "One two three four five.", "Ok then", "Six seven eight nine.", "Ok then"],
    ...       "One two three four five. Ok then. Six seven eight nine.").labels
    (False, True, True, True, False)
    """
    target = _WORD.findall(gold.lower())
    words = [_WORD.findall(text.lower()) for text in blocks]
    spots = _spots(words, target)
    chain = _best_chain(spots, [len(w) for w in words])
    labels: list[bool | None] = [None if i in spots and i not in chain else False for i in range(len(blocks))]
    covered = 0
    cursor = 0
    order = sorted(chain)
    for i, row in enumerate(words):
        if i in chain:
            labels[i], cursor = True, chain[i] + len(row)
            covered += len(row)
        elif row and len(row) <= _SLACK and labels[i] is False:
            later = bisect_right(order, i)
            limit = chain[order[later]] if later < len(order) else len(target)
            spot = _find(row, target, cursor, min(limit, cursor + _SLACK))
            if spot >= 0:
                labels[i], cursor = True, spot + len(row)
                covered += len(row)
        elif not row and i and labels[i - 1]:
            labels[i] = None
    return Alignment(tuple(labels), min(1.0, covered / max(1, len(target))))


def _spots(words: Sequence[Sequence[str]], target: Sequence[str]) -> dict[int, int]:
    """For each block of four words or more that stands in the gold: where."""
    index: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for at in range(len(target) - _GRAM + 1):
        places = index[tuple(target[at : at + _GRAM])]
        if len(places) < 8:
            places.append(at)
    found = {}
    for i, row in enumerate(words):
        grams = [tuple(row[k : k + _GRAM]) for k in range(len(row) - _GRAM + 1)]
        if not grams:
            continue
        offsets: Counter[int] = Counter()
        hits = 0
        for k, gram in enumerate(grams):
            places = index.get(gram, [])
            hits += bool(places)
            for at in places:
                offsets[at - k] += 1
        if hits >= _SHARE * len(grams):
            best = max(offsets.values())
            found[i] = max(0, min(at for at, count in offsets.items() if count == best))
    return found


def _best_chain(spots: dict[int, int], sizes: Sequence[int]) -> dict[int, int]:
    """The blocks in the gold's order that hold most words (heaviest increasing chain)."""
    rows = sorted(spots.items())
    ends: list[int] = []  # spots, increasing
    best: list[tuple[int, int]] = []  # (weight of the best chain that ends at or before that spot, row)
    before: list[int] = []
    for n, (i, spot) in enumerate(rows):
        at = bisect_left(ends, spot)  # strictly before: two copies of a block cannot both be the gold's
        weight, previous = best[at - 1] if at else (0, -1)
        before.append(previous)
        weight += sizes[i]
        if at < len(ends) and ends[at] == spot and best[at][0] >= weight:
            continue
        stop = at
        while stop < len(ends) and best[stop][0] <= weight:
            stop += 1
        ends[at:stop], best[at:stop] = [spot], [(weight, n)]
    chain = {}
    n = best[-1][1] if best else -1
    while n >= 0:
        chain[rows[n][0]] = rows[n][1]
        n = before[n]
    return chain


def _find(row: Sequence[str], target: Sequence[str], start: int, stop: int) -> int:
    size = len(row)
    for at in range(start, min(stop, len(target) - size + 1)):
        if target[at] == row[0] and list(target[at : at + size]) == list(row):
            return at
    return -1
