"""What a change of settings or version did to a corpus: two outputs, document by document and in sum."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cleaner.review.pairing import pairs
from cleaner.review.rows import Row, read_rejects, read_rows

__all__ = ["FIELDS", "Change", "Comparison", "Sums", "changes", "compare"]

FIELDS = (
    *("title", "authors", "date", "date_modified", "site_name", "url", "language", "description", "tags", "image"),
    *("license", "section", "paywalled", "widgets", "confidence"),
)
"""The columns that are compared beside the body; what follows from it (its counts) and the input's own are not."""


@dataclass(frozen=True, slots=True)
class Change:
    """One document that is not the same in both outputs. `kind` is "changed", "gone" (not in the second), or "new".

    `lost` and `gained` are words that only the one or the other body has; `fields` the columns that differ, before and
    after; `removed` characters by category, after less before, where both outputs have their removed pieces.
    `reason` says why a document that is gone, or was not there, was rejected.
    """

    id: str
    site: str
    kind: str
    before: str = ""
    after: str = ""
    lost: int = 0
    gained: int = 0
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    removed: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""

    @property
    def weight(self) -> int:
        return self.lost + self.gained

    def to_dict(self) -> dict[str, Any]:
        """The change as JSON-ready dicts and lists, without the bodies."""
        return {
            "id": self.id,
            "site": self.site,
            "kind": self.kind,
            "words_lost": self.lost,
            "words_gained": self.gained,
            "fields": {name: list(both) for name, both in self.fields.items()},
            "removed": dict(self.removed),
            "reason": self.reason,
        }


@dataclass(slots=True)
class Sums:
    """What is counted of a comparison."""

    before: int = 0
    after: int = 0
    same: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    bodies: int = 0
    lost: int = 0
    gained: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    sites: dict[str, Counter[str]] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, change: Change) -> None:
        """Count a change."""
        self.kinds[change.kind] += 1
        self.fields.update(change.fields.keys())
        for category, size in change.removed.items():
            self.removed[category] += size
        if change.reason:
            self.reasons[change.reason] += 1
        if not change.weight and change.before == change.after:
            return
        self.bodies += change.kind == "changed"
        self.lost, self.gained = self.lost + change.lost, self.gained + change.gained
        site = self.sites.setdefault(change.site, Counter())
        site.update(documents=1, lost=change.lost, gained=change.gained)

    def to_dict(self) -> dict[str, Any]:
        """The sums as JSON-ready dicts."""
        return {
            "documents_before": self.before,
            "documents_after": self.after,
            "same": self.same,
            **{kind: self.kinds[kind] for kind in ("changed", "gone", "new")},
            "bodies_changed": self.bodies,
            "words_lost": self.lost,
            "words_gained": self.gained,
            "fields": dict(self.fields.most_common()),
            "removed": {name: self.removed[name] for name in sorted(self.removed) if self.removed[name]},
            "sites": {name: dict(self.sites[name]) for name in self.ranked_sites()},
            "reasons": dict(self.reasons.most_common()),
        }

    def ranked_sites(self) -> list[str]:
        """The sites, those with the most words changed first."""
        return sorted(self.sites, key=lambda name: (-self.sites[name]["lost"] - self.sites[name]["gained"], name))


@dataclass(slots=True)
class Comparison:
    """The sums, and the largest changes."""

    sums: Sums
    largest: list[Change]


def compare(before: str, after: str, top: int) -> Comparison:
    """Compare two outputs in sum, and remember the `top` largest changes.

    Raises `InputError` for a place that is no output of a run.
    """
    sums = Sums()
    found = changes(before, after, sums)
    largest = heapq.nsmallest(top, found, key=lambda change: (-change.weight, -len(change.fields), change.id))
    for _ in found:  # nsmallest of none reads none
        pass
    return Comparison(sums, largest)


def changes(before: str, after: str, sums: Sums) -> Iterator[Change]:
    """The documents that differ; `sums` is complete when they have all been read."""
    lonely: list[Change] = []
    for old, new in pairs(read_rows(before), read_rows(after)):
        sums.before += old is not None
        sums.after += new is not None
        change = _change(old, new)
        if change is None:
            sums.same += 1
        elif change.kind == "changed":
            sums.add(change)
            yield change
        else:
            lonely.append(change)
            if len(lonely) >= _LONELY:
                yield from _explained(lonely, before, after, sums)
                lonely = []
    yield from _explained(lonely, before, after, sums)


_LONELY = 10_000  # documents without partner that are looked up among the rejects at once


def _explained(lonely: list[Change], before: str, after: str, sums: Sums) -> Iterator[Change]:
    """Documents without partner, with the reason for which the other run rejected them."""
    for kind, other in (("gone", after), ("new", before)):
        ids = {change.id for change in lonely if change.kind == kind}
        reasons = {row["id"]: row["reason"] for row in read_rejects(other) if row["id"] in ids} if ids else {}
        for change in lonely:
            if change.kind == kind:
                told = replace(change, reason=reasons.get(change.id, ""))
                sums.add(told)
                yield told


def _change(old: Row | None, new: Row | None) -> Change | None:
    if old is None or new is None:
        row = old or new
        assert row is not None
        words = len(row.body.split())
        if new is None:
            return Change(row.id, row.site, "gone", before=row.body, lost=words)
        return Change(row.id, row.site, "new", after=row.body, gained=words)
    differing = {
        name: (old.columns.get(name), new.columns.get(name))
        for name in FIELDS
        if _said(old.columns.get(name)) != _said(new.columns.get(name))
    }
    if old.body == new.body and not differing:
        return None
    lost, gained = _words(old.body, new.body)
    removed = _by_category(new)
    removed.subtract(_by_category(old))
    told = {} if old.removed is None or new.removed is None else {k: n for k, n in removed.items() if n}
    return Change(new.id, new.site, "changed", old.body, new.body, lost, gained, differing, told)


def _said(value: Any) -> Any:
    """What a column says: an empty one says nothing, whether its format writes null, "" or an empty list."""
    return None if value in ("", [], {}) else value


def _words(old: str, new: str) -> tuple[int, int]:
    """Words that only the one or the other text has; one that moved is neither lost nor gained.

    >>> _words("the river rose", "the old river")
    (1, 1)
    """
    if old == new:
        return 0, 0
    before, after = Counter(old.split()), Counter(new.split())
    return (before - after).total(), (after - before).total()


def _by_category(row: Row) -> Counter[str]:
    found = Counter[str]()
    for removal in row.removed or ():
        found[removal.category] += len(removal.text)
    return found
