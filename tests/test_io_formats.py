"""Formats of input: each gives the dumps that are in it, with their ids, addresses and columns."""

from __future__ import annotations

import bz2
import datetime
import gzip
import io
import json
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from cleaner import clean
from cleaner.errors import InputError
from cleaner.io import extras
from cleaner.io.find import find_sources
from cleaner.io.readers import Dump, Fault, Keys, Limits, Record, Source, SourceReader, read_source
from tests.io_files import http, make_tar, make_zip, warc, warc_record

PAGE = b"<html><body><p>The river rose.</p></body></html>"


def read(path: Path, data: bytes | None = None, keys: Keys | None = None, limits: Limits | None = None) -> list[Record]:
    if data is not None:
        path.write_bytes(data)
    (source,) = find_sources([str(path)]).sources
    with SourceReader(source, keys or Keys(), limits) as reader:
        return list(reader.read())


def told(records: list[Record]) -> list[tuple[str, Any]]:
    return [(r.id, r.raw if isinstance(r, Dump) else r.reason) for r in records]


PACKED: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": zstandard.ZstdCompressor().compress,
}  # fmt: skip


@pytest.mark.parametrize("suffix", PACKED)
def test_packed_files(tmp_path: Path, suffix: str) -> None:
    """Parts that follow each other are one file; one that is cut off gives its lines, then one fault."""
    pack = PACKED[suffix]
    lines = [f'{{"text": "River {n}"}}\n'.encode() for n in range(2)]
    path = tmp_path / f"a.jsonl{suffix}"
    assert told(read(path, b"".join(map(pack, lines)))) == [
        (f"a.jsonl{suffix}:1", "River 0"), (f"a.jsonl{suffix}:2", "River 1"),
    ]  # fmt: skip
    whole = pack(lines[0]) + pack(lines[1] * 3)
    for cut in (1, 3, 8, 10):
        records = read(path, whole[:-cut])
        assert records[0] == read(path, whole)[0]
        assert [r.reason for r in records if isinstance(r, Fault)] == ["unreadable"], cut
    records = read(path, pack(lines[0]) + b"no such thing")
    assert told(records)[0][1] == "River 0"
    assert told(records)[1:] == [(f"a.jsonl{suffix}", "unreadable")]


@pytest.mark.parametrize("suffix", PACKED)
def test_bombs_end(tmp_path: Path, suffix: str) -> None:
    """Some kilobytes that unpack to a gigabyte are a fault of their own, in the memory of a chunk."""
    raw = b"\0" * 4_000_000
    bomb = PACKED[suffix](raw)
    limits = Limits(dump=100_000, ratio=10, free=200_000)
    assert [r.reason for r in read(tmp_path / f"a.txt{suffix}", bomb, limits=limits) if isinstance(r, Fault)] == [
        "oversize"
    ]
    assert [r.reason for r in read(tmp_path / f"a.jsonl{suffix}", bomb, limits=limits) if isinstance(r, Fault)] == [
        "oversize"
    ]
    good = PACKED[suffix](b'{"text": "River"}\n' * 100)
    assert len(read(tmp_path / f"b.jsonl{suffix}", good, limits=limits)) == 100


