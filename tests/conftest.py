"""What several tests share: where the fixtures and (perhaps) the bench are, and how a case is read."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
WORDS = (
    "ferry",
    "harbour",
    "bridge",
    "market",
    "school",
    "orchard",
    "council",
    "library",
    "tower",
    "river",
    "mayor",
    "garden",
)
"""What made-up articles are about, each about one of them."""
SHARED = ROOT.parent / "shared"


@dataclass(frozen=True)
class Case:
    """A raw dump and the article it must become."""

    name: str
    raw: bytes
    expected: dict[str, Any]
    is_text: bool


def examples(usual: int) -> int:
    """How many damaged inputs a test tries: `CLEANER_FUZZ` of them, where that is set."""
    return int(os.environ.get("CLEANER_FUZZ", usual))


def load_cases(folder: str) -> list[Any]:
    """The cases of one folder of fixtures, as parameters."""
    found = []
    for path in sorted((FIXTURES / folder).glob("*.expected.json")):
        stem = path.name.removesuffix(".expected.json")
        raw = next(p for p in (path.with_name(stem + ".txt"), path.with_name(stem + ".html")) if p.exists())
        found.append(
            pytest.param(
                Case(stem, raw.read_bytes(), json.loads(path.read_text("utf-8")), raw.suffix == ".txt"), id=stem
            )
        )
    return found


@pytest.fixture(scope="session")
def seed() -> tuple[str, dict[str, Any]]:
    """The user's own example; the test is skipped where it is not at hand."""
    folder = SHARED / "seed"
    dump = next(folder.glob("*.txt"), None) if folder.exists() else None
    if dump is None:
        pytest.skip("the seed example is not part of the repository; it stands in ../shared/seed")
    return dump.read_text("utf-8"), json.loads((folder / "expected.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """A bucket on an S3 server of our own, on a free port of this machine."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    saved = dict(os.environ)
    os.environ.update(
        AWS_ACCESS_KEY_ID="tester", AWS_SECRET_ACCESS_KEY="tester", AWS_DEFAULT_REGION="us-east-1",
        AWS_ENDPOINT_URL=f"http://{host}:{port}",
    )  # fmt: skip
    import s3fs

    s3fs.S3FileSystem(use_listings_cache=False).mkdir("bucket")
    yield "s3://bucket"
    os.environ.clear()
    os.environ.update(saved)
    server.stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that take minutes run only when they are asked for: `pytest -m slow`."""
    if "slow" not in str(config.getoption("markexpr")):
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="minutes, not seconds: run with -m slow"))
