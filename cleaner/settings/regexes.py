"""How long a regular expression may take: a user's pattern is refused before it can hang a run.

Python's `re` tries one way of matching after another, and some patterns have more ways than there are atoms. Here the
ways are counted from the parsed pattern, before any text is seen: an upper bound, so that what is let through is safe.
"""

from __future__ import annotations

import importlib
import re
import warnings
from typing import Any

__all__ = ["LONGEST", "MOST_WAYS", "reason_against"]

LONGEST = 2_000
"""Characters of the lines that patterns are held against; a longer line is prose."""

MOST_WAYS = 20_000_000
"""Ways of matching a line that a pattern may have: two `.*`, and a little more."""

_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_AROUND = ("ASSERT", "ASSERT_NOT")


def reason_against(pattern: str) -> str | None:
    """Why a pattern cannot be used, and the mend; None for one that can.

    >>> reason_against(r"Follow @\\w+ on \\w+")
    >>> reason_against("(a+)+b")
    'could take ages on some lines; repeat no group that can match in several ways, and write {1,40} for + and *'
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compiled = re.compile(pattern)
            parsed = importlib.import_module("re._parser").parse(pattern)
            ways = _ways(parsed)
    except (re.error, RecursionError, OverflowError) as exc:
        return f"is not a regular expression ({exc})"
    except Warning as exc:
        return f"is written in a way that Python will read otherwise one day ({exc})"
    except (ImportError, AttributeError):  # a private module of CPython
        return "cannot be checked by this Python, and is not run unchecked"
    if _refers_back(parsed):
        return "refers back to a group, and what that costs is not known beforehand; write out what is repeated"
    if ways > MOST_WAYS:
        return "could take ages on some lines; repeat no group that can match in several ways, and write {1,40} for + and *"
    if compiled.fullmatch(""):
        return "matches an empty line, and so says nothing; ask for something that stands in the line"
    return None


def _refers_back(items: Any) -> bool:
    """Whether parsed items hold a backreference, at any depth: its text is compared anew at every place it is tried."""
    if str(items) == "GROUPREF":
        return True
    is_many = isinstance(items, (list, tuple)) or hasattr(items, "data")
    return is_many and any(_refers_back(item) for item in items)


def _ways(items: Any) -> int:
    """The most ways in which a sequence of parsed items can match at one place."""
    total = 1
    for op, value in items:
        total = min(total * _ways_of(str(op), value), MOST_WAYS + 1)
    return total


def _ways_of(op: str, value: Any) -> int:
    if op in _REPEATS:
        low, high, inner = int(value[0]), min(int(value[1]), LONGEST), _ways(value[2])
        if inner > 1 and high > 30:  # 2 to the power of 30 is past all bounds, and cheap to know
            return MOST_WAYS + 1
        return max(1, high - low + 1) * int(inner**high)
    if op == "BRANCH":
        return sum([_ways(branch) for branch in value[1]])
    if op == "SUBPATTERN":
        return _ways(value[-1])
    if op in _AROUND:
        return _ways(value[1])
    if op == "ATOMIC_GROUP":
        return _ways(value)
    if op == "GROUPREF_EXISTS":
        return _ways(value[1]) + (_ways(value[2]) if value[2] else 1)
    return 1
