"""Outputs: each format holds all that a row holds, in parts as in one file, whatever the input was."""

from __future__ import annotations

import csv
import io
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import clean
from cleaner.batch.records import Recipe, clean_record
from cleaner.io import folder
from cleaner.io.columns import COLUMNS
from cleaner.io.files import open_bytes
from cleaner.io.places import plan_output
from cleaner.io.readers import Dump
from cleaner.io.writers import WRITERS, Layout, join_rows, layout_of, open_rows, write_folder, write_rows
from cleaner.settings import Settings
from tests.hostile import IDENTS

pa = pytest.importorskip("pyarrow")

STORY = "The river rose on Monday, said the mayor.\n\nSubscribe to our newsletter\n\nThe bridge was closed until noon."
PACKS = ["", ".gz", ".zst", ".bz2", ".xz"]


def row_of(ident: str, **extra: Any) -> dict[str, Any]:
    outcome = clean_record(Dump(ident, STORY, "https://x.org/a", "text", extra), Recipe(Settings(), True))
    assert outcome.row is not None
    return dict(outcome.row)


ROWS = [row_of("a", kind="news"), row_of("=b", n=1.5), row_of("c\ud800"), row_of("d", extra={"deep": [1, None]})]


def written(path: Path, rows: list[dict[str, Any]], sizes: list[int]) -> bytes:
    """What is in a file that was joined of parts of these sizes, unpacked."""
    layout = layout_of(str(path))
    parts, at = [], 0
    for number, size in enumerate(sizes):
        part = str(path.parent / f"{number}.rows{layout.suffix}")
        with open_rows(part, layout) as write:
            for row in rows[at : at + size]:
                write(row)
        parts.append(part)
        at += size
    join_rows(parts, str(path), layout)
    with open_bytes(str(path)) as stream:
        return stream.read()


def whole(path: Path, rows: list[dict[str, Any]]) -> bytes:
    with write_rows(plan_output(str(path))) as write:
        for row in rows:
            write(row)
    with open_bytes(str(path)) as stream:
        return stream.read()


@pytest.mark.parametrize("suffix", sorted(set(WRITERS) - {".parquet", ".arrow", ".feather"}))
@pytest.mark.parametrize("pack", PACKS)
def test_parts_make_the_same_as_one_file(tmp_path: Path, suffix: str, pack: str) -> None:
    """However the rows were cut into parts; a head stands once; no rows at all give a file, too."""
    one = whole(tmp_path / f"one{suffix}", ROWS)
    for sizes in ([4], [1, 0, 3], [2, 2]):
        assert written(tmp_path / f"o{suffix}{pack}", ROWS, sizes) == one
    assert written(tmp_path / f"none{suffix}{pack}", [], []) == whole(tmp_path / f"nothing{suffix}", [])


def test_parts_of_another_packing_are_packed_anew(tmp_path: Path) -> None:
    """A batch may keep its parts plain."""
    with open_rows(str(tmp_path / "0.jsonl"), Layout(".jsonl")) as write:
        write(ROWS[0])
    join_rows([str(tmp_path / "0.jsonl")], str(tmp_path / "o.jsonl.zst"), Layout(".jsonl"))
    with open_bytes(str(tmp_path / "o.jsonl.zst")) as stream:
        assert json.loads(stream.read()) == ROWS[0]


def test_every_column_of_an_article_is_known() -> None:
    """A new field of the article gets a column of its own."""
    told = clean(STORY).to_dict(include_removed=True, markdown=True)
    assert set(COLUMNS) == {"id", *told}


@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
def test_csv_holds_the_row(tmp_path: Path, suffix: str) -> None:
    """Every cell can be read back; no cell is a formula."""
    text = written(tmp_path / f"o{suffix}", ROWS, [2, 2]).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter="," if suffix == ".csv" else "\t"))
    assert [row["id"] for row in rows] == ["a", "'=b", "c\ufffd", "d"]
    assert rows[0]["body"] == ROWS[0]["body"]
    assert json.loads(rows[0]["removed"]) == ROWS[0]["removed"]
    assert [json.loads(row["extra"] or "null") for row in rows] == [
        {"kind": "news"}, {"n": 1.5}, None, {"extra": {"deep": [1, None]}},
    ]  # fmt: skip


