"""Rows out: a dict from suffix to format, for whole files, for parts, and for joining them; or a folder."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from cleaner.io.arrows import ARROW, PARQUET
from cleaner.io.files import Sink
from cleaner.io.folder import folder_writer, write_folder
from cleaner.io.jsons import to_json
from cleaner.io.layouts import Layout, Write, Writer, form_of
from cleaner.io.places import Output
from cleaner.io.textual import CSV, DOLMA, JSON_LINES, MARKDOWN, PLAIN, TSV

__all__ = [
    "REJECTS", "WRITERS", "Layout", "Write", "join_rows", "layout_of", "open_rows", "write_folder", "write_rejects",
    "write_rows",
]  # fmt: skip

WRITERS: dict[str, Writer] = {
    ".jsonl": JSON_LINES,
    ".ndjson": JSON_LINES,
    ".csv": CSV,
    ".tsv": TSV,
    ".parquet": PARQUET,
    ".arrow": ARROW,
    ".feather": ARROW,
    ".dolma.jsonl": DOLMA,
    ".txt": PLAIN,
    ".md": MARKDOWN,
}
"""Suffix → format of output. One line adds a format."""

REJECTS = Layout(".jsonl")


def layout_of(path: str) -> Layout:
    """The layout that the name of an output asks for; JSON lines for `-`, a device or a folder.

    >>> layout_of("out.csv.gz").form, layout_of("-").form
    ('.csv', '.jsonl')
    """
    return Layout(form_of(path)) if form_of(path) in WRITERS else Layout()


@contextlib.contextmanager
def open_rows(path: str, layout: Layout) -> Iterator[Write]:
    """A function that writes one row to a part: a file that only `join_rows` makes whole."""
    with WRITERS[layout.form].write(path, layout, part=True) as write:
        yield write


def join_rows(parts: Sequence[str], out: str, layout: Layout) -> None:
    """Make one file of the parts, in their order. It appears when it is whole; memory does not grow with the parts."""
    WRITERS[layout.form].join(parts, out, layout)


@contextlib.contextmanager
def write_rows(output: Output, layout: Layout | None = None) -> Iterator[Write]:
    """A function that writes one row to OUT; into a folder, beside the row its body as text, or as Markdown if it has
    the column `body_markdown`.
    """
    if output.kind == "folder":
        yield folder_writer(output.path)
        return
    layout = layout or layout_of(output.path)
    with WRITERS[layout.form].write(output.path, layout) as write:
        yield write


@contextlib.contextmanager
def write_rejects(path: str) -> Iterator[Write]:
    """A function that writes one reject. A run without rejects leaves no file, and removes that of an earlier run."""
    with Sink(path, drop_empty=True) as sink:
        yield lambda row: sink.write(to_json(row) + "\n")
