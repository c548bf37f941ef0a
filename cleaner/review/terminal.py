"""Text for a terminal: colours of categories, and nothing in a document that could steer the terminal itself."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cleaner.data import categories

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["colour_of", "make_console", "paged", "safe"]

_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FAMILIES = {
    "header": "blue",
    "form": "magenta",
    "pitch": "yellow",
    "links": "cyan",
    "media": "green",
    "about": "bright_blue",
    "notice": "bright_magenta",
}


def safe(text: str) -> str:
    """A text whose control characters (escape sequences, changes of direction) are shown and not obeyed.

    >>> safe("\\x1b[2Jriver")
    '\ufffd[2Jriver'
    """
    return _STEERING.sub("\ufffd", text)


def colour_of(category: str) -> str:
    """The colour of a category: that of its family."""
    return _FAMILIES.get(str(categories().get(category, {}).get("family", "")), "red")


def make_console(*, colour: bool | None = None) -> Console:
    """A console on standard output that knows NO_COLOR and pipes. `colour` forces colours or forbids them."""
    from rich.console import Console

    class _Console(Console):
        def on_broken_pipe(self) -> None:
            """Let the command line end as all commands do; rich, which is handling the error, has a status of its own."""
            raise

    console = _Console(
        file=sys.stdout,
        highlight=False,
        markup=False,
        emoji=False,
        force_terminal=True if colour else None,
        no_color=True if colour is False else None,
    )
    if not console.is_terminal:
        console.soft_wrap = True  # a pipe has no width
    return console


@contextlib.contextmanager
def paged(console: Console, lines: int) -> Iterator[None]:
    """Show what is printed in the pager where it is longer than the terminal; as it is in a pipe."""
    if console.is_terminal and sys.stdin.isatty() and lines > console.height:
        with _less_options(), console.pager(styles=not console.no_color):
            yield
    else:
        yield


@contextlib.contextmanager
def _less_options() -> Iterator[None]:
    """Let `less` obey colours, unless its user has told it how to be: as git does, and for the pager alone."""
    given = os.environ.get("LESS")
    os.environ.setdefault("LESS", "FRX")
    try:
        yield
    finally:
        if given is None:
            os.environ.pop("LESS", None)
