"""The measure of speed counts every stage once and misses none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

DUMP = "By Jane Doe\n2025-02-06\nThe river rose on Monday, and by noon the town of Brightmoor was under water again.\nShare\n"


def test_stages_add_up(tmp_path: Path) -> None:
    """The shares of the stages add up to the whole, and the line model and the rules are among them."""
    rows = tmp_path / "dumps.jsonl"
    rows.write_text("".join(json.dumps({"text": DUMP * 3 + str(i)}) + "\n" for i in range(4)), encoding="utf-8")
    command = [sys.executable, "-m", "tests.scale_text", str(rows), "--field", "text", "--every", "2", "--json"]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert found["dumps"] == 2 and found["mchar_per_second"] > 0
    assert abs(sum(stage["share"] for stage in found["stages"].values()) - 1) < 0.02
    assert {"rules: header", "line model: lines", "ledger", "metadata", "everything else"} <= found["stages"].keys()