@pytest.mark.parametrize("encode", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv(tmp_path: Path, encode: str, separator: str) -> None:
    """A header, cells over many lines, blank lines, a mark or none, the separator that the header has."""
    text = 'id,url,text,kind\n1,https://x.org/a,"The ""river""\nrose, twice",news\n\n2,,Café,\n3,short\n,,Last,\n'
    rows = text.replace(",", separator).replace(f"rose{separator} twice", "rose, twice")
    records = read(tmp_path / ("a.tsv" if separator == "\t" else "a.csv"), rows.encode(encode))
    name = records[2].id.partition(":")[0]
    assert told(records) == [
        ("1", 'The "river"\nrose, twice'), ("2", "Café"), (f"{name}:6", "bad_row"), (f"{name}:7", "Last"),
    ]  # fmt: skip
    assert isinstance(records[0], Dump)
    assert (records[0].url, records[0].extra) == ("https://x.org/a", {"url": "https://x.org/a", "kind": "news"})


def test_csv_of_unknown_bytes(tmp_path: Path) -> None:
    """A text that is no UTF-8 reaches the cleaning as its bytes; NUL, a huge cell and a lost quotation mark pass."""
    body = "Die Brücke über den Fluss wurde am Montag für längere Zeit gesperrt."
    (record,) = read(tmp_path / "a.csv", f"id,text,müll\nä,{body},ö\n".encode("cp1252"))
    assert isinstance(record, Dump)
    assert (record.id, record.raw, record.extra) == ("ä", body.encode("cp1252"), {"müll": "ö"})
    assert clean(record.raw, source_format="text").body == body
    assert told(read(tmp_path / "b.csv", b"id,text\n1,a\0b\n2," + b"x" * 300_000 + b"\n")) == [
        ("1", "a\0b"), ("2", "x" * 300_000),
    ]  # fmt: skip
    lost = b'id,text\n1,one\n2,"' + b"two\n3,three\n" * 50 + b"4,four\n"
    assert told(read(tmp_path / "c.csv", lost, limits=Limits(dump=100)))[:2] == [("1", "one"), ("c.csv:3", "oversize")]
    assert told(read(tmp_path / "c.csv", lost, limits=Limits(dump=100)))[-1] == ("4", "four")
    assert told(read(tmp_path / "d.csv", b"")) == []


@pytest.mark.parametrize("suffix", [".parquet", ".arrow", ".feather"])
def test_columns(tmp_path: Path, suffix: str) -> None:
    """Rows of all types; times, bytes and decimals become what JSON has."""
    pa = pytest.importorskip("pyarrow")
    from pyarrow import feather, parquet

    table = pa.table({
        "doc_id": pa.array([7, 8, 9]), "html": pa.array(["<p>One</p>", None, "<p>Three</p>"]),
        "content": pa.array([None, b"Two \xe9", None], pa.binary()), "crawled": pa.array([datetime.datetime(2025, 1, 2)] * 3),
        "more": pa.array([{"a": [b"x"]}, None, None]), "url": pa.array(["https://x.org", None, ""]),
    })  # fmt: skip
    path = tmp_path / f"a{suffix}"
    if suffix == ".parquet":
        parquet.write_table(table, path, row_group_size=2)
    else:
        feather.write_feather(table, str(path), chunksize=2)
    records = read(path)
    assert told(records) == [("7", "<p>One</p>"), ("8", b"Two \xe9"), ("9", "<p>Three</p>")]
    assert isinstance(records[0], Dump)
    assert records[0].url == "https://x.org"
    assert json.loads(json.dumps(dict(records[0].extra))) == {
        "content": None, "crawled": "2025-01-02T00:00:00", "more": {"a": ["x"]}, "url": "https://x.org",
    }  # fmt: skip
    assert told(read(path, keys=Keys(text="crawled")))[0][1] == "wrong_type"
    (source,) = find_sources([str(path)]).sources
    assert told(list(read_source(source, Keys(), 2, 3))) == [("9", "<p>Three</p>")]


def test_groups_that_are_not_wanted_are_not_decoded(tmp_path: Path) -> None:
    """A row group with damaged data costs its own rows, and nobody who does not want them."""
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "a.parquet"
    rows = [f"River {n} rose and fell." for n in range(40)]
    parquet.write_table(pa.table({"text": rows}), path, row_group_size=10, compression="gzip", use_dictionary=False)
    about = parquet.ParquetFile(path).metadata.row_group(1).column(0)
    data = bytearray(path.read_bytes())
    for at in range(about.data_page_offset + 5, about.data_page_offset + about.total_compressed_size):
        data[at] ^= 0x55
    records = read(path, bytes(data))
    assert [type(r) for r in records] == [Dump] * 10 + [Fault] * 10 + [Dump] * 20
    assert [r.id for r in records] == [f"a.parquet:{n}" for n in range(1, 41)]
    (source,) = find_sources([str(path)]).sources
    assert list(read_source(source, Keys(), 15, 25)) == records[15:25]


def test_a_string_that_all_rows_share_is_held_once(tmp_path: Path) -> None:
    """A small file of large equal texts is read in little memory."""
    pa = pytest.importorskip("pyarrow")
    import tracemalloc

    from pyarrow import parquet

    path = tmp_path / "a.parquet"
    text = "x" * 2_000_000
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 2000, pa.int32()), pa.array([text]))
    parquet.write_table(pa.table({"text": column}), path, compression="zstd", store_schema=False)
    assert path.stat().st_size < 50_000
    before = pa.total_allocated_bytes()
    tracemalloc.start()
    (source,) = find_sources([str(path)]).sources
    assert [len(r.raw) for r in read_source(source, Keys(), 0, 3) if isinstance(r, Dump)] == [2_000_000] * 3
    assert tracemalloc.get_traced_memory()[1] < 40_000_000
    tracemalloc.stop()
    assert pa.default_memory_pool().max_memory() - before < 200_000_000


