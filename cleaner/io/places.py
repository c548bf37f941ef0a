"""Where the output goes, and how to know it again when it lies among the inputs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cleaner.errors import InputError
from cleaner.io.files import bare_suffix, is_device, is_folder, partial_path, status

__all__ = ["Output", "plan_output"]

_LINES = (".jsonl", ".ndjson")
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
            Path(path).suffix.lower() in _ARTICLE and self.is_folder(str(Path(path).parent))
        )

    def files(self) -> list[str]:
        """The files of rows, each followed by the name it has while it is written."""
        rows = [self.path] if self.kind == "lines" else []
        rows += [self.rejects] if self.rejects else []
        return [name for place in rows if place != "-" for name in (place, partial_path(place))]

    def left_behind(self) -> str:
        """What an unfinished run has left, for a message."""
        partial = [name for name in self.files() if name.endswith(".partial") and os.path.lexists(name)]
        where = [f"the articles finished so far are in {self.path}"] if self.kind == "folder" else []
        where += [f"what was written so far is in {' and '.join(partial)}"] if partial else []
        where += ["what was written so far went to standard output"] if self.path == "-" else []
        return "; ".join(where) or "nothing was written"


def plan_output(out: str, rejects: str | None = None) -> Output:
    """Decide what `out` is: JSON lines in a file, a device or standard output (`-`), or a folder.

    Raises `InputError` for a place that is none of them, or that is to take the rows and the rejects at once.
    """
    kind = _kind(out)
    if rejects is None:
        return Output(out, kind, _default_rejects(out, kind))
    if os.path.realpath(rejects) == os.path.realpath(out) or _identity(rejects) in _identities([out]):
        raise InputError(f"{rejects}: OUT and the rejects are the same place; give --rejects a file of its own")
    if _kind(rejects) != "lines":
        raise InputError(f"{rejects}: the rejects need a file that ends in .jsonl (or .jsonl.gz, .jsonl.zst)")
    return Output(out, kind, rejects)


def _kind(out: str) -> Literal["lines", "folder"]:
    if out == "-" or is_device(out):
        return "lines"
    if is_folder(out) or out.endswith(("/", os.sep)):
        return "folder"
    if bare_suffix(out) in _LINES:
        return "lines"
    mend = "write to a name that ends in .jsonl (or .jsonl.gz, .jsonl.zst), to a folder, or to -"
    if os.path.lexists(out):
        raise InputError(f"{out}: is a file already; {mend}")
    if Path(out).suffix:
        raise InputError(f"{out}: {mend}")
    return "folder"


def _default_rejects(out: str, kind: str) -> str | None:
    if out == "-" or is_device(out):
        return None
    if kind == "folder":
        return str(Path(out) / "rejects.jsonl")
    name = Path(out)
    stem = name.name[: name.name.lower().rindex(bare_suffix(out))]
    return str(name.with_name(f"{stem}.rejects.jsonl"))


def _identity(path: str) -> tuple[int, int] | None:
    """What a path leads to, whatever it is called: links, detours and case make no difference. None for nothing."""
    found = status(path)
    return (found.st_dev, found.st_ino) if found else None


def _identities(paths: list[str]) -> set[tuple[int, int]]:
    return {found for path in paths if (found := _identity(path))}
