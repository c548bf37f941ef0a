"""The phrase lexicon: all languages' phrases in one word trie, matched in one walk over a text's words.

Cost is one dictionary look-up for a word that opens no phrase, so thousands of phrases are as cheap as a few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from cleaner.data import phrase_tables
from cleaner.text.normalize import fold

__all__ = ["Entry", "Hit", "Lexicon", "NUMBER", "WORD", "lexicon", "vocabulary", "words_of"]

WORD = re.compile(r"[^\W_]+|©")
NUMBER = "#"  # the trie's key for any word that begins with a digit
_GAP = 3  # words that a `*` may stand for
_END = ""  # a trie node's key for the phrases that end there; no word is empty
_GROUP = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")
_MAX_VARIANTS = 512

Words = tuple[str, ...]


class Entry(NamedTuple):
    """A phrase of the lexicon: its category, the list it stands in (`whole`, `opens`, `has`, `weak`, `hints`), its text."""

    category: str
    kind: str
    phrase: str
    language: str


class Hit(NamedTuple):
    """A phrase found at the words `start`..`end` (half-open)."""

    start: int
    end: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A compiled set of phrases; build it with `Lexicon.of`."""

    trie: dict[str, Any]

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Lexicon:
        """Compile entries; a phrase with `(a|b)` or `[a]` becomes several plain ones, `*` splits one into pieces."""
        trie: dict[str, Any] = {}
        for entry in entries:
            for pieces in _variants(entry.phrase):
                node = trie
                for word in pieces[0]:
                    node = node.setdefault(word, {})
                node.setdefault(_END, []).append((pieces[1:], entry))
        return cls(trie)

    def hits(self, words: Sequence[str]) -> Iterator[Hit]:
        """All phrases in a list of folded words, also overlapping ones, by start.

        >>> e = Entry("newsletter", "has", "sign up for * newsletter", "en")
        >>> [(h.start, h.end) for h in Lexicon.of([e]).hits("please sign up for our free newsletter".split())]
        [(1, 6)]
        """
        root = self.trie
        for start, word in enumerate(words):
            node = root.get(word) or (root.get(NUMBER) if word[0].isdigit() else None)
            if node is not None:
                yield from self._walk(node, words, start)

    @staticmethod
    def _walk(node: dict[str, Any], words: Sequence[str], start: int) -> Iterator[Hit]:
        at, count = start + 1, len(words)
        while True:
            for rest, entry in node.get(_END, ()):
                end = _follow(rest, words, at)
                if end:
                    yield Hit(start, end, entry)
            if at >= count:
                return
            word = words[at]
            node = node.get(word) or (node.get(NUMBER) if word[0].isdigit() else None)  # type: ignore[assignment]
            if node is None:
                return
            at += 1


def _follow(pieces: Sequence[Words], words: Sequence[str], at: int) -> int:
    """The end of the remaining pieces, each at most `_GAP` words after the last; 0 where they are not there."""
    for piece in pieces:
        for start in range(at, at + _GAP + 1):
            if all(_same(p, words, start + k) for k, p in enumerate(piece)):
                at = start + len(piece)
                break
        else:
            return 0
    return at


def _same(pattern: str, words: Sequence[str], at: int) -> bool:
    return at < len(words) and (words[at] == pattern or (pattern == NUMBER and words[at][0].isdigit()))


def _variants(phrase: str) -> list[tuple[Words, ...]]:
    """The plain phrases that a pattern stands for, each as its pieces between the `*`.

    >>> _variants("sign up [now] for * (news|mail)")
    ... # doctest: +NORMALIZE_WHITESPACE
    [(('sign', 'up', 'now', 'for'), ('news',)), (('sign', 'up', 'now', 'for'), ('mail',)),
     (('sign', 'up', 'for'), ('news',)), (('sign', 'up', 'for'), ('mail',))]
    """
    plain, todo = [], [phrase]
    while todo:
        text = todo.pop(0)
        group = _GROUP.search(text)
        if not group:
            plain.append(text)
            continue
        choices = group[1].split("|") if group[1] is not None else [*group[2].split("|"), ""]
        todo[0:0] = [text[: group.start()] + choice + text[group.end() :] for choice in choices]
        if len(todo) + len(plain) > _MAX_VARIANTS:
            raise ValueError(f"the phrase {phrase!r} stands for more than {_MAX_VARIANTS} plain phrases; split it")
    cut = (tuple(tuple(_pattern_words(p)) for p in text.split("*")) for text in plain)
    pieces = (tuple(p for p in row if p) for row in cut)
    return [row for row in pieces if row]


def _pattern_words(text: str) -> list[str]:
    return [NUMBER if w == NUMBER or w[0].isdigit() else w for w in re.findall(r"[^\W_]+|#|©", fold(text))]


def words_of(text: str) -> list[str]:
    """The folded words of a text.

    >>> words_of("Sign up, it’s FREE!")
    ['sign', 'up', 'it', 's', 'free']
    """
    return WORD.findall(fold(text))


@cache
def lexicon() -> Lexicon:
    """The phrases of all language files, compiled once per process."""
    entries = [
        Entry(category, kind, phrase, language)
        for language, table in phrase_tables().items()
        for category, lists in table["categories"].items()
        for kind, phrases in lists.items()
        for phrase in phrases
    ]
    return Lexicon.of(list(dict.fromkeys(entries)))


@cache
def vocabulary(table: str, key: str) -> frozenset[tuple[str, ...]]:
    """One list of a table that is not a category (`form.fields`, `poll.votes`, `header.by` …), of all languages.

    Each phrase is a tuple of folded words.
    """
    found = (phrase for lang in phrase_tables().values() for phrase in lang.get(table, {}).get(key, ()))
    return frozenset(words for words in (tuple(_pattern_words(p)) for p in found) if words)
