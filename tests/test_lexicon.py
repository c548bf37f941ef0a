"""The phrase lexicon: every pattern matches what it says, and the phrase files hold no phrase that never can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.data import languages, packed, phrase_tables
from cleaner.text.lexicon import WORD, Lexicon, count_words, words_of, words_of_each
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


@given(
    st.lists(st.text(st.sampled_from("aBé©_ ’—«·İΣσʼ٣²河한\n\0\ud800!9") | st.characters(), max_size=30), min_size=1)
)
def test_words_of_many_texts_are_those_of_each(texts: list[str]) -> None:
    """Cutting many texts at once, with signs turned into spaces, finds the words that the pattern finds."""
    assert words_of_each(texts) == [tuple(words_of(text)) for text in texts]
    assert [count_words(text) for text in texts] == [len(WORD.findall(text)) for text in texts]


def test_many_different_signs() -> None:
    """More signs than are looked for one by one end words all the same."""
    text = "".join(f"a{chr(code)}" for code in range(0x2190, 0x2290))
    assert words_of_each([text]) == [("a",) * 256]


def test_phrases_stay_in_their_row() -> None:
    """A phrase, also one with a gap, does not go on in the next row; in each row it is found at its own places."""
    lexicon = Lexicon.of([("c", "has", "sign up for * newsletter", "en"), ("c", "weak", "up", "en")])
    rows = [["sign", "up", "for"], ["newsletter"], ["now", "sign", "up", "for", "a", "newsletter"], []]
    assert [[hit[:2] for hit in row] for row in lexicon.hits_of(rows)] == [[(1, 2)], [], [(1, 6), (2, 3)], []]
    assert lexicon.hits_of(rows) == [lexicon.hits(row) for row in rows]


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
