"""Rows out: JSON lines (plain, .gz, .zst, standard output) or a folder with two files an article."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cleaner.io.files import Sink, named
from cleaner.io.places import Output

__all__ = ["Write", "write_rejects", "write_rows"]

Write = Callable[[Mapping[str, Any]], None]

_UNSAFE = re.compile(r"[^\w.=+-]+")
_NAME_BYTES = 120
_RESERVED = frozenset(["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))])


@contextlib.contextmanager
def write_rows(output: Output) -> Iterator[Write]:
    """A function that writes one row to OUT; into a folder, beside the row its body as text, or as Markdown if it has
    the column `body_markdown`.
    """
    if output.kind == "folder":
        yield _folder_writer(Path(output.path))
        return
    with Sink(output.path) as sink:
        yield lambda row: sink.write(_json(row) + "\n")


@contextlib.contextmanager
def write_rejects(path: str) -> Iterator[Write]:
    """A function that writes one reject. A run without rejects leaves no file, and removes that of an earlier run."""
    with Sink(path, drop_empty=True) as sink:
        yield lambda row: sink.write(_json(row) + "\n")


def _folder_writer(folder: Path) -> Write:
    taken: set[str] = set()
    with named(str(folder)):
        folder.mkdir(parents=True, exist_ok=True)

    def write(row: Mapping[str, Any]) -> None:
        name = _file_name(str(row["id"]), taken)
        markdown = "body_markdown" in row
        body = str(row["body_markdown" if markdown else "body"])
        if markdown and row.get("title") and not body.startswith("# "):
            body = f"# {row['title']}\n\n{body}"
        with Sink(str(folder / f"{name}.json")) as sink:
            sink.write(_json(row, indent=1) + "\n")
        with Sink(str(folder / f"{name}.{'md' if markdown else 'txt'}")) as sink:
            sink.write(body + "\n")

    return write


def _json(row: Mapping[str, Any], indent: int | None = None) -> str:
    """A row as JSON. What JSON has no word for, NaN and the infinities, becomes null.

    >>> _json({"n": [1e999, 1.5]})
    '{"n": [null, 1.5]}'
    """
    try:
        return json.dumps(row, ensure_ascii=False, indent=indent, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(row), ensure_ascii=False, indent=indent)


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _file_name(ident: str, taken: set[str]) -> str:
    """A name that is safe on every file system and differs from all before it, also when case is ignored.

    >>> seen = set()
    >>> _file_name("../etc/passwd", seen), _file_name("_etc_passwd", seen)
    ('_etc_passwd', '_etc_passwd-2')
    """
    name = _UNSAFE.sub("_", ident).strip(".") or "dump"
    if len(name.encode()) > _NAME_BYTES:
        digest = hashlib.sha256(ident.encode("utf-8", "replace")).hexdigest()[:12]
        name = f"{name.encode()[: _NAME_BYTES - 13].decode('utf-8', 'ignore')}-{digest}"
    if name.split(".")[0].lower() in _RESERVED:
        name = f"_{name}"
    unique, count = name, 1
    while unique.lower() in taken:
        count += 1
        unique = f"{name}-{count}"
    taken.add(unique.lower())
    return unique


from dataclasses import dataclass
import shutil


@dataclass(frozen=True, slots=True)
class Layout:
    suffix: str = ".jsonl"


REJECTS = Layout(".jsonl")


@contextlib.contextmanager
def open_rows(path: str, layout: Layout) -> Iterator[Write]:
    with Sink(path) as sink:
        yield lambda row: sink.write(_json(row) + "\n")


def join_rows(parts: list[str], out: str, layout: Layout) -> None:
    Path(out).parent.mkdir(parents=True, exist_ok=True)
    with open(out + ".partial", "wb") as target:
        for part in parts:
            with open(part, "rb") as stream:
                shutil.copyfileobj(stream, target)
    Path(out + ".partial").replace(out)


def write_folder(parts: list[str], folder: str) -> None:
    """The articles of many parts as files of their own."""
    write = _folder_writer(Path(folder))
    for part in parts:
        with open(part, "rb") as stream:
            for line in stream:
                write(json.loads(line))
