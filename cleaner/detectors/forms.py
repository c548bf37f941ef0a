"""Forms in text: an anchor, field labels, a required note, a button and a success line, recognised as one widget."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from cleaner.detectors.reading import Findings, Line, Reading
from cleaner.model import Verdict
from cleaner.text.lexicon import by_first_word, holds, openings

__all__ = ["detect_forms"]

_PARTS = ("fields", "submit", "required", "success")
_PART_WORDS = 30
_ANCHOR_REACH = 3  # lines above the first field in which the form's anchor may stand
_FORMS = ("correction_form", "contact_form", "comments", "newsletter", "login", "search")
_MARKED = re.compile(r"(?:^|\s)[*\u2217]\s?[^\W\d_]|[^\W\d_]\s?[*\u2217](?:\s|$|:)")
_GIVEAWAY = ("login", "comments", "contact_form", "newsletter")  # the surest first


def detect_forms(reading: Reading, taken: Sequence[Verdict]) -> Findings:
    """Runs of field lines, with the anchor above and the notes among them. One field name alone is not a form."""
    done = {v.start for v in taken}
    lines = [ln for ln in reading.lines if ln.start not in done]
    known = by_first_word("form", _PARTS)
    parts = [bool(ln.words) and ln.words[0] in known and _is_part(ln) for ln in lines]
    if True not in parts:
        return Findings()
    for i in range(1, len(parts) - 1):  # a field with a label of its own, such as `* What did we get wrong?`
        if parts[i - 1] and parts[i + 1] and not parts[i] and _is_own_field(lines[i]):
            parts[i] = True
    verdicts: list[Verdict] = []
    at = 0
    while at < len(lines):
        end = _run_end(parts, at)
        if end == at:
            at += 1
            continue
        start = _with_anchor(lines, at)
        run = lines[start:end]
        if _is_form(run, end - at):
            category = _category(run)
            verdicts += [Verdict(ln.start, ln.end, category, "widget:form", 0.95) for ln in run]
        at = end
    return Findings(verdicts)


def _run_end(parts: Sequence[bool], at: int) -> int:
    """End of the run of form parts that begins at `at`."""
    while at < len(parts) and parts[at]:
        at += 1
    return at


def _is_part(line: Line) -> bool:
    """A line made of field names, buttons and form notes, or one that begins with a required note or success line."""
    if not line.words or len(line.words) > _PART_WORDS:
        return False
    if not openings(line.words, "form", *_PARTS):
        return False
    if _tiled(line.words, _PARTS):
        return True
    return bool(openings(line.words, "form", "required", "success")) and (
        line.bullet or bool(_MARKED.search(line.text))
    )


def _is_own_field(line: Line) -> bool:
    return len(line.words) <= 8 and bool(_MARKED.search(line.text))


def _tiled(words: tuple[str, ...], keys: Sequence[str]) -> bool:
    """Whether a row of words is nothing but phrases of the form vocabulary.

    >>> _tiled(("email", "address", "name"), ("fields",)), _tiled(("email", "tower"), ("fields",))
    (True, False)
    """
    reached = {0}
    for at in range(len(words)):
        if at in reached:
            reached |= {at + len(p) for p in openings(words[at:], "form", *keys)}
    return len(words) in reached


def _anchor(line: Line) -> str | None:
    """The form category that a line announces."""
    if len(line.words) > _PART_WORDS:
        return None
    sure = [
        hit
        for hit in line.hits
        if hit.entry.category in _FORMS
        and (hit.entry.kind in ("whole", "has") or (hit.entry.kind == "opens" and hit.start == 0))
    ]
    best = max(sure, key=lambda h: (h.start == 0, h.end - h.start), default=None)
    return best.entry.category if best else None


def _with_anchor(lines: Sequence[Line], at: int) -> int:
    """Where the form begins that has its first field at `at`: at its anchor, if one stands close above."""
    for back in range(1, _ANCHOR_REACH + 1):
        above = lines[at - back] if at >= back else None
        if above is None or len(above.words) > _PART_WORDS:
            break
        if _anchor(above):
            return at - back
        if above.closed and not above.hits:  # a sentence of the article
            break
    return at


def _is_form(run: Sequence[Line], parts: int) -> bool:
    marked = sum(bool(_MARKED.search(ln.text)) or ln.text.startswith("[ ") for ln in run)
    anchored = any(_anchor(ln) for ln in run)
    fields = sum(_tiled(ln.words, ("fields",)) for ln in run)
    return (parts >= 2 and (anchored or marked >= 1 or fields >= 2)) or (parts == 1 and anchored and marked >= 1)


def _category(run: Sequence[Line]) -> str:
    """The anchor's category, most named first; else what the fields give away."""
    named = Counter(c for ln in run if (c := _anchor(ln)))
    if named:
        first = next(c for ln in run if (c := _anchor(ln)))
        return max(named, key=lambda c: (c == first, named[c], c))
    return next((c for c in _GIVEAWAY if any(holds(ln.words, "form_of", c) for ln in run)), "form")
