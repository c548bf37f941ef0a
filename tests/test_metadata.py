"""Metadata: cases as data, hostile pages, and the account of sources."""

from __future__ import annotations

import json
import re
import time
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from cleaner import Settings, clean
from cleaner.batch.records import Recipe, clean_record
from cleaner.extractors.html import parse_html
from cleaner.extractors.metadata import html_claims
from cleaner.io.readers import Dump
from cleaner.metadata import merge_claims
from cleaner.model import Metadata
from tests.conftest import FIXTURES


def metadata_of(html: str, url: str | None = None, body: str = "", crawled: str | None = None) -> Metadata:
    """The metadata of a page, as `clean` decides it, without taking the body out of it."""
    text = html if "<html" in html else f"<html>{html}</html>"
    return merge_claims(html_claims(parse_html(text).places, url), body, (), url, crawled)


def load(name: str) -> list[Any]:
    """The cases of one file, as parameters."""
    rows = tomllib.loads((FIXTURES / "metadata" / f"{name}.toml").read_text("utf-8"))["case"]
    return [pytest.param(row, id=re.sub(r"\W+", "-", row["name"])[:60]) for row in rows]


ALL = [case for name in ("titles", "authors", "dates", "fields") for case in load(name)]


@pytest.mark.parametrize("case", ALL)
def test_case(case: dict[str, Any]) -> None:
    """A page in the shape of real ones has the metadata that a reader would name."""
    found = metadata_of(case["html"], case.get("url"), case.get("body", ""), case.get("crawled"))
    for field, value in case["expect"].items():
        got = getattr(found, field)
        got = list(got) if isinstance(got, tuple) else got
        assert got == (None if value == "" else value), field


def test_there_are_enough_cases() -> None:
    """The complaints about metadata are covered by data, not by code."""
    assert len(ALL) >= 60


def test_every_field_names_its_source() -> None:
    """`sources` tells for each field that is set where it came from."""
    found = metadata_of(
        '<html lang="en"><head><title>River rises fast</title><meta name="author" content="Jane Doe">'
        '<meta property="article:published_time" content="2024-05-03"></head><body><h1>River rises fast</h1></body></html>'
    )
    assert found.sources["title"] == "h1"
    assert found.sources["authors"] == "meta author"
    assert found.sources["date"] == "meta article:published_time"
    assert found.sources["language"] == "html lang"
    assert set(found.sources) >= {"title", "authors", "date", "language"}


def test_nothing_is_guessed() -> None:
    """A page that says nothing has no metadata."""
    found = metadata_of("<body><p>The river rose.</p></body>")
    assert (found.title, found.authors, found.date, found.description) == (None, (), None, None)
    assert not set(found.sources) - {"language"}


def _script(text: str) -> str:
    return f'<head><title>River</title><script type="application/ld+json">{text}</script></head><body><h1>River</h1></body>'


HOSTILE: dict[str, Callable[[], str]] = {
    "deeply nested JSON": lambda: _script('{"a":' * 20_000 + "1" + "}" * 20_000),
    "deeply nested lists": lambda: _script("[" * 50_000),
    "huge JSON": lambda: _script(json.dumps({"@type": "Article", "hasPart": [{"@type": "Article"}] * 60_000})),
    "broken and huge": lambda: _script('{"headline": "x' + "\\\\" * 300_000),
    "cyclic ids": lambda: _script(
        '[{"@id":"a","@type":"Article","author":{"@id":"b"}},{"@id":"b","author":{"@id":"a"}}]'
    ),
    "ten thousand metas": lambda: (
        "<head>" + '<meta name="author" content="Jane Doe">' * 10_000 + "</head><body></body>"
    ),
    "ten thousand bylines": lambda: "<body><h1>River</h1>" + '<p class="author">By Jane Doe</p>' * 10_000 + "</body>",
    "ten thousand dates": lambda: "<body><h1>River</h1>" + "<time>3 May 2024</time>" * 10_000 + "</body>",
    "ten thousand headings": lambda: "<body>" + "<h1>River rises</h1>" * 10_000 + "</body>",
    "separators without end": lambda: f"<head><title>{'a - ' * 20_000}</title></head><body></body>",
    "a name without end": lambda: f'<head><meta name="author" content="{"By and, " * 20_000}"></head><body></body>',
    "spaces without end": lambda: f'<head><meta name="date" content="3{" " * 50_000}x 2024"></head><body></body>',
    "digits without end": lambda: f'<head><meta name="date" content="{"2024-" * 20_000}"></head><body></body>',
    "brackets without end": lambda: f'<head><meta name="author" content="{"(" * 20_000}"></head><body></body>',
    "a class without end": lambda: f'<body><h1>River</h1><p class="{"author " * 20_000}">Jane Doe</p></body>',
    "entities without end": lambda: (
        f'<head><meta property="og:title" content="{"&amp;amp;" * 20_000}"></head><body></body>'
    ),
    "wrong types": lambda: _script(
        '{"@type":["Article",3],"headline":{"x":1},"author":[[[]],5,null,{"name":{}}],"datePublished":[],"image":[[1]],'
        '"keywords":{"a":1},"publisher":7,"mainEntityOfPage":3,"isAccessibleForFree":[]}'
    ),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_page_is_read_in_time(name: str) -> None:
    """A page made to hurt costs less than two seconds and raises nothing."""
    page = HOSTILE[name]()
    places = parse_html(f"<html>{page}</html>").places
    start = time.process_time()
    merge_claims(html_claims(places, "https://post.example/river"), "", (), None)
    assert time.process_time() - start < 2.0


def test_no_date_is_later_than_the_crawl() -> None:
    """A date after the time of the crawl is none, in the library and in a batch with a column for it."""
    page = (
        '<html><head><meta property="article:published_time" content="2031-01-02"></head><body><h1>River</h1>'
        + "<p>The river rose on Monday, and by noon the town was under water, the mayor said.</p>" * 4
        + "</body></html>"
    )
    assert clean(page).metadata.date == "2031-01-02"
    assert clean(page, crawled="2025-03-14T08:00:00Z").metadata.date is None
    with pytest.raises(ValueError, match="crawled"):
        clean(page, crawled="yesterday")
    record = Dump("1", page, extra={"crawl_date": "2025-03-14"})
    row = clean_record(record, Recipe(Settings())).row
    assert row is not None
    assert row["date"] is None
