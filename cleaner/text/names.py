"""Author names out of a byline."""

from __future__ import annotations

import re
from functools import cache

from cleaner.data import phrase_tables
from cleaner.text.lexicon import vocabulary, words_of
from cleaner.text.normalize import fold

__all__ = ["split_names"]

_MOST = 12  # names in one byline
_EMAIL = re.compile(r"(?<!\S)[^\s@]+@\S+|https?://\S+|\([^()]*\)|@\w+")


@cache
def _split() -> re.Pattern[str]:
    """What stands between two names: a comma, a bullet, a conjunction."""
    joints = "|".join(sorted(re.escape(" ".join(words)) for words in vocabulary("header", "conjunctions")))
    return re.compile(rf"\s*(?:,|;|&|\||\u2022|\u00b7|/|\s(?:{joints})\s)\s*", re.IGNORECASE)


def split_names(text: str) -> tuple[str, ...]:
    """The persons (or agency) of a byline; empty where it does not look like names.

    >>> split_names("Jane Q. Doe, Staff Writer and José de la Cruz")
    ('Jane Q. Doe', 'José de la Cruz')
    >>> split_names("the end of the week the river had fallen")
    ()
    """
    names: list[str] = []
    for piece in _split().split(_EMAIL.sub("", text).strip()):
        piece = piece.strip(" .,:–—-|\t\xa0")
        if not piece or tuple(words_of(piece)) in vocabulary("header", "roles"):
            continue
        if not _is_name(piece):
            return tuple(names) if names and _is_role(piece) else ()
        if piece not in names:
            names.append(piece)
    return tuple(names) if len(names) <= _MOST else ()


@cache
def _calendar() -> frozenset[str]:
    """The days of the week and the months."""
    months = {name for table in phrase_tables().values() for names in table["months"] for name in names}
    return frozenset(months | {w for phrase in vocabulary("header", "weekdays") for w in phrase})


def _is_role(piece: str) -> bool:
    """A job title or desk behind the names, such as `Chief Political Correspondent`."""
    words = words_of(piece)
    known = {w for phrase in vocabulary("header", "roles") for w in phrase}
    return len(words) <= 6 and bool(known.intersection(words))


def _is_name(piece: str) -> bool:
    parts = piece.split()
    if not 1 <= len(parts) <= 6 or any(ch.isdigit() for ch in piece):
        return False
    if all(fold(p) in _calendar() for p in parts):  # `By Monday`
        return False
    particles = vocabulary("header", "particles")
    proper = sum(p[0].isupper() for p in parts)
    return proper >= 1 and all(p[0].isupper() or (fold(p),) in particles for p in parts)
