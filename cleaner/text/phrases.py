"""How phrases are written: `sign up [now] for * (news|mail)`, with places that words may take."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

from cleaner.text.normalize import fold

__all__ = ["NUMBER", "Choices", "Words", "beginnings_of", "parse", "pattern_words", "plain_forms", "sign_of"]

NUMBER = "#"  # the key for any word that begins with a digit
_TOKEN = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]|\*|[^()\[\]*]+")
_PATTERN_SIGNS = ")]#*©"
_MAX_HEADS = 32  # plain beginnings that one phrase puts into the trie; what follows is compared word by word

Words = tuple[str, ...]
Choices = tuple[Words, ...] | None  # what may stand at one place of a phrase; None for a `*`


def parse(phrase: str) -> list[Choices]:
    """The places of a phrase.

    >>> parse("sign up [now] for * (news|mail)")
    [(('sign', 'up'),), (('now',), ()), (('for',),), None, (('news',), ('mail',))]
    """
    places: list[Choices] = []
    for match in _TOKEN.finditer(phrase):
        if match[0] == "*":
            places.append(None)
        elif match[1] is not None:
            places.append(tuple(tuple(pattern_words(c)) for c in match[1].split("|")))
        elif match[2] is not None:
            places.append((*(tuple(pattern_words(c)) for c in match[2].split("|")), ()))
        elif words := tuple(pattern_words(match[0])):
            places.append((words,))
    while places and places[-1] is None:
        places.pop()
    while places and places[0] is None:  # words that may stand before a phrase, or not, say nothing
        places.pop(0)
    return places


def beginnings_of(places: Sequence[Choices]) -> tuple[list[Words], tuple[Choices, ...]]:
    """The plain beginnings of a phrase and the places after them.

    >>> beginnings_of(parse("sign up [now] * mail"))
    ([('sign', 'up', 'now'), ('sign', 'up')], (None, (('mail',),)))
    """
    heads: list[Words] = [()]
    for i, choices in enumerate(places):
        if choices is None or (i and len(heads) * len(choices) > _MAX_HEADS):
            return [h for h in heads if h], tuple(places[i:])
        heads = [head + choice for head in heads for choice in choices]
    return [h for h in heads if h], ()


def pattern_words(text: str) -> list[str]:
    return [NUMBER if w == NUMBER or w[0].isdigit() else w for w in re.findall(r"[^\W_]+|#|©", fold(text))]


def plain_forms(phrase: str) -> Iterator[str]:
    """Texts that a phrase stands for, nothing where a `*` stands.

    >>> list(plain_forms("sign up [now] for (news|mail)"))
    ['sign up now for news', 'sign up now for mail', 'sign up for news', 'sign up for mail']
    """
    places = [choices for choices in parse(phrase) if choices is not None]
    for chosen in product(*places):
        words = " ".join(word for choice in chosen for word in choice).replace(NUMBER, "7")
        yield words + sign_of(phrase)


def sign_of(phrase: str) -> str:
    return "" if phrase[-1].isalnum() or phrase[-1] in _PATTERN_SIGNS else phrase[-1]
