"""What `cleaner report` does, apart from reading arguments."""

from __future__ import annotations

from pathlib import Path

from cleaner.io.compress import COMPRESSED
from cleaner.io.files import Sink, is_folder
from cleaner.report.collect import collect
from cleaner.report.page import make_page
from cleaner.review.overwrite import check_target
from cleaner.review.rows import read_account, read_rejects, read_rows

__all__ = ["write_report"]


_SIGN = "cleaner report</title>"  # by which a page of ours is known


def write_report(out: str, html: str | None, sample: int, templates: str | None, *, force: bool = False) -> str:
    """Read an output, write its page, and return where that is.

    Raises `InputError` for a place that is no output, and for a page that would overwrite what is read, or a file that
    is no report (unless it is `force`d).
    """
    place = html or _default(out)
    check_target(place, [out, *([templates] if templates else [])], _SIGN, force=force)
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
