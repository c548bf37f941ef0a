"""What an engine runs: a job is a picklable object whose `run` is a generator that says when each of its items begins.

The engine counts the items. When one takes too long or kills its worker, the job is run again from its start, with that
item among the `spoilt`, which the job must pass over and account for.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

__all__ = ["DIED", "START", "STOP", "TIMEOUT", "Chunk", "Job", "Spoilt"]

START, STOP = "start", "stop"
"""What a job yields before and after each item whose time is limited."""

TIMEOUT, DIED = "timeout", "worker_died"
"""Why an item is spoilt: also the reasons of its reject."""

In = TypeVar("In")
Out = TypeVar("Out")
Done = TypeVar("Done", covariant=True)


class Job(Protocol[Done]):
    """One piece of work for one process."""

    def run(self, spoilt: Mapping[int, str]) -> Generator[str, None, Done]:
        """Yield `START` before and `STOP` after each item, numbered from 0, and return the result.

        `spoilt` tells the items that must not be touched, and why.
        """


@dataclass(frozen=True, slots=True)
class Spoilt:
    """Stands among the results of a chunk for an item that was not to be touched."""

    reason: str


@dataclass(frozen=True, slots=True)
class Chunk(Generic[In, Out]):
    """The job of calling a function on some items; its result is a list of results, with `Spoilt` for a spoilt one."""

    function: Callable[[In], Out]
    items: Sequence[In]

    def run(self, spoilt: Mapping[int, str]) -> Generator[str, None, list[Any]]:
        results: list[Any] = []
        for number, item in enumerate(self.items):
            yield START
            results.append(Spoilt(spoilt[number]) if number in spoilt else self.function(item))
            yield STOP
        return results


Item = TypeVar("Item")
Result = TypeVar("Result", contravariant=True)


class Feed(Protocol[Item, Result]):
    """Where an engine gets its items from, and where it says what became of them. Called from many threads."""

    def take(self, last: Item | None) -> Item | None:
        """The next item for whoever did `last`; None when there is no more."""

    def tell(self, item: Item, result: Result) -> None:
        """What an item gave."""


class Engine(Protocol):
    """Where jobs run: the processes of this machine, or those of many."""

    width: int
    """Jobs that run at a time, at most."""

    def drain(
        self, feed: Feed[Item, Out], make: Callable[[Item], Job[Out]], passed: Callable[[int], None]
    ) -> Generator[tuple[Item, Out] | None, None, None]:
        """Do all items of a feed; each with its result, in any order, and None where nothing came for a while.

        `passed` is called with the number of items done since its last call.
        """
