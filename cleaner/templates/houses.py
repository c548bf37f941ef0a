"""What was learned of many sites, where workers look it up one site at a time: an SQLite file for each partition.

The file of templates of `cleaner sites` holds the sketches too and is read as a whole; this is what a run needs of it.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path

from cleaner.detectors.sites import House
from cleaner.io import storage
from cleaner.templates.store import pack_house, unpack_house
from cleaner.text.fingerprint import digest

__all__ = ["HouseShelf", "partition_of", "write_houses"]

_HELD = 512  # houses in memory


def partition_of(site: str, partitions: int) -> int:
    """The partition of a site, of so many, which can be learned by itself, anywhere: by other bits than those by which
    sites are sampled.

    >>> partition_of("example.org", 32)
    1
    """
    return digest("partition of " + site) % partitions


def write_houses(path: str, houses: Iterable[tuple[str, House]]) -> None:
    """Write the houses of one partition; the file appears when it is whole."""
    with tempfile.TemporaryDirectory() as folder:
        name = Path(folder, "houses")
        base = sqlite3.connect(name)
        base.execute("CREATE TABLE house (site TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID")
        base.executemany("INSERT INTO house VALUES (?, ?)", ((site, pack_house(house)) for site, house in houses))
        base.commit()
        base.close()
        storage.write_bytes(path, name.read_bytes())


class HouseShelf:
    """Looks up houses in the files of all partitions, which are opened when they are first needed.

    `paths` are by partition; None for one without houses.
    """

    def __init__(self, paths: Sequence[str | None]) -> None:
        self._paths = paths
        self._bases: dict[int, sqlite3.Connection] = {}
        self._held: OrderedDict[str, House | None] = OrderedDict()

    def get(self, site: str) -> House | None:
        """The house of a site; None for one that was not learned."""
        if site in self._held:
            self._held.move_to_end(site)
            return self._held[site]
        house = self._held[site] = self._look_up(site)
        if len(self._held) > _HELD:
            self._held.popitem(last=False)
        return house

    def _look_up(self, site: str) -> House | None:
        number = partition_of(site, len(self._paths))
        path = self._paths[number]
        if path is None:
            return None
        if number not in self._bases:
            self._bases[number] = _open(path)
        row = self._bases[number].execute("SELECT data FROM house WHERE site = ?", (site,)).fetchone()
        return unpack_house(row[0], path) if row else None


def _open(path: str) -> sqlite3.Connection:
    """A base for reading; one that lies elsewhere is read into memory."""
    if not storage.is_remote(path):
        return sqlite3.connect(
            f"{Path(path).absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
    with storage.open_read(path) as stream:
        data = stream.read()
    base = sqlite3.connect(":memory:", check_same_thread=False)
    base.deserialize(data)
    return base
