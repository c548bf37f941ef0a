"""Places: a local folder, memory behind an address and a real S3 protocol behave the same."""

from __future__ import annotations

import gzip
import importlib
import json
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from cleaner.cli import main
from cleaner.errors import InputError
from cleaner.io import remote, storage
from cleaner.io.files import ByteSink, Sink, open_bytes
from cleaner.io.find import find_sources
from cleaner.io.places import plan_output
from cleaner.io.readers import Dump, Fault, Keys, Source, read_source

STORY = "The river rose on Monday and the bridge was closed."


@pytest.fixture(params=["local", "file", "memory", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty folder on each kind of place."""
    if request.param == "s3":
        return f"{request.getfixturevalue('s3')}/{tmp_path.name}"
    return {"local": str(tmp_path), "file": f"file://{tmp_path}", "memory": f"memory://{tmp_path.name}"}[request.param]


def put(path: str, text: str) -> None:
    with Sink(path) as sink:
        sink.write(text)


def test_operations_are_the_same_everywhere(place: str) -> None:
    """What is written is there, whole, listed, told from its next version, and gone when it was removed."""
    path = storage.join(place, "a", "b.jsonl.gz")
    storage.make_folder(storage.parent(path))
    assert not storage.exists(path)
    put(path, STORY)
    assert storage.exists(path)
    first = storage.identity(path)
    assert storage.identity(path) == first
    assert storage.size(path) == len(gzip.compress(STORY.encode(), mtime=0))
    assert [name.rpartition("/")[2] for name in storage.list_files(place)] == ["b.jsonl.gz"]
    assert storage.is_folder(storage.join(place, "a"))
    assert storage.same(path, storage.list_files(place)[0])
    with open_bytes(path) as stream:
        assert stream.read().decode() == STORY
    put(path, STORY * 2)
    assert storage.identity(path) != first
    storage.remove(path)
    storage.remove(path)
    assert not storage.exists(path)
    assert storage.list_files(place) == []
    assert storage.size(path) is None
    assert storage.identity(path) == {"size": None, "version": None}
    storage.write_json(path, {"a": ["é"]})
    assert storage.read_json(path) == {"a": ["é"]}
    assert storage.names(place) == ["a"]
    assert storage.names(storage.join(place, "a")) == ["b.jsonl.gz"]
    storage.remove_tree(storage.join(place, "a"))
    storage.remove_tree(storage.join(place, "a"))
    assert storage.names(storage.join(place, "a")) == []
    assert storage.read_json(path) is None


def test_only_whole_files_appear(place: str) -> None:
    """While it is written and after an error, the file of an earlier run is what is there."""
    path = storage.join(place, "o.jsonl")
    put(path, "old")
    with pytest.raises(ZeroDivisionError), Sink(path) as sink:
        sink.write("half")
        with open_bytes(path) as stream:
            assert stream.read() == b"old"
        raise ZeroDivisionError
    with open_bytes(path) as stream:
        assert stream.read() == b"old"
    with ByteSink(path, drop_empty=True):
        pass
    assert not storage.exists(path)


def test_inputs_are_found_everywhere(place: str) -> None:
    """Folders, globs and files; ids are the names below the folder; hidden files and other kinds are passed over."""
    for name in ("in/b.txt", "in/a/c.html", "in/.git/x.txt", "in/rows.jsonl.gz", "in/pic.png"):
        put(storage.join(place, name), '{"text": "One."}\n' if "rows" in name else STORY)
    found = find_sources([storage.join(place, "in")]).sources
    assert [s.name for s in found] == ["a/c", "b", "rows.jsonl.gz"]
    records = [r for s in found for r in read_source(s, Keys())]
    assert [r.id for r in records] == ["a/c", "b", "rows.jsonl.gz:1"]
    assert all(isinstance(r, Dump) for r in records)
    assert [s.name for s in find_sources([storage.join(place, "in", "*.txt")]).sources] == ["b"]
    assert [s.name for s in find_sources([storage.join(place, "in/b.txt")] * 2).sources] == ["b"]
    with pytest.raises(InputError, match=r"no such file or folder"):
        find_sources([storage.join(place, "gone.txt")])


def test_output_is_never_an_input_anywhere(place: str) -> None:
    """What the run writes to is passed over in a search, and refused when it is named."""
    for name in ("d/a.txt", "d/o.jsonl", "d/out/b.txt"):
        put(storage.join(place, name), STORY)
    inputs = [storage.join(place, "d")]
    lines = find_sources(inputs, plan_output(storage.join(place, "d/o.jsonl")))
    assert [s.name for s in lines.sources] == ["a", "out/b"]
    assert len(lines.notes) == 1
    folder = find_sources(inputs, plan_output(storage.join(place, "d/out/")))
    assert [s.name for s in folder.sources] == ["a", "o.jsonl"]
    with pytest.raises(InputError, match="OUT is also an input"):
        find_sources([storage.join(place, "d/o.jsonl")], plan_output(storage.join(place, "d/o.jsonl")))


def test_a_run_from_place_to_place(place: str) -> None:
    """Rows and rejects land where they should. (Memory is not shared with the processes that clean.)"""
    if place.startswith("memory"):
        return
    put(storage.join(place, "in/a.txt"), STORY)
    put(storage.join(place, "in/b.txt"), " ")
    done = CliRunner().invoke(main, ["run", storage.join(place, "in"), "-o", storage.join(place, "o.jsonl.zst"), "-q"])
    assert done.exit_code == 1, done.output
    with open_bytes(storage.join(place, "o.jsonl.zst")) as stream:
        assert [json.loads(line)["id"] for line in stream] == ["a"]
    with open_bytes(storage.join(place, "o.rejects.jsonl")) as stream:
        assert [json.loads(line)["reason"] for line in stream] == ["empty"]
    done = CliRunner().invoke(main, ["run", storage.join(place, "in/a.txt"), "-o", storage.join(place, "f/"), "-q"])
    assert done.exit_code == 0, done.output
    assert [p.rpartition("/")[2] for p in storage.list_files(storage.join(place, "f"))] == [
        "a.json",
        "a.txt",
        "run.json",
    ]


def test_what_cannot_be_reached_says_so(s3: str) -> None:
    """A missing object is a fault of the batch; a missing bucket or an unknown store a message before it."""
    (fault,) = read_source(find_source(f"{s3}/x.jsonl"), Keys())
    assert isinstance(fault, Fault)
    with pytest.raises(InputError, match=r"cannot be written"):
        put("s3://no-such-bucket/o.jsonl", "x")
    with pytest.raises(InputError, match=r"nope://x/y.txt: no address that can be reached"):
        find_sources(["nope://x/y.txt"])


def find_source(path: str) -> Source:
    put(path, "x")
    (source,) = find_sources([path]).sources
    storage.remove(path)
    return source


def test_missing_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without fsspec the message tells what to install."""
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(InputError, match=r"article-cleaner\[remote\]"):
        remote.exists("memory://a")


@pytest.mark.parametrize(
    ("address", "modules", "package"),
    [
        ("s3://bucket/a", "s3fs", r"'article-cleaner\[s3\]'"),
        ("gs://bucket/a", "gcsfs", "gcsfs"),
        ("hf://datasets/a/b.parquet", "huggingface_hub", "huggingface_hub"),
        ("https://a.example/b.jsonl", "aiohttp", "aiohttp requests"),
        ("az://a/b", "adlfs", "adlfs"),
    ],
)
def test_missing_store_names_its_package(
    address: str, modules: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a store's own package the message tells what to install, before any dump is read."""
    scheme = address.partition(":")[0]
    registry = importlib.import_module("fsspec.registry")
    known = {name: found for name, found in registry._registry.items() if name != scheme}
    monkeypatch.setattr(registry, "_registry", known)
    monkeypatch.setattr(registry, "registry", known)
    for name in [modules, "fsspec.implementations.http", *sys.modules]:
        if name.partition(".")[0] == modules or name == "fsspec.implementations.http":
            monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(InputError, match=rf"{scheme}:// needs one more package: pip install {package}$"):
        find_sources([address])


def test_a_file_of_the_web(tmp_path: Path) -> None:
    """One file behind a web address, packed or not, is read like a local one; one that is not there is a reject."""
    (tmp_path / "rows.jsonl.gz").write_bytes(gzip.compress(json.dumps({"id": "a", "text": STORY}).encode()))
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        top = f"http://127.0.0.1:{server.server_port}"
        arguments = ["run", f"{top}/rows.jsonl.gz", "-o", str(tmp_path / "o.jsonl"), "-q"]
        done = CliRunner().invoke(main, arguments)
        gone = CliRunner().invoke(main, ["run", f"{top}/gone.jsonl", "-o", str(tmp_path / "g.jsonl"), "-q"])
        server.shutdown()
    assert done.exit_code == 0, done.output
    assert [json.loads(line)["body"] for line in (tmp_path / "o.jsonl").read_text("utf-8").splitlines()] == [STORY]
    assert gone.exit_code == 1, gone.output
    (reject,) = map(json.loads, (tmp_path / "g.rejects.jsonl").read_text("utf-8").splitlines())
    assert (reject["id"], reject["reason"]) == ("gone.jsonl", "unreadable")
