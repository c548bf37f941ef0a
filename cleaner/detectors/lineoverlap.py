"""How much a line speaks of what the rest of its text speaks of: the words that it shares with the text's prose, and with
its address."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.detectors.lineshapes import LineMemory

__all__ = ["OVERLAP", "overlap_of"]

OVERLAP = (
    *("overlap", "overlap_long", "copies", "copied", "topic", "topic_near", "topic_gap", "topic_new"),
    *("address", "address_share", "from_headline", "from_last_headline"),
)
"""Shares of a line's words, and of its long words, that the text's prose has too, other than in this line; how often the
same line stands in the text, and whether it stood before; of the stems of its long words the share that the text's prose
has, that prose near by has, how far the first is below what is usual for prose of this text, and how many nothing else has.
Of the words of the address, if it says anything, the share that the line has; the share of the line that they are; how
many lines above it the first line stands that says what the address says, and the last one.
"""

_NEAR = 5  # lines around a line that are near
_MOST = 5  # copies of a line beyond which more do not matter
_TELLING = 3  # words of an address that says what the article is about
_SAYS = 0.6  # share of them that a line has which is the headline
_FAR = 60  # lines beyond which it does not matter how far


def overlap_of(
    rows: Sequence[int], prose: NDArray[np.bool_], memory: LineMemory, slug: Set[str] = frozenset()
) -> NDArray[np.float32]:
    """The rows of `OVERLAP` for the lines of a text; `prose` marks those that are prose, `slug` are the words of its
    address.
    """
    words = memory.words_of(rows)
    joined = np.concatenate(words)
    sizes = np.asarray(list(map(len, words)))
    starts = np.cumsum(sizes) - sizes
    inside = np.repeat(prose, sizes)
    lines_with = np.bincount(joined[inside], minlength=len(memory.stems))
    shared = lines_with[joined] > inside
    stems = memory.stems[joined]
    long = stems >= 0
    share = np.add.reduceat(shared, starts, dtype=np.float32) / sizes
    share_long = np.add.reduceat(shared & long, starts, dtype=np.float32)
    count_long = np.add.reduceat(long, starts, dtype=np.float32)
    same = np.asarray(rows)
    copied = np.ones(len(rows), dtype=np.bool_)
    copied[np.unique(same, return_index=True)[1]] = False
    mine = [
        share,
        np.where(count_long > 0, share_long / np.maximum(count_long, 1), -1.0),
        np.minimum(np.bincount(same).take(same), _MOST),
        copied,
    ]
    index = np.repeat(np.arange(len(rows)), sizes)
    addressed = _addressed(joined, starts, sizes, memory.numbers_of(slug))
    return np.stack([*mine, *_topics(stems[long], index[long], prose), *addressed]).astype(np.float32)


def _addressed(
    words: NDArray[np.intp], starts: NDArray[np.intp], sizes: NDArray[np.intp], slug: Sequence[int]
) -> list[NDArray[Any]]:
    """The rows of the address, from the numbers of the different words of all lines and of its own words, -1 for those
    that no line has.
    """
    count = len(starts)
    if len(slug) < _TELLING:
        return [np.full(count, -1.0)] * 4
    inside = np.add.reduceat(np.isin(words, [w for w in slug if w >= 0]), starts, dtype=np.float64)
    cover = inside / len(slug)
    says = (cover >= _SAYS) & (sizes <= 3 * len(slug) + 6)
    if not says.any():
        return [cover, inside / sizes, *[np.full(count, -float(_FAR))] * 2]
    index = np.arange(count)
    first = index - np.argmax(says)
    last = index - np.maximum.accumulate(np.where(says, index, -1))
    return [cover, inside / sizes, np.clip(first, -_FAR, _FAR), np.where(first < 0, -_FAR, np.minimum(last, _FAR))]


def _topics(stems: NDArray[np.intp], index: NDArray[np.intp], prose: NDArray[np.bool_]) -> list[NDArray[Any]]:
    """The last four rows, from the stem of each long word and the number of its line."""
    count = len(prose)
    keys = np.unique(stems * count + index)  # each stem of each line once, the lines of a stem in order
    stem, line = keys // count, keys % count
    position = np.arange(len(keys))
    prosy = prose[line]
    before = np.concatenate(([-1], np.maximum.accumulate(np.where(prosy, position, -1))[:-1]))[: len(keys)]
    after = np.minimum.accumulate(np.where(prosy, position, len(keys))[::-1])[::-1]
    after = np.concatenate((after[1:], [len(keys)]))[: len(keys)]
    far = np.full(len(keys), count)
    above, below = far, far
    if len(keys):
        last, following = np.maximum(before, 0), np.minimum(after, len(keys) - 1)
        above = np.where((before >= 0) & (stem[last] == stem), line - line[last], count)
        below = np.where((after < len(keys)) & (stem[following] == stem), line[following] - line, count)
    nearest = np.minimum(above, below)
    of = np.maximum(np.bincount(line, minlength=count), 1)
    known = np.bincount(line[nearest < count], minlength=count)
    near = np.bincount(line[nearest <= _NEAR], minlength=count) / of
    topic = known / of
    usual = topic[prose].mean() if prose.any() else 0.0
    return [topic, near, usual - topic, np.log1p(np.bincount(line, minlength=count) - known)]
