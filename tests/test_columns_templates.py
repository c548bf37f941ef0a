"""Batches as columns with what was learned of their sites before."""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner

from cleaner import BatchCleaner, InputError
from cleaner.cli import main
from cleaner.integrations.arrow import clean_table
from tests.conftest import WORDS


def text(word: str, site: str) -> str:
    prose = f"The {word} was painted in spring, said the keeper of the {word}, and then the {word} bells rang for long."
    return f"Lantern {site} weekly\n\n{prose}\n\nKeel of {site} harbour"


ROWS = [
    {"url": f"https://{site}.example/{word}", "paper": f"{site}.example", "raw": text(word, site)}
    for site in ("north", "south")
    for word in WORDS
]
BODY = text("ferry", "north").split("\n\n")[1]


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `cleaner sites learn` learned of two sites."""
    folder = tmp_path_factory.mktemp("learned")
    (folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    out = folder / "templates.parquet"
    done = CliRunner().invoke(main, ["sites", "learn", str(folder / "in.jsonl"), "-o", str(out), "-q"])
    assert done.exit_code == 0, done.output
    return out


def columns(rows: list[dict[str, str]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def bodies(cleaner: BatchCleaner, **batch: list[Any]) -> list[Any]:
    return cleaner(batch)["body"]


def test_house_lines_of_the_templates_go(templates: Path, tmp_path: Path) -> None:
    """The columns say what `cleaner run --templates` says; without the file the lines stay."""
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    call = ["run", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out.jsonl"), "--templates", str(templates), "-q"]
    assert CliRunner().invoke(main, call).exit_code == 0
    told = [json.loads(line)["body"] for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    found = BatchCleaner(templates=str(templates))(columns(ROWS))["body"]
    assert found == told and found[0] == BODY
    assert BatchCleaner()(columns(ROWS))["body"][0] == ROWS[0]["raw"]


def test_the_site_is_told_by_address_or_column(templates: Path) -> None:
    """As in a run: the column that is named and no other; else the host of the address, else a usual column."""
    path, raw = str(templates), [ROWS[0]["raw"]]
    usual, named = BatchCleaner(templates=path), BatchCleaner(templates=path, site_key="paper")
    north, south = ["https://north.example/"], ["https://south.example/"]
    assert bodies(usual, raw=raw, url=north) == bodies(usual, raw=raw, site=["north.example"]) == [BODY]
    assert bodies(named, raw=raw, paper=["north.example"], url=south) == [BODY]
    assert bodies(usual, raw=raw, url=south, site=["north.example"]) == raw
    assert bodies(named, raw=raw, paper=[None], url=north) == bodies(usual, raw=raw, url=[None]) == raw


def test_it_travels_with_its_path(templates: Path) -> None:
    """A pickle is small, and cleans the same in another process, also in the one that keeps to a time limit."""
    cleaner = BatchCleaner(templates=str(templates), timeout=60)
    assert len(pickle.dumps(cleaner)) < 1500 + len(str(templates))
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        (made,) = pool.map(cleaner, [columns(ROWS)])
    assert made == cleaner(columns(ROWS)) and made["body"][0] == BODY


def test_arrow_reads_the_site(templates: Path) -> None:
    """A table whose column names the site."""
    table = pa.table({"raw": [ROWS[0]["raw"]], "paper": ["north.example"]})
    made = clean_table(table, BatchCleaner(templates=str(templates), site_key="paper"))
    assert made.column("body").to_pylist() == [BODY] and made.column("paper").to_pylist() == ["north.example"]


def test_a_file_that_is_none_is_told_at_once(tmp_path: Path) -> None:
    """No row is cleaned without what was asked for."""
    with pytest.raises(InputError, match="cleaner sites learn"):
        BatchCleaner(templates=str(tmp_path / "none.parquet"))


def test_a_file_that_changed_is_read_again(templates: Path, tmp_path: Path) -> None:
    """A cleaner that is made later knows what was struck out meanwhile."""
    path = tmp_path / "mine.parquet"
    path.write_bytes(templates.read_bytes())
    os.utime(path, (1, 1))
    batch = columns(ROWS[:1])
    assert BatchCleaner(templates=str(path))(batch)["body"] == [BODY]
    done = CliRunner().invoke(main, ["sites", "strike", str(path), "north.example", "Lantern north weekly"])
    assert done.exit_code == 0, done.output
    assert BatchCleaner(templates=str(path))(batch)["body"] == [f"Lantern north weekly\n\n{BODY}"]
