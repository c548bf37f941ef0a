"""Inputs → sources: the files behind names, folders, globs and `-`, each once, each with an id of its own."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cleaner.errors import InputError
from cleaner.io.files import COMPRESSED, bare_suffix, is_folder
from cleaner.io.places import Output
from cleaner.io.readers import LINES, READERS, Source

__all__ = ["Found", "find_sources"]


@dataclass(slots=True)
class Found:
    """The sources of a run, in order, and what a person should know about the search."""

    sources: list[Source] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _File:
    """A file that was found: its path as given and its name, relative to the folder that was searched."""

    path: str
    name: str


def find_sources(inputs: Sequence[str], output: Output | None = None) -> Found:
    """The files behind files, folders (recursive), globs and `-`, in a fixed order, each once by its real path.

    In folders and globs, files of unknown suffixes are passed over; a file that is named itself is always read (as
    HTML or text, whichever it is). What the run writes to is never read: a search passes over it with a note, and
    naming it raises `InputError`, as does an input that matches nothing.
    """
    files: dict[str, _File] = {}
    notes = []
    for given in inputs:
        passed: list[str] = []
        met = list(_expand(given, output, passed))
        if passed:
            more = f" and {len(passed) - 1:,} more" if len(passed) > 1 else ""
            notes.append(f"not read, since this run writes there: {min(passed)}{more}")
        if not met:
            known = " ".join(sorted(READERS))
            why = f"no file of a known kind there (known: {known}, also .gz and .zst)"
            raise InputError("; ".join([f"{given}: {why}", *notes]))
        for file in met:
            files.setdefault(os.path.realpath(file.path) if file.path != "-" else "-", file)
    return Found(_with_ids(list(files.values())), notes)


def _expand(given: str, output: Output | None, passed: list[str]) -> Iterator[_File]:
    if given == "-":
        yield _File("-", "stdin")
    elif is_folder(given):
        if output and output.is_folder(given):
            raise InputError(f"{output.path}: OUT is also an input; write to another folder")
        yield from _search(given, output, passed)
    elif os.path.lexists(given):
        if output and output.writes_to(given):
            raise InputError(f"{given}: OUT is also an input, which would be overwritten; write to another place")
        yield _File(given, Path(given).name)
    elif glob.has_magic(given):
        yield from _match(given, output, passed)
    else:
        raise InputError(f"{given}: no such file or folder; check the spelling and the working directory")


def _match(pattern: str, output: Output | None, passed: list[str]) -> Iterator[_File]:
    """What a glob matches. A folder is searched, also one whose files it matches as well: each is read once."""
    for name in sorted(glob.glob(pattern, recursive=True)):
        folder = is_folder(name)
        if output and (output.is_folder(name) if folder else output.writes_to(name)):
            passed.append(name)
        elif folder:
            yield from _search(name, output, passed)
        elif bare_suffix(name) in READERS:
            yield _File(name, Path(name).name)


def _search(top: str, output: Output | None, passed: list[str]) -> Iterator[_File]:
    """The files below a folder, sorted; hidden ones are passed over. A folder that cannot be listed comes out as a
    file, which then cannot be read and is accounted for like any other."""
    found: list[str] = []
    own = set(map(os.path.realpath, output.files())) if output else set()
    for folder, below, names in os.walk(top, onerror=lambda exc: found.append(str(exc.filename))):
        below[:] = [name for name in below if not name.startswith(".")]
        for path in [str(Path(folder, name)) for name in below]:
            if output and output.is_folder(path):
                below.remove(Path(path).name)
                passed.append(path)
        for name in names:
            path = str(Path(folder, name))
            if not name.startswith(".") and bare_suffix(name) in READERS and Path(path).is_file():
                (passed if own and os.path.realpath(path) in own else found).append(path)
    named = [_File(path, Path(path).relative_to(top).as_posix()) for path in found]
    yield from sorted(named, key=lambda file: file.name.split("/"))


def _with_ids(files: list[_File]) -> list[Source]:
    """Sources whose names differ: the shortest that does, from a bare stem to the path as it was given."""
    choices = [_names(file) for file in files]
    level = [0] * len(files)
    while True:
        names = [choice[min(at, len(choice) - 1)] for choice, at in zip(choices, level, strict=True)]
        shared = {name for name, count in Counter(names).items() if count > 1}
        stuck = [at for at, name in enumerate(names) if name in shared and level[at] < len(choices[at]) - 1]
        if not stuck:
            break
        for at in stuck:
            level[at] += 1
    return [Source(file.path, _suffix(file.path), name) for file, name in zip(files, names, strict=True)]


def _names(file: _File) -> tuple[str, ...]:
    """From the shortest to the surest; lines keep their suffix, which tells `a.jsonl:7` from a dump called `a`."""
    full = Path(file.path).as_posix()
    return (file.name, full) if _suffix(file.path) in LINES else (_stem(file.name), file.name, full)


def _suffix(path: str) -> str:
    if path == "-":
        return ".jsonl"
    suffix = bare_suffix(path)
    return suffix if suffix in READERS else ".txt"


def _stem(name: str) -> str:
    """A file's name without the suffixes that only tell its kind.

    >>> _stem("2025/a.html.txt.gz")
    '2025/a.html'
    """
    path = Path(name)
    if path.suffix.lower() in COMPRESSED:
        path = path.with_suffix("")
    return (path.with_suffix("") if path.suffix.lower() in READERS else path).as_posix()
