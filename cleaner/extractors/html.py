"""An HTML page → `Page`: one tree, walked once, cut into blocks at block tags and line breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from cleaner.model import Block, Page
from cleaner.text.normalize import INK, tidy

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["Document", "parse_html"]

Event: TypeAlias = tuple[str, str, Any]  # ("start", tag, attributes) | ("end", tag, None) | ("text", "", text)

_SKIPPED = frozenset(
    [
        "script",
        "style",
        "template",
        "head",
        "svg",
        "math",
        "object",
        "iframe",
        "noscript",
        "select",
        "canvas",
        "audio",
        "video",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "button",
        "input",
    ]
)
_CELLS = frozenset(["td", "th"])
_PATH_DEPTH = 10  # innermost elements that a block's path names
_UNCLOSED = 12  # elements left open that an end tag may close with its own
_DEEP = 200  # nested elements; libxml2 drops text a little further down
_LOST = 0.6  # share of the tag-stripped ink that a tree must hold
_BLANK = re.compile(r"[ \t\r\n\f\xa0]+")
_STRIP = re.compile(
    r"<!--.{0,100000}?-->|<(script|style|template|svg|noscript|select|head)\b.{0,400000}?</\1\s*>|<[^<>]{0,4000}>",
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed page: its blocks, and the tree they came from. `tree` is None where only the forgiving parser managed."""

    page: Page
    tree: HtmlElement | None


def parse_html(text: str) -> Document:
    """Parse a decoded page and cut it into blocks.

    libxml2 drops text below its depth limit without a word (design note; https://gitlab.gnome.org/GNOME/libxml2
    `xmlParserMaxDepth`), so the ink of the blocks is held against that of the tag-stripped source; where much is
    missing, Python's own tokenizer reads the page instead.
    """
    text = text.replace("\x00", "")
    tree = _parse_fast(text)
    page, depth = _to_page(_lxml_events(tree)) if tree is not None else (None, 0)
    if page is not None and not _may_have_lost(page, depth, text):
        return Document(page, tree)
    forgiving, _ = _to_page(_token_events(text))
    if page is not None and len(page.text) >= len(forgiving.text):
        return Document(page, tree)
    return Document(forgiving, None)


def _parse_fast(text: str) -> HtmlElement | None:
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _may_have_lost(page: Page, depth: int, text: str) -> bool:
    if depth < _DEEP and len(page.text) > 200:
        return False  # neither deep nor nearly empty: nothing to doubt
    expected = len(INK.findall(_STRIP.sub(" ", text)))
    return len(INK.findall(page.text)) < _LOST * expected


def _lxml_events(tree: HtmlElement) -> Iterator[Event]:
    """The tree in document order, without recursion."""
    from lxml import etree

    skipping: Any = None
    for action, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag
        if action == "start":
            if skipping is not None:
                continue
            if tag in _SKIPPED:
                skipping = element
                continue
            yield "start", tag, element.attrib
            if element.text:
                yield "text", "", element.text
        else:
            if skipping is not None and skipping is not element:
                continue
            if skipping is None:
                yield "end", tag, None
            skipping = None
            if element.tail:
                yield "text", "", element.tail


def _token_events(text: str) -> Iterator[Event]:
    """The same from Python's own tokenizer (BeautifulSoup's `html.parser`): it builds no tree, so no depth is too deep."""
    from html.parser import HTMLParser

    events: list[Event] = []

    class Tokens(HTMLParser):
        """Collects events; text within skipped elements is dropped."""

        skipped = 0

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.skipped += tag in _SKIPPED
            if not self.skipped:
                events.append(("start", tag, {k: v or "" for k, v in attrs}))
                if tag in ("br", "img", "input", "hr", "meta", "link", "wbr"):
                    events.append(("end", tag, None))

        def handle_endtag(self, tag: str) -> None:
            if not self.skipped:
                events.append(("end", tag, None))
            elif tag in _SKIPPED:
                self.skipped -= 1

        def handle_data(self, data: str) -> None:
            if not self.skipped:
                events.append(("text", "", data))

    parser = Tokens(convert_charrefs=True)
    parser.feed(text)
    parser.close()
    return iter(events)


