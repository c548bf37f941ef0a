"""What a batch asks of a place, the same for a local path, a `file://` path and an address behind fsspec.

Reading and writing are `open_bytes`, `Sink` and `ByteSink` of `cleaner.io.files`. OSErrors are let through: the caller
knows what it was about.
"""

from __future__ import annotations

import os
import posixpath
from pathlib import Path

from cleaner.io import remote
from cleaner.io.files import is_folder, local, sync_folder

__all__ = ["exists", "identity", "is_folder", "join", "list_files", "make_folder", "parent", "remove", "same", "size"]


def exists(path: str) -> bool:
    return remote.exists(path) if remote.is_remote(path) else os.path.lexists(local(path))


def size(path: str) -> int:
    """Bytes of a file. Raises OSError where none is."""
    return remote.size(path) if remote.is_remote(path) else Path(local(path)).stat().st_size


def identity(path: str) -> str:
    """A short text that changes when the file does: its size, and its time or the version that a store gives it.

    Raises OSError where no file is.
    """
    if remote.is_remote(path):
        return remote.identity(path)
    found = Path(local(path)).stat()
    return f"{found.st_size}-{found.st_mtime_ns}"


def list_files(folder: str) -> list[str]:
    """The files below a folder, at any depth, hidden ones too, sorted; none where no folder is."""
    if remote.is_remote(folder):
        return remote.find(folder) if remote.is_folder(folder) else []
    top = local(folder)
    return sorted(str(Path(where, name)) for where, _, names in os.walk(top) for name in names)


def remove(path: str) -> None:
    """Remove a file; nothing happens where none is."""
    if remote.is_remote(path):
        remote.remove(path)
    else:
        Path(local(path)).unlink(missing_ok=True)


def make_folder(path: str) -> None:
    """Make a folder and those above it; in a store without folders, do nothing."""
    if remote.is_remote(path):
        remote.make_folder(path)
        return
    folder = Path(local(path))
    folder.mkdir(parents=True, exist_ok=True)
    sync_folder(folder.parent)


def join(folder: str, *names: str) -> str:
    """A place in a folder.

    >>> join("s3://bucket/out", "parts", "1.jsonl"), join("out/", "1.jsonl")
    ('s3://bucket/out/parts/1.jsonl', 'out/1.jsonl')
    """
    if remote.is_remote(folder):
        return posixpath.join(folder, *names)
    return str(Path(local(folder), *names))


def parent(path: str) -> str:
    """The folder that a place is in."""
    return remote.parent(path) if remote.is_remote(path) else str(Path(local(path)).parent)


def same(one: str, other: str) -> bool:
    """Whether two names lead to one place: links, detours and case make no difference on a disk, nor `//` behind an
    address. What is not there yet is told by its path."""
    if remote.is_remote(one) or remote.is_remote(other):
        return remote.is_remote(one) == remote.is_remote(other) and remote.normal(one) == remote.normal(other)
    first, second = local(one), local(other)
    if os.path.realpath(first) == os.path.realpath(second):
        return True
    try:
        return Path(first).samefile(second)
    except (OSError, ValueError):
        return False
