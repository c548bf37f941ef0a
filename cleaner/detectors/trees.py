"""Boosted oblivious trees, evaluated with numpy: every tree asks the same question of all blocks at each level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Trees"]


@dataclass(frozen=True, slots=True)
class Trees:
    """An ensemble of oblivious decision trees (Kohavi 1994; CatBoost, Prokhorenkova et al. 2018) for one yes/no question.

    `feature` and `border`, shape (trees, depth): the question of each level, "is this feature above the border?".
    `leaves`, shape (trees, 2**depth): log-odds; the answer of level i is bit i of the leaf's number.
    """

    feature: NDArray[np.int16]
    border: NDArray[np.float32]
    leaves: NDArray[np.float32]
    bias: float

    def log_odds(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """The ensemble's log-odds for each column of a matrix of shape (features, blocks).

        >>> one = Trees(np.array([[0]], np.int16), np.array([[0.5]], np.float32), np.array([[-1.0, 2.0]], np.float32), 0.5)
        >>> one.log_odds(np.array([[0.0, 1.0]], np.float32)).tolist()
        [-0.5, 2.5]
        """
        trees, depth = self.feature.shape
        leaf = np.zeros((trees, rows.shape[1]), dtype=np.intp)
        for level in range(depth):
            answers = rows[self.feature[:, level]] > self.border[:, level, None]
            leaf |= answers.astype(np.intp) << level
        leaf += (np.arange(trees, dtype=np.intp) << depth)[:, None]
        return np.asarray(self.leaves.ravel()[leaf].sum(axis=0) + self.bias, dtype=np.float32)
