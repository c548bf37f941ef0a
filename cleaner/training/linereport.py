"""How good a choice of lines is: word F1 against labelled bodies, and for planted furniture what of it went with how much
of the article.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cleaner.text.language import guess_language
from cleaner.text.lexicon import words_of
from cleaner.training.dumps import LabelledDump
from cleaner.training.evaluate import word_f1

__all__ = ["LineReport", "measure"]

_WORD = re.compile(r"\w+")
_SAMPLE = 4000  # characters of a body that tell its language
_LEAST = 10  # dumps of a kind and language that are worth a line


@dataclass(frozen=True, slots=True)
class LineReport:
    """Means by kind of dump, and by kind and language: `F1`, for planted dumps also `removed`, `lost` and `exact`."""

    means: dict[str, dict[str, float]]
    worst: tuple[tuple[float, str], ...]

    def lines(self) -> list[str]:
        """For people."""
        return [
            f"{kind:16} " + "  ".join(f"{name} {value:.4f}" for name, value in row.items())
            for kind, row in self.means.items()
        ]


def measure(judged: Iterable[tuple[LabelledDump, Sequence[bool]]]) -> LineReport:
    """Hold each dump's kept lines against its gold."""
    found: defaultdict[str, list[dict[str, float]]] = defaultdict(list)
    worst = []
    for dump, kept in judged:
        body = "\n".join(text for text, keep in zip(dump.texts, kept, strict=True) if keep)
        row = {"F1": word_f1(body, dump.row["gold"])}
        if dump.row.get("planted"):
            row |= _planted_row(body, dump)
            worst.append((1.0 - row["lost"], str(dump.row.get("id"))))
        else:
            worst.append((row["F1"], str(dump.row.get("id"))))
        found[dump.kind].append(row)
        found[f"{dump.kind} {_language(dump.row['gold'])}"].append(row)
    means = {
        kind: {name: sum(row[name] for row in rows) / len(rows) for name in rows[0]}
        for kind, rows in sorted(found.items())
        if " " not in kind or len(rows) >= _LEAST
    }
    return LineReport(means, tuple(sorted(worst)))


def _language(text: str) -> str:
    return guess_language(words_of(text[:_SAMPLE]), text[:_SAMPLE]) or "?"


def _planted_row(body: str, dump: LabelledDump) -> dict[str, float]:
    mine, gold, raw = (Counter(_WORD.findall(t.lower())) for t in (body, dump.row["gold"], dump.page.text))
    return {
        "removed": 1.0 - (mine - gold).total() / max(1, (raw - gold).total()),
        "lost": (gold - mine).total() / max(1, gold.total()),
        "exact": float(body.split() == dump.row["gold"].split()),
    }