@given(st.lists(st.text(max_size=8), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_csv_survives_any_text(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    """Line breaks of all kinds, quotes, NUL and tabs come back as they were, behind the guard."""
    path = tmp_path_factory.getbasetemp() / "any.csv"
    rows = [{"id": "x", "body": text} for text in texts]
    got = list(csv.DictReader(io.StringIO(whole(path, rows).decode(), newline="")))
    assert [
        row["body"].removeprefix("'") if row["body"][1:] == text else row["body"]
        for row, text in zip(got, texts, strict=True)
    ] == texts
    assert not any(row["body"].startswith(("=", "+", "-", "@", "\t", "\r")) for row in got)


@pytest.mark.parametrize("suffix", [".parquet", ".arrow", ".feather"])
def test_columns_hold_the_row(tmp_path: Path, suffix: str) -> None:
    """One schema, whatever comes first; many small parts become one large batch."""
    from pyarrow import feather, parquet

    path = tmp_path / f"o{suffix}"
    written(path, [{"id": "0", "body": ""}, *ROWS], [1, 0, 1, 3])
    table = parquet.read_table(path) if suffix == ".parquet" else feather.read_table(path)
    assert table.column_names == [*COLUMNS, "extra"]
    rows = table.to_pylist()
    assert [row["id"] for row in rows] == ["0", "a", "=b", "c\ufffd", "d"]
    assert rows[0]["title"] is rows[0]["removed"] is rows[0]["extra"] is None
    assert [{k: v for k, v in p.items() if v is not None} for p in rows[1]["removed"]] == ROWS[0]["removed"]
    assert rows[1]["body"] == ROWS[0]["body"]
    assert json.loads(rows[4]["extra"]) == {"extra": {"deep": [1, None]}}
    if suffix == ".parquet":
        assert parquet.ParquetFile(path).num_row_groups == 1


def test_dolma_document(tmp_path: Path) -> None:
    """The fields of its format; the spans of what was removed point into the source text."""
    (told, *_) = map(json.loads, written(tmp_path / "o.dolma.jsonl", ROWS, [4]).splitlines())
    assert list(told) == ["id", "text", "source", "metadata", "attributes"]
    assert (told["id"], told["text"], told["source"]) == ("a", ROWS[0]["body"], "cleaner")
    assert told["metadata"]["kind"] == "news"
    (start, end, score) = told["attributes"]["cleaner__removed_from_source__newsletter"][0]
    assert STORY[start:end].strip() == "Subscribe to our newsletter"
    assert 0 < score <= 1


def test_plain_text_and_markdown(tmp_path: Path) -> None:
    """A form feed ends a text, a rule a page."""
    rows = [{"id": "a", "body": "One.\n\nTwo.", "title": "T"}, {"id": "b", "body": "Three\f."}]
    assert written(tmp_path / "o.txt", rows, [1, 1]) == b"One.\n\nTwo.\n\f\nThree\n.\n\f\n"
    assert written(tmp_path / "o.md", rows, [2]) == b"# T\n\nOne.\n\nTwo.\n\n---\n\nThree\x0c.\n\n---\n\n"


def test_layout_travels() -> None:
    """It goes to workers."""
    layout = layout_of("s3://b/o.dolma.jsonl.gz")
    assert pickle.loads(pickle.dumps(layout)) == layout
    assert layout.form == ".dolma.jsonl"


def test_hostile_ids_arefile_names(tmp_path: Path) -> None:
    """Each row gets files of its own inside the folder, whatever its id."""
    with open_rows(str(tmp_path / "0.jsonl"), Layout()) as write:
        for ident in IDENTS:
            write({"id": ident, "body": ident[:3]})
    write_folder([str(tmp_path / "0.jsonl")], str(tmp_path / "out"))
    found = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert len({name.lower() for name in found}) == 2 * len(IDENTS)
    assert sorted(json.loads((tmp_path / "out" / n).read_text())["id"] for n in found if n.endswith(".json")) == sorted(
        IDENTS
    )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["0.jsonl", "out"]
    assert all(len(name.encode()) < 160 for name in found)
    assert folder.file_name("NUL", set()) == "_NUL"
