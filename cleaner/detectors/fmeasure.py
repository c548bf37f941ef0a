"""Which blocks or lines to keep, so that the F-measure is the highest that can be expected."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["choose"]


def choose(
    probability: NDArray[np.float64], weight: NDArray[np.float64], beta: float
) -> tuple[NDArray[np.bool_], float]:
    """The set of blocks with the highest expected F-beta, and that F-beta.

    The expectation is approximated by the ratio of expectations, which the best prefix of the blocks in order of
    probability maximises (Ye et al. 2012, Optimizing F-measure: A Tale of Two Approaches). Weights are words;
    a beta below 1 favours precision, above 1 recall.

    >>> choose(np.array([0.9, 0.1, 0.6]), np.array([10.0, 10.0, 10.0]), 1.0)[0].tolist()
    [True, False, True]
    """
    order = np.argsort(-probability, kind="stable")
    mass = (probability * weight)[order]
    square = beta * beta
    value = (1 + square) * np.cumsum(mass) / (np.cumsum(weight[order]) + square * mass.sum() + 1e-9)
    best = int(np.argmax(value))
    kept = np.zeros(len(probability), dtype=np.bool_)
    kept[order[: best + 1]] = True
    return kept, float(value[best])
