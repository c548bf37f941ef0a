"""The input in windows: so many dumps of one source, the unit of work, of checkpoints and of loss.

Windows depend on the sources alone, never on how many processes there are: the same input gives the same windows, in
whatever order they are done. Where a source ends is found out on the way, so that no input is read just to be counted.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cleaner.io.readers import LINES, Source

__all__ = ["Group", "Planner", "Window", "group_sources", "window_name"]

_FILES = 64  # of one dump each, that make a group
_GROUP_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class Group:
    """What is read one after the other: a source of many dumps, or some files of one dump each."""

    number: int
    sources: tuple[Source, ...]

    @property
    def single(self) -> bool:
        """Whether its sources are one dump each."""
        return self.sources[0].suffix not in LINES


@dataclass(frozen=True, slots=True)
class Window:
    """The dumps number `first` to `last` (exclusive) of a group."""

    group: Group
    index: int
    first: int
    last: int

    @property
    def name(self) -> str:
        """How its files are called."""
        return window_name(self.group.number, self.index)


def window_name(group: int, index: int) -> str:
    """The name of a window; in their alphabetical order windows are in the order of the input.

    >>> window_name(3, 12)
    '0000003-0000012'
    """
    return f"{group:07}-{index:07}"


def group_sources(sources: Sequence[Source], sizes: Mapping[str, int] | None = None) -> list[Group]:
    """The sources in groups, in their order; `sizes` are bytes by path, where they are known."""
    groups: list[tuple[Source, ...]] = []
    files: list[Source] = []
    room = _GROUP_BYTES

    def close() -> None:
        if files:
            groups.append(tuple(files))
            files.clear()

    for source in sources:
        if source.suffix in LINES:
            close()
            groups.append((source,))
            continue
        size = (sizes or {}).get(source.path, 0)
        if len(files) == _FILES or (files and size > room):
            close()
        room = (room if files else _GROUP_BYTES) - size
        files.append(source)
    close()
    return [Group(number, group) for number, group in enumerate(groups)]


@dataclass(slots=True)
class _Progress:
    """How far a group is."""

    handed: int = 0  # windows handed out, or known to be done
    busy: int = 0
    end: int | None = None  # windows there are, once known


@dataclass
class Planner:
    """Hands out windows to whoever has time. Safe to be called by many threads.

    A group is finished before many others are begun, and whoever did its last window gets its next one, since that
    worker's reader stands there. Where there are fewer groups than workers, windows of one group are handed out before
    it is known that it reaches so far; one beyond its end is empty.
    """

    groups: Sequence[Group]
    size: int
    limits: Mapping[int, int] = field(default_factory=dict)
    """Dumps of a group that are wanted at most."""

    width: int = 2
    """Groups that are open at a time."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[int, _Progress] = {}
        self._next = 0
        self._finished: list[int] = []

    def take(self, last: Window | None = None) -> Window | None:
        """The next window for whoever did `last`; None when there is no more to hand out."""
        with self._lock:
            number = self._choose(last)
            if number is None:
                return None
            progress = self._open[number]
            window = self._window(number, progress.handed)
            progress.handed += 1
            progress.busy += 1
            return window

    def tell(self, window: Window, ended: bool) -> None:
        """A window is done; `ended` says that its group has nothing behind it."""
        with self._lock:
            progress = self._open[window.group.number]
            progress.busy -= 1
            if ended:
                progress.end = min(window.index + 1, progress.end or window.index + 1)
            if progress.end is not None and not progress.busy:
                del self._open[window.group.number]
                self._finished.append(window.group.number)

    def finished(self) -> list[int]:
        """The groups that were finished since the last call: there is nothing of them left to do."""
        with self._lock:
            found, self._finished = self._finished, []
            return found

    def _choose(self, last: Window | None) -> int | None:
        if last is not None and self._has_more(last.group.number):
            return last.group.number
        free = (number for number, progress in self._open.items() if not progress.busy and self._has_more(number))
        number = next(free, None)
        if number is None and self._next < len(self.groups) and len(self._open) < self.width:
            number, self._next = self._next, self._next + 1
            self._open[number] = _Progress(end=self._known_end(number))
        if number is None:
            ready = [number for number in self._open if self._has_more(number)]
            number = min(ready, key=lambda number: (self._open[number].busy, number), default=None)
        return number

    def _has_more(self, number: int) -> bool:
        progress = self._open.get(number)
        return progress is not None and (progress.end is None or progress.handed < progress.end)

    def _known_end(self, number: int) -> int | None:
        if self.groups[number].single:
            return 1
        limit = self.limits.get(number)
        return None if limit is None else -(-limit // self.size)

    def _window(self, number: int, index: int) -> Window:
        group, first = self.groups[number], index * self.size
        last = len(group.sources) if group.single else first + self.size
        return Window(group, index, first, min(last, self.limits.get(number, last)))
