"""A batch: dumps through `clean`, each to one row or one reject, with counts that add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cleaner.batch.jobs import DIED, TIMEOUT
from cleaner.batch.workfolder import Mark
from cleaner.detectors.sites import House
from cleaner.errors import CleanerError
from cleaner.io.readers import Dump, Fault, Record
from cleaner.model import Article, Metadata
from cleaner.pipeline import clean
from cleaner.settings import Settings
from cleaner.templates.keys import site_of
from cleaner.text.dates import iso_date

__all__ = ["CRAWLED", "Counts", "Outcome", "Recipe", "Task", "clean_record", "clean_task", "count", "lost_record"]

_OWN = frozenset({"id", *Article("", Metadata()).to_dict(markdown=True)})
"""The columns that speak for the article."""

_LOST = {
    TIMEOUT: "took longer than the limit (--timeout); the batch went on without it",
    DIED: "its worker was killed, perhaps for want of memory; the batch went on without it",
}

CRAWLED = ("crawled", "crawled_at", "crawl_date", "crawl_time", "fetched", "fetched_at", "retrieved_at", "warc_date")
"""The columns that may tell when a dump was fetched."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that a worker must know to clean a record; small, since it travels with every chunk."""

    settings: Settings
    include_removed: bool = False
    source_format: str = "auto"
    markdown: bool = False
    site_key: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A record, and what is known of its site: one house travels with a chunk, not the knowledge of all sites."""

    record: Record
    house: House | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record: `row` for the output, or `reject` with its reason. Exactly one of them is set."""

    id: str
    row: Mapping[str, Any] | None = None
    reject: Mapping[str, str] | None = None
    removed: Mapping[str, int] = field(default_factory=dict)
    """Characters removed by category."""


@dataclass
class Counts:
    """The account of a run. `read == written + rejected` holds at any moment."""

    read: int = 0
    written: int = 0
    rejects: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)

    def mark(self) -> Mark:
        """The counts as they are now."""
        return Mark(self.read, self.written, dict(self.rejects), dict(self.removed))


def clean_task(task: Task, recipe: Recipe) -> Outcome:
    """Clean a task's record. Never raises, as `clean_record`."""
    return clean_record(task.record, recipe, task.house)


def clean_record(record: Record, recipe: Recipe, house: House | None = None) -> Outcome:
    """Clean one record. Never raises: whatever goes wrong becomes a reject that names its reason."""
    if isinstance(record, Fault):
        return _reject(record.id, record.reason, record.detail)
    source_format = record.source_format if recipe.source_format == "auto" else recipe.source_format
    try:
        site = site_of(record, recipe.site_key) if recipe.settings.sites else None
        article = clean(record.raw, record.url, source_format, recipe.settings, house, _crawled(record), site)
    except CleanerError as exc:
        return _reject(record.id, exc.reason, str(exc))
    except Exception as exc:  # a bug of ours must not cost the batch, nor the dump its row among the rejects
        return _reject(record.id, "internal", f"{type(exc).__name__}: {exc}. Please report this with the dump.")
    removed = Counter[str]()
    for piece in article.removed:
        removed[piece.category] += len(piece.text)
    return Outcome(record.id, _row(record, article, recipe), removed=dict(removed))


def _crawled(dump: Dump) -> str | None:
    """When a dump was fetched, where a column of its own says so."""
    told = (str(dump.extra[name]) for name in CRAWLED if dump.extra.get(name))
    return next((iso for text in told if (iso := iso_date(text))), None)


def lost_record(record: Record, reason: str) -> Outcome:
    """The outcome of a record that took too long or whose worker died."""
    return _reject(record.id, reason, _LOST[reason])


def _row(dump: Dump, article: Article, recipe: Recipe) -> dict[str, Any]:
    """The output row: `id`, the article, then the input's own columns.

    An input column that is called like one of the article's, whether that is written or not, becomes `input_NAME`, so
    that a column says who it is by; one that says the same as the article's is not repeated.
    """
    told = article.to_dict(include_removed=recipe.include_removed, markdown=recipe.markdown)
    row: dict[str, Any] = {"id": dump.id, **told}
    own = _OWN | row.keys()
    row |= {name: value for name, value in dump.extra.items() if name not in own}
    for name, value in dump.extra.items():
        if name in own and not (name in row and row[name] == value):
            while name in own or name in row:
                name = f"input_{name}"
            row[name] = value
    return row


def _reject(ident: str, reason: str, detail: str) -> Outcome:
    return Outcome(ident, reject={"id": ident, "reason": reason, "detail": detail})


def count(outcomes: Iterable[Outcome], counts: Counts) -> Iterator[Outcome]:
    """Pass outcomes on, counted."""
    for outcome in outcomes:
        counts.read += 1
        if outcome.reject is not None:
            counts.rejects[outcome.reject["reason"]] += 1
        else:
            counts.written += 1
            counts.removed.update(outcome.removed)
        yield outcome
