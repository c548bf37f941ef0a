"""Another engine as the judge of HTML blocks: what is not in its output is not the article."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from cleaner.model import Page

__all__ = ["kept_by_output"]

_KEY = re.compile(r"[\W_]+")
_ANCHOR = 24  # letters of a block that is long enough to be found anywhere in the output
_PIECES = 4  # parts of a long block that are looked up one by one where the whole is not there
_PLACES = 8  # at which the same letters of the output are looked at
_SLACK = 200  # letters of the output that may lie between two short blocks in a row


def kept_by_output(page: Page, output: str) -> list[bool]:
    """Which blocks of a page stand in an engine's output.

    Long blocks are looked up anywhere and must keep the order of the output; short ones only between their long
    neighbours and close behind the last block found, since "Share" or "2024" may stand anywhere.
    """
    keys = [_KEY.sub("", page.text[b.start : b.end]).lower() for b in page.blocks]
    return _kept(keys, _KEY.sub("", output).lower())


def _kept(keys: Sequence[str], output: str) -> list[bool]:
    anchors = _longest_chain(_spots(keys, output))
    following = sorted(anchors)
    kept, cursor = [False] * len(keys), 0
    for i, key in enumerate(keys):
        if i in anchors:
            kept[i], cursor = True, max(cursor, anchors[i] + len(key))
        elif not key:
            kept[i] = i > 0 and kept[i - 1]
        elif len(key) < _ANCHOR:
            later = bisect_left(following, i)
            limit = anchors[following[later]] if later < len(following) else len(output)
            spot = output.find(key, cursor, min(limit, cursor + _SLACK))
            if spot >= 0:
                kept[i], cursor = True, spot + len(key)
    return kept


def _spots(keys: Sequence[str], output: str) -> list[tuple[int, int]]:
    """Each long block that stands in the output, and where; of its pieces half are enough, since engines drop inline
    elements. One walk over the output, whatever the number of blocks.
    """
    pieces = {i: _pieces(key) for i, key in enumerate(keys) if len(key) >= _ANCHOR}
    wanted = {piece for row in pieces.values() for piece in row}
    places: dict[str, list[int]] = {}
    for at in range(len(output) - _ANCHOR + 1):
        gram = output[at : at + _ANCHOR]
        if gram in wanted and len(known := places.setdefault(gram, [])) < _PLACES:
            known.append(at)
    found = []
    for i, row in pieces.items():
        whole = next((at for at in places.get(row[0], ()) if output.startswith(keys[i], at)), -1)
        if whole < 0 and len(row) > 1:
            spots = [places[piece][0] for piece in row if piece in places]
            whole = min(spots) if 2 * len(spots) >= len(row) else -1
        if whole >= 0:
            found.append((i, whole))
    return found


def _pieces(key: str) -> list[str]:
    """The first letters of a block, and those of its later quarters where it is long enough."""
    if len(key) < _PIECES * _ANCHOR:
        return [key[:_ANCHOR]]
    size = len(key) // _PIECES
    return [key[k * size : k * size + _ANCHOR] for k in range(_PIECES)]


def _longest_chain(spots: Sequence[tuple[int, int]]) -> dict[int, int]:
    """The longest run of blocks whose order in the output is that of the page (patience sorting)."""
    tails: list[int] = []  # the smallest last spot of a chain of each length
    ends: list[int] = []  # the index in `spots` that holds it
    before: list[int] = []
    for n, (_, spot) in enumerate(spots):
        at = bisect_left(tails, spot)
        tails[at : at + 1] = [spot]
        ends[at : at + 1] = [n]
        before.append(ends[at - 1] if at else -1)
    chain, n = {}, ends[-1] if ends else -1
    while n >= 0:
        chain[spots[n][0]] = spots[n][1]
        n = before[n]
    return chain
