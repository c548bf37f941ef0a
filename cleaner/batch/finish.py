"""The end of a run: the parts of all windows become the output, the rejects and the account of the run."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from cleaner.batch.order import Order
from cleaner.batch.sketching import Learned
from cleaner.batch.windows import Group
from cleaner.batch.workfolder import Mark, WorkFolder
from cleaner.io import storage
from cleaner.io.compress import bare_suffix
from cleaner.io.files import named
from cleaner.io.folder import file_name
from cleaner.io.readers import LINES
from cleaner.io.writers import REJECTS, join_rows, write_folder

__all__ = ["Shards", "join_all", "run_file"]


def join_all(order: Order, folder: WorkFolder, marks: Mapping[str, Mark]) -> None:
    """Put all parts together, in the order of the input. Done again, it gives the same again."""
    output = order.output
    parts = [folder.rows(name) for name, mark in marks.items() if mark.written]
    with named(output.path):
        if output.kind == "lines":
            join_rows(parts, output.path, order.layout)
        elif not output.shards:
            write_folder(parts, output.path)
    rejects = [folder.rejects(name) for name, mark in marks.items() if mark.rejects]
    if output.rejects is None:
        return
    with named(output.rejects):
        if rejects:
            join_rows(rejects, output.rejects, REJECTS)
        else:
            storage.remove(output.rejects)


class Shards:
    """The files of an output folder that takes a file of rows for each file of the input.

    A group's file is written as soon as all its windows are done; then the parts go, and a mark says so.
    """

    def __init__(self, order: Order, folder: WorkFolder, groups: Sequence[Group]) -> None:
        self._order, self._folder = order, folder
        taken: set[str] = set()
        self._names = {group.number: file_name(_name_of(group), taken) for group in groups}

    def join(self, groups: Iterable[int]) -> None:
        """Write the files of groups that are done."""
        for group in groups:
            name = f"{group:07}.json"
            if not storage.exists(self._folder.path("shards", name)):
                marks = self._folder.marks_of(group)
                parts = [self._folder.rows(window) for window, mark in marks if mark.written]
                self._put_together(group, parts)
                self._folder.note(f"shards/{name}", {"file": self._names[group], "windows": len(marks)})
                for part in parts:
                    storage.remove(part)

    def _put_together(self, group: int, parts: Sequence[str]) -> None:
        output = self._order.output
        path = storage.join(output.path, f"{self._names[group]}{output.shards}")
        with named(path):
            join_rows(parts, path, self._order.layout)


def _name_of(group: Group) -> str:
    """What the file of a group is called, before it is made safe."""
    if group.single:
        return f"files-{group.number:05}"
    name = group.sources[0].name
    return name[: name.lower().rindex(bare_suffix(name))] if bare_suffix(name) in LINES else name


def run_file(order: Order, plan: Mapping[str, Any], mark: Mark, learned: Learned | None, seconds: float) -> None:
    """Write run.json: enough to do the run again, and to know what came of it."""
    told = {
        "plan": plan,
        "counts": {k: v for k, v in asdict(mark).items() if k != "ended"},
        "learned": asdict(learned) if learned else None,
        "seconds": round(seconds, 1),
        "peak_memory_mb": _peak_memory(),
        "python": sys.version.split()[0],
    }
    storage.write_json(order.output.run_file, told)


def _peak_memory() -> int | None:
    """The most memory that this process, or the largest of its workers, has held."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) // 1024
