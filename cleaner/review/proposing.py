"""Proposals as a settings file, with what each would change beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from cleaner.errors import SettingsError
from cleaner.io.files import Sink
from cleaner.review.corpus import read_corpus
from cleaner.review.evidence import Evidence, Hits, read_evidence
from cleaner.review.feedback import read_feedback
from cleaner.review.learning import Proposal, propose
from cleaner.review.overwrite import check_target
from cleaner.review.terminal import safe
from cleaner.settings import Settings

__all__ = ["learn_rules", "told", "written"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SIGN = "# Proposed by `cleaner rules learn`"


def learn_rules(
    feedback: Sequence[str], corpus: str | None, out: str, *, force: bool = False
) -> tuple[list[Proposal], int]:
    """Write the rules that follow from corrections; return them, and the number of documents they were held against.

    Raises `InputError` for files that cannot be read or written, and for an `out` that is read or somebody else's.
    """
    check_target(out, [*feedback, *([corpus] if corpus else [])], _SIGN, force=force)
    corrections = read_feedback(feedback)
    sites = {c.site for c in corrections}
    documents = read_corpus(corpus, sites.__contains__) if corpus else ()
    evidence: Evidence = read_evidence(corrections, documents)
    proposals = sorted(map(_usable, propose(corrections, evidence)), key=lambda proposal: not proposal.table)
    with Sink(out) as sink:
        sink.write(written(proposals, evidence.documents))
    return proposals, evidence.documents


def _usable(proposal: Proposal) -> Proposal:
    """A rule that the settings take; none, with the reason, where they do not: the others are of use without it."""
    if not proposal.table:
        return proposal
    option, name = proposal.table
    table: dict[str, Any] = {option: {name: {proposal.name: (proposal.value,)}}}
    try:
        Settings(**table)
    except SettingsError as exc:
        is_site = exc.problems[0][0] == proposal.table and option == "sites"
        why = f"its site {name!r} is no domain" if is_site else str(exc)
        return Proposal((), "", f"{proposal.value!r}: {why}", proposal.answers, proposal.hits)
    return proposal


def written(proposals: Sequence[Proposal], documents: int) -> str:
    """The settings file."""
    against = f"held against {documents:,} documents" if documents else "held against no corpus: give --corpus"
    lines = [f"{_SIGN}, {against}.", "# Read them, then: cleaner run … --settings FILE"]
    lines += ["# With settings of your own beside them: --settings cleaner.toml --settings FILE"]
    good = [p for p in proposals if p.table]
    for table, group in groupby(good, key=lambda p: p.table):
        lines += ["", f"[{'.'.join(map(_key, table))}]"]
        for name, rules in groupby(group, key=lambda p: p.name):
            lines.append(f"{_key(name)} = [")
            for rule in rules:
                lines += [f"  # {line}" for line in told(rule, documents)]
                lines.append(f"  {_string(rule.value)},")
            lines.append("]")
    for proposal in proposals:
        if not proposal.table:
            lines += ["", f"# No rule for {_comment(proposal.value)}"]
    return "\n".join(lines) + "\n"


def told(proposal: Proposal, documents: int) -> Iterator[str]:
    """What a rule answers and what else it hits, as lines without line breaks or control characters.

    Held against no documents, it is not said to hit nothing else: that is not known.
    """
    hits = proposal.hits
    plural = "s" if proposal.answers > 1 else ""
    effect = f"beside them it {_effect(proposal.name, hits)}" if documents else "what else it does is not known"
    yield f"answers {proposal.answers} correction{plural}; {effect}"
    for ident, text in hits.examples:
        yield f"  {_comment(ident)}: {_comment(text)}"


def _effect(name: str, hits: Hits) -> str:
    if name in ("keep", "keep_text"):
        return f"brings back {hits.removed:,} removed pieces"
    again = f"; {hits.removed:,} removed pieces have it already" if hits.removed else ""
    return f"takes {hits.kept:,} lines that are kept now{again}"


def _comment(text: str) -> str:
    return safe(" ".join(text.split()))


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _string(name)


def _string(text: str) -> str:
    """A TOML basic string: as of JSON, which only lets U+007F stand as it is.

    >>> print(_string('a "b"'))
    "a \\"b\\""
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
