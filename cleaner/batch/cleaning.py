"""The job of cleaning one window: its rows and its rejects in files that appear whole, and the mark that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cleaner.batch.jobs import START, STOP
from cleaner.batch.reading import Reading, read_window
from cleaner.batch.records import Outcome, Recipe, clean_record, lost_record
from cleaner.batch.workfolder import Mark, WorkFolder
from cleaner.detectors.sites import House
from cleaner.io.readers import Dump, Record
from cleaner.io.writers import Layout, Write, open_rows
from cleaner.templates.houses import HouseShelf
from cleaner.templates.keys import site_of

__all__ = ["CleanWindow", "Shelf"]

_REJECTS = Layout(".jsonl")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the houses of the sites lie: layers of files by partition, of which an earlier one wins.

    `site_key` is the column of a dump that names its site.
    """

    layers: tuple[tuple[str | None, ...], ...] = ()
    site_key: str | None = None

    def house_of(self, record: Record) -> House | None:
        """What is known of the site of a dump."""
        site = site_of(record, self.site_key) if self.layers and isinstance(record, Dump) else None
        if site is None:
            return None
        return next((house for layer in self.layers if (house := _shelf(layer).get(site)) is not None), None)


@dataclass(frozen=True, slots=True)
class CleanWindow:
    """The job of cleaning the dumps of a window."""

    reading: Reading
    recipe: Recipe
    layout: Layout
    folder: WorkFolder
    shelf: Shelf = Shelf()

    def run(self, spoilt: Mapping[int, str]) -> Generator[str, None, Mark]:
        """Clean all dumps of the window; the mark is written last. A window beyond the end leaves no file."""
        read, rejects, removed = 0, Counter[str](), Counter[str]()
        name, reading = self.reading.window.name, read_window(self.reading)
        with ExitStack() as files:
            rows = _Lazily(files, self.folder.rows(name), self.layout)
            rejected = _Lazily(files, self.folder.rejects(name), _REJECTS)
            for record in reading:
                yield START
                outcome = self._clean(record, spoilt.get(read))
                read += 1
                if outcome.row is not None:
                    rows.write(outcome.row)
                elif outcome.reject is not None:
                    rejected.write(outcome.reject)
                    rejects[outcome.reject["reason"]] += 1
                removed.update(outcome.removed)
                yield STOP
        skipped = dict(reading.skipped)
        mark = Mark(read, rows.written, dict(rejects), dict(removed), skipped, reading.ended)
        if read or skipped or not mark.ended:
            self.folder.write_mark(name, mark)
        return mark

    def _clean(self, record: Record, why: str | None) -> Outcome:
        if why is not None:
            return lost_record(record, why)
        return clean_record(record, self.recipe, self.shelf.house_of(record))


class _Lazily:
    """A file that is begun with its first row."""

    def __init__(self, files: ExitStack, path: str, layout: Layout) -> None:
        self._files, self._path, self._layout = files, path, layout
        self._write: Write | None = None
        self.written = 0

    def write(self, row: Mapping[str, Any]) -> None:
        if self._write is None:
            self._write = self._files.enter_context(open_rows(self._path, self._layout))
        self._write(row)
        self.written += 1


@lru_cache(2)
def _shelf(paths: tuple[str | None, ...]) -> HouseShelf:
    """The open files of houses, which a worker keeps from window to window."""
    return HouseShelf(paths)
