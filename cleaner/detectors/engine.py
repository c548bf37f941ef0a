"""trafilatura as the first judge of HTML blocks: what is not in its output is not the article."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from cleaner.detectors.places import place_of
from cleaner.detectors.reading import read
from cleaner.detectors.rules import detect_rules
from cleaner.model import Block, Page, Verdict

__all__ = ["judge_by_output"]

_KEY = re.compile(r"[\W_]+")
_ANCHOR = 24  # letters of a block that is long enough to be found anywhere in the output
_PIECES = 4  # parts of a long block that are looked up one by one where the whole is not there
_SLACK = 200  # letters of the output that may lie between two short blocks in a row


def judge_by_output(page: Page, output: str) -> list[Verdict]:
    """Verdicts on the blocks of a page that the engine's output leaves out.

    Long blocks are looked up anywhere and must keep the order of the output; short ones only between their long
    neighbours and close behind the last block found, since "Share" or "2024" may stand anywhere.
    """
    keys = [_KEY.sub("", page.text[b.start : b.end]).lower() for b in page.blocks]
    kept = _kept(keys, _KEY.sub("", output).lower())
    left_out = Page(page.text, tuple(b for b, k in zip(page.blocks, kept, strict=True) if not k), page.source_format)
    named = {v.start: v for v in detect_rules(read(left_out), ()).verdicts}
    return [_verdict(block, named.get(block.start)) for block in left_out.blocks]


def _verdict(block: Block, rule: Verdict | None) -> Verdict:
    """The engine's verdict, under the category that a rule or the block's place in the tree gives."""
    if rule is not None and rule.end == block.end:
        return Verdict(block.start, block.end, rule.category, f"engine:trafilatura + {rule.evidence}", 0.95)
    category, token = place_of(block)
    if not token:
        return Verdict(block.start, block.end, "boilerplate", "engine:trafilatura", 0.7)
    return Verdict(block.start, block.end, category, f"engine:trafilatura + place:{token}", 0.8)


def _kept(keys: Sequence[str], output: str) -> list[bool]:
    anchors = _longest_chain(
        [(i, spot) for i, key in enumerate(keys) if len(key) >= _ANCHOR and (spot := _find(key, output)) >= 0]
    )
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


def _find(key: str, output: str) -> int:
    """Where a long block stands in the output; half of its pieces are enough, since engines drop inline elements."""
    spot = output.find(key)
    if spot >= 0 or len(key) < _PIECES * _ANCHOR:
        return spot
    size = len(key) // _PIECES
    spots = [s for k in range(_PIECES) if (s := output.find(key[k * size : (k + 1) * size])) >= 0]
    return min(spots) if len(spots) >= _PIECES // 2 else -1


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
