"""One dump by its place, cleaned as a run would clean it that has learned nothing of its site."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable

from cleaner.detectors.sites import House
from cleaner.errors import DumpError, InputError
from cleaner.io.compress import bare_suffix
from cleaner.io.files import READ_ERRORS, open_bytes
from cleaner.io.find import find_sources
from cleaner.io.readers import READERS, Dump, Fault, Keys, Record, read_source
from cleaner.io.rows import read_row
from cleaner.model import Article
from cleaner.pipeline import clean
from cleaner.settings import Settings
from cleaner.templates.keys import site_of

__all__ = ["clean_one"]


_LONG = 1_000_000  # characters of a dump that takes so long to clean that a person wonders

Tell = Callable[[str], None]
"""Takes a line for whoever looks on."""


def clean_one(
    file: str,
    settings: Settings,
    tell: Tell,
    *,
    url: str | None = None,
    source_format: str = "auto",
    templates: str | None = None,
    site: str | None = None,
    ident: str | None = None,
) -> tuple[Article, str]:
    """Clean the dump of a file (of a file with many: the one called `ident`, else the first), and say what it is called.

    `tell` hears of what is not as a run would have it. Raises `InputError` for a file that cannot be read, or whose dump
    gives no article.
    """
    dump, is_row = _dump(file, ident, tell)
    url = url or dump.url
    form = dump.source_format if source_format == "auto" else source_format
    site = site or site_of(Dump(dump.id, "", url, extra=dump.extra))
    if is_row and site and templates is None:
        tell(f"without what {site} repeats, which a run learns from all of its input (--templates FILE knows it)")
    if len(dump.raw) > _LONG:
        tell(f"{len(dump.raw):,} characters or bytes are cleaned and shown: that takes a while (Ctrl-C ends it)")
    try:
        return clean(dump.raw, url, form, settings, _house(templates, site)), dump.id
    except DumpError as exc:
        raise InputError(f"{f'{file}, {dump.id}' if is_row else file}: {exc}") from exc


def _house(templates: str | None, site: str | None) -> House | None:
    if templates is None:
        return None
    from cleaner.templates.store import load_houses

    houses = load_houses(templates)
    if site not in houses:
        raise InputError(f"{templates}: nothing was learned of {site!r}; name the site with --site or --url")
    return houses[site]


def _dump(file: str, ident: str | None, tell: Tell) -> tuple[Dump, bool]:
    """The dump, and whether it is one of many in its file."""
    if ident is None and (file == "-" or bare_suffix(file) == ".json"):
        return _single(file), False
    sources = find_sources([file]).sources
    if ident is None and len(sources) > 1:
        tell(f"{sources[0].path}: the first of {len(sources):,} files (--id NAME shows another)")
    for source in sources:
        for record in read_source(source, Keys()):
            if ident is None or record.id == ident:
                return _good(record), READERS[source.suffix].many
    raise InputError(f"{file}: no dump {ident!r} in it" if ident else f"{file}: no dump in it")


def _single(file: str) -> Dump:
    """One dump as it is, or in the column of a JSON object (of several lines of them the first)."""
    name = "standard input" if file == "-" else file
    try:
        with open_bytes(file) as stream:
            raw = stream.read()
    except READ_ERRORS as exc:
        raise InputError(f"{name}: cannot be read ({exc})") from exc
    if raw.lstrip()[:1] == b"{":
        for text in (raw, raw.lstrip().partition(b"\n")[0]):
            with contextlib.suppress(ValueError, RecursionError):
                return _good(read_row(json.loads(text), name, Keys()))
    return Dump(name, raw)


def _good(record: Record) -> Dump:
    if isinstance(record, Fault):
        raise InputError(record.detail)
    return record
