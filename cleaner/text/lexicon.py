"""The phrase lexicon: all languages' phrases in one word trie, matched in one walk over a text's words.

Cost is two dictionary look-ups for a word that opens no phrase, so thousands of phrases are as cheap as a few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import compress, count, pairwise, product
from typing import Any, NamedTuple

from cleaner.data import packed, phrase_tables
from cleaner.text.normalize import fold

__all__ = [
    "NUMBER",
    "USERS",
    "WORD",
    "Entry",
    "Hit",
    "Lexicon",
    "Speech",
    "Words",
    "entries_of",
    "entry_of",
    "heads_of",
    "holds",
    "lexicon",
    "openings",
    "plain_forms",
    "speech_of",
    "vocabulary",
    "words_of",
]

WORD = re.compile(r"[^\W_]+|©")
NUMBER = "#"  # the trie's key for any word that begins with a digit
USERS = "user:"  # how the language of a user's phrase begins
_GAP = 3  # words that a `*` may stand for
_END = ""  # a trie node's key for the phrases that end there; no word is empty
_TOKEN = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]|\*|[^()\[\]*]+")
_ROW = 30  # words of a line that may be a row of buttons or fields
_PATTERN_SIGNS = ")]#*©"
_MAX_HEADS = 32  # plain beginnings that one phrase puts into the trie; what follows is compared word by word

Words = tuple[str, ...]
Row = tuple[str, str, str, str]  # what an `Entry` is made of
Choices = tuple[Words, ...] | None  # what may stand at one place of a phrase; None for a `*`


class Entry(NamedTuple):
    """A phrase of the lexicon: its category, the list it stands in (`whole`, `opens`, `has`, `weak`, `hints`), its text."""

    category: str
    kind: str
    phrase: str
    language: str
    sign: str = ""
    """What a phrase written with a sign at its end, such as a colon, needs behind its last word."""

    @property
    def users(self) -> bool:
        """Stands in a user's settings."""
        return self.language.startswith(USERS)


