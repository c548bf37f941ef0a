"""Where the output goes, and how to know it again when it lies among the inputs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

from cleaner.errors import InputError
from cleaner.io.compress import COMPRESSED, bare_suffix, outer_suffix
from cleaner.io.extras import need_extra
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
    """The places that a run writes to. `rejects` is None where rejects go to standard error.

    `shards` is the suffix, such as `.jsonl.gz`, of the files in a folder that takes a file of rows for each file of the
    input; "" for a folder that takes files of its own for each article.
    """

    path: str
    kind: Literal["lines", "folder"]
    rejects: str | None = None
    shards: str = ""

    @property
    def rows_path(self) -> str:
        """A path that ends as the files of rows do."""
        if self.kind == "lines":
            return self.path
        return join(self.path, f"rows{self.shards or '.jsonl'}")

    @property
    def streams(self) -> bool:
        """Whether rows go out as they come, to a place that cannot be written twice."""
        return self.path == "-" or is_device(self.path)

    def check_packages(self) -> None:
        """Raise `InputError` where the package that writes the rows is not installed."""
        if bare_suffix(self.rows_path) in _ALONE:
            need_extra(self.path, "pyarrow", "parquet")

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
        return f"{_stem(self.path)}.run.json"

    def is_folder(self, path: str) -> bool:
        """Whether this is the output folder, by whatever name."""
        return self.kind == "folder" and _identity(path) in _identities([self.path])

    def writes_to(self, path: str) -> bool:
        """Whether the run may write to this file: OUT, the rejects, their partial files, an article in the folder."""
        return _identity(path) in _identities(self.files()) or (
            path.lower().endswith((*_ARTICLE, self.shards or _ARTICLE[0])) and self.is_folder(parent(path))
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


def plan_output(out: str, rejects: str | None = None, shards: str = "") -> Output:
    """Decide what `out` is: rows in a file, a device or standard output (`-`), or a folder.

    `shards`, such as "jsonl.gz", asks for a folder with a file of rows for each file of the input.

    Raises `InputError` for a place that is none of them, or that is to take the rows and the rejects at once.
    """
    try:
        kind = _kind(out)
        taken = rejects is not None and same(rejects, out)
    except OSError as exc:
        raise InputError(f"{out}: cannot be reached: {exc}; check the address and your access to it") from exc
    if shards:
        shards = f".{shards.lstrip('.')}"
        if kind != "folder" or _kind(f"x{shards}") != "lines":
            raise InputError(f"{out}: shards{shards} need a folder as OUT, and a suffix of {', '.join(_FILES)}")
    if rejects is None:
        return Output(out, kind, _default_rejects(out, kind), shards)
    if taken:
        raise InputError(f"{rejects}: OUT and the rejects are the same place; give --rejects a file of its own")
    if _kind(rejects) != "lines" or (bare_suffix(rejects) not in _LINES and not is_device(rejects)):
        raise InputError(f"{rejects}: the rejects need a file that ends in .jsonl (or .jsonl.gz, .jsonl.zst)")
    return Output(out, kind, rejects, shards)


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
    return f"{_stem(out)}.rejects.jsonl"


def _stem(path: str) -> str:
    """A path without the suffixes of JSON lines; others stay, so that two formats in one folder do not share a file.

    >>> _stem("out/a.jsonl.gz"), _stem("out/a.csv.gz")
    ('out/a', 'out/a.csv.gz')
    """
    suffix = bare_suffix(path)
    return path[: path.lower().rindex(suffix)] if suffix in _LINES else path


def _identity(path: str) -> tuple[int, int] | str | None:
    """What a path leads to, whatever it is called: links, detours and case make no difference. None for nothing."""
    if is_remote(path):
        return normal(path)
    found = status(path)
    return (found.st_dev, found.st_ino) if found else None


def _identities(paths: list[str]) -> set[tuple[int, int] | str]:
    return {found for path in paths if (found := _identity(path))}
