"""The end of a run: the parts of all windows become the output, the rejects and the account of the run."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from cleaner.batch.order import Order
from cleaner.batch.sketching import Learned
from cleaner.batch.windows import Group
from cleaner.batch.workfolder import Mark, WorkFolder
from cleaner.io import storage
from cleaner.io.writers import REJECTS, join_rows, write_folder

__all__ = ["join_all", "run_file"]


def join_all(order: Order, folder: WorkFolder, marks: Mapping[str, Mark], groups: Sequence[Group]) -> None:
    """Put all parts together, in the order of the input. Done again, it gives the same again."""
    parts = [folder.rows(name) for name, mark in marks.items() if mark.written]
    if order.output.kind == "folder":
        write_folder(parts, order.output.path)
    else:
        join_rows(parts, order.output.path, order.layout)
    rejects = [folder.rejects(name) for name, mark in marks.items() if mark.rejects]
    if order.output.rejects is None:
        return
    if rejects:
        join_rows(rejects, order.output.rejects, REJECTS)
    else:
        storage.remove(order.output.rejects)


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
