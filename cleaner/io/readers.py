"""One input → its dumps, whole or by windows: a dict from suffix to format, and the reader that goes through a source.

A reader never raises for bad content: what cannot be read comes out as a `Fault`, so that a batch can go on and still
account for it.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from types import TracebackType

from cleaner.errors import OversizeDumpError
from cleaner.io.archives import archives
from cleaner.io.arrowfiles import ARROW, PARQUET
from cleaner.io.files import READ_ERRORS, open_bytes
from cleaner.io.lines import JSON_LINES
from cleaner.io.records import Dump, Fault, Format, Keys, Limits, Piece, Record, Skipped, Source
from cleaner.io.tables import CSV, TSV
from cleaner.io.webarchives import WARC
from cleaner.io.whole import HTML, TEXT

__all__ = ["LINES", "READERS", "Dump", "Fault", "Keys", "Limits", "Record", "Source", "SourceReader", "read_source"]

_PLAIN: dict[str, Format] = {
    ".txt": TEXT,
    ".text": TEXT,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".jsonl": JSON_LINES,
    ".ndjson": JSON_LINES,
    ".csv": CSV,
    ".tsv": TSV,
    ".parquet": PARQUET,
    ".arrow": ARROW,
    ".feather": ARROW,
    ".warc": WARC,
    ".wet": WARC,
}
"""Suffix → format. One line adds a format."""

READERS: dict[str, Format] = {**_PLAIN, **archives(_PLAIN)}
"""The same with the archives of such files."""

LINES = tuple(suffix for suffix, form in READERS.items() if form.many)
"""Suffixes of files that hold many dumps."""


def read_source(
    source: Source, keys: Keys, first: int = 0, last: int | None = None, limits: Limits | None = None
) -> Iterator[Record]:
    """The dumps `first` up to, but not including, `last` of one source; all of them by default.

    A damaged file gives what could be read, then one `Fault`, which is counted as one dump more.
    """
    with SourceReader(source, keys, limits) as reader:
        yield from reader.read(first, last)


class SourceReader:
    """Reads windows of one source. The stream stays open: windows in rising order unpack it only once.

    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp(), "a.jsonl")
    >>> _ = path.write_text("".join(f'{{"id": {n}, "text": "River {n}"}}\\n' for n in range(5)))
    >>> with SourceReader(Source(str(path), ".jsonl", "a.jsonl"), Keys()) as reader:
    ...     print([r.id for r in reader.read(0, 2)], [r.id for r in reader.read(3, 9)], reader.ended)
    ['0', '1'] ['3', '4'] True
    """

    def __init__(self, source: Source, keys: Keys, limits: Limits | None = None) -> None:
        self._source = source
        self._keys = keys
        self._limits = limits or Limits()
        self._format = READERS[source.suffix]
        self._pieces: Iterator[Piece] | None = None
        self._next = 0  # number of the unit that comes next
        self._stack = contextlib.ExitStack()
        self.ended = False
        """Whether the last window reached the end of the source: there is nothing at or beyond its `last`."""
        self.skipped: Counter[str] = Counter()
        """Reason → pieces in the last window that are no dumps, and so are neither read nor rejected. A piece belongs
        to the window of the dump that follows it; at the end, to the window that reaches it."""

    def __enter__(self) -> SourceReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the stream. The next window opens it again."""
        self._pieces = None
        with contextlib.suppress(*READ_ERRORS):
            self._stack.close()

    def read(self, first: int = 0, last: int | None = None) -> Iterator[Record]:
        """The dumps number `first` up to, but not including, `last`. Use up one iterator before asking for another.

        Where the source breaks, one `Fault` takes the place of the next dump; a window beyond that is empty, as it is
        beyond the end.
        """
        self.ended, self.skipped = False, Counter()
        if self._pieces is None or first < self._next:
            self.close()
            self._pieces, self._next = self._cut(), 0
        while last is None or self._next < last:
            piece = next(self._pieces, None)
            if piece is None:
                self.ended = True
                return
            if isinstance(piece, Skipped):
                self.skipped[piece.reason] += self._next >= first
                continue
            self._next += 1
            if self._next > first:
                yield piece if isinstance(piece, Fault) else self._format.parse(piece.data, piece.place, self._keys)

    def _cut(self) -> Iterator[Piece]:
        """The pieces of the source. After a break nothing more comes."""
        source = self._source
        try:
            stream = self._stack.enter_context(open_bytes(source.path, self._limits))
            if self._format.seeks and not stream.seekable():
                raise OSError("a file of this kind cannot be read from within another; unpack it first")
            yield from self._format.units(stream, source, self._limits)
        except READ_ERRORS as exc:
            why = (isinstance(exc, OSError) and exc.strerror) or exc  # with the path, which stands there already
            detail = f"{source.path}: {why}. {self._before()}Repair or fetch the file again."
            yield Fault(source.name, "unreadable", detail)
        except OversizeDumpError as exc:
            yield Fault(source.name, exc.reason, f"{source.path}: {exc}. {self._before()}".rstrip())

    def _before(self) -> str:
        return "What came before is kept. " if self._next else ""
