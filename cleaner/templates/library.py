"""What is known of all sites: the sketches, what a person has changed, and the houses learned from both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from cleaner.data import categories
from cleaner.detectors.sites import House, HouseLine
from cleaner.errors import InputError
from cleaner.templates.collect import Collection
from cleaner.templates.learn import learn_house
from cleaner.templates.sketch import Sketch
from cleaner.text.fingerprint import fingerprint
from cleaner.text.normalize import tidy

__all__ = ["Edits", "Lesson", "Library"]


@dataclass(slots=True)
class Edits:
    """A person's word on the lines of a site, by fingerprint: text of those struck out, text and category of those added."""

    struck: dict[str, str] = field(default_factory=dict)
    added: dict[str, tuple[str, str]] = field(default_factory=dict)

    def merge(self, other: Edits) -> None:
        """Both; where they contradict each other the line stays in the articles."""
        self.struck = {k: min(v for v in (self.struck.get(k), other.struck.get(k)) if v) for k in self._keys(other)}
        both = {key: min(old, self.added.get(key, old)) for key, old in other.added.items()}
        self.added = {k: v for k, v in sorted({**self.added, **both}.items()) if k not in self.struck}

    def _keys(self, other: Edits) -> list[str]:
        return sorted({*self.struck, *other.struck})

    def apply(self, house: House) -> House:
        """The house after the changes."""
        lines = {key: line for key, line in house.lines.items() if key not in self.struck}
        for key, (text, category) in self.added.items():
            old = lines.get(key, HouseLine(text, 0, 1.0))
            lines[key] = replace(old, category=category)
        return replace(house, lines=lines, struck=frozenset(self.struck))


@dataclass(frozen=True, slots=True)
class Lesson:
    """All that is needed to learn one site, wherever that is done."""

    site: str
    sketches: Sequence[Sketch]
    edits: Edits | None = None

    def learn(self) -> House | None:
        """The house of the site; None where too little is known of it.

        Raises `InputError` for sketches that are damaged.
        """
        house = learn_house(self.site, self.sketches)
        if self.edits is None:
            return house
        return self.edits.apply(house or House(self.site, 0))


@dataclass(slots=True)
class Library:
    """The knowledge of a corpus. `houses` follow from the rest, by `learn`."""

    collection: Collection = field(default_factory=Collection)
    edits: dict[str, Edits] = field(default_factory=dict)
    houses: dict[str, House] = field(default_factory=dict)

    def lessons(self) -> Iterator[Lesson]:
        """What is to be learned of each site, in alphabetical order."""
        for site in sorted({*self.collection.sites(), *self.edits}):
            yield Lesson(site, self.collection.sketches(site), self.edits.get(site))

    def learn(self, sites: Sequence[str] | None = None) -> None:
        """The houses of the given sites, of all when None, learned anew in this process."""
        for lesson in self.lessons():
            if sites is None or lesson.site in sites:
                self.put(lesson.site, lesson.learn())

    def put(self, site: str, house: House | None) -> None:
        """Set down what was learned of a site."""
        self.houses.pop(site, None)
        if house is not None:
            self.houses[site] = house

    def merge(self, other: Library) -> None:
        """Take in the articles and changes of another library. The houses are to be learned anew."""
        self.collection.merge(other.collection)
        for site, edits in other.edits.items():
            self.edits.setdefault(site, Edits()).merge(edits)
        self.houses.clear()

    def strike(self, site: str, text: str) -> HouseLine | None:
        """Strike a line out: it stays in the articles from now on. The line that was known, if one was."""
        house = self.houses.get(site)
        known = house.find(text) if house else None
        edits, key = self.edits.setdefault(site, Edits()), _key(text)
        edits.added.pop(key, None)
        edits.struck[key] = tidy(text)
        self.learn([site])
        return known

    def add(self, site: str, text: str, category: str) -> None:
        """Add a line that goes from now on.

        Raises `InputError` for a category that there is not.
        """
        if category not in categories():
            raise InputError(f"unknown category {category!r}; `cleaner categories` lists them")
        edits, key = self.edits.setdefault(site, Edits()), _key(text)
        edits.struck.pop(key, None)
        edits.added[key] = (tidy(text), category)
        self.learn([site])


def _key(text: str) -> str:
    key = fingerprint(text)
    if not key:
        raise InputError("the line is empty; give the text of a line as an article has it")
    return key
