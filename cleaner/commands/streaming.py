"""A run from or to what can be read or written only once: dumps through, in their order, and nothing to go on with."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import click

from cleaner.batch.order import Order
from cleaner.batch.reading import is_sampled
from cleaner.batch.records import Counts, Outcome, Task, count
from cleaner.batch.workfolder import Mark
from cleaner.commands.progress import Display
from cleaner.detectors.sites import House
from cleaner.engines.local import collect_local, learn_local, run_local
from cleaner.io.readers import Dump, Record, read_source
from cleaner.io.writers import Write, write_rejects, write_rows
from cleaner.templates.keys import site_of
from cleaner.templates.library import Library
from cleaner.templates.store import load_houses

__all__ = ["run_stream"]


def run_stream(order: Order, jobs: int, timeout: float, display: Display) -> Mark:
    """Clean what an order reads and write it as it comes."""
    counts, output = Counts(), order.output
    rejects = write_rejects(output.rejects) if output.rejects else contextlib.nullcontext(_tell_reject)
    with write_rows(output) as write, rejects as reject:
        houses = _houses(order, jobs, display)
        tasks = (Task(record, _house(record, houses, order.site_key)) for record in _records(order))
        display.begin("cleaning")
        with contextlib.closing(run_local(tasks, order.recipe, jobs, timeout)) as outcomes:
            for outcome in count(outcomes, counts):
                _write(outcome, write, reject)
                display.passed(1)
                display.look()
    return counts.mark()


def _records(order: Order) -> Iterator[Record]:
    records = itertools.chain.from_iterable(
        read_source(source, order.keys, limits=order.limits) for source in order.sources
    )
    return itertools.islice((r for r in records if is_sampled(r, order.sample)), order.limit)


def _houses(order: Order, jobs: int, display: Display) -> Mapping[str, House]:
    """What is known of the sites: the file of templates, else what a first pass over the input learns."""
    known = load_houses(order.templates) if order.templates else {}
    if not order.learn:
        return known
    display.begin("learning")
    settings, source_format = order.recipe.settings, order.recipe.source_format
    library = Library(collect_local(_records(order), settings, source_format, order.site_key, jobs))
    learn_local(library, jobs)
    return {**library.houses, **known}


def _house(record: Record, houses: Mapping[str, House], site_key: str | None) -> House | None:
    site = site_of(record, site_key) if houses and isinstance(record, Dump) else None
    return houses.get(site) if site is not None else None


def _write(outcome: Outcome, write: Write, reject: Write) -> None:
    if outcome.row is not None:
        write(outcome.row)
    elif outcome.reject is not None:
        reject(outcome.reject)


def _tell_reject(row: Mapping[str, Any]) -> None:
    """Where rejects go when there is no file for them."""
    click.echo(f"rejected {row['id']}: {row['reason']}: {row['detail']}", err=True)
