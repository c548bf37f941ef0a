"""The corpus that corrections are held against: what a run wrote, or dumps, which are then cleaned first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from cleaner.errors import CleanerError, InputError
from cleaner.io.find import find_sources
from cleaner.io.readers import Dump, Fault, Keys, read_source
from cleaner.pipeline import clean, open_dump
from cleaner.review.rows import Row, read_rows
from cleaner.settings import Settings
from cleaner.templates.keys import site_of
from cleaner.text.normalize import tidy

__all__ = ["Document", "Place", "read_corpus"]

Place = tuple[str, str]
"""The text of a kept block and its place in the HTML tree."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the corpus; `places` are the kept blocks of a page, where the page itself was at hand."""

    row: Row
    places: Sequence[Place] = ()


def read_corpus(place: str, wanted: Callable[[str], bool]) -> Iterator[Document]:
    """The documents of OUT or of dumps. Of the pages of the sites that are `wanted` the kept blocks are told.

    Dumps that give no article are passed over. Raises `InputError` for a place that cannot be read.
    """
    if _is_output(place):
        yield from map(Document, read_rows(place))
        return
    settings = Settings()
    for record in _records(place):
        if isinstance(record, Dump):
            try:
                yield _cleaned(record, settings, wanted)
            except CleanerError:
                continue


def _records(place: str) -> Iterator[Dump | Fault]:
    return chain.from_iterable(read_source(source, Keys()) for source in find_sources([place]).sources)


def _is_output(place: str) -> bool:
    """Whether the first document has the columns that a run writes."""
    try:
        row = next(read_rows(place))
    except (InputError, StopIteration):
        return False
    return {"confidence", "metadata_sources", "word_count"} <= row.columns.keys()


def _cleaned(dump: Dump, settings: Settings, wanted: Callable[[str], bool]) -> Document:
    article = clean(dump.raw, dump.url, dump.source_format, settings)
    site = site_of(dump) or ""
    row = Row(dump.id, article.body, site, article.removed, article.to_dict(include_removed=False))
    if article.source_format != "html" or not wanted(site):
        return Document(row)
    from cleaner.extractors.html import parse_html

    text, _, _ = open_dump(dump.raw, dump.source_format, settings)
    page = parse_html(text).page
    gone = {tidy(removal.text) for removal in article.removed}
    blocks = [(tidy(page.text[b.start : b.end]), b.path or "") for b in page.blocks]
    return Document(row, [(text, path) for text, path in blocks if text not in gone])
