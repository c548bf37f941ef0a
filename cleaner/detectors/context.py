"""Second look: lines that are furniture only because of the company they keep.

Like the context pass of jusText (https://corpus.tools/wiki/Justext/Algorithm): first verdicts are revised by their
neighbours, and only in favour of lines that carry little text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum

from cleaner.data import categories, thresholds
from cleaner.detectors.doubt import reads_as_prose
from cleaner.detectors.reading import Findings, Line, Reading
from cleaner.model import Verdict

__all__ = ["detect_context"]


_HEADING_WORDS = 5
_TWINS = ("header:repeated",)  # evidence of lines that stand twice


class _Kind(IntEnum):
    PROSE = 0  # stays, whatever stands around it
    SHORT = 1  # a heading, a link or a name: goes within a run of furniture
    WEAK = 2  # has a weak phrase or hints: goes beside furniture
    SURE = 3  # judged already


def detect_context(reading: Reading, taken: Sequence[Verdict]) -> Findings:
    """Verdicts on weak lines beside furniture, short lines between furniture, and headlines under a `related` line."""
    lines = reading.lines
    whole = {v.start: v for v in taken if v.end - v.start > 0}
    tables, level = reading.tables, thresholds()["context"]
    kinds = [_Kind.PROSE if ln.start in tables and ln.start not in whole else _kind(ln, whole, level) for ln in lines]
    category: list[str | None] = [
        whole[ln.start].category if k is _Kind.SURE else None for ln, k in zip(lines, kinds, strict=True)
    ]
    fresh: dict[int, str] = {}
    _take_lists(lines, kinds, category, fresh, whole)
    _take_weak(kinds, category, fresh)
    _take_rows(lines, kinds, category, fresh)
    twins = {i for i, ln in enumerate(lines) if ln.start in whole and whole[ln.start].evidence.startswith(_TWINS)}
    _take_between(kinds, category, fresh, reading.bottom, twins)
    score = thresholds()["context"]["score"]
    return Findings(
        [
            Verdict(lines[i].start, lines[i].end, category[i] or "boilerplate", why, score)
            for i, why in sorted(fresh.items())
        ]
    )


def _kind(line: Line, whole: Mapping[int, Verdict], level: Mapping[str, float]) -> _Kind:
    verdict = whole.get(line.start)
    if verdict is not None and verdict.end >= line.end:
        return _Kind.SURE
    count = len(line.words)
    weak = line.hits and count <= level["weak_words"] and not line.bullet and not line.spoken and _is_weak(line, count)
    if weak and not (line.closed and len(line.sentences) > 1):
        return _Kind.WEAK
    if line.bullet or line.closed or count > level["short_words"]:
        return _Kind.PROSE
    return _Kind.SHORT


def _is_weak(line: Line, count: int) -> bool:
    """A weak phrase that is nearly the whole line, or hints enough for its length."""
    hints: set[str] = set()
    languages: set[str] = set()
    for hit in line.hits:
        if hit.entry.kind == "weak" and hit.end - hit.start >= count - 1:
            return True
        if hit.entry.kind == "hints":
            hints.add(hit.entry.phrase)
            languages.add(hit.entry.language)
    enough = len(hints) >= (1 if count <= 6 and not line.closed else 2)
    return enough and not all(reads_as_prose(line, language) for language in languages)


def _take_lists(
    lines: Sequence[Line],
    kinds: list[_Kind],
    category: list[str | None],
    fresh: dict[int, str],
    whole: dict[int, Verdict],
) -> None:
    """Headlines under `Related articles`: the open lines that follow, but for one last that may head the next section."""
    most = thresholds()["context"]["headline_words"]
    for at, kind in enumerate(kinds):
        if kind is not _Kind.SURE or at in fresh or ":heads:" not in whole[lines[at].start].evidence:
            continue
        end = at + 1
        while end < len(lines) and kinds[end] is not _Kind.SURE and len(lines[end].words) <= most:
            if not _is_link(lines, at, end):
                break
            end += 1
        goes_on = end < len(lines) and kinds[end] is not _Kind.SURE
        last = lines[end - 1]
        listed = last.bullet or (end - at == 2 and lines[at].text.endswith(":"))  # a list of one after a colon
        listed = listed or (
            goes_on and lines[end].start - last.end > last.start - lines[end - 2].end
        )  # a wider gap below
        if goes_on and end - at > 1 and len(last.words) <= _HEADING_WORDS and not listed:
            end -= 1  # the article goes on: the last short line may be its heading
        for i in range(at + 1, end):
            kinds[i], category[i], fresh[i] = _Kind.SURE, category[at], "context:list"


def _is_link(lines: Sequence[Line], head: int, at: int) -> bool:
    """May be a headline in the list of links below `head`: no full stop; numbered perhaps, or all of them with bullets. A
    question is one among others.
    """
    line, first = lines[at], lines[head + 1]
    marked = line.bullet and not line.text[0].isdigit()
    if marked != (first.bullet and not first.text[0].isdigit()):
        return False
    if not line.closed:
        return not marked or at > head + 1 or _is_marked(lines, at + 1)
    more = at + 1 < len(lines) and not lines[at + 1].closed and not lines[at + 1].bullet
    return line.text.endswith("?") and (marked or (at > head + 1 and more))


def _is_marked(lines: Sequence[Line], at: int) -> bool:
    """Whether there is such a line, and it begins with a bullet."""
    return at < len(lines) and lines[at].bullet and not lines[at].text[0].isdigit()


def _take_weak(kinds: list[_Kind], category: list[str | None], fresh: dict[int, str]) -> None:
    """Weak lines that touch furniture, forwards and then backwards, so that a run of them goes as a whole."""
    for order, step in ((range(1, len(kinds)), -1), (range(len(kinds) - 2, -1, -1), 1)):
        for i in order:
            if kinds[i] is _Kind.WEAK and kinds[i + step] is _Kind.SURE:
                kinds[i], category[i], fresh[i] = _Kind.SURE, category[i + step], "context:beside"


def _take_rows(lines: Sequence[Line], kinds: list[_Kind], category: list[str | None], fresh: dict[int, str]) -> None:
    """Rows of a list, such as a concert and its day, between two pieces of a category whose lists have such rows."""
    most = thresholds()["context"]["headline_words"]
    for i in range(1, len(kinds) - 1):
        name = category[i - 1]
        if kinds[i] is _Kind.SURE or name is None or name != category[i + 1] or not categories()[name].get("rows"):
            continue
        line = lines[i]
        if len(line.words) <= most and not line.spoken and any(w[0].isdigit() for w in line.words):
            kinds[i], category[i], fresh[i] = _Kind.SURE, name, "context:row"


def _take_between(
    kinds: list[_Kind], category: list[str | None], fresh: dict[int, str], bottom: bool, twins: set[int]
) -> None:
    """Short lines with furniture on both sides; at the bottom of the document one side is enough.

    What stands between two lines that are only known because they are equal may be anything.
    """
    longest = int(thresholds()["context"]["longest_run"])
    at = 0
    while at < len(kinds):
        end = at
        while end < len(kinds) and kinds[end] in (_Kind.SHORT, _Kind.WEAK):
            end += 1
        if at < end <= at + longest:
            before = at > 0 and kinds[at - 1] is _Kind.SURE and at - 1 not in twins
            after = end < len(kinds) and kinds[end] is _Kind.SURE and end not in twins
            if before and (after or (bottom and end == len(kinds))):
                same = after and category[at - 1] == category[end]
                name = category[at - 1] if same else "boilerplate"
                for i in range(at, end):
                    kinds[i], category[i], fresh[i] = _Kind.SURE, name, "context:between"
        at = end + 1
