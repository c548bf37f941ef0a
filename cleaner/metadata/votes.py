"""Claims that agree are counted together, each by how far its source is believed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache
from typing import Generic, NamedTuple, TypeVar

from cleaner.data import metadata_tables

__all__ = ["Ballot", "Winner", "trust"]

T = TypeVar("T")


@cache
def trust(field: str, source: str) -> float:
    """How far a source is believed for a field: by the longest name of the table that the source begins with."""
    table = metadata_tables()["trust"].get(field, {})
    known = max((name for name in table if source.startswith(name)), key=len, default=None)
    return float(table[known]) if known else 0.1


@cache
def _kind(field: str, source: str) -> str:
    """The family of a source: members of one are filled from the same input of an editor, so they tell little anew."""
    for family, members in metadata_tables()["families"].get(field, {}).items():
        if any(source.startswith(member) for member in members):
            return str(family)
    return source.split(" ")[0]


class Winner(NamedTuple, Generic[T]):
    """What a vote decided: the value as its most trusted source wrote it, that source, and the sum of trust."""

    value: T
    source: str
    votes: float


class Ballot(Generic[T]):
    """A vote on one field. Values with the same key agree; a tie goes to the claim that came first."""

    def __init__(self, field: str, key: Callable[[T], Hashable]) -> None:
        self.field = field
        self.key = key
        self.rows: dict[Hashable, list[tuple[float, int, T, str]]] = {}
        self.count = 0

    def add(self, value: T, source: str, share: float = 1.0) -> None:
        """One claim; `share` scales the trust of its source."""
        self.count += 1
        weight = share * trust(self.field, source)
        self.rows.setdefault(self.key(value), []).append((weight, -self.count, value, source))

    def sums(self) -> dict[Hashable, float]:
        """Key → sum of trust. Sources of one kind (all metas, say) count in full once, then a quarter."""
        out: dict[Hashable, float] = {}
        for key, rows in self.rows.items():
            seen: set[str] = set()
            total = 0.0
            for weight, _, _, source in sorted(rows, key=lambda r: (-r[0], r[1])):
                kind = _kind(self.field, source)
                total += weight * (0.25 if kind in seen else 1.0)
                seen.add(kind)
            out[key] = total
        return out

    def winner(self, least: float = 0.0) -> Winner[T] | None:
        """The value with the highest sum of trust, unless that is below `least`."""
        sums = self.sums()
        if not sums:
            return None
        key = max(sums, key=lambda k: (sums[k], max(r[1] for r in self.rows[k])))
        if sums[key] < least:
            return None
        best = max(self.rows[key], key=lambda r: (r[0], r[1]))
        return Winner(best[2], best[3], sums[key])