def test_web_archive(tmp_path: Path) -> None:
    """Pages and texts are dumps with id, address and time; all other records are skipped and counted."""
    records = [
        warc_record("warcinfo", b"software: x", "application/warc-fields"),
        warc_record("request", b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request"),
        warc_record("response", http(PAGE), number=1),
        warc_record("response", http(gzip.compress(PAGE), more="Content-Encoding: gzip\r\n"), number=2),
        warc_record("response", http(zlib.compress(PAGE), more="Content-Encoding: deflate\r\n"), number=3),
        warc_record("response", http(PAGE, more="Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"), number=4),
        warc_record("response", http(b"5\r\nRiver\r\n3\r\n fell\r\n0\r\n\r\n"[:-9] + b"ell\r\n0\r\n\r\n", "text/plain", "Transfer-Encoding: chunked\r\n"), number=5),
        warc_record("response", http(b"\x89PNG", "image/png"), number=6),
        warc_record("response", http(PAGE, status="404 Not Found"), number=7),
        warc_record("revisit", http(b""), number=8),
        warc_record("response", http(gzip.compress(PAGE)[:-9], more="Content-Encoding: gzip\r\n"), number=9),
        warc_record("conversion", "Łódź".encode(), "text/plain", number=10),
        warc_record("metadata", b"a: b", "application/warc-fields", number=11),
    ]  # fmt: skip
    wanted = [
        ("urn:uuid:1", PAGE), ("urn:uuid:2", PAGE), ("urn:uuid:3", PAGE), ("urn:uuid:4", PAGE), ("urn:uuid:5", b"River fell"[:5] + b" fe"[:3]),
        ("urn:uuid:9", "unreadable"), ("urn:uuid:10", "Łódź".encode()),
    ]  # fmt: skip
    for name, data in (("a.warc", b"".join(records)), ("a.warc.gz", b"".join(map(gzip.compress, records)))):
        found = read(tmp_path / name, data)
        assert [(i, w) for i, w in told(found) if i != "urn:uuid:5"] == [(i, w) for i, w in wanted if i != "urn:uuid:5"]
        first = found[0]
        assert isinstance(first, Dump)
        assert (first.url, first.source_format, first.extra) == (
            "https://example.org/1", "html", {"warc_date": "2025-03-04T05:06:07Z"},
        )  # fmt: skip
        (source,) = find_sources([str(tmp_path / name)]).sources
        skipped = {"warcinfo": 1, "request": 1, "no_text": 1, "http_status": 1, "revisit": 1, "metadata": 1}
        for step in (1, 2, 3, 50):
            with SourceReader(source, Keys()) as reader:
                total: dict[str, int] = {}
                for at in range(0, 12, step):
                    list(reader.read(at, at + step))
                    total = {k: total.get(k, 0) + reader.skipped[k] for k in {*total, *reader.skipped}}
                assert total == skipped


@pytest.mark.parametrize(
    ("raw", "charset", "text"),
    [
        ("Łódź nad rzeką".encode("iso-8859-2"), "iso-8859-2", "Łódź nad rzeką"),
        ("Łódź nad rzeką".encode(), "iso-8859-2", "Łódź nad rzeką"),
        ("Łódź nad rzeką".encode("utf-16"), "iso-8859-2", "Łódź nad rzeką"),
        ("It’s “late”".encode("cp1252"), "ISO-8859-1", "It’s “late”"),
        ("Ça été".encode("cp1252"), "utf-8", "Ça été"),
        ("Ça été".encode("cp1252"), "nonsense", "Ça été"),
        ("Ça été".encode("cp1252"), "hex", "Ça été"),
    ],
)
def test_charset_of_the_header(tmp_path: Path, raw: bytes, charset: str, text: str) -> None:
    """It decides only where the page does not say what it is; a wrong one is no harm."""
    (record,) = read(tmp_path / "a.warc", warc([http(raw, f"text/plain; charset={charset}")]))
    assert isinstance(record, Dump)
    assert clean(record.raw, source_format="text").source_text == text


def test_page_says_its_own_charset(tmp_path: Path) -> None:
    """A declaration in the page goes before that of the header."""
    page = '<html><head><meta charset="iso-8859-2"></head><body><p>Łódź nad rzeką Ner w południe</p></body></html>'
    (record,) = read(tmp_path / "a.warc", warc([http(page.encode("iso-8859-2"), "text/html; charset=iso-8859-1")]))
    assert isinstance(record, Dump)
    assert "Łódź nad rzeką" in clean(record.raw).body


def test_cut_web_archive(tmp_path: Path) -> None:
    """A record that is cut off is one fault, plain or packed; what is before it is read."""
    data = warc([http(PAGE), http(PAGE * 50)])
    assert told(read(tmp_path / "a.warc", data[:-40])) == [("urn:uuid:1", PAGE), ("a.warc", "unreadable")]
    packed = gzip.compress(warc([http(PAGE)])) + gzip.compress(data)
    assert told(read(tmp_path / "a.warc.gz", packed[:-20])) == [
        ("urn:uuid:1", PAGE), ("urn:uuid:1", PAGE), ("a.warc.gz", "unreadable"),
    ]  # fmt: skip
    big = warc([http(PAGE * 9), http(PAGE)])
    assert [w for _, w in told(read(tmp_path / "b.warc", big, limits=Limits(dump=400)))] == ["oversize", PAGE]
    bomb = warc([http(gzip.compress(b"x" * 9_000_000), more="Content-Encoding: gzip\r\n")])
    assert [w for _, w in told(read(tmp_path / "c.warc", bomb, limits=Limits(dump=20_000)))] == ["oversize"]


MEMBERS = {
    "a/one.html": PAGE, "two.txt": b"River", "rows.jsonl.gz": gzip.compress(b'{"text": "x"}\n\n{"text": "y"}\n'),
    "../../up.txt": b"Up", "pic.png": b"\x89PNG", ".hidden/h.txt": b"h", "__MACOSX/._two.txt": b"m", "in.zip": b"PK",
    "bad.txt.gz": b"\x1f\x8bno", "t.csv": b"id,text\n1,one\n", "p.warc": warc([http(PAGE)]),
}  # fmt: skip


@pytest.mark.parametrize(
    "suffix", [".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst"]
)
def test_archives(tmp_path: Path, suffix: str) -> None:
    """Members are read by their suffixes, under their names; one that is damaged is a fault; nothing is unpacked."""
    path = tmp_path / f"c{suffix}"
    path.write_bytes(make_zip(MEMBERS) if suffix == ".zip" else make_tar(MEMBERS, suffix))
    records = read(path)
    name = path.name
    assert told(records) == [
        (f"{name}:a/one.html", PAGE), (f"{name}:two.txt", b"River"), (f"{name}:rows.jsonl.gz:1", "x"),
        (f"{name}:rows.jsonl.gz:3", "y"), (f"{name}:../../up.txt", b"Up"), (f"{name}:bad.txt.gz", "unreadable"),
        ("1", "one"), ("urn:uuid:1", PAGE),
    ]  # fmt: skip
    (source,) = find_sources([str(path)]).sources
    for step in (1, 3):
        with SourceReader(source, Keys()) as reader:
            assert [r for n in range(0, 9, step) for r in reader.read(n, n + step)] == records
            assert sum(reader.skipped.values()) in (0, 4)
    with SourceReader(source, Keys()) as reader:
        list(reader.read())
        assert reader.skipped == {"other_file": 4}
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_names_that_stand_twice(tmp_path: Path) -> None:
    """The second member of a name has an id of its own."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        for text in (b"one", b"two"):
            info = tarfile.TarInfo("a.txt")
            info.size = 3
            archive.addfile(info, io.BytesIO(text))
        link = tarfile.TarInfo("b.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert told(read(tmp_path / "a.tar", held.getvalue())) == [("a.tar:a.txt", b"one"), ("a.tar:a.txt#2", b"two")]


def test_damaged_archives(tmp_path: Path) -> None:
    """An encrypted, a damaged, a huge member; a cut and a broken archive: each is one fault, the rest is read."""
    data = bytearray(make_zip({"a.txt": b"River " * 50, "b.txt": b"Bridge", "c.txt": b"x" * 5000}))
    data[40] ^= 0xFF
    limits = Limits(dump=1000)
    assert [w for _, w in told(read(tmp_path / "a.zip", bytes(data), limits=limits))] == [
        "unreadable",
        b"Bridge",
        "oversize",
    ]
    locked = bytearray(make_zip({"a.txt": b"River"}))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert told(read(tmp_path / "b.zip", bytes(locked))) == [("b.zip:a.txt", "unreadable")]
    assert told(read(tmp_path / "c.zip", b"PK\x03\x04 no")) == [("c.zip", "unreadable")]
    members = {f"{n}.txt": bytes([65 + n]) * 3000 for n in range(4)}
    plain, packed = make_tar(members, ".tar"), make_tar(members, ".tar.gz")
    for name, cut in (("d.tar", plain[:9000]), ("e.tar", plain[: 512 * 7]), ("f.tar.gz", packed[:-30])):
        found = told(read(tmp_path / name, cut))
        assert found[-1] == (name, "unreadable"), name
        assert [w for _, w in found].count("unreadable") == 1
    broken = bytearray(plain)
    broken[512 * 7 + 150] ^= 0xFF
    assert [w for _, w in told(read(tmp_path / "g.tar", bytes(broken)))] == [b"A" * 3000, "unreadable"]


def test_zip_bomb(tmp_path: Path) -> None:
    """What a member grows to is bounded, for a whole file and for lines."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a.txt", "b.jsonl", "c.txt"):
            archive.writestr(name, b"\n" * 3_000_000 if name == "b.jsonl" else b"0" * 3_000_000)
        archive.writestr("d.txt", b"River")
    limits = Limits(dump=100_000, ratio=10, free=200_000)
    assert [w for _, w in told(read(tmp_path / "a.zip", held.getvalue(), limits=limits))] == ["oversize"] * 3 + [
        b"River"
    ]


