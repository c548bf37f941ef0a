"""The category that a block's place in the HTML tree speaks for: footer, nav, comments, related …"""

from __future__ import annotations

import re
from functools import cache

from cleaner.data import categories
from cleaner.model import Block, Page, Verdict

__all__ = ["judge_by_place", "place_of"]

_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")  # `siteFooter-links`: site, footer, links
_PROSE = 120  # characters


@cache
def _places() -> dict[str, str]:
    return {token: name for name, table in categories().items() for token in table.get("places", ())}


@cache
def _in_name(name: str) -> str | None:
    """The first token of one element's name that stands for a place; whole tokens, also two joined by a dash."""
    known, tokens = _places(), [token.lower() for token in _TOKEN.findall(name)]
    pairs = map("".join, zip(tokens, tokens[1:], strict=False))  # `entry-footer` says more than `footer`
    return next((candidate for candidate in (*pairs, *tokens) if candidate in known), None)


def place_of(block: Block) -> tuple[str, str]:
    """Category and token of the innermost telling element of a block's path; ("boilerplate", "") where none tells."""
    for name in reversed((block.path or "").split("/")):
        token = _in_name(name)
        if token:
            return _places()[token], token
    return "boilerplate", ""


def judge_by_place(page: Page) -> list[Verdict]:
    """Verdicts for a page without an engine's opinion: blocks in a telling place that are mostly links or short.

    Prose is left alone wherever it stands, and a page is never emptied.
    """
    found = []
    for block in page.blocks:
        category, token = place_of(block)
        prose = block.end - block.start > _PROSE and (block.link_density or 0) < 0.5
        if token and not prose:
            found.append(Verdict(block.start, block.end, category, f"place:{token}", 0.7))
    return found if len(found) < len(page.blocks) else []
