"""Inputs → sources: the files behind names, folders, globs and `-`, each once, each with an id of its own."""

from __future__ import annotations

import glob
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cleaner.errors import InputError
from cleaner.io import remote
from cleaner.io.compress import COMPRESSED, bare_suffix, outer_suffix
from cleaner.io.extras import need_extra
from cleaner.io.files import is_folder, local
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
        met = list(_expand(local(given), output, passed))
        if passed:
            more = f" and {len(passed) - 1:,} more" if len(passed) > 1 else ""
            notes.append(f"not read, since this run writes there: {min(passed)}{more}")
        if not met:
            known = " ".join(sorted(READERS))
            why = f"no file of a known kind there (known: {known}, also {' '.join(COMPRESSED)})"
            raise InputError("; ".join([f"{given}: {why}", *notes]))
        for file in met:
            files.setdefault(_real(file.path), file)
    sources = _with_ids(list(files.values()))
    _check_packages(sources)
    return Found(sources, notes)


def _check_packages(sources: Sequence[Source]) -> None:
    """Say at once, and not once for each file, that a package is missing."""
    for suffix, path in {source.suffix: source.path for source in sources}.items():
        if needs := READERS[suffix].needs:
            need_extra(path, *needs)


def _expand(given: str, output: Output | None, passed: list[str]) -> Iterator[_File]:
    if given == "-":
        yield _File("-", "stdin")
    elif remote.is_remote(given):
        yield from _expand_remote(given, output, passed)
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


def _expand_remote(given: str, output: Output | None, passed: list[str]) -> Iterator[_File]:
    """The same behind an address. Nothing is asked of a web address: it is a file."""
    try:
        if remote.is_web(given):
            found, top = [given], remote.parent(given)
        elif remote.is_folder(given):
            found, top = remote.find(given), remote.normal(given)
        elif remote.exists(given):
            found, top = [given], remote.parent(given)
        else:
            found, top = remote.match(given) if glob.has_magic(given) else [], ""
    except OSError as exc:
        raise InputError(f"{given}: cannot be reached: {exc}; check the address and your access to it") from exc
    if not found and not glob.has_magic(given):
        raise InputError(f"{given}: no such file or folder; check the spelling")
    for path in found:
        name = path.removeprefix(top.rstrip("/")).lstrip("/") if top else path.rpartition("/")[2]
        if output and output.reaches(path):
            if path == given:
                raise InputError(f"{given}: OUT is also an input, which would be overwritten; write to another place")
            passed.append(path)
        elif path == given or (bare_suffix(path) in READERS and not re.search(r"(?:^|/)\.", name)):
            yield _File(path, name)


def _real(path: str) -> str:
    """One name for a file, whatever leads to it."""
    if remote.is_remote(path):
        return remote.normal(path)
    return os.path.realpath(path) if path != "-" else "-"


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
    full = file.path if remote.is_remote(file.path) else Path(file.path).as_posix()
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
    if outer_suffix(name) in COMPRESSED:
        name = name[: -len(outer_suffix(name))]
    return name[: -len(outer_suffix(name))] if outer_suffix(name) in READERS else name
