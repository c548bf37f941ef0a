"""Single lines and sentences that give themselves away: by a phrase of the lexicon or by their shape."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from cleaner.data import phrase_tables, thresholds
from cleaner.detectors.reading import Findings, Line, Reading, table_rows
from cleaner.model import Verdict
from cleaner.text.lexicon import Hit, vocabulary

__all__ = ["detect_rules"]

_COVERED_WORDS = 24  # a longer line is not a row of buttons
_SHAPES = (
    ("form", "bracketed", re.compile(r"\[\s[^\[\]]{0,60}\s?\]\s*(?:\*|\(required\))?")),
    ("form", "bracketed", re.compile(r"\[\s?\]")),
    (
        "copyright",
        "copyright_line",
        re.compile(r"(?:©|\(c\)|ⓒ|copyright)\W*(?:copyright\W*)?(?:19|20)\d\d\b.{0,120}", re.IGNORECASE),
    ),
    ("copyright", "copyright_line", re.compile(r"(?:©|ⓒ).{1,100}")),
    ("contact_form", "address_only", re.compile(r"\S{1,64}@[\w.-]{3,64}\.\w{2,10}")),
    ("social", "url_only", re.compile(r"(?:https?://|www\.)\S{3,300}")),
    ("social", "handle_only", re.compile(r"@\w{2,30}(?:\s+@\w{2,30}){0,5}")),
    ("tags", "hashtags_only", re.compile(r"#\w{2,40}(?:[\s,]+#\w{2,40}){0,30}")),
    ("navigation", "breadcrumb", re.compile(r"[^>›»/|.!?<()=\d]{3,40}(?:\s[>›»]\s[^>›»/|.!?<()=]{3,60}){2,8}")),
    ("navigation", "menu_row", re.compile(r"[^\W\d_][^|•·.!?\d%$€£]{1,30}(?:\s?[|•·]\s?[^|•·.!?\d%$€£]{2,30}){3,20}")),
)
_COMMENT_HEAD = re.compile(r"[^.!?:]{2,60}\s?:")  # and its last words are a verb such as `says`
_WHOLE = ("whole", "heads")
_PATTERN_SIGNS = ")]#*©"
_PARAGRAPH = 25  # words of a paragraph of prose
_LONG = 16  # words of a sentence that must speak to the reader if a phrase inside it is to count
_REPORTED = 10  # words of a sentence in which a verb of speech tells prose
_BIO_WORDS = 60  # of the paragraph that introduces an author
_THIRD_PERSON = frozenset(["copyright", "agency", "author_bio", "photo_credit", "caption", "affiliate", "site_notice"])


def detect_rules(reading: Reading, taken: Sequence[Verdict]) -> Findings:
    """Verdicts on every line that is furniture by itself, whole or in some of its sentences."""
    done = {v.start for v in taken}
    found = [v for line in reading.lines if line.start not in done for v in _judge(line)]
    rows = table_rows(reading.lines)
    found = [v for v in found if v.evidence != "shape:menu_row" or v.start not in rows]
    boxed = _boxed(reading.lines, {v.start for v in found} | done)
    last = sys.maxsize
    if reading.bottom:
        last = _last_prose(reading.lines, {v.start for v in found} | {ln.start for ln in boxed})
    found = [v for v in found if v.category != "author_bio" or v.start > last or ":whole:" in v.evidence]
    found += [
        _all_of(ln, "author_bio", "under author heading", thresholds()["rules"]["opens"])
        for ln in boxed
        if ln.start > last
    ]
    return Findings(_by_neighbours(reading.lines, taken, sorted(found, key=lambda v: v.start)))


def _boxed(lines: Sequence[Line], guilty: set[int]) -> list[Line]:
    """The paragraphs under `About the author`."""
    headings = vocabulary("author", "box")
    return [
        line
        for above, line in zip(lines, lines[1:], strict=False)
        if above.words in headings and line.start not in guilty and len(line.words) <= _BIO_WORDS
    ]


def _by_neighbours(lines: Sequence[Line], taken: Sequence[Verdict], found: Sequence[Verdict]) -> list[Verdict]:
    """A line such as `Subscribe`, which several categories know, belongs to that of the line above it, else below."""
    category = {v.start: v.category for v in (*taken, *found)}
    at = {line.start: i for i, line in enumerate(lines)}
    out = []
    for verdict in found:
        i = at.get(verdict.start)
        if i is not None and verdict.evidence.startswith("phrase:") and verdict.end == lines[i].end:
            choices = {h.entry.category: h for h in lines[i].hits if _is_all(h, lines[i])}
            near = [category.get(lines[n].start) for n in (i - 1, i + 1) if 0 <= n < len(lines)]
            name = next((n for n in near if n in choices), None)
            if name and len(choices) > 1 and name != verdict.category:
                verdict = _all_of(lines[i], name, _name(choices[name]), verdict.score)
                category[verdict.start] = name
        out.append(verdict)
    return out


def _last_prose(lines: Sequence[Line], guilty: set[int]) -> int:
    """Where the last paragraph of prose begins; an author box stands behind it."""
    return max(
        (ln.start for ln in lines if ln.closed and len(ln.words) >= _PARAGRAPH and ln.start not in guilty), default=-1
    )


def _judge(line: Line) -> Iterator[Verdict]:
    level = thresholds()["rules"]
    whole = _whole(line) if line.hits and not line.spoken else None
    if whole:
        yield _all_of(line, whole.entry.category, _name(whole), level["whole"])
        return
    shape = _shape(line)
    if shape:
        yield _all_of(line, *shape, level["shape"])
        return
    covered = None if line.spoken else _covered(line)
    if covered:
        yield _all_of(line, *covered, level["covered"])
    elif line.hits:
        yield from _by_sentence(line)


def _all_of(line: Line, category: str, evidence: str, score: float) -> Verdict:
    return Verdict(line.start, line.end, category, evidence, score)


def _name(hit: Hit) -> str:
    return f"phrase:{hit.entry.language}:{hit.entry.kind}:{hit.entry.phrase}"


def _whole(line: Line) -> Hit | None:
    """A phrase that is all of the line but for numbers at its ends."""
    words, first, last = line.words, 0, len(line.words)
    whole = [h for h in line.hits if h.entry.kind in _WHOLE and _wanted_tail(line, h)]
    for hit in whole:
        if hit.start == first and hit.end == last:
            return hit
    while first < last and words[first][0].isdigit():
        first += 1
    while last > first and words[last - 1][0].isdigit():
        last -= 1
    if last - first == len(words) or first == last:
        return None
    return next((h for h in whole if h.start <= first and h.end >= last), None)


def _is_all(hit: Hit, line: Line) -> bool:
    return hit.start == 0 and hit.end == len(line.words) and hit.entry.kind in (*_WHOLE, "weak")


def _wanted_tail(line: Line, hit: Hit) -> bool:
    """A phrase written with a sign at its end, such as a colon, is only meant where the sign is there."""
    sign = hit.entry.phrase[-1]
    if sign.isalnum() or sign in _PATTERN_SIGNS:
        return True
    last = hit.end - 1
    return line.text[line.offsets[last] + len(line.words[last]) :].lstrip().startswith(sign)


def _shape(line: Line) -> tuple[str, str] | None:
    text = line.text if len(line.text) < 400 else ""
    for category, name, pattern in _SHAPES:
        if text and pattern.fullmatch(text):
            if name == "menu_row" and any(len(part.split()) > 5 for part in re.split(r"[|•·]", text)):
                continue
            return category, f"shape:{name}"
    if text.endswith(":") and _COMMENT_HEAD.fullmatch(text) and _says(line.words):
        return "comments", "shape:comment_head"
    return None


def _says(words: tuple[str, ...]) -> bool:
    """Whether a name is followed by a verb that introduces a comment, and nothing else."""
    verbs = vocabulary("thread", "says")
    return any(words[-size:] in verbs for size in range(1, min(4, len(words))))


def _covered(line: Line) -> tuple[str, str] | None:
    """A row of buttons or menu items: `whole` and `weak` phrases one after the other, nothing between."""
    words, hits = line.unglued if len(line.words) <= _COVERED_WORDS else ((), ())
    spans = [h for h in hits if h.entry.kind in (*_WHOLE, "weak")]
    if not spans or not any(h.entry.kind in _WHOLE for h in spans):
        return None
    neutral = vocabulary("row", "neutral")
    reach: list[tuple[int, tuple[Hit, ...]] | None] = [(0, ())] + [None] * len(words)
    for at, word in enumerate(words):
        here = reach[at]
        if here is None:
            continue
        if (word,) in neutral or word[0].isdigit():
            reach[at + 1] = max(reach[at + 1] or (0, ()), here, key=lambda r: r[0])
        for hit in spans:
            if hit.start == at:
                new = (here[0] + (hit.entry.kind in _WHOLE) * (hit.end - at), (*here[1], hit))
                reach[hit.end] = max(reach[hit.end] or (-1, ()), new, key=lambda r: r[0])
    whole = reach[len(words)]
    if whole is None or whole[0] < 0.5 * len(words):
        return None
    sizes = Counter[str]()
    for hit in whole[1]:
        sizes[hit.entry.category] += hit.end - hit.start
    category = max(sizes, key=lambda c: (sizes[c], c))
    return category, "phrases:" + " + ".join(dict.fromkeys(h.entry.phrase for h in whole[1]))


def _by_sentence(line: Line) -> Iterator[Verdict]:
    """Furniture sentences: the whole line where they make up most of it, else those at its edges."""
    level = thresholds()["rules"]
    guilty = [(span, hit) for span in line.sentences if (hit := _sentence_hit(line, span))]
    if not guilty:
        return
    share = sum(b - a for (a, b), _ in guilty) / max(1, len(line.text))
    if share >= level["block_share"] and len(line.words) <= level["block_words"]:
        category, name = _majority(guilty)
        yield _all_of(line, category, name, max(level[_level(h)] for _, h in guilty))
        return
    (start, end), hit = guilty[0]
    if start == 0 and hit.entry.category == "author_bio" and len(line.words) - line.word_at(end) < _PARAGRAPH:
        yield _all_of(line, "author_bio", _name(hit), level[_level(hit)] - 0.1)  # `He writes about rivers.` goes along
        return
    for (a, b), hit in _at_edges(line, guilty):
        if line.word_at(b) - line.word_at(a) <= level["glued_sentence"]:
            yield Verdict(line.start + a, line.start + b, hit.entry.category, _name(hit), level[_level(hit)] - 0.1)


def _sentence_hit(line: Line, span: tuple[int, int]) -> Hit | None:
    """The best phrase that makes a sentence furniture, unless the sentence is long or the phrase stands in quotes."""
    first, last = line.word_at(span[0]), line.word_at(span[1])
    if last - first > thresholds()["rules"]["longest_sentence"]:
        return None
    best: Hit | None = None
    for hit in line.hits:
        if hit.start < first or hit.end > last or not _wanted_tail(line, hit):
            continue
        kind = hit.entry.kind
        opens = kind == "opens" and hit.start == first and last - first <= thresholds()["rules"]["opened_sentence"]
        if (opens or kind == "has") and _addressed(line, first, last, hit) and not _quoted(line, hit):
            if best is None or (kind, hit.end - hit.start) > (best.entry.kind, best.end - best.start):
                best = hit
        elif kind in _WHOLE and hit.start == first and hit.end == last and last - first > 1:
            best = best or hit
    return best


def _addressed(line: Line, first: int, last: int, hit: Hit) -> bool:
    """Whether a sentence with a phrase speaks to the reader; prose tells of third persons and of what they said."""
    words, table = line.words[first:last], phrase_tables()[hit.entry.language]
    if len(words) >= _REPORTED and any(w in table.get("speech", ()) for w in words):
        return False
    if len(words) < _LONG or hit.entry.category in _THIRD_PERSON or "address" not in table:
        return True
    return any(w in table["address"] for w in words)


def _quoted(line: Line, hit: Hit) -> bool:
    """Whether the phrase stands inside quotation marks, or in a quotation that is still open."""
    before = line.text[: line.offsets[hit.start]]
    opened = sum(before.count(q) for q in "“«„") - sum(before.count(q) for q in "”»")
    return opened > 0 or before.count('"') % 2 == 1


def _level(hit: Hit) -> str:
    return "whole" if hit.entry.kind in _WHOLE else hit.entry.kind


def _majority(guilty: Sequence[tuple[tuple[int, int], Hit]]) -> tuple[str, str]:
    sizes = Counter[str]()
    for (a, b), hit in guilty:
        sizes[hit.entry.category] += b - a
    category = max(sizes, key=lambda c: (sizes[c], c))
    return category, _name(next(h for _, h in guilty if h.entry.category == category))


def _at_edges(line: Line, guilty: Sequence[tuple[tuple[int, int], Hit]]) -> list[tuple[tuple[int, int], Hit]]:
    """Those guilty sentences that reach an end of the line without prose between."""
    by_start = {span[0]: (span, hit) for span, hit in guilty}
    edges: dict[int, tuple[tuple[int, int], Hit]] = {}
    for order in (line.sentences, line.sentences[::-1]):
        for span in order:
            if span[0] not in by_start:
                break
            edges[span[0]] = by_start[span[0]]
    return [edges[start] for start in sorted(edges)]
