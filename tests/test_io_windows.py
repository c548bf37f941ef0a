"""Windows of a source: they tile it, whatever their size and order, and a break is told once."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.io.readers import Dump, Fault, Keys, Limits, Record, Source, SourceReader, read_source

KEYS = Keys()


def rows(path: Path, count: int, compress: bool = False, cut: int = 0) -> Source:
    lines = "".join(json.dumps({"text": f"River {n} rose."}) + "\n" + "\n" * (n % 3 == 0) for n in range(count))
    data = gzip.compress(lines.encode(), mtime=0) if compress else lines.encode()
    path.write_bytes(data[: len(data) - cut] if cut else data)
    return Source(str(path), ".jsonl", path.name)


def tiles(source: Source, step: int, most: int = 100) -> list[Record]:
    """What windows of `step` dumps give, in order, from one open reader."""
    found: list[Record] = []
    with SourceReader(source, KEYS) as reader:
        for first in range(0, most, step):
            found += reader.read(first, first + step)
            if reader.ended:
                break
    return found


def test_windows_tile_a_source(tmp_path: Path) -> None:
    """Windows of any size give together what one reading gives, with the same ids: line numbers."""
    source = rows(tmp_path / "a.jsonl", 10)
    whole = list(read_source(source, KEYS))
    assert [r.id for r in whole][:4] == ["a.jsonl:1", "a.jsonl:3", "a.jsonl:4", "a.jsonl:5"]
    for step in (1, 3, 7, 10, 11):
        assert tiles(source, step) == whole
        assert [r for n in range(0, 20, step) for r in read_source(source, KEYS, n, n + step)] == whole


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=8))
@settings(max_examples=40, deadline=None)
def test_windows_in_any_order(tmp_path_factory: pytest.TempPathFactory, windows: list[tuple[int, int]]) -> None:
    """One reader gives each window its dumps, whether it lies ahead or behind, or overlaps what was read."""
    source = rows(tmp_path_factory.getbasetemp() / "any.jsonl.gz", 9, compress=True)
    whole = list(read_source(source, KEYS))
    with SourceReader(source, KEYS) as reader:
        for first, last in windows:
            assert list(reader.read(first, last)) == whole[first:last]


@pytest.mark.parametrize("step", [1, 2, 5, 100])
def test_a_break_is_told_once(tmp_path: Path, step: int) -> None:
    """Only the window that a damaged file breaks in has the fault; windows beyond are empty."""
    source = rows(tmp_path / "a.jsonl.gz", 40, compress=True, cut=30)
    whole = list(read_source(source, KEYS))
    assert [type(r) for r in whole] == [Dump] * (len(whole) - 1) + [Fault]
    assert tiles(source, step) == whole
    assert [r for n in range(0, 200, step) for r in read_source(source, KEYS, n, n + step)] == whole


def test_missing_file_is_one_fault(tmp_path: Path) -> None:
    """The first window tells it, no other."""
    source = Source(str(tmp_path / "gone.jsonl"), ".jsonl", "gone.jsonl")
    assert [r.id for r in read_source(source, KEYS, 0, 1)] == ["gone.jsonl"]
    assert list(read_source(source, KEYS, 1, 5)) == []


def test_end_is_known_when_it_was_seen(tmp_path: Path) -> None:
    """`ended` is about the last window; one that stops at the last dump has not looked beyond."""
    with SourceReader(rows(tmp_path / "a.jsonl", 4), KEYS) as reader:
        for first, last, count, ended in ((0, 4, 4, False), (4, 8, 0, True), (0, 3, 3, False), (3, 5, 1, True)):
            assert (len(list(reader.read(first, last))), reader.ended) == (count, ended)


def test_a_skipped_dump_is_not_parsed(tmp_path: Path) -> None:
    """Skipping costs no parsing: a line that is no JSON goes by, and the file is opened once for rising windows."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"broken\n{"text": "River"}\n')
    source = Source(str(path), ".jsonl", "a.jsonl")
    with SourceReader(source, KEYS) as reader:
        assert [type(r) for r in reader.read(1, 2)] == [Dump]
        path.unlink()  # the stream is open: what follows needs no second look at the path
        assert list(reader.read(2, 3)) == []


def test_line_over_the_limit_is_passed_over(tmp_path: Path) -> None:
    """It is a fault of its own, and the rest of the file is read."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "One"}\n{"text": "' + b"x" * 3_000_000 + b'"}\n{"text": "Two"}\n' + b"y" * 200)
    with SourceReader(Source(str(path), ".jsonl", "a"), KEYS, Limits(dump=100)) as reader:
        found = [(r.id, r.reason if isinstance(r, Fault) else r.raw) for r in reader.read()]
    assert found == [("a:1", "One"), ("a:2", "oversize"), ("a:3", "Two"), ("a:4", "oversize")]
