"""What a site's other articles say: its house lines are furniture, and a rule that fires on one article alone is doubted.

`House` is what was learned of one site (`cleaner.templates` learns it). All that is decided here depends on a line's
text alone, never on where it stands: what was cut once is cut again, and cleaning a clean body changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cleaner.data import thresholds
from cleaner.detectors.reading import Reading
from cleaner.model import Page, Verdict
from cleaner.text.fingerprint import fingerprint, pattern
from cleaner.text.lexicon import USERS

__all__ = ["OURS", "House", "HouseLine", "detect_house", "detect_house_places", "habit_of"]

OURS = "site_template"
"""How the evidence of a site's own lines begins."""


@dataclass(frozen=True, slots=True)
class HouseLine:
    """A line that a site repeats: how it reads, in how many of the site's articles it stands, and what it is.

    `path` is the place in the HTML tree that the line was learned at, for one that is only furniture there. `rule` is
    the evidence of the rule that knows the line, "" for none.
    """

    text: str
    articles: int
    share: float
    category: str = "boilerplate"
    rule: str = ""
    path: str = ""

    @property
    def evidence(self) -> str:
        """What a removal shows: `site_template`, the share of the articles, and the rule that knows the line.

        A line that a person has added has no share.
        """
        share = f"{self.share:.2f}" if self.articles else "added"
        return f"{OURS}:{share}" + (f" + {self.rule}" if self.rule else "")


@dataclass(frozen=True, slots=True)
class House:
    """The lines of one site by fingerprint, by pattern and by place, and the rules' habits on its articles.

    `habits` counts in how many of `watched` different articles a rule fired, and any rule of a category. `struck` are
    lines that a person has struck out: they are never the site's own.
    """

    site: str
    articles: int
    lines: Mapping[str, HouseLine] = field(default_factory=dict)
    patterns: Mapping[str, HouseLine] = field(default_factory=dict)
    places: Mapping[tuple[str, str], HouseLine] = field(default_factory=dict)
    habits: Mapping[str, int] = field(default_factory=dict)
    watched: int = 0
    struck: frozenset[str] = frozenset()

    def find(self, text: str) -> HouseLine | None:
        """The house line that a line is, or is but for its names."""
        line = fingerprint(text)
        known = self.lines.get(line)
        if line in self.struck:
            return None
        if known is None and self.patterns:
            key = pattern(text)
            known = self.patterns.get(key) if key else None
        return known

    def stands(self, verdict: Verdict) -> bool:
        """Whether a rule's verdict stands: furniture is repeated, so a site that never repeats it denies the rule.

        It does where the rule, or rules of its category together, fire on enough of the articles that were watched, and
        where too few were. A user's phrase is not denied.
        """
        level = thresholds()["sites"]
        if verdict.evidence.startswith(f"phrase:{USERS}"):
            return True
        if self.watched < level["watch_least"]:
            return True
        by_rule = self.habits.get(habit_of(verdict), 0)
        by_category = self.habits.get(verdict.category, 0)
        return (
            by_rule >= max(2, math.ceil(level["habit_share"] * self.watched))
            or by_category >= level["category_share"] * self.watched
        )


def habit_of(verdict: Verdict) -> str:
    """What two verdicts of the same rule have in common."""
    kind, _, rest = verdict.evidence.partition(":")
    return f"{verdict.category}:{kind}" if kind in ("phrases", "context") else f"{verdict.category}:{kind}:{rest}"


def detect_house(reading: Reading, house: House) -> tuple[list[Verdict], list[Verdict]]:
    """Verdicts on the lines that are the site's own: those that it alone knows, and those that a rule knows as well."""
    alone: list[Verdict] = []
    known: list[Verdict] = []
    for line in reading.lines:
        found = house.find(line.text)
        if found is not None:
            verdict = Verdict(line.start, line.end, found.category, found.evidence, found.share)
            (known if found.rule else alone).append(verdict)
    return alone, known


def detect_house_places(page: Page, kept: Sequence[bool], house: House) -> list[Verdict]:
    """Verdicts on the kept blocks of an HTML page that stand, with the same text, at the same place on other pages."""
    found = []
    for block, stays in zip(page.blocks, kept, strict=True):
        if stays and block.path:
            key = fingerprint(page.text[block.start : block.end])
            known = house.places.get((block.path, key))
            if known is not None and key not in house.struck:
                evidence = f"{known.evidence} at {block.path}"
                found.append(Verdict(block.start, block.end, known.category, evidence, known.share))
    return found
