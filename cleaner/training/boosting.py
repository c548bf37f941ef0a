"""Boosted oblivious trees by CatBoost, taken over into `Trees`, so that nothing of CatBoost is needed to predict."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.detectors.trees import Trees

__all__ = ["fit_trees"]

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
