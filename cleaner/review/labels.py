"""Corrections as labels: the documents that a reader has corrected, with the body they should have had."""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from cleaner.errors import InputError
from cleaner.io.files import Sink
from cleaner.io.find import find_sources
from cleaner.io.readers import Dump, Keys, read_source
from cleaner.review.feedback import KEEP, REMOVE, Correction, read_feedback
from cleaner.review.pieces import lines_of
from cleaner.review.rows import Row, read_rows
from cleaner.text.encoding import decode
from cleaner.text.normalize import tidy

__all__ = ["corrected_body", "labelled_file"]

_HALF_SIGN = "\ufffd"  # what is left of a sign beyond U+FFFF that the report has cut in two
_BOUNDED = re.compile(r"[^\W\u0e00-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""A letter of a script that puts spaces between words: Thai, Khmer, Chinese, Japanese … do not."""


@contextlib.contextmanager
def labelled_file(feedback: Sequence[str], out: str, dumps: Sequence[str], form: str) -> Iterator[str]:
    """A file of labelled rows, for as long as it is needed: the corrected documents of `out` that are `form` ("html" or
    "text"), with their dumps.

    What a reader of a document has not marked counts as right. Raises `InputError` where no document is left.
    """
    by_id: dict[str, list[Correction]] = {}
    for correction in read_feedback(feedback):
        by_id.setdefault(correction.id, []).append(correction)
    golds = {
        row.id: corrected_body(row, by_id[row.id])
        for row in read_rows(out)
        if row.id in by_id and row.text("source_format") == form
    }
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "corrected.jsonl"))
        count = 0
        with Sink(path) as sink:
            for row in _rows(golds, dumps, "html" if form == "html" else "raw"):
                sink.write(json.dumps(row) + "\n")
                count += 1
        if not count:
            raise InputError(
                f"no corrected document that is {form} is both in {out} and among the dumps; give the OUT that the "
                "report was made of, and the dumps that it was made from"
            )
        yield path


def _rows(golds: dict[str, str], dumps: Sequence[str], column: str) -> Iterator[dict[str, Any]]:
    records = chain.from_iterable(read_source(source, Keys()) for source in find_sources(dumps).sources)
    for record in records:
        if isinstance(record, Dump) and record.id in golds:
            raw = record.raw if isinstance(record.raw, str) else decode(record.raw).text
            site = {"site": str(record.extra["site"])} if record.extra.get("site") else {}
            yield {"id": record.id, column: raw, "url": record.url or "", "gold": golds.pop(record.id), **site}


def corrected_body(row: Row, corrections: Sequence[Correction]) -> str:
    """The body of a row as its reader wants it: without the lines that were marked, and without the parts of lines that
    were marked between the same neighbours. Raises `InputError` for a row without its removed pieces.

    >>> row = Row("1", "The river rose.\\n\\nShare this", "", (), {})
    >>> corrected_body(row, [Correction("1", "Share this", "remove")])
    'The river rose.'
    """
    if row.removed is None:
        raise InputError(f"{row.id}: the output has no removed pieces; run again with --include-removed")
    lines = lines_of(row.body, row.removed)
    shown = [tidy(" ".join(s.text for s in line.segments if s.removal is None)) for line in lines]
    back = {tidy(c.text) for c in corrections if c.verdict == KEEP}
    gone = {tidy(c.text) for c in corrections if c.verdict == REMOVE and not c.part}
    parts = [c for c in corrections if c.verdict == REMOVE and c.part]
    found = []
    for at, line in enumerate(lines):
        stays = shown[at] not in gone
        text = tidy(" ".join(s.text for s in line.segments if (stays if s.removal is None else tidy(s.text) in back)))
        for part in parts:
            if _is_between(part, shown[:at], shown[at + 1 :]):
                text = _without(text, tidy(part.text))
        found.append(text)
    return "\n\n".join(text for text in found if text)


def _is_between(part: Correction, above: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a line stands between the kept texts that its reader saw around it, as far as they are known."""
    before, after = tidy(part.before).lstrip(_HALF_SIGN), tidy(part.after).rstrip(_HALF_SIGN)
    last = next((text for text in reversed(above) if text), "")
    first = next((text for text in below if text), "")
    return last.endswith(before) and first.startswith(after)


def _without(text: str, part: str) -> str:
    """A line without the words that were marked in it; whole where they stand several times, and which is meant is not known.

    >>> _without("News of the river: Newsletter News", "News"), _without("Renewed. Share", "Share"), _without("ferry", "err")
    ('News of the river: Newsletter News', 'Renewed.', 'ferry')
    """
    start = r"(?<!\w)" if _BOUNDED.match(part[:1]) else ""
    end = r"(?!\w)" if _BOUNDED.match(part[-1:]) else ""
    pieces = re.split(f"{start}{re.escape(part)}{end}", text)
    return tidy(" ".join(pieces)) if len(pieces) == 2 else text
