"""Text that stays text where Markdown is shown."""

from __future__ import annotations

import re

__all__ = ["inert"]

# The backslashes before it count: an even number of them escape each other, and one more is needed.
_LIVE = re.compile(r"(?<!\\)((?:\\\\)*)(<(?=[A-Za-z/!?])|\](?=[(\[:]))")


def inert(text: str) -> str:
    """Markdown in which no `<` begins a tag or an address and no `]` ends the text of a link. Done twice, it changes nothing.

    A body is what stood in a dump, and may have been written to do something in a reader's browser.

    >>> inert("[see](javascript:x) <script> 1 < 2 [note]")
    '[see\\\\](javascript:x) \\\\<script> 1 < 2 [note]'
    """
    return _LIVE.sub(r"\1\\\2", text) if "<" in text or "]" in text else text
