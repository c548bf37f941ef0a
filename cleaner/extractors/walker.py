"""One walk over a page's elements: their text cut into blocks at block tags and line breaks, and the `Layout` of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from cleaner.extractors.selectors import MARK, Selectors
from cleaner.layout import Layout, path_of
from cleaner.model import Block, Page
from cleaner.text.normalize import tidy

__all__ = ["SKIPPED", "VOID", "Walker"]

SKIPPED = frozenset(
    [
        "script",
        "style",
        "template",
        "head",
        "svg",
        "math",
        "object",
        "iframe",
        "select",
        "textarea",
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
_LISTS = frozenset(["ul", "ol"])
_TIGHT = frozenset(["li", "tr", "tbody", "thead", "tfoot"])  # no blank line before or after
_APART = frozenset(["a", "button", "label"])  # two of them side by side are two things, not one word
_BOLD = frozenset(["b", "strong"])
VOID = frozenset(["img", "input", "wbr", "hr", "br", "meta", "link", "source", "area", "embed", "col", "track"])
_UNCLOSED = 12  # elements left open that an end tag may close with its own
_HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden", re.IGNORECASE)
_NAME = 160  # characters of an element's name: class lists of generators run to thousands


Attributes: TypeAlias = Mapping[str, str]  # of an element


class Walker:
    """Collects the text of one page; feed it `start`, `data` and `end` in document order, then `finish`."""

    def __init__(self, selectors: Selectors | None = None) -> None:
        self.selectors = selectors
        self.parts: list[str] = []
        self.spans: list[tuple[int, int]] = []
        self.length = 0
        self.open: list[tuple[str, int]] = [("", -1)]  # (tag, node or -1 for an inline element)
        self.current = -1  # innermost node
        self.tags: list[str] = []
        self.names: list[str] = []
        self.parents: list[int] = []
        self.first: list[int] = []
        self.last: list[int] = []
        self.node: list[int] = []
        self.inline: list[str] = []
        self.link_chars: list[int] = []
        self.links: list[int] = []
        self.bold_chars: list[int] = []
        self.number: list[int] = []
        self.text: list[str] = []
        self.barred = False  # whether the pending text holds a bar between cells
        self.inks = False  # whether the pending text holds any ink
        self.linked = self.linked_times = self.bold = 0  # characters in links, links, characters in bold of that text
        self.pending_inline = ""
        self.in_link = self.in_bold = self.pre = 0
        self.inline_element: tuple[str, Attributes] | None = None  # that opened last, while no text came
        self.closed = ""  # the inline element that ended right before
        self.separator = "\n\n"
        self.breaks = 0  # line breaks since the last ink
        self.counters: list[int] = []  # of the open lists; -1 in an unordered one
        self.ordinal = 0  # of the list item whose first block is still to come; -1 unordered, 0 none
        self.deepest = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        """Open an element."""
        if tag in _INLINE and not (self.selectors and attributes.get(MARK)):
            self._start_inline(tag, attributes)
            return
        if tag == "br":
            self._line_break()
            return
        if tag == "td" or tag == "th":
            if self.inks:
                self.text.append(" | ")
                self.barred = True
        else:
            self._edge(tag)
        if tag in VOID:
            return
        self._open_node(tag, attributes)
        if tag == "li":
            self._next_item()
        elif tag in _LISTS:
            self.counters.append(0 if tag == "ol" else -1)
        elif tag == "pre":
            self.pre += 1

    def _edge(self, tag: str) -> None:
        """The edge of a block element, which ends the pending text; a list in a list opens no gap."""
        if tag in _TIGHT or (tag in _LISTS and "li" in [t for t, _ in self.open[-3:]]):
            self.flush("\n")
        elif self.inks or self.pre:
            self.flush("\n\n")
        else:
            self.separator = "\n\n"

    def _open_node(self, tag: str, attributes: Attributes) -> None:
        index = len(self.tags)
        self.tags.append(tag)
        self.names.append(_name(tag, attributes))
        self.parents.append(self.current)
        self.first.append(len(self.spans))
        self.last.append(-1)
        self.open.append((tag, index))
        self.current = index
        if self.selectors and (mark := attributes.get(MARK)):
            self.selectors.note(index, mark)
        if len(self.open) > self.deepest:
            self.deepest = len(self.open)

    def _start_inline(self, tag: str, attributes: Attributes) -> None:
        if tag in VOID:
            return
        self.open.append((tag, -1))
        if tag == self.closed and self.inks:
            self.text.append(" ")
        if tag == "a":
            self.in_link += 1
            self.linked_times += self.inks
        elif tag in _BOLD:
            self.in_bold += 1
        if not self.inks:
            self.inline_element = (tag, attributes)

    def _line_break(self) -> None:
        if self.pre:
            self.data("\n")
            return
        self.breaks += 1
        self.flush("\n" if self.breaks == 1 else "\n\n")

    def _next_item(self) -> None:
        self.ordinal = -1
        if self.counters and self.counters[-1] >= 0:
            self.counters[-1] += 1
            self.ordinal = self.counters[-1]

    def data(self, text: str) -> None:
        """Add text."""
        if self.pre and "\n" in text:
            *lines, text = text.split("\n")
            for line in lines:
                self._add(line)
                self.flush("\n")
        if self.inks or self.pre or not text.isspace():
            self._add(text)

    def _add(self, text: str) -> None:
        if not text or text.isspace():
            self.text.append(text)
            return
        if not self.inks:
            self.inks = True
            self.pending_inline = _name(*self.inline_element) if self.inline_element else ""
            self.linked_times = int(self.in_link > 0)
        self.text.append(text)
        self.closed = ""
        self.breaks = 0
        if self.in_link:
            self.linked += len(text)
        if self.in_bold:
            self.bold += len(text)

    def end(self, tag: str) -> None:
        """Close an element, and those within it that were left open."""
        top, node = self.open[-1]
        if node < 0 and tag in _INLINE:
            self._end_inline(tag)
        elif tag != "td" and tag != "th":
            self._edge(tag)
            if tag in _LISTS:
                if self.counters:
                    self.counters.pop()
            elif tag == "li":
                self.ordinal = 0
            elif tag == "pre" and self.pre:
                self.pre -= 1
        if top == tag:
            self.open.pop()
            if node >= 0:
                self.last[node] = len(self.spans)
                self.current = self.parents[node]
            self.inline_element = None
            return
        for back in range(2, min(len(self.open) - 1, _UNCLOSED) + 1):
            if self.open[-back][0] == tag:
                self._close(back)
                return

    def _end_inline(self, tag: str) -> None:
        if tag in _APART:
            self.closed = tag
        if tag == "a":
            self.in_link = max(0, self.in_link - 1)
        elif tag in _BOLD:
            self.in_bold = max(0, self.in_bold - 1)

    def _close(self, count: int) -> None:
        for _ in range(count):
            _, node = self.open.pop()
            if node >= 0:
                self.last[node] = len(self.spans)
                self.current = self.parents[node]
        self.inline_element = None

    def flush(self, separator: str) -> None:
        """End the pending block; `separator` stands before the next one."""
        if self.inks:
            raw = "".join(self.text)
            text = tidy(raw)
            if self.barred and text.endswith(" |"):  # the bar before a cell that holds blocks, or nothing
                text = text.rstrip("| ")
            if text.strip("| "):
                margin = raw[: len(raw) - len(raw.lstrip(" \t"))] if self.pre else ""
                self._block(text, margin)
                self.separator = separator
            self.inks = self.barred = False
            self.linked = self.linked_times = self.bold = 0
        elif self.pre:
            self.separator += "\n"
        elif separator == "\n\n":
            self.separator = separator
        if self.text:
            self.text = []

    def _block(self, text: str, margin: str) -> None:
        if self.ordinal:
            text = f"{self.ordinal}. {text}" if self.ordinal > 0 else "- " + text
        before = (self.separator if self.spans else "") + margin
        self.parts += (before, text)
        start = self.length + len(before)
        self.length = start + len(text)
        self.spans.append((start, self.length))
        self.node.append(max(self.current, 0))
        self.inline.append(self.pending_inline)
        self.link_chars.append(min(self.linked, len(text)))
        self.links.append(self.linked_times)
        self.bold_chars.append(min(self.bold, len(text)))
        self.number.append(self.ordinal)
        self.ordinal = 0

    def finish(self, title: str = "") -> tuple[Page, Layout]:
        """The page and its layout."""
        self.flush("\n\n")
        if not self.tags:
            self._open_node("body", {})
            self.first[0] = 0
        self._close(len(self.open) - 1)
        self.last = [len(self.spans) if at < 0 else at for at in self.last]
        layout = Layout(
            self.tags,
            self.names,
            self.parents,
            self.first,
            self.last,
            self.node,
            self.inline,
            self.link_chars,
            self.links,
            self.bold_chars,
            self.number,
            title,
        )
        paths = {node: path_of(layout, node) for node in set(self.node)}
        blocks = tuple(
            Block(start, end, self.tags[node], paths[node], round(linked / (end - start), 3))
            for (start, end), node, linked in zip(self.spans, self.node, self.link_chars, strict=True)
        )
        return Page("".join(self.parts), blocks, "html"), layout


def _name(tag: str, attributes: Attributes) -> str:
    """`div.article-body#main@articleBody~main`: tag, classes, id, itemprop and role of an element."""
    if not attributes:
        return tag
    name, get = tag, attributes.get
    if classes := get("class"):
        name += "." + (".".join(classes.split()) if " " in classes or "\n" in classes else classes)
    if value := get("id"):
        name += "#" + value
    if value := get("itemprop"):
        name += "@" + value
    if value := get("role"):
        name += "~" + value
    if get("hidden") is not None or ((style := get("style")) and _HIDDEN.search(style)):
        name += "!hidden"
    return name[:_NAME]
