"""The jobs that learn what sites repeat: sketch the dumps of each window, then learn the sites of each partition.

The sketches of a window lie in one file, sorted by partition, behind a table that tells where each partition begins: a
learner reads its own part of every file and no other.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass

from cleaner.batch.jobs import START, STOP
from cleaner.batch.reading import Reading, read_window
from cleaner.batch.workfolder import Sketched, WorkFolder
from cleaner.errors import InputError
from cleaner.io import storage
from cleaner.io.readers import Dump
from cleaner.settings import Settings
from cleaner.templates.houses import partition_of, write_houses
from cleaner.templates.keys import site_of
from cleaner.templates.library import Library
from cleaner.templates.sketch import Sketch, sketch_dump

__all__ = ["LearnSites", "Learned", "SketchWindow", "read_sketches"]

_ROW = struct.Struct(">HqI")  # length of the site's name, key, length of the sketch
_TABLE = struct.Struct(">I")  # length of the table

Entry = tuple[str, Sketch]


@dataclass(frozen=True, slots=True)
class SketchWindow:
    """The job of sketching the dumps of a window whose site is known."""

    reading: Reading
    settings: Settings
    source_format: str
    site_key: str | None
    folder: WorkFolder
    partitions: int

    def run(self, spoilt: Mapping[int, str]) -> Generator[str, None, Sketched]:
        """Sketches of all dumps; one that is spoilt, or cannot be read, teaches nothing."""
        entries: list[Entry] = []
        reading = read_window(self.reading)
        for number, record in enumerate(reading):
            yield START
            site = site_of(record, self.site_key) if isinstance(record, Dump) and number not in spoilt else None
            if site is not None and isinstance(record, Dump):
                source_format = record.source_format if self.source_format == "auto" else self.source_format
                sketch = sketch_dump(record.raw, source_format, self.settings)
                entries += [(site, sketch)] if sketch is not None else []
            yield STOP
        data = _pack(entries, self.partitions)
        storage.write_bytes(self.folder.sketches(self.reading.window.name), data)
        sketched = Sketched(len(entries), len(data), reading.ended)
        self.folder.write_sketched(self.reading.window.name, sketched)
        return sketched


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned: dumps seen, sites, sites and lines learned, and sites for which there was no room."""

    dumps: int = 0
    sites: int = 0
    houses: int = 0
    lines: int = 0
    left_out: int = 0

    def plus(self, other: Learned) -> Learned:
        """The sum of two partitions."""
        return Learned(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))

    def __str__(self) -> str:
        told = f"{self.dumps:,} dumps of {self.sites:,} sites; {self.lines:,} lines learned of {self.houses:,} sites"
        return told + (f"; no room for {self.left_out:,} sites" if self.left_out else "")


@dataclass(frozen=True, slots=True)
class LearnSites:
    """The job of learning the sites of one partition from the sketches of all windows."""

    partition: int
    windows: Sequence[str]
    folder: WorkFolder

    def run(self, spoilt: Mapping[int, str]) -> Generator[str, None, Learned]:
        """The houses of the partition go to a file of their own; none where nothing was learned."""
        yield from ()  # no item of a job for which a limit holds: a site takes as long as it takes
        library = Library()
        for name in self.windows:
            library.collection.add_all(read_sketches(self.folder.sketches(name), self.partition))
        library.learn()
        if library.houses:
            write_houses(self.folder.houses(self.partition), sorted(library.houses.items()))
        seen = library.collection.seen
        return Learned(
            seen.total(),
            len(seen),
            len(library.houses),
            sum(len(h.lines) + len(h.patterns) + len(h.places) for h in library.houses.values()),
            library.collection.left_out,
        )


def _pack(entries: Iterable[Entry], partitions: int) -> bytes:
    parts: list[list[bytes]] = [[] for _ in range(partitions)]
    for site, sketch in entries:
        name = site.encode("utf-8", "replace")
        parts[partition_of(site, partitions)] += [
            _ROW.pack(len(name), sketch.key, len(sketch.packed)),
            name,
            sketch.packed,
        ]
    bodies = [b"".join(part) for part in parts]
    table = json.dumps([len(body) for body in bodies]).encode()
    return b"".join([_TABLE.pack(len(table)), table, *bodies])


def read_sketches(path: str, partition: int) -> Iterator[Entry]:
    """The sketches of one partition in the file of a window, with their sites."""
    with storage.open_read(path) as stream:
        try:
            (size,) = _TABLE.unpack(stream.read(_TABLE.size))
            sizes = json.loads(stream.read(size))
            stream.seek(_TABLE.size + size + sum(sizes[:partition]))
            data = stream.read(sizes[partition])
            at = 0
            while at < sizes[partition]:
                length, key, packed = _ROW.unpack_from(data, at)
                at += _ROW.size
                site, at = data[at : at + length].decode("utf-8"), at + length
                yield site, Sketch(key, data[at : at + packed])
                at += packed
        except (struct.error, ValueError, IndexError, TypeError) as exc:
            raise InputError(f"{path}: is damaged ({exc}); start anew with --restart") from exc
