"""Whether the arithmetic holds: a forecast from a small sample, and then the corpus itself through stages 1 and 2.

The corpus is synthetic: dumps of twenty lines, so of twenty fingerprints, of sites by Zipf's law; one in twenty is the
text of another one, one in fifty empty.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from cleaner.data import thresholds
from tests import synthetic
from tests.capacity.measure import Row, measure
from tests.capacity.model import Corpus, forecast
from tests.capacity.task import Cost, Task, run_apart

__all__ = ["Checked", "simulate"]

Checked = dict[str, tuple[float, float]]
"""By quantity: as it was forecast, as it was observed."""

_SHARD = 20_000  # dumps of a file
_APART = 10**9  # numbers from which dumps are taken that are in no corpus


def simulate(fingerprints: int, sites: int, partitions: int, window: int, jobs: int, sample: int) -> Checked:
    """Forecast and observe the bytes, seconds and memory of stages 1 and 2."""
    made = synthetic.Corpus(sites, words=(5, 15))
    rows = list(made.dumps(range(_APART, _APART + sample)))
    one = measure(rows, lambda site, articles: _of_site(made, site, articles), "raw")
    sites_level = {name: int(thresholds()["sites"][key]) for name, key in _LEVELS.items()}
    dumps = fingerprints // made.lines
    corpus = Corpus(dumps, sites, partitions, window, made.skew, made.copies, 1 / synthetic.EMPTY, **sites_level)
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(jobs) as pool:
        task = Task("sketch", "", str(Path(name) / "out.jsonl"), partitions, window=window)
        starts = range(0, dumps, _SHARD)
        sketched = list(pool.map(lambda start: _sketch(made, task, start, min(start + _SHARD, dumps)), starts))
        warm = write_warm(Path(name), made)
        lessons = [replace(task, stage="learn", source=warm, partition=p) for p in range(partitions)]
        learned = list(pool.map(run_apart, lessons))
    told = forecast(corpus, one)
    return {
        "dumps that teach": (dumps * (1 - corpus.unread), sum(cost.dumps for cost in learned)),
        "sites learned": (told.learned, sum(cost.made for cost in learned)),
        "stage 1: bytes shuffled": (told.written, sum(cost.made for cost in sketched)),
        "stage 1: seconds": (told.sketch_s, sum(cost.seconds for cost in sketched)),
        "stage 1: MB of a task": (told.sketch_mb, max(cost.peak_mb for cost in sketched)),
        "stage 2: seconds": (told.learn_s + told.only_read_s, sum(cost.seconds for cost in learned)),
        "stage 2: MB of a task": (told.learn_mb, max(cost.peak_mb for cost in learned)),
    }


_LEVELS = {"sample": "sample", "floor": "sample_floor", "room": "room", "least": "least_articles"}


def write_warm(folder: Path, made: synthetic.Corpus) -> str:
    """A file of a few dumps, with which a task that reads none can warm up."""
    return str(synthetic.write_dumps(folder / "warm.jsonl", made.dumps(range(_APART, _APART + 3))))


def _sketch(made: synthetic.Corpus, task: Task, start: int, end: int) -> Cost:
    """Write a part of the corpus, sketch it, and take it away again."""
    source = Path(task.out).with_name(f"{start}.jsonl")
    synthetic.write_dumps(source, made.dumps(range(start, end)))
    cost = run_apart(replace(task, source=str(source), group=start // _SHARD))
    source.unlink()
    return cost


def _of_site(made: synthetic.Corpus, site: int, articles: int) -> Iterator[Row]:
    for number in range(articles):
        text = made.text_of(site, 2 * _APART + site * 100_000 + number)
        yield {"id": f"{site}-{number}", "url": f"https://site{site}.example/{number}", "raw": text}
