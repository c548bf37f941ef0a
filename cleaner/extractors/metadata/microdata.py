"""Claims of microdata and RDFa, read from the elements that carry `itemprop` or `property`."""

from __future__ import annotations

import re
from typing import Any

from cleaner.extractors.metadata.scan import Scan, Spot, text_of
from cleaner.model import Claim

__all__ = ["microdata_claims"]

_FIELDS = {
    "headline": "title",
    "datepublished": "date",
    "datecreated": "date",
    "datemodified": "date_modified",
    "author": "authors",
    "creator": "authors",
    "description": "description",
    "articlesection": "section",
    "keywords": "tags",
    "isaccessibleforfree": "paywalled",
    "license": "license",
}
_ARTICLE = re.compile(
    r"article|posting|news|report|review|recipe|blog|webpage|creativework|question|product", re.IGNORECASE
)
_DEPTH = 60  # ancestors that are looked at for the item that a property belongs to
_LIST = 3  # items of one page with their own headline; more are a list of teasers


def microdata_claims(found: Scan) -> list[Claim]:
    """The claims of the page's own item: the first that is an article; on a page of many, the one around the `<h1>`."""
    items: dict[Any, list[tuple[str, Spot]]] = {}
    for spot in found.properties:
        name = spot.why.rsplit(":", 1)[-1].strip()
        if name not in _FIELDS or spot.why.startswith(("og:", "article:", "twitter:")):
            continue
        owner = _owner(spot.element)
        if owner is None or _ARTICLE.search(_type(owner)):
            items.setdefault(owner, []).append((name, spot))
    chosen = _chosen(found, items)
    claims: list[Claim] = []
    authors: dict[str, list[str]] = {}
    for name, spot in chosen:
        for value in _values(spot.element, name):
            if _FIELDS[name] == "authors":
                authors.setdefault(name, []).append(value)
            elif _FIELDS[name] == "tags":
                claims.append(Claim("tags", (value,), f"microdata {name}"))
            else:
                claims.append(Claim(_FIELDS[name], value, f"microdata {name}"))
    return [*claims, *(Claim("authors", tuple(v[:50]), f"microdata {k}") for k, v in authors.items())]


def _chosen(found: Scan, items: dict[Any, list[tuple[str, Spot]]]) -> list[tuple[str, Spot]]:
    loose = items.pop(None, [])
    titled = [rows for rows in items.values() if any(name == "headline" for name, _ in rows)]
    if len(titled) > _LIST and found.headlines:
        around = {a for spot in found.headlines for a in spot.element.iterancestors()}
        own = [rows for owner, rows in items.items() if owner in around]
        return own[0] if own else []
    best = max(items.values(), key=lambda rows: len({name for name, _ in rows}), default=[])
    return best or (loose if len(loose) < 30 else [])


def _owner(element: Any) -> Any:
    """The item around a property; a person inside an `author` belongs to the author, not to the article."""
    for depth, ancestor in enumerate(element.iterancestors()):
        if depth > _DEPTH:
            return None
        if ancestor.get("itemscope") is not None or ancestor.get("typeof"):
            return ancestor
    return None


def _type(owner: Any) -> str:
    return str(owner.get("itemtype") or owner.get("typeof") or "").rstrip("/").rsplit("/", 1)[-1]


def _values(element: Any, name: str) -> list[str]:
    if _FIELDS[name] == "authors":
        inner = [e for e in element.iter("*") if e is not element and _is_name(e)]
        texts = [e.get("content") or text_of(e) for e in inner[:20]]
        return texts or [t for t in [element.get("content") or text_of(element)] if t]
    for key in ("content", "datetime", "href" if name == "license" else "title"):
        if element.get(key):
            return [element.get(key)]
    return [t for t in [text_of(element)] if t]


def _is_name(element: Any) -> bool:
    return (element.get("itemprop") or element.get("property") or "").lower().rsplit(":", 1)[-1] == "name"
