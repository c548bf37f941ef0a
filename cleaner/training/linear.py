"""Linear models over tokens: logistic regression on sparse rows, by scikit-learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cleaner.detectors.tokens import LinearModel, attribute_tokens, text_tokens
from cleaner.layout import Layout

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

__all__ = ["TokenRows", "fit_linear", "name_rows", "text_rows"]

_NEAR = 3  # as in `features.score_page`
_RARE = 4  # pages in which a token must occur
_LEAST = 0.02  # smaller weights are left out
_STEPS = 50


def text_rows(words: Sequence[Sequence[str]]) -> Iterable[Mapping[str, float]]:
    """Token → value for each block's text, as `LinearModel.of_words` weighs them."""
    for row in words:
        unique = dict.fromkeys(row)  # in order: that of the columns decides the last digits of a fit
        found = dict.fromkeys(unique, 1.0 / len(unique) ** 0.5) if unique else {}
        found.update(dict.fromkeys(text_tokens(row), 1.0))
        yield found


def name_rows(layout: Layout) -> Iterable[Mapping[str, float]]:
    """Token → value for the elements around each block, as `features.score_page` sums them."""
    for node, inline in zip(layout.node, layout.inline, strict=True):
        found: Counter[str] = Counter("n " + t for t in attribute_tokens(inline))
        level = 0
        while node >= 0:
            space = "n " if level < _NEAR else "f "
            found.update(space + t for t in attribute_tokens(layout.names[node]))
            node, level = layout.parents[node], level + 1
        yield found


@dataclass(frozen=True, slots=True)
class TokenRows:
    """Sparse token values of many blocks, and the page that each block is of."""

    tokens: Sequence[str]
    matrix: csr_matrix
    page: NDArray[np.intp]

    @classmethod
    def of(cls, pages: Iterable[Iterable[Mapping[str, float]]], sites: Sequence[int] | None = None) -> TokenRows:
        """Collect the rows of all pages, in order; pages of one site count as one page where their sites are given."""
        from scipy.sparse import csr_matrix

        known: dict[str, int] = {}
        columns: list[int] = []
        values: list[float] = []
        ends, owner = [0], []
        for number, rows in enumerate(pages):
            for row in rows:
                columns += [known.setdefault(token, len(known)) for token in row]
                values += row.values()
                ends.append(len(columns))
                owner.append(number if sites is None else sites[number])
        data = (np.asarray(values, dtype=np.float32), np.asarray(columns, dtype=np.int32), np.asarray(ends))
        return cls(list(known), csr_matrix(data, shape=(len(owner), len(known))), np.asarray(owner, dtype=np.intp))


def fit_linear(
    rows: TokenRows,
    chosen: NDArray[np.bool_],
    labels: NDArray[np.int8],
    weights: NDArray[np.float64],
    strength: float,
    *,
    sparse: bool = False,
) -> LinearModel:
    """Fit on the chosen rows. `strength` is the inverse of the penalty: L2, or L1 where few weights are wanted.

    The optimiser stops after a fixed number of steps: more change nothing that the trees above could see.
    """
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    part: Any = rows.matrix[chosen]
    pages_with = _pages_with(part, rows.page[chosen])
    columns = np.flatnonzero(pages_with >= _RARE)
    weight = weights[chosen] / weights[chosen].mean()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        kind: dict[str, Any] = {"l1_ratio": 1.0, "solver": "liblinear", "random_state": 1} if sparse else {}
        model = LogisticRegression(C=strength, max_iter=_STEPS, **kind).fit(part[:, columns], labels[chosen], weight)
    found = zip(columns.tolist(), model.coef_[0].tolist(), strict=True)
    return LinearModel({rows.tokens[c]: round(w, 3) for c, w in found if abs(w) >= _LEAST})


def _pages_with(matrix: Any, page: NDArray[np.intp]) -> NDArray[np.intp]:
    """In how many pages each token occurs."""
    entries = matrix.tocoo()
    pairs = np.unique(np.stack([entries.col.astype(np.int64), page[entries.row].astype(np.int64)]), axis=1)
    return np.bincount(pairs[0], minlength=matrix.shape[1])
