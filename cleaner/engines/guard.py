"""A limit of time for callers who come with one item at a time and may be copied to other processes."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

from cleaner.batch.jobs import Chunk, Spoilt
from cleaner.engines.crew import Crew

__all__ = ["Guard"]

In = TypeVar("In")
Out = TypeVar("Out")


class Guard:
    """Calls functions in processes of its own, and ends the one where an item takes longer than `seconds`.

    There are as many processes as threads that call at a time; they end with the guard. A guard that was pickled,
    copied or forked starts processes of its own.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._crew: Crew | None = None
        self._owner = os.getpid()

    def __reduce__(self) -> tuple[Any, ...]:
        return Guard, (self._seconds,)

    def call(self, function: Callable[[In], Out], item: In) -> Out | Spoilt:
        """The function's result, or `Spoilt` for an item that took too long or killed its process."""
        result: Out | Spoilt = self._ready().finish(Chunk(function, [item]))[0]
        return result

    def _ready(self) -> Crew:
        if self._crew is None or self._owner != os.getpid():  # after a fork the crew is the parent's
            self._crew, self._owner = Crew(self._seconds), os.getpid()
            weakref.finalize(self, _dismiss, self._crew, self._owner)
        return self._crew


def _dismiss(crew: Crew, owner: int) -> None:
    """End a crew; a fork of its owner leaves it alone."""
    if os.getpid() == owner:
        crew.dismiss()
        crew.close()
