"""Corrections → rules for a settings file: the widest that the corpus does not speak against, else the line itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cleaner.data import languages
from cleaner.review.evidence import Evidence, Gram, Hits, grams_of
from cleaner.review.feedback import KEEP, REMOVE, Correction
from cleaner.review.selectors import selector_of
from cleaner.text.fingerprint import fingerprint
from cleaner.text.normalize import tidy

__all__ = ["Proposal", "propose"]

_LEAST = 2  # lines, of corrections or of several sites, that make a phrase more than the line of one site
_LONGEST = 200  # characters of a phrase


@dataclass(frozen=True, slots=True)
class Proposal:
    """One rule: where it goes in the settings (`table`, `name`, `value`), the corrections it answers, what else it hits.

    Without a table there is none, and `value` says why.
    """

    table: tuple[str, ...]
    name: str
    value: str
    answers: int
    hits: Hits


def propose(corrections: Sequence[Correction], evidence: Evidence) -> list[Proposal]:
    """The rules, phrases first; each correction is answered by one of them."""
    left = [c for c in corrections if c.verdict == REMOVE]
    found = list(_phrases(left, evidence))
    for correction in left:
        found.append(_removing(correction, evidence))
    found += _selectors([c for c in corrections if c.verdict == KEEP], evidence)
    return sorted(_joined(found), key=lambda p: (not p.table, p.table, p.name, p.value))


def _phrases(left: list[Correction], evidence: Evidence) -> Iterable[Proposal]:
    """Phrases that stand in several corrections, or in the corpus on several sites, and never in running text.

    Takes the corrections that they answer out of `left`.
    """
    by_kind: dict[str, list[Correction]] = defaultdict(list)
    for correction in left:
        by_kind[correction.category].append(correction)
    for category, group in sorted(by_kind.items()):
        having: dict[Gram, list[Correction]] = defaultdict(list)
        for correction in group:
            for gram in set(grams_of(correction.text)):
                having[gram].append(correction)
        good = {g: found for g, found in having.items() if _is_safe(g, evidence) and _is_wide(g, found, evidence)}
        while good:
            best = min(good, key=lambda g: (-len(good[g]), -_met(evidence, g).removed, -len(g), g))
            answered = good[best]
            yield Proposal(
                ("phrases", _language(answered)), category, " ".join(best), len(answered), _met(evidence, best)
            )
            left[:] = [c for c in left if c not in answered]
            rest = {g: [c for c in found if c not in answered] for g, found in good.items()}
            good = {g: found for g, found in rest.items() if found and _is_wide(g, found, evidence)}


def _met(evidence: Evidence, gram: Gram) -> Hits:
    return evidence.grams.get(gram) or Hits()


def _is_safe(gram: Gram, evidence: Evidence) -> bool:
    """Whether a phrase never stands in running text, and is no heap of numbers."""
    letters = [word for word in gram if word.isalpha()]
    return not _met(evidence, gram).prose and len(letters) >= min(2, len(gram)) and len(" ".join(gram)) <= _LONGEST


def _is_wide(gram: Gram, having: Sequence[Correction], evidence: Evidence) -> bool:
    """Whether a phrase is more than one line, however often that was copied; a part of a line has no other rule."""
    hits = _met(evidence, gram)
    lines = {fingerprint(c.text) for c in having}
    several = len(lines) >= _LEAST or (
        len(lines | hits.lines) >= _LEAST and len({having[0].site} | hits.sites) >= _LEAST
    )
    return several or any(c.part or not c.site for c in having)


def _language(answered: Sequence[Correction]) -> str:
    found = {c.language for c in answered}
    return found.pop() if len(found) == 1 and found <= set(languages()) else "any"


def _removing(correction: Correction, evidence: Evidence) -> Proposal:
    """The rule for a piece that no phrase tells: its place in the pages of the site, else its line."""
    text = tidy(correction.text)
    if not correction.site:
        return Proposal((), "", f"{text!r}: stands in running text elsewhere, and its site is not known", 1, Hits())
    if correction.part:
        return Proposal((), "", f"{text!r}: a part of a line, and its words stand in running text elsewhere", 1, Hits())
    table = ("sites", correction.site)
    path = correction.path or evidence.places.get((correction.id, text), "")
    selector = selector_of(path) if path else None
    if selector is not None and (hits := evidence.drops.get((correction.site, selector))) and not hits.prose:
        return Proposal(table, "drop", selector, 1, hits)
    return _of_line(correction, "drop_text", evidence.lines)


def _of_line(correction: Correction, name: str, known: dict[tuple[str, str], Hits]) -> Proposal:
    text = tidy(correction.text)
    if not any(ch.isalnum() for ch in text):
        return Proposal((), "", f"{text!r}: holds no word that a rule could know it by", 1, Hits())
    hits = known.get((correction.site, fingerprint(text))) or Hits()
    return Proposal(("sites", correction.site), name, text, 1, hits)


def _selectors(kept: Sequence[Correction], evidence: Evidence) -> Iterable[Proposal]:
    """What was wrongly removed: a place where several pieces of a site were, else each line of its own."""
    groups: dict[tuple[str, str], list[Correction]] = defaultdict(list)
    for correction in kept:
        groups[correction.site, (selector_of(correction.path) or "") if correction.path else ""].append(correction)
    for (site, selector), group in sorted(groups.items()):
        back = evidence.keeps.get((site, selector)) or Hits()
        if site and selector and len(group) >= _LEAST and back.removed <= len(group):
            yield Proposal(("sites", site), "keep", selector, len(group), back)
            continue
        for correction in group:
            if site:
                yield _of_line(correction, "keep_text", evidence.returns)
            else:
                text = tidy(correction.text)
                mend = f'keep = ["{correction.category}"] would keep all of its category'
                yield Proposal((), "", f"{text!r}: its site is not known; {mend}", 1, Hits())


def _joined(found: Iterable[Proposal]) -> list[Proposal]:
    """Each rule once, with all the corrections it answers."""
    by_rule: dict[tuple[tuple[str, ...], str, str], Proposal] = {}
    for p in found:
        value = fingerprint(p.value) if p.name.endswith("_text") else p.value
        old = by_rule.get((p.table, p.name, value))
        answers = p.answers + (old.answers if old else 0)
        kept = old or p
        by_rule[p.table, p.name, value] = Proposal(kept.table, kept.name, kept.value, answers, kept.hits)
    return list(by_rule.values())
