"""Repairs of characters that never change a word: each is one small function, can be left out, and is counted.

After ftfy, where every fix is a pure function that explains itself (https://ftfy.readthedocs.io).
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from itertools import pairwise
from typing import TypeAlias

__all__ = ["FIXES", "IN_MARKUP", "mend"]

_RETURNS = re.compile("\r\n?")
# What UTF-8 looks like when it was read as Latin-1 or Windows-1252; ftfy decides, this only spares it clean texts.
_TAIL = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"  # of a letter of several bytes
_WIDE = f"[ãäåæçèé]{_TAIL}{{2}}"  # of Han, kana, Hangul, which come in rows; alone, it may be `é –` in good French
_SUSPECT = re.compile(
    f"[ÂÃÐÑÎÏØÙâãäåæçèéïð](?:(?<=[ÂÃÐÑÎÏØÙ]){_TAIL}|(?<=[âï]){_TAIL}{{2}}|(?<=ð){_TAIL}{{3}}|{_TAIL}{{2}}{_WIDE})"
)
_AMPERSAND = re.compile(r"&(?:amp;|#0{0,4}38;|#x0{0,4}26;)+", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_LESS = re.compile(r"&(?:lt|#0{0,4}60|#x0{0,4}3c);(?=[a-z/!?])", re.IGNORECASE)
_ROUNDS = 8  # one repair may bring to light what another repairs; an entity may spell another
_STRUCK = re.compile("([<>]\u0338)")  # would be composed to signs that end no tag
_SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff]+")
_HYPHEN = re.compile(r"(?<![^\W\d_])([^\W\d_]+)-\n([^\W\d_]+)")
_WRAP_MIN, _WRAP_MAX = 40, 100  # characters of a hard-wrapped line
_WRAPPED = 3  # lines that break in the middle of a sentence, in a text that is hard-wrapped

_Fix: TypeAlias = Callable[[str], tuple[str, int]]  # text → the text mended, and in how many places


def mend(text: str, names: Collection[str]) -> tuple[str, Mapping[str, int]]:
    """Apply the named fixes, in the order of `FIXES`; also how often each was needed (those that were not are left out).

    >>> mend("Caf\\u00c3\\u00a9 &amp; bar\\r\\n", FIXES)
    ('Café & bar\\n', {'mojibake': 1, 'entities': 1, 'newlines': 1})
    """
    counts = Counter[str]()
    for _ in range(_ROUNDS):
        before = text
        for name, fix in FIXES.items():
            if name in names:
                text, count = fix(text)
                counts[name] += count
        if text == before:
            break
    return text, {name: count for name, count in counts.items() if count}


def _mojibake(text: str) -> tuple[str, int]:
    """UTF-8 that was read as another encoding, as far as ftfy is sure."""
    if text.isascii() or not _SUSPECT.search(text):
        return text, 0
    import ftfy

    lines = text.split("\n")
    mended = [ftfy.fix_encoding(line) if _SUSPECT.search(line) else line for line in lines]
    return "\n".join(mended), sum(a != b for a, b in zip(lines, mended, strict=True))


def _entities(text: str) -> tuple[str, int]:
    """Character references that the scraper left; one that would make a tag out of text stays.

    >>> _entities("Q&amp;amp;A &#8211; &lt;b&gt; &madeup;")
    ('Q&A – &lt;b> &madeup;', 3)
    """
    total = 0
    if "&" not in text:
        return text, total
    for _ in range(_ROUNDS):
        text, collapsed = _AMPERSAND.subn("&", text)
        found = sum(_plain(match) != match[0] for match in _ENTITY.finditer(text))
        if not collapsed and not found:
            break
        text = _ENTITY.sub(_plain, text)
        total += collapsed + found
    return text, total


def _plain(entity: re.Match[str]) -> str:
    return entity[0] if _LESS.match(entity.string, entity.start()) else html.unescape(entity[0])


def _newlines(text: str) -> tuple[str, int]:
    """The line ends of Windows and of old Macs."""
    return _RETURNS.subn("\n", text) if "\r" in text else (text, 0)


def _composed(text: str) -> tuple[str, int]:
    """Unicode NFC: a letter and its accent become one character.

    >>> _composed("Cafe\\u0301"), _composed("<p>\\u0338")[1]
    (('Café', 1), 0)
    """
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text, 0
    composed = "".join(p if _STRUCK.match(p) else unicodedata.normalize("NFC", p) for p in _STRUCK.split(text))
    return composed, max(1, len(text) - len(composed)) if composed != text else 0


def _spaces(text: str) -> tuple[str, int]:
    """Spaces of all widths, and those that do not break."""
    return (text, 0) if text.isascii() else _SPACES.subn(" ", text)


def _invisible(text: str) -> tuple[str, int]:
    """Soft hyphens, zero-width spaces, byte order marks, controls. Joiners stay: some scripts and emoji need them."""
    return _INVISIBLE.subn("", text)


def _hyphens(text: str) -> tuple[str, int]:
    """Words that were cut at the end of a line, in a text that was hard-wrapped.

    A hyphen that the word has elsewhere in the text stays.
    """
    if "-\n" not in text or not _is_wrapped(text):
        return text, 0
    words = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.lower()))

    def joined(match: re.Match[str]) -> str:
        first, second = match[1], match[2]
        if not second[0].islower():
            return match[0]
        whole, apart = words[(first + second).lower()], words[f"{first}-{second}".lower()]
        return f"{first}-{second}" if apart > whole else first + second

    mended = _HYPHEN.sub(joined, text)
    return mended, text.count("\n") - mended.count("\n")


def _is_wrapped(text: str) -> bool:
    """Whether an editor cut the lines of a text at a fixed width."""
    broken = 0
    for line, following in pairwise(text.split("\n")):
        broken += _WRAP_MIN <= len(line) <= _WRAP_MAX and following[:1].islower()
        if broken >= _WRAPPED:
            return True
    return False


FIXES: Mapping[str, _Fix] = {
    "mojibake": _mojibake,
    "entities": _entities,
    "newlines": _newlines,
    "spaces": _spaces,
    "invisible": _invisible,
    "composed": _composed,
    "hyphens": _hyphens,
}
"""The repairs by name, in the order in which they are made."""

IN_MARKUP = ("mojibake", "invisible", "composed")
"""Those that the source of a page may need; of the rest, a parser does most."""
