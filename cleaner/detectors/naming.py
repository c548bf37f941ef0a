"""From an engine's choice of HTML blocks to verdicts: each block left out gets a category and the evidence for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cleaner.detectors.places import place_of
from cleaner.detectors.reading import read
from cleaner.detectors.rules import detect_rules
from cleaner.model import Block, Page, Verdict

__all__ = ["name_removals"]

Evidence = Callable[[int], tuple[str, float]]  # index of a block → the engine's evidence and how sure it is (0..1)


def name_removals(page: Page, kept: Sequence[bool], evidence: Evidence) -> list[Verdict]:
    """Verdicts on the blocks that are not kept, under the category that a rule or the place in the tree gives."""
    left_out = [(i, b) for i, (b, keep) in enumerate(zip(page.blocks, kept, strict=True)) if not keep]
    reading = read(Page(page.text, tuple(b for _, b in left_out), page.source_format))
    named = {v.start: v for v in detect_rules(reading, ()).verdicts}
    return [_verdict(block, named.get(block.start), *evidence(i)) for i, block in left_out]


def _verdict(block: Block, rule: Verdict | None, evidence: str, score: float) -> Verdict:
    if rule is not None and rule.end == block.end:
        return Verdict(block.start, block.end, rule.category, f"{evidence} + {rule.evidence}", score)
    category, token = place_of(block)
    return Verdict(block.start, block.end, category, f"{evidence} + place:{token}" if token else evidence, score)
