"""What a long batch costs: rate, processor time and memory of `cleaner run` over many dumps, with one job and with two.

python -m tests.soak BENCH --work DIR [--texts 1000000] [--pages 20000] [--jobs 2 1] [--every 1]

BENCH is a folder with `dumps-dev.jsonl.gz` (column `raw`) and files of pages (column `html`). Texts are pieces of those
dumps, a few lines each and no two alike; pages are those of the files, as often as it takes. Inputs are made once for a
folder. For each input `clean` is first timed alone, in a loop, on every `--every`-th of some 2,000 dumps, a hundred that
follow each other at each of twenty places, as a run has them; then each run is watched from outside. Prints one JSON object for each; ratios are of one session, since machines differ.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from cleaner import DumpError, clean

_LINES = (3, 6, 9)  # of a piece of a dump
_ALONE = 20, 100  # places, and dumps at each of them, that are cleaned without a batch around them
_LOOK = 0.2  # seconds between two looks at the memory
_PARTS = 10  # of a run, for each of which the most memory is told
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PAGES = ("wcxb-dev.jsonl.gz", "fundus-dev.jsonl.gz", "snippets-dev.jsonl.gz")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def texts(bench: Path) -> Iterator[dict[str, Any]]:
    """Pieces of text dumps: at every line of every dump, one of each length."""
    for size in _LINES:
        for row in _rows(bench / "dumps-dev.jsonl.gz"):
            lines = row["raw"].split("\n")
            for at in range(max(1, len(lines) - size + 1)):
                piece = "\n".join(lines[at : at + size])
                if piece.strip():
                    yield {"text": piece, "url": row.get("url")}


def pages(bench: Path) -> Iterator[dict[str, Any]]:
    """The pages that are text, over and over."""
    while True:
        for name in _PAGES:
            for row in (row for row in _rows(bench / name) if "html" in row):
                yield {"html": row["html"], "url": row.get("url")}


def written(rows: Iterator[dict[str, Any]], count: int, path: Path) -> Path:
    """A file of the first `count` rows, numbered; made once."""
    if not path.exists():
        partial = path.with_suffix(".partial")
        with partial.open("w", encoding="utf-8") as file:
            for number, row in enumerate(itertools.islice(rows, count)):
                file.write(json.dumps({"id": str(number), **row}, ensure_ascii=False) + "\n")
        partial.rename(path)
    return path


def alone(path: Path, count: int, every: int) -> float:
    """Processor seconds that `clean` takes for a dump, without a batch around it."""
    with path.open(encoding="utf-8") as file:
        places, size = _ALONE
        step = max(size, count // places)
        rows = [json.loads(line) for n, line in enumerate(file) if n % step < size and not n % every]
    for _ in ("what texts first need is made ready, as in a long run it has been", "timed"):
        start = time.process_time()
        for row in rows:
            with suppress(DumpError):
                clean(row.get("text") or row["html"], row["url"])
        spent = time.process_time() - start
    return spent / len(rows)


def watched(path: Path, out: Path, jobs: int) -> dict[str, Any]:
    """One run: its seconds, processor seconds, counts, and how the memory of all its processes went."""
    command = [sys.executable, "-m", "cleaner", "run", str(path), "-o", str(out), "--jobs", str(jobs)]
    before, start = _spent(), time.monotonic()
    run = subprocess.Popen([*command, "--no-learn-sites", "--no-settings", "-q", "--restart"], start_new_session=True)
    seen = []
    while run.poll() is None:
        seen.append(_memory(run.pid))
        time.sleep(_LOOK)
    seconds = time.monotonic() - start
    told = json.loads(out.with_suffix(".run.json").read_text()) if run.returncode in (0, 1) else {}
    parts = [seen[len(seen) * i // _PARTS : len(seen) * (i + 1) // _PARTS] for i in range(_PARTS)]
    return {
        "jobs": jobs,
        "exit": run.returncode,
        "counts": told.get("counts"),
        "seconds": round(seconds, 1),
        "processor_seconds": round(_spent() - before, 1),
        "memory_mb": [max(part) // 2**20 for part in parts if part],
    }


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _memory(session: int) -> int:
    """Resident bytes of all processes of a session."""
    total = 0
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError, IndexError):
            if entry.name.isdigit() and os.getsid(int(entry.name)) == session:
                total += int((entry / "statm").read_text().split()[1]) * _PAGE
    return total


def main() -> None:
    """Measure what the options name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--texts", type=int, default=1_000_000)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--jobs", type=int, nargs="+", default=[2, 1])
    parser.add_argument("--every", type=int, default=1)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    for kind, rows, count in (("texts", texts, args.texts), ("pages", pages, args.pages)):
        if not count:
            continue
        path = written(rows(args.bench), count, args.work / f"{kind}-{count}.jsonl")
        bare = alone(path, count, args.every)
        print(json.dumps({"kind": kind, "dumps": count, "bytes": path.stat().st_size, "alone_ms": 1000 * bare}))
        for jobs in args.jobs:
            found = watched(path, args.work / f"out-{kind}-{jobs}.jsonl", jobs)
            found["dumps_per_second"] = round(count / found["seconds"], 1)
            found["over_alone"] = round(found["processor_seconds"] / count / bare - 1, 3)
            print(json.dumps({"kind": kind, "dumps": count, **found}), flush=True)


if __name__ == "__main__":
    main()
