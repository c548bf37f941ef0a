"""Boosted trees, evaluated with numpy: all trees go one level down for all blocks at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Trees"]

_FIRST = 40  # trees that every block goes through
_SURE = -3.5  # log-odds after those below which a block is not body


@dataclass(frozen=True, slots=True)
class Trees:
    """An ensemble of decision trees of any shape, grown leaf by leaf (LightGBM, Ke et al. 2017).

    Per node of all trees: `feature` and `border` of its question, "is this feature above the border?"; `child`, shape
    (2 * nodes,): where to go on no and on yes; `value`, the log-odds of a leaf. A leaf's border is infinite and its
    child itself, so that `depth` steps end in the leaf of every path. `roots` are the nodes that the trees begin at.
    """

    feature: NDArray[np.intp]
    border: NDArray[np.float32]
    child: NDArray[np.intp]
    value: NDArray[np.float32]
    roots: NDArray[np.intp]
    depth: int
    bias: float

    def log_odds(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """The ensemble's log-odds for each column of a matrix of shape (features, blocks).

        Most blocks of a page are told by the first trees; only those that may yet be body go through the others.
        """
        first = self._sum(rows, self.roots[:_FIRST]) + self.bias
        open_ = np.flatnonzero(first > _SURE)
        first[open_] += self._sum(np.ascontiguousarray(rows[:, open_]), self.roots[_FIRST:])
        return np.asarray(first, dtype=np.float32)

    def all_odds(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """The same by all trees, for every column."""
        return np.asarray(self._sum(rows, self.roots) + self.bias, dtype=np.float32)

    def _sum(self, rows: NDArray[np.float32], roots: NDArray[np.intp]) -> NDArray[np.float32]:
        count = rows.shape[1]
        flat, column = np.ascontiguousarray(rows).ravel(), np.arange(count)
        # The question of a tree's root is the same for all blocks: whole rows are compared.
        above = rows.take(self.feature.take(roots), axis=0) > self.border.take(roots)[:, None]
        node = self.child.take(2 * roots[:, None] + above)
        start = self.feature * count
        for _ in range(1, self.depth):
            at = start.take(node)
            at += column
            above = flat.take(at) > self.border.take(node)
            node += node
            node += above
            node = self.child.take(node)
        return np.asarray(self.value.take(node).sum(axis=0, dtype=np.float32))
