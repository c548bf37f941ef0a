"""Claims of many sources → one `Metadata`, field by field."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from cleaner.data import thresholds
from cleaner.metadata.days import choose_date
from cleaner.metadata.fields import (
    Choice,
    choose_address,
    choose_description,
    choose_paywalled,
    choose_site,
    choose_tags,
    count_words,
    first_text,
)
from cleaner.metadata.people import choose_authors
from cleaner.metadata.sites import furniture_claims
from cleaner.metadata.titles import choose_title
from cleaner.metadata.votes import Winner
from cleaner.model import Claim, Metadata, Removal
from cleaner.text.language import guess_language
from cleaner.text.lexicon import words_of_each

__all__ = ["merge_claims"]

_SAMPLE = 12_000  # characters of the body whose words tell its language and what it is about


def merge_claims(
    claims: Sequence[Claim], body: str, removals: Sequence[Removal], url: str | None, crawled: str | None = None
) -> Metadata:
    """For each field the value that most trust stands behind; what none claims, or none well enough, stays empty.

    Args:
        claims: of all sources; for a field without a vote they stand in order of trust.
        body: the clean text; the declared language stands unless the body's own words speak for another.
        removals: the furniture, which may name the site.
        url: the address that was given, if any.
        crawled: when the page was fetched (ISO 8601), if known; no date may be later.
    """
    rows: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        rows[claim.field].append(claim)
    if not rows["site_name"]:
        rows["site_name"] += furniture_claims(removals)
    chosen = _Chosen()
    chosen.take("url", choose_address(rows["url"], url))
    address = url or chosen.text("url")
    names = [str(claim.value) for claim in rows["site_name"]]
    chosen.vote("title", choose_title(rows["title"], names, address))
    authors = choose_authors(rows["authors"], names, address)
    chosen.vote("authors", authors)
    locale = max((str(claim.value) for claim in rows["language"]), key=len, default="")
    chosen.vote("date", choose_date("date", rows["date"], locale, crawled, rows["date_modified"]))
    chosen.vote("date_modified", choose_date("date_modified", rows["date_modified"], locale, crawled))
    chosen.take("site_name", choose_site(rows["site_name"], address))
    (words,) = words_of_each([body[:_SAMPLE]])
    chosen.take("language", _language(rows["language"], words, body))
    known = (chosen.text("title"), chosen.text("site_name"))
    chosen.take("description", choose_description(rows["description"], known, words))
    for field in ("section", "license"):
        chosen.take(field, first_text(rows[field]))
    chosen.take("image", first_text(rows["image"], address=True))
    tags = choose_tags(rows["tags"], names, address)
    paywalled = choose_paywalled(rows["paywalled"])
    count = count_words(body, words if len(body) <= _SAMPLE else None)
    return chosen.metadata(authors.value if authors else (), tags, paywalled, count)


class _Chosen:
    """The values that were decided, each with its source."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.sources: dict[str, str] = {}

    def take(self, field: str, choice: Choice | None) -> None:
        if choice:
            self.values[field], self.sources[field] = choice

    def vote(self, field: str, winner: Winner[Any] | None) -> None:
        if winner:
            self.sources[field] = winner.source
            if isinstance(winner.value, str):
                self.values[field] = winner.value

    def text(self, field: str) -> str | None:
        return self.values.get(field)

    def metadata(
        self,
        authors: tuple[str, ...],
        tags: tuple[tuple[str, ...], str] | None,
        paywalled: tuple[bool, str] | None,
        words: int,
    ) -> Metadata:
        if tags:
            self.sources["tags"] = tags[1]
        if paywalled:
            self.sources["paywalled"] = paywalled[1]
        minutes = math.ceil(words / thresholds()["metadata"]["words_per_minute"])
        return Metadata(
            authors=authors,
            tags=tags[0] if tags else (),
            paywalled=paywalled[0] if paywalled else None,
            word_count=words,
            reading_minutes=minutes,
            sources=self.sources,
            **self.values,
        )


def _language(declared: Sequence[Claim], words: Sequence[str], body: str) -> Choice | None:
    """The language of the body's own words; where they do not tell, the declared one as a two- or three-letter code."""
    found = guess_language(words, body)
    if found:
        return found, "detected"
    for claim in declared:
        code = str(claim.value).strip().replace("_", "-").split("-")[0].lower()
        if code.isalpha() and len(code) in (2, 3):
            return code, claim.source
    return None
