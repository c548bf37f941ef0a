"""Cross-validation of all that cleans text dumps, rules and passes and all, by line models that never saw what they judge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.detectors.linetokens import WordTable
from cleaner.detectors.weights import LineModel
from cleaner.errors import DumpError
from cleaner.pipeline import clean_text_by
from cleaner.settings import Settings
from cleaner.training.dumps import LabelledDump

__all__ = ["cross_validate"]


def cross_validate(
    dumps: Iterable[LabelledDump], models: Sequence[LineModel], options: Settings
) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Each labelled row and the body found in it by the model at the place of its fold, which was fitted without the sites
    of the fold; nothing where no body was found.

    Furniture that was planted is of another site than the article: the words of its lines are weighed by the model that
    has not seen that site, or furniture would be known from the page that it was taken from.
    """
    for dump in dumps:
        model = models[dump.fold]
        foreign = {words: models[fold].table for words, fold in dump.foreign.items()}
        if foreign:
            model = replace(model, table=_PiecewiseTable(model.table, foreign))
        try:
            body = clean_text_by(model, dump.row["raw"], dump.row.get("url"), options).body
        except DumpError:
            body = ""
        yield dump.row, body


class _PiecewiseTable(WordTable):
    """A word table that leaves some lines to others."""

    def __init__(self, own: WordTable, foreign: Mapping[tuple[str, ...], WordTable]) -> None:
        self._own, self._foreign = own, foreign

    def score(self, words: Sequence[str]) -> float:
        return self._foreign.get(tuple(words), self._own).score(words)

    def scores(self, rows: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        found = self._own.scores(rows)
        for n, words in enumerate(rows):
            if (table := self._foreign.get(tuple(words))) is not None:
                found[:, n] = table.scores([words])[:, 0]
        return found

    def word_scores(self, words: Sequence[str]) -> list[float]:
        return self._own.word_scores(words)
