"""The errors of `cleaner`, one small tree.

::

    CleanerError                 everything raised on purpose; has a machine-readable `reason`
    ├── DumpError                this dump cannot become an article; a batch turns it into a reject
    │   ├── EmptyDumpError       nothing but white space
    │   ├── BinaryDumpError      bytes that are a PDF, an image, an archive …
    │   ├── UndecodableDumpError bytes that no tried encoding explains
    │   ├── OversizeDumpError    more characters than `Settings.max_chars`
    │   ├── SlowDumpError        took longer than the time limit
    │   └── NoArticleError       readable, but no article in it
    ├── SettingsError            a settings file or option is wrong; says which and the mend
    ├── InputError               an input or output place cannot be used; says which and why
    └── MissingExtraError        a package that is not installed; says which extra brings it. Also an `ImportError`

Errors of other libraries are wrapped with `raise … from exc`, never let through.
"""

from __future__ import annotations

__all__ = [
    "BinaryDumpError",
    "CleanerError",
    "DumpError",
    "EmptyDumpError",
    "InputError",
    "MissingExtraError",
    "NoArticleError",
    "OversizeDumpError",
    "SettingsError",
    "SlowDumpError",
    "UndecodableDumpError",
]


class CleanerError(Exception):
    """Root of the tree. `reason` is a stable slug for logs, rejects and counts."""

    reason = "error"


class DumpError(CleanerError):
    """One dump cannot become an article. The rest of a batch is not concerned."""

    reason = "dump"


class EmptyDumpError(DumpError):
    """The dump holds nothing but white space."""

    reason = "empty"


class BinaryDumpError(DumpError):
    """The bytes are not text: a PDF, an image, an archive."""

    reason = "binary"


class UndecodableDumpError(DumpError):
    """No encoding that was declared or guessed explains the bytes."""

    reason = "undecodable"


class OversizeDumpError(DumpError):
    """The dump is longer than `Settings.max_chars` allows."""

    reason = "oversize"


class SlowDumpError(DumpError):
    """The dump took longer than the time limit of a batch."""

    reason = "timeout"


class NoArticleError(DumpError):
    """The dump is readable, but nothing in it is an article."""

    reason = "no_article"


class SettingsError(CleanerError):
    """A settings file or option is wrong. The message has a line for each mistake, with its mend."""

    reason = "settings"
    problems: tuple[tuple[tuple[str, ...], str, str], ...] = ()
    """Each mistake where they are known one by one: the path of the setting, what is wrong, the string at fault."""


class InputError(CleanerError):
    """An input or output place cannot be used."""

    reason = "input"


class MissingExtraError(CleanerError, ImportError):
    """A module was imported whose package is not installed; the message names the extra that brings it."""

    reason = "missing_extra"
