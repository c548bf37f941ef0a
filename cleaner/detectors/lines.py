"""The learned judge of the lines of a text. The rules vouch and veto: their verdicts are evidence that the model weighs,
running prose needs more against it than a short line, and a text is never emptied.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from cleaner.data import thresholds
from cleaner.detectors.decoding import decode
from cleaner.detectors.flat import cut_flat, is_flat
from cleaner.detectors.fmeasure import choose
from cleaner.detectors.headings import rows_that_stay, sentences_that_stay
from cleaner.detectors.linefeatures import (
    EVIDENCE,
    LineTable,
    first_features,
    gate_features,
    look_at,
    second_features,
)
from cleaner.detectors.lineshapes import LineMemory
from cleaner.detectors.reading import Line, Reading, category_of, joined, read
from cleaner.detectors.weights import LineModel
from cleaner.model import Page, Verdict

__all__ = ["LineJudge", "keep_lines", "keep_of_page", "shares"]

_FORCE = 50.0  # log-odds that nothing outweighs
_HUGE = 2000  # lines of a text of which the model takes a hundredth at least or nothing, so that the passes over it
_WORTH = 100  # are few, however many lines each of them would make the next one take
_CLEAR = 0.9  # probability of a kind of text from which its judge alone is asked
_CAP = 9.0  # log-odds beyond which nothing is surer
_WHOLE = 0.99  # share of a line that verdicts cover when it goes as a whole


class LineJudge:
    """A line model at work on one document; remembers its lines from pass to pass.

    `rules` are the detectors before it, which it asks about the pieces of a flat text.
    """

    def __init__(self, model: LineModel, mode: str, rules: Callable[[Reading], list[Verdict]]) -> None:
        self._model, self._mode, self._rules = model, mode, rules
        self._memory = LineMemory(model.table)
        self._pieces: dict[str, Line] = {}

    def judge(self, reading: Reading, taken: Sequence[Verdict]) -> list[Verdict]:
        """The verdicts of the rules (sorted, apart), revised: more lines go, and some that a rule took stay."""
        lines, level = reading.lines, thresholds()["lines"]
        if is_flat(lines):
            return self._judge_flat(reading, taken)
        if len(lines) < level["least_lines"]:
            return list(taken)
        table = look_at(reading, taken, self._memory)
        if table.closed_prose.sum() < level["least_prose"] or (not taken and table.count < level["least_unruled"]):
            return list(taken)
        odds, page = self._odds(table)
        kept = keep_of_page(table, odds, self._mode) if page else keep_lines(table, odds, self._mode)
        fresh = table.count - sum(kept) - int((table.rules[1] >= _WHOLE).sum())
        if not any(kept) or (table.count > _HUGE and fresh < table.count // _WORTH):
            return list(taken)
        revised = _revised(lines, taken, kept, _to_probability(odds))
        return revised if page else _but_for_doubtful(lines, revised)

    def _judge_flat(self, reading: Reading, taken: Sequence[Verdict]) -> list[Verdict]:
        """The same for a text without line breaks: pieces of it go beside what the rules take."""
        text = _text_of(reading)
        blocks = tuple(cut_flat(reading.lines, self._model.table))
        pieces = read(Page(text, blocks), reading.url, known=self._pieces, phrases=reading.phrases)
        table = look_at(pieces, self._rules(pieces), self._memory)
        rows = first_features(table)
        opinions = [self._model.experts[n].all_odds(rows) for n in (2, 1)]
        odds = self._model.judges[2].all_odds(second_features(table, rows, opinions, 0.0))
        kept = keep_lines(table, odds, self._mode, flat=True)
        if not any(kept) or (table.count > _HUGE and table.count - sum(kept) < table.count // _WORTH):
            return list(taken)
        revised = joined(taken, _revised(pieces.lines, (), kept, _to_probability(odds)))
        return _but_for_doubtful(reading.lines, revised)

    def _odds(self, table: LineTable) -> tuple[NDArray[np.float32], bool]:
        """Each line's log-odds of being body, and whether the text is rather a page than a finished article; where it is
        clear which, only the one judge is asked.
        """
        rows = first_features(table)
        page, article = (expert.all_odds(rows) for expert in self._model.experts[:2])
        gate = float(self._model.gate.all_odds(gate_features(table, page, article))[0])
        second = second_features(table, rows, (page, article), gate)
        parts = shares(1.0 / (1.0 + math.exp(-gate - thresholds()["lines"]["article"])))
        odds = np.zeros(table.count, dtype=np.float32)
        for share, judge in zip(parts, self._model.judges, strict=False):
            if share:
                odds += share * judge.all_odds(second)
        return odds, parts[0] > parts[1]


def _but_for_doubtful(lines: Sequence[Line], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts without those on sentences of a finished article that are not sure enough, and on rows of its lists."""
    stays = sentences_that_stay(lines, verdicts) | rows_that_stay(lines, verdicts)
    return [v for v in verdicts if v.start not in stays]


