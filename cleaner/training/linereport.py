"""How good bodies of text dumps are: word F1 against the labelled ones, and for planted furniture what of it went with how
much of the article.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cleaner.text.language import guess_language
from cleaner.text.lexicon import words_of
from cleaner.training.evaluate import word_f1

__all__ = ["LineReport", "measure"]

_WORD = re.compile(r"\w+")
_SAMPLE = 4000  # characters of a body that tell its language
_LEAST = 10  # dumps of a kind and language that are worth a line


@dataclass(frozen=True, slots=True)
class LineReport:
    """Means by kind of dump, and by kind and language: `F1` and the share of the body `lost`, for planted dumps also
    `removed` and `exact`. `worst` are the shares of words lost and the names of all dumps, the greatest losses first.
    """

    means: dict[str, dict[str, float]]
    worst: tuple[tuple[float, str], ...]

    def lines(self) -> list[str]:
        """For people."""
        return [
            f"{kind:16} " + "  ".join(f"{name} {value:.4f}" for name, value in row.items())
            for kind, row in self.means.items()
        ]


def measure(cleaned: Iterable[tuple[Mapping[str, Any], str]]) -> LineReport:
    """Hold the body that was found in each labelled row against its gold."""
    found: defaultdict[str, list[dict[str, float]]] = defaultdict(list)
    worst = []
    for labelled, body in cleaned:
        row = _row_of(body, labelled)
        kind = str(labelled.get("kind") or "page")
        worst.append((row["lost"], str(labelled.get("id"))))
        found[kind].append(row)
        found[f"{kind} {_language(labelled['gold'])}"].append(row)
    means = {
        kind: {name: sum(row[name] for row in rows) / len(rows) for name in rows[0]}
        for kind, rows in sorted(found.items())
        if " " not in kind or len(rows) >= _LEAST
    }
    return LineReport(means, tuple(sorted(worst, key=lambda pair: (-pair[0], pair[1]))))


def _language(text: str) -> str:
    return guess_language(words_of(text[:_SAMPLE]), text[:_SAMPLE]) or "?"


def _row_of(body: str, labelled: Mapping[str, Any]) -> dict[str, float]:
    mine, gold, raw = (Counter(_WORD.findall(t.lower())) for t in (body, labelled["gold"], labelled["raw"]))
    row = {"F1": word_f1(body, labelled["gold"]), "lost": (gold - mine).total() / max(1, gold.total())}
    if labelled.get("planted"):
        row["removed"] = 1.0 - (mine - gold).total() / max(1, (raw - gold).total())
        row["exact"] = float(body.split() == labelled["gold"].split())
    return row
