"""Dumps that nobody wrote: articles of many sites, as many of each as Zipf's law has it, with house lines of their own.

A dump follows from its number alone, so that any part of a corpus can be made anywhere.
"""

from __future__ import annotations

import gzip
import itertools
import json
import random
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["EMPTY", "Corpus", "write_dumps"]

_WORDS = [
    f"{a}{b}{c}" for a in ("ri", "mo", "ta", "ke", "lu") for b in ("ver", "nd", "sto", "mi") for c in ("a", "en", "")
]
EMPTY = 50
"""Each so many dumps is empty, to be rejected."""


@dataclass(frozen=True)
class Corpus:
    """So many sites, whose sizes fall with their rank to the power of `skew` (0: all alike).

    A dump has `prose` lines of `words` words and four of its house, the site's name among them; a `copies`th of the
    dumps are the text of another one, crawled again.
    """

    sites: int
    skew: float = 1.0
    prose: int = 16
    words: tuple[int, int] = (8, 40)
    copies: float = 0.05
    seed: int = 7
    _borders: list[float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        weights = ((rank + 1) ** -self.skew for rank in range(self.sites))
        object.__setattr__(self, "_borders", list(itertools.accumulate(weights)))

    @property
    def lines(self) -> int:
        """Of a dump: as many as it has fingerprints."""
        return self.prose + 4

    def dump(self, number: int) -> dict[str, Any]:
        """A row of the input."""
        rng = self._rng(number)
        if number and rng.random() < self.copies:
            rng = self._rng(rng.randrange(number))
            rng.random()
        site = bisect(self._borders, rng.random() * self._borders[-1])
        text = "" if number % EMPTY == EMPTY - 1 else self._text(site, rng)
        return {"id": f"d{number}", "url": f"https://site{site}.example/{number}", "raw": text}

    def text_of(self, site: int, number: int) -> str:
        """A text of one site."""
        return self._text(site, self._rng(number))

    def dumps(self, numbers: Iterable[int]) -> Iterator[dict[str, Any]]:
        """Those with the given numbers."""
        return map(self.dump, numbers)

    def _rng(self, number: int) -> random.Random:
        return random.Random(f"{self.seed} {number}")

    def _text(self, site: int, rng: random.Random) -> str:
        low, high = self.words
        prose = [" ".join(rng.choices(_WORDS, k=rng.randint(low, high))).capitalize() + "." for _ in range(self.prose)]
        name = f"{_WORDS[site % len(_WORDS)]} {_WORDS[site // len(_WORDS) % len(_WORDS)]} {site}"
        middle = rng.randint(1, self.prose - 1)
        head = [f"Lantern {name} weekly", f"Part {rng.randint(1, 99)} of our series {name}"]
        lines = [*head, *prose[:middle], f"Mast {name} of the fleet", *prose[middle:], f"Keel {name} harbour"]
        return "\n\n".join(lines)


def write_dumps(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """A file of JSON lines, packed where its name says so."""
    with (
        gzip.open(path, "wt", 1, encoding="utf-8") if path.suffix == ".gz" else path.open("w", encoding="utf-8") as out
    ):
        out.writelines(json.dumps(row) + "\n" for row in rows)
    return path
