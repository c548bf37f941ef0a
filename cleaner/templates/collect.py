"""Sketches of a corpus in bounded memory: of each site those with the smallest keys, of so many sites as there is room.

The sample depends on nothing but the set of articles: not on their order, nor on how they were dealt out to workers or
shards. Merging two collections gives what one over both inputs would hold.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Iterable, Iterator

from cleaner.data import thresholds
from cleaner.templates.sketch import Sketch
from cleaner.text.fingerprint import digest

__all__ = ["SITE_BITS", "Collection"]

SITE_BITS = 63  # of the digest of a site


class Collection:
    """The sketches of many sites. `seen` counts the dumps of each site, sampled or not.

    When the sketches are more than `room`, each site keeps half as many as before, down to a floor; from there on, only
    sites with small digests keep theirs, a half at each step. The counts of a step only grow while articles come, so
    that the last step is the same in any order.
    """

    def __init__(self, room: int | None = None, sample: int | None = None, bits: int = SITE_BITS) -> None:
        level = thresholds()["sites"]
        self._room = int(level["room"]) if room is None else room
        self._sample = int(level["sample"]) if sample is None else sample
        self._floor = min(self._sample, int(level["sample_floor"]))
        self._bits = bits
        self._size = 0
        self._keys: dict[str, list[int]] = {}
        self._packed: dict[str, dict[int, bytes]] = {}
        self.seen: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._size

    @property
    def sample(self) -> int:
        """How many articles of a site are kept at most."""
        return self._sample

    @property
    def bits(self) -> int:
        """A site whose digest has more bits is left out."""
        return self._bits

    @property
    def left_out(self) -> int:
        """The sites for which there was no room."""
        return sum(not self._has_room_for(site) for site in self.seen)

    def sites(self) -> Iterator[str]:
        """The sites with sketches, in alphabetical order."""
        return iter(sorted(self._keys))

    def sketches(self, site: str) -> list[Sketch]:
        """The sketches of one site, by their keys."""
        return [Sketch(key, self._packed[site][key]) for key in self._keys.get(site, ())]

    def add(self, site: str, sketch: Sketch, seen: int = 1) -> None:
        """Take in one article."""
        self.seen[site] += seen
        if not self._has_room_for(site):
            return
        keys, packed = self._keys.setdefault(site, []), self._packed.setdefault(site, {})
        if sketch.key in packed:  # the same key means the same folded lines; of their wordings the smallest stands
            packed[sketch.key] = min(packed[sketch.key], sketch.packed)
            return
        if len(keys) >= self._sample:
            if sketch.key > keys[-1]:
                return
            del packed[keys.pop()]
            self._size -= 1
        insort(keys, sketch.key)
        packed[sketch.key] = sketch.packed
        self._size += 1
        while self._size > self._room and (self._sample > self._floor or self._bits):
            self._shrink()

    def add_all(self, items: Iterable[tuple[str, Sketch]]) -> None:
        """Take in many articles."""
        for site, sketch in items:
            self.add(site, sketch)

    def merge(self, other: Collection) -> None:
        """Take in all that another collection holds."""
        while self._sample > max(other._sample, self._floor) or self._bits > other._bits:
            self._shrink()
        for site in other.sites():
            for sketch in other.sketches(site):
                self.add(site, sketch, 0)
        self.seen.update(other.seen)

    def _has_room_for(self, site: str) -> bool:
        return self._bits == SITE_BITS or digest(site) < 1 << self._bits

    def _shrink(self) -> None:
        if self._sample > self._floor:
            self._sample = max(self._floor, self._sample // 2)
        else:
            self._bits -= 1
        for site in list(self._keys):
            keys = self._keys[site]
            cut = keys[self._sample :] if self._has_room_for(site) else keys[:]
            for key in cut:
                del self._packed[site][key]
            del keys[len(keys) - len(cut) :]
            self._size -= len(cut)
            if not keys:
                del self._keys[site], self._packed[site]
