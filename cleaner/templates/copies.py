"""Which dumps of a site are one article: crawled twice, syndicated, corrected. Copies are no evidence of each other.

Exact shingles and not MinHash: the articles of one site are few enough (`sample`) for a table of all pairs, and the
weights below, without which two short articles in the same long furniture look alike, need the shingles themselves.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from cleaner.data import thresholds
from cleaner.templates.sketch import Place
from cleaner.text.fingerprint import digest

__all__ = ["fold_copies"]

_WORD = re.compile(r"\w+")
_SIZE = 4  # words of a shingle
_MOST = 160  # shingles of an article, those with the smallest digests
_SCALE = 64  # weights are whole numbers, whose sums are exact in any order


def fold_copies(articles: Sequence[Sequence[Place]]) -> list[list[int]]:
    """Groups of indexes, each of the copies of one article, in the order of their first."""
    sets = _shingles(articles)
    parents = list(range(len(articles)))
    for a, b in _pairs(sets):
        low, high = sorted((_root(parents, a), _root(parents, b)))
        parents[high] = low
    groups: dict[int, list[int]] = {}
    for i in range(len(articles)):
        groups.setdefault(_root(parents, i), []).append(i)
    return list(groups.values())


def _root(parents: list[int], at: int) -> int:
    while parents[at] != at:
        parents[at] = parents[parents[at]]
        at = parents[at]
    return at


def _shingles(articles: Sequence[Sequence[Place]]) -> list[set[int]]:
    """The sampled shingles of each article, of its long lines where it has enough of them."""
    least = thresholds()["sites"]["prose_words"]
    out = []
    for lines in articles:
        words = [_WORD.findall(line.text.lower()) for line in lines]
        prose = [w for w in words if len(w) >= least]
        rows = prose if sum(map(len, prose)) >= 5 * least else words
        found = {digest(" ".join(row[i : i + _SIZE])) for row in rows for i in range(max(1, len(row) - _SIZE + 1))}
        out.append(set(sorted(found)[:_MOST]))
    return out


def _pairs(sets: Sequence[set[int]]) -> list[tuple[int, int]]:
    """Pairs whose shingles are mostly the same, each shingle weighed by how few articles have it."""
    import numpy as np  # only where sites are learned

    counts = Counter(shingle for found in sets for shingle in found)
    shared = sorted(shingle for shingle, count in counts.items() if count > 1)
    column = {shingle: i for i, shingle in enumerate(shared)}
    weight = {s: round(_SCALE * math.log(1 + len(sets) / counts[s])) for s in shared}
    alone = round(_SCALE * math.log(1 + len(sets)))
    table = np.zeros((len(sets), len(shared)), dtype=np.float64)
    total = np.zeros(len(sets), dtype=np.float64)
    for row, found in enumerate(sets):
        total[row] = sum(weight.get(s, alone) for s in found)
        table[row, [column[s] for s in found if s in column]] = 1.0
    both = (table * np.asarray([weight[s] for s in shared], dtype=np.float64)) @ table.T
    either = total[:, None] + total[None, :] - both
    near = np.argwhere(np.triu(both >= thresholds()["sites"]["same"] * either, 1))
    return [(int(a), int(b)) for a, b in near]
