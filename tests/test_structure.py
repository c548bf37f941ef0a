"""What an HTML page's structure becomes: blocks that neither run together nor double, and Markdown that keeps it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Settings, clean
from cleaner.extractors.html import parse_html
from cleaner.ledger import Ledger
from cleaner.markdown import to_markdown
from cleaner.text.normalize import INK
from tests.conftest import ROOT

PAGES = sorted((ROOT / "fixtures" / "structure").glob("*.html"))


def markdown_of(html: str) -> str:
    document = parse_html(html)
    ledger = Ledger.open(document.page.text, document.page.blocks)
    return to_markdown(document.page, document.layout, ledger.paragraphs)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_structure_survives(path: Path) -> None:
    """Headings, nested lists, tables, quotes, code with its indentation and inline tails, each on a page."""
    assert markdown_of(path.read_text("utf-8")) + "\n" == path.with_suffix(".md").read_text("utf-8")


def test_neighbouring_links_are_two_words() -> None:
    """Buttons and links side by side do not glue; letters in spans do."""
    text = parse_html("<p><a>Home</a><a>News</a> <span>D</span><span>rop</span></p>").page.text
    assert text == "Home News Drop"


def test_body_markdown_of_text_is_its_body() -> None:
    """A text dump has no structure to keep."""
    article = clean("The river rose on Monday.\n\nIt fell on Friday.")
    assert article.body_markdown == article.body


@pytest.mark.parametrize(
    "text", ["<script>x()</script>", "[a](javascript:x)", "[a][b]", "[b]: javascript:x", r"\\<img src=x>"]
)
def test_markdown_is_inert(text: str) -> None:
    """What is text in the dump is text in the Markdown: no tag and no link, in a paragraph, a cell or a heading."""
    live = re.compile(r"(?<!\\)(?:\\\\)*(?:<[a-z/]|\][\[(:])")
    shown = text.replace("<", "&lt;")
    page = (
        f"<h2>{shown}</h2><p>The river rose, {shown} said.</p><ul><li>{shown}</ul><table><tr><td>{shown}<td>b</table>"
    )
    assert live.search(text)
    for markdown in (markdown_of(page), clean(f"The river rose, {text} said.").body_markdown):
        assert "The river rose, " in markdown
        assert not live.search(markdown)


def test_code_cannot_end_its_fence() -> None:
    """The fence around code is longer than those in it."""
    assert markdown_of("<pre>a\n```\n&lt;script>\n````</pre>") == "`````\na\n```\n<script>\n````\n`````"


TAGS = st.sampled_from(["p", "div", "li", "ul", "td", "tr", "table", "b", "a", "pre", "h2", "blockquote", "br", "span"])
PIECES = st.one_of(TAGS.map("<{}>".format), TAGS.map("</{}>".format), st.text("ab \n", max_size=6))


@given(st.lists(PIECES, max_size=40))
def test_no_letter_is_lost_or_doubled(pieces: list[str]) -> None:
    """The blocks of any tangle of tags hold its letters, in order, once."""
    document = parse_html("<html><body>" + "".join(pieces))
    wanted = "".join(p for p in pieces if not p.startswith("<"))
    found = "".join(document.page.text[b.start : b.end] for b in document.page.blocks)
    letters = [c for c in found if c in "ab"]
    assert sorted(letters) == sorted(c for c in wanted if c in "ab")
    assert not any(
        INK.search(gap) for gap in _gaps(document.page.text, [(b.start, b.end) for b in document.page.blocks])
    )


def _gaps(text: str, spans: list[tuple[int, int]]) -> list[str]:
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    return [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]


def test_polls_within_a_page_that_is_called_so() -> None:
    """A whole page whose class says poll is no poll, but one in it is found; a thousand nested ones are no burden."""
    poll = "<form class=poll><p>Would you go?</p><li>Yes 60%</li><li>No 40%</li></form>"
    prose = "<div><p>The river rose on Monday, said the mayor, and fell again on Friday night.</p></div>" * 120
    article = clean(f"<html><body><div class='poll-page'>{prose}{poll}</div>")
    assert [(o.label, o.percent) for o in article.widgets[0].options] == [("Yes", 60), ("No", 40)]
    nested = clean("<html><body>" + "<div class=poll>" * 1000 + "<p>Would you go?</p>" + prose)
    assert nested.widgets == ()


def test_selectors_have_the_last_word() -> None:
    """What a user's selector keeps stays, also where a phrase speaks against it; what one drops goes."""
    page = (
        "<html><body><article><h1>The ferry is back</h1>"
        "<p>The old ferry landing at Brightmoor will open again in May, the harbour board said on Friday.</p>"
        "<div class='facts'><p>Sign up for our newsletter</p><p>Read more: Who owns the river?</p></div>"
        "<p class='promo'>Boats will leave every forty minutes, said the harbour master, Ines Calloway.</p>"
        "</article></body></html>"
    )
    sites = {"courier.example": {"keep": [".facts"], "drop": [".promo"]}}
    article = clean(page, "https://courier.example/ferry", settings=Settings(sites=sites))
    assert "Sign up for our newsletter" in article.body
    assert "Who owns the river?" in article.body
    assert "Boats" not in article.body
    assert "Sign up" not in clean(page, "https://other.example/ferry", settings=Settings(sites=sites)).body


def test_keeping_a_category_leaves_a_users_own_selectors_in_force() -> None:
    """Who keeps captions in general and drops one place of a site means both."""
    page = (
        "<html><body><article>"
        "<p>The old ferry landing at Brightmoor will open again in May, the harbour board said on Friday.</p>"
        "<figure><img src='a.jpg'><figcaption class='odd'>The ferry at dawn, seen from the pier.</figcaption></figure>"
        "<p>Boats will leave every forty minutes, said the harbour master, Ines Calloway.</p></article></body></html>"
    )
    settings = Settings(keep=("caption",), sites={"courier.example": {"drop": [".odd"]}})
    assert "ferry at dawn" in clean(page, "https://other.example/a", settings=settings).body
    article = clean(page, "https://courier.example/a", settings=settings)
    assert "ferry at dawn" not in article.body
    assert [r.evidence.startswith("selector:.odd") for r in article.removed] == [True]


def test_text_behind_an_early_end_is_read() -> None:
    """A page that ends its body twice goes on behind the first end."""
    prose = "".join(f"<p>Boat {i} left the old ferry landing at noon, the harbour master said.</p>" for i in range(9))
    page = f"<html><body><div>Menu</div></body></html><div class='article'>{prose}</div></body></html>"
    assert "Boat 8 left" in clean(page).body
