"""The tokens that the linear models weigh: words of a block, and the tags, classes and ids of the elements around it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat

__all__ = ["LinearModel", "attribute_tokens", "text_tokens", "words_of"]

# Scripts without spaces (kana, Han, Thai, Lao, Khmer, Burmese) give a token for each character.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W{_UNSPACED}]+")
_BORDER = "\x00"  # stands in no text of a page
_DIGITS = re.compile(r"\d+")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]{2,}|\d+")
_SIGNS = ".#@~!"
_CHUNK = re.compile(rf"[{_SIGNS}]?[^{_SIGNS}]+")
_LINE_WORDS = 6  # a line of at most as many words is also a token as a whole
_CHUNKS = 12  # classes and the like of one element; generators write hundreds
_NEAR, _FAR = "n ", "f "  # namespaces of the tokens of names
_KNOWN = 100_000  # scores of names that are remembered
_PARTS = 8  # words of one of them


def words_of(texts: Sequence[str]) -> list[list[str]]:
    """Lower-case words of each text, digits as one `0`; in scripts without spaces, characters.

    >>> words_of(["Page 12: 揺れ", "END"])
    [['page', '0', '揺', 'れ'], ['end']]
    """
    folded = _DIGITS.sub("0", _BORDER.join(texts).lower())
    return [_WORD.findall(text) for text in folded.split(_BORDER)]


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


def attribute_tokens(name: str) -> list[str]:
    """The tokens of an element's name as `Layout.names` writes it, those of each class or id after one another.

    >>> attribute_tokens("div.articleBody_main#c12@text")
    ['div', '.articlebodymain', '.article', '.body', '.main', '#c', '#0', '@text']
    """
    return [token for chunk in _CHUNK.findall(name)[:_CHUNKS] for token in _chunk_tokens(chunk)]


@lru_cache(maxsize=65536)
def _chunk_tokens(chunk: str) -> tuple[str, ...]:
    """The tokens of one class, id, role or tag: its words, and all of them joined where it has several."""
    sign = chunk[0] if chunk[0] in _SIGNS else ""
    parts = [p.lower() if p.isalpha() else "0" for p in _PART.findall(chunk)[:_PARTS]]
    words = [p for p in parts if p != "0"]
    joined = [sign + "".join(words)] if len(words) > 1 else []
    return (*joined, *(sign + p for p in parts))


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Token → weight (log-odds of body). Sums of weights are scores."""

    weights: Mapping[str, float]
    known: dict[str, tuple[float, float]] = field(default_factory=dict, compare=False, repr=False)
    """Scores of names that were looked up before: pages share the classes of their site, sites those of their tools."""

    def of_words(self, rows: Sequence[Sequence[str]], unique: Sequence[Collection[str]]) -> list[float]:
        """The scores of the texts of blocks; plain words count by the root of their number, so that length alone says
        little.

        Args:
            rows: the words of each block.
            unique: the same, each word once, in order, since sums of floats depend on it.
        """
        weights = self.weights
        get, zero = weights.get, repeat(0.0)
        scores = []
        for words, once in zip(rows, unique, strict=True):
            score = sum(map(get, once, zero)) / len(once) ** 0.5 if words else 0.0
            scores.append(score + sum([weights[t] for t in text_tokens(words) if t in weights]))
        return scores

    def of_names(self, names: Iterable[str]) -> dict[str, tuple[float, float]]:
        """The scores of each element name: near the text, and further up."""
        return {name: self._of_name(name) for name in set(names)}

    def _of_name(self, name: str) -> tuple[float, float]:
        known = self.known.get(name)
        if known is None:
            chunks = [self._of_chunk(chunk) for chunk in _CHUNK.findall(name)[:_CHUNKS]]
            known = sum([near for near, _ in chunks]), sum([far for _, far in chunks])
            self._remember(name, known)
        return known

    def _of_chunk(self, chunk: str) -> tuple[float, float]:
        key = "\n" + chunk  # apart from the names
        known = self.known.get(key)
        if known is None:
            get, tokens = self.weights.get, _chunk_tokens(chunk)
            known = sum([get(_NEAR + t, 0.0) for t in tokens]), sum([get(_FAR + t, 0.0) for t in tokens])
            self._remember(key, known)
        return known

    def _remember(self, key: str, scores: tuple[float, float]) -> None:
        if len(self.known) >= _KNOWN:
            self.known.clear()
        self.known[key] = scores
