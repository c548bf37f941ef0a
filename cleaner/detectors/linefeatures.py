"""What the line model sees of each line of a text: one row of numbers per feature, one column per line.

`FIRST` are the lines as they are, with what the rules said of them and what stands around them; `SECOND` the opinions
that trees over those have of a line, its neighbours and the whole text; `GATE` the text as a whole, in one column.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaner.detectors.lineoverlap import OVERLAP, overlap_of
from cleaner.detectors.lineshapes import PROSE_WORDS, SHAPES, WEIGHED, LineMemory
from cleaner.detectors.reading import Line, Reading
from cleaner.model import Verdict
from cleaner.text.lexicon import USERS
from cleaner.text.sites import slug_words

__all__ = [
    "EVIDENCE",
    "FIRST",
    "GATE",
    "SECOND",
    "LineTable",
    "first_features",
    "gate_features",
    "look_at",
    "second_features",
]

Rows: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]

_AT = {name: number for number, name in enumerate(SHAPES)}
EVIDENCE = ("context", "shape", "phrase", "header")
"""What rules go by that a model may outweigh, the surer the later."""
_EVIDENCE = {"context": 1.0, "shape": 2.0, "phrase": 3.0, "phrases": 3.0, "header": 4.0}
_USERS = f"phrase:{USERS}"
_WIDGET = 5.0  # every other evidence
_ARGUED = ("phrase:", "phrases:", "shape:", "context:b", "context:r", "header:")  # evidence that the model may outweigh
_RULES = ("rule", "rule_share", "rule_kind")
_ROW = {name: number for number, name in enumerate((*SHAPES, *_RULES, *OVERLAP))}
_NEAR = (
    "words",
    "closed",
    "score",
    "rule",
    "overlap_long",
    "topic",
    "whole",
    "weak",
)  # features of the neighbours, too
_OFFSETS = (-3, -2, -1, 1, 2, 3)
_WINDOWS = (2, 6)
_WINDOWED = ("score", "rule", "words")
_PLACE = (
    "place",
    "char_place",
    "from_start",
    "to_end",
    "prose_above",
    "prose_below",
    "to_prose_above",
    "to_prose_below",
)
_TOTALS = ("lines", "prose_lines", "prose_chars", "short_lines", "mean_score", "ruled", "doc_words", "doc_known")

FIRST = (
    *SHAPES,
    *_RULES,
    *OVERLAP,
    *(f"{name}{offset:+d}" for offset in _OFFSETS for name in _NEAR),
    *(f"{name}~{width}" for width in _WINDOWS for name in _WINDOWED),
    *_PLACE,
    *_TOTALS,
)
"""Names of the rows of stage 1."""

_STEPS = (-3, -2, -1, 1, 2, 3)
_SPREADS = (1, 3, 8)
_BODY = (
    "to_body_above",
    "to_body_below",
    "bodies_above",
    "bodies_below",
    "run",
    "run_words",
    "run_least",
    "furnished",
    "furnished_words",
    "sure_furniture",
    "doubtful",
    "top",
    "bottom",
)
_OPINION = ("odds", *(f"odds{step:+d}" for step in _STEPS), *(f"odds~{width}" for width in _SPREADS), *_BODY)
SECOND = (*FIRST, *(f"{whose} {name}" for whose in ("first", "second") for name in _OPINION), "gate")
"""Names of the rows of stage 2: those of stage 1, what two experts think of them, and what the gate makes of the text."""

_VIEWS = ("mean", "spread", "first", "last", "top", "bottom")
_DIFFERENCES = ("page", "article", "page low", "article low", "article lowest", "article more")
GATE = (*(f"{view} {name}" for view in _VIEWS for name in (*SHAPES, *_RULES, *OVERLAP, *_DIFFERENCES)), *_TOTALS)
"""Names of the rows that tell a whole page from a finished article."""

_ENDS = 6  # lines at the top and at the bottom of a text that tell what it is
_CAP = 8.0  # log-odds beyond which nothing is surer
_SURE = 2.5  # log-odds of a line that is surely body


class LineTable:
    """The lines of one text as numbers: `shapes` (lines, columns of SHAPES), the rows of the rules and of overlap.

    `built` marks lines with a verdict on how lines are built: front matter, a list of headlines, a widget of many lines; and what
    a user's phrase takes, who need not argue with a model;
    `cells` marks rows of tables; `evidence` is the number of what a rule goes by, from 1 in the order of `EVIDENCE`;
    `known` is the share of the text's words that the table of words knows.
    """

    __slots__ = (
        "built",
        "cells",
        "closed_prose",
        "count",
        "evidence",
        "known",
        "overlap",
        "own",
        "rules",
        "shapes",
        "totals",
    )

    def __init__(self, shapes: Rows, rules: Rows, overlap: Rows, built: Mask, cells: Mask) -> None:
        self.shapes, self.rules, self.overlap = shapes, rules, overlap
        self.built, self.cells = built, cells
        self.own = np.concatenate((shapes.T, rules, overlap))
        shapes.setflags(write=False)  # what follows is derived from it
        self.count = len(shapes)
        self.closed_prose = _is_prose(shapes)
        self.totals = _totals(self)
        self.evidence = np.minimum(rules[2], len(EVIDENCE)).astype(np.intp)
        self.known = float(self.totals[-1])

    def with_scores(self, scores: NDArray[np.float64]) -> LineTable:
        """The same lines by another table of words: what is derived from their scores is derived anew."""
        shapes = self.shapes.copy()
        shapes[:, WEIGHED] = scores.T
        return LineTable(shapes, self.rules, self.overlap, self.built, self.cells)

    def row(self, name: str) -> Rows:
        """A row by its name."""
        return np.asarray(self.own[_ROW[name]])

    def rows(self, names: Sequence[str]) -> Rows:
        """Several of them."""
        return self.own.take([_ROW[name] for name in names], axis=0)


def look_at(reading: Reading, verdicts: Sequence[Verdict], memory: LineMemory) -> LineTable:
    """Measure the lines of a text and what the rules said of them."""
    rows = memory.rows_of(reading.lines)
    shapes = memory.table[rows]
    whole = {v.start for v in verdicts if not v.evidence.startswith(_ARGUED) or v.evidence.startswith(_USERS)}
    built, in_table = _starting(reading.lines, whole), _starting(reading.lines, reading.tables)
    overlap = overlap_of(rows, _is_prose(shapes), memory, slug_words(reading.url))
    return LineTable(shapes, _rules(reading, verdicts), overlap, built, in_table)


def _starting(lines: Sequence[Line], starts: Set[int]) -> Mask:
    """The lines that begin at one of these places."""
    return np.asarray([ln.start in starts for ln in lines]) if starts else np.zeros(len(lines), dtype=np.bool_)


def _is_prose(shapes: Rows) -> NDArray[np.bool_]:
    return np.asarray((shapes[:, _AT["closed"]] > 0) & (shapes[:, 0] >= np.log1p(PROSE_WORDS) - 1e-6))


def _rules(reading: Reading, verdicts: Sequence[Verdict]) -> Rows:
    """For each line the score of its surest verdict, the share of it that verdicts cover, and the kind of evidence."""
    lines = reading.lines
    found = np.zeros((3, len(lines)), dtype=np.float32)
    at = 0
    for verdict in verdicts:  # sorted and apart, as the lines are
        while at < len(lines) and lines[at].end <= verdict.start:
            at += 1
        i = at
        while i < len(lines) and lines[i].start < verdict.end:
            line = lines[i]
            covered = min(verdict.end, line.end) - max(verdict.start, line.start)
            found[0, i] = max(found[0, i], verdict.score)
            found[1, i] += covered / len(line.text)
            found[2, i] = _EVIDENCE.get(verdict.evidence.partition(":")[0], _WIDGET)
            i += 1
    return found


def first_features(table: LineTable) -> Rows:
    """The rows of `FIRST`."""
    parts = [table.own, *_shifted(table.rows(_NEAR), _OFFSETS)]
    windowed = table.rows(_WINDOWED)
    parts += [_window(windowed, width) for width in _WINDOWS]
    return _joined([*parts, _places(table), *_repeated(table.totals, table.count)])


def _joined(parts: Sequence[NDArray[Any]]) -> Rows:
    return np.concatenate(parts, dtype=np.float32, casting="unsafe")


def _repeated(column: NDArray[Any], count: int) -> list[NDArray[Any]]:
    """A column of numbers as rows of so many times the same."""
    return [np.broadcast_to(column[:, None], (len(column), count))]


def _shifted(rows: NDArray[Any], offsets: Sequence[int]) -> list[NDArray[Any]]:
    """The rows as each line's neighbour so many lines on has them; -1 beyond the ends."""
    reach, (height, count) = max(map(abs, offsets)), rows.shape
    wide = np.full((height, count + 2 * reach), -1.0, dtype=rows.dtype)
    wide[:, reach : reach + count] = rows
    return [wide[:, reach + offset : reach + offset + count] for offset in offsets]


