"""The trie behind the lexicon: what may follow the first words of phrases, and the phrases found in a row of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from cleaner.text.phrases import Choices, Words

__all__ = ["USERS", "Entry", "Hit", "Node", "Step", "hits_at"]

USERS = "user:"  # how the language of a user's phrase begins
_GAP = 3  # words that a `*` may stand for
_ROW = 30  # words of a line that may be a row of buttons or fields


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


class Node:
    """Where the first words of phrases have led: what may still follow of those whose plain words end here, and the
    nodes that further plain words lead to. `gated` are those that need one of some words to follow, by that word.
    `idle` marks a word, such as those of menus, that says nothing amid a row.
    """

    __slots__ = ("_count", "ends", "following", "gated", "idle")

    def __init__(self) -> None:
        self.ends: list[_Ending] = []
        self.gated: dict[str, list[_Ending]] = {}
        self.following: dict[str, Node] = {}
        self.idle = False
        self._count = 0

    def add(self, rest: tuple[Step, ...], entry: Entry) -> None:
        """What may follow of one more phrase."""
        self._count += 1
        ending = (self._count, rest, entry)
        if not rest or rest[0].gap or rest[0].optional:
            self.ends.append(ending)
            return
        for word in rest[0].choices:
            self.gated.setdefault(word, []).append(ending)

    def endings(self, word: str) -> Sequence[_Ending]:
        """What may follow where this is the next word, in the order of the phrases."""
        gated = self.gated.get(word)
        if gated is None:
            return self.ends
        return sorted((*self.ends, *gated), key=itemgetter(0)) if self.ends else gated


class Step(NamedTuple):
    """What may stand at one place of a phrase: by the first word, the words that may follow it; or nothing, if it is
    `optional`; or, of a `gap`, any word or none."""

    choices: Mapping[str, Sequence[Words]]
    optional: bool
    gap: bool

    @classmethod
    def of(cls, choices: Choices) -> Step:
        """The step of a place of a phrase."""
        table: dict[str, list[Words]] = {}
        for words in choices or ():
            if words:
                table.setdefault(words[0], []).append(words[1:])
        return cls(table, choices is not None and () in choices, choices is None)


_Ending = tuple[int, tuple[Step, ...], Entry]  # of a phrase: its number, and what is left of it


def hits_at(spots: Sequence[tuple[int, int, Node]], keys: Sequence[str], first: int, last: int) -> tuple[Hit, ...]:
    """The phrases that begin at some spots of the row `first`..`last`."""
    hits: list[Hit] = []
    new = tuple.__new__  # without the way round over the named tuple's own
    amid = first + 1 if last - first > _ROW else last
    for start, at, node in spots:
        if node.idle and start > amid:
            continue
        while True:
            for _, rest, entry in node.endings(keys[at]) if at < last else node.ends:
                end = _follow(rest, keys, at, last) if rest else at
                if end:
                    hits.append(new(Hit, (start - first, end - first, entry)))
            if at >= last or keys[at] not in node.following:
                break
            node = node.following[keys[at]]
            at += 1
    return tuple(hits)


def _follow(rest: Sequence[Step], words: Sequence[str], at: int, last: int) -> int:
    """The furthest end of the rest of a phrase that begins at `at`, in a row that ends at `last`; 0 if it is not there."""
    ends = {at}
    for choices, optional, gap in rest:
        if gap:
            ends = {end + skip for end in ends for skip in range(_GAP + 1)}
            continue
        after = set(ends) if optional else set[int]()
        for end in ends:
            if end < last and words[end] in choices:
                for more in choices[words[end]]:
                    stop = end + 1 + len(more)
                    if stop <= last and (not more or tuple(words[end + 1 : stop]) == more):
                        after.add(stop)
        if not after:
            return 0
        ends = after
    return max(ends)
