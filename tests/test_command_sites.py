"""`cleaner sites`, and what `cleaner run` does with what it learns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cleaner.cli import main
from cleaner.io.readers import Dump
from cleaner.templates.keys import site_of
from cleaner.templates.store import load_houses, load_library
from tests.test_sites import dump, story

pytest.importorskip("pyarrow")

TOP = "Lantern weekend edition"


def cleaner(*args: object) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args])


def corpus(path: Path, numbers: Sequence[int], **more: Any) -> Path:
    rows = [{"id": n, "url": f"https://www.lantern.example/{n}", "text": dump(n), **more} for n in numbers]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def bodies(path: Path) -> dict[int, str]:
    return {int(row["id"]): row["body"] for row in map(json.loads, path.read_text("utf-8").splitlines())}


def test_run_learns_by_itself(tmp_path: Path) -> None:
    """A run of twelve articles of a site removes its house lines; one that is told not to leaves them."""
    source = corpus(tmp_path / "in.jsonl", range(12))
    assert cleaner("run", source, "-o", tmp_path / "a.jsonl", "--include-removed").exit_code == 0
    assert bodies(tmp_path / "a.jsonl") == {n: "\n\n".join(story(n)) for n in range(12)}
    assert "site_template:1.00" in (tmp_path / "a.jsonl").read_text("utf-8")
    assert cleaner("run", source, "-o", tmp_path / "b.jsonl", "--no-learn-sites").exit_code == 0
    assert all(body.startswith(TOP) for body in bodies(tmp_path / "b.jsonl").values())


def test_order_and_jobs_change_nothing(tmp_path: Path) -> None:
    """Two workers and the reversed input give the same bodies."""
    ahead, back = corpus(tmp_path / "a.jsonl", range(20)), corpus(tmp_path / "b.jsonl", range(19, -1, -1))
    assert cleaner("run", ahead, "-o", tmp_path / "1.jsonl", "-q").exit_code == 0
    assert cleaner("run", back, "-o", tmp_path / "2.jsonl", "-q", "-j", 2).exit_code == 0
    assert bodies(tmp_path / "1.jsonl") == bodies(tmp_path / "2.jsonl")


def test_merged_halves_are_the_whole(tmp_path: Path) -> None:
    """Two crawls merged are one: counts add, and articles in both count once."""
    halves = [corpus(tmp_path / "a.jsonl", range(10)), corpus(tmp_path / "b.jsonl", range(6, 20))]
    for half in halves:
        assert cleaner("sites", "learn", half, "-o", half.with_suffix(".parquet")).exit_code == 0
    whole = corpus(tmp_path / "c.jsonl", range(20))
    assert cleaner("sites", "learn", whole, "-o", tmp_path / "c.parquet", "-j", 2).exit_code == 0
    merged = cleaner("sites", "merge", *[h.with_suffix(".parquet") for h in halves], "-o", tmp_path / "m.parquet")
    assert merged.exit_code == 0, merged.output
    assert load_houses(str(tmp_path / "m.parquet")) == load_houses(str(tmp_path / "c.parquet"))
    assert load_library(str(tmp_path / "m.parquet")).collection.seen["lantern.example"] == 24


def test_a_file_serves_runs_too_small_to_learn(tmp_path: Path) -> None:
    """--templates cleans a single dump; a line that was struck out stays, one that was added goes."""
    file, one = tmp_path / "t.parquet", corpus(tmp_path / "one.jsonl", [77])
    cleaner("sites", "learn", corpus(tmp_path / "in.jsonl", range(12)), "-o", file)
    shown = cleaner("sites", "show", file, "lantern.example").output.splitlines()
    assert shown[0].split() == ["12", "100%", "boilerplate", "Keel", "and", "anchor,", "since", "1904"]
    assert cleaner("sites", "show", file).output.split() == ["12", "lantern.example"]
    assert cleaner("run", one, "-o", tmp_path / "o.jsonl", "--templates", file, "-q").exit_code == 0
    assert bodies(tmp_path / "o.jsonl")[77] == "\n\n".join(story(77))
    assert "in 12 articles" in cleaner("sites", "strike", file, "lantern.example", TOP).output
    assert cleaner("sites", "add", file, "lantern.example", story(77)[5]).exit_code == 0
    assert cleaner("run", one, "-o", tmp_path / "o.jsonl", "--templates", file, "-q", "--restart").exit_code == 0
    assert bodies(tmp_path / "o.jsonl")[77] == "\n\n".join([TOP, *story(77)[:5]])


@pytest.mark.parametrize("content", [b"", b"PAR1 and no more", b"{}\n"])
def test_files_that_are_no_templates(content: bytes, tmp_path: Path) -> None:
    """Every command says what the file is not, and how to make one; the run ends before it writes."""
    file = tmp_path / "t.parquet"
    file.write_bytes(content)
    source = corpus(tmp_path / "in.jsonl", [1])
    for args in (
        ("sites", "show", file),
        ("sites", "strike", file, "x", "y"),
        ("sites", "merge", file, file, "-o", tmp_path / "m.parquet"),
        ("run", source, "-o", tmp_path / "o.jsonl", "--templates", file),
    ):
        result = cleaner(*args)
        assert result.exit_code == 2, result.output
        assert "cleaner sites learn" in result.output
    assert file.read_bytes() == content
    assert not list(tmp_path.glob("o.*"))


def test_other_parquet_files_are_told(tmp_path: Path) -> None:
    """A Parquet file with other columns is no library, nor is one with a damaged site."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = tmp_path / "t.parquet"
    pq.write_table(pa.table({"site": ["x"]}), file)
    assert "columns are not those" in cleaner("sites", "show", file).output
    cleaner("sites", "learn", corpus(tmp_path / "in.jsonl", range(12)), "-o", file)
    table = pq.read_table(file)
    junk = pa.array([b"junk"] * len(table), pa.binary())
    pq.write_table(table.set_column(4, table.schema.field("data"), junk), file)
    assert "damaged" in cleaner("sites", "show", file).output
    assert cleaner("sites", "merge", file, "-o", tmp_path / "m.parquet").exit_code == 2


