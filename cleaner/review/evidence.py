"""What a corpus says of possible rules: how often each would hit elsewhere, in what, and a few examples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cleaner.review.corpus import Document
from cleaner.review.feedback import REMOVE, Correction
from cleaner.review.pieces import paragraphs_of
from cleaner.review.selectors import selector_of
from cleaner.text.fingerprint import fingerprint
from cleaner.text.lexicon import NUMBER, words_of
from cleaner.text.normalize import tidy

__all__ = ["Evidence", "Gram", "Hits", "grams_of", "read_evidence"]

Gram = tuple[str, ...]

_SIZES = range(3, 9)  # words of a phrase that is looked for
_WORDS = 80  # of a piece that phrases are taken from
_EXAMPLES = 3
_FEW = 8  # sites and lines that are remembered of a rule
_SHORT = 160  # characters of an example
_PROSE = 20  # words: so long a block of a page is prose
_HALF = 0.5  # of a line's words: a phrase that is less of it stands in running text


@dataclass(slots=True)
class Hits:
    """Where a rule would hit: lines that are kept now (of those `prose`, in running text), and removed pieces."""

    kept: int = 0
    prose: int = 0
    removed: int = 0
    sites: set[str] = field(default_factory=set)
    lines: set[str] = field(default_factory=set)
    """Of both, a few that differ."""
    examples: list[tuple[str, str]] = field(default_factory=list)

    def add(self, ident: str, site: str, text: str, *, removed: bool = False, prose: bool = False) -> None:
        """Count a hit. Examples are kept lines; where removed pieces would come back, the caller shows them."""
        self.removed += removed
        self.kept += not removed
        self.prose += prose
        if len(self.sites) < _FEW:
            self.sites.add(site)
        if len(self.lines) < _FEW:
            self.lines.add(fingerprint(text))
        if not removed:
            self.show(ident, text)

    def show(self, ident: str, text: str) -> None:
        """Take an example, if there are not enough."""
        if len(self.examples) < _EXAMPLES:
            self.examples.append((ident, text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"))


@dataclass(slots=True)
class Evidence:
    """Hits by phrase, by line of a site, and by selector of a site; `places` are those of the corrected pieces.

    `lines` counts kept lines that a rule for removing would take; `returns` removed pieces that one for keeping would
    bring back; `drops` and `keeps` do so for selectors.
    """

    grams: dict[Gram, Hits] = field(default_factory=dict)
    lines: defaultdict[tuple[str, str], Hits] = field(default_factory=lambda: defaultdict(Hits))
    returns: defaultdict[tuple[str, str], Hits] = field(default_factory=lambda: defaultdict(Hits))
    drops: defaultdict[tuple[str, str], Hits] = field(default_factory=lambda: defaultdict(Hits))
    keeps: defaultdict[tuple[str, str], Hits] = field(default_factory=lambda: defaultdict(Hits))
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    documents: int = 0


def grams_of(text: str) -> Iterator[Gram]:
    """The phrases of a piece of text that could tell it: a short one whole, else runs of three to eight words.

    >>> [" ".join(gram) for gram in grams_of("Vote for 12 cats")]
    ['vote for #', 'for # cats', 'vote for # cats']
    """
    words = _folded(text)[:_WORDS]
    if 1 < len(words) < _SIZES.start:
        yield tuple(words)
    yield from _runs(words)


def _runs(words: Sequence[str]) -> Iterator[Gram]:
    for size in _SIZES:
        for at in range(len(words) - size + 1):
            yield tuple(words[at : at + size])


def _folded(text: str) -> list[str]:
    return [NUMBER if word[0].isdigit() else word for word in words_of(text)]


def read_evidence(corrections: Sequence[Correction], corpus: Iterable[Document]) -> Evidence:
    """One pass over a corpus for all rules that the corrections could lead to; bounded by their number, not by its size.

    What was marked is no hit: it is what the rule is for. The same text again, also in the same document, is one.
    """
    evidence = Evidence()
    wanted = _Wanted.of(corrections)
    evidence.grams = {gram: Hits() for c in corrections if c.verdict == REMOVE for gram in grams_of(c.text)}
    for document in corpus:
        evidence.documents += 1
        row, met = document.row, set[str]()
        for line in map(tidy, paragraphs_of(row.body)):
            if line in met or not wanted.is_marked(row.id, line):
                _see_kept(evidence, document, line, wanted)
            met.add(line)
        for removal in row.removed or ():
            text = tidy(removal.text)
            if text in met or not wanted.is_marked(row.id, text):
                _see_removed(evidence, document, text, removal.path, wanted)
            met.add(text)
        _see_places(evidence, document, wanted)
    return evidence


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is looked for: the corrected texts of each document, and their lines on each site."""

    texts: dict[str, set[str]]
    parts: dict[str, set[str]]
    lines: set[tuple[str, str]]
    sites: set[str]

    @classmethod
    def of(cls, corrections: Sequence[Correction]) -> _Wanted:
        texts: dict[str, set[str]] = {}
        parts: dict[str, set[str]] = {}
        for c in corrections:
            (parts if c.part else texts).setdefault(c.id, set()).add(tidy(c.text))
        return cls(texts, parts, {(c.site, fingerprint(c.text)) for c in corrections}, {c.site for c in corrections})

    def is_marked(self, ident: str, line: str) -> bool:
        """Whether a line of a document is what a reader has corrected, or holds it."""
        return line in self.texts.get(ident, ()) or any(part in line for part in self.parts.get(ident, ()))


def _see_kept(evidence: Evidence, document: Document, line: str, wanted: _Wanted) -> None:
    row = document.row
    if row.site in wanted.sites and (key := (row.site, fingerprint(line))) in wanted.lines:
        evidence.lines[key].add(row.id, row.site, line)
    words = _folded(line) if evidence.grams else []
    for gram in _met(evidence, words):
        evidence.grams[gram].add(row.id, row.site, line, prose=len(gram) < _HALF * len(words))


def _met(evidence: Evidence, words: Sequence[str]) -> set[Gram]:
    found = {gram for gram in _runs(words) if gram in evidence.grams}
    whole = tuple(words[: _SIZES.start])
    return found | {whole} if len(whole) < _SIZES.start and whole in evidence.grams else found


def _see_removed(evidence: Evidence, document: Document, text: str, path: str | None, wanted: _Wanted) -> None:
    row = document.row
    for gram in _met(evidence, _folded(text)) if evidence.grams else ():
        evidence.grams[gram].add(row.id, row.site, text, removed=True)
    if row.site not in wanted.sites:
        return
    back = []
    if (key := (row.site, fingerprint(text))) in wanted.lines:
        back.append(evidence.returns[key])
    if path and (selector := selector_of(path)):
        back.append(evidence.keeps[row.site, selector])
    for hits in back:
        hits.add(row.id, row.site, text, removed=True)
        hits.show(row.id, text)


def _see_places(evidence: Evidence, document: Document, wanted: _Wanted) -> None:
    row = document.row
    for text, path in document.places:
        if wanted.is_marked(row.id, text):
            evidence.places[row.id, text] = path
        elif selector := selector_of(path):
            prose = len(text.split()) >= _PROSE
            evidence.drops[row.site, selector].add(row.id, row.site, text, prose=prose)
