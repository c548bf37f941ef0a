"""Claims of JSON-LD: what the node that describes the page says, and of the nodes it refers to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cleaner.extractors.metadata.jsonld import Node, main_node, names_of, nodes_of, parse_json, texts_of, types_of
from cleaner.extractors.metadata.scan import Scan
from cleaner.model import Claim

__all__ = ["linked_claims"]

# A newsroom writes the headline of its NewsArticle itself; that of an Article or BlogPosting is mostly a plug-in's title
# for search engines.
_NEWS = re.compile("news|report|liveblog", re.IGNORECASE)
_MOST_CHARACTERS = 3_000_000
_TEXTS = (
    ("title", "headline"),
    ("title", "alternativeHeadline"),
    ("title", "name"),
    ("date", "datePublished"),
    ("date", "dateCreated"),
    ("date", "uploadDate"),
    ("date_modified", "dateModified"),
    ("description", "description"),
    ("section", "articleSection"),
    ("language", "inLanguage"),
    ("license", "license"),
    ("url", "url"),
)


def linked_claims(found: Scan, address: str, title: str) -> list[Claim]:
    """The claims of a page's JSON-LD. `address` is the page's own without scheme; `title` a first idea of its title."""
    values: list[Any] = []
    size = 0
    for script in found.scripts:
        size += len(script)
        if size > _MOST_CHARACTERS:
            break
        values += parse_json(script)
    own, by_id = nodes_of(values)
    node = main_node(own, address, title)
    claims = _node_claims(node, by_id) if node else []
    return [*claims, *_site_claims(own, node, by_id)]


def _node_claims(node: Node, by_id: Mapping[str, Node]) -> list[Claim]:
    claims = []
    news = _NEWS.search(" ".join(types_of(node)))
    for field, key in _TEXTS:
        texts = texts_of(node.get(key))
        if texts:
            claims.append(Claim(field, texts[0], f"json-ld {key}" + (" (news)" if news and key == "headline" else "")))
    for key in ("author", "creator", "contributor"):
        names = names_of(node.get(key), by_id)
        if names:
            people = tuple(name for name, organisation in names if not organisation)
            chosen = people or tuple(name for name, _ in names)
            claims.append(Claim("authors", chosen, f"json-ld {key}" + ("" if people else " (organisation)")))
    tags = texts_of(node.get("keywords"))
    if tags:
        claims.append(Claim("tags", tuple(tags), "json-ld keywords"))
    image = _image(node.get("image"), by_id)
    if image:
        claims.append(Claim("image", image, "json-ld image"))
    free = node.get("isAccessibleForFree")
    if free is not None:
        claims.append(Claim("paywalled", str(free), "json-ld isAccessibleForFree"))
    return claims


def _image(value: Any, by_id: Mapping[str, Node]) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        node = by_id.get(str(value.get("@id")), value)
        value = node.get("url") or node.get("contentUrl")
    return value if isinstance(value, str) and value.startswith(("http", "/")) else None


def _site_claims(own: list[tuple[int, Node]], node: Node | None, by_id: Mapping[str, Node]) -> list[Claim]:
    """The site's name: the publisher of the article, else the WebSite of the graph."""
    claims = []
    publisher = node.get("publisher") if node else None
    if publisher:
        claims += [Claim("site_name", n, "json-ld publisher") for n, _ in names_of(publisher, by_id)[:1]]
    for _, other in own[:300]:
        if other.get("@type") == "WebSite":
            claims += [Claim("site_name", n, "json-ld WebSite") for n in texts_of(other.get("name"))[:1]]
            break
    return claims
