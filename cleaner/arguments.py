"""What a caller hands to `clean`, checked before any work, with errors that say what was meant."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from cleaner.model import mend_surrogates
from cleaner.settings import Settings

__all__ = ["Raw", "check_crawled", "check_dump", "check_settings", "check_site", "check_url"]

Raw = str | bytes | bytearray | memoryview
"""What a dump may be."""


def check_dump(raw: object) -> str | bytes:
    """The dump as plain `str` without lone surrogates, or as `bytes`.

    >>> check_dump(bytearray(b"River"))
    b'River'
    """
    if isinstance(raw, str):
        return mend_surrogates(raw)
    if isinstance(raw, (bytes, bytearray, memoryview)):
        return bytes(raw)
    mend = "; read the file first: clean(path.read_bytes())" if hasattr(raw, "read_bytes") else ""
    mend = "; read it first: clean(stream.read())" if hasattr(raw, "read") else mend
    raise TypeError(f"a dump must be str or bytes, not {type(raw).__name__}{mend}")


def check_url(url: object) -> str | None:
    """The address, or None for one that is empty or that no parser takes: it only helps, and must not cost an article.

    >>> check_url("https://example.org/a"), check_url("http://[::1")
    ('https://example.org/a', None)
    """
    if url is None:
        return None
    if not isinstance(url, str):
        raise TypeError(f"url must be a str or None, not {type(url).__name__}")
    url = mend_surrogates(url)
    try:
        parts = urlsplit(url)
        _ = parts.hostname, parts.port  # both are parsed when read
    except ValueError:
        return None
    return url or None


def check_crawled(crawled: object) -> str | None:
    """The time of the crawl as ISO 8601, or None where it is not known.

    >>> check_crawled("2025-03-14T08:00:00Z")[:10]
    '2025-03-14'
    """
    if crawled is None:
        return None
    if not isinstance(crawled, str):
        raise TypeError(f"crawled must be a str (ISO 8601) or None, not {type(crawled).__name__}")
    try:
        return datetime.fromisoformat(crawled).isoformat()
    except ValueError as exc:
        raise ValueError(f"crawled must be ISO 8601, such as 2025-03-14T08:00:00Z, not {crawled!r}") from exc


def check_site(site: object) -> str | None:
    """The name of the dump's site, or None where it is not known."""
    if site is None or isinstance(site, str):
        return site or None
    raise TypeError(f"site must be a str or None, not {type(site).__name__}")


def check_settings(settings: object) -> Settings | None:
    """The settings as they are, or None for the defaults."""
    if settings is None or isinstance(settings, Settings):
        return settings
    mend = "write Settings(**options)" if isinstance(settings, dict) else "make one with Settings() or load_settings()"
    raise TypeError(f"settings must be a Settings or None, not {type(settings).__name__}; {mend}")
