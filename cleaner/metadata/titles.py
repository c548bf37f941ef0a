"""The headline as a reader sees it, out of everything that a page calls its title."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from cleaner.metadata.votes import Ballot, Winner
from cleaner.model import Claim
from cleaner.text.lexicon import words_of
from cleaner.text.normalize import tidy

__all__ = ["choose_title", "cut_site"]

_SEPARATOR = re.compile(r"\s+[|–—\-•·»«:›/~>]+\s+|\s*(?:\||::|»|›|｜|—)\s*|(?<=\w):\s+|\s+-(?=\w)")
_AFTER = re.compile(r"\s*[|ㅣ–—\-•·»«›:/~_(]")
_BEFORE = re.compile(r"[|ㅣ–—\-•·»«›:/~_]\s*$")
_LONGEST = 400
_PART = 0.6  # share of its trust that a title gives to another that is a part of it
_NAME_OF_SITE = 0.1  # the same where the title is the site's name, as on a home page
_TAG = re.compile(r"</?(?:b|i|em|strong|span|br|sub|sup|p|a|h1)\b[^<>]{0,200}>", re.IGNORECASE)


def _squeezed(text: str) -> str:
    return "".join(words_of(text))


def original_address(url: str) -> str:
    """The address inside that of an archive, such as `https://web.archive.org/web/2014/http://example.org/`."""
    at = max(url.rfind("/http://"), url.rfind("/https://"))
    return url[at + 1 :] if at > 0 else url


def site_keys(names: Iterable[str], url: str | None) -> frozenset[str]:
    """What a site is called, squeezed for comparison: its stated names and the labels of its domain."""
    keys = set()
    for name in names:
        for part in {name, name.removeprefix("www."), *re.split(r"\s+[|–—-]\s+", name)}:
            keys.add(_squeezed(part))
    host = (urlsplit(original_address(url)).hostname or "").removeprefix("www.") if url else ""
    labels = host.split(".")
    if len(labels) > 1:
        keys |= {_squeezed(host), _squeezed("".join(labels[:-1])), *(_squeezed(x) for x in labels[:-1] if len(x) > 3)}
    return frozenset(k for k in keys if len(k) > 1)


def _is_site(piece: str, keys: frozenset[str]) -> bool:
    """Whether a piece of a title is the site's name, give or take an article or the domain's ending."""
    squeezed = _squeezed(piece)
    if not squeezed or squeezed in keys:
        return bool(squeezed)
    if squeezed.startswith("the") and squeezed[3:] in keys:
        return True
    return any(
        len(k) > 4
        and (k == "the" + squeezed or (len(k) > 6 and squeezed.startswith(k) and len(squeezed) - len(k) <= 3))
        for k in keys
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
    for claim in claims:
        text = normal_title(claim.value) if isinstance(claim.value, str) else ""
        if text and _is_site(text, keys):
            ballot.add(text, claim.source, _NAME_OF_SITE)
        elif text:
            texts.append((cut_site(text, keys), claim.source))
    for text, source in texts:
        part = _known_part(text, [t for t, s in texts if s != source])
        ballot.add(part or text, source, _PART if part else 1.0)
    return ballot.winner()


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
