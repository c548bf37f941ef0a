"""What a language file lacks, and what in it collides: for the author of a tenth language."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.data import categories, phrase_tables
from cleaner.settings.checks import against_brackets
from cleaner.settings.files import read_toml
from cleaner.text.lexicon import words_of

__all__ = ["Finding", "check_language", "read_language"]

_KINDS = ("whole", "heads", "opens", "has", "weak", "hints")
_INSIDE = ("opens", "has", "hints")  # lists whose phrases are looked for inside of prose
_SHARED = ("whole", "heads", "weak", "hints")  # lists of which a phrase may stand in several categories
_PLAIN = re.compile(r"[()\[\]*#|]")
_MONTHS = 12


class Finding(NamedTuple):
    """One remark on a language file: "missing", "wrong" or "collides", the table or list, and what to do."""

    kind: str
    place: str
    text: str


def read_language(path: str | Path) -> dict[str, Any]:
    """A language file as it stands. Raises `SettingsError` for a file that cannot be read or is no TOML."""
    return read_toml(path)[0]


def check_language(table: Mapping[str, Any]) -> list[Finding]:
    """Hold one language's tables against those of the languages that come with the package.

    >>> [f.text for f in check_language({"categories": {"newsleter": {}}}) if "newsleter" in f.text]
    ["no category 'newsleter'. Did you mean 'newsletter'?"]
    """
    others = {name: t for name, t in phrase_tables().items() if t is not table and name != table.get("language")}
    return [*_shape(table, others), *_months(table), *_phrases(table), *_collisions(table, others)]


def _lists(table: Mapping[str, Any]) -> dict[str, Any]:
    """The lists of a file by their dotted names; of the categories, only those."""
    found: dict[str, Any] = {}
    for name, value in table.items():
        if name == "categories" or not isinstance(value, Mapping):
            found[name] = value
        else:
            found |= {f"{name}.{key}": inner for key, inner in value.items()}
    return found


def _shape(table: Mapping[str, Any], others: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Lists that every other language has, and names that none has."""
    own, known = _lists(table), [set(_lists(other)) for other in others.values()]
    wanted, possible = set.intersection(*known), set.union(*known)
    for name in sorted(wanted - set(own)):
        yield Finding("missing", name, "every other language has it")
    for name in sorted(set(own) - possible):
        yield Finding("wrong", name, f"no such table or list.{_hint(name, possible)}")
    for name, value in own.items():
        if name not in ("language", "months", "categories") and not _are_strings(value):
            yield Finding("wrong", name, "must be a list of strings")
    mine = table.get("categories", {})
    for name in sorted(set(mine) - set(categories())):
        yield Finding("wrong", f"categories.{name}", f"no category {name!r}.{_hint(name, categories())}")
    for name in sorted(set.intersection(*(set(other["categories"]) for other in others.values())) - set(mine)):
        yield Finding("missing", f"categories.{name}", "every other language has phrases for it")
    for name, lists in mine.items():
        for kind in lists:
            if kind not in _KINDS:
                yield Finding("wrong", f"categories.{name}.{kind}", f"no such list.{_hint(kind, _KINDS)}")


def _months(table: Mapping[str, Any]) -> Iterator[Finding]:
    months = table.get("months", [])
    if "months" in table and (len(months) != _MONTHS or not all(_are_strings(names) and names for names in months)):
        yield Finding("wrong", "months", "must be twelve lists of names, January's first")


def _phrases(table: Mapping[str, Any]) -> Iterator[Finding]:
    """Phrases that can never match."""
    for place, _, phrase in _rows(table):
        if not words_of(_PLAIN.sub(" ", phrase)):
            yield Finding("wrong", place, f"{phrase!r} holds no word")
        elif wrong := against_brackets(phrase):
            yield Finding("wrong", place, f"{phrase!r} {wrong}")


def _collisions(table: Mapping[str, Any], others: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Phrases of two categories, phrases that stand twice, and phrases that are words of any prose."""
    seen: dict[tuple[str, str], str] = {}
    told: dict[str, set[str]] = {}
    common = dict.fromkeys(table.get("function_words", ()), "this language")
    for name, other in others.items():
        common |= {w: name for w in other["function_words"] if w not in common}
    for place, kind, phrase in _rows(table):
        words = tuple(words_of(phrase))
        if not _PLAIN.search(phrase) and len(words) == 1 and words[0] in common and kind in _INSIDE:
            yield Finding("collides", place, f"{phrase!r} is a function word of {common[words[0]]}")
        first = seen.setdefault((kind, phrase.lower()), place)
        if first != place and kind not in _SHARED:
            yield Finding("collides", place, f"{phrase!r} stands in {first}, too; only the first is used")
        elif first == place and phrase.lower() in told.setdefault(place, set()):
            yield Finding("collides", place, f"{phrase!r} stands there twice")
        told.setdefault(place, set()).add(phrase.lower())


def _rows(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Place, list and text of every phrase of the categories."""
    for name, lists in table.get("categories", {}).items():
        for kind, phrases in lists.items():
            if _are_strings(phrases):
                yield from ((f"categories.{name}.{kind}", kind, phrase) for phrase in phrases)


def _are_strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) for v in value)


def _hint(name: str, known: Mapping[str, Any] | Sequence[str] | set[str]) -> str:
    near = difflib.get_close_matches(name, list(known), 1)
    return f" Did you mean {near[0]!r}?" if near else ""
