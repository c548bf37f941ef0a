"""The phrase lexicon: every pattern matches what it says, and the phrase files hold no phrase that never can."""

from __future__ import annotations

import pytest

from cleaner.data import languages, packed, phrase_tables
from cleaner.text.lexicon import Lexicon, words_of
from cleaner.text.pack import pack


def found(phrase: str, text: str) -> list[tuple[int, int]]:
    return [(h.start, h.end) for h in Lexicon.of([("c", "has", phrase, "en")]).hits(words_of(text))]


@pytest.mark.parametrize(
    ("phrase", "text", "spans"),
    [
        ("sign up for * newsletter", "Sign up for our free newsletter", [(0, 6)]),
        ("sign up for * newsletter", "Sign up for one two three four newsletter", []),
        ("# min read", "5 min read", [(0, 3)]),
        ("(share|save) this [article]", "save this", [(0, 2)]),
        ("(share|save) this [article]", "share this article", [(0, 3)]),
        ("(" + "|".join(f"w{i}" for i in range(40)) + ") here", "w39 here", [(0, 2)]),
        ("* terms of use", "our terms of use", [(1, 4)]),
    ],
)
def test_patterns(phrase: str, text: str, spans: list[tuple[int, int]]) -> None:
    """Gaps, numbers, choices and options match as the phrase files' head explains, also a wide first choice."""
    assert found(phrase, text)[-1:] == spans


@pytest.mark.parametrize("language", languages())
def test_every_phrase_can_match(language: str) -> None:
    """A phrase made only of numbers or gaps would match anything or nothing."""
    for category, lists in phrase_tables()[language]["categories"].items():
        for kind, phrases in lists.items():
            for phrase in phrases:
                words = words_of(phrase.replace("*", " ").replace("#", " "))
                assert any(not w[0].isdigit() for w in words), (category, kind, phrase)


def test_pack_is_up_to_date() -> None:
    """The packed data is that of the TOML files; after an edit, run `python -m cleaner.text.pack`."""
    assert packed() == pack()
