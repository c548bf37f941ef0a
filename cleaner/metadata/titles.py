"""The headline as a reader sees it, out of everything that a page calls its title."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from cleaner.data import metadata_tables
from cleaner.metadata.votes import Ballot, Winner
from cleaner.model import Claim
from cleaner.text.lexicon import words_of
from cleaner.text.normalize import tidy
from cleaner.text.sites import site_keys, squeezed

__all__ = ["choose_title", "cut_site"]

_SEPARATOR = re.compile(r"\s+[|–—\-•·»«:›/~>]+\s+|\s*(?:\||::|»|›|｜|—)\s*|(?<=\w):\s+|\s+-(?=\w)")
_AFTER = re.compile(r"\s*[|ㅣ–—\-•·»«›:/~_(]")
_BEFORE = re.compile(r"[|ㅣ–—\-•·»«›:/~_]\s*$")
_LONGEST = 400
_PART = 0.6  # share of its trust that a title gives to another that is a part of it
_NAME_OF_SITE = 0.1  # the same where the title is the site's name, as on a home page
_TAG = re.compile(r"</?(?:b|i|em|strong|span|br|sub|sup|p|a|h1)\b[^<>]{0,200}>", re.IGNORECASE)


def _is_site(piece: str, keys: frozenset[str]) -> bool:
    """Whether a piece of a title is the site's name, give or take an article or the domain's ending."""
    own = squeezed(piece)
    if not own or own in keys:
        return bool(own)
    if own.startswith("the") and own[3:] in keys:
        return True
    return any(
        len(k) > 4 and (k == "the" + own or (len(k) > 6 and own.startswith(k) and len(own) - len(k) <= 3)) for k in keys
    )


def cut_site(title: str, keys: frozenset[str]) -> str:
    """The title without the site's name at its end or beginning; the rest is kept as it is.

    >>> cut_site("Storm - what we know | The Harbour Post", frozenset({"harbourpost"}))
    'Storm - what we know'
    >>> cut_site("The Harbour Post", frozenset({"harbourpost"}))
    'The Harbour Post'
    """
    for _ in range(3):
        marks = list(_SEPARATOR.finditer(title))
        behind = [m for m in marks if m.start() and _is_site(title[m.end() :], keys)]
        before = [m for m in marks if title[m.end() :] and _is_site(title[: m.start()], keys)]
        if behind:
            title = title[: behind[-1].start()].strip()
        elif before:
            title = title[before[0].end() :].strip()
        else:
            break
    return title


def normal_title(text: str) -> str:
    """Entities decoded (also twice), tags and superfluous white space out."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub(" ", text)
    return tidy(text)[:_LONGEST].strip()


def choose_title(claims: Sequence[Claim], names: Sequence[str], url: str | None) -> Winner[str] | None:
    """The title that most trust stands behind; one that only adds a piece to it before or behind a separator supports it."""
    keys = site_keys(names, url)
    ballot: Ballot[str] = Ballot("title", lambda text: tuple(words_of(text)) or text)
    texts: list[tuple[str, str]] = []
    cut: dict[str, str] = {}  # sources repeat each other
    for claim in claims:
        text = normal_title(claim.value) if isinstance(claim.value, str) else ""
        if not text or _is_none(text):
            continue
        if text not in cut:
            cut[text] = "" if _is_site(text, keys) else cut_site(text, keys)
        if not cut[text]:
            ballot.add(text, claim.source, _NAME_OF_SITE)
        else:
            texts.append((cut[text], claim.source))
    for text, source in texts:
        part = _known_part(text, [t for t, s in texts if s != source])
        ballot.add(part or text, source, _PART if part else 1.0)
    return ballot.winner()


def _is_none(text: str) -> bool:
    """Whether a title says that there is none: `Home`, `404`, `Page not found`."""
    pieces = [" ".join(words_of(piece)) for piece in _SEPARATOR.split(text)[:2]]
    return pieces[0] in metadata_tables()["titles"]["none"]


def _known_part(text: str, others: Iterable[str]) -> str | None:
    """The longest other title that this one repeats, with more behind or before a separator."""
    found = []
    for other in others:
        size = len(other)
        if size < 8 or size >= len(text):
            continue
        after = text[size:] if text.startswith(other) else ""
        before = text[:-size] if text.endswith(other) else ""
        if _AFTER.match(after) or _BEFORE.search(before):
            found.append(other)
    return max(found, key=len, default=None)
