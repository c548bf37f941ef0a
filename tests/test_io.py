"""Where dumps come from and rows go to: no output is an input, each file is read once, each id is there once."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from cleaner.batch.records import Recipe, clean_record
from cleaner.errors import InputError
from cleaner.io import files
from cleaner.io.files import Sink
from cleaner.io.find import find_sources
from cleaner.io.places import plan_output
from cleaner.io.readers import Dump, Fault, Keys, read_source
from cleaner.settings import Settings

STORY = "The river rose on Monday and the bridge was closed."


def tree(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(STORY)


def read_row(tmp_path: Path, row: str, keys: Keys | None = None) -> Dump | Fault:
    (tmp_path / "row.jsonl").write_text(row)
    (source,) = find_sources([str(tmp_path / "row.jsonl")]).sources
    (record,) = read_source(source, keys or Keys())
    return record


def row_of(record: Dump | Fault, include_removed: bool = False) -> dict[str, Any]:
    outcome = clean_record(record, Recipe(Settings(), include_removed))
    assert outcome.row is not None
    return dict(outcome.row)


@pytest.mark.parametrize(
    ("inputs", "names"),
    [
        (["d"], ["a.htm", "a.txt", "b", "s/a", "s/c.html"]),
        (["d/a.txt", "./d/a.txt", "d/s/../a.txt", "{cwd}/d/a.txt"], ["a"]),
        (["d/a.txt", "d/s/a.txt", "e/a.txt"], ["d/a.txt", "d/s/a.txt", "e/a.txt"]),
        (["d", "e"], ["a.htm", "d/a.txt", "b", "s/a", "s/c.html", "e/a.txt", "rows.jsonl"]),
        (["d", "link"], ["a.htm", "a.txt", "b", "s/a", "s/c.html"]),
        (["e/rows.jsonl", "f/rows.jsonl"], ["e/rows.jsonl", "f/rows.jsonl"]),
        (["d/**/*.txt"], ["d/a.txt", "b", "d/s/a.txt", "c.html"]),
        (["-", "-"], ["stdin"]),
    ],
)
def test_each_file_once_each_id_once(
    inputs: list[str], names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are told by their real path; an id grows, from the stem to the whole path, until no other has it."""
    monkeypatch.chdir(tmp_path)
    tree(tmp_path, "d/a.txt", "d/a.htm", "d/b.txt.gz", "d/s/a.txt", "d/s/c.html.txt", "e/a.txt", "d/.hidden/h.txt")
    tree(tmp_path, "e/rows.jsonl", "f/rows.jsonl")
    (tmp_path / "d" / "same.txt").symlink_to("a.txt")
    (tmp_path / "link").symlink_to("d")
    if "d/**/*.txt" in inputs:
        (tmp_path / "d" / "b.txt").write_text(STORY)
    found = find_sources([i.format(cwd=tmp_path) for i in inputs])
    assert sorted(s.name for s in found.sources) == sorted(names)


def test_folder_that_cannot_be_listed_is_accounted_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It becomes a reject instead of dumps that nobody misses."""
    tree(tmp_path, "a.txt", "shut/b.txt")
    scandir = os.scandir

    def refuse(path: Any) -> Any:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    records = [r for s in find_sources([str(tmp_path)]).sources for r in read_source(s, Keys())]
    assert [r.id for r in records] == ["a", "shut"]
    assert isinstance(records[1], Fault)
    assert records[1].reason == "unreadable"


@pytest.mark.parametrize(
    ("inputs", "out"),
    [
        (["d"], "d"),
        (["d/."], "link"),
        (["d/a.txt"], "d"),
        (["rows.jsonl"], "rows.jsonl"),
        (["d/../rows.jsonl"], "./rows.jsonl"),
        (["rows.jsonl"], "hard.jsonl"),
        (["rows.jsonl.partial"], "rows.jsonl"),
        (["rows.rejects.jsonl"], "rows.jsonl"),
        (["r*s.jsonl"], "rows.jsonl"),
        (["d/*.txt"], "d"),
    ],
)
def test_output_is_never_an_input(inputs: list[str], out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By whatever name: what the run would overwrite is refused."""
    monkeypatch.chdir(tmp_path)
    tree(tmp_path, "d/a.txt", "rows.jsonl", "rows.jsonl.partial", "rows.rejects.jsonl")
    (tmp_path / "link").symlink_to("d")
    os.link("rows.jsonl", "hard.jsonl")
    if inputs == ["r*s.jsonl"]:
        (tmp_path / "rows.rejects.jsonl").unlink()
    with pytest.raises(InputError, match=r"OUT is also an input|since this run writes there"):
        find_sources(inputs, plan_output(out))


