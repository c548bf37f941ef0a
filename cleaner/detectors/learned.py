"""The learned judge of HTML blocks: a boosted model's odds, the set of blocks with the highest expected F1, no copies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.data import thresholds
from cleaner.detectors.features import features
from cleaner.detectors.fmeasure import choose
from cleaner.detectors.scores import score_page
from cleaner.detectors.weights import PageModel
from cleaner.layout import Layout
from cleaner.model import Page

__all__ = ["Judgement", "drop_copies", "judge_learned", "to_probability"]

_SHINGLE = 6  # words
_DRAW = 0.2  # share of the neighbours in a block's log-odds
_CAP = 9.0  # log-odds beyond which nothing is surer
_HIDDEN = 0.7  # the same of a block that no reader sees
_NUMBER = re.compile(r"\d+")
_REPEATED = 12  # words; shorter lines are repeated by tables, forms and lists
_COPIED = 0.97  # share of a block's shingles in blocks before it that makes it a copy


@dataclass(frozen=True, slots=True)
class Judgement:
    """Each block's probability of being body (0..1), the chosen blocks, those left out since chosen blocks before them
    say the same, and the F1 that is expected of the choice.
    """

    probability: NDArray[np.float64]
    kept: NDArray[np.bool_]
    copies: NDArray[np.bool_]
    expected_f1: float


def judge_learned(page: Page, layout: Layout, model: PageModel, mode: str = "balanced") -> Judgement:
    """Judge the blocks of a page (at least one) by a trained model."""
    scores = score_page(page, layout, model.text, model.names)
    rows = features(page, layout, scores)
    probability = to_probability(model.log_odds(rows))
    weight = np.asarray([len(words) for words in scores.words], dtype=np.float64) + 0.01
    chosen, expected = choose(probability, weight, thresholds()["modes"][mode])
    texts = [page.text[b.start : b.end] for b in page.blocks]
    kept = drop_copies(chosen, scores.words, texts, (rows["hidden"] > 0).tolist())
    return Judgement(probability, kept, chosen & ~kept, expected)


def to_probability(odds: NDArray[np.float32]) -> NDArray[np.float64]:
    """Probabilities from log-odds, each a little drawn to those of the blocks before and after."""
    wide = np.clip(np.pad(odds.astype(np.float64), 1, mode="edge"), -_CAP, _CAP)
    drawn = (1.0 - _DRAW) * wide[1:-1] + _DRAW / 2 * (wide[:-2] + wide[2:])
    return np.asarray(1.0 / (1.0 + np.exp(-drawn)))


def drop_copies(
    kept: NDArray[np.bool_], words: Sequence[Sequence[str]], texts: Sequence[str], hidden: Sequence[bool]
) -> NDArray[np.bool_]:
    """Leave out chosen blocks that other chosen blocks already say: a page can carry its article twice.

    What a reader sees goes before what is hidden, of which less need be said elsewhere, since the seams of its paragraphs
    are others. Blocks that differ in their numbers, as rows of a table do, are no copies.
    """
    out = kept.copy()
    seen: set[tuple[str, ...]] = set()
    for i in sorted(np.flatnonzero(kept).tolist(), key=lambda i: hidden[i]):
        if len(words[i]) < _REPEATED:
            continue
        row = [*words[i], *_NUMBER.findall(texts[i])]
        shingles = [tuple(row[k : k + _SHINGLE]) for k in range(len(row) - _SHINGLE + 1)]
        if sum(s in seen for s in shingles) >= (_HIDDEN if hidden[i] else _COPIED) * len(shingles):
            out[i] = False
        else:
            seen.update(shingles)
    return out
