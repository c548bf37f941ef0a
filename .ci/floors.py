"""Quality floors on a fixed sample of ../shared/bench, scored by its own scorer. Skipped, aloud, where it is not there."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench"
EVERY_DUMP, EVERY_PAGE = 8, 4  # each n-th row of the files is in the sample


def score(what: str, file: Path, *more: str) -> Any:
    """The scorer's answer as a dict."""
    command = [sys.executable, str(BENCH / "score.py"), what, str(file), "--json", *more]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def sample(source: Path, every: int, folder: Path) -> Path:
    """Each n-th row of a file, as a file of its own."""
    target = folder / source.name
    with gzip.open(source, "rt", encoding="utf-8") as rows, gzip.open(target, "wt", encoding="utf-8") as out:
        out.writelines(row for number, row in enumerate(rows) if number % every == 0)
    return target


def main() -> int:
    """0 where every floor holds."""
    if not (BENCH / "score.py").exists():
        print(f"floors: skipped, {BENCH} is not there")
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dumps = score("dumps", sample(BENCH / "dumps-dev.jsonl.gz", EVERY_DUMP, folder))
        pages = score("html", sample(BENCH / "fundus-dev.jsonl.gz", EVERY_PAGE, folder), "--peer")
        corpus, cleaned = BENCH / "corpus-dev.jsonl.gz", folder / "corpus.jsonl"
        subprocess.run([sys.executable, "-m", "cleaner", "run", str(corpus), "-o", str(cleaned)], check=True)
        sites = score("corpus", corpus, "--out", str(cleaned))
    # The models were trained on these pages and dumps: the floors guard the code, the cards have the honest figures.
    checks = [
        ("planted: body lost", dumps["planted"]["lost"], "<", 0.005),
        ("planted: removed", dumps["planted"]["removed"], ">", 0.8),
        ("page dumps: F1", dumps["page"]["F1"], ">", 0.94),
        ("html: F1 less trafilatura's", pages["cleaner"]["F1"] - pages["trafilatura"]["F1"], ">", 0.02),
        ("sites learned: exact", sites["exact"], ">", 0.97),
        ("sites learned: body lost", sites["lost"], "<", 0.001),
    ]
    failed = 0
    for label, value, sign, bound in checks:
        holds = value < bound if sign == "<" else value > bound
        failed += not holds
        print(f"floors: {label} {value:.4f} {sign} {bound} {'ok' if holds else 'FAILED'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
