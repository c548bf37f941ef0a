"""How many capitals, digits, commas … each block holds: one look at all characters of a page at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["count_classes"]

_CLASSES = {"comma": ",،，、", "stop": ".!?…。！？।؟", "sign": '{}[]<>"\\=;:_/'}  # signs: of code and data
_PLANE = 0x10000  # characters beyond the basic plane are letters of no case, or pictures


@cache
def _table() -> dict[str, NDArray[np.bool_]]:
    """For each class, which characters of the basic plane are in it."""
    plane = [chr(code) for code in range(_PLANE)]
    tests = {"capital": str.isupper, "digit": str.isdigit}
    table = {name: np.fromiter(map(test, plane), np.bool_, _PLANE) for name, test in tests.items()}
    for name, members in _CLASSES.items():
        table[name] = np.zeros(_PLANE, dtype=np.bool_)
        table[name][[ord(c) for c in members]] = True
    return table


def count_classes(texts: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Class → how many of its characters each text holds. No text is empty.

    >>> {name: found.tolist() for name, found in count_classes(["Hi, Bo.", "12 |"]).items()}
    {'capital': [2, 0], 'digit': [0, 2], 'comma': [1, 0], 'stop': [1, 0], 'sign': [0, 0]}
    """
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "replace"), dtype="<u4")
    codes = np.where(codes < _PLANE, codes, 0)
    starts = np.cumsum([0, *(len(text) for text in texts[:-1])])
    return {name: np.add.reduceat(members[codes].astype(np.intp), starts) for name, members in _table().items()}
