"""The first judge of an HTML page: which of its blocks are the article, before the detectors of text look at those.

The engines are a table: the learned model, trafilatura, or none. Where the model is unsure of a page, trafilatura is
asked too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from cleaner.data import thresholds
from cleaner.detectors.naming import name_removals
from cleaner.detectors.places import judge_by_place
from cleaner.errors import NoArticleError
from cleaner.extractors.html import Document, parse_html
from cleaner.extractors.metadata import html_claims
from cleaner.extractors.widgets import find_polls
from cleaner.model import Claim, Page, Verdict, Widget
from cleaner.settings import Settings
from cleaner.text.normalize import INK

__all__ = ["JudgedPage", "judge_page"]


@dataclass(frozen=True, slots=True)
class JudgedPage:
    """A page with its claims, the verdicts on the blocks that are not its article, and the widgets of its markup."""

    page: Page
    verdicts: Sequence[Verdict]
    widgets: Sequence[Widget]
    trust: float


_Judged: TypeAlias = tuple[Sequence[Verdict], Sequence[Claim], float]  # verdicts, further claims, trust (0..1)


def judge_page(text: str, url: str | None, settings: Settings) -> JudgedPage:
    """Parse a decoded page once and judge its blocks by the engine of the settings."""
    document = parse_html(text)
    if not document.page.blocks:
        raise NoArticleError("the page has no visible text")
    verdicts, claims, trust = _ENGINES[settings.engine](document, text, url, settings)
    if len(verdicts) == len(document.page.blocks):  # the engine kept nothing: do not empty the document
        verdicts, trust = judge_by_place(document.page, document.layout), 0.5
    polls = find_polls(document.tree, document.layout.names) if document.tree is not None else ()
    page = replace(document.page, claims=(*html_claims(document.tree, url), *claims), layout=document.layout)
    return JudgedPage(page, verdicts, polls, trust)


def _by_model(document: Document, text: str, url: str | None, settings: Settings) -> _Judged:
    from cleaner.detectors.learned import judge_learned
    from cleaner.detectors.weights import load_model

    judged = judge_learned(document.page, document.layout, load_model(settings.model), settings.mode)
    if judged.expected_f1 < thresholds()["engine"]["unsure"] and document.tree is not None:
        verdicts, claims, _ = _by_trafilatura(document, text, url, settings)
        if verdicts and len(verdicts) < len(document.page.blocks):
            return verdicts, claims, judged.expected_f1
    probability = judged.probability.tolist()

    def evidence(index: int) -> tuple[str, float]:
        return f"model:{probability[index]:.2f}", round(1.0 - probability[index], 3)

    return name_removals(document.page, document.layout, judged.kept.tolist(), evidence), (), judged.expected_f1


def _by_trafilatura(document: Document, text: str, url: str | None, settings: Settings) -> _Judged:
    from cleaner.detectors.engine import kept_by_output
    from cleaner.extractors.peer import run_trafilatura

    if document.tree is None:
        return judge_by_place(document.page, document.layout), (), 0.5
    output, claims = run_trafilatura(text, url)
    if not INK.search(output):
        return judge_by_place(document.page, document.layout), claims, 0.5
    kept = kept_by_output(document.page, output)
    return name_removals(document.page, document.layout, kept, lambda _: ("engine:trafilatura", 0.8)), claims, 0.9


def _by_rules(document: Document, text: str, url: str | None, settings: Settings) -> _Judged:
    return judge_by_place(document.page, document.layout), (), 0.7


_ENGINES: dict[str, Callable[[Document, str, str | None, Settings], _Judged]] = {
    "cleaner": _by_model,
    "trafilatura": _by_trafilatura,
    "rules": _by_rules,
}
