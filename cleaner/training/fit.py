"""From labelled pages to a page model, and its cross-validation by site."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.detectors.features import features
from cleaner.detectors.learned import to_probability
from cleaner.detectors.scores import score_page
from cleaner.detectors.tokens import LinearModel
from cleaner.detectors.weights import PageModel
from cleaner.training.boosting import fit_trees
from cleaner.training.labelled import FOLDS, LabelledPage, with_weak_labels
from cleaner.training.linear import TokenRows, fit_linear, name_rows, text_rows

__all__ = ["PageTrainer"]

_STRENGTH = {"text": 0.3, "names": 0.1}
_ROWS = 220  # blocks of a page that the models see, those near the body first: long menus teach nothing new

Say = Callable[[str], None]


@dataclass(slots=True)
class PageTrainer:
    """Fits page models. Linear models are fitted out of fold, so that the trees see honest scores.

    `out_of_fold[k]` were fitted without the sites of fold k; the last pair on all pages.
    """

    pages: Sequence[LabelledPage]
    out_of_fold: Sequence[tuple[LinearModel, LinearModel]]
    names: tuple[str, ...]
    matrices: Sequence[NDArray[np.float32]]

    @classmethod
    def prepare(cls, pages: Sequence[LabelledPage], say: Say) -> PageTrainer:
        """Fit the linear models and compute every page's features; first without the pages of which only snippets are
        known, then with the weak labels that the first models give them.
        """
        trainer = cls._of(pages, say)
        if all(p.labels or not p.row.get("with_") for p in pages):
            return trainer
        judged = list(trainer.cross_validate(say))
        weak = [page if page.labels else with_weak_labels(page, odds) for page, odds in judged]
        say(
            f"weak labels for {sum(bool(w.labels) and not p.labels for (p, _), w in zip(judged, weak, strict=True))} pages"
        )
        return cls._of(weak, say)

    @classmethod
    def _of(cls, pages: Sequence[LabelledPage], say: Say) -> PageTrainer:
        models = _fit_linear_models([p for p in pages if p.labels], say)
        rows = [_features_of(p, models[p.fold]) for p in pages]
        names = tuple(rows[0])
        return cls(pages, models, names, [np.stack([r[n] for n in names], axis=1) for r in rows])

    def cross_validate(self, say: Say) -> Iterator[tuple[LabelledPage, NDArray[np.float64]]]:
        """Each page with its blocks' probabilities, by trees that never saw its site."""
        for fold in range(FOLDS):
            trees = fit_trees(*self._training_set(without=fold))
            say(f"fold {fold + 1} of {FOLDS}: trees fitted")
            for page, matrix in zip(self.pages, self.matrices, strict=True):
                if page.fold == fold:
                    yield page, to_probability(trees.log_odds(matrix.T.copy()))

    def fit(self) -> PageModel:
        """The model of all pages."""
        text, names = self.out_of_fold[-1]
        return PageModel(text, names, self.names, fit_trees(*self._training_set()))

    def _training_set(
        self, without: int | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int8], NDArray[np.float64]]:
        parts, labels, weights = [], [], []
        for page, matrix in zip(self.pages, self.matrices, strict=True):
            if page.labels and page.fold != without:
                chosen = _rows_near_body(page.labels)
                parts.append(matrix[chosen])
                labels += [page.labels[i] for i in chosen]
                weights.append(page.block_weights()[chosen])
        return np.concatenate(parts), np.asarray(labels, dtype=np.int8), np.concatenate(weights)


def _features_of(page: LabelledPage, models: tuple[LinearModel, LinearModel]) -> dict[str, NDArray[np.float32]]:
    return features(page.page, page.layout, score_page(page.page, page.layout, *models))


def _fit_linear_models(labelled: Sequence[LabelledPage], say: Say) -> list[tuple[LinearModel, LinearModel]]:
    labels = np.asarray([-1 if y is None else int(y) for p in labelled for y in p.labels], dtype=np.int8)
    weights = np.concatenate([p.block_weights() for p in labelled])
    fold = np.asarray([p.fold for p in labelled for _ in p.labels])
    near = np.concatenate([_near_mask(p.labels) for p in labelled])
    tables = {
        "text": TokenRows.of(text_rows(p.words) for p in labelled),
        "names": TokenRows.of(name_rows(p.layout) for p in labelled),
    }
    models = []
    for k in range(FOLDS + 1):  # the last without any fold left out
        chosen = near & (labels >= 0) & (fold != k)
        pair = [fit_linear(rows, chosen, labels, weights, _STRENGTH[name]) for name, rows in tables.items()]
        models.append((pair[0], pair[1]))
        say(f"linear models {k + 1} of {FOLDS + 1}: {len(pair[0].weights):,} words, {len(pair[1].weights):,} names")
    return models


def _near_mask(labels: Sequence[bool | None]) -> NDArray[np.bool_]:
    mask = np.zeros(len(labels), dtype=np.bool_)
    mask[_rows_near_body(labels)] = True
    return mask


def _rows_near_body(labels: Sequence[bool | None]) -> list[int]:
    """The blocks that have a label; of a long page, all of the body and the nearest of the rest."""
    known = [i for i, label in enumerate(labels) if label is not None]
    if len(known) <= _ROWS:
        return known
    body = np.asarray([i for i in known if labels[i]])
    distance = np.abs(np.asarray(known)[:, None] - body[None, :]).min(axis=1)
    nearest = np.argsort(distance, kind="stable")[: max(_ROWS, len(body))]
    return sorted(known[i] for i in nearest.tolist())
