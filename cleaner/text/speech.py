"""How a language speaks to readers and of others: what tells a pitch from a report."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from cleaner.data import phrase_tables
from cleaner.text.lexicon import USERS, words_of

__all__ = ["Speech", "speech_of"]


class Speech(NamedTuple):
    """How a language addresses a reader and reports what was said, and which words say nothing of themselves."""

    address: frozenset[str]
    verbs: frozenset[str]
    function_words: frozenset[str]
    furniture: frozenset[str]
    """The words of all its phrases; of no language in particular, none, since what is furniture in one is prose in another."""


@cache
def speech_of(language: str) -> Speech:
    """The words of a language by its code; of all languages together where a user's phrase is of any.

    >>> "your" in speech_of("en").address, "dein" in speech_of("any").address
    (True, True)
    """
    tables = phrase_tables()
    language = language.removeprefix(USERS)
    chosen = [tables[language]] if language in tables else list(tables.values())
    lists = tables[language]["categories"].values() if language in tables else ()
    words = {w for kinds in lists for phrases in kinds.values() for p in phrases for w in words_of(p)}
    address, verbs, small = ({w for t in chosen for w in t.get(k, ())} for k in ("address", "speech", "function_words"))
    return Speech(frozenset(address), frozenset(verbs), frozenset(small), frozenset(words))
