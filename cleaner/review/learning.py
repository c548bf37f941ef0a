"""Corrections → rules for a settings file: the widest that the corpus does not speak against, else the line itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cleaner.data import languages
from cleaner.review.evidence import Evidence, Gram, Hits, covered
from cleaner.review.feedback import KEEP, REMOVE, Correction
from cleaner.review.selectors import selector_of
from cleaner.text.fingerprint import fingerprint
from cleaner.text.normalize import tidy

__all__ = ["Proposal", "propose"]

_LEAST = 2  # corrections, or sites of the corpus, that make a phrase more than the line of one site
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
        while group:
            counts = covered(group)
            good = [g for g in counts if _is_safe(evidence.grams.get(g), g) and _is_wide(g, group, evidence)]
            if not good:
                break
            best = min(good, key=lambda g: (-counts[g], -_met(evidence, g).removed, -len(g), g))
            answered = [c for c in group if best in set(covered([c]))]
            group = [c for c in group if c not in answered]
            for correction in answered:
                left.remove(correction)
            table = ("phrases", _language(answered))
            yield Proposal(table, category, " ".join(best), len(answered), _met(evidence, best))


def _met(evidence: Evidence, gram: Gram) -> Hits:
    return evidence.grams.get(gram) or Hits()


def _is_safe(hits: Hits | None, gram: Gram) -> bool:
    """Whether a phrase never stands in running text, and is no heap of numbers."""
    letters = [word for word in gram if word.isalpha()]
    return (hits is None or not hits.prose) and len(letters) >= min(2, len(gram)) and len(" ".join(gram)) <= _LONGEST


def _is_wide(gram: Gram, group: Sequence[Correction], evidence: Evidence) -> bool:
    """Whether more than one line of one site asks for a phrase; a part of a line can only be told by one."""
    having = [c for c in group if gram in covered([c])]
    sites = {c.site for c in having} | _met(evidence, gram).sites
    lines = {fingerprint(c.text) for c in having}
    return any(c.part or not c.site for c in having) or len(sites) >= _LEAST or len(lines) >= _LEAST


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
