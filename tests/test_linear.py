"""The work grows with the text, not with its square. Counted in calls, since a clock on a shared machine says little."""

from __future__ import annotations

import cProfile
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from cleaner import NoArticleError, clean

SHAPES: dict[str, Callable[[int], str]] = {
    "furniture between prose": lambda n: "\n\n".join(
        "Sign up for our newsletter" if i % 2 else f"The river number {i} rose again, said the mayor." for i in range(n)
    ),
    "one-word lines": lambda n: "\n".join(f"word{i}" for i in range(n)),
    "one long line": lambda n: "The river rose again. " * n,
    "nested polls": lambda n: "Would you vote again?\n" * (n // 16) + "Yes No\n" * n + "The river rose on Monday.",
    "dates": lambda n: "2025-02-06\n" * 4 * n + "The river rose again on Monday.",
    "headlines twice": lambda n: "".join(f"The river rises {i}\nThe river rises {i}\n" for i in range(n)),
    "hits on one long line": lambda n: "The river rose on Monday and the mayor said so. " * n,
    "quotations on one long line": lambda n: "He said 'Subscribe to our newsletter' to them. " * n,
    "cuts from one long line": lambda n: (
        "Subscribe to our newsletter. " * n
        + "The river rose and the town was quiet for once in a long and windy week. " * n
    ),
    "field names on one line": lambda n: ("email address " * 14 + "zzz\n") * n + "The river rose again on Monday.",
    "field lines": lambda n: "The river rose again on Monday.\n" + "* Name\n* Email\n" * n,
}


def calls(text: str) -> int:
    """Function calls that cleaning a text makes, also those into C."""
    profile = cProfile.Profile()
    with suppress(NoArticleError):
        profile.runcall(clean, text, None, "text")
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.parametrize(
    "text",
    [
        "By " + "a" * 100_000,
        "By " + "(" * 100_000,
        "By " + "a@" * 50_000,
        "'" * 100_000,
        " '" * 50_000 + " newsletter",
        "Abigail • Alex • " * 12 + "the mayor said so (2).\n\nThe river rose on Monday.",
        "Subscribe to our newsletter. " * 1000 + "The river rose and the town was quiet in a windy week. " * 1000,
        "The river rose on Monday and the mayor said so. " * 5000,
    ],
    ids=lambda text: text[:8],
)
def test_long_lines_do_not_hang(text: str) -> None:
    """Where the work is inside one regular expression, calls do not show it: a wide limit of time does."""
    start = time.process_time()
    with suppress(NoArticleError):
        clean(text, None, "text")
    assert time.process_time() - start < 10


@pytest.mark.parametrize("shape", SHAPES)
def test_work_is_linear(shape: str) -> None:
    """Four times the text makes at most about four times the calls."""
    clean("The lexicon is read on first use.")
    assert calls(SHAPES[shape](1200)) < 5 * calls(SHAPES[shape](300))
