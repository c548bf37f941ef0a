"""Which language a text is in: function words for the languages with a phrase file, scripts for a few more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import chain, islice, repeat

from cleaner.data import phrase_tables

__all__ = ["guess_language"]

_SAMPLE = 2000  # words that decide
_SURE = 1.15  # how far the best language must be ahead of the second
_LEAST = 0.12  # share of words that must be function words of the language
_SCRIPTS = (
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("te", re.compile("[\u0c00-\u0c7f]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
)
_OTHER = re.compile("|".join(pattern.pattern for _, pattern in _SCRIPTS))


@cache
def _function_words() -> dict[str, tuple[str, ...]]:
    """Word → the languages that use it as a function word."""
    table: dict[str, tuple[str, ...]] = {}
    for language, data in phrase_tables().items():
        for word in data["function_words"]:
            table[word] = (*table.get(word, ()), language)
    return table


def guess_language(words: Iterable[str], text: str = "") -> str | None:
    """ISO 639-1 code, or None where the text is too short or two languages are too close.

    >>> guess_language("der mann und die frau gingen in das haus und sie waren nicht allein".split())
    'de'
    """
    sample = list(islice(words, _SAMPLE))
    count, empty = len(sample), repeat(())
    votes = Counter(chain.from_iterable(map(_function_words().get, sample, empty)))
    script = _by_script(text[:_SAMPLE])
    if script:
        return script
    ranked = votes.most_common(2)
    if not ranked or count < 8 or ranked[0][1] < _LEAST * count:
        return None
    if len(ranked) > 1 and ranked[0][1] < _SURE * ranked[1][1]:
        return None
    return ranked[0][0]


def _by_script(sample: str) -> str | None:
    """The language of a script that (here) stands for one language; Japanese before Chinese, since it uses both."""
    if not _OTHER.search(sample):
        return None
    letters = sum(ch.isalpha() for ch in sample)
    for language, pattern in _SCRIPTS:
        if letters >= 8 and len(pattern.findall(sample)) > (0.1 if language == "ja" else 0.4) * letters:
            return language
    return None
