"""Sentences that go with the furniture beside them in their line: a question before a request, a caption before a credit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from cleaner.detectors.reading import Line
from cleaner.text.lexicon import Hit

__all__ = ["Guilty", "with_company"]

Guilty: TypeAlias = tuple[tuple[int, int], Hit]  # the span of a sentence in its line, and what speaks against it

_CAPTION_WORDS = 16  # of the one sentence before `Photo: Emil Strand`


def with_company(line: Line, guilty: Sequence[Guilty]) -> Sequence[Guilty]:
    """The guilty sentences of a line, with the first one where it is all that is left and belongs to them.

    `Have you seen the whale? Send us your pictures.`, `The mill in winter. Photo: Emil Strand`
    """
    spans = line.sentences
    if not guilty or line.spoken or len(guilty) != len(spans) - 1 or guilty[0][0] != spans[1]:
        return guilty
    hit, text = guilty[0][1], line.text[: spans[0][1]].rstrip()
    asks = text.endswith("?") and hit.entry.category != "related"  # the article may ask before a link
    shows = hit.entry.category == "photo_credit" and line.word_at(spans[0][1]) <= _CAPTION_WORDS
    return [(spans[0], hit), *guilty] if asks or shows else guilty
