"""Figures of one core, measured on a sample: each stage's tasks in processes of their own, over dumps of one kind."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cleaner.batch.order import WINDOW
from tests.capacity.model import Measured
from tests.capacity.task import Task, run, run_apart
from tests.synthetic import write_dumps

__all__ = ["POINTS", "Row", "measure", "of_one_site"]

Row = Mapping[str, Any]
Site = Callable[[int, int], Iterator[Row]]
"""So many dumps of the site with a number."""

POINTS = (1, 4, 8, 24, 64, 256)
_FEW = 160  # articles at each point, at least
_MOST_SITES = 24
_TASKS = 32  # partitions, as a run has them at least


def measure(rows: Sequence[Row], site: Site, field: str, points: Sequence[int] = POINTS) -> Measured:
    """What the dumps in `field` of some rows cost, and what it costs to learn sites of `points` articles."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = Task("sketch", str(write_dumps(folder / "all.jsonl", rows)), str(folder / "out.jsonl"), _TASKS)
        sketched = run_apart(whole)
        read = run_apart(replace(whole, stage="read"))
        run_apart(replace(whole, stage="learn"))
        cleaned, joined = run_apart(replace(whole, stage="clean")), run_apart(replace(whole, stage="commit"))
        learned = [(n, *_learn(folder, site, n)) for n in points]
    texts = [row[field] for row in rows]
    return Measured(
        len(rows),
        sum(len(text.encode("utf-8", "replace")) for text in texts) / len(rows),
        sum(map(len, texts)) / len(rows),
        sketched.seconds / len(rows),
        (sketched.made - _tables(sketched.dumps)) / sketched.dumps,
        read.seconds / read.dumps,
        tuple((n, seconds) for n, seconds, _ in learned),
        cleaned.seconds / len(rows),
        joined.seconds / len(rows),
        joined.made / len(rows),
        (sketched.peak_mb, max(peak for *_, peak in learned), cleaned.peak_mb, joined.peak_mb),
    )


def _tables(dumps: int) -> float:
    """The bytes of a measured file of sketches that are no sketches: hardly any."""
    return -(-dumps // WINDOW) * _TASKS * 5


def _learn(folder: Path, site: Site, articles: int) -> tuple[float, float]:
    """Seconds to learn a site of so many articles, and the memory that it takes."""
    sites = min(_MOST_SITES, -(-_FEW // articles))
    rows = (row for number in range(sites) for row in site(number, articles))
    source = write_dumps(folder / f"{articles}.jsonl", rows)
    task = Task("sketch", str(source), str(folder / f"out{articles}.jsonl"))
    run(task)
    cost = run_apart(replace(task, stage="learn"))
    source.unlink()
    return cost.seconds / sites, cost.peak_mb


def of_one_site(pool: Sequence[Row], field: str, number: int, articles: int) -> Iterator[Row]:
    """So many rows of a pool as if they were of one site; where there are not enough, some again, each with a line more."""
    for i in range(articles):
        round_, place = divmod(number * articles + i, len(pool))
        tail = f"\n\nTurn {'abcdefghij'[round_ % 10] * (1 + round_ // 10)} of the tide." if i >= len(pool) else ""
        row = {"id": f"{number}-{i}", "url": f"https://site{number}.example/{i}"}
        yield row | {field: pool[place][field] + tail}
