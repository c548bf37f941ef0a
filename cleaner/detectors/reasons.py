"""Why a phrase that stands in a line does not make it furniture: for people who write rules."""

from __future__ import annotations

from cleaner.data import thresholds
from cleaner.detectors.doubt import Doubt, doubt_of_phrase, doubt_of_sentence
from cleaner.detectors.reading import Line
from cleaner.detectors.rules import is_addressed, is_quoted, wanted_tail
from cleaner.text.lexicon import Hit

__all__ = ["reason_to_stay"]

_BESIDE = "a weak phrase: it counts only beside other furniture"
_DOUBTS = {
    Doubt.PLACE: "prose has such lines, too: it goes at the ends of the text, in a menu or beside other furniture",
    Doubt.COMPANY: "prose has such lines, too: it goes only beside other furniture",
    Doubt.NONE: "it stands amid the prose of its line, or the line model or the site speak for the line",
}


def reason_to_stay(line: Line, hit: Hit) -> str:
    """Why a line with this phrase stays, as the rules see it.

    >>> from cleaner.detectors.reading import read
    >>> from cleaner.extractors.plain import extract_text
    >>> line = read(extract_text('"Sign up for our newsletter," she said.')).lines[0]
    >>> reason_to_stay(line, line.hits[0])
    'the line begins as a quotation or a stage direction'
    """
    kind = hit.entry.kind
    if line.spoken:
        return "the line begins as a quotation or a stage direction"
    if not wanted_tail(line, hit):
        return f"it counts only with a {hit.entry.sign!r} behind it"
    if kind in ("weak", "hints"):
        return _BESIDE
    if hit.start == 0 and hit.end == len(line.words) and kind in ("whole", "heads"):
        return _DOUBTS[Doubt.NONE if hit.entry.users else doubt_of_phrase(line, line.words)]
    return _in_sentence(line, hit)


def _in_sentence(line: Line, hit: Hit) -> str:
    offset = line.offsets[hit.start]
    span = next(((a, b) for a, b in line.sentences if a <= offset < b), (0, len(line.text)))
    first, last = line.word_at(span[0]), line.word_at(span[1])
    kind, level = hit.entry.kind, thresholds()["rules"]
    longest = level["opened_sentence"] if kind == "opens" else level["longest_sentence"]
    if kind in ("whole", "heads") and (hit.start, hit.end) != (first, last):
        return "it counts only as a whole line or a whole sentence"
    if kind == "opens" and hit.start != first:
        return "it counts only where a sentence begins with it"
    if last - first > longest:
        return f"its sentence has {last - first} words; of more than {longest:g} it is taken for prose"
    if is_quoted(line, hit):
        return "it stands in quotation marks"
    if kind in ("opens", "has") and not is_addressed(line, first, last, hit):
        return "its sentence reports what somebody said, or does not speak to the reader"
    return _DOUBTS[doubt_of_sentence(line, span, hit)]
