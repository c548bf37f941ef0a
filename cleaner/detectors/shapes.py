"""Lines that give themselves away by their shape: a copyright line, a bare address, a row of a menu."""

from __future__ import annotations

import re

__all__ = ["shape_of"]

_LINK = r"(?:von|van|der|de|di|da|del|den|und|and|for|für|per|pour)"
_BIG = "[A-ZÀ-ÖØ-ÞŁŚŻŹĆŠČŽŐŰ]"
_NAME = rf"{_BIG}[\w.'’-]{{0,20}}(?: (?:{_LINK}|{_BIG}[\w.'’-]{{0,20}})){{1,4}}"
_SHAPES = (
    ("form", "bracketed", re.compile(r"\[\s[^\[\]]{0,60}\s?\]\s*(?:\*|\(required\))?")),
    ("form", "bracketed", re.compile(r"\[\s?\]")),
    (
        "copyright",
        "copyright_line",
        re.compile(r"(?:©|\(c\)|ⓒ)\W*(?:copyright\W*)?(?:19|20)\d\d\b.{0,120}", re.IGNORECASE),
    ),
    ("copyright", "copyright_line", re.compile(r"(?:©|ⓒ).{1,100}")),
    ("photo_credit", "caption_and_credit", re.compile(rf"[^©ⓒ]{{12,160}}[©ⓒ]\s?{_NAME}(?:\s?/\s?{_NAME})?")),
    ("contact_form", "address_only", re.compile(r"\S{1,64}@[\w.-]{3,64}\.\w{2,10}")),
    ("social", "url_only", re.compile(r"(?:https?://|www\.)\S{3,300}")),
    ("social", "handle_only", re.compile(r"@\w{2,30}(?:\s+@\w{2,30}){0,5}")),
    ("tags", "hashtags_only", re.compile(r"#\w{2,40}(?:[\s,]+#\w{2,40}){0,30}")),
    ("navigation", "breadcrumb", re.compile(r"[^>›»/|.!?<()=\d]{3,40}(?:\s[>›»]\s[^>›»/|.!?<()=]{3,60}){2,8}")),
    ("navigation", "menu_row", re.compile(r"[^\W\d_][^|•·.!?\d%$€£]{1,31}(?:[|•·][^|•·.!?\d%$€£]{2,32}){3,20}")),
)
_SIGNS = re.compile(r"[\[(@#>›»|•·©ⓒ]")  # without one of these, or being an address, a line has no shape
_CELL = re.compile(r"[|•·]")
_CELL_WORDS = 5  # of an entry of a menu
_LONGEST = 400  # characters


def shape_of(text: str) -> tuple[str, str] | None:
    """Category and name of the shape of a line; None where it has none.

    >>> shape_of("© 2025 The Courier"), shape_of("The river rose.")
    (('copyright', 'copyright_line'), None)
    """
    if len(text) >= _LONGEST or not (_SIGNS.search(text) or "://" in text or text.startswith("www.")):
        return None
    for category, name, pattern in _SHAPES:
        if pattern.fullmatch(text) and (name != "menu_row" or _is_menu(text)):
            return category, name
    return None


def _is_menu(text: str) -> bool:
    return all(len(part.split()) <= _CELL_WORDS for part in _CELL.split(text))
