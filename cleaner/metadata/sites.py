"""The name of the site, as its own furniture says it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from cleaner.data import phrase_tables
from cleaner.model import Claim, Removal
from cleaner.text.normalize import fold, tidy

__all__ = ["furniture_claims"]

_SITE_REACH = 600  # characters of a removed piece in which a site name is looked for


@cache
def _site_patterns() -> dict[str, list[str]]:
    """The `{site}` templates of all languages as patterns over the original text, by a word to look for first.

    Those are compiled that are looked for: all of them would take as long as a dozen dumps.
    """
    name = (
        r"(?P<site>[^\W\d_a-zà-ÿ][\w&'’.-]{0,40}(?:\s(?:[^\W\d_a-zà-ÿ][\w&'’.-]{0,40}|of|the|and|de|la|der|du)){0,5}?)"
    )
    out: dict[str, list[str]] = {}
    for table in phrase_tables().values():
        for template in table["site_name"]["templates"]:
            left, right = (
                re.escape(part).replace(r"\ ", r"\s+").replace(r"\#", r"\d{4}") for part in template.split("{site}")
            )
            tail = right if right.strip() else r"(?=\s*(?:[.!?|,]|$))"
            article = r"(?:[Tt]he\s+)?" if template.startswith("sign up") else ""
            key = max(re.findall(r"[^\W\d_]+|©", fold(template.replace("{site}", " "))), key=len)
            out.setdefault(key, []).append(rf"(?<!\w)(?i:{left}){article}{name}(?i:{tail})")
    return out


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def furniture_claims(removals: Sequence[Removal]) -> list[Claim]:
    """What the furniture calls its own site; the name said most often, then first."""
    votes, patterns = Counter[str](), _site_patterns()
    texts = [removal.text[:_SITE_REACH] for removal in removals]
    lows = [text.lower() for text in texts]
    everything = "\n".join(lows)
    keys = [key for key in patterns if key in everything]
    for text, low in zip(texts, lows, strict=True) if keys else ():
        for pattern in (p for key in keys if key in low for p in patterns[key]):
            match = _compiled(pattern).search(text)
            if match and len(match["site"]) > 2:
                votes[tidy(match["site"]).strip(" .,")] += 1
    best = votes.most_common(1)
    return [Claim("site_name", best[0][0], "furniture")] if best else []
