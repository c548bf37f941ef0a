"""One pass over an output: what is counted of it, and the documents that the report shows. Memory is bounded."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from cleaner.review.rows import Row
from cleaner.text.fingerprint import digest

__all__ = ["BINS", "Group", "Summary", "collect"]

BINS = 20  # of the confidence
_SITES = 20_000  # sites that are counted apart; those met later are counted together
_WORST = 12  # documents of each kind that is worth a look
_EXAMPLES = 3  # rejects shown of each reason


@dataclass(slots=True)
class Group:
    """What is counted of a site, of a language, or of all: characters kept and removed, and those by category."""

    documents: int = 0
    kept: int = 0
    removed: Counter[str] = field(default_factory=Counter)
    confidence: float = 0.0

    def add(self, row: Row) -> None:
        self.documents += 1
        self.kept += len(row.body)
        self.confidence += row.confidence
        for removal in row.removed or ():
            self.removed[removal.category] += len(removal.text)

    @property
    def share(self) -> float:
        """The part of all characters that was removed (0..1)."""
        gone = self.removed.total()
        return gone / max(1, gone + self.kept)


@dataclass(slots=True)
class Summary:
    """All that the report tells. `sample` are the documents by their number, `worth` the numbers of those that are worth a look, by why."""

    total: Group = field(default_factory=Group)
    words: int = 0
    pieces: int = 0
    has_removed: bool = True
    sites: dict[str, Group] = field(default_factory=dict)
    languages: dict[str, Group] = field(default_factory=dict)
    confidence: Counter[int] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)
    """Bodies by their words: 0 for none, n for 2**(n-1) up to 2**n words."""
    rejects: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    sample: dict[int, Row] = field(default_factory=dict)
    worth: dict[str, list[int]] = field(default_factory=dict)

    def count(self, row: Row) -> None:
        """Count a row."""
        self.total.add(row)
        words = len(row.body.split())
        self.words += words
        self.pieces += len(row.removed or ())
        self.has_removed &= row.removed is not None
        site = row.site if row.site in self.sites or len(self.sites) < _SITES else "(other sites)"
        self.sites.setdefault(site, Group()).add(row)
        self.languages.setdefault(row.language, Group()).add(row)
        self.confidence[min(BINS - 1, max(0, int(row.confidence * BINS)))] += 1
        self.lengths[words.bit_length()] += 1

    def reject(self, row: Mapping[str, str]) -> None:
        """Count a reject."""
        self.rejects[row["reason"]] += 1
        shown = self.examples.setdefault(row["reason"], [])
        if len(shown) < _EXAMPLES:
            shown.append((row["id"], row["detail"]))


class _Best:
    """The documents with the highest marks, and of equal ones those with the smallest digest: order does not matter."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._heap: list[tuple[float, int, int, Row]] = []

    def offer(self, mark: float, key: int, number: int, row: Row) -> None:
        """Take a document in if it is among the best so far; `number` keeps two documents of one id apart."""
        item = (mark, -key, -number, row)
        if len(self._heap) < self._size:
            heapq.heappush(self._heap, item)
        elif self._heap and item[:3] > self._heap[0][:3]:
            heapq.heapreplace(self._heap, item)

    def best(self) -> list[tuple[int, Row]]:
        return [(-number, row) for _, _, number, row in sorted(self._heap, key=lambda item: item[:3], reverse=True)]


def _gone(row: Row) -> int:
    return sum(len(removal.text) for removal in row.removed or ())


_WORTH: dict[str, Callable[[Row], float]] = {
    "Least confident": lambda row: 1.0 - row.confidence,
    "Most removed, as a share": lambda row: _gone(row) / max(1, _gone(row) + len(row.body)),
    "Largest change, in characters": lambda row: float(_gone(row)),
}
"""Why a document is worth a look → its mark; with a mark of 0 it is not."""


def collect(rows: Iterable[Row], rejects: Iterable[Mapping[str, str]], size: int) -> Summary:
    """Read an output once. The sample of `size` documents is drawn by the digest of their ids, whatever their order."""
    summary = Summary()
    drawn = _Best(size)
    worst = {name: _Best(_WORST) for name in _WORTH}
    for number, row in enumerate(rows):
        summary.count(row)
        key = digest(row.id)
        drawn.offer(-key, key, number, row)
        for name, mark in _WORTH.items():
            if (value := mark(row)) > 0:
                worst[name].offer(value, key, number, row)
    for reject in rejects:
        summary.reject(reject)
    chosen = dict(drawn.best())
    for name, best in worst.items():
        found = best.best()
        summary.worth[name] = [number for number, _ in found]
        chosen |= found
    summary.sample = dict(sorted(chosen.items()))
    return summary
