"""A whole run: learn what sites repeat, clean all windows, put the parts together; begun anew or gone on with."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from cleaner.batch.cleaning import CleanWindow, Shelf
from cleaner.batch.feeds import OneByOne, Pass
from cleaner.batch.finish import Shards, join_all, run_file
from cleaner.batch.identity import differences
from cleaner.batch.jobs import Engine
from cleaner.batch.lock import Held, locked
from cleaner.batch.order import Order
from cleaner.batch.reading import Reading
from cleaner.batch.sketching import Learned, LearnSites, SketchWindow
from cleaner.batch.windows import Group, Planner, Window, group_sources
from cleaner.batch.workfolder import Mark, WorkFolder, add_marks
from cleaner.detectors.sites import House
from cleaner.errors import CleanerError, InputError
from cleaner.io import storage
from cleaner.io.readers import read_source
from cleaner.templates.houses import partition_of, write_houses
from cleaner.templates.store import load_houses

__all__ = ["Done", "Watcher", "run_batch"]

_AHEAD = 2  # groups that are open, for each job


class Watcher(Protocol):
    """Who is told how a run goes."""

    def begin(self, stage: str, known: int) -> None:
        """A stage begins, of which `known` dumps were done by an earlier run."""

    def done(self, window: Window, mark: Mark) -> None:
        """A window is whole."""

    def passed(self, dumps: int) -> None:
        """So many dumps more are done. Called from many threads."""

    def look(self) -> None:
        """Called about every second, and after each window."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a run ended: its counts, those of what it learned, and whether all was there before."""

    mark: Mark
    learned: Learned | None = None
    whole: bool = False


def run_batch(order: Order, engine: Engine, watcher: Watcher, restart: bool = False) -> Done:
    """Do what is ordered, and go on where an earlier run of the same order stopped.

    Raises `InputError` where OUT holds a run of another order, or another process works there, or a place cannot be
    read or written.
    """
    start = time.monotonic()
    found = order.identities()
    plan = order.plan(found)
    folder = WorkFolder(order.output.work_folder, order.part_suffix)
    lock = folder.path("lock")
    with locked(lock, order.output.path, lambda: watcher.begin("waiting for a sign of another run", 0)) as held:
        earlier = _earlier(order, folder, plan, restart)
        if earlier is not None:
            held.end()
            folder.remove()
            return Done(Mark(**earlier["counts"]), whole=True)
        run = _Run(order, folder, engine, watcher, plan["sites"]["partitions"], found, held)
        learned = run.learn()
        mark = run.clean(learned)
        if mark.read != mark.written + sum(mark.rejects.values()):
            raise CleanerError(f"{order.output.path}: {mark} does not add up; please report this")
        held.check()
        run_file(order, plan, mark, learned, time.monotonic() - start)
        held.end()
        folder.remove()
    return Done(mark, learned)


def _earlier(order: Order, folder: WorkFolder, plan: Mapping[str, Any], restart: bool) -> dict[str, Any] | None:
    """What the run.json of a finished run of the same order says; None where there is something to do.

    Raises `InputError` for a run of another order, which would be lost.
    """
    if restart:
        folder.empty()
        storage.remove(order.output.run_file)  # else what is begun here could not be gone on with
    else:
        finished: dict[str, Any] | None = _account(order.output.run_file)
        if finished is not None and storage.exists(order.output.path):
            _refuse(order, differences(finished["plan"], plan), "the finished run of other")
            return finished
        unfinished = folder.noted("plan.json")
        if unfinished is not None:
            _refuse(order, differences(unfinished, plan), "an unfinished run of other")
    folder.note("plan.json", plan)
    return None


def _account(path: str) -> dict[str, Any] | None:
    """The run.json there; None where none is, or another file of that name."""
    try:
        told = storage.read_json(path)
    except ValueError:
        return None
    return told if isinstance(told, dict) and "plan" in told else None


def _refuse(order: Order, different: list[str], what: str) -> None:
    if different:
        raise InputError(
            f"{order.output.path}: holds {what} settings or inputs ({', '.join(different[:5])} differ); "
            "--restart replaces it, or write to another place"
        )


