"""What a line of text is by itself, whatever stands around it: remembered for the passes over one document."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from cleaner.detectors.characters import count_classes
from cleaner.detectors.linetokens import WordTable
from cleaner.detectors.reading import Line

__all__ = ["PROSE_WORDS", "SHAPES", "LineMemory"]

SHAPES = (
    "words",
    "chars",
    "word_length",
    "closed",
    "colon",
    "spoken",
    "bullet",
    "upper",
    "lower",
    "capital_share",
    "digit_share",
    "comma_share",
    "stops",
    "signs",
    "whole",
    "weak",
    "hints",
    "has",
    "opens",
    "score",
)
"""The columns of `LineMemory.table`."""
PROSE_WORDS = 14  # a closed line with as many words is prose
_HEAD = 160  # characters of a line whose kinds are counted
_LONG = 5  # letters of a word that says what a text is about, and of its stem
_SIGNS = frozenset("|·•»›>©®→/\\[]{}#@*_=+~^&$€£%")
_NO_PHRASES = (0.0,) * 5
_KINDS = {"whole": 0, "heads": 0, "weak": 1, "hints": 2, "has": 3, "opens": 4}


class LineMemory:
    """The shapes, scores and words of the lines seen of one document, each computed once."""

    def __init__(self, words: WordTable) -> None:
        self._score = words.score
        self._rows: dict[str, int] = {}
        self._numbers: dict[str, int] = {}
        self._words: list[NDArray[np.intp]] = []
        self.table = np.zeros((0, len(SHAPES)), dtype=np.float32)
        self._stems: dict[str, int] = {}
        self.stems = np.zeros(0, dtype=np.intp)
        """For the number of each word, the number of its stem if it is long, else -1."""

    def rows_of(self, lines: Sequence[Line]) -> list[int]:
        """The row of `table` for each line."""
        known = self._rows
        fresh = list({ln.text: ln for ln in lines if ln.text not in known}.values())
        if fresh:
            self._learn(fresh)
        return [known[ln.text] for ln in lines]

    def words_of(self, rows: Sequence[int]) -> list[NDArray[np.intp]]:
        """The numbers of the different words of each row; at least one."""
        return [self._words[row] for row in rows]

    def _learn(self, lines: Sequence[Line]) -> None:
        numbers, score = self._numbers, self._score
        numbered = len(numbers)
        table, ids, ends = [], list[int](), []
        for line in lines:
            self._rows[line.text] = len(self._rows)
            ids += [numbers.setdefault(w, len(numbers)) for w in dict.fromkeys(line.words or ("",))]
            ends.append(len(ids))
            table.append((*_shape(line), score(line.words)))
        joined = np.asarray(ids, dtype=np.intp)
        self._words += [joined[a:b] for a, b in zip([0, *ends], ends, strict=False)]
        rows = np.asarray(table, dtype=np.float32)
        of = count_classes([line.text[:_HEAD] for line in lines])
        size = np.minimum(rows[:, 1], _HEAD)
        for name, column in (("capital", 9), ("digit", 10), ("comma", 11), ("stop", 12)):
            rows[:, column] = of[name] / size
        rows[:, 0], rows[:, 1] = np.log1p(rows[:, 0]), np.log1p(rows[:, 1])
        self.table = np.concatenate((self.table, rows))
        fresh = islice(numbers, numbered, None)
        stems = self._stems
        found = [stems.setdefault(w[:_LONG], len(stems)) if len(w) >= _LONG else -1 for w in fresh]
        self.stems = np.concatenate((self.stems, np.asarray(found, dtype=np.intp)))


def _shape(line: Line) -> tuple[float, ...]:
    """The columns of `SHAPES` up to the score; counts of characters are filled in later."""
    text, count = line.text, len(line.words)
    signs = len(_SIGNS.intersection(text[:_HEAD]))
    first, last = text[0], text[-1]
    ends = (line.closed, last == ":", line.spoken, line.bullet, first.isupper(), first.islower())
    return (count, len(text), len(text) / max(1, count), *ends, 0.0, 0.0, 0.0, 0.0, signs, *_phrases(line, count))


def _phrases(line: Line, count: int) -> Sequence[float]:
    """How much of a line the phrases of each kind are."""
    if not line.hits:
        return _NO_PHRASES
    found = [0.0] * 5
    for hit in line.hits:
        found[_KINDS.get(hit.entry.kind, 2)] += 1.0 if hit.entry.kind == "has" else (hit.end - hit.start) / count
    return found
