"""The shapes that flow through `cleaner`. A leaf: of the package it imports only the other leaf, `layout`.

A dump becomes a `Page` of `Block`s; detectors answer with `Verdict`s on spans of it; what comes out is an `Article`.
All offsets count characters of one string, the *visible text* (`Article.source_text`): for a text dump the decoded
input with its characters repaired (`Article.fixes`), for HTML the text blocks of the page in document order, joined by
blank lines.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeAlias

from cleaner.layout import Layout

__all__ = [
    "Article",
    "Block",
    "Claim",
    "JudgedPage",
    "Metadata",
    "Page",
    "Poll",
    "PollOption",
    "Removal",
    "SourceFormat",
    "Span",
    "Verdict",
    "Widget",
    "mend_surrogates",
]

SourceFormat = Literal["text", "html"]


class Span(NamedTuple):
    """A half-open range of characters of the visible text."""

    start: int
    end: int


class Block(NamedTuple):
    """One block of a page: a line or wrapped paragraph of a text dump, a block element of an HTML page.

    `tag`, `path` (slash-separated tags with classes, outermost first) and `link_density` (0..1, share of the characters
    that stand in links) are what only HTML knows; on a text block they are None.
    """

    start: int
    end: int
    tag: str | None = None
    path: str | None = None
    link_density: float | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One source's word for one metadata field, such as `("date", "2025-02-06", "header")`."""

    field: str
    value: str | tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Page:
    """A decoded dump, cut into blocks. The blocks are in order and do not overlap; between them is only white space."""

    text: str
    blocks: tuple[Block, ...]
    source_format: SourceFormat = "text"
    claims: tuple[Claim, ...] = ()
    layout: Layout | None = None
    """What only HTML knows; None for a text dump."""


class Verdict(NamedTuple):
    """A detector's word on one span: not article, of this category, on this evidence.

    `score` (0..1) is how sure the detector is.
    """

    start: int
    end: int
    category: str
    evidence: str
    score: float


@dataclass(frozen=True, slots=True)
class Removal:
    """One piece that was taken out of the article.

    `start` and `end` index the visible text and include the white space that follows the piece, so that kept and
    removed spans tile it; `text` is the piece without the white space around it. `path` is its place in the HTML tree.
    `at` is its place in the article: the offset in `Article.body` that it was cut out at.
    """

    text: str
    category: str
    evidence: str
    score: float
    start: int
    end: int
    path: str | None = None
    at: int = 0


@dataclass(frozen=True, slots=True)
class PollOption:
    """One answer of a poll. `percent` (0..100) and `votes` are None where the dump does not give them."""

    label: str
    percent: float | None = None
    votes: int | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll, quiz question or survey found among the furniture."""

    question: str
    options: tuple[PollOption, ...]
    total_votes: int | None = None
    kind: Literal["poll"] = "poll"


Widget: TypeAlias = Poll


@dataclass(frozen=True, slots=True)
class JudgedPage:
    """A page with its claims, the verdicts on the blocks that are not its article, and the widgets of its markup.

    `trust` (0..1) is how far the engine trusts its choice; `held` are the spans that the user's selectors keep.
    """

    page: Page
    verdicts: Sequence[Verdict] = ()
    widgets: Sequence[Widget] = ()
    trust: float = 1.0
    held: Sequence[Span] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about the article. An unsure field is None (or empty), never a guess."""

    title: str | None = None
    """The headline, without the name of the site."""

    authors: tuple[str, ...] = ()
    """The names of the people who wrote it, in the order of the byline."""

    date: str | None = None
    """When it was published: ISO 8601, with time and zone where the page gives them."""

    date_modified: str | None = None
    """When it was last changed, in the same form."""

    site_name: str | None = None
    """What the site calls itself."""

    url: str | None = None
    """The canonical address."""

    language: str | None = None
    """ISO 639-1, such as "en"."""

    description: str | None = None
    """The page's own summary; a slogan of the site is none."""

    tags: tuple[str, ...] = ()
    """Keywords and topics."""

    image: str | None = None
    """The address of the main image."""

    license: str | None = None
    """The licence that the page states, as a name or an address."""

    section: str | None = None
    """The part of the site that it stands in."""

    paywalled: bool | None = None
    """Whether the page says that only paying readers see it all."""

    word_count: int = 0
    """Words of the body."""

    reading_minutes: int = 0
    """Minutes that reading the body takes."""

    sources: Mapping[str, str] = field(default_factory=dict)
    """For each field that is set, where its value came from."""


