"""Whether a Ray cluster gives the bytes that the processes of one machine give, over dumps of sites that are learned.

python -m tests.same_engines [--dumps 100000] [--sites 2000] [--window 256] [--folder FOLDER] [--save]

Needs the extra `ray`. The cluster is a head without work and two nodes of one processor each, on this machine. Prints
one JSON object: what was read, written, rejected and learned, the digests of the output, and the seconds that each took.
Exit status 1 where a byte differs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.capacity.page import save
from tests.conftest import ROOT
from tests.synthetic import Corpus, write_dumps

ENGINES = ("local", "ray")


@contextmanager
def two_nodes() -> Iterator[Any]:
    """A real cluster on this machine: a head without work and two nodes."""
    os.environ.setdefault("RAY_worker_niceness", "0")  # else Ray's workers give way to all others, and local's do not
    from ray import cluster_utils

    cluster: Any = cluster_utils.Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    try:
        for _ in range(2):
            cluster.add_node(num_cpus=1)
        yield cluster
    finally:
        cluster.shutdown()


def short_dumps(dumps: int, sites: int) -> Iterator[dict[str, Any]]:
    """Dumps of about 500 characters; a third of them have a line that a rule knows, too."""
    for number, row in enumerate(Corpus(sites, prose=3, words=(12, 28)).dumps(range(dumps))):
        if row["raw"] and number % 3 == 0:
            row["raw"] += "\n\nSign up for our newsletter"
        yield row


def compare(source: Path, address: str, folder: Path, window: int) -> dict[str, Any]:
    """Clean a file with both engines; what came of it, and whether it is the same."""
    found: dict[str, Any] = {}
    for engine in ENGINES:
        where = ["--jobs", "2"] if engine == "local" else ["--ray-address", address]
        call = ["run", str(source), "-o", str(folder / f"{engine}.jsonl"), "--checkpoint", str(window), "-q"]
        start = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "cleaner", *call, "--include-removed", "--engine", engine, *where],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{engine}: {done.stderr}")
        told = json.loads((folder / f"{engine}.run.json").read_text("utf-8"))
        found[engine] = {
            "seconds": round(time.monotonic() - start, 1),
            "counts": told["counts"],
            "learned": told["learned"],
            "rows": digest(folder / f"{engine}.jsonl"),
            "rejects": digest(folder / f"{engine}.rejects.jsonl"),
        }
    one, two = ({k: v for k, v in found[engine].items() if k != "seconds"} for engine in ENGINES)
    return {"same": one == two, **one, "seconds": {engine: found[engine]["seconds"] for engine in ENGINES}}


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main() -> int:
    """Make the corpus, clean it twice, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dumps", type=int, default=100_000)
    parser.add_argument("--sites", type=int, default=2_000)
    parser.add_argument("--window", type=int, default=256)
    parser.add_argument("--save", action="store_true", help="keep what was found for docs/scale.md")
    parser.add_argument("--folder", type=Path, help="where the files go  [default: a temporary folder]")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, two_nodes() as cluster:
        folder = args.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        source = write_dumps(folder / "dumps.jsonl.gz", short_dumps(args.dumps, args.sites))
        found = compare(source, cluster.address, folder, args.window)
    print(json.dumps(found, indent=1))
    if args.save:
        save({"engines": found})
    return 0 if found["same"] else 1


if __name__ == "__main__":
    sys.exit(main())
