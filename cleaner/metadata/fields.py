"""The fields that need no vote: the first claim that stands up to a look, in order of trust."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from cleaner.data import metadata_tables, thresholds
from cleaner.model import Claim
from cleaner.text.lexicon import count_words as words_in
from cleaner.text.lexicon import words_of
from cleaner.text.normalize import tidy
from cleaner.text.sites import original_address, site_keys, squeezed

__all__ = [
    "Choice",
    "choose_address",
    "choose_description",
    "choose_paywalled",
    "choose_site",
    "choose_tags",
    "count_words",
    "first_text",
]

Choice = tuple[str, str]  # value and source

_SLOGAN = re.compile(r"(?<!\s)\s+[|–—·•:-]{1,2}\s+")
_LIST = re.compile(r"(?:(?<!\s)\s+)?[,;|，、]\s*")
_MARKUP = re.compile(r"</?[a-z][^<>]{0,200}>", re.IGNORECASE)
_LEAST_WORDS = 3  # words of a description
_LONGEST_TAG = 60
_MOST_TAGS = 40
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")  # scripts that put no space between words


def plain(value: object) -> str:
    """A value on one line with its entities decoded."""
    text = value if isinstance(value, str) else ""
    return tidy(html.unescape(text) if "&" in text else text)


def first_text(claims: Sequence[Claim], *, address: bool = False) -> Choice | None:
    """The first value that is not empty; with `address`, the first that is a web address."""
    for claim in claims:
        text = plain(claim.value)
        if text and (not address or text.startswith(("http://", "https://"))):
            return text, claim.source
    return None


def choose_address(claims: Sequence[Claim], given: str | None) -> Choice | None:
    """The canonical address, if it is one of the same site and no mere home page; else the one that was given."""
    if not given:
        return first_text(claims, address=True)
    own = urlsplit(original_address(given))
    for claim in claims:
        stated = urlsplit(plain(claim.value))
        same = (stated.hostname or "").removeprefix("www.") == (own.hostname or "").removeprefix("www.")
        if stated.scheme in ("http", "https") and same and (stated.path.strip("/") or not own.path.strip("/")):
            return plain(claim.value), claim.source
    return given, "given"


def choose_site(claims: Sequence[Claim], url: str | None) -> Choice | None:
    """The name of the site without its slogan: of `Name | slogan`, the piece that the domain knows, else the first."""
    domain = site_keys((), url)
    for claim in claims:
        text = plain(claim.value).removeprefix("@")
        if not text or len(text) > 100 or text.startswith("http") or "©" in text:
            continue
        pieces = [p for p in _SLOGAN.split(text) if p]
        known = [p for p in pieces if squeezed(p) in domain]
        return (known or pieces[:1] or [text])[0], claim.source
    return None


def choose_description(
    claims: Sequence[Claim], known: Sequence[str | None], words_of_body: Iterable[str]
) -> Choice | None:
    """The first description that is about the article: none of the `known` values (title, site), in words of the body.

    A text of which the body shares next to nothing is the slogan of the site.
    """
    body_words = set(words_of_body)
    share = thresholds()["metadata"]["slogan_share"]
    for claim in claims:
        text = plain(_MARKUP.sub(" ", plain(claim.value)))
        words = set(words_of(text))
        if len(words) < _LEAST_WORDS or text in known:
            continue
        judged = len(body_words) > thresholds()["metadata"]["slogan_body"] and not _WIDE.search(text)
        if judged and len(words & body_words) < share * len(words):
            continue
        return text, claim.source
    return None


def choose_tags(claims: Sequence[Claim], names: Sequence[str], url: str | None) -> tuple[tuple[str, ...], str] | None:
    """The tags of the first source that has any: split, each once, without the site's name."""
    keys = site_keys(names, url)
    for claim in claims:
        values = (claim.value,) if isinstance(claim.value, str) else claim.value
        tags: dict[str, str] = {}
        for value in values:
            for tag in _LIST.split(plain(value)):
                tag = tag.strip(" #\"'")
                if tag and len(tag) <= _LONGEST_TAG and squeezed(tag) not in keys and "://" not in tag:
                    tags.setdefault(tag.casefold(), tag)
        if tags:
            return tuple(tags.values())[:_MOST_TAGS], claim.source
    return None


def choose_paywalled(claims: Sequence[Claim]) -> tuple[bool, str] | None:
    """Whether the article is closed to readers who do not pay, where the page says so."""
    words = metadata_tables()["words"]
    for claim in claims:
        text = plain(claim.value).lower().rsplit("/", 1)[-1]
        if text in words["free"] or text in words["closed"]:
            return text in words["closed"], claim.source
    return None


def count_words(body: str, words: Sequence[str] | None = None) -> int:
    """How many words a text has; in scripts without spaces two characters count as one. Words that are known help.

    >>> count_words("The river rose."), count_words("河水上涨")
    (3, 2)
    """
    wide = 0 if body.isascii() else len(_WIDE.findall(body))
    if wide or words is None:
        return words_in(_WIDE.sub(" ", body) if wide else body) + (wide + 1) // 2
    return len(words)
