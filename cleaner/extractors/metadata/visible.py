"""What a reader sees: the headline, and what stands near it or outside of the article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from cleaner.data import metadata_tables
from cleaner.extractors.metadata.scan import Scan, Spot, text_of
from cleaner.model import Claim
from cleaner.text.lexicon import words_of

__all__ = ["Headline", "is_outside", "main_headline", "near", "tag_claims"]

_OUTSIDE = frozenset(["nav", "footer"])
_TAGS = 60  # links to tags that are looked at
_ANCESTORS = 12
_BEST_SUBHEAD = 3.5  # the highest score that a heading can have that is no <h1>
_LIKE = 0.34  # likeness to a title or to the address from which on a heading is believed


class Headline(NamedTuple):
    """The headline of the page: its number in document order and its text."""

    order: int
    text: str
    source: str
    around: frozenset[Any] = frozenset()  # the elements that contain it


@cache
def _never() -> re.Pattern[str]:
    return re.compile("|".join(metadata_tables()["places"]["never"]))


def is_outside(element: Any, headline: Headline | None = None, *, own: bool = True) -> bool:
    """Whether an element stands in navigation, comments, teasers or the like.

    What holds the headline, too, is no such place, whatever its class says. `own` counts the element itself.
    """
    inside = headline.around if headline else ()
    for depth, node in enumerate([*([element] if own else []), *element.iterancestors()]):
        if depth > _ANCESTORS or node.tag in ("body", "article", "main") or node in inside:
            return False
        label = node.get("class") or node.get("id")
        if node.tag == "footer" and getattr(node.getparent(), "tag", "") == "article":
            return False
        if node.tag in _OUTSIDE or (label and _never().search(label.lower())):
            return True
    return False


def main_headline(
    found: Scan, ideas: Sequence[str], slug: frozenset[str], site: frozenset[str] = frozenset()
) -> Headline | None:
    """The `<h1>` that says what the page's title says; the first outside of furniture where none does.

    `ideas` are titles from elsewhere, `slug` the words of the address, `site` the squeezed names of the site, which are
    no headline. An `<h2>` must say the same as a title.
    """
    wanted = [words_of(idea) for idea in ideas if idea]
    ranked: list[tuple[float, int, str, str, float]] = []
    for spot in [*found.headlines[:20], *found.subheads[:60]]:
        if spot.why != "h1" and ranked and -min(ranked)[0] > _BEST_SUBHEAD:
            break
        text = _without_kicker(spot.element, text_of(spot.element), wanted)
        words = words_of(text)
        first = spot.why == "h1"
        if not words or len(text) > 300:
            continue
        likeness = _likeness(words, wanted, slug)
        if not first and (likeness < 0.85 or len(words) < 3):
            continue
        opens = any(idea[: len(words)] == words for idea in wanted)
        outside, logo = is_outside(spot.element), "".join(words) in site
        if outside and likeness < _LIKE:
            continue
        score = 3 * likeness + 1.5 * first + 0.5 * opens - 2.0 * (outside + logo) - 0.5 * (len(words) < 2)
        ranked.append((-score, spot.order, text, spot.why, likeness))
    if not ranked:
        return None
    _, order, text, why, likeness = min(ranked)
    why = "marked headline" if why == "class" else why
    source = why if likeness >= _LIKE else f"{why} (unlike the title)"
    return Headline(order, text, source, frozenset(found.elements[order].iterancestors()))


def _without_kicker(element: Any, text: str, wanted: Sequence[Sequence[str]]) -> str:
    """The text of a heading without the rubric in front of it, which stands there in an element of its own.

    Its class or tag says what it is, or else a title from elsewhere that does without it.
    """
    for inner in islice(element.iter("span", "small", "strong", "em", "a", "div", "p"), 4):
        lead = text_of(inner)
        rest = text[len(lead) :].lstrip(" :|–—-/")
        if inner is element or not rest or not text.startswith(lead) or not lead or lead.endswith(":"):
            continue
        if inner.tag == "small" or _kicker().search((inner.get("class") or "").lower()) or words_of(rest) in wanted:
            return rest
    return text


@cache
def _kicker() -> re.Pattern[str]:
    return re.compile("|".join(metadata_tables()["places"]["kicker"]))


def _likeness(words: Sequence[str], wanted: Sequence[Sequence[str]], slug: frozenset[str]) -> float:
    """How far the words of a heading are those of a title or of the address, 0 to 1."""
    own = set(words)
    best = max((len(own & set(idea)) / max(1, len(own), 0.5 * len(idea)) for idea in wanted), default=0.0)
    return max(best, len(own & slug) / max(len(own), len(slug)) if slug else 0.0)


def tag_claims(found: Scan, headline: Headline | None) -> list[Claim]:
    """The tags and the section that the article links to; those of teasers and of a cloud of all tags are left out."""
    texts: dict[str, list[str]] = {"tag": [], "category": []}
    for spot in found.tags[:_TAGS]:
        text = text_of(spot.element)
        if text and not is_outside(spot.element, headline):
            texts[spot.why].append(text)
    claims = [Claim("tags", tuple(texts["tag"]), "link tag")] if texts["tag"] else []
    return [*claims, *(Claim("section", text, "link category") for text in texts["category"][:1])]


def near(headline: Headline | None, spots: Sequence[Spot]) -> list[Spot]:
    """Spots by nearness to the headline; what stands before it counts double the distance."""
    at = headline.order if headline else 0
    return sorted(spots, key=lambda spot: spot.order - at if spot.order >= at else 2 * (at - spot.order))
