"""What a batch asks of a place, the same for a local path, a `file://` path and an address behind fsspec.

Long files are read and written with `open_bytes`, `Sink` and `ByteSink` of `cleaner.io.files`. OSErrors are let
through: the caller knows what it was about.
"""

from __future__ import annotations

import contextlib
import json
import os
import posixpath
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from cleaner.io import remote
from cleaner.io.files import ByteSink, is_folder, local, sync_folder
from cleaner.io.remote import is_remote

__all__ = [
    "absolute", "create", "exists", "identity", "is_folder", "is_remote", "join", "list_files", "make_folder", "names", "open_read", "parent",
    "read_json", "remove", "remove_tree", "same", "size", "write_bytes", "write_json",
]  # fmt: skip

_TRIES = 4  # readings of an object that others may replace


def absolute(path: str) -> str:
    """A local path from the root on; an address as it is."""
    return path if is_remote(path) else str(Path(local(path)).absolute())


def exists(path: str) -> bool:
    return remote.exists(path) if is_remote(path) else os.path.lexists(local(path))


def size(path: str) -> int | None:
    """Bytes of a file; None where none is, or nobody knows."""
    try:
        return remote.size(path) if is_remote(path) else Path(local(path)).stat().st_size
    except (OSError, ValueError):
        return None


def identity(path: str) -> dict[str, Any]:
    """What changes when a file does: its `size`, and its `version`, the time of a local file in nanoseconds, the digest,
    version or time that a store gives. None of both where no file is.
    """
    try:
        if is_remote(path):
            return remote.identity(path)
        found = Path(local(path)).stat()
    except (OSError, ValueError):
        return {"size": None, "version": None}
    return {"size": found.st_size, "version": str(found.st_mtime_ns)}


def open_read(path: str) -> IO[bytes]:
    """The bytes of a file as they are, not unpacked."""
    return remote.open_read(path) if is_remote(path) else open(local(path), "rb")


def write_bytes(path: str, data: bytes) -> None:
    """Write a small file, which appears as a whole. Raises `InputError` where that cannot be."""
    with ByteSink(path, pack=False) as sink:
        sink.put(data)


def create(path: str, data: bytes) -> bool:
    """Write a small object behind an address unless one is there; whether it was written.

    S3 sees to it that only one of many who try at once succeeds; some other stores look first, then write.
    """
    return remote.create(path, data)


def read_json(path: str) -> Any:
    """What a file of JSON holds; None where none is. Raises ValueError for a damaged one."""
    for left in reversed(range(_TRIES)):
        if not exists(path):
            return None
        try:
            with open_read(path) as stream:
                return json.loads(stream.read())
        except OSError:  # an object that was replaced between its opening and its reading
            if not left or not is_remote(path):
                raise
    return None


def write_json(path: str, told: Mapping[str, Any]) -> None:
    """Write a small file of JSON."""
    write_bytes(path, (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace"))


def names(folder: str) -> list[str]:
    """The names of what stands in a folder, sorted; none where no folder is."""
    if is_remote(folder):
        return remote.names(folder)
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        return sorted(entry.name for entry in Path(local(folder)).iterdir())
    return []


def list_files(folder: str) -> list[str]:
    """The files below a folder, at any depth, hidden ones too, sorted; none where no folder is."""
    if is_remote(folder):
        return remote.find(folder) if remote.is_folder(folder) else []
    top = local(folder)
    return sorted(str(Path(where, name)) for where, _, found in os.walk(top) for name in found)


def remove(path: str) -> None:
    """Remove a file; nothing happens where none is."""
    if is_remote(path):
        remote.remove(path)
    else:
        Path(local(path)).unlink(missing_ok=True)


def remove_tree(folder: str) -> None:
    """Remove a folder and all below it, as far as that is allowed; nothing happens where none is."""
    if is_remote(folder):
        remote.remove_tree(folder)
    else:
        shutil.rmtree(local(folder), ignore_errors=True)


def make_folder(path: str) -> None:
    """Make a folder and those above it; in a store without folders, do nothing."""
    if is_remote(path):
        remote.make_folder(path)
        return
    folder = Path(local(path))
    folder.mkdir(parents=True, exist_ok=True)
    sync_folder(folder.parent)


def join(folder: str, *parts: str) -> str:
    """A place in a folder.

    >>> join("s3://bucket/out", "parts", "1.jsonl"), join("out/", "1.jsonl")
    ('s3://bucket/out/parts/1.jsonl', 'out/1.jsonl')
    """
    if is_remote(folder):
        return posixpath.join(folder, *parts)
    return str(Path(local(folder), *parts))


def parent(path: str) -> str:
    """The folder that a place is in."""
    return remote.parent(path) if is_remote(path) else str(Path(local(path)).parent)


def same(one: str, other: str) -> bool:
    """Whether two names lead to one place: links, detours and case make no difference on a disk, nor `//` behind an
    address. What is not there yet is told by its path."""
    if is_remote(one) or is_remote(other):
        return is_remote(one) == is_remote(other) and remote.normal(one) == remote.normal(other)
    first, second = local(one), local(other)
    if os.path.realpath(first) == os.path.realpath(second):
        return True
    try:
        return Path(first).samefile(second)
    except (OSError, ValueError):
        return False
