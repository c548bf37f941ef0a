"""Reading windows in a worker: streams stay open between windows, so that those in rising order unpack a file once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from cleaner.batch.windows import Window
from cleaner.io.readers import Keys, Limits, Record, Source, SourceReader
from cleaner.text.fingerprint import digest

__all__ = ["Reading", "WindowReader", "is_sampled", "read_window"]

_OPEN = 4  # streams that a worker holds open; which ones changes no result


@dataclass(frozen=True, slots=True)
class Reading:
    """What to read: a window, by which columns, and of it a sample: the share (0 to 1) of dumps that is wanted."""

    window: Window
    keys: Keys
    sample: float = 1.0
    limits: Limits = field(default_factory=Limits)


class WindowReader:
    """The records of one window; iterate once. `ended` and `skipped` hold afterwards."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.ended = False
        """Whether the group of the window has nothing behind it."""

        self.skipped: Counter[str] = Counter()
        """What was passed over as no dump, by kind."""

    def __iter__(self) -> Iterator[Record]:
        sample = self._reading.sample
        return (record for record in self._all() if is_sampled(record, sample))

    def _all(self) -> Iterator[Record]:
        window, keys, limits = self._reading.window, self._reading.keys, self._reading.limits
        if window.group.single:
            for source in window.group.sources[window.first : window.last]:
                with SourceReader(source, keys, limits) as reader:
                    yield from reader.read()
                    self.skipped += reader.skipped
            self.ended = True
            return
        reader = _reader(window.group.sources[0], keys, limits)
        yield from reader.read(window.first, window.last)
        self.ended = reader.ended
        self.skipped += reader.skipped


def is_sampled(record: Record, sample: float) -> bool:
    """Whether a dump is in the sample: by a digest of its id, so that it is in it again in the next run."""
    return sample >= 1 or digest(record.id) < sample * (1 << 63)


def read_window(reading: Reading) -> WindowReader:
    """The records of a window, in their order."""
    return WindowReader(reading)


@lru_cache(_OPEN)
def _reader(source: Source, keys: Keys, limits: Limits) -> SourceReader:
    return SourceReader(source, keys, limits)