def _window(rows: NDArray[Any], width: int) -> NDArray[Any]:
    """Means over the lines at most `width` away, the line itself among them."""
    count = rows.shape[1]
    sums = np.concatenate((np.zeros((len(rows), 1)), np.cumsum(rows, axis=1, dtype=np.float64)), axis=1)
    index = np.arange(count)
    low, high = np.maximum(index - width, 0), np.minimum(index + width + 1, count)
    return np.asarray((sums[:, high] - sums[:, low]) / (high - low))


def _places(table: LineTable) -> NDArray[Any]:
    """The rows of `_PLACE`: where each line stands in the text and among its prose."""
    count, index = table.count, np.arange(table.count)
    chars = np.cumsum(np.expm1(table.shapes[:, _AT["chars"]], dtype=np.float64))
    prose = table.closed_prose
    above = np.cumsum(prose)
    to_above, to_below = _distances(prose)
    return np.stack(
        [
            index / count,
            chars / chars[-1],
            np.minimum(index, 30),
            np.minimum(count - 1 - index, 30),
            np.minimum(above - prose, 20),
            np.minimum(above[-1] - above, 20),
            to_above,
            to_below,
        ]
    )


def _distances(marked: NDArray[np.bool_]) -> tuple[NDArray[Any], NDArray[Any]]:
    """How many lines above and below each line the next marked one stands; at most 40."""
    count = len(marked)
    index = np.arange(count)
    last = np.maximum.accumulate(np.where(marked, index, -40))
    before = np.concatenate(([-40], last[:-1]))
    following = np.minimum.accumulate(np.where(marked, index, count + 40)[::-1])[::-1]
    after = np.concatenate((following[1:], [count + 40]))
    return np.minimum(index - before, 40), np.minimum(after - index, 40)


