"""Author boxes below an article, known by the name of its byline."""

from __future__ import annotations

import pytest

from cleaner.detectors.bios import author_boxes
from cleaner.detectors.reading import read
from cleaner.extractors.plain import extract_text


@pytest.mark.parametrize(
    ("closing", "middle", "taken"),
    [
        ("Ann Baker covers rivers for the Post.", "It rained.", True),
        ("Our reporter Ann Baker lives in Tarbet.", "It rained.", True),
        ("Ann Baker was the last to leave, and she locked the door.", "Ann Baker, the keeper, saw it first.", False),
        ("“Ann Baker covers rivers,” said the pilot.", "It rained.", False),
        ("Baker covers rivers for the Post.", "It rained.", False),
    ],
)
def test_author_boxes_are_known_by_the_byline(closing: str, middle: str, taken: bool) -> None:
    """The last paragraphs that begin with the author's name; not where the article itself is about one of that name."""
    prose = "The river rose for the third night in a row and nobody in the village went to bed at all."
    texts = [prose, prose, middle, prose, prose, prose, closing]
    page = extract_text("\n\n".join(texts))
    found = author_boxes(read(page).lines, ["Ann Baker"])
    assert [page.text[v.start : v.end] for v in found] == ([closing] if taken else [])
