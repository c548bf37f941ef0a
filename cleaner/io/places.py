"""Where the output goes, and how to know it again when it lies among the inputs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cleaner.errors import InputError
from cleaner.io.compress import COMPRESSED, bare_suffix, outer_suffix
from cleaner.io.files import is_device, is_folder, partial_path, status
from cleaner.io.remote import is_remote, normal
from cleaner.io.storage import join, parent, same

__all__ = ["Output", "plan_output"]

_LINES = (".jsonl", ".ndjson")
_FILES = (*_LINES, ".csv", ".tsv", ".parquet", ".arrow", ".feather", ".txt", ".md")
_ALONE = (".parquet", ".arrow", ".feather")  # pack what is in them themselves
_ARTICLE = (".json", ".txt", ".md")  # suffixes of the files in an output folder


@dataclass(frozen=True, slots=True)
class Output:
    """The places that a run writes to. `rejects` is None where rejects go to standard error."""

    path: str
    kind: Literal["lines", "folder"]
    rejects: str | None = None

    @property
    def streams(self) -> bool:
        """Whether rows go out as they come, to a place that cannot be written twice."""
        return self.path == "-" or is_device(self.path)

    @property
    def work_folder(self) -> str:
        """Where a run keeps what is done until all is."""
        path = self.path.rstrip("/")
        if self.kind == "folder":
            return f"{path}/.run"
        folder, _, name = path.rpartition("/")
        return f"{folder}/.{name}.run" if folder else f".{name}.run"

    @property
    def run_file(self) -> str:
        """Where the account of a finished run goes."""
        if self.kind == "folder":
            return f"{self.path.rstrip('/')}/run.json"
        return self.path[: self.path.lower().rindex(bare_suffix(self.path))] + ".run.json"

    def is_folder(self, path: str) -> bool:
        """Whether this is the output folder, by whatever name."""
        return self.kind == "folder" and _identity(path) in _identities([self.path])

    def writes_to(self, path: str) -> bool:
        """Whether the run may write to this file: OUT, the rejects, their partial files, an article in the folder."""
        return _identity(path) in _identities(self.files()) or (
            Path(path).suffix.lower() in _ARTICLE and self.is_folder(parent(path))
        )

    def reaches(self, address: str) -> bool:
        """Whether an object is one of the run's, or lies in the output folder."""
        inside = self.kind == "folder" and is_remote(self.path)
        return self.writes_to(address) or (inside and normal(address).startswith(f"{normal(self.path).rstrip('/')}/"))

    def files(self) -> list[str]:
        """The files of rows, each followed by the name it has while it is written."""
        rows = [self.path] if self.kind == "lines" else []
        rows += [self.rejects] if self.rejects else []
        return [name for place in rows if place != "-" for name in (place, partial_path(place))]

    def left_behind(self) -> str:
        """What an unfinished run has left, for a message."""
        partial = [name for name in self.files() if name.endswith(".partial") and os.path.lexists(name)]
        where = []
        if not self.streams and is_folder(self.work_folder):
            where += [f"what is done so far is in {self.work_folder}; the same command goes on with it"]
        where += [f"what was written so far is in {' and '.join(partial)}"] if partial else []
        where += ["what was written so far went to standard output"] if self.path == "-" else []
        return "; ".join(where) or "nothing was written"


def plan_output(out: str, rejects: str | None = None) -> Output:
    """Decide what `out` is: rows in a file, a device or standard output (`-`), or a folder.

    Raises `InputError` for a place that is none of them, or that is to take the rows and the rejects at once.
    """
    try:
        kind = _kind(out)
        taken = rejects is not None and same(rejects, out)
    except OSError as exc:
        raise InputError(f"{out}: cannot be reached: {exc}; check the address and your access to it") from exc
    if rejects is None:
        return Output(out, kind, _default_rejects(out, kind))
    if taken:
        raise InputError(f"{rejects}: OUT and the rejects are the same place; give --rejects a file of its own")
    if _kind(rejects) != "lines" or (bare_suffix(rejects) not in _LINES and not is_device(rejects)):
        raise InputError(f"{rejects}: the rejects need a file that ends in .jsonl (or .jsonl.gz, .jsonl.zst)")
    return Output(out, kind, rejects)


def _kind(out: str) -> Literal["lines", "folder"]:
    if out == "-" or is_device(out):
        return "lines"
    if is_folder(out) or out.endswith(("/", os.sep)):
        return "folder"
    suffix = bare_suffix(out)
    if suffix in _ALONE and outer_suffix(out) != suffix:
        raise InputError(f"{out}: what is in a {suffix} file is packed already; leave out {outer_suffix(out)}")
    if suffix in _FILES:
        return "lines"
    ends = f"write to a name that ends in {', '.join(_FILES)} (most also with {', '.join(COMPRESSED)})"
    mend = f"{ends}, to a folder, or to -"
    if not is_remote(out) and os.path.lexists(out):
        raise InputError(f"{out}: is a file already; {mend}")
    if outer_suffix(out):
        raise InputError(f"{out}: {mend}")
    return "folder"


def _default_rejects(out: str, kind: str) -> str | None:
    if out == "-" or is_device(out):
        return None
    if kind == "folder":
        return join(out, "rejects.jsonl")
    name = Path(out).name
    stem = name[: name.lower().rindex(bare_suffix(out))]
    return join(parent(out), f"{stem}.rejects.jsonl")


def _identity(path: str) -> tuple[int, int] | str | None:
    """What a path leads to, whatever it is called: links, detours and case make no difference. None for nothing."""
    if is_remote(path):
        return normal(path)
    found = status(path)
    return (found.st_dev, found.st_ino) if found else None


def _identities(paths: list[str]) -> set[tuple[int, int] | str]:
    return {found for path in paths if (found := _identity(path))}