class Hit(NamedTuple):
    """A phrase found at the words `start`..`end` (half-open)."""

    start: int
    end: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A set of phrases; build it with `Lexicon.of`.

    `heads` are the places in `entries` of the phrases that begin with one word (where they are no longer, or go on with
    a `*`) or with two. What follows is compiled when a text first has the beginning.
    """

    entries: Sequence[Row]
    heads: Mapping[Words, Sequence[int]]
    tries: dict[Words, dict[str, Any]] = field(default_factory=dict)
    items: set[Words] = field(default_factory=set)
    """Words, such as those of menus, that say nothing amid a long row."""

    @classmethod
    def of(cls, entries: Sequence[Row]) -> Lexicon:
        """A lexicon of these entries alone."""
        return cls(entries, heads_of(entries))

    def hits(self, words: Sequence[str]) -> tuple[Hit, ...]:
        """All phrases in a list of folded words, also overlapping ones, by start; amid long rows, those that can tell.

        >>> e = ("newsletter", "has", "sign up for * newsletter", "en")
        >>> [(h.start, h.end) for h in Lexicon.of([e]).hits("please sign up for our free newsletter".split())]
        [(1, 7)]
        """
        return self.hits_of([words])[0]

    def openings(self, words: Sequence[str]) -> Iterator[Hit]:
        """The phrases that a row of folded words begins with, whatever stands behind them."""
        keys = [NUMBER if word[0].isdigit() else word for word in words]
        for head in (tuple(keys[:1]), tuple(keys[:2])):
            if head in self.heads:
                yield from _walk(self._trie(head), keys, 0, len(head))
            if len(keys) < 2:
                return

    def hits_of(self, rows: Sequence[Sequence[str]]) -> list[tuple[Hit, ...]]:
        """The phrases in each of several rows of words.

        All rows are looked at together, so that a word that begins no phrase costs two look-ups within C code.
        """
        keys: list[str] = []
        for row in rows:
            keys += row
            keys.append(_END)
        numbers = {word for word in set(keys) if word[:1].isdigit()}
        for at in compress(count(), map(numbers.__contains__, keys)) if numbers else ():
            keys[at] = NUMBER
        heads = self.heads
        spots: list[tuple[int, Words]] = [
            (at, (keys[at],)) for at in compress(count(), map(heads.__contains__, zip(keys)))
        ]
        pairs = map(heads.__contains__, pairwise(keys))
        spots += [(at, (keys[at], keys[at + 1])) for at in compress(count(), pairs)]
        spots.sort()
        found, first, at = [], 0, 0
        for row in rows:
            last = first + len(row)
            here = at
            while at < len(spots) and spots[at][0] < last:
                at += 1
            found.append(self._hits_at(spots[here:at], keys[first:last], first) if at > here else ())
            first = last + 1
        return found

    def _hits_at(self, spots: Sequence[tuple[int, Words]], words: Sequence[str], offset: int) -> tuple[Hit, ...]:
        hits: list[Hit] = []
        long = len(words) > _ROW
        for at, head in spots:
            trie = self._trie(head)
            if not (long and at - offset > 1 and head in self.items):
                hits += _walk(trie, words, at - offset, len(head))
        return tuple(hits)

    def _trie(self, head: Words) -> dict[str, Any]:
        """What may follow the first words of phrases: the plain words, and what is left of each phrase at their ends."""
        trie = self.tries.get(head)
        if trie is None:
            trie = {}
            for entry in dict.fromkeys(entry_of(self.entries[i]) for i in self.heads[head]):
                beginnings, rest = _heads(_parse(entry.phrase))
                for words in beginnings:
                    if words[:2] == head:
                        node = trie
                        for following in words[2:]:
                            node = node.setdefault(following, {})
                        node.setdefault(_END, []).append((rest, entry))
            self.tries[head] = trie
            if len(head) == 1 and not any(rest or _tells(entry) for rest, entry in trie[_END]):
                self.items.add(head)
        return trie


def entry_of(row: Row) -> Entry:
    """The entry of a row: with the sign that its phrase ends with."""
    category, kind, phrase, language = row[:4]
    return Entry(category, kind, phrase, language, _sign(phrase))


def plain_forms(phrase: str) -> Iterator[str]:
    """Texts that a phrase stands for, nothing where a `*` stands.

    >>> list(plain_forms("sign up [now] for (news|mail)"))
    ['sign up now for news', 'sign up now for mail', 'sign up for news', 'sign up for mail']
    """
    places = [choices for choices in _parse(phrase) if choices is not None]
    for chosen in product(*places):
        words = " ".join(word for choice in chosen for word in choice).replace(NUMBER, "7")
        yield words + _sign(phrase)


def _tells(entry: Entry) -> bool:
    """Whether a phrase of one word can say something amid a sentence."""
    return entry.kind in ("opens", "has") or entry.category == "agency"


def _sign(phrase: str) -> str:
    return "" if phrase[-1].isalnum() or phrase[-1] in _PATTERN_SIGNS else phrase[-1]


def _walk(node: dict[str, Any], words: Sequence[str], start: int, size: int) -> Iterator[Hit]:
    """The phrases that begin at `start` with the words that led to a node."""
    at, most = start + size, len(words)
    while True:
        for rest, entry in node.get(_END, ()):
            end = _follow(rest, words, at) if rest else at
            if end:
                yield Hit(start, end, entry)
        if at >= most or words[at] not in node:
            return
        node, at = node[words[at]], at + 1


def _follow(rest: Sequence[Choices], words: Sequence[str], at: int) -> int:
    """The furthest end of the rest of a phrase that begins at `at`; 0 where it is not there."""
    ends = {at}
    for choices in rest:
        if choices is None:
            ends = {end + skip for end in ends for skip in range(_GAP + 1)}
        else:
            ends = {end + len(c) for end in ends for c in choices if tuple(words[end : end + len(c)]) == c}
        if not ends:
            return 0
    return max(ends)


def _parse(phrase: str) -> list[Choices]:
    """The places of a phrase.

    >>> _parse("sign up [now] for * (news|mail)")
    [(('sign', 'up'),), (('now',), ()), (('for',),), None, (('news',), ('mail',))]
    """
    places: list[Choices] = []
    for match in _TOKEN.finditer(phrase):
        if match[0] == "*":
            places.append(None)
        elif match[1] is not None:
            places.append(tuple(tuple(_pattern_words(c)) for c in match[1].split("|")))
        elif match[2] is not None:
            places.append((*(tuple(_pattern_words(c)) for c in match[2].split("|")), ()))
        elif words := tuple(_pattern_words(match[0])):
            places.append((words,))
    while places and places[-1] is None:
        places.pop()
    while places and places[0] is None:  # words that may stand before a phrase, or not, say nothing
        places.pop(0)
    return places


def _heads(places: Sequence[Choices]) -> tuple[list[Words], tuple[Choices, ...]]:
    """The plain beginnings of a phrase and the places after them.

    >>> _heads(_parse("sign up [now] * mail"))
    ([('sign', 'up', 'now'), ('sign', 'up')], (None, (('mail',),)))
    """
    heads: list[Words] = [()]
    for i, choices in enumerate(places):
        if choices is None or (i and len(heads) * len(choices) > _MAX_HEADS):
            return [h for h in heads if h], tuple(places[i:])
        heads = [head + choice for head in heads for choice in choices]
    return [h for h in heads if h], ()


def _pattern_words(text: str) -> list[str]:
    return [NUMBER if w == NUMBER or w[0].isdigit() else w for w in re.findall(r"[^\W_]+|#|©", fold(text))]


def words_of(text: str) -> list[str]:
    """The folded words of a text.

    >>> words_of("Sign up, it’s FREE!")
    ['sign', 'up', 'it', 's', 'free']
    """
    low = text.lower()
    return WORD.findall(low if len(low) == len(text) else fold(text))


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
        for head in dict.fromkeys(head[:2] for head in _heads(_parse(entry[2]))[0]):
            found.setdefault(head, []).append(i)
    return found


@cache
def lexicon() -> Lexicon:
    """The phrases of all language files."""
    entries = entries_of(phrase_tables())
    heads = packed().get("heads")
    return Lexicon(entries, {tuple(head.split()): at for head, at in heads.items()} if heads else heads_of(entries))


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


@cache
def vocabulary(table: str, key: str) -> frozenset[tuple[str, ...]]:
    """One list of a table that is not a category (`form.fields`, `poll.votes`, `header.by` …), of all languages.

    Each phrase is a tuple of folded words.
    """
    found = (phrase for lang in phrase_tables().values() for phrase in lang.get(table, {}).get(key, ()))
    return frozenset(words for words in (tuple(_pattern_words(p)) for p in found) if words)


@cache
def _by_first_word(table: str, keys: tuple[str, ...]) -> dict[str, tuple[Words, ...]]:
    """The phrases of some lists by their first word, longest first."""
    found: dict[str, list[Words]] = {}
    for phrase in sorted({p for key in keys for p in vocabulary(table, key)}, key=lambda p: (-len(p), p)):
        found.setdefault(phrase[0], []).append(phrase)
    return {word: tuple(phrases) for word, phrases in found.items()}


def openings(words: Words, table: str, *keys: str) -> list[Words]:
    """The phrases of a table's lists that a row of words begins with, longest first.

    >>> openings(("email", "address", "here"), "form", "fields")[:2]
    [('email', 'address'), ('email',)]
    """
    known = _by_first_word(table, keys).get(words[0], ()) if words else ()
    return [p for p in known if words[: len(p)] == p]


def holds(words: Words, table: str, key: str) -> bool:
    """Whether a phrase of a table's list stands anywhere in a row of words."""
    known = _by_first_word(table, (key,))
    return any(words[i : i + len(p)] == p for i, word in enumerate(words) for p in known.get(word, ()))
