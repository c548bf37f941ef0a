"""Places in the HTML tree as CSS selectors."""

from __future__ import annotations

import re

__all__ = ["selector_of"]

_NAME = re.compile(r"^(?P<tag>[\w-]+)(?P<classes>(?:\.[^.#@~]+)*)(?:#(?P<id>[^@~]+))?")
_PLAIN = re.compile(r"^[A-Za-z_][\w-]*$")
_MADE = re.compile(r"\d{3}|[0-9a-f]{8}|__|--?[A-Za-z0-9]{5,6}$")  # names that a tool made, and will make anew
_WHOLE = frozenset({"html", "body", "main", "article"})


def selector_of(path: str) -> str | None:
    """The selector of the innermost element of a path, or of that around it; None where neither has a name of its own.

    >>> selector_of("body/div.article-body/aside.promo.wide#box"), selector_of("body/div.box/p")
    ('aside.promo.wide', 'div.box > p')
    >>> selector_of("body/article.post/p") is None, selector_of("body/div.css-1x2y3z/p") is None
    (True, True)
    """
    names = [_element(part) for part in path.split("/")]
    tag, told = names[-1]
    if told:
        return None if tag in _WHOLE else f"{tag}{told}"
    if len(names) > 1 and names[-2][1] and names[-2][0] not in _WHOLE:
        return f"{names[-2][0]}{names[-2][1]} > {tag}"
    return None


def _element(name: str) -> tuple[str, str]:
    """The tag of an element, and its classes (or its id) as a selector."""
    match = _NAME.match(name)
    if match is None:
        return name, ""
    classes = [c for c in match["classes"].split(".") if _PLAIN.match(c) and not _MADE.search(c)]
    if classes:
        return match["tag"], "".join(f".{c}" for c in classes)
    ident = match["id"] or ""
    return match["tag"], f"#{ident}" if _PLAIN.match(ident) and not _MADE.search(ident) else ""
