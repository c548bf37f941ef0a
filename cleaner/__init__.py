"""Raw article dumps in, clean articles out."""

from __future__ import annotations

from cleaner.errors import (
    BinaryDumpError,
    CleanerError,
    DumpError,
    EmptyDumpError,
    InputError,
    NoArticleError,
    OversizeDumpError,
    SettingsError,
    UndecodableDumpError,
)
from cleaner.model import Article, Metadata, Poll, PollOption, Removal, Span
from cleaner.pipeline import clean
from cleaner.settings import Settings, load_settings

__version__ = "0.1.0"
