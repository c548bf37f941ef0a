"""The folder of a run that is under way: what of it is done, and by whose settings.

    OUT.run/                 beside a file; OUT/.run/ in a folder
        plan.json            what the run is: settings, models, inputs, outputs
        lock                 held while somebody works here
        sketches/NAME        of each window, for the learning of sites; NAME.json says that it is whole
        learned.json         all sites are learned
        houses/NNN.sqlite    what was learned, by partition of the sites
        given/NNN.sqlite     what the file of templates says
        windows/NAME.rows…   the rows of a window, as they will stand in the output
        windows/NAME.rejects.jsonl
        windows/NAME.json    the mark: the window is whole, with its counts
        shards/NNN.json      all windows of a group are put together

Every file appears under its name when it is whole, the mark of a window last: a run that was killed at any moment goes
on at the windows without a mark.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from cleaner.batch.windows import window_name
from cleaner.errors import InputError
from cleaner.io import storage

__all__ = ["Mark", "Sketched", "WorkFolder", "add_marks"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A window is done: what became of its dumps. `read == written + rejected`."""

    read: int = 0
    written: int = 0
    rejects: Mapping[str, int] = field(default_factory=dict)
    removed: Mapping[str, int] = field(default_factory=dict)
    """Characters removed by category."""

    skipped: Mapping[str, int] = field(default_factory=dict)
    """What was passed over as no dump, by kind."""

    ended: bool = False
    """Whether the group has nothing behind this window."""


@dataclass(frozen=True, slots=True)
class Sketched:
    """The sketches of a window are whole: of so many dumps, in so many bytes; `ended` as in `Mark`."""

    dumps: int = 0
    size: int = 0
    ended: bool = False


@dataclass(frozen=True, slots=True)
class WorkFolder:
    """The places in the folder of a run, and what is written there at once."""

    root: str
    suffix: str
    """Of the files of rows, such as `.jsonl`."""

    def path(self, *names: str) -> str:
        return storage.join(self.root, *names)

    def rows(self, window: str) -> str:
        return self.path("windows", f"{window}.rows{self.suffix}")

    def rejects(self, window: str) -> str:
        return self.path("windows", f"{window}.rejects.jsonl")

    def sketches(self, window: str) -> str:
        return self.path("sketches", window)

    def houses(self, partition: int) -> str:
        return self.path("houses", f"{partition:03}.sqlite")

    def write_mark(self, window: str, mark: Mark) -> None:
        """Say that a window is whole. Its other files must be there by now."""
        storage.write_bytes(self.path("windows", f"{window}.json"), _json(asdict(mark)))

    def marks(self) -> dict[str, Mark]:
        """The windows that are whole, by name, in the order of the input."""
        return {name: Mark(**self._read("windows", f"{name}.json")) for name in self._marked("windows")}

    def write_sketched(self, window: str, sketched: Sketched) -> None:
        """Say that the sketches of a window are whole."""
        storage.write_bytes(self.path("sketches", f"{window}.json"), _json(asdict(sketched)))

    def sketched(self) -> dict[str, Sketched]:
        """The windows whose sketches are whole, by name, in the order of the input."""
        return {name: Sketched(**self._read("sketches", f"{name}.json")) for name in self._marked("sketches")}

    def _marked(self, kind: str) -> list[str]:
        found = storage.names(self.path(kind))
        return sorted(name.removesuffix(".json") for name in found if name.endswith(".json"))

    def note(self, name: str, told: Mapping[str, Any]) -> None:
        """Write a small file of facts."""
        storage.write_bytes(self.path(name), _json(told))

    def noted(self, name: str) -> dict[str, Any] | None:
        """Such a file; None where there is none."""
        return self._read(name) if storage.exists(self.path(name)) else None

    def _read(self, *names: str) -> dict[str, Any]:
        path = self.path(*names)
        try:
            with storage.open_read(path) as stream:
                told = json.loads(stream.read())
            if not isinstance(told, dict):
                raise ValueError("no object")
        except ValueError as exc:
            raise InputError(f"{path}: is damaged ({exc}); start anew with --restart") from exc
        return told

    def marks_of(self, group: int) -> list[tuple[str, Mark]]:
        """The windows of one group that are whole, in their order."""
        found: list[tuple[str, Mark]] = []
        while storage.exists(self.path("windows", f"{window_name(group, len(found))}.json")):
            name = window_name(group, len(found))
            found.append((name, Mark(**self._read("windows", f"{name}.json"))))
        return found

    def empty(self) -> None:
        """Forget all that was done; the lock stays."""
        for name in ("plan.json", "learned.json"):
            storage.remove(self.path(name))
        for name in ("sketches", "houses", "given", "windows", "shards"):
            storage.remove_tree(self.path(name))

    def remove(self) -> None:
        """Take the folder away."""
        storage.remove_tree(self.root)


def add_marks(marks: Iterator[Mark]) -> Mark:
    """The sum of the counts of many windows, in whatever order they ended."""
    read = written = 0
    rejects, removed, skipped = Counter[str](), Counter[str](), Counter[str]()
    for mark in marks:
        read, written = read + mark.read, written + mark.written
        for total, part in ((rejects, mark.rejects), (removed, mark.removed), (skipped, mark.skipped)):
            total.update(part)
    return Mark(read, written, _by_name(rejects), _by_name(removed), _by_name(skipped))


def _by_name(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: counts[name] for name in sorted(counts)}


def _json(told: Mapping[str, Any]) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8", "replace")
