"""What a site is called: its stated names and those in its address, squeezed for comparison."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from cleaner.text.lexicon import words_of

__all__ = ["host_of", "original_address", "site_keys", "slug_words", "squeezed"]

_PREFIXES = ("www.", "m.", "amp.")
_LONGEST = 253  # characters of a host name


def squeezed(text: str) -> str:
    """The words of a text without anything between them: `The Post.com` is `thepostcom`."""
    return "".join(words_of(text))


def original_address(url: str) -> str:
    """The address inside that of an archive, such as `https://web.archive.org/web/2014/http://example.org/`."""
    at = max(url.rfind("/http://"), url.rfind("/https://"))
    return url[at + 1 :] if at > 0 else url


def host_of(url: str | None) -> str | None:
    """The host of an address, also of one inside that of an archive, without `www.` and the like; None without one.

    >>> host_of("https://www.Example.org:80/a")
    'example.org'
    """
    try:
        host = (urlsplit(original_address(url)).hostname or "") if url else ""
    except ValueError:
        return None
    for prefix in _PREFIXES:
        host = host.removeprefix(prefix)
    return host[:_LONGEST].strip(".") or None


@lru_cache(maxsize=64)
def slug_words(url: str | None) -> frozenset[str]:
    """The words of the longest part of an address's path; fewer than two say nothing.

    >>> sorted(slug_words("https://example.org/news/2025/the-river-rose.html?page=2"))
    ['html', 'river', 'rose', 'the']
    """
    try:
        path = urlsplit(original_address(url)).path if url else ""
    except ValueError:
        return frozenset()
    parts = [frozenset(w for w in words_of(unquote(part)) if not w.isdigit()) for part in path.split("/")]
    longest = max(parts, key=len)
    return longest if len(longest) >= 2 else frozenset()


def site_keys(names: Iterable[str], url: str | None) -> frozenset[str]:
    """What a site is called, squeezed for comparison: its stated names and the labels of its domain."""
    return _site_keys(tuple(names), url)


@lru_cache(maxsize=64)
def _site_keys(names: tuple[str, ...], url: str | None) -> frozenset[str]:
    keys = set()
    for name in names:
        for part in {name, name.removeprefix("www."), *re.split(r"(?<!\s)\s+[|–—-]\s+", name)}:
            keys.add(squeezed(part))
    host = (urlsplit(original_address(url)).hostname or "").removeprefix("www.") if url else ""
    labels = host.split(".")
    if len(labels) > 1:
        keys |= {squeezed(host), squeezed("".join(labels[:-1])), *(squeezed(x) for x in labels[:-1] if len(x) > 3)}
    return frozenset(k for k in keys if len(k) > 1)
