"""Raw article dumps in, clean articles out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.errors import (
    BinaryDumpError,
    CleanerError,
    DumpError,
    EmptyDumpError,
    InputError,
    MissingExtraError,
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
    from cleaner.columns import BatchCleaner, clean_batch
    from cleaner.engines.local import clean_many

__version__ = "0.1.0"

__all__ = [
    "Article",
    "BatchCleaner",
    "BinaryDumpError",
    "CleanerError",
    "DumpError",
    "EmptyDumpError",
    "InputError",
    "Metadata",
    "MissingExtraError",
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
    "clean_batch",
    "clean_many",
    "load_settings",
]


def __getattr__(name: str) -> object:
    """What works on many dumps is loaded on first use: a single `clean` needs no process pool."""
    if name == "clean_many":
        from cleaner.engines.local import clean_many

        return clean_many
    if name in ("BatchCleaner", "clean_batch"):
        from cleaner import columns

        return getattr(columns, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
