"""Measures what docs/scale.md shows, and writes it to tests/capacity/measured.json:

python -m tests.capacity [--bench FOLDER] [--fingerprints 10000000] [--jobs 2] [--only sample|simulation]

then `python docs/generate.py` writes the page. FOLDER holds the labelled pages and dumps (default: ../shared/bench), of
which nothing but counts and sums is written. Processor time is measured, so that a busy machine will do.
"""

from __future__ import annotations

import argparse
import gzip
import json
import platform
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.capacity.measure import Row, measure, of_one_site
from tests.capacity.page import save
from tests.capacity.simulate import simulate
from tests.conftest import SHARED

SIMULATED = {"sites": 60_000, "partitions": 4, "window": 5_000, "sample": 400}
"""So many sites in so few partitions that not all their articles find room; `sample` dumps are measured first."""


def read_rows(path: Path, every: int, wanted: Callable[[dict[str, Any]], bool], field: str) -> list[Row]:
    """Each n-th of the rows that are wanted, and of its columns only those that a run needs."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if wanted(row)][::every]
    return [{"id": row["id"], "url": row["url"], field: row[field]} for row in rows]


def measure_samples(bench: Path) -> dict[str, Any]:
    """The figures of three kinds of dumps."""
    dumps, corpus = bench / "dumps-dev.jsonl.gz", read_rows(bench / "corpus-dev.jsonl.gz", 1, lambda _: True, "raw")
    news = read_rows(bench / "fundus-dev.jsonl.gz", 1, lambda _: True, "html")
    pages = news + read_rows(bench / "wcxb-dev.jsonl.gz", 8, lambda row: row["type"] == "article", "html")
    kinds = {
        "text of whole pages": (read_rows(dumps, 5, lambda row: row["kind"] == "page", "raw"), corpus, "raw"),
        "text of articles": (read_rows(dumps, 3, lambda row: row["kind"] == "recall", "raw"), corpus, "raw"),
        "HTML pages": (pages, pages, "html"),
    }
    found = {}
    for kind, (rows, pool, field) in kinds.items():
        site = _dealt(pool, field)
        found[kind] = asdict(measure(rows, site, field))
        print(kind, json.dumps(found[kind]), flush=True)
    return found


def _dealt(pool: list[Row], field: str) -> Callable[[int, int], Any]:
    return lambda site, articles: of_one_site(pool, field, site, articles)


def main() -> None:
    """Measure, and write what was found beside what was there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=SHARED / "bench")
    parser.add_argument("--fingerprints", type=int, default=10_000_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", choices=["sample", "simulation"])
    args = parser.parse_args()
    found: dict[str, Any] = {"python": platform.python_version()}
    if args.only != "simulation":
        found["sample"] = measure_samples(args.bench)
    if args.only != "sample":
        checked = simulate(args.fingerprints, jobs=args.jobs, **SIMULATED)
        found["simulation"] = {"fingerprints": args.fingerprints, **SIMULATED, "checked": checked}
        print(json.dumps(checked), flush=True)
    save(found)


if __name__ == "__main__":
    main()
