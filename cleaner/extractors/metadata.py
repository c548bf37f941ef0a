"""What an HTML page claims about itself, read from the tree that is already there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.model import Claim

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["html_claims"]

_METAS = {
    "og:site_name": "site_name",
    "article:published_time": "date",
    "article:modified_time": "date_modified",
    "og:updated_time": "date_modified",
    "og:description": "description",
    "og:image": "image",
}


def html_claims(tree: HtmlElement | None, url: str | None) -> tuple[Claim, ...]:
    """Claims of the page's `<meta>`, `<link rel=canonical>` and `<html lang>`, in order of trust."""
    if tree is None:
        return ()
    claims: list[Claim] = []
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        content = (meta.get("content") or "").strip()
        if name in _METAS and content:
            claims.append(Claim(_METAS[name], content, f"meta {name}"))
    if not url:
        for link in tree.iter("link"):
            if "canonical" in (link.get("rel") or "").lower() and (link.get("href") or "").startswith("http"):
                claims.append(Claim("url", link.get("href"), "link canonical"))
    lang = (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip()
    if lang:
        claims.append(Claim("language", lang.replace("_", "-").split("-")[0].lower(), "html lang"))
    return tuple(claims)
