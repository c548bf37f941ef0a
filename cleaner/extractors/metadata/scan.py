"""Every place of a page where metadata may stand, for all sources at once; collected while the page is walked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from lxml.etree import iterwalk

from cleaner.data import metadata_tables
from cleaner.text.normalize import tidy

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["TOLD", "Scan", "Spot", "text_of"]

_MOST = 400  # places of one kind that are kept; a page with more is hostile or a list
_LONGEST_CLASS = 300  # characters of a class attribute that are read
_LONG = 400  # characters of an element's text that are read
_SKIP_TEXT = frozenset(["script", "style", "svg", "noscript", "template", "button", "select"])
_NO_PLACE = _SKIP_TEXT - {"script"} | {
    "img",
    "path",
    "br",
    "source",
    "option",
    "input",
    "use",
    "g",
    "picture",
    "iframe",
}
_LD_TYPE = "ld+json"


@dataclass(frozen=True, slots=True)
class Spot:
    """An element that may hold metadata: its number in document order, and which word of its class said so."""

    order: int
    element: Any
    why: str = ""


@dataclass(slots=True)
class Scan:
    """Everything of a page that the sources of metadata look at."""

    tree: Any
    elements: list[Any] = field(
        default_factory=list
    )  # all that were visited, so that neighbours can be found by number
    metas: list[tuple[str, str]] = field(default_factory=list)  # (lower-case name, content), in document order
    links: list[tuple[str, str]] = field(default_factory=list)  # (rel, href)
    scripts: list[str] = field(default_factory=list)  # JSON-LD, as it stands
    title: str = ""
    language: str = ""
    headlines: list[Spot] = field(default_factory=list)  # h1
    subheads: list[Spot] = field(default_factory=list)  # h2 and elements with the class of a headline
    times: list[Spot] = field(default_factory=list)  # <time> and elements with the class of a date
    people: list[Spot] = field(default_factory=list)  # elements with the class or rel of an author
    tags: list[Spot] = field(default_factory=list)  # links with rel="tag", and whether to a tag or a category
    properties: list[Spot] = field(default_factory=list)  # itemprop or RDFa property; `why` is the name

    labels: dict[str, list[int]] = field(default_factory=dict)  # class and id → the elements that have them

    @classmethod
    def of(cls, tree: _Element) -> Scan:
        """A scan of a page whose elements are still to be visited."""
        return cls(tree, language=_language(tree))

    def visit(self, element: Any, tag: str, attributes: Mapping[str, str]) -> None:
        """Look at the next element in document order. Elements are numbered, so that nearness can be told later."""
        order = len(self.elements)
        self.elements.append(element)
        if tag in _NO_PLACE:
            return
        handler = _HANDLERS.get(tag)
        if (handler is not None and handler(self, order, element)) or not attributes:
            return
        get = attributes.get
        name = get("itemprop") or get("property")
        if name and self.room(self.properties):
            self.properties.append(Spot(order, element, name.lower()))
        label, ident = get("class"), get("id")
        if ident:
            label = f"{label} {ident}" if label else ident
        if label:
            self.labels.setdefault(label, []).append(order)  # pages repeat their classes

    def finish(self) -> None:
        """After the last element: sort out what the classes speak for."""
        for kind, orders in _kinds(self.labels).items():
            _keep(self, kind, orders)

    def room(self, kind: list[Spot]) -> bool:
        """Whether one more spot of this kind is kept."""
        return len(kind) < _MOST


@cache
def _class_words() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """For each pattern of a class: the kind of place, the letters that it holds for certain, and the pattern."""
    table = metadata_tables()["places"]
    rows = [(kind, pattern) for kind in ("author", "date", "title") for pattern in table[kind]]
    return tuple((kind, max(re.findall("[a-z]+", p.replace("\\b", " ")), key=len), re.compile(p)) for kind, p in rows)


def _kinds(labels: dict[str, list[int]]) -> dict[str, list[int]]:
    """Kind of place → the elements whose class speaks for it. All classes are searched as one text, word by word."""
    names = list(labels)
    text = "\n".join(name[:_LONGEST_CLASS].replace("\n", " ") for name in names).lower()
    starts = [0]
    for name in names:
        starts.append(starts[-1] + min(len(name), _LONGEST_CLASS) + 1)
    if len(text) + 1 != starts[-1]:  # a capital, such as İ, that becomes two characters
        return {}
    found: dict[str, set[int]] = {}
    for kind, core, pattern in _class_words():
        at = text.find(core)
        while at >= 0:
            row = bisect_right(starts, at) - 1
            if row not in found.get(kind, ()) and pattern.search(text[starts[row] : starts[row + 1]]):
                found.setdefault(kind, set()).add(row)
            at = text.find(core, starts[row + 1])
    return {kind: sorted(order for row in rows for order in labels[names[row]]) for kind, rows in found.items()}


def _keep(found: Scan, kind: str, orders: list[int]) -> None:
    spots = {"author": found.people, "date": found.times, "title": found.subheads}[kind]
    never = {"author": (), "date": ("time",), "title": ("h1", "h2")}[kind]
    known = {spot.order for spot in spots}
    for order in orders[:_MOST]:
        element = found.elements[order]
        if order not in known and element.tag not in never:
            spots.append(Spot(order, element, "class"))
    spots.sort(key=lambda spot: spot.order)


def _meta(found: Scan, order: int, element: Any) -> bool:
    content = element.get("content")
    if content and len(found.metas) < _MOST:
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = element.get(key)
            if name:
                found.metas.append((name.strip().lower(), content))
    name = element.get("itemprop")
    if name and found.room(found.properties):
        found.properties.append(Spot(order, element, name.lower()))
    return True


def _link(found: Scan, order: int, element: Any) -> bool:
    rel, href = element.get("rel"), element.get("href")
    if rel and href and len(found.links) < _MOST:
        found.links.append((rel.lower(), href))
    return "itemprop" not in element.attrib


def _script(found: Scan, order: int, element: Any) -> bool:
    if _LD_TYPE in (element.get("type") or "").lower() and element.text and len(found.scripts) < _MOST:
        found.scripts.append(element.text)
    return True


def _title(found: Scan, order: int, element: Any) -> bool:
    if not found.title and element.getparent().tag in ("head", "html", "body"):
        found.title = tidy(element.text or "")
    return True


def _heading(found: Scan, order: int, element: Any) -> bool:
    spots = found.headlines if element.tag == "h1" else found.subheads
    if found.room(spots):
        spots.append(Spot(order, element, element.tag))
    return False


def _time(found: Scan, order: int, element: Any) -> bool:
    if found.room(found.times):
        found.times.append(Spot(order, element, "time"))
    return False


def _anchor(found: Scan, order: int, element: Any) -> bool:
    rel = element.get("rel")
    if rel:
        if "author" in rel.lower() and found.room(found.people):
            found.people.append(Spot(order, element, "rel"))
        if "tag" in rel.lower().split() and found.room(found.tags):
            found.tags.append(Spot(order, element, "category" if "category" in rel.lower() else "tag"))
        if "license" in rel.lower() and len(found.links) < _MOST:
            found.links.append(("license", element.get("href") or ""))
    return False


_HANDLERS: dict[str, Callable[[Scan, int, Any], bool]] = {
    "meta": _meta,
    "link": _link,
    "script": _script,
    "title": _title,
    "h1": _heading,
    "h2": _heading,
    "time": _time,
    "a": _anchor,
}
TOLD = frozenset(_HANDLERS)
"""Elements that are looked at also where they have no attributes."""


def text_of(element: Any, limit: int = _LONG) -> str:
    """The visible text of an element on one line; a line break or block inside it becomes a space."""
    if not len(element):
        return tidy(element.text or "")[:limit]
    parts: list[str] = []
    size = skipping = 0
    for action, node in iterwalk(element, events=("start", "end")):
        hidden = node.tag in _SKIP_TEXT and node is not element
        if action == "start":
            skipping += hidden
            text = ("" if node.tag in _INLINE else " ") + (node.text or "")
        else:
            skipping -= hidden
            text = ("" if node.tag in _INLINE else " ") + ((node.tail or "") if node is not element else "")
        if not skipping:
            parts.append(text)
            size += len(text)
        if size > 2 * limit:
            break
    return tidy("".join(parts))[:limit]


_INLINE = frozenset(["a", "b", "em", "i", "span", "strong", "wbr", "font", "mark", "sup", "sub", "u"])


def _language(tree: _Element) -> str:
    return (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip()
