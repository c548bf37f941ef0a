"""Raw article dumps in, clean articles out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.errors import (
    BinaryDumpError,
    CleanerError,
    DumpError,
    EmptyDumpError,
    InputError,
    NoArticleError,
    OversizeDumpError,
    SettingsError,
    SlowDumpError,
    UndecodableDumpError,
)
from cleaner.model import Article, Metadata, Poll, PollOption, Removal, Span
from cleaner.pipeline import clean
from cleaner.settings import Settings, load_settings

if TYPE_CHECKING:
    from cleaner.engines.local import clean_many

__version__ = "0.1.0"

__all__ = [
    "Article",
    "BinaryDumpError",
    "CleanerError",
    "DumpError",
    "EmptyDumpError",
    "InputError",
    "Metadata",
    "NoArticleError",
    "OversizeDumpError",
    "Poll",
    "PollOption",
    "Removal",
    "Settings",
    "SettingsError",
    "SlowDumpError",
    "Span",
    "UndecodableDumpError",
    "clean",
    "clean_many",
    "load_settings",
]


def __getattr__(name: str) -> object:
    """`clean_many` is loaded on first use: a single `clean` needs no process pool."""
    if name == "clean_many":
        from cleaner.engines.local import clean_many

        return clean_many
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
