"""The tokens of a line of text that the line model's word table weighs: words, pairs, how it begins and ends, all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["line_score", "line_tokens"]

_CORE = 20  # words of a line up to which all of them count; of a longer one only those at its ends
_EDGE = 8
_WHOLE = 6  # words of a line that is a token as a whole
_SIZES = (1, 2, 3, 4, 6, 9, 13, 20, 40)


def line_tokens(words: Sequence[str]) -> list[str]:
    """The different tokens of a line, in order; every number is the same.

    >>> line_tokens(("read", "more", "2025"))
    ['read', 'more', '0', 'read more', 'more 0', '^read', '0$', '^read more', 'more 0$', '=read more 0', '#3']
    """
    if not words:
        return ["#0"]
    count = len(words)
    core = words if count <= _CORE else (*words[:_EDGE], *words[-_EDGE:])
    row = [w if w.isalpha() or not w[0].isdigit() else "0" for w in core]
    pairs = [a + " " + b for a, b in zip(row, row[1:], strict=False)]
    found = dict.fromkeys(row + pairs)
    found["^" + row[0]] = None
    found[row[-1] + "$"] = None
    if pairs:
        found["^" + pairs[0]] = None
        found[pairs[-1] + "$"] = None
    if count <= _WHOLE:
        found["=" + " ".join(row)] = None
    found[f"#{next((size for size in _SIZES if count <= size), 0)}"] = None
    return list(found)


def line_score(weights: Mapping[str, float], words: Sequence[str]) -> float:
    """The sum of the weights of a line's tokens: log-odds of being article text."""
    get = weights.get
    return sum([get(token, 0.0) for token in line_tokens(words)])
