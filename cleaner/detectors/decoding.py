"""From what speaks for each line or block to those that are kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["choose", "decode"]


def decode(odds: Sequence[float], switch: float) -> list[bool]:
    """Which lines are kept: the path of the highest sum of log-odds, less `switch` for each change (Viterbi 1967).

    >>> decode([3.0, -0.5, 3.0], 1.0), decode([3.0, -4.0, -1.0, 0.2, 5.0], 1.0)
    ([True, True, True], [True, False, False, True, True])
    """
    kept = removed = 0.0
    from_removed: list[bool] = []  # where the best path to "kept" comes from "removed", line by line
    from_kept: list[bool] = []
    for value in odds:
        up, down = removed - switch > kept, kept - switch > removed
        from_removed.append(up)
        from_kept.append(down)
        if up:
            kept, removed = removed - switch + value, removed
        elif down:
            kept, removed = kept + value, kept - switch
        else:
            kept += value
    path = [True] * len(odds)
    here = kept >= removed
    for at in range(len(odds) - 1, -1, -1):
        path[at] = here
        here = not from_removed[at] if here else from_kept[at]
    return path


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
