"""What `cleaner report` does, apart from reading arguments."""

from __future__ import annotations

import os
from pathlib import Path

from cleaner.errors import InputError
from cleaner.io.compress import COMPRESSED
from cleaner.io.files import Sink, is_folder
from cleaner.report.collect import collect
from cleaner.report.page import make_page
from cleaner.review.rows import read_account, read_rejects, read_rows

__all__ = ["write_report"]


def write_report(out: str, html: str | None, sample: int, templates: str | None) -> str:
    """Read an output, write its page, and return where that is.

    Raises `InputError` for a place that is no output, and for a page that would overwrite it.
    """
    place = html or _default(out)
    if os.path.realpath(place) == os.path.realpath(out):
        raise InputError(f"{place}: is the output itself; give the page another name")
    learned = None
    if templates is not None:
        from cleaner.templates.store import load_houses

        learned = load_houses(templates)
    summary = collect(read_rows(out), read_rejects(out), sample)
    page = make_page(summary, Path(out).resolve().name, read_account(out), learned)
    with Sink(place) as sink:
        sink.write(page)
    return place


def _default(out: str) -> str:
    """OUT without its suffixes, and `.html`.

    >>> _default("clean.jsonl.zst"), _default("out")
    ('clean.html', 'out.html')
    """
    if out == "-":
        return "report.html"
    path = Path(out)
    if is_folder(out):
        return f"{path}.html"
    if path.suffix.lower() in COMPRESSED:
        path = path.with_suffix("")
    return str(path.with_suffix(".html"))
