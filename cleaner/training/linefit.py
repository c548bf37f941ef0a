"""From labelled dumps to a line model, and its cross-validation by site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.detectors.linefeatures import LineTable, first_features, look_at, second_features
from cleaner.detectors.lines import keep_lines
from cleaner.detectors.lineshapes import SHAPES, LineMemory
from cleaner.detectors.linetokens import line_score, line_tokens
from cleaner.detectors.reading import read
from cleaner.detectors.tokens import LinearModel
from cleaner.detectors.trees import Trees
from cleaner.pipeline import run_rules
from cleaner.training.boosting import fit_trees
from cleaner.training.dumps import LabelledDump
from cleaner.training.labelled import FOLDS
from cleaner.training.linear import TokenRows, fit_linear

__all__ = ["LineTrainer", "Seen", "see"]

_STRENGTH = 0.3
_KIND_WEIGHTS = {"planted": 1.5, "replanted": 1.0, "clean": 0.7}
_FIRST = {"trees": 90, "num_leaves": 31, "max_depth": 8, "learning_rate": 0.12}
_SECOND = {"trees": 60, "num_leaves": 24, "max_depth": 7, "learning_rate": 0.12}
_SCORE = SHAPES.index("score")

Say = Callable[[str], None]
Odds = NDArray[np.float32]


@dataclass(slots=True)
class Seen:
    """A labelled dump, its lines as numbers but for their scores, and their words."""

    dump: LabelledDump
    table: LineTable
    words: Sequence[tuple[str, ...]]

    @property
    def weights(self) -> NDArray[np.float64]:
        return self.dump.line_weights() * _KIND_WEIGHTS.get(self.dump.kind, 1.0)


def see(dumps: Iterable[LabelledDump]) -> list[Seen]:
    """Run the rules over each dump and measure its lines. Dumps of less than two lines are left out."""
    found = []
    for dump in dumps:
        if len(dump.texts) < 2:
            continue
        reading = read(dump.page, dump.row.get("url"))
        table = look_at(reading, run_rules(reading), LineMemory({}))
        found.append(Seen(dump, table, [ln.words for ln in reading.lines]))
    return found


@dataclass(slots=True)
class LineTrainer:
    """Fits line models. What a stage learns from are the honest opinions of the stage below, out of fold."""

    seen: Sequence[Seen]
    linear: Sequence[LinearModel]
    first: Sequence[Trees]
    second: Sequence[Trees]
    """Of each: those fitted without the sites of fold k at place k, the last on everything."""
    odds: Sequence[Odds]
    """For each dump, stage 2's log-odds by models that never saw its site."""

    @classmethod
    def fit(cls, seen: Sequence[Seen], say: Say) -> LineTrainer:
        """Fit all stages, out of fold and on everything."""
        linear = _fit_words(seen, say)
        _fill_scores(seen, linear)
        matrices = [first_features(s.table).T.copy() for s in seen]
        first, opinions = _fit_stage(seen, matrices, say, "first trees", _FIRST)
        matrices = [second_features(s.table, o).T.copy() for s, o in zip(seen, opinions, strict=True)]
        second, odds = _fit_stage(seen, matrices, say, "second trees", _SECOND)
        return cls(seen, linear, first, second, odds)

    def judged(self, mode: str) -> Iterator[tuple[LabelledDump, list[bool]]]:
        """Each dump and which of its lines stay, by models that never saw its site."""
        for s, odds in zip(self.seen, self.odds, strict=True):
            yield s.dump, keep_lines(s.table, odds, mode)


def _fit_words(seen: Sequence[Seen], say: Say) -> list[LinearModel]:
    """The word tables: L1 keeps some twenty thousand weights of a million."""
    taught = [s for s in seen if s.dump.labels and s.dump.kind not in ("clean", "replanted")]
    labels = np.asarray([-1 if y is None else int(y) for s in taught for y in s.dump.labels], dtype=np.int8)
    weights = np.concatenate([s.weights for s in taught])
    source = np.asarray([f for s in taught for f in s.dump.sources])
    numbers: dict[str, int] = {}
    sites = [numbers.setdefault(str(s.dump.row.get("site") or s.dump.row.get("url")), len(numbers)) for s in taught]
    rows = TokenRows.of(([dict.fromkeys(line_tokens(w), 1.0) for w in s.words] for s in taught), sites)
    models = []
    for k in range(FOLDS + 1):
        models.append(fit_linear(rows, (labels >= 0) & (source != k), labels, weights, _STRENGTH, sparse=True))
        say(f"words {k + 1} of {FOLDS + 1}: {len(models[-1].weights):,} weights")
    return models


def _fill_scores(seen: Sequence[Seen], linear: Sequence[LinearModel]) -> None:
    for s in seen:
        pairs = zip(s.dump.sources, s.words, strict=True)
        s.table.shapes[:, _SCORE] = [line_score(linear[fold].weights, words) for fold, words in pairs]


def _fit_stage(
    seen: Sequence[Seen], matrices: Sequence[Odds], say: Say, name: str, options: dict[str, float]
) -> tuple[list[Trees], list[Odds]]:
    """The trees of each fold and of everything, and each dump's log-odds by those that never saw its site."""
    labels = [np.asarray([-1 if y is None else int(y) for y in s.dump.labels], dtype=np.int8) for s in seen]
    fold = np.concatenate([np.full(len(y), s.dump.fold) for s, y in zip(seen, labels, strict=True)])
    taught = [bool(s.dump.labels) for s in seen]
    matrix = np.concatenate([m for m, t in zip(matrices, taught, strict=True) if t])
    weights = np.concatenate([s.weights for s, t in zip(seen, taught, strict=True) if t])
    joined = np.concatenate(labels)
    models = []
    for k in range(FOLDS + 1):
        chosen = np.flatnonzero((joined >= 0) & (fold != k))
        models.append(fit_trees(matrix[chosen], joined[chosen], weights[chosen], **options))  # type: ignore[arg-type]
        say(f"{name} {k + 1} of {FOLDS + 1}")
    return models, [models[s.dump.fold].all_odds(m.T.copy()) for s, m in zip(seen, matrices, strict=True)]
