"""The phrase lexicon: all languages' phrases in one word trie, matched in one walk over a text's words.

Cost is two dictionary look-ups for a word that opens no phrase, so thousands of phrases are as cheap as a few.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress, count
from typing import Any

from cleaner.data import packed, phrase_tables
from cleaner.text.normalize import fold
from cleaner.text.phrases import NUMBER, Words, beginnings_of, parse, pattern_words, sign_of
from cleaner.text.trie import USERS, Entry, Hit, Node, Step, hits_at

__all__ = [
    "NUMBER",
    "USERS",
    "WORD",
    "Entry",
    "Hit",
    "Lexicon",
    "Words",
    "by_first_word",
    "count_words",
    "entries_of",
    "entry_of",
    "heads_of",
    "holds",
    "lexicon",
    "openings",
    "vocabulary",
    "words_of",
    "words_of_each",
]

WORD = re.compile(r"[^\W_]+|©")
_END = ""  # between rows of words
_ALONE = " "  # in the place of a second word; no word is a space
_BORDER = "\0"  # between texts
_SIGNS = bytes(code if not code or chr(code).isalnum() or chr(code) == "©" else 32 for code in range(256))
_SIGN = re.compile(r"[^\w\0 ©]|_")
_WIDE_SIGN = re.compile(r"[^\w\0-\xff]")  # such as typographic quotes and dashes: beyond what a byte can tell
_MOST_SIGNS = 40  # of different kinds: each is looked for in the whole text

Row = tuple[str, str, str, str]  # what an `Entry` is made of


_Ways = dict[str, Sequence[int] | Node]  # second word (`_ALONE`: none) → places of phrases, compiled when a text has it


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A set of phrases; build it with `Lexicon.of`.

    `heads` are the places in `entries` of the phrases by the first word and the second (where they have no second, or
    go on with a `*`: `_ALONE`). What follows is compiled when a text first has the beginning.
    """

    entries: Sequence[Row]
    heads: Mapping[str, _Ways]

    @classmethod
    def of(cls, entries: Sequence[Row]) -> Lexicon:
        """A lexicon of these entries alone."""
        return cls(entries, _by_first_words((" ".join(head), at) for head, at in heads_of(entries).items()))

    def hits(self, words: Sequence[str]) -> tuple[Hit, ...]:
        """All phrases in a list of folded words, also overlapping ones, by start; amid long rows, those that can tell.

        >>> e = ("newsletter", "has", "sign up for * newsletter", "en")
        >>> [(h.start, h.end) for h in Lexicon.of([e]).hits("please sign up for our free newsletter".split())]
        [(1, 7)]
        """
        return self.hits_of([words])[0]

    def openings(self, words: Sequence[str]) -> list[Hit]:
        """The phrases that a row of folded words begins with, whatever stands behind them."""
        keys = [NUMBER if word[0].isdigit() else word for word in words]
        ways = self.heads.get(keys[0], {}) if keys else {}
        hits: list[Hit] = []
        for second in (_ALONE, *keys[1:2]):
            if second in ways:
                hits += hits_at([(0, 1 + (second is not _ALONE), self._node(keys[0], second))], keys, 0, len(keys))
        return hits

    def hits_of(self, rows: Sequence[Sequence[str]]) -> list[tuple[Hit, ...]]:
        """The phrases in each of several rows of words.

        All rows are looked at together, so that a word that begins no phrase costs one look-up within C code.
        """
        keys: list[str] = []
        for row in rows:
            keys += row
            keys.append(_END)
        spots = self._spots(keys)
        found, first, next_spot = list[tuple[Hit, ...]](), 0, 0
        for row in rows:
            last, here = first + len(row), next_spot
            while spots[next_spot][0] < last:
                next_spot += 1
            found.append(hits_at(spots[here:next_spot], keys, first, last) if next_spot > here else ())
            first = last + 1
        return found

    def _spots(self, keys: list[str]) -> list[tuple[int, int, Node]]:
        """Where phrases may begin: the place of the first word, that behind the first or second, and what may follow.

        Numbers among the keys become `NUMBER`. The last spot is behind all keys.
        """
        numbers = {word for word in set(keys) if not ":" <= word < "\x80" and word[:1].isdigit()}
        for at in compress(count(), map(numbers.__contains__, keys)) if numbers else ():
            keys[at] = NUMBER
        ways = list(map(self.heads.get, keys))
        spots: list[tuple[int, int, Node]] = []
        for at, way in compress(enumerate(ways), ways):
            assert way is not None
            following = keys[at + 1]
            if _ALONE in way:
                node = way[_ALONE]
                spots.append((at, at + 1, node if isinstance(node, Node) else self._node(keys[at], _ALONE)))
            if following in way:
                node = way[following]
                spots.append((at, at + 2, node if isinstance(node, Node) else self._node(keys[at], following)))
        spots.append((len(keys), 0, Node()))
        return spots

    def _node(self, first: str, second: str) -> Node:
        """What may follow the first words of phrases: the plain words, and what is left of each phrase at their ends."""
        place = self.heads[first][second]
        if isinstance(place, Node):
            return place
        root, head = Node(), (first,) if second == _ALONE else (first, second)
        for entry in dict.fromkeys(entry_of(self.entries[i]) for i in place):
            beginnings, places = beginnings_of(parse(entry.phrase))
            rest = tuple(map(Step.of, places))
            for words in beginnings:
                if words[:2] == head:
                    node = root
                    for following in words[2:]:
                        node = node.following.setdefault(following, Node())
                    node.add(rest, entry)
        root.idle = (
            second == _ALONE and not root.gated and not any(rest or _tells(entry) for _, rest, entry in root.ends)
        )
        self.heads[first][second] = root
        return root


