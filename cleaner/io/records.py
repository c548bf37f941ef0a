"""The shapes of batch input: what a source is, how a format cuts and reads it, and what comes out. A leaf."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, NamedTuple, TypeAlias

__all__ = ["Dump", "Fault", "Format", "Keys", "Limits", "Piece", "Record", "Skipped", "Source", "Unit"]


@dataclass(frozen=True, slots=True)
class Dump:
    """One raw dump and what is known of it. `extra` are the columns that pass through to the output."""

    id: str
    raw: str | bytes
    url: str | None = None
    source_format: str = "auto"
    extra: Mapping[str, Any] = field(default_factory=dict)
    folder: str = ""  # of a file below the folder that was searched


@dataclass(frozen=True, slots=True)
class Fault:
    """A dump (or the rest of a file) that could not be read."""

    id: str
    reason: str
    detail: str


Record: TypeAlias = Dump | Fault


@dataclass(frozen=True, slots=True)
class Keys:
    """The columns to read; None finds them by their usual names."""

    text: str | None = None
    id: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One input file and the suffix that chooses its reader.

    `name` is the id of its dump or, with a line number, of a dump without one; no other source of a run has it.
    """

    path: str
    suffix: str
    name: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader takes at most, so that no input fills the memory.

    `dump`: bytes of one dump, unpacked. `ratio`: bytes that one packed byte may become, once `free` bytes are out.
    """

    dump: int = 50_000_000
    ratio: int = 1000
    free: int = 10_000_000


class Unit(NamedTuple):
    """A piece of a source that is one dump, cut out and not yet read. `place` tells it from all others of a run."""

    place: str
    data: Any


class Skipped(NamedTuple):
    """A piece of a source that is no dump, such as the request in a web archive; `reason` is a slug for counts."""

    reason: str


Piece: TypeAlias = Unit | Fault | Skipped


@dataclass(frozen=True, slots=True)
class Format:
    """How one format is read: `units` cuts a stream cheaply, `parse` is paid only for the units that are wanted.

    `many` tells that a file may hold many dumps, `seeks` that its stream must be a file that can be read in any order.
    `needs` is the package that it needs and the extra that brings it.
    """

    units: Callable[[IO[bytes], Source, Limits], Iterator[Piece]]
    parse: Callable[[Any, str, Keys], Record]
    many: bool = True
    seeks: bool = False
    needs: tuple[str, str] | None = None
