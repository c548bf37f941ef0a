"""The header of a text dump: headline, byline, date, reading time; out of the body and into the metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cleaner.detectors.bios import author_boxes
from cleaner.detectors.bylines import byline, date_line, is_undated, label_of
from cleaner.detectors.headline import headline
from cleaner.detectors.reading import Findings, Line, Reading
from cleaner.model import Claim, Verdict
from cleaner.text.lexicon import openings, vocabulary, words_of
from cleaner.text.people import clean_people

__all__ = ["HEADER_LINES", "detect_header"]

HEADER_LINES = 150  # lines at the top among which the header is looked for: menus can be long
_PROSE_WORDS = 25
_STAMP = re.compile(r"(?:\d{4}([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2\d{4}) ")
_PREFIX_GAP = re.compile(r"[\s:,|–—-]*")


_Part = tuple[tuple[int, int], tuple[str, list[Claim]]]  # the span in its line, the evidence, the claims


def detect_header(reading: Reading, taken: Sequence[Verdict]) -> Findings:
    """Verdicts of category `metadata` on the header's lines, and the claims they make; and on the author boxes that they
    give away.

    Nothing is taken for its place alone: a headline needs a byline or date close below it, a repetition, or the words
    of the URL; a date or byline needs its shape.
    """
    if not reading.top or any(v.category == "metadata" for v in taken):  # labelled fields go first, the rest next time
        return Findings()
    verdicts: list[Verdict] = []
    claims: list[Claim] = []
    writers: list[str] = []  # as bylines name them; a name beside a date may be a place
    zone, above = _zone(reading.lines)
    for line, parts in zip(zone, _all_parts(zone), strict=True):
        for part, found in parts:
            if found[0] == "header:byline":
                writers += [name for c in found[1] if c.field == "authors" for name in c.value]
            verdicts.append(Verdict(line.start + part[0], line.start + part[1], "metadata", found[0], 0.9))
            claims += found[1]
    if not any(c.field == "authors" for c in claims):
        for line, names in _bare_name(above, {v.start for v in verdicts}):
            verdicts.append(Verdict(line.start, line.end, "metadata", "header:bare_name", 0.8))
            claims.append(Claim("authors", names, "header (name beside the date)"))
    title, more = headline(reading.url, above, {v.start for v in verdicts}, prose=len(above) < len(zone))
    if title:
        claims.append(Claim("title", title.text.strip(), f"header ({more[0].evidence.removeprefix('header:')})"))
    verdicts += more
    if reading.bottom:
        verdicts += [v for v in author_boxes(reading.lines, writers) if all(v.start != x.start for x in verdicts)]
    return Findings(sorted(verdicts, key=lambda v: v.start), (), claims)


def _zone(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines down to the second block of prose, and those of them above the first."""
    zone: list[Line] = []
    above: list[Line] = []
    for line in lines[:HEADER_LINES]:
        if len(line.words) > _PROSE_WORDS and line.closed:
            if above:
                return [*zone, line], above
            above = list(zone)
            if not zone:  # the document begins with prose: no header but a stray prefix
                return [line], []
        zone.append(line)
    return zone, above or zone


def _all_parts(zone: Sequence[Line]) -> list[list[_Part]]:
    """The header parts of each line. Headings that look like bylines (`By Car`) and the days of a diary are none."""
    rows: list[list[_Part]] = []
    under = False  # whether the line above is one of the header
    for line in zone:
        rows.append(list(_parts(line, under)))
        under = any(end == len(line.text) for (_, end), _ in rows[-1])
    lone = [
        i
        for i in range(len(rows))
        if _is_bare(zone[i], rows[i]) and not any(rows[max(0, i - 1) : i] + rows[i + 1 : i + 2])
    ]
    for kind in ("header:byline", "header:date"):
        same = [i for i in lone if rows[i] and rows[i][0][1][0] == kind]
        several = len({zone[i].words for i in same}) > 1 and any(ln.closed for ln in zone[same[0] : same[-1]])
        for i in same:
            if several or (kind == "header:byline" and _is_one_word(zone[i], rows[i])):
                rows[i] = []
    return rows


def _is_bare(line: Line, parts: Sequence[_Part]) -> bool:
    """A byline without a date, or a date without a label."""
    if len(parts) != 1 or parts[0][0] != (0, len(line.text)):
        return False
    dated = any(c.field != "authors" for c in parts[0][1][1])
    return not dated if parts[0][1][0] == "header:byline" else not label_of(line.words, ("published", "updated"))[1]


def _is_one_word(line: Line, parts: Sequence[_Part]) -> bool:
    """Whether a byline names nobody in full; the capitals of an agency are a full name."""
    names = [name for c in parts[0][1][1] for name in c.value]
    return not any(len(name.split()) > 1 or (name.isupper() and not line.text.isupper()) for name in names)


def _parts(line: Line, under: bool) -> Iterator[_Part]:
    """The header parts of a line: all of it, or a date that a scraper left before the first sentence."""
    dated = line.date is not None
    if len(line.words) <= 24:
        by = byline(line.text) if openings(line.words, "header", "by") else []
        if by:
            yield (0, len(line.text)), ("header:byline", by)
            return
        dates = date_line(line.text) if dated else []
        if dates:
            yield (0, len(line.text)), ("header:date", dates)
            return
        if not dated and is_undated(line.words):
            yield (0, len(line.text)), ("header:date", [])
            return
    prefix = _date_prefix(line, under) if dated else None
    if prefix:
        yield prefix


def _date_prefix(line: Line, under: bool) -> _Part | None:
    """A stray `date 2025-02-06` in front of the first sentence. A sentence that speaks of a day is left alone.

    Right under a byline the date needs no label, and neither does one in numbers at the top of the text.
    """
    found = line.date
    if not found or found.start > 30:
        return None
    label = words_of(line.text[: found.start])
    gap = _PREFIX_GAP.match(line.text, found.end)
    end = gap.end() if gap else found.end
    rest = line.text[end:]
    exact = label and any(tuple(label) in vocabulary("header", key) for key in ("published", "updated"))
    stamped = line.index == 0 and _STAMP.match(line.text) is not None
    bare = (under or stamped) and found.start == 0 and "," not in line.text[found.end : end] and end < len(line.text)
    if not (bare or exact) or label == ["on"] or (not rest[:1].isupper() and rest[:1] not in "\"“«„'‘¿¡"):
        return None
    key = label_of(label, ("published", "updated"))[0]
    claim = Claim("date_modified" if key == "updated" else "date", found.iso, "header (date prefix)")
    return (0, end), ("header:date_prefix", [claim])


def _bare_name(above: Sequence[Line], taken: set[int]) -> Iterator[tuple[Line, tuple[str, ...]]]:
    """A line that is just a person's name, right above or below the date line."""
    for before, line, after in zip([None, *above], above, [*above[1:], None], strict=False):
        beside = any(x is not None and x.start in taken for x in (before, after))
        parts = line.text.split()
        if (
            beside
            and line.start not in taken
            and 2 <= len(parts) <= 4
            and not line.hits
            and all(p[0].isupper() for p in parts)
        ):
            names = clean_people([line.text], strict=True)
            if len(names) == 1:
                yield line, names
                return
