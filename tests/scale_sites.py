"""How long learning takes and how much memory it needs: synthetic articles of many sites, in a process of its own.

python -m tests.scale_sites [--lines 1000000] [--sites 1000] [--no-learn]

Prints one JSON object: lines, articles, sites learned, house lines, seconds of each pass, peak memory in MB.
"""

from __future__ import annotations

import argparse
import json
import resource
import time

from cleaner.settings import Settings
from cleaner.templates.collect import Collection
from cleaner.templates.library import Library
from cleaner.templates.sketch import sketch_dump
from cleaner.text.sites import host_of
from tests.synthetic import Corpus


def measure(lines: int, sites: int, learn: bool) -> dict[str, float]:
    """Learn from so many lines, and what it cost."""
    start, settings, collection = time.monotonic(), Settings(), Collection()
    corpus = Corpus(sites, skew=0)
    for row in corpus.dumps(range(lines // corpus.lines)):
        sketch = sketch_dump(row["raw"], "text", settings)
        if sketch is not None:
            collection.add(host_of(row["url"]) or "", sketch)
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
