"""The rules, for people: what there is, what a phrase means, and what happens to each line of a text and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from cleaner.arguments import Raw
from cleaner.data import phrase_tables
from cleaner.detectors.own import phrase_rows
from cleaner.detectors.reading import Line, read
from cleaner.detectors.reasons import reason_to_stay
from cleaner.errors import NoArticleError
from cleaner.extractors.plain import extract_text
from cleaner.model import Verdict
from cleaner.pipeline import clean, first_look
from cleaner.settings import Settings
from cleaner.text.lexicon import Entry, Lexicon, entries_of, entry_of
from cleaner.text.phrases import plain_forms

__all__ = ["Explained", "Stay", "all_phrases", "counts_of", "examples_of", "explain", "meaning_of", "phrases_like"]

_MEANING = {
    "whole": "furniture as a whole line or sentence",
    "heads": "the same, and a list of links follows",
    "opens": "furniture where a sentence begins with it",
    "has": "furniture where a sentence holds it",
    "weak": "as a whole line, beside other furniture",
    "hints": "anywhere, two of them or beside other furniture",
}
"""What the lists of phrases mean."""

_STORY = "The river rose on Monday, and the bridge at Brightmoor was closed until the water had gone down again."


class Stay(NamedTuple):
    """A phrase in a line that stays, and why it takes nothing."""

    rule: str
    category: str
    reason: str


@dataclass(frozen=True, slots=True)
class Explained:
    """What becomes of one line: the verdicts on it or parts of it, and the phrases in it that took nothing."""

    line: str
    cut: Sequence[Verdict] = ()
    stay: Sequence[Stay] = ()

    @property
    def fate(self) -> str:
        """ "goes", "goes in part" or "stays"."""
        gone = sum(v.end - v.start for v in self.cut)
        return "stays" if not gone else "goes" if gone >= len(self.line.rstrip()) else "goes in part"


def all_phrases(settings: Settings | None = None) -> list[Entry]:
    """All phrases, the user's first."""
    rows = [*phrase_rows(settings or Settings()), *entries_of(phrase_tables())]
    return [entry_of(row) for row in rows]


def counts_of(entries: Iterable[Entry]) -> dict[str, Counter[str]]:
    """Category → language → how many phrases."""
    found: dict[str, Counter[str]] = {}
    for entry in entries:
        found.setdefault(entry.category, Counter())[entry.language] += 1
    return found


def phrases_like(entries: Iterable[Entry], text: str) -> list[Entry]:
    """The phrases that are a text, that it is an evidence of, or that hold its words.

    >>> "copyright" in {entry.category for entry in phrases_like(all_phrases(), "all rights reserved")}
    True
    """
    wanted = text.removeprefix("phrase:").lower()
    entries = list(entries)
    exact = [e for e in entries if f"{e.language}:{e.kind}:{e.phrase}".lower() == wanted or e.phrase.lower() == wanted]
    return exact or [e for e in entries if wanted in e.phrase.lower()]


def meaning_of(entry: Entry) -> str:
    """What the list means that a phrase stands in."""
    return _MEANING[entry.kind]


def examples_of(entry: Entry, most: int = 3) -> list[tuple[str, str, str]]:
    """Lines with a phrase, each with what becomes of it between two paragraphs of prose, and why.

    The first are what the phrase stands for; the last quotes it, as an article might.
    """
    forms = list(islice(plain_forms(entry.phrase), most))
    lines = [form[:1].upper() + form[1:] for form in forms]
    lines.append(f'"{lines[0]}," it said on the door of the old mill.')
    settings = Settings()
    return [(line, *_outcome(line, entry, settings)) for line in lines]


def _outcome(line: str, entry: Entry, settings: Settings) -> tuple[str, str]:
    found = explain(f"{_STORY}\n\n{line}\n\n{_STORY.replace('Monday', 'Friday')}", settings)[1]
    own = f"phrase:{entry.language}:{entry.kind}:{entry.phrase}"
    # a phrase of several languages fires under the name of the first of them, which would puzzle a reader of another
    is_own = any(v.category == entry.category and v.evidence.endswith(f":{entry.phrase}") for v in found.cut)
    why = [own] if is_own else [v.evidence for v in found.cut]
    why = why or [stay.reason for stay in found.stay if stay.rule.endswith(entry.phrase)]
    return found.fate, why[0] if why else ""


def explain(raw: Raw, settings: Settings, url: str | None = None, site: str | None = None) -> list[Explained]:
    """What becomes of each line of a dump. A text that is nothing but furniture is explained, too.

    Raises what `clean` raises for a dump that cannot be read.
    """
    text, cuts = _cuts(raw, settings, url, site)
    rows = phrase_rows(settings)
    lines = read(extract_text(text), url, phrases=Lexicon.of(rows) if rows else None).lines
    out = []
    for line in lines:
        here = [_within(v, line.start, line.end) for v in cuts if v.start < line.end and v.end > line.start]
        out.append(Explained(line.text, here, _stays(line, here)))
    return out


def _stays(line: Line, cut: Sequence[Verdict]) -> list[Stay]:
    """The phrases in what is left of a line, the longest first."""
    if sum(v.end - v.start for v in cut) >= len(line.text.rstrip()):
        return []
    hits = [h for h in line.hits if not any(v.start <= line.offsets[h.start] < v.end for v in cut)]
    hits.sort(key=lambda h: (h.start - h.end, h.entry))
    told = [(f"phrase:{h.entry.language}:{h.entry.kind}:{h.entry.phrase}", h) for h in hits]
    return list(dict.fromkeys(Stay(name, h.entry.category, reason_to_stay(line, h)) for name, h in told))


def _cuts(raw: Raw, settings: Settings, url: str | None, site: str | None) -> tuple[str, Sequence[Verdict]]:
    try:
        article = clean(raw, url, settings=settings, site=site)
    except NoArticleError:
        return first_look(raw, url, settings, site)
    pieces = article.removed
    return article.source_text, [
        Verdict(r.start, r.start + len(r.text), r.category, r.evidence, r.score) for r in pieces
    ]


def _within(verdict: Verdict, start: int, end: int) -> Verdict:
    """The part of a verdict that lies in a line, by the offsets of the line."""
    low, high = max(verdict.start, start) - start, min(verdict.end, end) - start
    return Verdict(low, high, verdict.category, verdict.evidence, verdict.score)
