"""The text of a stretch of the page as runs: pieces that no tag interrupts, in reading order, each with its element."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from cleaner.extractors.metadata.scan import Scan
from cleaner.text.normalize import tidy

__all__ = ["Run", "runs_after", "runs_before", "runs_in"]

_LONGEST = 200  # characters; longer runs are prose
_HIDDEN = frozenset(["script", "style", "noscript", "template", "option", "select", "textarea", "svg", "title", "head"])


class Run(NamedTuple):
    """A piece of text, the element it stands in directly, and how many elements it is away from the start."""

    text: str
    element: Any
    distance: int


def _runs(elements: Sequence[Any]) -> Iterator[Run]:
    stack: list[Any] = []
    for distance, element in enumerate(elements):
        parent = element.getparent()
        while stack and stack[-1] is not parent:
            node = stack.pop()
            if node.tail:
                yield from _run(node.tail, node.getparent(), distance)
        if element.text:
            yield from _run(element.text, element, distance)
        stack.append(element)
    while stack:
        node = stack.pop()
        if node.tail:
            yield from _run(node.tail, node.getparent(), len(elements))


def _run(raw: str, owner: Any, distance: int) -> Iterator[Run]:
    if len(raw) > 4 * _LONGEST or raw.isspace() or owner is None or owner.tag in _HIDDEN:
        return
    text = tidy(raw)
    if text and len(text) <= _LONGEST:
        yield Run(text, owner, distance)


def runs_after(found: Scan, order: int, reach: int) -> list[Run]:
    """The runs of the elements behind one, itself left out."""
    return list(_runs(found.elements[order + 1 : order + 1 + reach]))


def runs_before(found: Scan, order: int, reach: int) -> list[Run]:
    """The runs of the elements before one, in reading order."""
    return list(_runs(found.elements[max(0, order - reach) : order]))


def runs_in(element: Any, most: int = 40) -> list[Run]:
    """The runs inside an element."""
    inside = []
    for node in element.iter("*"):
        inside.append(node)
        if len(inside) >= most:
            break
    return [run for run in _runs(inside) if run.element is not element.getparent()]