@dataclass(frozen=True, slots=True)
class Article:
    """A clean article, and the account of what was left behind.

    `body` is plain text, paragraphs joined by blank lines; `body_markdown` the same with the structure that an HTML page
    gave it (headings, lists, tables, quotes, code), and equal to `body` for a text dump. `kept` and the spans of `removed` tile `source_text`.
    `confidence` (0..1) is how far the body can be trusted without looking. `fixes` tells which repairs of characters the
    decoded dump needed before it was cut into blocks, and in how many places.
    """

    body: str
    metadata: Metadata
    removed: tuple[Removal, ...] = ()
    widgets: tuple[Widget, ...] = ()
    confidence: float = 1.0
    kept: tuple[Span, ...] = ()
    source_text: str = ""
    source_format: SourceFormat = "text"
    body_markdown: str = ""
    fixes: Mapping[str, int] = field(default_factory=dict)

    def to_dict(self, *, include_removed: bool = True, markdown: bool = False) -> dict[str, Any]:
        """The article as JSON-ready dicts and lists: `body`, the metadata fields side by side, then the account.

        >>> Article("Hello.", Metadata(title="Greeting")).to_dict()["title"]
        'Greeting'
        """
        meta = self.metadata
        out: dict[str, Any] = {
            "title": meta.title,
            "authors": list(meta.authors),
            "date": meta.date,
            "date_modified": meta.date_modified,
            "site_name": meta.site_name,
            "url": meta.url,
            "language": meta.language,
            "description": meta.description,
            "tags": list(meta.tags),
            "image": meta.image,
            "license": meta.license,
            "section": meta.section,
            "paywalled": meta.paywalled,
            "word_count": meta.word_count,
            "reading_minutes": meta.reading_minutes,
            "metadata_sources": dict(meta.sources),
            "body": self.body,
            "confidence": self.confidence,
            "source_format": self.source_format,
            "fixes": dict(self.fixes),
            "widgets": [_widget_dict(w) for w in self.widgets],
        }
        if markdown:
            out["body_markdown"] = self.body_markdown
        if include_removed:
            out["removed"] = [_removal_dict(r) for r in self.removed]
        return out

    def to_json(self, *, include_removed: bool = True, indent: int | None = None) -> str:
        """`to_dict` as a JSON string (UTF-8 characters as they are)."""
        text = json.dumps(self.to_dict(include_removed=include_removed), ensure_ascii=False, indent=indent)
        return mend_surrogates(text)


def mend_surrogates(text: str) -> str:
    """Text that UTF-8 can hold: halves of a surrogate pair are joined, one without its other half becomes U+FFFD.

    >>> mend_surrogates("a\\ud800 \\ud83d\\ude00") == "a\\ufffd \\U0001f600"
    True
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _widget_dict(poll: Poll) -> dict[str, Any]:
    options = [{"label": o.label, "percent": o.percent, "votes": o.votes} for o in poll.options]
    return {"kind": poll.kind, "question": poll.question, "options": options, "total_votes": poll.total_votes}


def _removal_dict(removal: Removal) -> dict[str, Any]:
    out: dict[str, Any] = {
        "text": removal.text,
        "category": removal.category,
        "evidence": removal.evidence,
        "score": removal.score,
        "start": removal.start,
        "end": removal.end,
        "at": removal.at,
    }
    if removal.path is not None:
        out["path"] = removal.path
    return out
