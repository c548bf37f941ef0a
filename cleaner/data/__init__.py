"""Everything that is data and not code: categories, phrases, thresholds. A leaf; read once per process, on first use.

The TOML files are what people edit. `python -m cleaner.text.pack` makes one file of them that is quick to load; it is
used only as long as its stamp is that of the TOML files, so that an edit counts at once, packed or not.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

__all__ = [
    "PACK",
    "categories",
    "changed_thresholds",
    "default_thresholds",
    "languages",
    "metadata_tables",
    "model_bytes",
    "month_names",
    "packed",
    "phrase_tables",
    "ranges",
    "sources",
    "stamp_of",
    "thresholds",
]

FOLDER = Path(__file__).parent
PACK = FOLDER / "packed.json.z"


@cache
def categories() -> Mapping[str, Mapping[str, Any]]:
    """Category name → its table (`about`, `family`, `places`), in the order of `categories.toml`."""
    return MappingProxyType(_read("categories.toml"))


_CHANGED: ContextVar[Mapping[str, Mapping[str, float]] | None] = ContextVar("changed thresholds", default=None)


def thresholds() -> Mapping[str, Mapping[str, float]]:
    """Detector name → its named numbers: those of `thresholds.toml`, or what the settings at work make of them."""
    return _CHANGED.get() or default_thresholds()


@cache
def default_thresholds() -> Mapping[str, Mapping[str, float]]:
    """Detector name → its named numbers, from `thresholds.toml`."""
    return MappingProxyType(_read("thresholds.toml"))


@contextmanager
def changed_thresholds(changes: Mapping[str, Mapping[str, float]]) -> Iterator[None]:
    """Within the `with`, in this thread alone, some numbers are others: how one call of `clean` has its own.

    >>> with changed_thresholds({"rules": {"longest_sentence": 7}}):
    ...     thresholds()["rules"]["longest_sentence"], thresholds()["rules"]["has"]
    (7, 0.9)
    """
    tables = {name: {**table, **changes.get(name, {})} for name, table in default_thresholds().items()}
    token = _CHANGED.set(tables)
    try:
        yield
    finally:
        _CHANGED.reset(token)


@cache
def ranges() -> Mapping[str, Any]:
    """What settings may make of the thresholds: `count` and `numbers` by table, from `ranges.toml`."""
    return MappingProxyType(_read("ranges.toml"))


@cache
def metadata_tables() -> Mapping[str, Mapping[str, Any]]:
    """What the sources of metadata look for and how far each is trusted, from `metadata.toml`."""
    return MappingProxyType(_read("metadata.toml"))


@cache
def month_names() -> Mapping[str, list[list[str]]]:
    """Language code → the names of its twelve months, for languages without a phrase file."""
    return MappingProxyType(_read("months.toml"))


@cache
def phrase_tables() -> Mapping[str, Mapping[str, Any]]:
    """Language code → its phrase file, in alphabetical order."""
    names = sorted(path.name for path in (FOLDER / "phrases").glob("*.toml"))
    return MappingProxyType({name[:-5]: _read(f"phrases/{name}") for name in names})


def languages() -> tuple[str, ...]:
    """The codes of the languages that have a phrase file."""
    return tuple(phrase_tables())


def model_bytes(name: str) -> bytes:
    """A model file that comes with the package."""
    return (FOLDER / name).read_bytes()


def sources() -> dict[str, bytes]:
    """The TOML files by name."""
    paths = sorted([*FOLDER.glob("*.toml"), *FOLDER.glob("phrases/*.toml")])
    return {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in paths}


def stamp_of(files: Mapping[str, bytes]) -> int:
    """A number that changes with any of the files."""
    stamp = 0
    for name, content in files.items():
        stamp = zlib.crc32(content, zlib.crc32(name.encode(), stamp))
    return stamp


@cache
def packed() -> Mapping[str, Any]:
    """The packed data: `stamp`, `tables` by file name, `heads` of the lexicon. Empty where it is not up to date."""
    try:
        pack = json.loads(zlib.decompress(PACK.read_bytes()))
    except (OSError, ValueError, zlib.error):
        return MappingProxyType({})
    return MappingProxyType(pack if pack["stamp"] == stamp_of(sources()) else {})


def _read(name: str) -> dict[str, Any]:
    tables = packed().get("tables", {})
    if name in tables:
        return dict(tables[name])
    import tomllib  # only where the pack is out of date

    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
