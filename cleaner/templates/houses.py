"""What was learned of many sites, where workers look it up one site at a time: an SQLite file for each partition.

The file of templates of `cleaner sites` holds the sketches too and is read as a whole; this is what a run needs of it.
"""

from __future__ import annotations

import sqlite3
import tempfile
import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from cleaner.detectors.sites import House
from cleaner.io import storage
from cleaner.templates.store import load_packed, pack_house, unpack_house
from cleaner.text.fingerprint import digest

__all__ = ["HouseFile", "HouseShelf", "partition_of", "write_houses"]

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


class _Houses(ABC):
    """Looks up houses, of which those asked for last stay in memory."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, House | None] = OrderedDict()
        self._lock = threading.Lock()  # Scrapy cleans in threads

    def get(self, site: str) -> House | None:
        """The house of a site; None for one that was not learned."""
        with self._lock:
            if site in self._held:
                self._held.move_to_end(site)
                return self._held[site]
            house = self._held[site] = self._look_up(site)
            if len(self._held) > _HELD:
                self._held.popitem(last=False)
            return house

    @abstractmethod
    def _look_up(self, site: str) -> House | None: ...


class HouseShelf(_Houses):
    """Looks up houses in the files of all partitions, which are opened when they are first needed.

    `paths` are by partition; None for one without houses.
    """

    def __init__(self, paths: Sequence[str | None]) -> None:
        super().__init__()
        self._paths = paths
        self._bases: dict[int, sqlite3.Connection] = {}

    def _look_up(self, site: str) -> House | None:
        number = partition_of(site, len(self._paths))
        path = self._paths[number]
        if path is None:
            return None
        if number not in self._bases:
            self._bases[number] = _open(path)
        row = self._bases[number].execute("SELECT data FROM house WHERE site = ?", (site,)).fetchone()
        return unpack_house(row[0], path) if row else None


class HouseFile(_Houses):
    """Looks up houses in a file of templates, which is read when it is first needed, once in a process.

    A pickle of it is the path alone: the file must be in that place wherever it is unpickled. Who asks of a file that is
    none gets an `InputError`.
    """

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._packed: Mapping[str, bytes] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return HouseFile, (self._path,)

    def load(self) -> Mapping[str, bytes]:
        """Read the file now; for who would rather know at once that it cannot be."""
        if self._packed is None:
            self._packed = _read_once(self._path, _changed(self._path))
        return self._packed

    def _look_up(self, site: str) -> House | None:
        packed = self.load().get(site)
        return None if packed is None else unpack_house(packed, self._path)


def _changed(path: str) -> int:
    """When a file was written last."""
    try:
        return Path(path).stat().st_mtime_ns
    except OSError:  # which will be told where it is read
        return 0


@lru_cache(2)
def _read_once(path: str, _: int) -> Mapping[str, bytes]:
    """The houses of a file as it was at a time. Each batch comes to a worker with a cleaner of its own."""
    return load_packed(path)


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
