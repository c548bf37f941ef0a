"""Everything that is data and not code: categories, phrases, thresholds. A leaf; read once per process, on first use."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

__all__ = ["categories", "languages", "metadata_tables", "month_names", "phrase_tables", "thresholds"]


@cache
def categories() -> Mapping[str, Mapping[str, Any]]:
    """Category name → its table (`about`, `family`, `places`), in the order of `categories.toml`."""
    return MappingProxyType(_read("categories.toml"))


@cache
def thresholds() -> Mapping[str, Mapping[str, float]]:
    """Detector name → its named numbers, from `thresholds.toml`."""
    return MappingProxyType(_read("thresholds.toml"))


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
    found = (entry.name for entry in (files(__name__) / "phrases").iterdir())
    return MappingProxyType({name[:-5]: _read(f"phrases/{name}") for name in sorted(found) if name.endswith(".toml")})


def languages() -> tuple[str, ...]:
    """The codes of the languages that have a phrase file."""
    return tuple(phrase_tables())


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__name__) / name).read_text(encoding="utf-8"))
