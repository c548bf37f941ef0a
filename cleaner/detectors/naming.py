"""From an engine's choice of HTML blocks to verdicts: each block left out gets a category and the evidence for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from cleaner.detectors.places import places_of
from cleaner.detectors.shapes import shape_of
from cleaner.layout import Layout
from cleaner.model import Page, Verdict
from cleaner.text.lexicon import Hit, lexicon, words_of

__all__ = ["name_removals"]

_LONGEST = 400  # characters; a longer block is not one piece of furniture
_LONE = 2  # words of a block that one word of the lists can name
_WORDS = 60  # of it that are looked at
_KINDS = ("whole", "heads", "opens", "has", "weak")  # lists of phrases that can name a block, the surest first

Evidence = Callable[[int], tuple[str, float]]  # index of a block → the engine's evidence and how sure it is (0..1)


def name_removals(page: Page, layout: Layout, kept: Sequence[bool], evidence: Evidence) -> list[Verdict]:
    """Verdicts on the blocks that are not kept, under the category that a rule or the place in the tree gives."""
    found = []
    for i, (block, place, keep) in enumerate(zip(page.blocks, places_of(layout), kept, strict=True)):
        if keep:
            continue
        (category, token), (why, score) = place, evidence(i)
        rule = _rule_of(page.text[block.start : block.end]) if block.end - block.start <= _LONGEST else None
        if rule is not None:
            category, why = rule[0], f"{why} + {rule[1]}"
        elif token:
            why = f"{why} + place:{token}"
        found.append(Verdict(block.start, block.end, category, why, score))
    return found


@lru_cache(maxsize=16384)  # the menus of a site are the same on all its pages
def _rule_of(text: str) -> tuple[str, str] | None:
    """Category and evidence that the shape of a short text or the phrase it begins with speaks for."""
    shape = shape_of(text)
    if shape:
        return shape[0], f"shape:{shape[1]}"
    words = words_of(text)[:_WORDS]
    best = min(lexicon().openings(words), key=lambda hit: _rank(hit, len(words)), default=None)
    if best is None or _rank(best, len(words))[0] >= len(_KINDS):
        return None
    entry = best.entry
    return entry.category, f"phrase:{entry.language}:{entry.kind}:{entry.phrase}"


def _rank(hit: Hit, count: int) -> tuple[int, int]:
    """The better a phrase names a block of so many words, the lower: of the surest list first, then the longest.

    A word that should be a whole line must be all of it but one word.
    """
    kind = hit.entry.kind
    lone = kind not in ("opens", "has") and hit.end == 1 and count > _LONE
    if kind not in _KINDS or lone:
        return len(_KINDS), 0
    return _KINDS.index(kind), -hit.end
