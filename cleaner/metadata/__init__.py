"""Claims of many sources → one `Metadata`, field by field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from cleaner.metadata.days import choose_date
from cleaner.metadata.people import choose_authors
from cleaner.metadata.sites import furniture_claims
from cleaner.metadata.titles import choose_title
from cleaner.model import Claim, Metadata, Removal
from cleaner.text.language import guess_language
from cleaner.text.lexicon import WORD
from cleaner.text.normalize import fold, tidy

__all__ = ["merge_claims"]


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
    for claim in [*claims, *furniture_claims(removals)]:
        rows[claim.field].append(claim)
    if url:
        rows["url"].insert(0, Claim("url", url, "given"))
    language = guess_language(WORD.findall(fold(body[:20_000])), body)
    if language:
        rows["language"].insert(0, Claim("language", language, "detected"))
    address = next((str(c.value) for c in rows["url"]), None)
    names = [str(c.value) for c in rows["site_name"]]
    title = choose_title(rows["title"], names, address)
    authors = choose_authors(rows["authors"], names, address)
    locale = max((str(c.value) for c in rows["language"]), key=len, default="")
    date = choose_date("date", rows["date"], locale, crawled, rows["date_modified"])
    modified = choose_date("date_modified", rows["date_modified"], locale, crawled)
    sources: dict[str, str] = {}
    for field, winner in (("title", title), ("authors", authors), ("date", date), ("date_modified", modified)):
        if winner is not None:
            sources[field] = winner.source
    values: dict[str, str] = {}
    for field in ("site_name", "url", "language", "description", "image", "license"):
        for claim in rows[field]:
            if isinstance(claim.value, str) and tidy(claim.value):
                values[field] = tidy(claim.value)
                sources[field] = claim.source
                break
    tags = next((c for c in rows["tags"]), None)
    return Metadata(
        title=title.value if title else None,
        authors=authors.value if authors else (),
        date=date.value if date else None,
        date_modified=modified.value if modified else None,
        site_name=values.get("site_name"),
        url=values.get("url"),
        language=values.get("language"),
        description=values.get("description"),
        tags=tuple(tags.value) if tags else (),
        image=values.get("image"),
        license=values.get("license"),
        sources=sources,
    )
