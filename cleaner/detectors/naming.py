"""From an engine's choice of HTML blocks to verdicts: each block left out gets a category and the evidence for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cleaner.detectors.places import places_of
from cleaner.detectors.reading import read
from cleaner.detectors.rules import detect_rules
from cleaner.layout import Layout
from cleaner.model import Page, Verdict

__all__ = ["name_removals"]

_LONGEST = 400  # characters

Evidence = Callable[[int], tuple[str, float]]  # index of a block → the engine's evidence and how sure it is (0..1)


def name_removals(page: Page, layout: Layout, kept: Sequence[bool], evidence: Evidence) -> list[Verdict]:
    """Verdicts on the blocks that are not kept, under the category that a rule or the place in the tree gives."""
    left_out = [i for i, keep in enumerate(kept) if not keep]
    places = places_of(layout)
    blocks = [page.blocks[i] for i in left_out]
    telling = tuple(b for b in blocks if b.end - b.start <= _LONGEST)  # longer ones are not one piece of furniture
    named = {v.start: v for v in detect_rules(read(Page(page.text, telling, page.source_format)), ()).verdicts}
    found = []
    for i in left_out:
        block, (why, score), (category, token) = page.blocks[i], evidence(i), places[i]
        rule = named.get(block.start)
        if rule is not None and rule.end == block.end:
            category, why = rule.category, f"{why} + {rule.evidence}"
        elif token:
            why = f"{why} + place:{token}"
        found.append(Verdict(block.start, block.end, category, why, score))
    return found
