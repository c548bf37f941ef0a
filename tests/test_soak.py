"""The measure of long batches sees what a run reads, writes, takes and holds."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

STORY = [f"The river rose on day {n}, and by noon the town of Brightmoor was under water again." for n in range(12)]


def test_a_run_is_watched(tmp_path: Path) -> None:
    """Every piece of a dump is read once, and time and memory are told."""
    row = json.dumps({"raw": "\n".join(STORY), "url": "https://example.org/a"})
    with gzip.open(tmp_path / "dumps-dev.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(row + "\n")
    options = ["--work", str(tmp_path / "work"), "--texts", "15", "--pages", "0", "--jobs", "2"]
    command = [sys.executable, "-m", "tests.soak", str(tmp_path), *options]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    alone, run = map(json.loads, told)
    assert alone["alone_ms"] > 0
    assert run["exit"] == 0 and run["counts"]["read"] == run["counts"]["written"] == 15
    assert run["processor_seconds"] > 0 and max(run["memory_mb"]) > 10
    pieces = (tmp_path / "work" / "texts-15.jsonl").read_text(encoding="utf-8").splitlines()
    assert len({json.loads(piece)["text"] for piece in pieces}) == 15
