"""What several tests share: where the fixtures and (perhaps) the bench are, and how a case is read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
SHARED = ROOT.parent / "shared"


@dataclass(frozen=True)
class Case:
    """A raw dump and the article it must become."""

    name: str
    raw: bytes
    expected: dict[str, Any]
    is_text: bool


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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that take minutes run only when they are asked for: `pytest -m slow`."""
    if "slow" not in str(config.getoption("markexpr")):
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="minutes, not seconds: run with -m slow"))
