"""One task of a batch in a process of its own, with what it cost: `python -m tests.capacity.task` reads it as JSON.

The tasks are the jobs that every engine runs, over one file of dumps.
"""

from __future__ import annotations

import itertools
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cleaner.batch.cleaning import CleanWindow, Shelf
from cleaner.batch.finish import join_all
from cleaner.batch.jobs import Job
from cleaner.batch.order import WINDOW, Order
from cleaner.batch.reading import Reading
from cleaner.batch.records import Recipe, clean_record
from cleaner.batch.sketching import Learned, LearnSites, SketchWindow, read_sketches
from cleaner.batch.windows import Group, Window
from cleaner.batch.workfolder import WorkFolder
from cleaner.io import storage
from cleaner.io.places import Output
from cleaner.io.readers import Keys, Source, read_source
from cleaner.settings import Settings
from cleaner.templates.collect import Collection
from tests.conftest import ROOT

__all__ = ["Cost", "Task", "run", "run_apart"]

_WARM = 3  # dumps that are cleaned first, so that models and libraries are there when the clock starts


@dataclass(frozen=True)
class Task:
    """What to do: `sketch` or `clean` the dumps of `source`, `read` what was sketched, `learn` the sites
    (of one partition, or all one after the other), or `commit` all to `out`."""

    stage: str
    source: str
    out: str
    partitions: int = 1
    partition: int | None = None
    group: int = 0
    window: int = WINDOW


@dataclass(frozen=True)
class Cost:
    """What a task cost: processor time, the most memory, and that before it began; what it made, and of how much."""

    dumps: int
    made: int
    seconds: float
    base_mb: float
    peak_mb: float


def run_apart(task: Task) -> Cost:
    """Do a task in a process of its own."""
    call = [sys.executable, "-m", "tests.capacity.task"]
    done = subprocess.run(call, input=json.dumps(asdict(task)), cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{task}: {done.stderr}")
    return Cost(**json.loads(done.stdout))


def run(task: Task) -> Cost:
    """Do a task here."""
    order = Order(
        [Source(task.source, ".jsonl", "dumps")],
        Keys(),
        Recipe(Settings()),
        Output(task.out, "lines", f"{task.out}.rejects"),
    )
    folder = WorkFolder(order.output.work_folder, order.part_suffix)
    if task.stage != "commit":
        for record in itertools.islice(read_source(order.sources[0], order.keys), _WARM):
            clean_record(record, order.recipe)
    base, start = _peak(), time.process_time()
    dumps, made = _STAGES[task.stage](task, order, folder)
    return Cost(dumps, made, time.process_time() - start, base, _peak())


def _sketch(task: Task, order: Order, folder: WorkFolder) -> tuple[int, int]:
    """The bytes that it makes are what is shuffled."""
    recipe = order.recipe

    def job(reading: Reading) -> SketchWindow:
        return SketchWindow(reading, recipe.settings, recipe.source_format, None, folder, task.partitions)

    done = [found for _, found in _windows(task, order, job)]
    return sum(found.dumps for found in done), sum(found.size for found in done)


def _learn(task: Task, order: Order, folder: WorkFolder) -> tuple[int, int]:
    """What it makes are houses."""
    windows, total = sorted(folder.sketched()), Learned()
    for partition in range(task.partitions) if task.partition is None else (task.partition,):
        total = total.plus(_finish(LearnSites(partition, windows, folder)))
    return total.dumps, total.houses


def _read(task: Task, order: Order, folder: WorkFolder) -> tuple[int, int]:
    """What learning does before it learns."""
    collection = Collection()
    for window in sorted(folder.sketched()):
        for partition in range(task.partitions):
            collection.add_all(read_sketches(folder.sketches(window), partition))
    return sum(collection.seen.values()), len(collection)


def _clean(task: Task, order: Order, folder: WorkFolder) -> tuple[int, int]:
    """The bytes that it makes are rows."""
    there = set(storage.names(folder.path("houses")))
    shelf = Shelf((tuple(folder.houses(p) if f"{p:03}.sqlite" in there else None for p in range(task.partitions)),))

    def job(reading: Reading) -> CleanWindow:
        return CleanWindow(reading, order.recipe, order.layout, folder, shelf)

    done = list(_windows(task, order, job))
    written = (Path(folder.rows(window.name)) for window, mark in done if mark.written)
    return sum(mark.read for _, mark in done), sum(path.stat().st_size for path in written)


def _commit(task: Task, order: Order, folder: WorkFolder) -> tuple[int, int]:
    """The bytes that it makes are the output."""
    marks = folder.marks()
    join_all(order, folder, marks)
    return sum(mark.read for mark in marks.values()), Path(order.output.path).stat().st_size


def _windows(task: Task, order: Order, job: Callable[[Reading], Job[Any]]) -> Iterator[tuple[Window, Any]]:
    """The windows of the source, each with the result of its job."""
    group, ended = Group(task.group, tuple(order.sources)), False
    for index in itertools.count():
        if ended:
            return
        window = Window(group, index, index * task.window, (index + 1) * task.window)
        done = _finish(job(Reading(window, order.keys)))
        yield window, done
        ended = done.ended


def _finish(job: Job[Any]) -> Any:
    """The result of a job."""
    steps = job.run({})
    try:
        while True:
            next(steps)
    except StopIteration as end:
        return end.value


def _peak() -> float:
    """The most memory that this process has held; what `getrusage` says may be of the one that it was forked from."""
    status = Path("/proc/self/status")
    if not status.exists():
        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    (kilobytes,) = (line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return round(int(kilobytes) / 1024, 1)


_STAGES = {"sketch": _sketch, "read": _read, "learn": _learn, "clean": _clean, "commit": _commit}


if __name__ == "__main__":
    print(json.dumps(asdict(run(Task(**json.load(sys.stdin))))))
