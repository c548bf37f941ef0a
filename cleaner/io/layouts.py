"""How rows are written: the choice, which travels to workers, and what each format must offer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from cleaner.io.compress import COMPRESSED, outer_suffix

__all__ = ["Layout", "Write", "Writer", "form_of"]

Write = Callable[[Mapping[str, Any]], None]
_TWICE = (".dolma",)  # formats that are told by two suffixes


@dataclass(frozen=True, slots=True)
class Layout:
    """How rows are written: `suffix` chooses the format, with or without that of a compression."""

    suffix: str = ".jsonl"
    source: str = "cleaner"
    """What a Dolma document names as its source, where the row has no column `source`."""

    @property
    def form(self) -> str:
        """The suffix that chooses the writer."""
        return form_of(self.suffix)


def form_of(path: str) -> str:
    """The suffix that tells the format of an output, in lower case, without that of a compression.

    >>> form_of("out/2025.CSV.gz"), form_of("a.dolma.jsonl.zst"), form_of(".jsonl")
    ('.csv', '.dolma.jsonl', '.jsonl')
    """
    name = "x" + path.replace("\\", "/").rpartition("/")[2]
    if outer_suffix(name) in COMPRESSED:
        name = name[: -len(outer_suffix(name))]
    suffix = outer_suffix(name)
    before = outer_suffix(name[: len(name) - len(suffix)])
    return before + suffix if suffix and before in _TWICE else suffix


class _Open(Protocol):
    def __call__(self, path: str, layout: Layout, part: bool = False) -> AbstractContextManager[Write]: ...


class Writer(NamedTuple):
    """One format of output. `write` gives a function that writes one row to a file, whole or a part for `join`, which
    makes one file of many parts."""

    write: _Open
    join: Callable[[Sequence[str], str, Layout], None]
