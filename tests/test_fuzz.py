"""Both extractors on damaged pages and texts: an article that accounts for all of its text, or an error of the tree."""

from __future__ import annotations

import random
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner import Article, CleanerError, clean
from tests.conftest import FIXTURES, examples
from tests.test_accounting import check_account
from tests.test_io_fuzz import mutated

FORMS = {"html": "*.html", "text": "*.txt"}
PIECES = (
    "<div>", "</div>", "<p>", "<table><tr><td>", "<!--", "-->", "<script>", "</script>", "<![CDATA[", "<svg>", "<template>",
    "<br>" * 9, "<a href='x", '"', "&", "&#0;", "&#xD800;", "\0", "\u0338", "\u200b", "\r", "\u2028", "{", "<li>", "Yes: 4% No: 5%",
    "Read more: ", "Name\n* Email\n", "By ", "2025-02-06", " | ", "?", "'", "»", "(", "<body>", "</html>", "<meta charset=utf-16>",
)  # fmt: skip
"""What means something to an extractor or to a rule."""


@cache
def seeds(form: str) -> list[bytes]:
    """The fixtures of a format."""
    return [path.read_bytes() for path in sorted(FIXTURES.rglob(FORMS[form])) if path.stat().st_size < 30_000]


def damaged(form: str, seed: int, count: int) -> bytes:
    """A fixture, or the halves of two, with pieces put in and bytes changed."""
    rng = random.Random(seed)
    one, two = (rng.choice(seeds(form)) for _ in range(2))
    data = one if rng.random() < 0.5 else one[: rng.randrange(len(one) + 1)] + two[rng.randrange(len(two) + 1) :]
    for _ in range(rng.randrange(count + 1)):
        at = rng.randrange(len(data) + 1)
        data = data[:at] + rng.choice(PIECES).encode("utf-8", "surrogatepass") * rng.choice((1, 1, 1, 40)) + data[at:]
    return mutated(data, seed, count if rng.random() < 0.5 else 0)


def cleaned(raw: str | bytes, form: str) -> Article | None:
    """The article; None where the dump is none, for a reason that is told."""
    try:
        return clean(raw, "https://a.example/b", form)
    except CleanerError as error:
        assert error.reason != CleanerError.reason
        return None


@pytest.mark.parametrize("form", FORMS)
def test_there_are_seeds(form: str) -> None:
    """What is damaged is sound before."""
    assert len(seeds(form)) > 15
    assert sum(cleaned(raw, form) is not None for raw in seeds(form)) > 0.9 * len(seeds(form))


@pytest.mark.parametrize("form", FORMS)
@given(seed=st.integers(0, 1 << 30), count=st.integers(1, 12))
@settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
def test_damaged_dumps(form: str, seed: int, count: int) -> None:
    """Kept and removed pieces tile the source, the row can be written, and cleaning again gives the same."""
    raw = damaged(form, seed, count)
    article = cleaned(raw, form)
    if article is not None:
        check_account(article)
        told = article.to_json()
        told.encode("utf-8")
        again = cleaned(raw, form)
        assert again is not None and again.to_json() == told


@pytest.mark.parametrize("form", FORMS)
@given(raw=st.one_of(st.text(max_size=300), st.binary(max_size=300)))
@settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
def test_any_characters(form: str, raw: str | bytes) -> None:
    """Noise, too."""
    article = cleaned(raw, form)
    if article is not None:
        check_account(article)


@given(seed=st.integers(0, 1 << 30), count=st.integers(1, 12))
@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
def test_a_clean_body_is_clean(seed: int, count: int) -> None:
    """The body of a damaged text is what cleaning that body gives."""
    article = cleaned(damaged("text", seed, count), "text")
    if article is not None:
        assert clean(article.body, source_format="text").body == article.body