def test_hostile_names_of_sites(tmp_path: Path) -> None:
    """A site called `../x`, an endless or an empty one are names like others, and touch no file."""
    names = ["../../evil", "x" * 5000, " ", "a\nb"]
    for at, name in enumerate(names):
        source = corpus(tmp_path / f"{at}.jsonl", range(9), site=name, url="")
        file = tmp_path / f"{at}.parquet"
        assert cleaner("sites", "learn", source, "-o", file, "--site-key", "site").exit_code == 0
        assert len(load_houses(str(file))) == (name != " ")
    assert not list(tmp_path.parent.glob("evil*"))
    assert "lists the sites" in cleaner("sites", "show", tmp_path / "0.parquet", "../..").output


def test_standard_input_is_read_once() -> None:
    """A stream cannot be learned from: asked to, the run says so; not asked, it cleans without."""
    row = json.dumps({"url": "https://lantern.example/1", "text": dump(1)})
    args = ["run", "-", "-o", "-", "-q"]
    assert json.loads(CliRunner().invoke(main, args, input=row).stdout)["body"].startswith(TOP)
    asked = CliRunner().invoke(main, [*args, "--learn-sites"], input=row)
    assert asked.exit_code == 2 and "reads the input twice" in asked.output


def test_where_the_site_is_told() -> None:
    """The named column alone; else the address, a usual column, the folder; nothing for what tells none."""
    assert site_of(Dump("1", "", "https://m.lantern.example:8080/a"), None) == "lantern.example"
    assert site_of(Dump("1", "", "http://[broken", extra={"domain": "Lantern.example"})) == "lantern.example"
    assert site_of(Dump("keel/1", "", folder="keel")) == "keel"
    assert site_of(Dump("1", "", "https://lantern.example/", extra={"outlet": "Keel"}), "outlet") == "keel"
    assert site_of(Dump("1", "", "https://lantern.example/"), "outlet") is None
    assert site_of(Dump("1", "", extra={"site": None, "domain": True})) is None
