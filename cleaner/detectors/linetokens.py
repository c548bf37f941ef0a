"""The tokens of a line of text that the line model's word table weighs: words, pairs, how it begins and ends, all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray

__all__ = ["WordTable", "line_tokens"]

_CORE = 16  # words of a line up to which all of them count; of a longer one only those at its ends
_EDGE = 7
_WHOLE = 6  # words of a line that is a token as a whole
_STEM = 4  # letters of a longer word that count by themselves: `subscribe`, `subscription`, `Abonnement`, `abonnieren`
_SIZES = (1, 2, 3, 4, 6, 9, 13, 20, 40)


def line_tokens(words: Sequence[str]) -> list[str]:
    """The tokens of a line, in order; every number is the same.

    >>> line_tokens(("read", "stories", "2025"))
    ['read', 'stories', '0', 'stor~', 'read stories', 'stories 0', '^read', '0$', '^read stories', 'stories 0$', '=read stories 0', '#3']
    """
    if not words:
        return ["#0"]
    count, row = len(words), _core(words)
    pairs = [a + " " + b for a, b in zip(row, row[1:], strict=False)]
    found = row + [w[:_STEM] + "~" for w in row if len(w) > _STEM] + pairs
    found += ["^" + row[0], row[-1] + "$"]
    if pairs:
        found += ["^" + pairs[0], pairs[-1] + "$"]
    if count <= _WHOLE:
        found.append("=" + " ".join(row))
    found.append(f"#{_size(count)}")
    return found


def _core(words: Sequence[str]) -> list[str]:
    core = words if len(words) <= _CORE else (*words[:_EDGE], *words[-_EDGE:])
    return [w if w.isalpha() or not w[0].isdigit() else "0" for w in core]


def _size(count: int) -> int:
    """The least of `_SIZES` that holds so many words; 0 for none of them, and for a line without words."""
    return next((size for size in _SIZES if count <= size), 0) if count else 0


class WordTable:
    """The weights of tokens, kept by kind, so that a line is scored without writing its tokens out."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._word: dict[str, float] = {}
        self._stem: dict[str, float] = {}
        self._pair: dict[tuple[str, ...], float] = {}
        self._opens: dict[tuple[str, ...], float] = {}
        self._ends: dict[tuple[str, ...], float] = {}
        self._whole: dict[tuple[str, ...], float] = {}
        for token, weight in weights.items():
            inner = tuple(token.strip("^$=").split(" "))
            if token[0] == "#":
                continue
            if token[0] in "^=":
                (self._opens if token[0] == "^" else self._whole)[inner] = weight
            elif token[-1] == "$":
                self._ends[inner] = weight
            elif token[-1] == "~":
                self._stem[token[:-1]] = weight
            elif len(inner) > 1:
                self._pair[inner] = weight
            else:
                self._word[token] = weight
        self._size = [weights.get("#" + str(_size(count)), 0.0) for count in range(_SIZES[-1] + 2)]

    def score(self, words: Sequence[str]) -> float:
        """The sum of the weights of a line's tokens: log-odds of being article text."""
        core = _core(words)
        total = self._of_edges(core, len(words))
        total += sum(map(self._word.get, core, repeat(0.0)))
        total += sum(map(self._stem.get, [w[:_STEM] for w in core if len(w) > _STEM], repeat(0.0)))
        return total + sum(map(self._pair.get, zip(core, core[1:], strict=False), repeat(0.0)))

    def scores(self, rows: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """For many lines at once their scores, and the shares of their words, but for the middle of long lines, that have a
        weight: how well the table knows their language.
        """
        cores = [_core(row) if row else [""] for row in rows]
        flat = list(chain.from_iterable(cores))
        sizes = np.asarray(list(map(len, cores)), dtype=np.intp)
        ends = np.cumsum(sizes)
        starts = ends - sizes
        zeros = repeat(0.0)
        found = np.fromiter(map(self._word.get, flat, zeros), np.float64, len(flat))
        stems = [w[:_STEM] if len(w) > _STEM else "" for w in flat]
        found += np.fromiter(map(self._stem.get, stems, zeros), np.float64, len(flat))
        pairs = np.fromiter(map(self._pair.get, zip(flat, [*flat[1:], ""], strict=True), zeros), np.float64, len(flat))
        pairs[ends - 1] = 0.0  # of the last word of a line and the first of the next
        totals = np.add.reduceat(found + pairs, starts)
        totals += [self._of_edges(core, len(row)) for core, row in zip(cores, rows, strict=True)]
        return np.stack([totals, np.add.reduceat(found != 0.0, starts, dtype=np.float64) / sizes])

    def _of_edges(self, core: Sequence[str], count: int) -> float:
        """What a line's length, its beginning, its end and all of it say."""
        total = self._size[min(count, _SIZES[-1] + 1)]
        if not count:
            return total
        opens, ends = self._opens.get, self._ends.get
        total += opens((core[0],), 0.0) + ends((core[-1],), 0.0)
        if count > 1:
            total += opens((core[0], core[1]), 0.0) + ends((core[-2], core[-1]), 0.0)
        return total + self._whole.get(tuple(core), 0.0) if count <= _WHOLE else total

    def word_scores(self, words: Sequence[str]) -> list[float]:
        """The weight of each word of a long line by itself and with the words beside it."""
        row = [w if w.isalpha() or not w[0].isdigit() else "0" for w in words]
        stem = self._stem.get
        scores = [self._word.get(w, 0.0) + (stem(w[:_STEM], 0.0) if len(w) > _STEM else 0.0) for w in row]
        for at, weight in enumerate(map(self._pair.get, zip(row, row[1:], strict=False), repeat(0.0))):
            if weight:
                scores[at] += weight / 2
                scores[at + 1] += weight / 2
        return scores