def _to_probability(odds: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.asarray(1.0 / (1.0 + np.exp(-odds.astype(np.float64))))


def _text_of(reading: Reading) -> str:
    """The text that the lines of a reading are of, with nothing but white space between them."""
    out, at = [], 0
    for line in reading.lines:
        out += [" " * (line.start - at), line.text]
        at = line.end
    return "".join(out)


def shares(article: float) -> tuple[float, float]:
    """How much the judges of pages and of articles count, from the probability that a text is a finished article.

    >>> shares(0.25), shares(0.99)
    ((0.75, 0.25), (0.0, 1.0))
    """
    article = 1.0 if article > _CLEAR else 0.0 if article < 1.0 - _CLEAR else article
    return 1.0 - article, article


def keep_of_page(table: LineTable, odds: NDArray[np.float32], mode: str) -> list[bool]:
    """Which lines of a page stay, or of what a scraper left of one: those of the highest expected F-measure.

    What rules know weighs in, and what they know by how lines are built goes, as in a finished article; and where no line
    is surely furniture, all stay that no rule takes.
    """
    ruled, rule = _ruled(table)
    weighed = odds - rule * ruled
    weighed[table.cells & ~ruled] = _FORCE
    if weighed.min() > -thresholds()["lines"]["sure"]:
        weighed[~ruled] = _FORCE
    words = np.expm1(table.shapes[:, 0]).astype(np.float64) + 0.01
    kept, _ = choose(_to_probability(np.clip(weighed, -_CAP, _CAP)), words, thresholds()["modes"][mode])
    return list(kept.tolist())


def _ruled(table: LineTable) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """The lines that rules take whole, and what speaks against each for what the rule goes by, in log-odds."""
    level = thresholds()["lines"]
    rule = np.asarray([0.0, *(level[name] for name in EVIDENCE)])[table.evidence]
    rule[table.built] = _FORCE
    return table.rules[1] >= _WHOLE, rule


def keep_lines(table: LineTable, odds: NDArray[np.float32], mode: str, *, flat: bool = False) -> list[bool]:
    """Which lines stay, from their log-odds of being body.

    Sentences have something in their favour: more of it the greater a part of the text they are; and in a language that
    the table of words knows little of, since there what speaks against them are only their neighbours. A paragraph
    alone among furniture does not go for that.
    What rules know by how lines are built goes as they say, and rows of tables stay; so does every line that no rule
    knows where none is surely furniture: else each pass over a finished article would find something new to doubt.
    """
    level = thresholds()["lines"]
    share = table.rules[1]
    ruled, rule = _ruled(table)
    weighed = odds + level["bias_" + mode] - rule * ruled
    if flat:
        return decode((weighed + level["flat"]).tolist(), level["flat_switch"])
    sentence = (table.row("closed") > 0) & (table.shapes[:, 0] >= math.log1p(level["sentence_words"]))
    favour = level["strange"] * max(0.0, 1.0 - table.known / level["familiar"])
    words = np.expm1(table.shapes[:, 0])
    weighed += (favour + level["stake"] * words / max(1.0, words.sum())) * (sentence & ~ruled)
    # The rest of a line is judged when the rule's part of it is gone.
    weighed += level["partly"] * ((share > 0) & ~ruled)
    against = np.pad(weighed < 0.0, 1, constant_values=True)
    weighed += 2 * level["switch"] * (table.closed_prose & ~ruled & against[:-2] & against[2:])
    weighed[table.cells & ~ruled] = _FORCE
    if weighed.min() > -level["sure"]:
        weighed[~ruled] = _FORCE
    return decode(weighed.tolist(), level["switch"])


def _revised(
    lines: Sequence[Line], taken: Sequence[Verdict], kept: Sequence[bool], probability: NDArray[np.float64]
) -> list[Verdict]:
    """The verdicts that stand, and the model's own."""
    first = {v.start: v for v in taken}
    out: list[Verdict] = []
    at = 0
    for i, line in enumerate(lines):
        here = []
        while at < len(taken) and taken[at].start < line.end:
            here.append(taken[at])
            at += 1
        if kept[i]:  # a rule's word on a part of the line stands, and that on more lines than this one
            out += [v for v in here if v.end > line.end or v.start > line.start or v.end < line.end]
        elif (out and out[-1].end > line.start) or (here and here[0].start == line.start and here[0].end >= line.end):
            out += here
        else:
            p = float(probability[i])
            below = first.get(lines[i + 1].start) if i + 1 < len(lines) else None
            above = out[-1] if out and i and out[-1].end == lines[i - 1].end else None
            beside = above or below
            name = here[0].category if here else category_of(line, beside.category if beside else "boilerplate")
            out.append(Verdict(line.start, line.end, name, f"line-model:{p:.2f}", round(1.0 - p, 3)))
    return out
