"""Which site a dump belongs to: the column that was named, its address, a usual column, its folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleaner.io.readers import Dump
from cleaner.text.normalize import tidy
from cleaner.text.sites import host_of

__all__ = ["SITE_COLUMNS", "site_of"]

SITE_COLUMNS = ("site", "domain", "host", "hostname", "source_domain", "netloc", "website", "publisher")
"""The columns that may name the site of a dump."""

_LONGEST = 253  # characters of a host name


def site_of(dump: Dump, column: str | None = None) -> str | None:
    """The name of the dump's site, folded; None for a dump of which nothing tells it, which then learns nothing.

    A named `column` is the only place that is looked at. Else the host of the URL, a column such as `site`, or the
    folder of a file below the folder that is searched.

    >>> site_of(Dump("1", "…", "https://www.Example.org/a"))
    'example.org'
    >>> site_of(Dump("post/a", "…", folder="post"))
    'post'
    """
    if column is not None:
        return _named(dump.extra, (column,))
    return host_of(dump.url) or _named(dump.extra, SITE_COLUMNS) or dump.folder or None


def _named(row: Mapping[str, Any], columns: tuple[str, ...]) -> str | None:
    for name in columns:
        value = row.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return _short(str(value))
    return None


def _short(value: str) -> str:
    name = tidy(value).lower()
    return name if len(name) <= _LONGEST else name[:_LONGEST]
