"""The tokens of a line of text that the line model's word table weighs: words, pairs, how it begins and ends, all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat

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
        count = len(words)
        total = self._size[min(count, _SIZES[-1] + 1)]
        if not count:
            return total
        row = _core(words)
        pairs = list(zip(row, row[1:], strict=False))
        total += sum(map(self._word.get, row, repeat(0.0)))
        total += sum(map(self._stem.get, [w[:_STEM] for w in row if len(w) > _STEM], repeat(0.0)))
        total += self._opens.get((row[0],), 0.0) + self._ends.get((row[-1],), 0.0)
        if pairs:
            total += sum(map(self._pair.get, pairs, repeat(0.0)))
            total += self._opens.get(pairs[0], 0.0) + self._ends.get(pairs[-1], 0.0)
        return total + self._whole.get(tuple(row), 0.0) if count <= _WHOLE else total

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
