"""Rows out: JSON lines (plain, .gz, .zst, standard output) or a folder with two files an article."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cleaner.errors import InputError
from cleaner.io.files import bare_suffix, write_text

__all__ = ["Write", "open_output", "rejects_path"]

Write = Callable[[Mapping[str, Any]], None]

_UNSAFE = re.compile(r"[^\w.=+-]+")
_NAME_BYTES = 120
_RESERVED = frozenset(["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))])


def open_output(out: str, text_as: str = "txt") -> contextlib.AbstractContextManager[Write]:
    """A function that writes one row, for the place `out`: a `.jsonl` file, `-`, or a folder.

    `text_as` ("txt" or "md") is the second file of an article in a folder. Raises `InputError` for a place that is
    neither.
    """
    if out == "-" or bare_suffix(out) in (".jsonl", ".ndjson"):
        return _jsonl(out)
    if Path(out).suffix and not Path(out).is_dir():
        raise InputError(f"{out}: write to a name that ends in .jsonl (or .jsonl.gz, .jsonl.zst), to a folder, or to -")
    return _folder(Path(out), text_as)


def rejects_path(out: str) -> str | None:
    """Where the rejects of an output go when nothing else is said; None with standard output."""
    if out == "-":
        return None
    if bare_suffix(out) in (".jsonl", ".ndjson"):
        name = Path(out)
        return str(name.with_name(name.name.split(".jsonl")[0].split(".ndjson")[0] + ".rejects.jsonl"))
    return str(Path(out) / "rejects.jsonl")


@contextlib.contextmanager
def _jsonl(path: str) -> Iterator[Write]:
    with write_text(path) as stream:

        def write(row: Mapping[str, Any]) -> None:
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")

        yield write


@contextlib.contextmanager
def _folder(folder: Path, text_as: str) -> Iterator[Write]:
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()

    def write(row: Mapping[str, Any]) -> None:
        name = _file_name(str(row["id"]), taken)
        body = str(row["body"])
        if text_as == "md" and row.get("title"):
            body = f"# {row['title']}\n\n{body}"
        with write_text(str(folder / f"{name}.json")) as stream:
            stream.write(json.dumps(row, ensure_ascii=False, indent=1) + "\n")
        with write_text(str(folder / f"{name}.{text_as}")) as stream:
            stream.write(body + "\n")

    yield write


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
