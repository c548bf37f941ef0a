"""Inputs made to hurt, as data: what each is, how it is tried, and what must come of it.

`tests/test_hostile.py` asserts it, and `docs/generate.py` writes what really happens into docs/faults.md.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaner import clean
from cleaner.batch.records import Recipe, clean_record
from cleaner.errors import CleanerError
from cleaner.io.places import plan_output
from cleaner.io.readers import Keys, Limits, Source, SourceReader
from cleaner.io.writers import write_rows
from cleaner.report.command import write_report
from cleaner.settings import Settings

__all__ = ["CASES", "FLOODS", "IDENTS", "STORY", "Case", "happens"]

STORY = "The river rose on Monday, and by noon the town of Brightmoor was under water, the mayor said."
PROSE = f"<p>{STORY}</p>" * 3
OPEN = "<html><body>"
_LIMITS = Limits(dump=100_000, ratio=10, free=200_000)
"""Small, so that what is refused is made fast; a run has 50 MB, and a thousandfold."""


@dataclass(frozen=True)
class Case:
    """One input: its group, what it is, how it is tried in a folder of its own, and what must come of it."""

    group: str
    what: str
    run: Callable[[Path], str]
    expected: str = "article, all of its text"


def happens(case: Case) -> str:
    """What comes of an input here and now."""
    with tempfile.TemporaryDirectory() as folder:
        return case.run(Path(folder))


# ── pages and texts ──

FLOODS: dict[str, Callable[[int], str]] = {
    "comments that never end": lambda n: OPEN + "<!--" * n + PROSE,
    "comments behind the text": lambda n: OPEN + PROSE + "<!--" * n,
    "comments in a comment": lambda n: OPEN + "<!--" * n + "-->" + PROSE,
    "a long doctype": lambda n: f"<!DOCTYPE {'x' * 4 * n}><html><body>{PROSE}",
    "many doctypes": lambda n: "<!DOCTYPE html>" * n + OPEN + PROSE,
    "tags that never end": lambda n: OPEN + "<a " * n + PROSE,
    "values that never end": lambda n: OPEN + '<a href="' * n + PROSE,
    "marked sections": lambda n: OPEN + "<![CDATA[" * n + PROSE,
    "instructions": lambda n: OPEN + "<?" * n + PROSE,
    "angle brackets": lambda n: OPEN + PROSE + "<" * 4 * n,
    "nested elements": lambda n: OPEN + "<div>" * n + PROSE + "</div>" * n,
    "nested emphasis": lambda n: OPEN + "<b>" * n + PROSE,
    "nested tables": lambda n: OPEN + PROSE + "<table><tr><td>" * n,
    "nested lists": lambda n: OPEN + PROSE + "<ul><li>" * n,
    "attributes of one element": lambda n: f"{OPEN}<div {' '.join(f'a{i}=1' for i in range(n))}>{PROSE}",
    "one long attribute": lambda n: f"{OPEN}<div class='{'a ' * n}'>{PROSE}",
    "short paragraphs, side by side": lambda n: OPEN + PROSE + "<p>a b</p>" * n,
    "line breaks": lambda n: OPEN + PROSE + "<br>" * n,
    "end tags": lambda n: OPEN + PROSE + "</x>" * n,
    "entities": lambda n: OPEN + PROSE + "&amp;" * n + "&#x110000;" * n,
    "NULs and lone surrogates": lambda n: OPEN + PROSE + "\0\ud800" * n,
}
"""Pages that repeat one thing n times around an article."""


def told(raw: str | bytes, form: str = "auto", story: str = STORY) -> str:
    """What `clean` makes of a dump."""
    try:
        article = clean(raw, source_format=form)
    except CleanerError as error:
        return f"reject `{error.reason}`"
    return "article, all of its text" if story in article.body else f"article of {len(article.body):,} characters"


def page(what: str, raw: str | bytes, expected: str = Case.expected, story: str = STORY) -> Case:
    return Case("Pages", what, lambda _: told(raw, "auto", story), expected)


def text(what: str, raw: str | bytes, expected: str = Case.expected, story: str = STORY) -> Case:
    return Case("Texts", what, lambda _: told(raw, "text", story), expected)


def _flood(name: str) -> Case:
    return Case("Pages", f"{name} (10,000)", lambda _: told(FLOODS[name](10_000)))


def _bomb(levels: int) -> str:
    rows = ['<!ENTITY a0 "lol">'] + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, levels)]
    return f'<?xml version="1.0"?><!DOCTYPE html [{"".join(rows)}]><html><body>{PROSE}<p>&a{levels - 1};</p>'


_SECRET = "root:x:0:0"
_XXE = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body>' + PROSE + "<p>Look: &x; &#38;x;</p>"
_GERMAN = "Die Brücke über den Fluß wurde am Montag gesperrt, sagte die Bürgermeisterin von Überlingen."


def _xxe(_: Path) -> str:
    body = clean(_XXE).body
    return told(_XXE) + (", and a file of the machine" if _SECRET in body else ", nothing is fetched")


def _colspan(_: Path) -> str:
    wide = f"{OPEN}{PROSE}<table><tr><td colspan={2**53} rowspan={2**53}>a</td><td>b</td></tr></table>"
    markdown = clean(wide).body_markdown
    return f"{told(wide)}; Markdown {'short' if len(markdown) < 2 * len(wide) else 'long'}"


PAGES = (
    *map(_flood, FLOODS),
    Case("Pages", "`colspan` and `rowspan` of 2^53", _colspan, "article, all of its text; Markdown short"),
    page("entities that grow tenfold, nine times", _bomb(10)),
    Case("Pages", "an entity that names a file (XXE)", _xxe, "article, all of its text, nothing is fetched"),
    page("UTF-16 without a mark", f"{OPEN}{PROSE}</body></html>".encode("utf-16-le")),
    page("a charset that is wrong", f'<meta charset="utf-8">{OPEN}<p>{_GERMAN}</p>'.encode("cp1252"), story=_GERMAN),
    page(
        "a charset that is declared after 8,000 bytes",
        f'<html><head><!--{"x" * 8000}--><meta charset="iso-8859-1"></head><body><p>{_GERMAN}</p>'.encode("latin-1"),
        story=_GERMAN,
    ),
    page("a charset that does not exist", f'<meta charset="klingon">{OPEN}<p>{_GERMAN}</p>'.encode(), story=_GERMAN),
    page(
        "two encodings on one page",
        f"{OPEN}<p>{_GERMAN}</p>".encode() + f"<p>{_GERMAN}</p>".encode("cp1252"),
        story=_GERMAN,
    ),
    page("nothing but white space", " \n\t" * 1000, "reject `empty`"),
    page("a PDF", b"%PDF-1.7\n\x00\xff", "reject `binary`"),
)
TEXTS = (
    text("`?` × 100,000", "?" * 100_000, "article of 100,000 characters"),
    text("`<br>` × 24,000", STORY + "<br>" * 24_000),
    text("100,000 lines of one word", "\n".join(f"word{n}" for n in range(100_000)), "article of 1,088,888 characters"),
    text("one line of 1 MB", STORY + " The river rose again." * 45_000),
    text("NULs and lone surrogates", f"{STORY}\n\n\0\ud800\0"),
    text("UTF-16 without a mark", STORY.encode("utf-16-be")),
    text("two encodings in one text", f"{_GERMAN}\n\n".encode() + _GERMAN.encode("cp1252"), story=_GERMAN),
)

# ── files ──


def read(path: Path, limits: Limits = _LIMITS) -> str:
    """What becomes of the dumps of a file: rows and rejects with their reasons."""
    suffix = ".jsonl" if ".jsonl" in path.name else path.suffixes[0]
    outcomes: Counter[str] = Counter()
    with SourceReader(Source(str(path), suffix, path.name), Keys(), limits) as reader:
        for record in reader.read():
            outcome = clean_record(record, Recipe(Settings()))
            reject = outcome.reject
            outcomes["article" if reject is None else f"reject `{reject['reason']}`"] += 1
    return ", ".join(f"{count} × {name}" for name, count in sorted(outcomes.items()))


def file(what: str, name: str, data: Callable[[], bytes], expected: str) -> Case:
    def run(folder: Path) -> str:
        (folder / name).write_bytes(data())
        return read(folder / name)

    return Case("Files", what, run, expected)


def lines(count: int, **more: Any) -> bytes:
    return b"".join(json.dumps({"id": f"d{n}", "text": STORY, **more}).encode() + b"\n" for n in range(count))


def _zip(members: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return held.getvalue()


def _broken() -> bytes:
    first, second = gzip.compress(lines(2)), bytearray(gzip.compress(lines(2)))
    second[10] = 0xFF  # the kind of its first block, of which there is none like this
    return first + bytes(second)


FILES = (
    file(
        "gzip that is cut off",
        "a.jsonl.gz",
        lambda: gzip.compress(lines(3), mtime=0)[:-9],
        "3 × article, 1 × reject `unreadable`",
    ),
    file("gzip parts one after the other", "a.jsonl.gz", lambda: gzip.compress(lines(2)) * 2, "4 × article"),
    file("gzip that is broken in the middle", "a.jsonl.gz", _broken, "2 × article, 1 × reject `unreadable`"),
    file("a gzip bomb", "a.txt.gz", lambda: gzip.compress(b"0" * 9_000_000), "1 × reject `oversize`"),
    file("a gzip bomb of empty lines", "a.jsonl.gz", lambda: gzip.compress(b"\n" * 9_000_000), "1 × reject `oversize`"),
    file(
        "a ZIP bomb beside an article",
        "a.zip",
        lambda: _zip({"bomb.txt": b"0" * 9_000_000, "a.txt": STORY.encode()}),
        "1 × article, 1 × reject `oversize`",
    ),
    file(
        "a line that is no JSON",
        "a.jsonl",
        lambda: lines(1) + b'{"text": \n' + lines(1),
        "2 × article, 1 × reject `bad_json`",
    ),
    file(
        "a column of the wrong type",
        "a.jsonl",
        lambda: lines(1) + b'{"text": 5}\n',
        "1 × article, 1 × reject `wrong_type`",
    ),
    file(
        "a row without text",
        "a.jsonl",
        lambda: lines(1) + b'{"kind": "x"}\n',
        "1 × article, 1 × reject `no_text_column`",
    ),
    file("100,000 brackets", "a.jsonl", lambda: b"[" * 99_000 + b"\n" + lines(1), "1 × article, 1 × reject `bad_json`"),
    file("an id that stands twice", "a.jsonl", lambda: lines(1) * 2, "2 × article"),
    file(
        "a dump that is too large",
        "a.jsonl",
        lambda: lines(1) + lines(1, more="x" * 100_000),
        "1 × article, 1 × reject `oversize`",
    ),
    Case(
        "Files",
        "a file that is gone when its turn comes",
        lambda folder: read(folder / "gone.txt"),
        "1 × reject `unreadable`",
    ),
)

# ── outputs ──

IDENTS = (
    "../../up",
    "/etc/x",
    "a\0b",
    "x" * 4000,
    "x" * 4001,
    "CON",
    "con.txt",
    "NUL.txt",
    "Same",
    "same",
    ".",
    "..",
    "",
    "é" * 500,
)


def _written(folder: Path, name: str, rows: list[dict[str, Any]]) -> str:
    with write_rows(plan_output(str(folder / name))) as write:
        for row in rows:
            write(row)
    return (folder / name).read_bytes().decode()


def _names(folder: Path) -> str:
    """How many files become of ids, whether names differ without regard to case, and whether all are in the folder."""
    with write_rows(plan_output(f"{folder / 'out'}/")) as write:
        for ident in IDENTS:
            write({"id": ident, "body": STORY})
    found = [path.name for path in (folder / "out").iterdir() if path.suffix == ".json"]
    outside = len(list(folder.iterdir())) - 1
    devices = sum(name.split(".")[0].lower() in ("con", "nul") for name in found)
    distinct = len({name.lower() for name in found})
    return (
        f"{distinct} of {len(IDENTS)} articles in files of their own, {outside} outside the folder, {devices} reserved"
    )


_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def _formulas(suffix: str) -> Callable[[Path], str]:
    def run(folder: Path) -> str:
        found = _written(folder, f"o{suffix}", [{"id": f"{sign}1+1", "body": STORY} for sign in _SIGNS])
        rows = list(csv.DictReader(io.StringIO(found, newline=""), delimiter="," if suffix == ".csv" else "\t"))
        guarded = [row["id"][1:2] for row in rows if row["id"].startswith("'")]
        return f"{len(guarded)} of {len(_SIGNS)} cells have a `'` before them"

    return run


_LIVE = "<script>x()</script> and [a](javascript:x) and <a href=javascript:x>b</a>"


def _markdown(folder: Path) -> str:
    found = _written(folder, "o.md", [{"id": "a", "title": _LIVE, "body": f"{STORY} {_LIVE}"}])
    live = re.findall(r"(?<!\\)<[a-z/]|(?<!\\)\]\(", found)
    return f"the text, {len(live)} live tags or links"


def _report(folder: Path) -> str:
    row = {"id": _LIVE, "title": _LIVE, "url": "javascript:x", "body": f"{STORY} {_LIVE}"}
    _written(folder, "o.jsonl", [row])
    shown = Path(write_report(str(folder / "o.jsonl"), None, 10, None)).read_text("utf-8")
    policy = "default-src 'none'" in shown and "script-src 'sha256-" in shown
    live = shown.count("<script>x()") + shown.count("<a href=javascript:") + shown.count('href="javascript:')
    return f"{live} live tags or links, {'no' if policy else 'any'} script but the page's own may run"


OUTPUTS = (
    Case(
        "Outputs",
        "ids with `../`, NUL, 4,000 characters, reserved names, other case",
        _names,
        "14 of 14 articles in files of their own, 0 outside the folder, 0 reserved",
    ),
    Case(
        "Outputs",
        "formulas in CSV: `=`, `+`, `-`, `@`, tab, CR",
        _formulas(".csv"),
        "6 of 6 cells have a `'` before them",
    ),
    Case("Outputs", "formulas in TSV", _formulas(".tsv"), "6 of 6 cells have a `'` before them"),
    Case("Outputs", "`<script>` and `javascript:` in Markdown", _markdown, "the text, 0 live tags or links"),
    Case(
        "Outputs",
        "`<script>` and `javascript:` in the HTML report",
        _report,
        "0 live tags or links, no script but the page's own may run",
    ),
)

CASES = (*PAGES, *TEXTS, *FILES, *OUTPUTS)
