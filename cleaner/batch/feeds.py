"""What engines are fed with: the windows of a pass over the input, and the partitions of the sites."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from cleaner.batch.windows import Planner, Window

__all__ = ["Ended", "OneByOne", "Pass"]

Item = TypeVar("Item")


class Ended(Protocol):
    """A result that says whether the group of its window has nothing behind it."""

    @property
    def ended(self) -> bool: ...


Result = TypeVar("Result", bound=Ended)


@dataclass(frozen=True, slots=True)
class Pass(Generic[Result]):
    """The windows of one pass, without those that are done; what is done is told to the planner at once."""

    planner: Planner
    done: Mapping[str, Result]
    """By name of the window, what an earlier run gave."""

    def take(self, last: Window | None) -> Window | None:
        while (window := self.planner.take(last)) is not None:
            if window.name not in self.done:
                return window
            self.planner.tell(window, self.done[window.name].ended)
            last = window
        return None

    def tell(self, window: Window, result: Result) -> None:
        self.planner.tell(window, result.ended)


@dataclass
class OneByOne(Generic[Item]):
    """Items that are known beforehand."""

    items: Sequence[Item]
    _next: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, _: Item | None) -> Item | None:
        with self._lock:
            if self._next == len(self.items):
                return None
            self._next += 1
            return self.items[self._next - 1]

    def tell(self, item: Item, result: Any) -> None:
        """Nothing depends on what they give."""
