"""Labelled text dumps: the lines of each, which of them are the article, and the fold that each line's source is in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import md5
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.extractors.plain import extract_text
from cleaner.ledger import Ledger
from cleaner.model import Page
from cleaner.text.lexicon import words_of
from cleaner.training.align import align
from cleaner.training.labelled import FOLDS, rows_of, site_of

__all__ = ["LabelledDump", "as_read", "flatten", "fold_of", "label_dump", "read_dumps", "tell_sources", "texts_of"]

_LEAST_COVERAGE = 0.75  # of the gold's words that the lines must hold: less means a cut or foreign gold
_HEADER = 40  # characters
_POWER = 0.5  # of a line's share of the dump in its weight: long lines count more, but not as their length


@dataclass(slots=True)
class LabelledDump:
    """A text dump cut into lines. `labels` is empty where the gold cannot be aligned with them.

    `sources` holds for each line the fold of the site that the line is of: furniture that was planted is of another
    site than the article around it, and must be scored by a model that has not seen it.
    """

    row: dict[str, Any]
    page: Page
    texts: tuple[str, ...]
    labels: tuple[bool | None, ...]
    fold: int
    sources: tuple[int, ...]
    foreign: Mapping[tuple[str, ...], int] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return str(self.row.get("kind") or "page")

    def line_weights(self) -> NDArray[np.float64]:
        """How much each line counts in training."""
        size = np.asarray([len(t) / 6.0 for t in self.texts], dtype=np.float64)
        return np.asarray(((size + 4.0) / (size.sum() + 40.0)) ** _POWER, dtype=np.float64)


def read_dumps(paths: Iterable[str]) -> list[LabelledDump]:
    """Read labelled dumps from JSONL files, also `.gz` and `.zst`.

    A row holds `raw`, `gold` (the text of its body) and `url` or `site`; optionally `id`, `kind`, and `planted`, the
    pieces of furniture that were put between the paragraphs of the gold, which give labels without any doubt.
    Dumps on one line are left out: they have no lines to judge.

    Raises `InputError` for a file that cannot be read or a row that is no labelled dump.
    """
    rows = [row for path in paths for row in rows_of(path, ("raw", "gold"))]
    dumps = [label_dump(row, fold_of(row)) for row in rows]
    origin = _origins(dumps)
    for dump in dumps:
        pieces = [text for piece in dump.row.get("planted") or () for text in texts_of(as_read(piece))]
        tell_sources(dump, {text: origin.get(text, dump.fold) for text in pieces})
    return dumps


def tell_sources(dump: LabelledDump, folds: Mapping[str, int]) -> None:
    """Say of each line of planted furniture which fold it comes from."""
    dump.foreign = {tuple(words_of(text)): fold for text, fold in folds.items() if fold != dump.fold}
    if folds and dump.labels:
        labelled = zip(dump.texts, dump.labels, strict=True)
        dump.sources = tuple(folds.get(text, dump.fold) if label is False else dump.fold for text, label in labelled)


def fold_of(row: Mapping[str, Any]) -> int:
    """The fold of a row's site."""
    site = str(row.get("site") or site_of(row.get("url") or "") or row.get("id"))
    return int(md5(site.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS


def label_dump(row: dict[str, Any], fold: int) -> LabelledDump:
    """Cut a dump into lines and label them: by what was planted, else by aligning them with the gold."""
    page = as_read(row["raw"])
    texts = texts_of(page)
    labels: tuple[bool | None, ...] = ()
    if len(texts) > 1:
        labels = _by_planting(texts, row["gold"]) if row.get("planted") else ()
        if not labels:
            aligned = align(texts, row["gold"])
            labels = aligned.labels if aligned.coverage >= _LEAST_COVERAGE and any(aligned.labels) else ()
    return LabelledDump(row, page, texts, labels, fold, (fold,) * len(texts))


def flatten(dump: LabelledDump, pieces: Page) -> LabelledDump:
    """A labelled dump whose lines were joined by single spaces and then cut into pieces: each gets the label and the
    source of the line that most of it is of.
    """
    ends = list(accumulate(len(text) + 1 for text in dump.texts))
    labels: list[bool | None] = []
    sources = []
    for block in pieces.blocks:
        at, most, owner = bisect_right(ends, block.start), 0, 0
        while at < len(ends) and (at == 0 or ends[at - 1] < block.end):
            shared = min(ends[at], block.end) - max(ends[at - 1] if at else 0, block.start)
            most, owner = max((most, owner), (shared, at))
            at += 1
        labels.append(dump.labels[owner])
        sources.append(dump.sources[owner])
    row = {**dump.row, "kind": "flat"}
    return LabelledDump(row, pieces, texts_of(pieces), tuple(labels), dump.fold, tuple(sources))


def as_read(raw: str) -> Page:
    """A dump as the detectors get it: white space and invisible characters tidied."""
    return Ledger.open(raw, extract_text(raw).blocks).page()


def texts_of(page: Page) -> tuple[str, ...]:
    """The text of each block."""
    return tuple(page.text[b.start : b.end] for b in page.blocks)


def _by_planting(texts: Sequence[str], gold: str) -> tuple[bool | None, ...]:
    """Labels where the lines of the gold stand in the dump in order, and what is between them was planted."""
    wanted = texts_of(as_read(gold))
    labels: list[bool | None] = []
    at = 0
    for text in texts:
        body = at < len(wanted) and (text == wanted[at] or (not at and _is_under_header(text, wanted[at])))
        labels.append(body)
        at += body
    return tuple(labels) if at == len(wanted) else ()


def _is_under_header(text: str, wanted: str) -> bool:
    """Whether a line is one of the gold with a short header such as `date 2025-02-06` glued before it."""
    return len(text) <= len(wanted) + _HEADER and text.endswith(" " + wanted)


def _origins(dumps: Iterable[LabelledDump]) -> dict[str, int]:
    """Line of a whole page that is not its body → the fold of that page's site."""
    found: dict[str, int] = {}
    for dump in dumps:
        if not dump.row.get("planted") and dump.labels:
            for text, label in zip(dump.texts, dump.labels, strict=True):
                if label is False:
                    found.setdefault(text, dump.fold)
    return found
