"""From each line's log-odds to the cheapest run of kept and removed lines."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["decode"]


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
