"""The first judge of an HTML page: which of its blocks are the article, before the detectors of text look at those.

The engines are a table: the learned model, trafilatura, or none. Where the model is unsure of a page, trafilatura is
asked instead. A user's selectors for the site have the last word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from cleaner.data import thresholds
from cleaner.detectors.naming import Evidence, name_removals
from cleaner.detectors.places import kept_by_place
from cleaner.detectors.sites import House, detect_house_places
from cleaner.errors import NoArticleError
from cleaner.extractors.html import Document, parse_html
from cleaner.extractors.metadata import html_claims
from cleaner.extractors.selectors import Selectors, selectors_of
from cleaner.extractors.widgets import find_polls
from cleaner.model import Claim, JudgedPage, Span
from cleaner.settings import Settings
from cleaner.text.normalize import INK

__all__ = ["judge_page"]


@dataclass(frozen=True, slots=True)
class _Choice:
    """An engine's answer."""

    kept: list[bool]
    evidence: Evidence
    trust: float
    claims: Sequence[Claim] = ()
    held: Sequence[int] = ()  # blocks that stay whatever else says


def judge_page(
    text: str, url: str | None, settings: Settings, house: House | None = None, site: str | None = None
) -> JudgedPage:
    """Parse a decoded page once and judge its blocks by the engine of the settings, and by the site's other pages.

    `site` chooses among the selectors of the settings.
    """
    selectors = selectors_of(settings.rules_of(site))
    document = parse_html(text, selectors)
    if not document.page.blocks:
        raise NoArticleError("the page has no visible text")
    choice = _JUDGES[settings.judge](document, text, url, settings)
    if not any(choice.kept):  # the engine kept nothing: do not empty the document
        choice = _by_rules(document, text, url, settings)
    if selectors is not None:
        choice = _overrule(document, choice, selectors)
    verdicts = name_removals(document.page, document.layout, choice.kept, choice.evidence)
    if house is not None:
        open_ = [keep and i not in choice.held for i, keep in enumerate(choice.kept)]
        verdicts += detect_house_places(document.page, open_, house)
    polls = find_polls(document.tree, document.layout.names) if document.tree is not None else ()
    claims = (*html_claims(document.places, url), *choice.claims)
    held = [Span(document.page.blocks[i].start, document.page.blocks[i].end) for i in choice.held]
    return JudgedPage(
        replace(document.page, claims=claims, layout=document.layout), verdicts, polls, choice.trust, held
    )


def _by_model(document: Document, text: str, url: str | None, settings: Settings) -> _Choice:
    from cleaner.detectors.learned import judge_learned
    from cleaner.detectors.weights import load_model

    judged = judge_learned(document.page, document.layout, load_model(settings.model), settings.mode)
    if judged.expected_f1 < thresholds()["engine"]["unsure"]:
        other = _by_trafilatura(document, text, url, settings)
        if any(other.kept) and not all(other.kept):
            return replace(other, trust=judged.expected_f1)
    probability, copies = judged.probability.tolist(), judged.copies.tolist()

    def evidence(index: int) -> tuple[str, float]:
        if copies[index]:
            return "model:copy of a block before", 1.0
        return f"model:{probability[index]:.2f}", round(1.0 - probability[index], 3)

    return _Choice(judged.kept.tolist(), evidence, judged.expected_f1)


def _by_trafilatura(document: Document, text: str, url: str | None, settings: Settings) -> _Choice:
    from cleaner.detectors.engine import kept_by_output
    from cleaner.extractors.peer import run_trafilatura

    if document.tree is None:  # too deep or broken for the parser that trafilatura uses
        return _by_rules(document, text, url, settings)
    output, claims = run_trafilatura(text, url)
    if not INK.search(output):
        return replace(_by_rules(document, text, url, settings), claims=claims)
    return _Choice(kept_by_output(document.page, output), lambda _: ("engine:trafilatura", 0.8), 0.9, claims)


def _by_rules(document: Document, text: str, url: str | None, settings: Settings) -> _Choice:
    kept = kept_by_place(document.page, document.layout)
    if not any(kept):
        kept = [True] * len(kept)
    return _Choice(kept, lambda _: ("place", 0.7), 0.6)


def _overrule(document: Document, choice: _Choice, selectors: Selectors) -> _Choice:
    """Keep and drop what the user's selectors name; an inner element counts before those around it."""
    kept, why = list(choice.kept), dict[int, str]()
    for node, (keep, selector) in sorted(selectors.marks.items()):
        for block in range(document.layout.first[node], document.layout.last[node]):
            kept[block], why[block] = keep, selector

    def evidence(index: int) -> tuple[str, float]:
        return (f"selector:{why[index]}", 1.0) if index in why else choice.evidence(index)

    held = sorted(block for block in why if kept[block])
    return replace(choice, kept=kept, evidence=evidence, held=held)


_Engine: TypeAlias = Callable[[Document, str, str | None, Settings], _Choice]
_JUDGES: dict[str, _Engine] = {"cleaner": _by_model, "trafilatura": _by_trafilatura, "rules": _by_rules}
