"""How long learning takes and how much memory it needs: synthetic articles of many sites, in a process of its own.

python -m tests.scale_sites [--lines 1000000] [--sites 1000] [--no-learn]

Prints one JSON object: lines, articles, sites learned, house lines, seconds of each pass, peak memory in MB.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from collections.abc import Iterator

from cleaner.settings import Settings
from cleaner.templates.collect import Collection
from cleaner.templates.library import Library
from cleaner.templates.sketch import sketch_dump

_LINES = 20  # of an article, four of them the house's
_WORDS = [
    f"{a}{b}{c}" for a in ("ri", "mo", "ta", "ke", "lu") for b in ("ver", "nd", "sto", "mi") for c in ("a", "en", "")
]


def articles(lines: int, sites: int, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Site and text of each article; nearly every line of the prose occurs once in the corpus."""
    rng = random.Random(seed)
    for number in range(lines // _LINES):
        site = number % sites
        prose = [" ".join(rng.choices(_WORDS, k=rng.randint(8, 40))).capitalize() + "." for _ in range(_LINES - 4)]
        house = [f"Lantern {site} weekly", f"Part {rng.randint(1, 99)} of our series {site}", f"Keel {site} harbour"]
        middle = rng.randrange(1, len(prose))
        yield (
            f"site{site}.example",
            "\n\n".join([*house[:2], *prose[:middle], f"Mast {site} of the fleet", *prose[middle:], house[2]]),
        )


def measure(lines: int, sites: int, learn: bool) -> dict[str, float]:
    """Learn from so many lines, and what it cost."""
    start, settings, collection = time.monotonic(), Settings(), Collection()
    for site, text in articles(lines, sites):
        sketch = sketch_dump(text, "text", settings)
        if sketch is not None:
            collection.add(site, sketch)
    read = time.monotonic()
    library = Library(collection)
    if learn:
        library.learn()
    return {
        "lines": lines,
        "articles": sum(collection.seen.values()),
        "held": len(collection),
        "sites": len(library.houses),
        "house_lines": sum(len(h.lines) + len(h.patterns) for h in library.houses.values()),
        "collect_seconds": round(read - start, 1),
        "learn_seconds": round(time.monotonic() - read, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--sites", type=int, default=1_000)
    parser.add_argument("--no-learn", dest="learn", action="store_false", help="only the first pass")
    print(json.dumps(measure(**vars(parser.parse_args()))))
