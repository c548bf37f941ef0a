"""A folder of articles: two files each, called after its id."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from cleaner.io.files import Sink, named, open_bytes
from cleaner.io.jsons import to_json
from cleaner.io.layouts import Write
from cleaner.io.storage import join, make_folder
from cleaner.io.textual import to_page

__all__ = ["file_name", "folder_writer", "write_folder"]

_UNSAFE = re.compile(r"[^\w.=+-]+")
_NAME_BYTES = 120
_RESERVED = frozenset(["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))])


def write_folder(parts: Sequence[str], folder: str) -> None:
    """The articles of many parts in JSON lines as files of their own. Done again, it gives the same again."""
    write = folder_writer(folder)
    for part in parts:
        with open_bytes(part) as stream:
            for line in stream:
                write(json.loads(line))


def folder_writer(folder: str) -> Write:
    """A function that writes one row into a folder: as `NAME.json`, and its body as `NAME.txt`, or as `NAME.md` if it
    has the column `body_markdown`."""
    taken: set[str] = set()
    with named(folder):
        make_folder(folder)

    def write(row: Mapping[str, Any]) -> None:
        name = file_name(str(row["id"]), taken)
        markdown = "body_markdown" in row
        with Sink(join(folder, f"{name}.json")) as sink:
            sink.write(to_json(row, indent=1) + "\n")
        with Sink(join(folder, f"{name}.{'md' if markdown else 'txt'}")) as sink:
            sink.write(to_page(row) if markdown else f"{row['body']}\n")

    return write


def file_name(ident: str, taken: set[str]) -> str:
    """A name that is safe on every file system and differs from all before it, also when case is ignored.

    >>> seen = set()
    >>> file_name("../etc/passwd", seen), file_name("_etc_passwd", seen)
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
