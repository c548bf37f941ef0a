"""What a line of text is by itself, whatever stands around it: remembered for the passes over one document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate, chain, count

import numpy as np
from numpy.typing import NDArray

from cleaner.detectors.characters import codes_of, count_classes
from cleaner.detectors.linetokens import WordTable
from cleaner.detectors.reading import Line
from cleaner.text.lexicon import Words

__all__ = ["PROSE_WORDS", "SHAPES", "WEIGHED", "LineMemory"]

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
    "asks",
    "cries",
    "quotes",
    "mail",
    "whole",
    "weak",
    "hints",
    "has",
    "opens",
    "score",
    "known",
)
"""The columns of `LineMemory.table`."""
_AT = {name: number for number, name in enumerate(SHAPES)}
WEIGHED = slice(_AT["score"], _AT["known"] + 1)
"""The columns that a table of words fills in."""
_PHRASES = slice(_AT["whole"], _AT["opens"] + 1)
PROSE_WORDS = 14  # a closed line with as many words is prose
_HEAD = 160  # characters of a line whose kinds are counted
_LONG = 5  # letters of a word that says what a text is about, and of its stem
_SIGNS = "|·•»›>©®→/\\[]{}#@*_=+~^&$€£%"  # at most 32 of them
_QUOTED = re.compile('["“”„«»]')
_MAIL = re.compile(r"@|://|www\.")
_KINDS = {"whole": 0, "heads": 0, "weak": 1, "hints": 2, "has": 3, "opens": 4}


class LineMemory:
    """The shapes, scores and words of the lines seen of one document, each computed once."""

    def __init__(self, words: WordTable) -> None:
        self._scores = words.scores
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

    def numbers_of(self, words: Iterable[str]) -> list[int]:
        """The number of each word; -1 for one that no line has."""
        return [self._numbers.get(word, -1) for word in words]

    def _learn(self, lines: Sequence[Line]) -> None:
        self._rows.update(zip([line.text for line in lines], count(len(self._rows))))
        words = [line.words for line in lines]
        table = np.zeros((len(lines), len(SHAPES)), dtype=np.float32)
        _measure(lines, table)
        table[:, WEIGHED] = self._scores(words).T
        self.table = np.concatenate((self.table, table))
        self._number(words)

    def _number(self, rows: Sequence[Words]) -> None:
        """Remember which different words each row has."""
        numbers = self._numbers
        different = [dict.fromkeys(row or ("",)) for row in rows]
        flat = list(chain.from_iterable(different))
        fresh = [word for word in dict.fromkeys(flat) if word not in numbers]
        numbers.update(zip(fresh, count(len(numbers))))
        stems = self._stems
        found = [stems.setdefault(w[:_LONG], len(stems)) if len(w) >= _LONG else -1 for w in fresh]
        self.stems = np.concatenate((self.stems, np.asarray(found, dtype=np.intp)))
        joined = np.fromiter(map(numbers.__getitem__, flat), np.intp, len(flat))
        ends = list(accumulate(map(len, different)))
        self._words += [joined[a:b] for a, b in zip([0, *ends], ends, strict=False)]


def _measure(lines: Sequence[Line], table: NDArray[np.float32]) -> None:
    """Fill in the columns of `SHAPES` up to the score."""
    texts = [line.text for line in lines]
    words, chars = np.asarray([len(line.words) for line in lines]), np.asarray(list(map(len, texts)))
    firsts = [text[0] for text in texts]
    columns = {
        "words": np.log1p(words, dtype=np.float32),
        "chars": np.log1p(chars, dtype=np.float32),
        "word_length": chars / np.maximum(words, 1),
        "closed": [line.closed for line in lines],
        "colon": [text[-1] == ":" for text in texts],
        "spoken": [line.spoken for line in lines],
        "bullet": [line.bullet for line in lines],
        "asks": [text[-1] == "?" for text in texts],
        "cries": ["!" in text for text in texts],
        "quotes": [_QUOTED.search(text) is not None for text in texts],
        "mail": [_MAIL.search(text) is not None for text in texts],
        "upper": list(map(str.isupper, firsts)),
        "lower": list(map(str.islower, firsts)),
    }
    codes, starts = codes_of([text[:_HEAD] for text in texts])
    size, of = np.minimum(chars, _HEAD).astype(np.float32), count_classes(codes, starts)
    for share, name in (
        ("capital_share", "capital"),
        ("digit_share", "digit"),
        ("comma_share", "comma"),
        ("stops", "stop"),
    ):
        columns[share] = of[name] / size
    marked = np.bitwise_or.reduceat(_signs().take(codes), starts)
    columns["signs"] = (marked[:, None] >> np.arange(len(_SIGNS), dtype=np.uint32) & 1).sum(axis=1)
    for name, column in columns.items():
        table[:, _AT[name]] = column
    for row, line in enumerate(lines):
        if line.hits:
            table[row, _PHRASES] = _phrases(line, len(line.words))


@cache
def _signs() -> NDArray[np.uint32]:
    """For each character of the basic plane, the bit of the sign that it is."""
    bits = np.zeros(0x10000, dtype=np.uint32)
    bits[[ord(sign) for sign in _SIGNS]] = 1 << np.arange(len(_SIGNS), dtype=np.uint32)
    return bits


def _phrases(line: Line, count: int) -> Sequence[float]:
    """How much of a line the phrases of each kind are."""
    found = [0.0] * 5
    for start, end, entry in line.hits:
        kind = entry.kind
        found[_KINDS.get(kind, 2)] += 1.0 if kind == "has" else (end - start) / count
    return found