@pytest.mark.parametrize(("name", "extra"), [("a.parquet", "parquet"), ("a.warc.gz", "warc"), ("a.feather", "parquet")])
def test_missing_package_is_told_at_once(
    tmp_path: Path, name: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before any dump is read, with what to install."""
    (tmp_path / name).write_bytes(b"")
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    with pytest.raises(InputError, match=rf"article-cleaner\[{extra}\]"):
        find_sources([str(tmp_path)])


def test_lines_that_are_not_rows(tmp_path: Path) -> None:
    """Bad JSON, a list, a wrong type, no text: a fault each; equal ids, NUL and lone surrogates pass."""
    lines = [
        b'{"text": ', b"[1]", b'{"text": 5}', b'{"kind": "x"}', b"\xff\xfe{", b'{"id": "../x", "text": "a\\u0000b"}',
        b'{"id": "../x", "text": "\\ud800"}', b'"' + b"[" * 100_000,
    ]  # fmt: skip
    assert [w for _, w in told(read(tmp_path / "a.jsonl", b"\n".join(lines)))] == [
        "bad_json", "bad_json", "wrong_type", "no_text_column", "bad_json", "a\0b", "\ud800", "bad_json",
    ]  # fmt: skip


def test_utf16_text_without_a_mark(tmp_path: Path) -> None:
    """A file of text reaches the cleaning as it is."""
    (record,) = read(tmp_path / "a.txt", "The river rose on Monday.".encode("utf-16-le"))
    assert isinstance(record, Dump)
    assert clean(record.raw).body == "The river rose on Monday."


def test_sources_may_be_made_by_hand(tmp_path: Path) -> None:
    """The suffix that a source names chooses the reader, not its path."""
    (tmp_path / "data").write_bytes(b"text\nOne\n")
    assert told(list(read_source(Source(str(tmp_path / "data"), ".csv", "x"), Keys()))) == [("x:2", "One")]
