"""What an HTML page claims about itself, read from the tree that is already there: one file for each kind of source."""

from __future__ import annotations

from cleaner.extractors.metadata.address import address_claims, own_address
from cleaner.extractors.metadata.byline import visible_authors
from cleaner.extractors.metadata.dateline import labelled_dates, search_date, visible_dates
from cleaner.extractors.metadata.linked import linked_claims
from cleaner.extractors.metadata.metas import meta_claims
from cleaner.extractors.metadata.microdata import microdata_claims
from cleaner.extractors.metadata.scan import Scan
from cleaner.extractors.metadata.visible import main_headline, tag_claims
from cleaner.model import Claim
from cleaner.text.people import clean_people, is_person
from cleaner.text.sites import site_keys, slug_words, squeezed

__all__ = ["html_claims"]


def html_claims(found: Scan | None, url: str | None) -> tuple[Claim, ...]:
    """Every claim of every source; `cleaner.metadata.merge_claims` weighs them.

    Args:
        found: the places of the page; None where only a tokenizer could read it, which leaves the address alone.
        url: where the page came from, if known.
    """
    if found is None:
        return tuple(address_claims(url)) if url else ()
    address = own_address(found, url)
    metas = meta_claims(found)
    titles = [c.value for c in metas if c.field == "title" and isinstance(c.value, str)]
    linked = linked_claims(found, address, titles[0] if titles else found.title)
    ideas = [*titles[:3], found.title, *(c.value for c in linked if c.source.startswith("json-ld headline"))]
    site = site_keys([str(c.value) for c in [*metas, *linked] if c.field == "site_name"], url or f"https:{address}")
    headline = main_headline(found, [str(idea) for idea in ideas], slug_words(address), site)
    claims = [*linked, *tag_claims(found, headline), *metas, *microdata_claims(found), *address_claims(address)]
    if headline:
        claims.append(Claim("title", headline.text, headline.source))
    if found.title:
        claims.append(Claim("title", found.title, "title element"))
    if found.language:
        claims.append(Claim("language", found.language, "html lang"))
    if not _agreed(claims, "authors") and not _named(linked, site):
        claims += visible_authors(found, headline)
    if not _agreed(claims, "date"):
        claims += visible_dates(found, headline)
    if not any(c.field == "date" or (c.field == "date_modified" and c.source.startswith("visible")) for c in claims):
        labelled = labelled_dates(found)
        stated = any(c.field == "date" for c in labelled)
        claims += labelled if stated else search_date(found.tree, url) or labelled
    return tuple(claims)


def _agreed(claims: list[Claim], field: str) -> bool:
    """Whether JSON-LD and another kind of source say the same; what the visible page says would hardly outvote them."""
    values: dict[str, set[str]] = {}
    for claim in claims:
        if claim.field == field:
            value = claim.value[:10] if isinstance(claim.value, str) else "|".join(claim.value).lower()
            values.setdefault(value, set()).add(claim.source.split(" ")[0])
    return any(len(kinds) > 1 and "json-ld" in kinds for kinds in values.values())


def _named(linked: list[Claim], site: frozenset[str]) -> bool:
    """Whether JSON-LD names persons in full; a byline of a different mind has as many marks against it as for it."""
    names = next((c.value for c in linked if c.source == "json-ld author"), ())
    people = clean_people([names] if isinstance(names, str) else names)
    return bool(people) and all(is_person(name) and squeezed(name) not in site for name in people)
