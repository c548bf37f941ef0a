"""Boosted trees by LightGBM, taken over into our own form, so that nothing of LightGBM is needed to predict."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.detectors.trees import Trees

__all__ = ["fit_trees"]

_PARAMETERS: dict[str, Any] = {
    "objective": "binary",
    "num_leaves": 63,
    "max_depth": 9,
    "learning_rate": 0.08,
    "feature_fraction": 0.4,
    "min_data_in_leaf": 40,
    "max_bin": 63,
    "num_threads": 1,  # more are slower on a busy machine, and sums in another order
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
_TREES = 200


def fit_trees(
    matrix: NDArray[np.float32],
    labels: NDArray[np.int8],
    weights: NDArray[np.float64],
    trees: int = _TREES,
    **parameters: Any,
) -> Trees:
    """Fit by LightGBM on a matrix of shape (blocks, features) and 0/1 labels. The seed is fixed.

    `parameters` are LightGBM's own, in place of those of this file.
    """
    import lightgbm

    parameters = {**_PARAMETERS, **parameters}
    data = lightgbm.Dataset(matrix, labels, weight=weights / weights.mean(), params=parameters)
    booster = lightgbm.train(parameters, data, trees)
    nodes = _Nodes()
    roots = [nodes.add(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    return nodes.ensemble(roots)


class _Nodes:
    """The nodes of all trees of a LightGBM model, in one row."""

    def __init__(self) -> None:
        self.feature: list[int] = []
        self.border: list[float] = []
        self.child: list[tuple[int, int]] = []
        self.value: list[float] = []
        self.deepest = 0

    def add(self, node: dict[str, Any], depth: int = 0) -> int:
        """Take over a node and those below it; its number."""
        number = len(self.value)
        self.deepest = max(self.deepest, depth)
        self.feature.append(node.get("split_feature", 0))
        self.border.append(node.get("threshold", np.inf))
        self.value.append(node.get("leaf_value", 0.0))
        self.child.append((number, number))
        if "left_child" in node:
            self.child[number] = (self.add(node["left_child"], depth + 1), self.add(node["right_child"], depth + 1))
        return number

    def ensemble(self, roots: list[int]) -> Trees:
        return Trees(
            np.asarray(self.feature, dtype=np.intp),
            np.asarray(self.border, dtype=np.float32),
            np.asarray(self.child, dtype=np.intp).ravel(),
            np.asarray(self.value, dtype=np.float32),
            np.asarray(roots, dtype=np.intp),
            self.deepest,
            0.0,
        )