def _totals(table: LineTable) -> NDArray[Any]:
    """The rows of `_TOTALS`: what the whole text is like."""
    chars, words = np.expm1(table.shapes[:, 1]), table.shapes[:, 0]
    prose, count = table.closed_prose, np.expm1(words)
    return np.asarray(
        [
            np.log1p(table.count),
            np.log1p(prose.sum()),
            chars[prose].sum() / chars.sum(),
            (words < np.log1p(6)).mean(),
            table.shapes[:, _AT["score"]].mean(),
            (table.rules[1] > 0.5).mean(),
            np.log1p(count.sum()),
            (table.shapes[:, _AT["known"]] * count).sum() / max(1.0, count.sum()),
        ]
    )


def gate_features(table: LineTable, page: Rows, article: Rows) -> Rows:
    """The rows of `GATE`, of one column, from the log-odds of the experts of pages and of articles."""
    page, article = np.clip(page, -_CAP, _CAP), np.clip(article, -_CAP, _CAP)
    differences = np.stack([page, article, page < 0, article < 0, article < -_SURE, article - page])
    own = _joined([table.own, differences])
    ends = own[:, :_ENDS].mean(axis=1), own[:, -_ENDS:].mean(axis=1)
    views = (own.mean(axis=1), own.std(axis=1), own[:, 0], own[:, -1], *ends)
    return np.concatenate([*views, table.totals]).astype(np.float32)[:, None]


def second_features(table: LineTable, first: Rows, opinions: Sequence[Rows], gate: float) -> Rows:
    """The rows of `SECOND`, from those of `FIRST`, two experts' log-odds of being body, and the gate's of an article."""
    parts: list[NDArray[Any]] = [first]
    for odds in opinions:
        odds = np.clip(odds, -_CAP, _CAP)
        rows = odds[None, :]
        parts += [rows, *_shifted(rows, _STEPS), *(_window(rows, width) for width in _SPREADS), _bodies(table, odds)]
    return _joined([*parts, np.full((1, table.count), np.clip(gate, -_CAP, _CAP))])


def _bodies(table: LineTable, odds: Rows) -> NDArray[Any]:
    """The rows of `_BODY`: each line's place among the lines that are surely body, its run, and the whole text."""
    count = table.count
    words = np.expm1(table.shapes[:, 0])
    body = (odds > _SURE) & (words >= PROSE_WORDS)
    above = np.cumsum(body)
    to_above, to_below = _distances(body)
    low = odds < 0
    changes = np.flatnonzero(np.diff(low, prepend=not low[0]))
    lengths = np.diff(np.append(changes, count))
    share = 1.0 / (1.0 + np.exp(odds))  # the chance of being furniture
    whole = [
        share.mean(),
        (share * words).sum() / max(1.0, words.sum()),
        (odds < -_SURE).mean(),
        (np.abs(odds) < 1.5).mean(),
        odds[:_ENDS].mean(),
        odds[-_ENDS:].mean(),
    ]
    rows = [
        to_above,
        to_below,
        np.minimum(above - body, 20),
        np.minimum(above[-1] - above, 20),
        np.minimum(np.repeat(lengths, lengths), 40),
        np.log1p(np.repeat(np.add.reduceat(words, changes), lengths)),
        np.repeat(np.minimum.reduceat(odds, changes), lengths),
    ]
    return np.concatenate((np.stack(rows), *_repeated(np.asarray(whole), count)))
