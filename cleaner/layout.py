"""What only an HTML page knows of its blocks: the tree above each one, its links, its emphasis. A leaf.

Arrays side by side instead of objects: a page has thousands of elements, and the learned detector reads them whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Layout", "path_of"]

_PATH_DEPTH = 6  # innermost elements that a path names


@dataclass(frozen=True, slots=True)
class Layout:
    """The block elements of a page (*nodes*, in document order) and where its text blocks stand among them.

    Per node: `tags`, `names` (`div.article-body#main`, with `@itemprop` and `~role` where given), `parents` (-1 for the
    root), and `first`..`last`, the half-open range of the blocks within it. Per block: `node`, the innermost node
    around it; `inline`, the name of the inline element that its text begins in ("" for none); characters in links,
    number of links, characters in bold type; `number`, the place in an ordered list (0 for none).
    """

    tags: Sequence[str]
    names: Sequence[str]
    parents: Sequence[int]
    first: Sequence[int]
    last: Sequence[int]
    node: Sequence[int]
    inline: Sequence[str]
    link_chars: Sequence[int]
    links: Sequence[int]
    bold_chars: Sequence[int]
    number: Sequence[int]
    title: str = ""


def path_of(layout: Layout, node: int) -> str:
    """The names of a node and those around it, outermost first, joined by slashes.

    >>> path_of(Layout(["body", "p"], ["body", "p.lead"], [-1, 0], [0, 0], [1, 1], [1], [""], [0], [0], [0], [0]), 1)
    'body/p.lead'
    """
    found: list[str] = []
    while node >= 0 and len(found) < _PATH_DEPTH:
        found.append(layout.names[node])
        node = layout.parents[node]
    return "/".join(reversed(found))
