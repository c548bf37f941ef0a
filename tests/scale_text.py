"""How fast text dumps are cleaned, and which stage takes how long: processor time of one process, one core.

python -m tests.scale_text FILE.jsonl[.gz] [--every N] [--field raw] [--rounds 1] [--json]

Every N-th row is cleaned, first as it is, for the total; then once more with a clock around each stage, for its share.
What a stage calls that is a stage itself is counted there alone.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from cleaner import DumpError, clean

STAGES = {
    "characters mended": ("pipeline:mend", "pipeline:is_html"),
    "cut into lines": ("pipeline:extract_text", "ledger:page_of_lines"),
    "ledger": ("ledger:Ledger.open", "ledger:Ledger.of", "ledger:Ledger.cut", "pipeline:account"),
    "words and phrases": ("pipeline:read", "detectors.lines:read"),
    "line model: lines": ("detectors.lines:look_at",),
    "line model: features": ("detectors.lines:first_features", "detectors.lines:second_features"),
    "line model: gate": ("detectors.lines:gate_features",),
    "line model: trees": ("detectors.trees:Trees.all_odds",),
    "line model: decision": (
        "detectors.lines:keep_lines",
        "detectors.lines:keep_of_page",
        "detectors.lines:_revised",
    ),
    "line model: flat texts": ("detectors.lines:LineJudge._judge_flat",),
    "line model: rest": ("detectors.lines:LineJudge.judge",),
    "metadata": ("pipeline:merge_claims",),
}
"""What is measured: the name of each stage, and the functions that it is, at the place where they are called."""


class Clock:
    """Processor time by stage: what runs inside another stage is not counted there."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.calls = Counter[str]()
        self._inner = [0.0]

    def around(self, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same function with a clock around it."""

        def timed(*args: Any, **kwargs: Any) -> Any:
            self._inner.append(0.0)
            start = time.process_time()
            try:
                return work(*args, **kwargs)
            finally:
                whole = time.process_time() - start
                self.seconds[stage] += whole - self._inner.pop()
                self.calls[stage] += 1
                self._inner[-1] += whole

        return timed

    def fit(self) -> None:
        """Put a clock around every stage, for the rest of the process."""
        pipeline: Any = import_module("cleaner.pipeline")
        names = {f: "rules: " + f.__name__.removeprefix("detect_") for f in pipeline.STAGES}
        pipeline.STAGES = tuple(self.around(names[f], f) for f in pipeline.STAGES)
        for stage, places in STAGES.items():
            for place in places:
                module, _, name = place.partition(":")
                owner: Any = import_module("cleaner." + module)
                *classes, last = name.split(".")
                for part in classes:
                    owner = getattr(owner, part)
                found = owner.__dict__[last]
                plain = found.__func__ if isinstance(found, classmethod) else found
                timed = self.around(stage, plain)
                setattr(owner, last, classmethod(timed) if isinstance(found, classmethod) else timed)


def rows_of(path: Path, field: str, every: int) -> list[tuple[str, str | None]]:
    """Text and address of every n-th row."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for number, line in enumerate(file) if number % every == 0]
    return [(row[field], row.get("url")) for row in rows]


def seconds_of(rows: Iterable[tuple[str, str | None]]) -> float:
    """Processor time that cleaning takes."""
    start = time.process_time()
    for text, url in rows:
        with suppress(DumpError):
            clean(text, url, "text")
    return time.process_time() - start


def measure(path: Path, field: str, every: int, rounds: int) -> dict[str, Any]:
    """Speed in characters per second (best of so many rounds), milliseconds per dump, and those of each stage."""
    rows = rows_of(path, field, every)
    seconds_of(rows[:8])  # data and models are loaded on first use
    total = min(seconds_of(rows) for _ in range(rounds))
    clock = Clock()
    clock.fit()
    watched = seconds_of(rows)
    parts = dict(sorted(clock.seconds.items(), key=lambda part: -part[1]))
    parts["everything else"] = watched - sum(parts.values())
    chars, count = sum(len(text) for text, _ in rows), len(rows)
    return {
        "dumps": count,
        "chars": chars,
        "mchar_per_second": round(chars / total / 1e6, 3),
        "ms_per_dump": round(1000 * total / count, 3),
        "stages": {
            name: {
                "ms_per_dump": round(1000 * seconds / count, 3),
                "share": round(seconds / watched, 3),
                "calls_per_dump": round(clock.calls[name] / count, 2),
            }
            for name, seconds in parts.items()
        },
    }


def main() -> None:
    """Print the table, or one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--field", default="raw")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    found = measure(args.file, args.field, args.every, args.rounds)
    if args.json:
        print(json.dumps(found))
        return
    print(f"{found['mchar_per_second']} Mchar/s, {found['ms_per_dump']} ms per dump ({found['dumps']:,} dumps)")
    print("by stage, measured in a run of its own:")
    for name, stage in found["stages"].items():
        print(f"  {name:24} {stage['ms_per_dump']:8.3f} ms {stage['share']:7.1%} {stage['calls_per_dump']:7.2f} calls")


if __name__ == "__main__":
    main()
