"""What a person, or a program, sees of a run on standard error: a bar on a terminal, plain or JSON lines elsewhere."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cleaner.batch.windows import Window
from cleaner.batch.workfolder import Mark

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["Display", "summary"]

_EVERY = 10.0  # seconds between lines


class Display:
    """Tells how a run goes. `log_format` is "text" or "json": one object a line, with `event`."""

    def __init__(
        self, quiet: bool = False, log_format: str = "text", total: int | None = None, verbose: bool = False
    ) -> None:
        self._quiet, self._verbose = quiet, verbose
        self._json = log_format == "json"
        self._total = total
        self._lock = threading.Lock()
        self._stage, self._dumps, self._before = "", 0, 0
        self._start = self._last = time.monotonic()
        self._bar: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Display:
        return self

    def __exit__(self, *exc: object) -> None:
        self._end_bar()

    def say(self, line: str, event: str = "note", *, quietly: bool = False, **facts: Any) -> None:
        """A line for whoever looks on; with `quietly` also for who wants none, since it may surprise."""
        if quietly or not self._quiet:
            self._write(line, {"event": event, "text": line, **facts})

    def begin(self, stage: str, known: int = 0) -> None:
        """A stage begins, of which `known` dumps were done before."""
        self._end_bar()
        if known:
            self.say(f"going on: {known:,} dumps were done before", "resumed", dumps=known)
        self._stage, self._dumps, self._before = stage, 0, known
        self._start = self._last = time.monotonic()
        if not self._quiet and not self._json and sys.stderr.isatty():
            self._bar = _bar(stage, self._total, known)

    def done(self, window: Window, mark: Mark) -> None:
        """A window is whole: told to those who want to hear more."""
        if self._verbose:
            name, rejected = window.group.sources[0].name, sum(mark.rejects.values())
            line = f"{name}, window {window.index}: read {mark.read:,}, written {mark.written:,}, rejected {rejected:,}"
            self.say(line, "window", name=name, index=window.index, **asdict(mark))

    def passed(self, dumps: int) -> None:
        """So many dumps more are done; from any thread."""
        with self._lock:
            self._dumps += dumps

    def look(self) -> None:
        """Show how far the run is, if it is time."""
        if self._quiet:
            return
        if self._bar is not None:
            progress, task = self._bar
            progress.update(task, completed=self._before + self._dumps)
            return
        now = time.monotonic()
        if now - self._last < _EVERY:
            return
        self._last = now
        done, rate = self._before + self._dumps, self._dumps / (now - self._start)
        facts = {"event": "progress", "stage": self._stage, "dumps": done, "per_second": round(rate, 1)}
        self._write(f"{self._stage}: {done:,} dumps, {rate:,.0f}/s", facts)

    def _write(self, line: str, facts: Mapping[str, Any]) -> None:
        if self._bar is not None:
            self._bar[0].console.print(line, markup=False, highlight=False)
        else:
            print(json.dumps(facts, ensure_ascii=False) if self._json else line, file=sys.stderr, flush=True)

    def _end_bar(self) -> None:
        if self._bar is not None:
            self._bar[0].stop()
            self._bar = None


def _bar(stage: str, total: int | None, known: int) -> tuple[Progress, TaskID]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """Dumps a second."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed or 0:,.0f}/s")

    times = TimeRemainingColumn() if total else TimeElapsedColumn()
    columns = (TextColumn(stage), BarColumn(), MofNCompleteColumn(), Rate(), times)
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    task = progress.add_task(stage, total=total, completed=known)
    progress.start()
    return progress, task


def summary(mark: Mark, seconds: float, rejects_to: str | None) -> str:
    """The account of a run in a few lines."""
    rejected = sum(mark.rejects.values())
    lines = [f"read {mark.read:,}   written {mark.written:,}   rejected {rejected:,}   in {seconds:.1f} s"]
    if mark.rejects:
        reasons = ", ".join(f"{reason} {n:,}" for reason, n in _most(mark.rejects))
        lines.append(f"rejected: {reasons}" + (f"   (see {rejects_to})" if rejects_to else ""))
    if mark.skipped:
        lines.append("passed over: " + ", ".join(f"{kind} {n:,}" for kind, n in _most(mark.skipped)))
    if mark.removed:
        lines.append("characters removed: " + ", ".join(f"{name} {n:,}" for name, n in _most(mark.removed)))
    return "\n".join(lines)


def _most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
