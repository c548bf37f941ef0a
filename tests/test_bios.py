"""Author boxes below an article, known by the name of its byline, and captions that end with their credit."""

from __future__ import annotations

import pytest

from cleaner import clean
from cleaner.detectors.bios import author_boxes
from cleaner.detectors.reading import read
from cleaner.detectors.shapes import shape_of
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


PROSE = [
    "The river rose for the third night in a row and nobody in the village went to bed at all.",
    "The mayor said on Monday evening that the ferry would stay closed for a week because of the water.",
]


def test_a_story_about_its_writer_stays() -> None:
    """Two closing paragraphs that name the author are the article's own."""
    own = [
        "Ann Baker remembers that night as the one on which she lost her boat.",
        "Ann Baker then went to the capital.",
    ]
    assert author_boxes(read(extract_text("\n\n".join([*PROSE, *PROSE, *own]))).lines, ["Ann Baker"]) == []


def test_a_place_with_a_date_is_no_author() -> None:
    """`New York, 7 July 2025` above the text takes nothing from below it."""
    closing = [
        "New York has had no such flood since 1954, and the mayor has asked for help.",
        "It rained again on Sunday.",
    ]
    raw = "\n\n".join(["Police close the bridge after flood", "New York, 7 July 2025", *PROSE, *PROSE, *closing])
    article = clean(raw)
    assert article.metadata.authors == () and closing[0] in article.body


@pytest.mark.parametrize(
    ("text", "is_caption"),
    [
        ("Wout Terpstra at the helm of his ferry. © Henk Roelofsen", True),
        ("The tower in autumn © Jan Łukasz/Keel Press", True),
        ("The study was written by a team of the magazine in June. © Nature", False),
        ("The band plays its first single tonight at nine / BBC ONE", False),
        ("He said that the film © Keel Films was great", False),
    ],
)
def test_captions_end_with_their_credit(text: str, is_caption: bool) -> None:
    """A sign and a full name at the end of a line; no single word, no channel, nothing behind it."""
    assert (shape_of(text) == ("photo_credit", "caption_and_credit")) is is_caption


def test_lists_and_verses_of_a_wrapped_text_stay_apart() -> None:
    """Paragraphs of two lines are refilled, longer ones that are not wrapped are left as they are."""
    wrapped = (
        "The river rose again on Monday evening, and the mayor of the town said\nthat the ferry would stay closed for a"
        " week, because the water had come\nover the pier and into the houses that stand below the old church wall."
    )
    verse = (
        "I wandered by the river when the water rose over all the meadows,\nIncomparable was the sound of it, and all the"
        " bells were ringing,\nNotwithstanding I went down to it, and saw the ferry taken away,"
    )
    two = "The keeper of the mill, who has the only boat, will be rowing everybody\nacross."
    assert len(extract_text("\n\n".join([wrapped, wrapped, verse, two])).blocks) == 2 + 3 + 1
    assert len(extract_text("\n\n".join([wrapped, two])).blocks) == 1 + 2
