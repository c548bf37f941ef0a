"""A user's CSS selectors for a site: what to keep and what to drop whatever the judges say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["MARK", "Selectors", "selectors_of"]

MARK = "data-cleaner-selector"
"""The attribute that carries a selector's number from the tree to the walker."""


@dataclass(slots=True)
class Selectors:
    """The selectors of a site, and, once a page was walked, the nodes that they chose: node → (keep, selector)."""

    rules: Sequence[tuple[bool, str]]
    marks: dict[int, tuple[bool, str]] = field(default_factory=dict)

    def apply(self, tree: _Element) -> None:
        """Mark the elements of a tree that a selector chooses. An inline element becomes a block of its own."""
        from lxml.cssselect import CSSSelector

        for number, (_, selector) in enumerate(self.rules):
            found: Any = CSSSelector(selector, translator="html")(tree)
            for element in found:
                element.set(MARK, str(number))

    def note(self, node: int, mark: str) -> None:
        """The walker met a marked element."""
        if mark.isdecimal() and int(mark) < len(self.rules):
            self.marks[node] = self.rules[int(mark)]


def selectors_of(tables: Iterable[Mapping[str, Sequence[str]]]) -> Selectors | None:
    """The selectors in the tables of a site; None where there are none.

    >>> selectors_of([{"drop": [".promo"]}]).rules
    [(False, '.promo')]
    """
    rules = [
        (kind == "keep", selector) for table in tables for kind in ("drop", "keep") for selector in table.get(kind, ())
    ]
    return Selectors(rules) if rules else None