def test_own_output_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run does not read what the first one wrote, and says so."""
    monkeypatch.chdir(tmp_path)
    tree(tmp_path, "d/a.txt", "d/out/a.txt", "d/out/rejects.jsonl", "d/o.jsonl", "d/o.rejects.jsonl", "d/r.jsonl")
    folder = find_sources(["d"], plan_output("d/out"))
    assert [s.name for s in folder.sources] == ["a", "o.jsonl", "o.rejects.jsonl", "r.jsonl"]
    assert folder.notes == ["not read, since this run writes there: d/out"]
    lines = find_sources(["d"], plan_output("d/o.jsonl", "d/r.jsonl"))
    assert [s.name for s in lines.sources] == ["a", "o.rejects.jsonl", "out/a", "out/rejects.jsonl"]
    assert lines.notes == ["not read, since this run writes there: d/o.jsonl and 1 more"]
    matched = find_sources(["d/**"], plan_output("d/out"))
    assert "d/out/a.txt" not in {s.path for s in matched.sources}


def test_other_files_may_lie_in_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what an article's file could overwrite is refused."""
    monkeypatch.chdir(tmp_path)
    tree(tmp_path, "page.html", "d/a.txt")
    assert [s.path for s in find_sources(["page.html", "d"], plan_output(".")).sources] == ["page.html", "d/a.txt"]


