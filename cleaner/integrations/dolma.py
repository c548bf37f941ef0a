"""dolma: what the cleaner would remove, as spans in dolma's format of attributes.

The spans need no package. `dolma tag --tagger_modules cleaner.integrations.dolma --taggers article_cleaner` runs them
where dolma is installed.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from cleaner.errors import CleanerError
from cleaner.integrations import missing
from cleaner.pipeline import clean
from cleaner.settings import Settings

__all__ = ["NAME", "attributes", "spans", "tagger"]

NAME = "article_cleaner"
"""The name of the tagger."""

Span = tuple[int, int, float]
_DEFAULT = Settings()


def spans(text: str, settings: Settings = _DEFAULT) -> dict[str, list[Span]]:
    """By category, the pieces of a text that are not the article: start, end (in characters), score.

    The characters are counted in the text as it is, so that nothing is mended here. A text that cannot become an
    article is one span from end to end, called `rejected_REASON`.

    >>> spans("The river rose.\\n\\nSign up for our newsletter")
    {'newsletter': [(17, 43, 0.97)]}
    """
    try:
        article = clean(text, None, "text", replace(settings, fixes=()))
    except CleanerError as exc:
        return {f"rejected_{exc.reason}": [(0, len(text), 1.0)]}
    if article.source_text != text:  # such as half a surrogate pair: the places would be wrong
        return {"rejected_mended": [(0, len(text), 1.0)]}
    found: dict[str, list[Span]] = {}
    for piece in article.removed:
        found.setdefault(piece.category, []).append((piece.start, piece.end, round(piece.score, 5)))
    return found


def attributes(document: Mapping[str, Any], experiment: str = NAME, settings: Settings = _DEFAULT) -> dict[str, Any]:
    """The row of a file of attributes that belongs to a row of a file of documents."""
    named = {
        f"{experiment}__{NAME}__{category}": list(map(list, found))
        for category, found in spans(document["text"], settings).items()
    }
    return {"id": document["id"], "attributes": named, "source": document.get("source", "")}


@lru_cache(maxsize=1)
def tagger() -> Any:
    """dolma's class of this tagger, registered as `article_cleaner`. Raises `MissingExtraError` without dolma."""
    try:
        from dolma.core.data_types import DocResult, Document, Span
        from dolma.core.registry import TaggerRegistry
        from dolma.core.taggers import BaseTagger
    except ImportError as exc:
        raise missing("dolma", "dolma", exc) from exc

    class ArticleTagger(BaseTagger):
        """Spans of what is not the article."""

        def predict(self, doc: Document) -> DocResult:
            found = spans(doc.text)
            return DocResult(doc, [Span(a, b, kind, score) for kind, places in found.items() for a, b, score in places])

    TaggerRegistry.add(NAME)(ArticleTagger)
    return ArticleTagger


if "dolma.core" in sys.modules:  # `dolma tag` imports the modules of taggers so that they register
    tagger()