def _by_first_words(heads: Iterable[tuple[str, Sequence[int]]]) -> dict[str, _Ways]:
    """Places of phrases by their first word and their second."""
    found: dict[str, _Ways] = {}
    for head, places in heads:
        first, _, second = head.partition(" ")
        found.setdefault(first, {})[second or _ALONE] = places
    return found


def entry_of(row: Row) -> Entry:
    """The entry of a row: with the sign that its phrase ends with."""
    category, kind, phrase, language = row[:4]
    return Entry(category, kind, phrase, language, sign_of(phrase))


def _tells(entry: Entry) -> bool:
    """Whether a phrase of one word can say something amid a sentence."""
    return entry.kind in ("opens", "has") or entry.category == "agency"


def words_of(text: str) -> list[str]:
    """The folded words of a text.

    >>> words_of("Sign up, it’s FREE!")
    ['sign', 'up', 'it', 's', 'free']
    """
    low = text.lower()
    return WORD.findall(low if len(low) == len(text) else fold(text))


def words_of_each(texts: Sequence[str]) -> list[Words]:
    """The folded words of each of many texts, looked at together: signs become spaces, and C code splits at these.

    >>> words_of_each(["Sign up, it’s FREE!", "", "Élan_vital © 2025"])
    [('sign', 'up', 'it', 's', 'free'), (), ('élan', 'vital', '©', '2025')]
    """
    low = _BORDER.join(texts).lower()
    if low.count(_BORDER) >= len(texts) or len(low) != sum(map(len, texts)) + len(texts) - 1:
        return [tuple(words_of(text)) for text in texts]
    return [tuple(row.split()) for row in _spaced(low).split(_BORDER)]


def count_words(text: str) -> int:
    """How many words a text has.

    >>> count_words("It’s_free: 3 €, ©")
    5
    """
    return len(_spaced(text.replace(_BORDER, " ")).split())


def _spaced(text: str) -> str:
    """A text with spaces in place of all signs that stand in no word, but for `_BORDER`, and around those that are one."""
    text, at = text.replace("©", " © "), 0
    for _ in range(_MOST_SIGNS):
        sign = _WIDE_SIGN.search(text, at)
        if sign is None:
            break
        at = sign.start()
        text = text.replace(sign[0], " ")
    try:
        return text.encode("latin-1").translate(_SIGNS).decode("latin-1")
    except UnicodeEncodeError:  # words of other scripts
        return _SIGN.sub(" ", text)


def entries_of(tables: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    """The phrases of the categories of all languages, in the order of the files."""
    return [
        (category, kind, phrase, language)
        for language, table in tables.items()
        for category, lists in table["categories"].items()
        for kind, phrases in lists.items()
        for phrase in phrases
    ]


def heads_of(entries: Sequence[Row]) -> dict[Words, list[int]]:
    """The first word or two → the places in `entries` of the phrases that may begin so."""
    found: dict[Words, list[int]] = {}
    for i, entry in enumerate(entries):
        for head in dict.fromkeys(head[:2] for head in beginnings_of(parse(entry[2]))[0]):
            found.setdefault(head, []).append(i)
    return found


@cache
def lexicon() -> Lexicon:
    """The phrases of all language files."""
    entries = entries_of(phrase_tables())
    heads = packed().get("heads")
    return Lexicon(entries, _by_first_words(heads.items())) if heads else Lexicon.of(entries)


@cache
def vocabulary(table: str, key: str) -> frozenset[tuple[str, ...]]:
    """One list of a table that is not a category (`form.fields`, `poll.votes`, `header.by` …), of all languages.

    Each phrase is a tuple of folded words.
    """
    found = (phrase for lang in phrase_tables().values() for phrase in lang.get(table, {}).get(key, ()))
    return frozenset(words for words in (tuple(pattern_words(p)) for p in found) if words)


@cache
def by_first_word(table: str, keys: tuple[str, ...]) -> dict[str, tuple[Words, ...]]:
    """The phrases of some lists of a table by their first word, longest first."""
    found: dict[str, list[Words]] = {}
    for phrase in sorted({p for key in keys for p in vocabulary(table, key)}, key=lambda p: (-len(p), p)):
        found.setdefault(phrase[0], []).append(phrase)
    return {word: tuple(phrases) for word, phrases in found.items()}


def openings(words: Words, table: str, *keys: str) -> list[Words]:
    """The phrases of a table's lists that a row of words begins with, longest first.

    >>> openings(("email", "address", "here"), "form", "fields")[:2]
    [('email', 'address'), ('email',)]
    """
    known = by_first_word(table, keys).get(words[0], ()) if words else ()
    return [p for p in known if words[: len(p)] == p]


def holds(words: Words, table: str, key: str) -> bool:
    """Whether a phrase of a table's list stands anywhere in a row of words."""
    known = by_first_word(table, (key,))
    if known.keys().isdisjoint(words):
        return False
    return any(words[i : i + len(p)] == p for i, word in enumerate(words) for p in known.get(word, ()))
