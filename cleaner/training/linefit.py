"""From labelled dumps to a line model, and its cross-validation by site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaner.detectors.flat import cut_flat, is_flat
from cleaner.detectors.linefeatures import LineTable, first_features, gate_features, look_at, second_features
from cleaner.detectors.lineshapes import LineMemory
from cleaner.detectors.linetokens import WordTable, line_tokens
from cleaner.detectors.reading import read
from cleaner.detectors.tokens import LinearModel
from cleaner.detectors.trees import Trees
from cleaner.detectors.weights import LineModel
from cleaner.model import Block, Page
from cleaner.pipeline import run_rules
from cleaner.text.lexicon import words_of_each
from cleaner.training.boosting import fit_trees
from cleaner.training.dumps import LabelledDump, flatten
from cleaner.training.labelled import FOLDS
from cleaner.training.linear import TokenRows, fit_linear
from cleaner.training.written import WRITTEN, Sample

__all__ = ["LineTrainer", "Seen", "see", "see_flat"]

Say = Callable[[str], None]
Odds: TypeAlias = NDArray[np.float32]
Options: TypeAlias = Mapping[str, Any]

_STRENGTH = 0.3
_UNTOLD = 4  # of so many dumps one is read without its address
_ARTICLES = (
    "planted",
    "replanted",
    "clean",
    WRITTEN,
)  # kinds of dumps that are finished articles, perhaps with furniture
_GATE: Options = {"trees": 80, "num_leaves": 12, "max_depth": 6, "learning_rate": 0.1, "min_data_in_leaf": 30}
_PAGE_EXPERT: Options = {"trees": 80, "num_leaves": 31, "max_depth": 8, "learning_rate": 0.14}
_EXPERT: Options = {**_PAGE_EXPERT, "trees": 160, "learning_rate": 0.1, "lambda_l2": 5.0, "min_data_in_leaf": 40}
_JUDGE: Options = {"trees": 90, "num_leaves": 24, "max_depth": 7, "learning_rate": 0.08, "lambda_l2": 5.0}
_STAGES = (("pages", _PAGE_EXPERT), ("articles", _EXPERT), ("flat texts", _PAGE_EXPERT))
_MADE = 0.5  # weight of a dump made anew where whole dumps are told apart
_LINE = 0.05  # weight of every line of a finished article, and more of it for the root of its share of the words
_FURNITURE, _BODY = 0.3, 0.5
_USUAL = 3000.0  # characters of a dump of usual length
_SAMPLE = 2.0  # weight of the lines of a sample


@dataclass(slots=True)
class Seen:
    """A labelled dump, its lines as numbers but for their scores, and their words."""

    dump: LabelledDump
    table: LineTable
    words: Sequence[tuple[str, ...]]

    @property
    def labels(self) -> NDArray[np.int8]:
        """1 for body, 0 for not, -1 where it is not known."""
        known = [-1 if y is None else int(y) for y in self.dump.labels or (None,) * len(self.words)]
        return np.asarray(known, dtype=np.int8)


def see(dumps: Iterable[LabelledDump]) -> list[Seen]:
    """Run the rules over each dump and measure its lines. Dumps of less than two lines are left out.

    Of every fourth of several the address is not told, since many texts come without.
    """
    found = []
    for number, dump in enumerate(dumps):
        if len(dump.texts) < 2:
            continue
        reading = read(dump.page, dump.row.get("url") if number % _UNTOLD else None)
        table = look_at(reading, run_rules(reading), LineMemory(WordTable({})))
        found.append(Seen(dump, table, [ln.words for ln in reading.lines]))
    return found


@dataclass(slots=True)
class LineTrainer:
    """Fits line models. What a stage learns from are the honest opinions of the stage below, out of fold: a judge hears
    the expert of its own kind of text and another, since what is new to the one may be known to the other.

    Of each stage, the models at place k were fitted without the sites of fold k, the last on everything.
    """

    words: Sequence[LinearModel]
    gates: Sequence[Trees]
    experts: Sequence[Sequence[Trees]]
    judges: Sequence[Sequence[Trees]]

    @classmethod
    def fit(cls, seen: Sequence[Seen], say: Say, samples: Sequence[Sample] = ()) -> LineTrainer:
        """Fit all stages, out of fold and on everything; the words also on samples of texts."""
        words = _fit_words(seen, samples, say)
        _fill_scores(seen, words)
        flat = see_flat(seen, words)
        say(f"{len(flat):,} flat dumps made")
        seen = [*seen, *flat]
        _fill_scores(flat, words)
        rows = [first_features(s.table) for s in seen]
        kinds = [_expert_of(s.dump) for s in seen]
        experts, opinions = [], []
        for number, (name, options) in enumerate(_STAGES):
            models = _fit_stage(seen, rows, [kind == number for kind in kinds], options)
            experts.append(models)
            opinions.append([models[s.dump.fold].all_odds(r) for s, r in zip(seen, rows, strict=True)])
            say(f"expert of {name}")
        gates, chances = _fit_gates(seen, opinions)
        for n, kind in enumerate(kinds):
            own, other = opinions[2 if kind == 2 else 0][n], opinions[1][n]
            rows[n] = second_features(seen[n].table, rows[n], (own, other), 0.0 if kind == 2 else chances[n])
        judges = []
        for number, (name, _) in enumerate(_STAGES):
            judges.append(_fit_stage(seen, rows, [kind == number for kind in kinds], _JUDGE, even=not number))
            say(f"judge of {name}")
        return cls(words, gates, experts, judges)

    def model(self, fold: int = FOLDS) -> LineModel:
        """The model of all dumps, or that of all but the sites of a fold."""
        words = self.words[fold]
        page, article, flat = (models[fold] for models in self.experts)
        page_judge, article_judge, flat_judge = (models[fold] for models in self.judges)
        judges = (page_judge, article_judge, flat_judge)
        return LineModel(words, self.gates[fold], (page, article, flat), judges, WordTable(words.weights))


def see_flat(seen: Iterable[Seen], words: Sequence[LinearModel]) -> list[Seen]:
    """Dumps with planted furniture, their line breaks taken out, cut into pieces by word tables that never saw them."""
    tables = [WordTable(model.weights) for model in words]
    found = []
    anew = [s for s in seen if s.dump.kind == "replanted"]
    for s in [*(s for s in seen if s.dump.kind in ("planted", WRITTEN)), *anew[::2]]:
        page = Page(" ".join(s.dump.texts), (Block(0, sum(map(len, s.dump.texts)) + len(s.dump.texts) - 1),))
        reading = read(page, s.dump.row.get("url"))
        if is_flat(reading.lines):
            pieces = Page(page.text, tuple(cut_flat(reading.lines, tables[s.dump.fold])))
            found += see([flatten(s.dump, pieces)])
    return found


def _expert_of(dump: LabelledDump) -> int:
    """Which expert learns from a dump."""
    return 2 if dump.kind == "flat" else int(dump.kind in _ARTICLES)


def _fit_words(seen: Sequence[Seen], samples: Sequence[Sample], say: Say) -> list[LinearModel]:
    """The word tables: L1 keeps some twenty thousand weights of a million. A text that stands in several dumps counts
    once: those that are made of others are left out.
    """
    taught = [s for s in seen if s.dump.labels and s.dump.kind not in ("clean", "replanted", WRITTEN)]
    words = [*(s.words for s in taught), *(words_of_each(sample.lines) for sample in samples)]
    known = [-1 if y is None else int(y) for s in taught for y in s.dump.labels]
    labels = np.asarray(known + [int(s.label) for s in samples for _ in s.lines], dtype=np.int8)
    weights = np.concatenate([*(s.dump.line_weights() for s in taught), *map(_sample_weights, samples)])
    source = np.asarray([f for s in taught for f in s.dump.sources] + [s.fold for s in samples for _ in s.lines])
    numbers: dict[str, int] = {}
    sites = [numbers.setdefault(str(s.dump.row.get("site") or s.dump.row.get("url")), len(numbers)) for s in taught]
    sites += range(len(numbers), len(numbers) + len(samples))
    rows = TokenRows.of(([Counter(line_tokens(w)) for w in lines] for lines in words), sites)
    models = []
    for k in range(FOLDS + 1):
        models.append(fit_linear(rows, (labels >= 0) & (source != k), labels, weights, _STRENGTH, sparse=True))
        say(f"words {k + 1} of {FOLDS + 1}: {len(models[-1].weights):,} weights")
    return models


def _sample_weights(sample: Sample) -> NDArray[np.float64]:
    """How much each line of a sample counts: `_SAMPLE` times one of a dump of usual length."""
    size = np.asarray([len(line) for line in sample.lines], dtype=np.float64)
    return np.asarray(_SAMPLE * ((size + 24.0) / _USUAL) ** 0.5)


def _fill_scores(seen: Sequence[Seen], linear: Sequence[LinearModel]) -> None:
    """Weigh each line by the words of the table that has not seen the site that the line is of."""
    tables = [WordTable(model.weights) for model in linear]
    for s in seen:
        found = np.zeros((2, len(s.words)))
        sources = np.asarray(s.dump.sources)
        for fold in set(s.dump.sources):
            at = np.flatnonzero(sources == fold)
            found[:, at] = tables[fold].scores([s.words[n] for n in at.tolist()])
        s.table = s.table.with_scores(found)


def _fit_gates(seen: Sequence[Seen], opinions: Sequence[Sequence[Odds]]) -> tuple[list[Trees], list[float]]:
    """What tells a finished article from a page, and what it says of each dump when it never saw its site."""
    columns = [gate_features(s.table, page, article) for s, page, article in zip(seen, *opinions[:2], strict=True)]
    matrix = np.concatenate(columns, axis=1).T.copy()
    labels = np.asarray([s.dump.kind in _ARTICLES for s in seen], dtype=np.int8)
    weights = np.asarray([{"replanted": _MADE, "flat": 0.0}.get(s.dump.kind, 1.0) for s in seen])
    fold = np.asarray([s.dump.fold for s in seen])
    models = [_fit(matrix, labels, weights, np.flatnonzero(fold != k), _GATE) for k in range(FOLDS + 1)]
    return models, [float(models[s.dump.fold].all_odds(c)[0]) for s, c in zip(seen, columns, strict=True)]


def _fit(
    matrix: Odds, labels: NDArray[np.int8], weights: NDArray[np.float64], part: NDArray[np.intp], options: Options
) -> Trees:
    parameters = dict(options)
    return fit_trees(matrix[part], labels[part], weights[part], int(parameters.pop("trees")), **parameters)


def _fit_stage(
    seen: Sequence[Seen], rows: Sequence[Odds], chosen: Sequence[bool], options: Options, *, even: bool = False
) -> list[Trees]:
    """The trees of each fold and of everything, taught by the chosen dumps; `even` where a long dump counts as a short one,
    or the few lines that scrapers left would drown in those of whole pages.
    """
    taught = [n for n, s in enumerate(seen) if chosen[n] and s.dump.labels]
    matrix = np.concatenate([rows[n].T for n in taught])
    labels = np.concatenate([seen[n].labels for n in taught])
    each = [_weights(seen[n]) for n in taught]
    weights = np.concatenate([w / w.sum() for w in each] if even else each)
    fold = np.concatenate([np.full(len(seen[n].words), seen[n].dump.fold) for n in taught])
    parts = [np.flatnonzero((labels >= 0) & (fold != k)) for k in range(FOLDS + 1)]
    return [_fit(matrix, labels, weights, part, options) for part in parts]


def _weights(seen: Seen) -> NDArray[np.float64]:
    """How much each line counts: in finished articles by its share of the article or of the furniture, since a line that is
    all the furniture of a text counts for more than one of forty.
    """
    if not _expert_of(seen.dump):
        return seen.dump.line_weights()
    words = np.asarray([max(1, len(row)) for row in seen.words], dtype=np.float64)
    total = np.asarray([words[seen.labels == label].sum() for label in (0, 1)])
    part = np.sqrt(words / np.maximum(1.0, total[np.maximum(seen.labels, 0)]))
    weights = _LINE + np.where(seen.labels == 0, _FURNITURE, _BODY) * part
    return np.asarray(weights * (2.0 if seen.dump.kind == "planted" else 1.0))
