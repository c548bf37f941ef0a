"""What holds for any input at all: spans tile, cleaning is stable, nothing raises but the typed errors."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Article, CleanerError, clean
from cleaner.text.mend import FIXES, mend
from cleaner.text.normalize import INK
from tests.conftest import Case, load_cases

FURNITURE = [
    "Sign up for our newsletter",
    "Share this article",
    "Would you vote again? Yes No",
    "Yes: 60% (6 Votes) No: 40% (4 Votes)",
    "* Name",
    "* Email",
    "* All fields are required.",
    "Related Articles",
    "By Jane Doe",
    "date 2025-02-06 The river",
    "2025-02-06",
    "© 2025 The Ledger. All rights reserved.",
    "Leave a comment",
    "Facebook Twitter Email",
    "[ Subscribe ]",
    "- a bullet of the article",
    "The mayor said the river would rise again by Friday evening, and that nobody should go near the old bridge.",
    "Short heading",
    "Sign up now! The council met on Monday. Unsubscribe at any time.",
]
SEPARATORS = ["\n", "\n\n", "\r\n", " ", "\n\n\n", "\u2028", "\x0c", "\t", "\xa0"]

lines = st.one_of(st.sampled_from(FURNITURE), st.text(max_size=60))
dumps = st.lists(st.tuples(lines, st.sampled_from(SEPARATORS)), max_size=14).map(
    lambda rows: "".join(a + b for a, b in rows)
)


def try_clean(raw: str | bytes, source_format: str = "text") -> Article | None:
    try:
        return clean(raw, None, source_format)
    except CleanerError:
        return None


def check_places(article: Article) -> None:
    """Read in order, body and removed pieces put back at their places are the ink of the source."""
    shown, last = [], 0
    for removal in article.removed:
        assert last <= removal.at <= len(article.body)
        shown += [article.body[last : removal.at], removal.text]
        last = removal.at
    whole = "".join([*shown, article.body[last:]])
    assert INK.findall(whole) == INK.findall(article.source_text)


def check_account(article: Article) -> None:
    """Kept and removed spans tile the source text; removals say what stands there."""
    spans = sorted([(s.start, s.end) for s in article.kept] + [(r.start, r.end) for r in article.removed])
    assert spans[0][0] == 0
    assert spans[-1][1] == len(article.source_text)
    assert all(a[1] == b[0] for a, b in zip(spans, spans[1:], strict=False))
    for removal in article.removed:
        assert article.source_text[removal.start : removal.end].strip() == removal.text
        assert removal.category
        assert removal.evidence
    check_places(article)
    ink = "".join("".join(article.source_text[s.start : s.end].split()) for s in article.kept)
    if not any(ch.isspace() or not ch.isprintable() for ch in ink):
        assert "".join(article.body.split()) == ink


@given(dumps)
@settings(max_examples=300, deadline=None)
def test_text_is_accounted_for(raw: str) -> None:
    """Kept and removed spans tile the decoded and mended input, whatever it is."""
    article = try_clean(raw)
    if article is not None:
        assert article.source_text == mend(raw, FIXES)[0]
        check_account(article)


@given(dumps)
@settings(max_examples=300, deadline=None)
def test_cleaning_is_stable_and_deterministic(raw: str) -> None:
    """Cleaning a clean body changes nothing; the same input gives the same article."""
    article = try_clean(raw)
    if article is not None:
        again = clean(article.body, source_format="text")
        assert again.body == article.body
        assert clean(raw, source_format="text").to_json() == article.to_json()


@pytest.mark.parametrize("depth", [3, 9, 40])
def test_nested_furniture_goes_to_its_core(depth: int) -> None:
    """However deep polls stand in polls, a second cleaning finds nothing that the first one left."""
    raw = (
        "Would you vote again?\n" * depth
        + "Yes: 40% No: 60%\n" * 14 * depth
        + "\nThe river rose again on Monday evening."
    )
    article = clean(raw)
    check_account(article)
    assert article.body == "The river rose again on Monday evening."
    assert clean(article.body).removed == ()


@given(
    st.lists(
        st.tuples(st.sampled_from(["p", "div", "li", "h2", "aside", "footer", "b", "td", "br", "section"]), lines),
        max_size=10,
    )
)
@settings(max_examples=60, deadline=None)
def test_html_is_accounted_for(rows: list[tuple[str, str]]) -> None:
    """Every text block of a page is kept or removed, and the body is stable."""
    inner = "".join(f"<{tag}>{text.replace('<', '&lt;')}</{tag}>" for tag, text in rows)
    article = try_clean(f"<html><body>{inner}</body></html>", "html")
    if article is not None:
        check_account(article)
        assert clean(article.body, source_format="text").body == article.body


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_bytes_give_an_article_or_a_typed_error(raw: bytes) -> None:
    """No bytes make `clean` raise anything but the errors of its tree."""
    article = try_clean(raw, "auto")
    if article is not None:
        article.to_json().encode("utf-8")


@pytest.mark.parametrize("case", load_cases("realistic") + load_cases("negative"))
def test_fixtures_are_accounted_for(case: Case) -> None:
    """The properties hold on every fixture, too, with its own format."""
    article = clean(case.raw)
    check_account(article)
    assert clean(article.body, source_format="text").body == article.body
