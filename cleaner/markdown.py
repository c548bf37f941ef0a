"""The body of an HTML page as Markdown: headings, nested lists, tables, quotes and code keep their structure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from cleaner.layout import Layout
from cleaner.ledger import Paragraph
from cleaner.model import Page
from cleaner.text.inert import inert

__all__ = ["to_markdown"]

_LEVELS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BULLET = re.compile(r"^(?:-|\d+\.) ")
_TICKS = re.compile("`{3,}")
_CELL = re.compile(r" \| ")
_ESCAPED = re.compile(r"^([#>+*-]|\d+[.)])(?=\s)")


def to_markdown(page: Page, layout: Layout, paragraphs: Sequence[Paragraph]) -> str:
    """The kept paragraphs of a page in Markdown (CommonMark, tables as in GFM)."""
    starts = [b.start for b in page.blocks]
    writer = _Writer(page, layout)
    for paragraph in paragraphs:
        block = max(0, bisect_right(starts, paragraph.spans[0].start) - 1)
        writer.add(block, paragraph.text)
    return writer.finish()


class _Writer:
    """Collects lines; a run of list items, table rows or lines of code stays together."""

    def __init__(self, page: Page, layout: Layout) -> None:
        self.page, self.layout = page, layout
        self.lines: list[str] = []
        self.fence = -1  # the line that begins the code
        self.run: tuple[str, int] = ("", -1)  # what the last line was part of: kind and node
        self.quoted = False
        self.last = -1  # the block before

    def add(self, block: int, text: str) -> None:
        """Add a paragraph that begins in a block of the page."""
        chain = self._chain(block)
        tags = [self.layout.tags[n] for n in chain]
        if "pre" in tags:
            self._put("pre", chain[tags.index("pre")], self._code(block), tags)
        elif tags[0] == "tr":
            self._row(next((n for n, t in zip(chain, tags, strict=True) if t == "table"), -1), text, tags)
        elif "li" in tags[:3]:
            self._item(chain, tags, text)
        elif tags[0] in _LEVELS:
            self._put("", -1, "#" * _LEVELS[tags[0]] + " " + text, tags)
        else:
            if self._continues(block):
                self.lines[-1] += "  "
                self.run = ("line", -1)
            self._put("line", -1, _ESCAPED.sub(r"\\\1", text), tags)
            self.run = ("", -1)
        self.last = block

    def _continues(self, block: int) -> bool:
        """Whether only a line break stands between a block of plain text and the one before."""
        if block != self.last + 1 or not self.lines or self.run[0] or self.layout.tags[self.layout.node[block]] == "tr":
            return False
        before, here = self.page.blocks[self.last], self.page.blocks[block]
        return (
            self.layout.node[self.last] == self.layout.node[block] and self.page.text[before.end : here.start] == "\n"
        )

    def _chain(self, block: int) -> list[int]:
        """The nodes around a block, innermost first."""
        node, chain = self.layout.node[block], []
        while node >= 0:
            chain.append(node)
            node = self.layout.parents[node]
        return chain

    def _code(self, block: int) -> str:
        """The line of code with the margin that stands before the block."""
        at = self.page.blocks[block]
        margin = self.page.text.rfind("\n", 0, at.start) + 1
        gap = self.page.text[self.page.blocks[block - 1].end : at.start].count("\n") - 1 if block else 0
        blank = "\n" * max(0, gap) if self.run[0] == "pre" else ""
        return blank + self.page.text[margin : at.end]

    def _row(self, table: int, text: str, tags: Sequence[str]) -> None:
        row = "| " + text.removesuffix(" |") + " |"
        if self.run != ("tr", table):
            row += "\n|" + " --- |" * (len(_CELL.findall(text)) + 1)
        self._put("tr", table, row, tags)

    def _item(self, chain: Sequence[int], tags: Sequence[str], text: str) -> None:
        depth = max(0, sum(t in ("ul", "ol") for t in tags) - 1)
        lists = [n for n, t in zip(chain, tags, strict=True) if t in ("ul", "ol")]
        margin = "  " * depth if _BULLET.match(text) else "  " * (depth + 1)
        if tags[0] in _LEVELS:
            text = re.sub(_BULLET, lambda m: m[0] + "#" * _LEVELS[tags[0]] + " ", text)
        self._put("li", lists[-1] if lists else -1, margin + text, tags)

    def _put(self, kind: str, node: int, text: str, tags: Sequence[str]) -> None:
        quoted = "blockquote" in tags
        together = kind != "" and self.run == (kind, node) and quoted == self.quoted
        if not together:
            self._close()
            if self.lines:
                self.lines.append(">" if quoted and self.quoted else "")
            if kind == "pre":
                self.fence = len(self.lines)
                self.lines.append("> ```" if quoted else "```")
        self.run, self.quoted = (kind, node), quoted
        text = text if kind == "pre" else inert(text)
        self.lines += ["> " + line if quoted else line for line in text.split("\n")]

    def _close(self) -> None:
        if self.run[0] == "pre":  # longer than all fences within, which else would end the code
            longest = max(len(ticks) for ticks in ["``", *_TICKS.findall("\n".join(self.lines[self.fence + 1 :]))])
            self.lines[self.fence] = fence = ("> " if self.quoted else "") + "`" * (longest + 1)
            self.lines.append(fence)

    def finish(self) -> str:
        """The text."""
        self._close()
        return "\n".join(self.lines)
