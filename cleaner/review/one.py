"""One dump by its place, cleaned as a run would clean it."""

from __future__ import annotations

import contextlib
import json
from itertools import chain

from cleaner.detectors.sites import House
from cleaner.errors import InputError
from cleaner.io.compress import bare_suffix
from cleaner.io.files import READ_ERRORS, open_bytes
from cleaner.io.find import find_sources
from cleaner.io.readers import Dump, Fault, Keys, Record, read_source
from cleaner.io.rows import read_row
from cleaner.model import Article
from cleaner.pipeline import clean
from cleaner.settings import load_settings, make_settings
from cleaner.templates.keys import site_of

__all__ = ["clean_one"]


def clean_one(
    file: str,
    *,
    settings_file: str | None = None,
    keep: tuple[str, ...] = (),
    mode: str | None = None,
    url: str | None = None,
    source_format: str = "auto",
    templates: str | None = None,
    site: str | None = None,
    ident: str | None = None,
) -> tuple[Article, str]:
    """Clean the dump of a file (of a file with many: the one called `ident`, else the first), and say what it is called.

    Raises `InputError`, `SettingsError`, and what `clean` raises for a dump that gives no article.
    """
    chosen = {name: value for name, value in (("keep", keep or None), ("mode", mode)) if value is not None}
    settings = load_settings(settings_file, **chosen) if settings_file else make_settings(dict(chosen), "options")
    dump = _dump(file, ident)
    url = url or dump.url
    form = dump.source_format if source_format == "auto" else source_format
    site = site or site_of(Dump(dump.id, "", url, extra=dump.extra))
    return clean(dump.raw, url, form, settings, _house(templates, site)), dump.id


def _house(templates: str | None, site: str | None) -> House | None:
    if templates is None:
        return None
    from cleaner.templates.store import load_houses

    houses = load_houses(templates)
    if site not in houses:
        raise InputError(f"{templates}: nothing was learned of {site!r}; name the site with --site or --url")
    return houses[site]


def _dump(file: str, ident: str | None) -> Dump:
    if ident is None and (file == "-" or bare_suffix(file) == ".json"):
        return _single(file)
    for record in chain.from_iterable(read_source(source, Keys()) for source in find_sources([file]).sources):
        if ident is None or record.id == ident:
            return _good(record)
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
