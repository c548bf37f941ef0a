"""Single lines and sentences that give themselves away: by a phrase of the lexicon or by their shape."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from cleaner.data import thresholds
from cleaner.detectors.doubt import Doubt, Judged, doubt_of_phrase, doubt_of_sentence, in_company, is_firm, is_link
from cleaner.detectors.edges import with_company
from cleaner.detectors.headings import headings, listed
from cleaner.detectors.reading import Findings, Line, Reading
from cleaner.detectors.shapes import shape_of
from cleaner.detectors.threads import announces_comments, is_mark
from cleaner.model import Verdict
from cleaner.text.lexicon import Hit, Words, vocabulary
from cleaner.text.speech import speech_of

__all__ = ["detect_rules", "is_addressed", "is_quoted", "wanted_tail"]

_COVERED_WORDS = 24  # a longer line is not a row of buttons
_ARROW = re.compile(r"\s[>›»/]\s")
_CRUMBS = re.compile(r"(?:[^>›»/|.!?<()=]{2,60}\s[>›»/]\s){1,8}[^>›»/|.!?<()=]{2,60}")  # where they begin at `Home`
_SIGN = re.compile(r"\([^\W_]{2,12}(?:[\s/,-]{1,3}[^\W_]{2,12}){0,3}\)\.?")  # `(dpa/lby)`
_COMMENT_HEAD = re.compile(r"[^.!?:]{2,60}\s?:")  # and its last words are a verb such as `says`
_ROWS = ("shape:menu_row", "shape:breadcrumb")  # of names, which an article may list, too
_CODE_SIGNS = "={}\\"
_CALL = re.compile(r"\w\(\w*\)")
_WHOLE = ("whole", "heads")
_ROWED = (*_WHOLE, "weak")
_PARAGRAPH = 25  # words of a paragraph of prose
_LONG = 16  # words of a sentence that must speak to the reader if a phrase inside it is to count
_REPORTED = 10  # words of a sentence in which a verb of speech tells prose
_INNOCENT = Judged()
_BIO_WORDS = 60  # of the paragraph that introduces an author
_THIRD_PERSON = frozenset(["copyright", "agency", "author_bio", "photo_credit", "caption", "affiliate", "site_notice"])


def detect_rules(reading: Reading, taken: Sequence[Verdict]) -> Findings:
    """Verdicts on every line that is furniture by itself, whole or in some of its sentences."""
    done = {v.start for v in taken}
    rows, thread = reading.tables, _thread(reading.lines)
    judged = [
        Judged() if ln.start in done else _judge(ln, table=ln.start in rows, thread=i in thread)
        for i, ln in enumerate(reading.lines)
    ]
    found = in_company(reading.lines, taken, judged)
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
    so_far = [*taken, *found]
    stays = headings(reading.lines, so_far) | {*listed(reading.lines, so_far)}
    found = [v for v in found if v.start not in stays]
    return Findings(_by_neighbours(reading.lines, taken, sorted(found, key=lambda v: v.start)))


def _thread(lines: Sequence[Line]) -> set[int]:
    """The lines that may be heads of comments: below a line that announces comments, two of them, or with a date."""
    start = next((i for i, ln in enumerate(lines) if ln.hits and announces_comments(ln)), len(lines))
    heads = [i for i in range(start + 1, len(lines)) if lines[i].text.endswith(":") and _says(lines[i].words)]
    dated = {i for i in heads if i + 1 < len(lines) and is_mark(lines[i + 1])}
    return set(heads) if dated or len(heads) > 1 else set()


def _boxed(lines: Sequence[Line], guilty: set[int]) -> list[Line]:
    """The paragraphs under `About the author`."""
    headings = vocabulary("author", "box")
    longest = max(map(len, headings), default=0)
    return [
        line
        for above, line in zip(lines, lines[1:], strict=False)
        if len(above.words) <= longest
        and above.words in headings
        and line.start not in guilty
        and len(line.words) <= _BIO_WORDS
    ]


def _by_neighbours(lines: Sequence[Line], taken: Sequence[Verdict], found: Sequence[Verdict]) -> list[Verdict]:
    """A line such as `Subscribe`, which several categories know, belongs to that of the line above it, else below."""
    if not found:
        return []
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


def _judge(line: Line, *, table: bool, thread: bool) -> Judged:
    """What one line loses, from what stands in it alone; remembered for the next pass."""
    known: tuple[bool, bool, int, Judged] | None = line.judged
    if known is not None and known[0] is table and known[1] is thread:
        return known[3] if known[2] == line.start else known[3].moved(line.start - known[2])
    judged = _judge_anew(line, table=table, thread=thread)
    line.judged = table, thread, line.start, judged
    return judged


def _judge_anew(line: Line, *, table: bool, thread: bool) -> Judged:
    level = thresholds()["rules"]
    whole = _whole(line) if line.hits and not line.spoken else None
    if whole:
        verdict = _all_of(line, whole.entry.category, _name(whole), level["whole"])
        own = whole.entry.users  # what a user calls furniture is no heading and no answer
        return _judged([verdict], Doubt.NONE if own else doubt_of_phrase(line, line.words[whole.start : whole.end]))
    shape = _shape(line, thread)
    if shape and not (table and shape[1] == "shape:menu_row"):
        known = shape[1] not in _ROWS or any(h.entry.kind in _WHOLE for h in line.hits)
        return _judged([_all_of(line, *shape, level["shape"])], Doubt.NONE if known else Doubt.PLACE)
    covered = None if line.spoken or len(line.words) > _COVERED_WORDS else _covered(line)
    if covered:
        category, hits, words = covered
        name = "phrases:" + " + ".join(dict.fromkeys(h.entry.phrase for h in hits))
        return _judged([_all_of(line, category, name, level["covered"])], doubt_of_phrase(line, words))
    return _by_sentence(line) if line.hits else _INNOCENT


def _judged(verdicts: Sequence[Verdict], doubt: Doubt) -> Judged:
    return Judged((), verdicts, doubt) if doubt else Judged(verdicts)


def _all_of(line: Line, category: str, evidence: str, score: float) -> Verdict:
    return Verdict(line.start, line.end, category, evidence, score)


def _name(hit: Hit) -> str:
    return f"phrase:{hit.entry.language}:{hit.entry.kind}:{hit.entry.phrase}"


def _whole(line: Line) -> Hit | None:
    """A phrase that is all of the line but for numbers at its ends; no line of code or mathematics is a phrase."""
    words, first, last = line.words, 0, len(line.words)
    whole = [h for h in line.hits if h.entry.kind in _WHOLE and (not h.entry.sign or wanted_tail(line, h))]
    if not whole or _is_code(line.text):
        return None
    full = [h for h in whole if h.start == first and h.end == last]
    if full:  # what a list follows below tells more than what stands alone
        return next((h for h in full if h.entry.kind == "heads"), full[0])
    while first < last and words[first][0].isdigit():
        first += 1
    while last > first and words[last - 1][0].isdigit():
        last -= 1
    if last - first == len(words) or first == last:
        return None
    return next((h for h in whole if h.start <= first and h.end >= last), None)


def _is_code(text: str) -> bool:
    """Whether a line looks like code or mathematics: `x = 1`, `run;`, `run(x)`."""
    if text[-1] == ")":
        at = text.rfind("(")
        if at > 0 and _CALL.fullmatch(text, at - 1):
            return True
    return text[-1] == ";" or any(sign in text for sign in _CODE_SIGNS)


def _is_all(hit: Hit, line: Line) -> bool:
    return hit.start == 0 and hit.end == len(line.words) and hit.entry.kind in _ROWED


def wanted_tail(line: Line, hit: Hit) -> bool:
    """A phrase written with a sign at its end, such as a colon, is only meant where the sign is there."""
    sign, last = hit.entry.sign, hit.end - 1
    return not sign or line.text[line.offsets[last] + len(line.words[last]) :].lstrip().startswith(sign)


def _shape(line: Line, thread: bool) -> tuple[str, str] | None:
    text = line.text
    shape = shape_of(text)
    if shape:
        return shape[0], f"shape:{shape[1]}"
    if text[0] == "(" and line.hits and _SIGN.fullmatch(text) and any(_is_agency(h) for h in line.hits):
        return "agency", "shape:agency_sign"
    if (
        line.hits
        and (">" in text or "›" in text or "»" in text or " / " in text)
        and _ARROW.search(text)
        and _CRUMBS.fullmatch(text)
        and any(_is_home(line, h) for h in line.hits)
    ):
        return "navigation", "shape:breadcrumb"
    if thread and text.endswith(":") and _COMMENT_HEAD.fullmatch(text) and _says(line.words):
        return "comments", "shape:comment_head"
    return None


def _is_agency(hit: Hit) -> bool:
    return hit.entry.category == "agency" and hit.entry.kind == "whole" and hit.end - hit.start == 1


def _is_home(line: Line, hit: Hit) -> bool:
    """Whether a phrase of menus is the first of several crumbs, perhaps behind `You are here:`."""
    if hit.start and not line.text[: line.offsets[hit.start]].rstrip().endswith(":"):
        return False
    behind = line.text[line.offsets[hit.end - 1] + len(line.words[hit.end - 1]) :].lstrip()
    return hit.entry.category == "navigation" and hit.entry.kind == "whole" and behind[:1] in (">", "›", "»", "/")


def _says(words: tuple[str, ...]) -> bool:
    """Whether a name is followed by a verb that introduces a comment, and nothing else."""
    verbs = vocabulary("thread", "says")
    return any(words[-size:] in verbs for size in range(1, min(4, len(words))))


def _covered(line: Line) -> tuple[str, tuple[Hit, ...], Words] | None:
    """A row of buttons or menu items: `whole` and `weak` phrases one after the other, nothing between."""
    words, hits = line.unglued
    spans = [h for h in hits if h.entry.kind in _ROWED]
    most = sum([h.end - h.start for h in spans if h.entry.kind in _WHOLE])  # of words that such phrases can be
    if not most or most < 0.5 * len(words) or _is_code(line.text):
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
    category = max(sizes, key=sizes.__getitem__)  # of equal ones the first
    return category, whole[1], words


def _by_sentence(line: Line) -> Judged:
    """Furniture sentences: the whole line where they make up most of it, else those at its edges."""
    guilty = with_company(line, [((a, b), hit) for a, b, hit in _guilty_sentences(line)])
    if line.spoken and len(guilty) < len(line.sentences) and guilty and not guilty[0][0][0]:
        guilty = guilty[1:]  # how somebody begins to speak
    if not guilty:
        return _INNOCENT
    doubts = [doubt_of_sentence(line, span, hit) for span, hit in guilty]
    if not any(doubts):
        return Judged(list(_verdicts(line, guilty)))
    places = {span[0]: i for i, span in enumerate(line.sentences)}
    sure = {places[span[0]] for (span, _), doubt in zip(guilty, doubts, strict=True) if not doubt}
    for order, step in ((guilty, -1), (guilty[::-1], 1)):  # sentences beside a sure one
        sure |= {places[span[0]] for span, _ in order if places[span[0]] + step in sure}
    certain = [g for g in guilty if places[g[0][0]] in sure]
    left = [d for g, d in zip(guilty, doubts, strict=True) if places[g[0][0]] not in sure]
    return Judged(list(_verdicts(line, certain)), list(_verdicts(line, guilty)), max(left, default=Doubt.NONE))


def _verdicts(line: Line, guilty: Sequence[tuple[tuple[int, int], Hit]]) -> Iterator[Verdict]:
    level = thresholds()["rules"]
    if not guilty:
        return
    share = sum(b - a for (a, b), _ in guilty) / max(1, len(line.text))
    quoted = line.spoken and guilty[0][0][0] > 0  # what somebody says, with a link glued to it
    if share >= level["block_share"] and len(line.words) <= level["block_words"] and not quoted:
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


def _guilty_sentences(line: Line) -> Iterator[tuple[int, int, Hit]]:
    """The sentences with a phrase that makes them furniture; hits come by their start, as sentences do."""
    hits, at = [h for h in line.hits if _tells(h)], 0
    for (a, b), (first, last) in zip(line.sentences, line.sentence_words, strict=True) if hits else ():
        while at < len(hits) and hits[at].start < first:
            at += 1
        end = at
        while end < len(hits) and hits[end].start < last:
            end += 1
        hit = _sentence_hit(line, first, last, hits[at:end]) if end > at else None
        if hit is None and a and end > at and _SIGN.fullmatch(line.text[a:b]):
            hit = next((h for h in hits[at:end] if _is_agency(h)), None)
        at = end
        if hit:
            yield a, b, hit


def _tells(hit: Hit) -> bool:
    """Whether a phrase can make a sentence furniture."""
    kind = hit.entry.kind
    return kind in ("opens", "has") or (kind in _WHOLE and (hit.end - hit.start > 1 or _is_agency(hit)))


def _sentence_hit(line: Line, first: int, last: int, hits: Sequence[Hit]) -> Hit | None:
    """The best phrase that makes a sentence furniture, unless the sentence is long or the phrase stands in quotes."""
    if last - first > thresholds()["rules"]["longest_sentence"]:
        return None
    best: Hit | None = None
    for hit in hits:
        if hit.end > last or not wanted_tail(line, hit):
            continue
        kind = hit.entry.kind
        opens = kind == "opens" and hit.start == first and last - first <= thresholds()["rules"]["opened_sentence"]
        link = opens and is_link(line, hit)  # whose words are those of another headline: `Read more: 'I told them so'`
        if (opens or kind == "has") and (link or is_addressed(line, first, last, hit)) and not is_quoted(line, hit):
            if best is None or (kind, hit.end - hit.start) > (best.entry.kind, best.end - best.start):
                best = hit
        elif kind in _WHOLE and hit.start == first and hit.end == last > first + 1 and not is_quoted(line, hit):
            best = best or hit
    return best


def is_addressed(line: Line, first: int, last: int, hit: Hit) -> bool:
    """Whether a sentence with a phrase speaks to the reader; prose tells of third persons and of what they said."""
    words, speech = line.words[first:last], speech_of(hit.entry.language)
    told = words if len(words) >= _REPORTED else (*line.words[first : hit.start], *line.words[hit.end : last])
    if any(w in speech.verbs for w in told):
        return False
    if len(words) < _LONG or hit.entry.category in _THIRD_PERSON or not speech.address:
        return True
    return any(w in speech.address for w in words)


def is_quoted(line: Line, hit: Hit) -> bool:
    """Whether the phrase stands inside quotation marks, or in a quotation that is still open."""
    offset, quotes = line.offsets[hit.start], line.quotes
    at = bisect_right(quotes, offset, key=lambda span: span[0])
    return at > 0 and offset < quotes[at - 1][1]


def _level(hit: Hit) -> str:
    return "whole" if hit.entry.kind in _WHOLE else hit.entry.kind


def _majority(guilty: Sequence[tuple[tuple[int, int], Hit]]) -> tuple[str, str]:
    sizes = Counter[str]()
    for (a, b), hit in guilty:
        sizes[hit.entry.category] += b - a
    category = max(sizes, key=lambda c: (sizes[c], c))
    return category, _name(next(h for _, h in guilty if h.entry.category == category))


def _at_edges(line: Line, guilty: Sequence[tuple[tuple[int, int], Hit]]) -> list[tuple[tuple[int, int], Hit]]:
    """Those guilty sentences that reach an end of the line without prose between, and the firm ones anywhere."""
    by_start = {span[0]: (span, hit) for span, hit in guilty}
    edges = {span[0]: (span, hit) for span, hit in guilty if is_firm(line, span, hit)}
    for order in (line.sentences, line.sentences[::-1]):
        for span in order:
            if span[0] not in by_start:
                break
            edges[span[0]] = by_start[span[0]]
    return [edges[start] for start in sorted(edges)]
