"""A user's own rules at work: phrases, and for a site the lines that go, the lines that stay, and patterns.

What is decided here depends on a line's text alone, so that cleaning a clean body changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from cleaner.detectors.reading import Reading, category_of
from cleaner.model import JudgedPage, Span, Verdict
from cleaner.settings import Settings
from cleaner.settings.regexes import LONGEST
from cleaner.text.fingerprint import fingerprint, folded
from cleaner.text.lexicon import USERS, Lexicon, Row
from cleaner.text.normalize import tidy

__all__ = ["Lines", "OwnRules", "own_rules", "phrase_rows"]

_PREFIX = ("…", "...")  # at the end of a line that stands for all that begin so


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines as a user names them: whole, or by how they begin. Case, white space and numbers do not count.

    >>> lines = Lines.of(["Letter of the week", "Photo by…"])
    >>> lines.find("LETTER of the  week"), lines.find("Photo by Ines Calloway"), lines.find("A letter of the week")
    ('Letter of the week', 'Photo by…', None)
    """

    whole: dict[str, str]
    begins: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, lines: Sequence[str]) -> Lines:
        """The lines of a list of settings."""
        prefixes = [line for line in lines if line.rstrip().endswith(_PREFIX)]
        whole = {fingerprint(line): line for line in lines if line not in prefixes}
        return cls(whole, tuple((folded(line.rstrip().rstrip("….")), line) for line in prefixes))

    def find(self, text: str) -> str | None:
        """The line of the settings that a text is, or None."""
        if self.whole and (known := self.whole.get(fingerprint(text))) is not None:
            return known
        if self.begins:
            start = folded(text)
            return next((line for begin, line in self.begins if start.startswith(begin)), None)
        return None


@dataclass(frozen=True, slots=True)
class OwnRules:
    """What a user's settings say of the dumps of one site."""

    phrases: Lexicon | None
    drop: Lines
    keep: Lines
    patterns: tuple[re.Pattern[str], ...]

    def drops(self, reading: Reading) -> list[Verdict]:
        """Verdicts on the lines that go, whatever stands around them."""
        found = []
        for line in reading.lines if self.drop.whole or self.drop.begins or self.patterns else ():
            why = self.why(line.text)
            if why is not None:
                found.append(Verdict(line.start, line.end, category_of(line), why, 1.0))
        return found

    def why(self, text: str) -> str | None:
        """The evidence by which a line goes; None for one that stays."""
        if self.keep.find(text) is not None:
            return None
        known = self.drop.find(text)
        if known is not None:
            return f"site:drop_text:{known}"
        if not self.patterns or len(text) > LONGEST:
            return None
        plain = tidy(text)
        return next((f"site:pattern:{p.pattern}" for p in self.patterns if p.fullmatch(plain)), None)

    def hold(self, judge: JudgedPage) -> JudgedPage:
        """The page with its `keep_text` lines held: no judge and no detector takes them."""
        if not (self.keep.whole or self.keep.begins):
            return judge
        text = judge.page.text
        held = [Span(b.start, b.end) for b in judge.page.blocks if self.keep.find(text[b.start : b.end]) is not None]
        starts = {span.start for span in held}
        verdicts = [v for v in judge.verdicts if v.start not in starts]
        return replace(judge, verdicts=verdicts, held=sorted({*judge.held, *held}, key=lambda s: s.start))


def own_rules(settings: Settings, site: str | None) -> OwnRules | None:
    """The rules of the settings for a site; None where there are none, as in the defaults."""
    tables = settings.rules_of(site)
    if not settings.phrases and not any(table.keys() - {"drop", "keep"} for table in tables):
        return None
    return _compiled(settings, site)


@lru_cache(maxsize=512)  # equal settings and sites give equal rules
def _compiled(settings: Settings, site: str | None) -> OwnRules:
    tables = settings.rules_of(site)
    drop, keep, patterns = (
        [v for t in tables for v in t.get(key, ())] for key in ("drop_text", "keep_text", "patterns")
    )
    phrases = _lexicon_of(settings) if settings.phrases else None
    return OwnRules(phrases, Lines.of(drop), Lines.of(keep), tuple(re.compile(p) for p in dict.fromkeys(patterns)))


@lru_cache(maxsize=16)
def _lexicon_of(settings: Settings) -> Lexicon:
    return Lexicon.of(phrase_rows(settings))


def phrase_rows(settings: Settings) -> list[Row]:
    """A user's phrases as entries of a lexicon: furniture as a whole line, and wherever a sentence holds them."""
    return [
        (category, kind, phrase.strip(), USERS + language)
        for language, table in settings.phrases.items()
        for category, phrases in table.items()
        for phrase in phrases
        for kind in ("whole", "has")
    ]
