"""JSON-LD as pages write it: several scripts, graphs, nested nodes, references by `@id`, and JSON that is broken."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

__all__ = ["Node", "main_node", "names_of", "nodes_of", "parse_json", "texts_of", "types_of"]

Node: TypeAlias = Mapping[str, Any]

_LONGEST = 1_500_000  # characters of one script that are parsed
_MOST_NODES = 3000
_INTO = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemReviewed", "@reverse", "about", "subjectOf")
_COMMENT = re.compile(
    r"^\s*(?:/\*.{0,2000}?\*/|//[^\n]{0,500}|<!\[CDATA\[|<!--)|(?://\s*)?\]\]>\s*$|-->\s*$", re.DOTALL
)
_TRAILING = re.compile(r",(?=\s*[}\]])")
_STRING = re.compile(r'"(@type|headline|datePublished|dateModified|name|author)"\s*:\s*"((?:[^"\\\n]|\\.){1,1000})"')
_ARTICLE = re.compile(r"article|posting|news|report|review|recipe|blog$", re.IGNORECASE)
_PAGE = re.compile(r"page$|question|product|event|course|creativework|videoobject|podcastepisode|book", re.IGNORECASE)


def parse_json(text: str) -> list[Any]:
    """The JSON values of a script; what is broken is repaired where that is safe, else only single fields are read.

    >>> parse_json('{"a": 1,} {"b": 2}')
    [{'a': 1}, {'b': 2}]
    """
    if len(text) > _LONGEST:
        return []
    try:
        return [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        pass
    text = text.strip().rstrip(";")
    for _ in range(3):
        text = _COMMENT.sub("", text)
    for candidate in (text, _TRAILING.sub("", text)):
        try:
            found = list(_values(candidate))
        except RecursionError:
            return []
        if found:
            return found
    return _fields(text)


def _values(text: str) -> Iterator[Any]:
    """JSON values one after the other; stops with nothing at the first that cannot be read."""
    decoder = json.JSONDecoder(strict=False)
    at, out = 0, []
    while at < len(text):
        gap = re.compile(r"[\s,;]*").match(text, at)
        at = gap.end() if gap else at
        if at >= len(text):
            break
        try:
            value, at = decoder.raw_decode(text, at)
        except ValueError:
            return
        out.append(value)
    yield from out


def _fields(text: str) -> list[Any]:
    """The plain fields before the first repetition of a key: what can be trusted of a script beyond repair."""
    node: dict[str, Any] = {}
    for match in _STRING.finditer(text):
        if match[1] in node:
            continue
        try:
            node[match[1]] = json.loads(f'"{match[2]}"', strict=False)
        except ValueError:
            continue
    node.pop("name", None)
    return [node] if "@type" in node and _ARTICLE.search(str(node["@type"])) else []


def nodes_of(values: list[Any]) -> tuple[list[tuple[int, Node]], dict[str, Node]]:
    """The nodes that may describe the page itself, each with its depth, and every node by its `@id`.

    Nodes inside properties such as `itemListElement` or `comment` describe other things and are only indexed.
    """
    own: list[tuple[int, Node]] = []
    by_id: dict[str, Node] = {}
    queue: list[tuple[Any, int, bool]] = [(v, 0, True) for v in reversed(values)]
    seen = 0
    while queue and seen < _MOST_NODES:
        value, depth, main = queue.pop()
        seen += 1
        if isinstance(value, list):
            queue += [(v, depth, main) for v in reversed(value)]
        elif isinstance(value, dict):
            ident = value.get("@id")
            if isinstance(ident, str) and len(value) > len(by_id.get(ident, ())):
                by_id[ident] = value
            if main:
                own.append((depth, value))
            for key, inner in value.items():
                if isinstance(inner, (dict, list)):
                    queue.append((inner, depth + (key != "@graph"), main and key in _INTO))
    return own, by_id


def types_of(node: Node) -> list[str]:
    """The types of a node as they are written."""
    kind = node.get("@type", "")
    return [str(k) for k in kind] if isinstance(kind, list) else [str(kind)]


def main_node(own: list[tuple[int, Node]], address: str, title: str) -> Node | None:
    """The node that describes this page: an article before a mere page, the one with this address or title first."""
    best: tuple[float, Node] | None = None
    for place, (depth, node) in enumerate(own[:300]):
        kinds = " ".join(types_of(node))
        if _ARTICLE.search(kinds):
            score = 10.0
        elif _PAGE.search(kinds):
            score = 3.0
        else:
            continue
        score += 3.0 * any(k in node for k in ("headline", "datePublished"))
        score += 2.0 * ("author" in node) - 2.0 * depth - 0.01 * place
        headline = " ".join(texts_of(node.get("headline") or node.get("name")))[:300]
        score += 4.0 * bool(headline and title and (headline in title or title in headline))
        score += 4.0 * (bool(address) and address in _addresses(node))
        if best is None or score > best[0]:
            best = (score, node)
    return best[1] if best else None


def _addresses(node: Node) -> set[str]:
    out = set()
    for key in ("url", "mainEntityOfPage", "@id"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            out.add(value.split("#")[0].split("?")[0].rstrip("/").removeprefix("http:").removeprefix("https:"))
    return out


def texts_of(value: Any) -> list[str]:
    """The strings of a value: itself, the items of a list, `@value`, `name` or `url` of a node. Entities are decoded."""
    out: list[str] = []
    for item in value[:200] if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            item = item.get("@value") or item.get("name") or item.get("url") or item.get("@id")
            if isinstance(item, list):
                item = item[0] if item else None
        if isinstance(item, (str, int, float)) and not isinstance(item, bool):
            text = html.unescape(html.unescape(str(item))).strip()
            if text:
                out.append(text)
    return out


def names_of(value: Any, by_id: Mapping[str, Node]) -> list[tuple[str, bool]]:
    """The names of authors, each with whether it is an organisation; a reference is followed once."""
    out: list[tuple[str, bool]] = []
    for item in value[:100] if isinstance(value, list) else [value]:
        if isinstance(item, list):
            item = item[0] if item else None
        if isinstance(item, dict) and "name" not in item and isinstance(item.get("@id"), str):
            item = by_id.get(item["@id"], item)
        organisation = isinstance(item, dict) and "Person" not in types_of(item) and types_of(item) != [""]
        if isinstance(item, dict) and not item.get("name"):
            given, family = item.get("givenName"), item.get("familyName")
            item = f"{given} {family}" if isinstance(given, str) and isinstance(family, str) else None
        names = item.get("name") if isinstance(item, dict) else item
        out += [(name, organisation) for name in texts_of(names)]
    return out
