"""How many capitals, digits, commas … each block holds: one look at all characters of a page at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["codes_of", "count_classes"]

_CLASSES: Mapping[str, str | Callable[[str], bool]] = {
    "capital": str.isupper,
    "digit": str.isdigit,
    "comma": ",،，、",
    "stop": ".!?…。！？।؟",
    "sign": '{}[]<>"\\=;:_/',  # of code and data
}
_HALF = 32  # bits of a sum
_MASK = (1 << _HALF) - 1
_PLANE = 0x10000  # characters beyond the basic plane are letters of no case, or pictures


@cache
def _table() -> NDArray[np.int64]:
    """For each pair of classes and each character of the basic plane a number, with a one in the half of its class, so
    that a sum counts both.
    """
    plane = [chr(code) for code in range(_PLANE)]
    table = np.zeros(((len(_CLASSES) + 1) // 2, _PLANE), dtype=np.int64)
    for number, members in enumerate(_CLASSES.values()):
        if isinstance(members, str):
            inside = np.zeros(_PLANE, dtype=np.int64)
            inside[[ord(c) for c in members]] = 1
        else:
            inside = np.fromiter(map(members, plane), np.int64, _PLANE)
        table[number // 2] += inside << number % 2 * _HALF
    return table


def codes_of(texts: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The characters of all texts as numbers, those beyond the basic plane as zero; and where each text begins."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "replace"), dtype="<u4").astype(np.intp)
    codes[codes >= _PLANE] = 0
    starts = np.zeros(len(texts), dtype=np.intp)
    np.cumsum(list(map(len, texts[:-1])), out=starts[1:])
    return codes, starts


def count_classes(codes: NDArray[np.intp], starts: NDArray[np.intp]) -> dict[str, NDArray[Any]]:
    """Class → how many of its characters each text holds, from what `codes_of` says of them. No text is empty.

    >>> {name: found.tolist() for name, found in count_classes(*codes_of(["Hi, Bo.", "12 |"])).items()}
    {'capital': [2, 0], 'digit': [0, 2], 'comma': [1, 0], 'stop': [1, 0], 'sign': [0, 0]}
    """
    sums = [np.add.reduceat(row.take(codes), starts) for row in _table()]
    return {name: sums[i // 2] >> _HALF if i % 2 else sums[i // 2] & _MASK for i, name in enumerate(_CLASSES)}
