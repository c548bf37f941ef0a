"""Claims of many sources → one `Metadata`, field by field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from cleaner.data import phrase_tables
from cleaner.model import Claim, Metadata, Removal
from cleaner.text.dates import iso_date
from cleaner.text.language import guess_language
from cleaner.text.lexicon import WORD
from cleaner.text.normalize import fold, tidy

__all__ = ["merge_claims"]

_LISTS = ("authors", "tags")
_SITE_REACH = 600  # characters of a removed piece in which a site name is looked for


def merge_claims(claims: Sequence[Claim], body: str, removals: Sequence[Removal], url: str | None) -> Metadata:
    """The first usable claim for each field wins; claims stand in order of trust. What none claims stays empty.

    The language is the declared one only if the body's own words do not speak for another.
    """
    values: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    sources: dict[str, str] = {}
    everything = [*claims, *_site_claims(removals)]
    if url:
        everything.append(Claim("url", url, "given"))
    language = guess_language(WORD.findall(fold(body[:20_000])), body)
    if language:
        everything.insert(0, Claim("language", language, "detected"))
    for claim in everything:
        value = _usable(claim)
        if not value or claim.field in sources:
            continue
        sources[claim.field] = claim.source
        if isinstance(value, tuple):
            lists[claim.field] = value
        else:
            values[claim.field] = value
    return Metadata(
        title=values.get("title"),
        authors=lists.get("authors", ()),
        date=values.get("date"),
        date_modified=values.get("date_modified"),
        site_name=values.get("site_name"),
        url=values.get("url"),
        language=values.get("language"),
        description=values.get("description"),
        tags=lists.get("tags", ()),
        image=values.get("image"),
        license=values.get("license"),
        sources=sources,
    )


def _usable(claim: Claim) -> str | tuple[str, ...] | None:
    if claim.field in _LISTS:
        items = (claim.value,) if isinstance(claim.value, str) else claim.value
        return tuple(dict.fromkeys(t for t in map(tidy, items) if t))
    text = tidy(claim.value) if isinstance(claim.value, str) else ""
    if claim.field in ("date", "date_modified"):
        return iso_date(text)
    return text or None


@cache
def _site_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The `{site}` templates of all languages as patterns over the original text, each with a word to look for first."""
    name = r"(?P<site>[^\W\d_a-zà-ÿ][\w&'’.-]*(?:\s(?:[^\W\d_a-zà-ÿ][\w&'’.-]*|of|the|and|de|la|der|du)){0,5}?)"
    out = []
    for table in phrase_tables().values():
        for template in table["site_name"]["templates"]:
            left, right = (
                re.escape(part).replace(r"\ ", r"\s+").replace(r"\#", r"\d{4}") for part in template.split("{site}")
            )
            tail = right if right.strip() else r"(?=\s*(?:[.!?|,]|$))"
            article = r"(?:[Tt]he\s+)?" if template.startswith("sign up") else ""
            key = max(re.findall(r"[^\W\d_]+|©", fold(template.replace("{site}", " "))), key=len)
            out.append((key, re.compile(f"(?i:{left}){article}{name}(?i:{tail})")))
    return tuple(out)


def _site_claims(removals: Sequence[Removal]) -> list[Claim]:
    """What the furniture calls its own site; the name said most often, then first."""
    votes = Counter[str]()
    for removal in removals:
        text = removal.text[:_SITE_REACH]
        folded = fold(text)
        for key, pattern in _site_patterns():
            match = pattern.search(text) if key in folded else None
            if match and len(match["site"]) > 2:
                votes[tidy(match["site"]).strip(" .,")] += 1
    best = votes.most_common(1)
    return [Claim("site_name", best[0][0], "furniture")] if best else []
