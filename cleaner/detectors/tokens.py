"""The tokens that the linear models weigh: words of a block, and the tags, classes and ids of the elements around it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["LinearModel", "attribute_tokens", "text_tokens", "words_of_block"]

# Scripts without spaces (kana, Han, Thai, Lao, Khmer, Burmese) give a token for each character.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W{_UNSPACED}]+")
_DIGITS = re.compile(r"\d+")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]{2,}|\d+")
_LINE_WORDS = 6  # a line of at most as many words is also a token as a whole
_TOKENS = 24  # of one element's name


def words_of_block(text: str) -> list[str]:
    """Lower-case words, digits as one `0`; in scripts without spaces, characters.

    >>> words_of_block("Page 12: 揺れ")
    ['page', '0', '揺', 'れ']
    """
    return _WORD.findall(_DIGITS.sub("0", text.lower()))


def text_tokens(words: Sequence[str]) -> list[str]:
    """The tokens of a block beside its plain words: how it begins and ends, and all of it where it is short.

    >>> text_tokens(["read", "more"])
    ['^read', '^read more', 'more$', '=read more']
    """
    if not words:
        return []
    found = ["^" + words[0], "^" + " ".join(words[:2]), words[-1] + "$"]
    if len(words) <= _LINE_WORDS:
        found.append("=" + " ".join(words))
    return found


@lru_cache(maxsize=65536)
def attribute_tokens(name: str) -> tuple[str, ...]:
    """The tokens of an element's name as `Layout.names` writes it.

    >>> attribute_tokens("div.articleBody_main#c12@text")
    ('div', '.articlebody', '.article', '.body', '.main', '#c', '#0', '@text')
    """
    tag, *rest = re.split(r"(?=[.#@~!])", name)
    found = [tag]
    for piece in rest:
        sign = piece[0]
        for word in re.split(r"[^A-Za-z0-9]+", piece[1:]):
            parts = [("0" if p[0].isdigit() else p.lower()) for p in _PART.findall(word)]
            if len(parts) > 1:
                found.append(sign + "".join(p for p in parts if p != "0"))
            found += [sign + p for p in parts]
    return tuple(dict.fromkeys(found[:_TOKENS]))


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Token → weight (log-odds of body). Sums of weights are scores."""

    weights: Mapping[str, float]

    def of_words(self, words: Sequence[str]) -> float:
        """The score of a block's text; plain words count by the root of their number, so that length alone says little."""
        get = self.weights.get
        if not words:
            return 0.0
        unique = set(words)
        score: float = sum([get(w, 0.0) for w in unique]) / len(unique) ** 0.5
        return score + sum([get(t, 0.0) for t in text_tokens(words)])

    def of_names(self, names: Sequence[str], namespace: str) -> list[float]:
        """The score of each element name in a namespace (`near`: around the text, `far`: further up)."""
        get, known = self.weights.get, {}
        for name in set(names):
            known[name] = sum([get(namespace + t, 0.0) for t in attribute_tokens(name)])
        return [known[name] for name in names]
