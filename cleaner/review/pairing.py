"""Two outputs joined by id, in whatever order each is: what waits for its partner waits on disk, not in memory."""

from __future__ import annotations

import pickle
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import zip_longest

from cleaner.review.rows import Row

__all__ = ["Pair", "pairs"]

Pair = tuple[Row | None, Row | None]
"""The rows of one id before and after; None on the side that lacks it."""


def pairs(before: Iterable[Row], after: Iterable[Row]) -> Iterator[Pair]:
    """The rows of both sides by id; an id that a side has twice is joined in order. Those without partner come last.

    Two runs over one corpus have its order, and a pair is met at once.
    """
    with closing(_Waiting()) as waiting:
        for old, new in zip_longest(before, after):
            if old is not None and new is not None and old.id == new.id and not waiting.has(old.id):
                yield old, new
                continue
            if old is not None:
                partner = waiting.take(1, old.id)
                if partner is not None:
                    yield old, partner
                else:
                    waiting.put(0, old)
            if new is not None:
                partner = waiting.take(0, new.id)
                if partner is not None:
                    yield partner, new
                else:
                    waiting.put(1, new)
        yield from ((row, None) for row in waiting.rest(0))
        yield from ((None, row) for row in waiting.rest(1))


class _Waiting:
    """Rows without a partner so far, in a database without a name: SQLite keeps it in a file once it grows, and drops
    it when it is closed (https://www.sqlite.org/inmemorydb.html#temporary_databases)."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("CREATE TABLE waiting (at INTEGER PRIMARY KEY, side INTEGER, id BLOB, row BLOB)")
        self._db.execute("CREATE INDEX by_id ON waiting (id, side)")
        self._db.execute("BEGIN")
        self._size = 0

    def has(self, ident: str) -> bool:
        return bool(self._size and self._db.execute("SELECT 1 FROM waiting WHERE id = ?", (_key(ident),)).fetchone())

    def put(self, side: int, row: Row) -> None:
        packed = zlib.compress(pickle.dumps(row), 1)
        self._db.execute("INSERT INTO waiting (side, id, row) VALUES (?, ?, ?)", (side, _key(row.id), packed))
        self._size += 1

    def take(self, side: int, ident: str) -> Row | None:
        """The row of this id that came first on a side, if one waits there."""
        question = "SELECT at, row FROM waiting WHERE id = ? AND side = ? ORDER BY at LIMIT 1"
        found = self._size and self._db.execute(question, (_key(ident), side)).fetchone()
        if not found:
            return None
        self._db.execute("DELETE FROM waiting WHERE at = ?", (found[0],))
        self._size -= 1
        return _row(found[1])

    def rest(self, side: int) -> Iterator[Row]:
        for (packed,) in self._db.execute("SELECT row FROM waiting WHERE side = ? ORDER BY at", (side,)):
            yield _row(packed)

    def close(self) -> None:
        self._db.close()


def _key(ident: str) -> bytes:
    return ident.encode("utf-8", "surrogatepass")


def _row(packed: bytes) -> Row:
    row: Row = pickle.loads(zlib.decompress(packed))
    return row