@pytest.mark.parametrize(
    ("out", "rejects", "says"),
    [
        ("o.docx", None, "ends in .jsonl"),
        ("o.parquet.gz", None, "leave out .gz"),
        ("o.jsonl", "r.csv", "the rejects need a file"),
        ("file", None, "file: is a file already; write to a name that ends in .jsonl"),
        ("o.jsonl", "o.jsonl", "the same place"),
        ("o.jsonl", "d/../o.jsonl", "the same place"),
        ("-", "-", "the same place"),
        ("o.jsonl", "d", "the rejects need a file"),
        ("d", "d", "the same place"),
    ],
)
def test_places_that_cannot_be_written(
    out: str, rejects: str | None, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused before any work, with the mend."""
    monkeypatch.chdir(tmp_path)
    tree(tmp_path, "file", "d/a.txt")
    with pytest.raises(InputError, match=says):
        plan_output(out, rejects)


@pytest.mark.parametrize(
    ("out", "kind", "rejects"),
    [
        ("-", "lines", None),
        ("/dev/null", "lines", None),
        ("o.JSONL.gz", "lines", "o.rejects.jsonl"),
        ("a.b/o.x.ndjson", "lines", "a.b/o.x.rejects.jsonl"),
        ("o.Parquet", "lines", "o.Parquet.rejects.jsonl"),
        ("o.csv.zst", "lines", "o.csv.zst.rejects.jsonl"),
        ("new", "folder", "new/rejects.jsonl"),
        ("v1.5/", "folder", "v1.5/rejects.jsonl"),
        ("folder.jsonl", "folder", "folder.jsonl/rejects.jsonl"),
    ],
)
def test_kinds_of_output(
    out: str, kind: str, rejects: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A device takes lines, a folder that is there stays one, a slash makes one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.jsonl").mkdir()
    output = plan_output(out)
    assert (output.kind, output.rejects) == (kind, rejects)


def test_sink_names_its_file(tmp_path: Path) -> None:
    """An OSError says which place it is about; the file of an earlier run stays as it was."""
    with (
        pytest.raises(InputError, match=r"/dev/full: cannot be written: No space left.*make room"),
        Sink("/dev/full") as sink,
    ):
        sink.write(STORY)
    tree(tmp_path, "file", "o.jsonl")
    with pytest.raises(InputError, match=r"file/o\.jsonl: cannot be written"), Sink(str(tmp_path / "file" / "o.jsonl")):
        pass
    with pytest.raises(ZeroDivisionError), Sink(str(tmp_path / "o.jsonl")) as sink:
        sink.write("half")
        raise ZeroDivisionError
    assert (tmp_path / "o.jsonl").read_text() == STORY
    assert (tmp_path / "o.jsonl.partial").read_text() == "half"


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_sink_writes_what_utf8_can_hold(tmp_path: Path, suffix: str) -> None:
    """Lone surrogates become U+FFFD in every compression."""
    path = str(tmp_path / f"o.jsonl{suffix}")
    with Sink(path) as sink:
        sink.write("a\ud800 é")
    with files.open_bytes(path) as stream:
        assert stream.read().decode() == "a\ufffd é"


def test_broken_gzip_output_is_readable(tmp_path: Path) -> None:
    """What an interrupted run leaves can be unpacked."""
    with pytest.raises(KeyboardInterrupt), Sink(str(tmp_path / "o.jsonl.gz")) as sink:
        sink.write("half")
        raise KeyboardInterrupt
    assert gzip.decompress((tmp_path / "o.jsonl.gz.partial").read_bytes()) == b"half"


@pytest.mark.parametrize(
    ("row", "body"),
    [
        ({"text": STORY, "html": ""}, STORY),
        ({"raw": " \n", "Text": STORY}, STORY),
        ({"content": {"rendered": "x"}, "html": None, "body": STORY}, STORY),
    ],
)
def test_first_column_with_text_is_the_dump(row: dict[str, Any], body: str, tmp_path: Path) -> None:
    """Blank columns and columns of other types do not hide the one with the text."""
    record = read_row(tmp_path, json.dumps(row))
    assert isinstance(record, Dump)
    assert record.raw == body


def test_first_id_with_a_value(tmp_path: Path) -> None:
    """An empty id is none."""
    assert read_row(tmp_path, json.dumps({"id": " ", "_id": 0, "text": STORY})).id == "0"
    assert read_row(tmp_path, json.dumps({"id": "", "text": STORY})).id == "row.jsonl:1"


def test_named_column_is_used_even_when_blank(tmp_path: Path) -> None:
    """--text-key is an order, no hint."""
    record = read_row(tmp_path, json.dumps({"html": "", "text": STORY}), Keys(text="html"))
    assert isinstance(record, Dump)
    assert record.raw == ""


def test_deep_nesting_is_a_fault(tmp_path: Path) -> None:
    """A column that pickle or json could not pass on is a reject, not the end of the batch."""
    for depth in (99, 101, 900, 100_000):
        record = read_row(
            tmp_path, json.dumps({"id": "x", "text": STORY})[:-1] + f', "n": {"[" * depth}{"]" * depth}}}'
        )
        assert isinstance(record, Dump if depth == 99 else Fault)
    wide = read_row(tmp_path, json.dumps({"text": STORY, "n": [[1]] * 500}))
    assert isinstance(wide, Dump)


def test_own_columns_win(tmp_path: Path) -> None:
    """An input column with a name of ours is prefixed, so that no row claims what cleaner did not say."""
    given = {
        "text": STORY, "id": "x", "language": "xx", "title": "T", "removed": [1], "widgets": ["w"], "confidence": 0.1,
        "input_title": "older", "kind": "news", "url": "https://x.org/a", "source_format": "text", "body": "other",
    }  # fmt: skip
    row = row_of(read_row(tmp_path, json.dumps(given)))
    ours = row_of(Dump("x", STORY, "https://x.org/a"))
    assert {name: row[name] for name in ours} == ours
    assert {name: row[name] for name in row.keys() - ours.keys()} == {
        "input_language": "xx", "input_input_title": "T", "input_removed": [1], "input_widgets": ["w"],
        "input_confidence": 0.1, "input_title": "older", "kind": "news", "input_body": "other",
    }  # fmt: skip
    assert row_of(read_row(tmp_path, json.dumps(given)), include_removed=True)["input_removed"] == [1]


def test_broken_url_is_kept_beside(tmp_path: Path) -> None:
    """An address that no parser takes costs neither the article nor itself."""
    row = row_of(read_row(tmp_path, json.dumps({"text": STORY, "url": "http://[::1"})))
    assert (row["body"], row["url"], row["input_url"]) == (STORY, None, "http://[::1")