class _Builder:
    """Collects the text of one page into blocks."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.blocks: list[Block] = []
        self.length = 0
        self.stack: list[tuple[str, str]] = []  # (tag, name for the path)
        self.text: list[str] = []
        self.linked = 0
        self.in_link = 0
        self.break_before = "\n\n"
        self.bullet = ""
        self.counters: list[int] = []
        self.pre = 0
        self.deepest = 0

    def flush(self, separator: str) -> None:
        """End the current block; `separator` stands before the next one."""
        raw = "".join(self.text)
        text = tidy(raw)
        if text.strip("| "):
            if self.bullet:
                text, self.bullet = self.bullet + text, ""
            if self.blocks:
                self.parts.append(self.break_before)
                self.length += len(self.break_before)
            tag = next((t for t, _ in reversed(self.stack) if t not in _INLINE), "body")
            path = "/".join(name for _, name in self.stack[-_PATH_DEPTH:])
            density = min(1.0, self.linked / max(1, len(text)))
            self.blocks.append(Block(self.length, self.length + len(text), tag, path, round(density, 3)))
            self.parts.append(text)
            self.length += len(text)
            self.break_before = separator
        elif separator == "\n\n":
            self.break_before = separator
        self.text, self.linked = [], 0

    def start(self, tag: str, attributes: Any) -> None:
        if tag == "br":
            self.flush("\n")
            return
        if tag in _CELLS:
            if self.text and INK.search("".join(self.text)):
                self.text.append(" | ")
        elif tag == "li":
            self.flush("\n")
            self.bullet = self._next_bullet()
        elif tag not in _INLINE:
            self.flush("\n\n")
            if tag in ("ul", "ol"):
                self.counters.append(0 if tag == "ol" else -1)
        self.in_link += tag == "a"
        self.pre += tag == "pre"
        if tag not in ("img", "input", "wbr", "hr"):
            self.stack.append((tag, _name(tag, attributes)))
            self.deepest = max(self.deepest, len(self.stack))

    def _next_bullet(self) -> str:
        if not self.counters or self.counters[-1] < 0:
            return "- "
        self.counters[-1] += 1
        return f"{self.counters[-1]}. "

    def data(self, text: str) -> None:
        if self.pre and "\n" in text:
            for line in text.split("\n"):
                self.text.append(line)
                self.flush("\n")
            return
        self.text.append(text)
        if self.in_link:
            self.linked += len(_BLANK.sub(" ", text).strip())

    def end(self, tag: str) -> None:
        if tag not in _INLINE and tag not in _CELLS and tag != "br":
            self.flush("\n" if tag in ("li", "tr") else "\n\n")
            if tag in ("ul", "ol") and self.counters:
                self.counters.pop()
            if tag == "li":
                self.bullet = ""
        self.in_link = max(0, self.in_link - (tag == "a"))
        self.pre = max(0, self.pre - (tag == "pre"))
        for back in range(1, min(len(self.stack), _UNCLOSED) + 1):
            if self.stack[-back][0] == tag:
                del self.stack[-back:]
                break


def _name(tag: str, attributes: Any) -> str:
    """`div.article-body#main`: what a block's path shows of an element."""
    classes = "".join("." + c for c in (attributes.get("class") or "").split()[:4])
    ident = attributes.get("id")
    return f"{tag}{classes}#{ident}"[:120] if ident else (tag + classes)[:120]


def _to_page(events: Iterator[Event]) -> tuple[Page, int]:
    """The page, and how deep its elements were nested."""
    builder = _Builder()
    for kind, tag, value in events:
        if kind == "text":
            builder.data(value)
        elif kind == "start":
            builder.start(tag, value)
        else:
            builder.end(tag)
    builder.flush("\n\n")
    return Page("".join(builder.parts), tuple(builder.blocks), "html"), builder.deepest
