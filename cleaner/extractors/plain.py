"""A text dump → `Page`: lines become blocks, hard-wrapped paragraphs become one block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from cleaner.model import Block, Page
from cleaner.text.sentences import ends_sentence

__all__ = ["BULLET", "extract_text", "page_of_lines"]

_LINE = re.compile("[^\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]+")
_EDGE = "\t \xa0\ufeff\u200b\u2060\x00\x1f"
BULLET = re.compile(r"\s*(?:[-*•▪‣◦–·+]|\(?\d{1,3}[.)])\s")
_WRAP_MIN, _WRAP_MAX = 40, 100  # characters of a hard-wrapped line
_WRAP_LEAST = 3  # lines of a paragraph that can be seen to be wrapped


def extract_text(text: str) -> Page:
    """Cut a decoded dump into blocks. Offsets are the dump's own; nothing is changed.

    >>> [b.start for b in extract_text("One.\\n\\nTwo.").blocks]
    [0, 6]
    """
    lines: list[Block] = []
    for match in _LINE.finditer(text):
        line = match[0]
        start, end = match.span()
        if line[0] <= " " or line[-1] <= " " or not line[0].isprintable() or not line[-1].isprintable():
            start += len(line) - len(line.lstrip(_EDGE).lstrip())
            end -= len(line) - len(line.rstrip(_EDGE).rstrip())
            if start >= end:
                continue
        lines.append(Block(start, end))
    return page_of_lines(text, lines)


def page_of_lines(text: str, lines: Sequence[Block]) -> Page:
    """The page of a text whose lines are known: those of a wrapped paragraph become one block."""
    blocks: list[Block] = []
    first = 0
    for i, (above, below) in enumerate(pairwise(lines), 1):
        end, start = above.end, below.start
        if start - end > 1 and (text.count("\n", end, start) > 1 or text.count("\r", end, start) > 1):
            blocks += lines[first:i] if i - first < _WRAP_LEAST else _unwrap(text, lines[first:i])
            first = i
    return Page(text, tuple(blocks + list(_unwrap(text, lines[first:]))))


def _unwrap(text: str, lines: Sequence[Block]) -> Sequence[Block]:
    """The lines of a paragraph as one block where an editor wrapped it at a fixed width, else as they are.

    Wrapped lines are of like length, break in the middle of a sentence and go on in lower case.
    """
    if len(lines) < _WRAP_LEAST:
        return lines
    full = [b.end - b.start for b in lines[:-1]]
    if max(full) > _WRAP_MAX or min(full) < max(_WRAP_MIN, 0.7 * max(full)):
        return lines
    broken = lower = 0
    for this, following in zip(lines, lines[1:], strict=False):
        broken += not ends_sentence(text[this.start : this.end])
        lower += text[following.start].islower()
        if BULLET.match(text[following.start : following.start + 8]):
            return lines
    if broken < 0.6 * len(full) or lower < 0.3 * len(full):
        return lines
    return [Block(lines[0].start, lines[-1].end)]
