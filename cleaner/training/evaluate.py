"""How good a choice of blocks is: word F1 against labelled bodies, and snippets that must and must not be there."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.data import thresholds
from cleaner.detectors.features import hidden_blocks
from cleaner.detectors.fmeasure import choose
from cleaner.detectors.learned import drop_copies
from cleaner.training.labelled import LabelledPage

__all__ = ["Report", "evaluate", "word_f1"]

_WORD = re.compile(r"\w+")


def word_f1(found: str, gold: str) -> float:
    """F1 of two texts as bags of lower-case words.

    >>> word_f1("one two three", "two three four")
    0.6666666666666666
    """
    mine, theirs = _WORD.findall(found.lower()), _WORD.findall(gold.lower())
    shared = sum((Counter(mine) & Counter(theirs)).values())
    return 2 * shared / (len(mine) + len(theirs)) if mine or theirs else 1.0


@dataclass(frozen=True, slots=True)
class Report:
    """Mean word F1 by page type, F of the snippets (None without any), and every page's own F1, worst first."""

    f1: dict[str, float]
    snippets: float | None
    worst: tuple[tuple[float, str], ...]

    def lines(self) -> list[str]:
        """For people."""
        out = [f"{kind or 'untyped':16} F1 {value:.4f}" for kind, value in self.f1.items()]
        if self.snippets is not None:
            out.append(f"{'snippets':16} F  {self.snippets:.4f}")
        return out


def evaluate(judged: Iterable[tuple[LabelledPage, NDArray[np.float64]]], mode: str = "balanced") -> Report:
    """Choose each page's blocks from their probabilities as the detector does, and hold the body against the labels."""
    by_type: defaultdict[str, list[float]] = defaultdict(list)
    pages: list[tuple[float, str]] = []
    snippets: Counter[str] = Counter()
    beta = thresholds()["modes"][mode]
    for page, probability in judged:
        body = _body(page, probability, beta)
        if page.row.get("gold"):
            value = word_f1(body, page.row["gold"])
            by_type[page.row.get("type") or ""].append(value)
            by_type["all"].append(value)
            pages.append((value, str(page.row.get("id"))))
        snippets += _snippets(page, body)
    both = 2 * snippets["found"] + snippets["missed"] + snippets["wrong"]
    means = {kind: sum(values) / len(values) for kind, values in sorted(by_type.items())}
    return Report(means, 2 * snippets["found"] / both if both else None, tuple(sorted(pages)))


def _body(page: LabelledPage, probability: NDArray[np.float64], beta: float) -> str:
    weight = np.asarray([len(w) for w in page.words], dtype=np.float64) + 0.01
    kept = drop_copies(
        choose(probability, weight, beta)[0], page.words, page.texts, hidden_blocks(page.layout).tolist()
    )
    return "\n".join(text for text, keep in zip(page.texts, kept.tolist(), strict=True) if keep)


def _snippets(page: LabelledPage, body: str) -> Counter[str]:
    flat = " ".join(body.split())
    wanted: Sequence[str] = page.row.get("with_") or ()
    unwanted: Sequence[str] = page.row.get("without") or ()
    found = sum(" ".join(s.split()) in flat for s in wanted)
    wrong = sum(" ".join(s.split()) in flat for s in unwanted)
    return Counter(found=found, missed=len(wanted) - found, wrong=wrong)
