"""Packages that are missing are told before any work is done."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cleaner.cli import main


def never(*args: Any, **more: Any) -> Any:
    raise AssertionError("work was done")


@pytest.mark.parametrize(
    ("package", "args", "extra", "work"),
    [
        ("pyarrow", ("run", "{source}", "-o", "x.parquet"), "parquet", "cleaner.commands.run.run_batch"),
        (
            "pyarrow",
            ("run", "{source}", "-o", "out/", "--shards", "arrow"),
            "parquet",
            "cleaner.commands.run.run_batch",
        ),
        (
            "pyarrow",
            ("run", "{source}", "-o", "x.jsonl", "--templates", "t"),
            "parquet",
            "cleaner.commands.run.run_batch",
        ),
        (
            "pyarrow",
            ("sites", "learn", "{source}", "-o", "t.parquet"),
            "parquet",
            "cleaner.engines.local.collect_local",
        ),
        ("lightgbm", ("train", "{source}", "-o", "m"), "train", "cleaner.training.commands.train_model"),
        ("sklearn", ("train-lines", "{source}", "-o", "m"), "train", "cleaner.training.commands.train_lines"),
    ],
)
def test_missing_extra_is_told_at_once(
    package: str, args: tuple[str, ...], extra: str, work: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which extra brings it, with status 2, and nothing is read or learned first."""
    monkeypatch.chdir(tmp_path)
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps({"id": 1, "text": "The river rose on Monday."}) + "\n", "utf-8")
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr(work, never)
    result = CliRunner().invoke(main, [arg.format(source=source) for arg in args])
    assert result.exit_code == 2, result.output
    assert f"pip install 'article-cleaner[{extra}]'" in result.output
