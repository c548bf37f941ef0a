"""What a person sees of a run: a bar with rate and time left on a terminal, plain lines elsewhere, a summary at the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from cleaner.batch import Counts

__all__ = ["summary", "watch"]

T = TypeVar("T")
_EVERY = 10.0  # seconds between plain lines


def watch(items: Iterable[T], counts: Counts, total: int | None, quiet: bool) -> Iterator[T]:
    """Pass items on and show how far the run is, on standard error. `total` is None where it is not known."""
    if quiet:
        yield from items
    elif sys.stderr.isatty():
        yield from _with_bar(items, total)
    else:
        yield from _with_lines(items, counts)


def _with_bar(items: Iterable[T], total: int | None) -> Iterator[T]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """Dumps a second."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed or 0:,.0f}/s")

    columns = (TextColumn("cleaning"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("cleaning", total=total)
        for item in items:
            progress.advance(task)
            yield item


def _with_lines(items: Iterable[T], counts: Counts) -> Iterator[T]:
    start = last = time.monotonic()
    for item in items:
        yield item
        now = time.monotonic()
        if now - last >= _EVERY:
            last = now
            rate = counts.read / (now - start)
            print(f"cleaning: {counts.read:,} read, {counts.rejected:,} rejected, {rate:,.0f}/s", file=sys.stderr)


def summary(counts: Counts, seconds: float, rejects_to: str | None) -> str:
    """The account of a run in a few lines."""
    lines = [f"read {counts.read:,}   written {counts.written:,}   rejected {counts.rejected:,}   in {seconds:.1f} s"]
    if counts.rejects:
        reasons = ", ".join(f"{reason} {n:,}" for reason, n in counts.rejects.most_common())
        lines.append(f"rejected: {reasons}" + (f"   (see {rejects_to})" if rejects_to else ""))
    if counts.removed:
        pieces = ", ".join(f"{category} {n:,}" for category, n in counts.removed.most_common())
        lines.append(f"characters removed: {pieces}")
    return "\n".join(lines)
