"""The headline as a reader sees it, out of everything that a page calls its title."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from cleaner.data import metadata_tables
from cleaner.metadata.votes import Ballot, Winner
from cleaner.model import Claim
from cleaner.text.dates import find_date
from cleaner.text.lexicon import words_of
from cleaner.text.normalize import tidy
from cleaner.text.sites import original_address, site_keys, squeezed

__all__ = ["choose_title", "cut_site"]

_SEPARATOR = re.compile(  # `(?<!\s)`: tried once for each run of white space, not once for each of its characters
    r"(?<!\s)\s+[|–—\-•·»«:›/~>]+\s+|(?:(?<!\s)\s+)?(?:\||::|»|›|｜|—)\s*|(?<=\w):\s+|(?<!\s)\s+-(?=\w)"
)
_AFTER = re.compile(r"\s*[|ㅣ–—\-•·»«›:/~_(]")
_BEFORE = re.compile(r"[|ㅣ–—\-•·»«›:/~_]\s*$")
_SIGNS = " |ㅣ–—-•·»«›:/~"
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
    ballot: Ballot[str] = Ballot("title", lambda text: tuple(words_of(text)) or text)
    stated = [(normal_title(claim.value), claim) for claim in claims if isinstance(claim.value, str)]
    keys = site_keys(names, url) | _mastheads(stated, url)
    texts: list[tuple[str, str]] = []
    cut: dict[str, str] = {}  # sources repeat each other
    for text, claim in stated:
        if not text or _is_none(text):
            continue
        if text not in cut:
            cut[text] = "" if _is_site(text, keys) else cut_site(text, keys)
        if not cut[text]:
            ballot.add(text, claim.source, _NAME_OF_SITE)
        else:
            texts.append((cut[text], claim.source))
    for text, source in texts:
        others = [t for t, s in texts if s != source]
        whole = _untruncated(text, others)
        part = None if whole else _known_part(text, others)
        ballot.add(whole or part or text, source, _PART if part else 1.0)
    return ballot.winner()


def _mastheads(stated: Sequence[tuple[str, Claim]], url: str | None) -> frozenset[str]:
    """Headings, squeezed, that are the name of the site or a section.

    The page's title has such a heading at one end and something else, which the address repeats, at the other; that
    is a title of its own elsewhere, or stands where a headline does, in front.
    """
    slug = _slug(url)
    texts = {text for text, _ in stated}
    found = set()
    for heading in {text for text, claim in stated if slug and claim.source.startswith(("h1", "h2", "marked"))}:
        own = len(slug.intersection(words_of(heading)))
        for text in texts:
            rest = _rest(text, heading)
            shared = len(slug.intersection(words_of(rest)))
            alone = rest.strip(_SIGNS) in texts
            if shared > own and (alone or (text.endswith(heading) and shared > 1)):
                found.add(squeezed(heading))
    return frozenset(found)


@lru_cache(maxsize=64)
def _slug(url: str | None) -> frozenset[str]:
    """The words of the last part of an address."""
    path = urlsplit(original_address(url)).path.rstrip("/") if url else ""
    return frozenset(words_of(unquote(path.rsplit("/", 1)[-1]).rsplit(".", 1)[0]))


def _rest(text: str, piece: str) -> str:
    """What a title has besides a piece at its beginning or end, where a separator stands between the two."""
    if text.startswith(piece) and _AFTER.match(text[len(piece) :]):
        return text[len(piece) :]
    if text.endswith(piece) and _BEFORE.search(text[: -len(piece)]):
        return text[: -len(piece)]
    return ""


def _is_none(text: str) -> bool:
    """Whether a title says that there is none: `Home`, `404`, `Page not found`."""
    pieces = [" ".join(words_of(piece)) for piece in _SEPARATOR.split(text)[:2]]
    return pieces[0] in metadata_tables()["titles"]["none"]


def _is_day(text: str) -> bool:
    """Whether a text is a date and nothing else, as it may stand in front of the headline, inside its element."""
    day = find_date(text) if len(text) < 30 else None
    return day is not None and not any(ch.isalpha() for ch in text[: day.start] + text[day.end :])


def _untruncated(text: str, others: Iterable[str]) -> str | None:
    """The title that this one was before a quotation mark ended its attribute."""
    if len(text) < 12:
        return None
    return next((t for t in others if t.startswith(text) and t[len(text) :].lstrip().startswith('"')), None)


def _known_part(text: str, others: Iterable[str]) -> str | None:
    """The longest other title that this one repeats, with more behind or before a separator."""
    found = []
    for other in others:
        size = len(other)
        if size < 8 or size >= len(text):
            continue
        before = text[:-size] if text.endswith(other) else ""
        if _rest(text, other) or (before and _is_day(before)):
            found.append(other)
    return max(found, key=len, default=None)
