"""The category that a block's place in the HTML tree speaks for: footer, nav, comments, related …"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from cleaner.data import categories
from cleaner.layout import Layout
from cleaner.model import Page

__all__ = ["kept_by_place", "places_of"]

_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")  # `siteFooter-links`: site, footer, links
_PROSE = 120  # characters


@cache
def _places() -> dict[str, str]:
    return {token: name for name, table in categories().items() for token in table.get("places", ())}


@lru_cache(maxsize=65536)
def _in_name(name: str) -> str:
    """The first token of one element's name that stands for a place ("" for none); whole tokens, also two joined."""
    known, tokens = _places(), [token.lower() for token in _TOKEN.findall(name)]
    pairs = map("".join, zip(tokens, tokens[1:], strict=False))  # `entry-footer` says more than `footer`
    return next((candidate for candidate in (*pairs, *tokens) if candidate in known), "")


def places_of(layout: Layout) -> list[tuple[str, str]]:
    """For each block, category and token of the innermost telling element around it; ("boilerplate", "") for none."""
    tokens: list[str] = []  # of each node
    for name, parent in zip(layout.names, layout.parents, strict=True):
        tokens.append(_in_name(name) or (tokens[parent] if parent >= 0 else ""))
    known = _places()
    return [(known.get(tokens[node], "boilerplate"), tokens[node]) for node in layout.node]


def kept_by_place(page: Page, layout: Layout) -> list[bool]:
    """Which blocks stay without an engine's opinion: all but those in a telling place that are mostly links or short.

    Prose is left alone wherever it stands.
    """
    kept = []
    for block, (_, token) in zip(page.blocks, places_of(layout), strict=True):
        prose = block.end - block.start > _PROSE and (block.link_density or 0) < 0.5
        kept.append(prose or not token)
    return kept