@dataclass
class _Run:
    """A run under way."""

    order: Order
    folder: WorkFolder
    engine: Engine
    watcher: Watcher
    partitions: int
    identities: Mapping[str, Mapping[str, Any]]
    held: Held
    groups: list[Group] = field(init=False)
    limits: Mapping[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.groups = group_sources(
            self.order.sources, {path: told["size"] or 0 for path, told in self.identities.items()}
        )
        self.limits = _limits(self.groups, self.order)
        if self.limits:
            self.groups = [group for group in self.groups if self.limits.get(group.number, 1) > 0]

    def learn(self) -> Learned | None:
        """The first pass, where one is wanted, or was done before."""
        if not self.order.learn:
            return None
        before = self.folder.noted("learned.json")
        if before is not None:
            return Learned(**before)
        self.watcher.begin("learning", 0)
        feed = Pass(self._planner(), self.folder.sketched())

        def sketch(window: Window) -> SketchWindow:
            recipe = self.order.recipe
            return SketchWindow(
                self._reading(window),
                recipe.settings,
                recipe.source_format,
                self.order.site_key,
                self.folder,
                self.partitions,
            )

        for _ in self.engine.drain(feed, sketch, self.watcher.passed):
            self._look()
        windows = sorted(self.folder.sketched())
        total = Learned()
        partitions = OneByOne(range(self.partitions))
        for learned in self.engine.drain(
            partitions, lambda p: LearnSites(p, windows, self.folder), self.watcher.passed
        ):
            if learned is not None:
                total = total.plus(learned[1])
            self._look()
        self.folder.note("learned.json", asdict(total))
        storage.remove_tree(self.folder.path("sketches"))
        return total

    def clean(self, learned: Learned | None) -> Mark:
        """The second pass, and the parts put together: its counts, with what an earlier run had done."""
        marks = self.folder.marks()
        self.watcher.begin("cleaning", add_marks(iter(marks.values())).read)
        shelf, planner = Shelf(tuple(self._layers(learned)), self.order.site_key), self._planner()
        shards = Shards(self.order, self.folder, self.groups) if self.order.output.shards else None

        def clean(window: Window) -> CleanWindow:
            return CleanWindow(self._reading(window), self.order.recipe, self.order.layout, self.folder, shelf)

        for found in self.engine.drain(Pass(planner, marks), clean, self.watcher.passed):
            if found is not None:
                marks[found[0].name] = found[1]
                self.watcher.done(*found)
            if shards:
                shards.join(planner.finished())
            self._look()
        if shards:
            shards.join(planner.finished())
        join_all(self.order, self.folder, {name: marks[name] for name in sorted(marks)})
        return add_marks(iter(marks.values()))

    def _look(self) -> None:
        self.held.check()
        self.watcher.look()

    def _planner(self) -> Planner:
        return Planner(self.groups, self.order.window, self.limits, _AHEAD * self.engine.width)

    def _reading(self, window: Window) -> Reading:
        return Reading(window, self.order.keys, self.order.sample, self.order.limits)

    def _layers(self, learned: Learned | None) -> Iterator[tuple[str | None, ...]]:
        """Where houses are: those of the file of templates before those that were learned."""
        if self.order.templates:
            yield _shelve(self.order.templates, self.folder, self.partitions)
        if learned is not None and learned.houses:
            there = set(storage.names(self.folder.path("houses")))
            yield tuple(self.folder.houses(p) if f"{p:03}.sqlite" in there else None for p in range(self.partitions))


def _shelve(templates: str, folder: WorkFolder, partitions: int) -> tuple[str | None, ...]:
    """Put the houses of a file of templates where workers find them."""
    dealt: dict[int, list[tuple[str, House]]] = {}
    for site, house in sorted(load_houses(templates).items()):
        dealt.setdefault(partition_of(site, partitions), []).append((site, house))
    paths: list[str | None] = [None] * partitions
    for partition, houses in dealt.items():
        paths[partition] = path = folder.path("given", f"{partition:03}.sqlite")
        write_houses(path, houses)
    return tuple(paths)


def _limits(groups: list[Group], order: Order) -> dict[int, int]:
    """How many dumps of each group are wanted, so that all together are the first `limit`."""
    if order.limit is None:
        return {}
    left, limits = order.limit, {}
    for group in groups:
        have = len(group.sources) if group.single else 0
        if left and not group.single:
            have = sum(
                1 for _ in itertools.islice(read_source(group.sources[0], order.keys, 0, left, order.limits), left)
            )
        limits[group.number] = min(left, have)
        left -= limits[group.number]
    return limits
