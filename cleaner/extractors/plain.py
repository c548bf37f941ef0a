"""A text dump → `Page`: lines become blocks, hard-wrapped paragraphs become one block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, pairwise

from cleaner.model import Block, Page
from cleaner.text.sentences import ends_sentence

__all__ = ["BULLET", "extract_text", "page_of_lines"]

_LINE = re.compile("[^\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]+")
_EDGE = "\t \xa0\ufeff\u200b\u2060\x00\x1f"
BULLET = re.compile(r"\s*(?:[-*•▪‣◦–·+]|\(?\d{1,3}[.)])\s")
_WRAP_MIN, _WRAP_MAX = 40, 100  # characters of a hard-wrapped line
_WRAP_LEAST = 3  # lines of a paragraph that can be seen to be wrapped
_WRAPPED = 2  # such paragraphs of a text that is wrapped as a whole


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
    """The page of a text whose lines are known: those of a wrapped paragraph become one block.

    Where several paragraphs are wrapped, those of two lines are, too, if the first line is full.
    """
    paragraphs: list[Sequence[Block]] = []
    first = 0
    for i, (above, below) in enumerate(pairwise(lines), 1):
        end, start = above.end, below.start
        if start - end > 1 and (text.count("\n", end, start) > 1 or text.count("\r", end, start) > 1):
            paragraphs.append(lines[first:i])
            first = i
    paragraphs.append(lines[first:])
    unwrapped = [_unwrap(text, part) if len(part) >= _WRAP_LEAST else part for part in paragraphs]
    wrapped = [part for part, made in zip(paragraphs, unwrapped, strict=True) if len(made) < len(part)]
    if len(wrapped) >= _WRAPPED:
        width = max(b.end - b.start for part in wrapped for b in part)
        unwrapped = [_refill(text, p[0], p[1], width) if len(p) == 2 else p for p in unwrapped]
    return Page(text, tuple(chain.from_iterable(unwrapped)))


def _refill(text: str, above: Block, line: Block, width: int) -> Sequence[Block]:
    """Two lines as one block, where the first had no room for the first word of the second, else as they are."""
    length = above.end - above.start
    word = text[line.start : min(line.end, line.start + width - length + 1)].partition(" ")[0]
    if length < _WRAP_MIN or len(word) < width - length or BULLET.match(text, line.start, line.end):
        return above, line
    return [Block(above.start, line.end)]


def _unwrap(text: str, lines: Sequence[Block]) -> Sequence[Block]:
    """The lines of a paragraph as one block where an editor wrapped it at a fixed width, else as they are.

    Wrapped lines are of like length, break in the middle of a sentence and go on in lower case.
    """
    full = [b.end - b.start for b in lines[:-1]]
    if max(full) > _WRAP_MAX or min(full) < max(_WRAP_MIN, 0.7 * max(full)):
        return lines
    broken = lower = 0
    for this, following in zip(lines, lines[1:], strict=False):
        broken += not ends_sentence(text[this.start : this.end])
        lower += text[following.start].islower()
        if BULLET.match(text, following.start, following.end):
            return lines
    if broken < 0.6 * len(full) or lower < 0.3 * len(full):
        return lines
    return [Block(lines[0].start, lines[-1].end)]
