"""Steps for other people's pipelines. Each module is thin, and imports the package it is for; this one imports none."""

from __future__ import annotations

from cleaner.errors import MissingExtraError

__all__ = ["missing"]


def missing(module: str, extra: str, cause: ImportError) -> MissingExtraError:
    """The error of a module whose package cannot be imported."""
    return MissingExtraError(f"{module} cannot be imported ({cause}): pip install 'article-cleaner[{extra}]'")
