"""An HTML page → `Page`: one tree, walked once, cut into blocks at block tags and line breaks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleaner.extractors.metadata.scan import TOLD, Scan
from cleaner.extractors.selectors import Selectors
from cleaner.extractors.walker import SKIPPED, VOID, Walker
from cleaner.layout import Layout
from cleaner.model import Page
from cleaner.text.normalize import INK

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Document", "parse_html"]

_DEEP = 200  # nested elements; libxml2 drops text a little further down
_LOST = 0.6  # share of the tag-stripped ink that a tree must hold
_UNSEEN = re.compile(r"<(!--|(?:script|style|template|svg|noscript|select|head)\b)", re.IGNORECASE)
_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,4000}>")
_LONG = 20_000  # characters of a tag that may hold a crowd of attributes
_ATTRIBUTES = 1000  # of one element; libxml2 compares each with all before it


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed page: its blocks with their layout, and the tree they came from.

    `tree` is None where only the forgiving tokenizer managed; `places` are where in it metadata may stand.
    """

    page: Page
    layout: Layout
    tree: _Element | None
    places: Scan | None = None


def parse_html(text: str, selectors: Selectors | None = None) -> Document:
    """Parse a decoded page and cut it into blocks; `selectors` learn which nodes they choose.

    libxml2 drops text below its depth limit without a word (design note; https://gitlab.gnome.org/GNOME/libxml2
    `xmlParserMaxDepth`), so the ink of the blocks is held against that of the tag-stripped source; where much is
    missing, Python's own tokenizer reads the page instead.
    """
    text = text.replace("\x00", "")
    text = _without_crowds(_without_early_ends(text))
    tree = _parse_fast(text)
    document, depth = _read_tree(tree, selectors) if tree is not None else (None, 0)
    if document is not None and not _may_have_lost(document.page, depth, text):
        return document
    forgiving, outline = _read_tokens(text)
    if document is not None and len(document.page.text) >= len(forgiving.text):
        return document
    return Document(forgiving, outline, None)


def _parse_fast(text: str) -> _Element | None:
    """A plain tree: the elements of `lxml.html` cost a Python call each."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _without_early_ends(text: str) -> str:
    """The page without `</body>` and `</html>`, where one stands twice: libxml2 may drop what comes after the first."""
    for end in ("</body>", "</html>"):
        written = end if end in text else end.upper()
        first = text.find(written)
        if first >= 0 and text.find(written, first + 1) >= 0:
            return _END.sub("", text)
    return text


def _without_crowds(text: str) -> str:
    """The page without the attributes of elements that have more of them than any honest one."""
    if not _has_long_tag(text):
        return text
    pieces = text.split("<")
    for i, piece in enumerate(pieces[1:], 1):
        if len(piece) > _LONG:
            end = piece.find(">")
            if end > _LONG and len(piece[:end].split()) > _ATTRIBUTES:
                pieces[i] = piece.split(None, 1)[0] + piece[end:]
    return "<".join(pieces)


def _has_long_tag(text: str) -> bool:
    """Whether a long stretch of the page closes no tag; a script may be one."""
    at = 0
    while at + _LONG < len(text):
        closed = text.rfind(">", at, at + _LONG)
        if closed < 0:
            return True
        at = closed + 1
    return False


def _without_tags(text: str) -> str:
    """What a reader may see of a page, roughly, in linear time: what is never closed is taken for text."""
    parts: list[str] = []
    at, unclosed = 0, set[str]()
    for opened in _UNSEEN.finditer(text):
        name = opened[1].lower()
        if opened.start() < at or name in unclosed:
            continue
        closed = re.compile("-->" if name == "!--" else rf"</{name}\s*>", re.IGNORECASE).search(text, opened.end())
        if closed is None:
            unclosed.add(name)
            continue
        parts.append(text[at : opened.start()])
        at = closed.end()
    return _TAG.sub(" ", " ".join([*parts, text[at:]]))


def _may_have_lost(page: Page, depth: int, text: str) -> bool:
    if depth < _DEEP and len(page.text) > 200:
        return False  # neither deep nor nearly empty: nothing to doubt
    expected = len(INK.findall(_without_tags(text)))
    return len(INK.findall(page.text)) < _LOST * expected


def _read_tree(tree: _Element, selectors: Selectors | None = None) -> tuple[Document, int]:
    """The tree in document order, without recursion; also how deep the elements are nested."""
    from lxml import etree

    walker = Walker(selectors)
    if selectors is not None:
        selectors.apply(tree)
    scan = Scan.of(tree)
    start, data, end, visit, elements = walker.start, walker.data, walker.end, scan.visit, scan.elements
    walk = etree.iterwalk(tree, events=("start", "end"))
    for action, element in walk:
        tag = element.tag
        if action == "start":
            attributes = dict(element.items())
            if attributes or tag in TOLD:
                visit(element, tag, attributes)
            else:
                elements.append(element)
            if tag in SKIPPED:
                walk.skip_subtree()
                for inner in element.iterdescendants("*") if tag == "head" else ():
                    visit(inner, inner.tag, dict(inner.items()))
            else:
                start(tag, attributes)
                if text := element.text:
                    data(text)
        else:
            if tag not in SKIPPED and tag not in VOID:
                end(tag)
            if text := element.tail:
                data(text)
    title = tree.find(".//title")
    page, layout = walker.finish((title.text or "") if title is not None else "")
    scan.finish()
    return Document(page, layout, tree, scan), walker.deepest


def _settled(text: str) -> str:
    """A page without comments and declarations that are never closed: they are text."""
    for opener, closer in (("<!--", "-->"), ("<![", "]>")):
        last = text.rfind(closer) + 1
        text = text[:last] + text[last:].replace(opener, "&lt;" + opener[1:])
    return text


def _read_tokens(text: str) -> tuple[Page, Layout]:
    """The same from Python's own tokenizer (BeautifulSoup's `html.parser`): it builds no tree, so no depth is too deep."""
    from html.parser import HTMLParser

    walker = Walker()

    class Tokens(HTMLParser):
        """Feeds the walker; text within skipped elements is dropped."""

        skipped = 0

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.skipped += tag in SKIPPED
            if not self.skipped:
                walker.start(tag, {k: v or "" for k, v in attrs})

        def handle_endtag(self, tag: str) -> None:
            if tag in SKIPPED:
                self.skipped = max(0, self.skipped - 1)
            elif not self.skipped and tag not in VOID:
                walker.end(tag)

        def handle_data(self, data: str) -> None:
            if not self.skipped:
                walker.data(data)

    parser = Tokens(convert_charrefs=True)
    last = text.rfind(">") + 1  # what opens behind it never ends; the tokenizer would look for the end of each anew
    parser.feed(_settled(text[:last]) + text[last:].replace("<", "&lt;"))
    parser.close()
    return walker.finish()
