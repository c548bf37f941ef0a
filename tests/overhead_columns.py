"""What columns cost over bare `clean`: `python -m tests.overhead_columns`.

Each call is timed as a whole and, inside it, `clean`: the difference is the overhead, whatever else the machine does.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any
from unittest import mock

from cleaner import BatchCleaner, Settings, clean, clean_batch
from tests.conftest import FIXTURES

Work = Callable[[list[str]], object]


class _Watch:
    """`clean`, with the time it took."""

    spent = 0.0

    def __call__(self, *args: Any) -> object:
        began = perf_counter()
        try:
            return clean(*args)
        finally:
            self.spent += perf_counter() - began


def _ways() -> dict[str, Work]:
    """Each way to clean a list of texts; those that need a package are there when it is."""
    told = BatchCleaner(include_removed=True, markdown=True)
    ways: dict[str, Work] = {
        "clean_batch": lambda texts: clean_batch({"text": texts}),
        "BatchCleaner(include_removed, markdown)": lambda texts: told({"text": texts}),
    }
    try:
        import pyarrow as pa

        from cleaner.integrations.arrow import clean_table

        ways["arrow.clean_table"] = lambda texts: clean_table(pa.table({"text": texts}))
    except ImportError:
        pass
    return ways


def _measure(texts: list[str], rounds: int) -> None:
    watch = _Watch()
    extra: dict[str, list[float]] = {}
    ratio: dict[str, list[float]] = {}
    with mock.patch("cleaner.batch.records.clean", watch):
        for _ in range(rounds):
            for name, work in _ways().items():
                watch.spent = 0.0
                began = perf_counter()
                work(texts)
                whole = perf_counter() - began
                extra.setdefault(name, []).append((whole - watch.spent) / len(texts))
                ratio.setdefault(name, []).append(whole / watch.spent)
    for name in extra:
        cost = f"+{statistics.median(extra[name]) * 1e6:.0f} us per document"
        print(f"  {name:42}{cost:26}x{statistics.median(ratio[name]):.4f}")


def _trip(texts: list[str], rounds: int) -> None:
    """What `timeout` costs: the way to the other process and back, in turn with the same work here."""
    reject = Settings(max_chars=1)  # at once, so that only the trip remains
    here, there = BatchCleaner(reject), BatchCleaner(reject, timeout=60)
    spent: dict[str, list[float]] = {"here": [], "there": []}
    there({"text": texts})
    for _ in range(rounds):
        for cleaner, times in ((here, spent["here"]), (there, spent["there"])):
            began = perf_counter()
            cleaner({"text": texts})
            times.append((perf_counter() - began) / len(texts))
    extra = min(spent["there"]) - min(spent["here"])
    print(f"  {'timeout=60':42}+{extra * 1e6:.0f} us per document")


if __name__ == "__main__":
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    for suffix in ("txt", "html"):
        texts = [path.read_text("utf-8", "replace") for path in sorted(FIXTURES.glob(f"*/*.{suffix}"))]
        print(f"{suffix}: {len(texts)} fixtures of {sum(map(len, texts)) // len(texts):,} characters, {rounds} rounds")
        _measure(texts, rounds)
        _trip(texts, rounds)
