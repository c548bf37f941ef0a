"""The header of a text dump: headline, byline, date, reading time; out of the body and into the metadata."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from urllib.parse import unquote, urlsplit

from cleaner.detectors.reading import Findings, Line, Reading
from cleaner.model import Claim, Verdict
from cleaner.text.dates import FoundDate, find_date
from cleaner.text.lexicon import Hit, openings, vocabulary, words_of
from cleaner.text.people import clean_people, is_agency

__all__ = ["HEADER_LINES", "detect_header"]

HEADER_LINES = 150  # lines at the top among which the header is looked for: menus can be long
_PROSE_WORDS = 25
_CRUMB = re.compile(r"\s[>›»|]\s")
_TITLE_WORDS = (2, 30)
_HEADLINES = 3  # a line that stands more often is no headline
_MENU_LINES = 3  # lines in a row that stand twice and so are a menu
_MENU_WORDS = 6
_STANDFIRST = 40  # words of a summary between headline and byline
_PREFIX_GAP = re.compile(r"[\s:,|–—-]*")


_Part = tuple[tuple[int, int], tuple[str, list[Claim]]]  # the span in its line, the evidence, the claims


def detect_header(reading: Reading, taken: Sequence[Verdict]) -> Findings:
    """Verdicts of category `metadata` on the header's lines, and the claims they make.

    Nothing is taken for its place alone: a headline needs a byline or date close below it, a repetition, or the words
    of the URL; a date or byline needs its shape.
    """
    if not reading.top or any(v.category == "metadata" for v in taken):  # labelled fields go first, the rest next time
        return Findings()
    verdicts: list[Verdict] = []
    claims: list[Claim] = []
    zone, above = _zone(reading.lines)
    for line, parts in zip(zone, _all_parts(zone), strict=True):
        for part, found in parts:
            verdicts.append(Verdict(line.start + part[0], line.start + part[1], "metadata", found[0], 0.9))
            claims += found[1]
    if not any(c.field == "authors" for c in claims):
        for line, names in _bare_name(above, {v.start for v in verdicts}):
            verdicts.append(Verdict(line.start, line.end, "metadata", "header:bare_name", 0.8))
            claims.append(Claim("authors", names, "header (name beside the date)"))
    title, more = _headline(reading.url, above, {v.start for v in verdicts}, prose=len(above) < len(zone))
    if title:
        claims.append(Claim("title", title.text.strip(), f"header ({more[0].evidence.removeprefix('header:')})"))
    verdicts += more
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
    return not dated if parts[0][1][0] == "header:byline" else not _label(line.words, ("published", "updated"))[1]


def _is_one_word(line: Line, parts: Sequence[_Part]) -> bool:
    """Whether a byline names nobody in full; the capitals of an agency are a full name."""
    names = [name for c in parts[0][1][1] for name in c.value]
    return not any(len(name.split()) > 1 or (name.isupper() and not line.text.isupper()) for name in names)


def _parts(line: Line, under: bool) -> Iterator[_Part]:
    """The header parts of a line: all of it, or a date that a scraper left before the first sentence."""
    dated = line.date is not None
    if len(line.words) <= 24:
        by = _byline(line.text) if openings(line.words, "header", "by") else []
        if by:
            yield (0, len(line.text)), ("header:byline", by)
            return
        dates = _date_line(line.text) if dated else []
        if dates:
            yield (0, len(line.text)), ("header:date", dates)
            return
    prefix = _date_prefix(line, under) if dated else None
    if prefix:
        yield prefix


def _label(words: Sequence[str], keys: Sequence[str]) -> tuple[str, int]:
    """The longest label of the header vocabulary that words begin with: its key and length in words."""
    best = ("", 0)
    for key in keys:
        longest = max(map(len, openings(tuple(words), "header", key)), default=0)
        if longest > best[1]:
            best = (key, longest)
    return best


def _date_line(text: str) -> list[Claim]:
    """Claims of a line that holds nothing but dates, their labels, times and a reading time."""
    claims: list[Claim] = []
    at = 0
    while at < len(text):
        found = find_date(text, at, day_first=not re.search(r"\b[ap]\.?m\b", text.lower()))
        before = words_of(text[at : found.start] if found else text[at:])
        key, size = _label(before, ("published", "updated"))
        extra = [w for w in before[size:] if w not in _known_words("weekdays", "fillers") and not w[0].isdigit()]
        if len(extra) > (0 if found else 2) or (not found and extra and not claims):
            return []
        if extra and not all(w in _known_words("reading") for w in extra):
            return []
        if not found:
            break
        claims.append(Claim("date_modified" if key == "updated" else "date", found.iso, "header (date line)"))
        at = _after_time(text, found)
    return claims


@cache
def _known_words(*keys: str) -> frozenset[str]:
    """The single words of some lists of the header vocabulary."""
    return frozenset(word for key in keys for phrase in vocabulary("header", key) for word in phrase)


@cache
def _time() -> re.Pattern[str]:
    """What may follow a date: a time of day with its words and zone."""
    before, after = _spelled("before_time"), _spelled("after_time")
    hour = rf"(?:(?:{before})\s*)?\d{{1,2}}[:.h]\d{{2}}(?::\d{{2}})?\s*(?:(?:{after})(?![^\W\d_]))?"
    twelve = r"\d{1,2}\s*[ap]\.?m\b\.?"
    zone = r"(?:(?-i:[A-Z]{2,4})|gmt|utc)?(?:[+-]\d{1,2}(?::?\d\d)?)?"
    edge = r"[\s,|·•/()–—-]*"
    return re.compile(rf"[\s,|@·•/()–—-]*(?:(?:{hour}|{twelve})\s*\(?{zone}\)?{edge})?", re.IGNORECASE)


def _spelled(key: str) -> str:
    """The phrases of a list as alternatives of a regular expression, with or without full stops."""
    phrases = sorted(vocabulary("header", key), key=lambda p: (-len(" ".join(p)), p))
    return "|".join(r"\.?\s*".join(map(re.escape, phrase)) + r"\.?" for phrase in phrases)


def _after_time(text: str, found: FoundDate) -> int:
    match = _time().match(text, found.end)
    return max(match.end() if match else found.end, found.end)


def _byline(text: str) -> list[Claim]:
    """Claims of `By Jane Doe`, `Von Max Muster, 3. Mai 2024`, `By Korin MillerPublished: Jan 29, 2025`."""
    words = words_of(text)
    _, size = _label(words, ("by",))
    if not size or size == len(words):
        return []
    match = re.match(r"\W*" + r"\W+".join([r"\w+"] * size) + r"\W*", text)
    if not match:
        return []
    rest = text[match.end() :]
    claims: list[Claim] = []
    found = find_date(rest)
    if found:
        head = rest[: found.start]
        label = re.search(r"(?<![^\W\d_])[^\W\d_]+(?:\s+(?:on|am|le|el|il|em|op))?\W*$", head)
        key = _label(words_of(label[0]), ("published", "updated"))[0] if label else ""
        if label and not key:  # glued, as in `MillerPublished:`
            glued = re.search(r"(?<=[a-zà-ÿ])[A-ZÀ-Þ][^\W\d_]{0,40}\W*$", head)
            key = _label(words_of(glued[0]), ("published", "updated"))[0] if glued else ""
            label = glued if key else None
        claims.append(Claim("date_modified" if key == "updated" else "date", found.iso, "header (byline)"))
        tail = rest[_after_time(rest, found) :]
        rest = head[: label.start()] if label and key else head
        if len(words_of(tail)) > 8:
            return []
    names = clean_people([rest], strict=not is_agency(rest))
    return [Claim("authors", names, "header (byline)"), *claims] if names else []


def _date_prefix(line: Line, under: bool) -> _Part | None:
    """A stray `date 2025-02-06` in front of the first sentence. A sentence that speaks of a day is left alone.

    Right under a byline the date needs no label.
    """
    found = line.date
    if not found or found.start > 30:
        return None
    label = words_of(line.text[: found.start])
    gap = _PREFIX_GAP.match(line.text, found.end)
    end = gap.end() if gap else found.end
    rest = line.text[end:]
    exact = label and any(tuple(label) in vocabulary("header", key) for key in ("published", "updated"))
    bare = under and found.start == 0 and "," not in line.text[found.end : end] and end < len(line.text)
    if not (bare or exact) or label == ["on"] or (not rest[:1].isupper() and rest[:1] not in "\"“«„'‘¿¡"):
        return None
    key = _label(label, ("published", "updated"))[0]
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


def _headline(
    url: str | None, zone: Sequence[Line], taken: set[int], *, prose: bool
) -> tuple[Line | None, list[Verdict]]:
    """The headline of the page, and verdicts on it and on the other lines that stand there twice.

    The proof is the URL, a repetition at the top, or a byline or date close below. Where no prose follows, lines that
    stand twice may be the refrains of a song, which stay.
    """
    named = [ln for ln in zone if ln.start not in taken and _may_be_title(ln)]
    twins = _twins(named, zone, taken) if prose else []
    title, why = _by_url(named, url), "headline of the URL"
    if title is None and twins:
        title, why = twins[0], "repeated headline"
    if title is None:
        title, why = _above_byline(named, zone, taken, {ln.words for ln in twins}), "headline above byline or date"
    same = [ln for ln in named if title and ln.words == title.words]
    if not prose or len(same) > _HEADLINES:  # the refrain of a song may be its title, or a question of an interview
        same = [ln for ln in same if ln is title]
    found = [Verdict(ln.start, ln.end, "metadata", f"header:{why}", 0.85) for ln in same]
    menu = _menu_twice(zone) if prose else frozenset()
    rest = [ln for ln in named if ln.start in menu and ln not in same]
    return title, [*found, *(Verdict(ln.start, ln.end, "navigation", "header:menu twice", 0.7) for ln in rest)]


def _twins(named: Sequence[Line], zone: Sequence[Line], taken: set[int]) -> list[Line]:
    """The lines above all sentences that stand twice: with only furniture between them, or one beside a byline or date."""
    found: list[Line] = []
    first: dict[tuple[str, ...], Line] = {}
    for line in named:
        above = first.setdefault(line.words, line)
        if above is line:
            continue
        between = zone[above.index + 1 : line.index]
        near = [n for ln in (above, line) for n in zone[max(0, ln.index - 1) : ln.index + 2]]
        together = all(n.start in taken or any(_is_furniture(h, len(n.words)) for h in n.hits) for n in between)
        beside = any(n.start in taken for n in near) and not any(n.closed for n in between)
        if (together or beside) and not any(n.closed for n in zone[: above.index]):
            found.append(above)
    return sorted(found, key=lambda ln: -len(ln.words))


def _menu_twice(zone: Sequence[Line]) -> frozenset[int]:
    """Where short lines stand twice, several in a row and in the same order: the menu of a page for two screens."""
    rows = [zone[i : i + _MENU_LINES] for i in range(len(zone) - _MENU_LINES + 1)]
    rows = [row for row in rows if all(not ln.closed and len(ln.words) <= _MENU_WORDS for ln in row)]
    times = Counter(tuple(ln.words for ln in row) for row in rows)
    return frozenset(ln.start for row in rows if times[tuple(ln.words for ln in row)] > 1 for ln in row)


def _by_url(named: Sequence[Line], url: str | None) -> Line | None:
    slug = _slug_words(url)
    return next((ln for ln in named if slug and _overlap(ln.words, slug) >= 0.75), None)


def _above_byline(
    named: Sequence[Line], zone: Sequence[Line], taken: set[int], again: set[tuple[str, ...]]
) -> Line | None:
    for line in named:
        below = zone[line.index + 1 : line.index + 3]
        if line.words in again or not below:
            continue
        if below[0].start in taken or (below[-1].start in taken and len(below[0].words) <= _STANDFIRST):
            return line
    return None


def _may_be_title(line: Line) -> bool:
    if _CRUMB.search(line.text) or any(_is_furniture(h, len(line.words)) for h in line.hits):
        return False
    return (
        not line.bullet
        and _TITLE_WORDS[0] <= len(line.words) <= _TITLE_WORDS[1]
        and not line.text.rstrip().endswith((".", ":", ";", ","))
    )


def _is_furniture(hit: Hit, count: int) -> bool:
    """Whether a phrase makes a line of so many words furniture: as a whole, or by how it opens."""
    return hit.start == 0 and (hit.entry.kind == "opens" or (hit.entry.kind in ("whole", "heads") and hit.end == count))


def _slug_words(url: str | None) -> set[str]:
    """The words of the last long part of a URL's path; fewer than three say nothing."""
    if not url:
        return set()
    parts = [set(words_of(unquote(p))) for p in re.split(r"[/?]", urlsplit(url).path)]
    longest = max(parts, key=len, default=set())
    words = {w for w in longest if not w[0].isdigit() and w not in ("html", "htm", "php")}
    return words if len(words) >= 3 else set()


def _overlap(words: Sequence[str], slug: set[str]) -> float:
    own = {w for w in words if not w[0].isdigit()}
    return len(own & slug) / max(1, len(own), 0.8 * len(slug))
