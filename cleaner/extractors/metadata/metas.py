"""Claims of `<meta>` and `<link>`: OpenGraph, Twitter cards, Dublin Core, citation, parsely, sailthru and plain names."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from cleaner.data import metadata_tables
from cleaner.extractors.metadata.scan import Scan
from cleaner.model import Claim
from cleaner.text.normalize import tidy

__all__ = ["meta_claims"]

_LONGEST = 3000  # characters of one value
_LISTS = ("authors", "tags")
_UNKNOWN = 999  # the rank of a name that is in no list


@cache
def _order() -> dict[str, list[tuple[str, int]]]:
    """Name of a meta → the fields it speaks for, each with its rank."""
    table: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for field, names in metadata_tables()["metas"].items():
        for rank, name in enumerate(names):
            table[name].append((field, rank))
    return dict(table)


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [(field, re.compile(pattern)) for field, pattern in metadata_tables()["patterns"].items()]


def _guessed(name: str) -> list[tuple[str, int]]:
    """The field of a name that no list knows, if the name itself says it: `w-published-date`."""
    if len(name) > 60 or name.startswith(("og:", "twitter:")):
        return []
    return [(field, _UNKNOWN) for field, pattern in _patterns() if pattern.search(name)][-1:]


def meta_claims(found: Scan) -> list[Claim]:
    """One claim for each name that a page uses and we know, in order of trust within a field.

    Values of a repeated name make one claim if the field is a list; else the first stands.
    """
    values: dict[tuple[str, int, str], list[str]] = {}
    table = _order()
    for name, content in found.metas:
        text = tidy(content[:_LONGEST])
        if not text:
            continue
        for field, rank in table.get(name) or _guessed(name):
            known = values.setdefault((field, rank, name), [])
            if text not in known and len(known) < 100:
                known.append(text)
    claims = []
    for (field, _, name), texts in sorted(values.items()):
        source = f"meta {name}"
        claims.append(Claim(field, tuple(texts) if field in _LISTS else texts[0], source))
    return [*claims, *_labelled(found), *_link_claims(found)]


def _labelled(found: Scan) -> list[Claim]:
    """Twitter's label and data pairs, where a label such as `Written by` says what the data is."""
    metas = dict(reversed(found.metas))
    claims = []
    for number in ("1", "2"):
        label, data = metas.get(f"twitter:label{number}", ""), metas.get(f"twitter:data{number}", "")
        if data and label.strip().lower().rstrip(": ") in metadata_tables()["words"]["written_by"]:
            claims.append(Claim("authors", (tidy(data),), "meta twitter:data"))
    return claims


def _link_claims(found: Scan) -> list[Claim]:
    claims = []
    for rel, href in found.links:
        words = rel.split()
        if "canonical" in words and href.startswith("http"):
            claims.append(Claim("url", href, "link canonical"))
        elif "license" in words and href:
            claims.append(Claim("license", href, "link license"))
        elif "image_src" in words:
            claims.append(Claim("image", href, "link image_src"))
    return claims
