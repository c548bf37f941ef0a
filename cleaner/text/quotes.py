"""Where a line quotes: the spans between quotation marks, of the shapes that the languages use."""

from __future__ import annotations

import re

__all__ = ["quotations"]

_MARK = re.compile("[\"“”„«»'‘’‚]")
_CLOSERS = {
    '"': '"',
    "“": '”"',
    "„": '“”"',
    "”": "”",
    "«": "»",
    "»": "«»",
    "'": "'’",
    "‘": "’'",
    "‚": "‘’'",
}
_SINGLE = "'‘’‚"
_BEFORE = " \t\xa0\u202f([{-–—:/"  # what may stand before an opening mark


def quotations(text: str) -> list[tuple[int, int]]:
    """The spans of a line that stand in quotation marks, marks included; one that is not closed goes to the end.

    An apostrophe opens nothing, and a single mark that nothing closes is one.

    >>> text = "It read 'Dogs' bowls, don't move' and „Halt“, he said: “Stop"
    >>> [text[a:b] for a, b in quotations(text)]
    ["'Dogs'", '„Halt“', '“Stop']
    """
    marks = [m.start() for m in _MARK.finditer(text)]
    last = {ch: i for i in marks if _closes(text, i) for ch in text[i]}  # where each mark closes for the last time
    spans: list[tuple[int, int]] = []
    opened = -1
    for at in marks:
        if opened >= 0:
            if text[at] in _CLOSERS[text[opened]] and _closes(text, at):
                spans.append((opened, at + 1))
                opened = -1
        elif _opens(text, at):
            ends = max((last.get(ch, -1) for ch in _CLOSERS[text[at]]), default=-1)
            if text[at] not in _SINGLE or ends > at:
                opened = at
    if opened >= 0:
        spans.append((opened, len(text)))
    return spans


def _opens(text: str, at: int) -> bool:
    mark, before, behind = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if mark in "“„«":
        return True
    return mark in _CLOSERS and (not before or before in _BEFORE) and bool(behind) and not behind.isspace()


def _closes(text: str, at: int) -> bool:
    """Single marks close at the end of a word or sentence only; inside a word they are apostrophes."""
    if text[at] not in _SINGLE:
        return True
    return at > 0 and not text[at - 1].isspace() and not text[at + 1 : at + 2].isalnum()
