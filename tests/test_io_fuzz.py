"""Whatever bytes a file holds: no reader raises, each ends, and windows give what one reading gives."""

from __future__ import annotations

import gzip
import io
import random
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner.io.compress import COMPRESSED, packer
from cleaner.io.readers import READERS, Dump, Fault, Keys, Limits, Record, Source, SourceReader
from tests.conftest import examples
from tests.io_files import http, make_tar, make_zip, warc, warc_record

LIMITS = Limits(dump=50_000, ratio=50, free=200_000)
PAGE = b"<html><body><p>The river rose.</p></body></html>"
FORMS = sorted(READERS)
MOST = 5_000  # records; no file of these sizes holds more


@cache
def sound(suffix: str) -> bytes:
    """A file of a format with nothing wrong."""
    lines = b'{"id": "a", "text": "One"}\n\n{"id": "a", "html": "<p>Two</p>", "n": [1, {"b": null}]}\n' * 4
    table = 'id,text,url\n1,"One\nline",https://x.org\n2,Zwei ü,\n3,"a ""b"" c",x\n'.encode() * 3
    members = {"a.txt": b"River", "b.html": PAGE, "../c.jsonl": lines, "d.csv.gz": gzip.compress(table), "e.bin": b"\0"}
    web = warc_record("warcinfo", b"x: y") + warc(
        [http(PAGE), http(gzip.compress(PAGE), more="Content-Encoding: gzip\r\n")]
    )
    web += warc([http(b"3\r\nabc\r\n0\r\n\r\n", "text/plain; charset=latin1", "Transfer-Encoding: chunked\r\n")] * 2)
    if suffix in (".parquet", ".arrow", ".feather"):
        return columns(suffix)
    if suffix.startswith(".t") and suffix not in (".txt", ".text", ".tsv"):
        return make_tar(members, suffix)
    simple = {
        ".jsonl": lines,
        ".ndjson": lines,
        ".csv": table,
        ".tsv": table.replace(b",", b"\t"),
        ".zip": make_zip(members),
    }
    return simple.get(suffix, web if suffix in (".warc", ".wet") else PAGE)


def columns(suffix: str) -> bytes:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import feather, parquet

    table = pa.table(
        {"id": ["a", "b", None, "d"], "text": ["One", None, "Drei", "x" * 500], "n": [[1], None, [], [2, 3]]}
    )
    held = io.BytesIO()
    if suffix == ".parquet":
        parquet.write_table(table, held, row_group_size=2)
    else:
        feather.write_feather(table, held, chunksize=2, compression="zstd" if suffix == ".arrow" else "uncompressed")
    return held.getvalue()


def mutated(data: bytes, seed: int, count: int) -> bytes:
    """A file with some bytes changed, lost, doubled or put in, or its end cut off."""
    rng, out = random.Random(seed), bytearray(data)
    for _ in range(count):
        at, kind = rng.randrange(len(out) + 1), rng.randrange(5)
        if kind == 0 and at < len(out):
            out[at] = rng.choice((0, 0xFF, rng.randrange(256), out[at] ^ (1 << rng.randrange(8))))
        elif kind == 1:
            del out[at : at + rng.randint(1, 40)]
        elif kind == 2:
            out[at:at] = rng.randbytes(rng.randint(1, 12))
        elif kind == 3:
            out[at:at] = out[at // 2 : at // 2 + rng.randint(1, 200)]
        elif rng.random() < 0.2:
            del out[at:]
    return bytes(out)


def pack(data: bytes, suffix: str) -> bytes:
    held = io.BytesIO()
    with packer(held, suffix) as stream:
        stream.write(data)
    return held.getvalue()


def check(path: Path, suffix: str, step: int) -> list[Record]:
    """Read a file whole and by windows; both must give the same, and no more than can be in it."""
    source = Source(str(path), suffix, path.name)
    with SourceReader(source, Keys(), LIMITS) as reader:
        whole = list(reader.read(0, MOST))
        assert reader.ended
        skipped = reader.skipped
    assert all(isinstance(record, (Dump, Fault)) and record.id for record in whole)
    assert sum(isinstance(r, Fault) and r.id == path.name for r in whole) <= 1
    pieces: list[Record] = []
    passed: Counter[str] = Counter()
    with SourceReader(source, Keys(), LIMITS) as reader:
        for first in range(0, MOST, step):
            pieces += reader.read(first, first + step)
            passed += reader.skipped
            if reader.ended:
                break
    assert pieces == whole
    assert passed == skipped
    return whole


@pytest.mark.parametrize("suffix", FORMS)
@pytest.mark.parametrize("outer", ["", *COMPRESSED])
def test_sound_files_have_no_fault(tmp_path: Path, suffix: str, outer: str) -> None:
    """The seeds of the fuzzing are what they should be."""
    if outer and READERS[suffix].seeks:
        return
    path = tmp_path / f"a{suffix}{outer}"
    path.write_bytes(pack(sound(suffix), outer))
    records = check(path, suffix, 2)
    wanted = {"wrong_type", "no_text_column", "bad_row"} if suffix in (".parquet", ".arrow", ".feather") else set()
    assert records
    assert {r.reason for r in records if isinstance(r, Fault)} <= wanted


@pytest.mark.parametrize("suffix", FORMS)
@given(data=st.binary(max_size=600), step=st.integers(1, 5))
@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, suffix: str, data: bytes, step: int) -> None:
    """Noise is dumps or faults."""
    path = tmp_path_factory.getbasetemp() / f"noise{suffix}"
    path.write_bytes(data)
    check(path, suffix, step)


@pytest.mark.parametrize("suffix", FORMS)
@given(seed=st.integers(0, 1 << 30), count=st.integers(1, 8), step=st.integers(1, 5))
@settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
def test_damaged_files(tmp_path_factory: pytest.TempPathFactory, suffix: str, seed: int, count: int, step: int) -> None:
    """A file of the format with some damage."""
    path = tmp_path_factory.getbasetemp() / f"damaged{suffix}"
    path.write_bytes(mutated(sound(suffix), seed, count))
    check(path, suffix, step)


@pytest.mark.parametrize("outer", list(COMPRESSED))
@given(
    seed=st.integers(0, 1 << 30), count=st.integers(1, 4), suffix=st.sampled_from([".jsonl", ".csv", ".warc", ".tar"])
)
@settings(max_examples=examples(50), deadline=None, suppress_health_check=list(HealthCheck))
def test_damaged_packing(
    tmp_path_factory: pytest.TempPathFactory, outer: str, seed: int, count: int, suffix: str
) -> None:
    """A packed file with some damage."""
    path = tmp_path_factory.getbasetemp() / f"packed{suffix}{outer}"
    path.write_bytes(mutated(pack(sound(suffix), outer), seed, count))
    check(path, suffix, 3)
