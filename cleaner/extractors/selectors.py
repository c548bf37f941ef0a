"""A user's CSS selectors for a site: what to keep and what to drop whatever the judges say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["MARK", "Selectors", "selectors_for"]

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


def selectors_for(url: str | None, sites: Mapping[str, Mapping[str, Sequence[str]]]) -> Selectors | None:
    """The selectors for the domain of an address, or for the domains above it; None where there are none.

    >>> selectors_for("https://www.example.com/a", {"example.com": {"drop": [".promo"]}}).rules
    [(False, '.promo')]
    """
    host = (urlsplit(url).hostname or "") if url and sites else ""
    rules: list[tuple[bool, str]] = []
    for domain, table in sites.items():
        if host == domain or host.endswith("." + domain):
            rules += [(kind == "keep", selector) for kind in ("drop", "keep") for selector in table.get(kind, ())]
    return Selectors(rules) if rules else None
