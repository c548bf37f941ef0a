"""Boosted trees by CatBoost and LightGBM, taken over into our own form, so that neither is needed to predict."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.detectors.trees import LeafTrees, Trees

__all__ = ["fit_leaf_trees", "fit_trees"]

_PARAMETERS: dict[str, Any] = {
    "iterations": 300,
    "depth": 6,
    "learning_rate": 0.1,
    "rsm": 0.4,
    "border_count": 63,
    "l2_leaf_reg": 6,
    "bootstrap_type": "Bernoulli",
    "subsample": 0.7,
    "boosting_type": "Plain",
    "random_seed": 1,
}


def fit_trees(
    matrix: NDArray[np.float32], labels: NDArray[np.int8], weights: NDArray[np.float64], threads: int = 2
) -> Trees:
    """Fit on a matrix of shape (blocks, features) and 0/1 labels. The seed is fixed."""
    from catboost import CatBoostClassifier, Pool

    model = CatBoostClassifier(**_PARAMETERS, thread_count=threads, verbose=False, allow_writing_files=False)
    model.fit(Pool(matrix, labels, weight=weights / weights.mean()))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        return _take_over(json.loads(path.read_text("utf-8")))


def _take_over(stored: dict[str, Any]) -> Trees:
    column = [f["flat_feature_index"] for f in stored["features_info"]["float_features"]]
    trees = stored["oblivious_trees"]
    depth = max(len(tree["splits"] or ()) for tree in trees)
    feature = np.zeros((len(trees), depth), dtype=np.int16)
    border = np.full((len(trees), depth), np.inf, dtype=np.float32)  # never above: a shallower tree's empty levels
    leaves = np.zeros((len(trees), 1 << depth), dtype=np.float32)
    for i, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"] or ()):
            feature[i, level] = column[split["float_feature_index"]]
            border[i, level] = split["border"]
        leaves[i, : len(tree["leaf_values"])] = tree["leaf_values"]
    scale, bias = stored["scale_and_bias"]
    return Trees(feature, border, (leaves * scale).astype(np.float32), float(bias[0]))


_LEAF_PARAMETERS: dict[str, Any] = {
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
_LEAF_TREES = 200


def fit_leaf_trees(
    matrix: NDArray[np.float32], labels: NDArray[np.int8], weights: NDArray[np.float64], **changes: Any
) -> LeafTrees:
    """Fit by LightGBM on a matrix of shape (blocks, features) and 0/1 labels: less quick to predict, but better."""
    import lightgbm

    parameters = {**_LEAF_PARAMETERS, **changes}
    data = lightgbm.Dataset(matrix, labels, weight=weights / weights.mean(), params=parameters)
    booster = lightgbm.train(parameters, data, _LEAF_TREES)
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

    def ensemble(self, roots: list[int]) -> LeafTrees:
        return LeafTrees(
            np.asarray(self.feature, dtype=np.int16),
            np.asarray(self.border, dtype=np.float32),
            np.asarray(self.child, dtype=np.int32).ravel(),
            np.asarray(self.value, dtype=np.float32),
            np.asarray(roots, dtype=np.int32),
            self.deepest,
            0.0,
        )
