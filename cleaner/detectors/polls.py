"""Polls in text: question, options, consent and results, on lines of their own or glued, to `Poll` data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

from cleaner.detectors.reading import Findings, Line, Reading
from cleaner.model import Poll, PollOption, Verdict
from cleaner.text.lexicon import by_first_word, holds, openings, vocabulary, words_of
from cleaner.text.sentences import ends_sentence

__all__ = ["detect_polls"]

_REACH = 14  # lines that may follow a question and still belong to its poll
_OPTION_WORDS = 10
_QUESTION_WORDS = 45
_NUMBER = r"\d[\d.,\u00a0\u202f ]{0,12}\d|\d"
# Lines are tidied, so that white space is one space: with `*` for `?` the time would grow with the square of the spaces.
_RESULT = re.compile(
    r"(?=[^%]{2,92}%)"  # a percent sign as far off as one can be: else 80 labels would be tried from every character
    r"(?P<label>[^\d%:?!\n()][^%:?!\n()]{0,80}?)\s?(?P<sign>[:\u2013\u2014-]?\s?\(?)"
    r"(?P<percent>\d{1,3}(?:[.,]\d{1,2})?)\s?%\)?"
    rf"(?:\s?[,;\u2013-]?\s?\(?(?P<votes>{_NUMBER})\s?(?P<unit>[^\W\d_]{{3,12}})\)?)?"
)
_BARE = re.compile(
    rf"\(?(?P<percent>\d{{1,3}}(?:[.,]\d{{1,2}})?)\s?%\)?(?:\s?[,;\u2013-]?\s?\(?(?P<votes>{_NUMBER})\s?(?P<unit>[^\W\d_]{{3,12}})?\)?)?"
)
_COUNTED = re.compile(
    rf"(?P<label>[^\d%:?!\n()][^%:?!\n()]{{0,80}}?)\s?[:\u2013\u2014-]\s?\(?(?P<votes>{_NUMBER})\s?(?P<unit>[^\W\d_]{{3,12}})\)?"
)
_TOTAL = re.compile(rf"(?P<votes>{_NUMBER})")
_COUNTED_CHARS = 200  # a longer line is none of a label and a number
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]+")
_CONSENT_WORDS = 12  # before which a consent text begins, and which tell that it is one
_MARKER = re.compile(r"^(?:\(\s?[)x•]?\s?\)|\[\s?[\]x]?\s?\]|[○●◯◉•*–-])\s*")


@dataclass
class _Draft:
    """A poll being read: what was found of it so far."""

    lines: list[Line] = field(default_factory=list)
    options: list[PollOption] = field(default_factory=list)
    known: int = 0  # options from the vocabulary, such as yes and no
    signs: int = 0  # anchors, consent lines, vote counts, buttons
    boxes: int = 0  # options with a box or bullet before them
    total: int | None = None
    bare: list[re.Match[str]] = field(default_factory=list)  # percentages on lines of their own, below their options

    def take(self, labels: Sequence[str]) -> None:
        """Options of which only the label is known."""
        self.options += [PollOption(label) for label in labels]

    def settle(self) -> None:
        """Give the bare percentages to the options they belong to, in order; to none where the numbers differ."""
        lacking = [i for i, o in enumerate(self.options) if o.percent is None]
        own = lacking[-len(self.bare) :] if self.bare else []
        listed = {self.options[i].label for i in lacking}
        if len(own) == len(self.bare) and listed == {self.options[i].label for i in own}:
            for i, match in zip(own, self.bare, strict=True):
                self.options[i] = _option(self.options[i].label, match)

    def is_poll(self) -> bool:
        """Enough of a poll that prose or an interview cannot be meant."""
        percents = [o.percent for o in self.options if o.percent is not None]
        full = len(percents) >= 2 and 96 <= sum(percents) <= 104
        signs = self.signs + (self.boxes > 1)
        return (full and signs + self.known > 0) or self.known >= 2 or (len(self.options) >= 2 and signs >= 2)


def detect_polls(reading: Reading, taken: Sequence[Verdict]) -> Findings:
    """Polls with their questions. A question alone, or percentages in prose, is not a poll."""
    verdicts: list[Verdict] = []
    polls: list[Poll] = []
    at, lines = 0, reading.lines
    while at < len(lines):
        question = _question(lines[at])
        draft = _read_after(lines, at, question) if question else None
        if question is None or draft is None or not draft.is_poll():
            at += 1
            continue
        asked = [*_anchors_before(lines, at), lines[at]]
        verdicts += [Verdict(ln.start, ln.end, "poll", "widget:poll", 0.95) for ln in [*asked, *draft.lines]]
        options = tuple(_merged(draft.options))
        polls.append(Poll(question, options, draft.total))
        at += 1 + len(draft.lines)
    return Findings(verdicts, polls)


def _question(line: Line) -> str | None:
    """The question a line asks, without options glued behind it."""
    if "?" not in line.text and "\uff1f" not in line.text:
        return None
    mark = max(line.text.rfind("?"), line.text.rfind("\uff1f"))
    if mark < 0 or line.spoken or len(line.words) > _QUESTION_WORDS + _OPTION_WORDS:
        return None
    if len(line.sentences) > 1 and any(a < mark < b for a, b in line.quotes):
        return None  # a paragraph of the article that ends with what somebody asks
    behind = line.text[mark + 1 :].strip(" \t\xa0\"”»'’)")
    if behind.endswith(".") and len(_known_options(behind)) == 1:
        return None  # who asks answers: `By the worm? No.`
    if behind and not (_known_options(behind) or _RESULT.match(behind) or _split_consent(behind)[1]):
        return None
    if openings(line.words, "poll", "anchors") and (cut := re.match(r"[^:?]{2,40}:\s*", line.text)):
        return line.text[cut.end() : mark + 1]
    return line.text[: mark + 1]


def _anchors_before(lines: Sequence[Line], at: int) -> list[Line]:
    """The line above a question that announces a poll, where there is one."""
    return [lines[at - 1]] if at and _is_any(lines[at - 1], "anchors") else []


def _read_after(lines: Sequence[Line], at: int, question: str) -> _Draft:
    draft = _Draft(signs=len(_anchors_before(lines, at)))
    glued = lines[at].text[lines[at].text.rfind("?") + 1 :].strip()
    if glued:
        _read_options(draft, glued)
    draft.signs += bool(openings(tuple(words_of(question)), "poll", "anchors"))
    pending: list[str] = []  # lines that are options if their percentages, a known option or a button follow
    trailing: list[Line] = []  # lines that belong only if more of the poll follows
    for line in lines[at + 1 : at + 1 + _REACH]:
        label = _MARKER.sub("", line.text).strip()
        bare = _BARE.fullmatch(label)
        if bare and pending:
            draft.take(pending[:-1])
            draft.options.append(_option(pending[-1], bare))
            draft.known += tuple(words_of(pending[-1])) in vocabulary("poll", "options")
            draft.signs += _counts_votes(bare)
        elif bare and draft.options:
            draft.bare.append(bare)
        elif _reads_on(draft, line, label, pending):
            draft.signs += _is_sign(line)
        elif len(line.words) <= _OPTION_WORDS and not line.closed:
            pending.append(label)
            draft.boxes += label != line.text
            trailing.append(line)
            continue
        else:
            break
        pending = []
        draft.lines += [*trailing, line]
        trailing = []
    draft.settle()
    return draft


def _reads_on(draft: _Draft, line: Line, label: str, pending: Sequence[str]) -> bool:
    """Whether a line tells options, results or the total, or is a button; then what stood before it are options."""
    before = len(draft.options)
    if not (_read_options(draft, label) or _read_total(draft, line) or _is_sign(line)):
        return False
    if len(pending) > 1 or draft.boxes:
        told, draft.options = draft.options[before:], draft.options[:before]
        draft.take(pending)
        draft.options += told
    return True


def _read_options(draft: _Draft, text: str) -> bool:
    """Options on one line: `Yes No`, `Yes: 96% (44 Votes) No: 4% (2 Votes)`; a consent sentence may go before."""
    before, consent = _split_consent(text)
    known = _known_options(before if consent else text)
    if known and consent:
        draft.options += [PollOption(label) for label in known]
        draft.known += len(known)
        return _read_options(draft, consent) or True
    if known:
        draft.options += [PollOption(label) for label in known]
        draft.known += len(known)
        return True
    text, consented = _after_consent(text)
    counted = _COUNTED.fullmatch(text) if len(text) <= _COUNTED_CHARS and _DIGIT.search(text) else None
    if counted and _counts_votes(counted) and not holds(tuple(words_of(counted["label"])), "poll", "total"):
        draft.options.append(PollOption(counted["label"].strip(), None, _integer(counted["votes"])))
        draft.known += tuple(words_of(counted["label"])) in vocabulary("poll", "options")
        return True
    results = list(_RESULT.finditer(text)) if "%" in text else []
    covered = sum(len(m[0].strip()) for m in results)
    if results and holds(tuple(words_of(text[results[-1].end() :])), "poll", "total"):
        covered += len(text) - results[-1].end()
    rest = _TOTAL.sub("", text)
    if not results or covered < 0.6 * len(text) or (len(results) == 1 and len(rest.split()) > _OPTION_WORDS):
        draft.signs += 2 * consented
        return consented
    if ends_sentence(text) and not all(_is_result(m, len(results)) for m in results):
        return False
    draft.options += [_option(m["label"], m) for m in results]
    draft.known += sum(tuple(words_of(m["label"])) in vocabulary("poll", "options") for m in results)
    draft.signs += sum(_counts_votes(m) for m in results) + 2 * consented
    behind = text[results[-1].end() :]
    if holds(tuple(words_of(behind)), "poll", "total") and (number := _TOTAL.search(behind)):
        draft.total = _integer(number["votes"])
        draft.signs += 1
    return True


def _is_result(match: re.Match[str], count: int) -> bool:
    """Whether a percentage belongs to an option, in a line that ends as a sentence of the article does."""
    known = tuple(words_of(match["label"])) in vocabulary("poll", "options")
    return known or (count > 1 and bool(match["sign"].strip()))


def _known_options(text: str) -> list[str]:
    """`Yes No Not sure` → its options, where every word belongs to an option of the vocabulary."""
    pieces = re.findall(r"[^\s/|,;]+", _MARKER.sub("", text))
    options, at = [], 0
    while at < len(pieces):
        for size in (5, 4, 3, 2, 1):
            label = " ".join(pieces[at : at + size])
            if at + size <= len(pieces) and tuple(words_of(label)) in vocabulary("poll", "options"):
                options.append(label.strip(".•○*"))
                at += size
                break
        else:
            return []
    return options


def _split_consent(text: str) -> tuple[str, str]:
    """`Yes No By voting you agree …` → the options, and the consent text with what follows; ("", "") without both."""
    known = by_first_word("poll", ("consent",))
    words = list(islice(_WORD.finditer(text), 2 * _CONSENT_WORDS))
    for at in range(1, min(len(words), _CONSENT_WORDS)):
        if words[at][0].lower() in known:
            tail = tuple(w[0].lower() for w in words[at : at + _CONSENT_WORDS])
            if openings(tail, "poll", "consent"):
                return text[: words[at].start()].strip(), text[words[at].start() :]
    return "", ""


def _after_consent(text: str) -> tuple[str, bool]:
    """The results behind a consent text: after its last sentence end or its last known word."""
    words = words_of(text)
    if not holds(tuple(words), "poll", "consent"):
        return text, False
    first = next(iter(_RESULT.finditer(text)), None)
    if first is None:
        return "", True
    label = first["label"]
    for size in (3, 2, 1):  # the label is the known option at the end of what stands before the percentage
        tail = " ".join(label.split()[-size:])
        if tuple(words_of(tail)) in vocabulary("poll", "options"):
            return text[first.start("label") + label.rindex(tail) :], True
    cut = max(label.rfind(". "), label.rfind("! "))
    return text[first.start("label") + cut + 2 if cut >= 0 else first.start() :], True


def _option(label: str, match: re.Match[str]) -> PollOption:
    percent = float(match["percent"].replace(",", "."))
    votes = _integer(match["votes"]) if match["votes"] and _counts_votes(match) else None
    return PollOption(label.strip(" .,;:-–—•*|"), int(percent) if percent.is_integer() else percent, votes)


def _counts_votes(match: re.Match[str]) -> bool:
    return bool(match["unit"]) and tuple(words_of(match["unit"])) in vocabulary("poll", "votes")


def _integer(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _read_total(draft: _Draft, line: Line) -> bool:
    """`Total votes: 1,204`, `1.204 Stimmen`."""
    number = _TOTAL.search(line.text)
    words = [w for w in line.words if not w[0].isdigit()]
    if (
        not number
        or len(words) > 4
        or not (holds(tuple(words), "poll", "total") or holds(tuple(words), "poll", "votes"))
    ):
        return False
    if line.closed and not _total_words().issuperset(words):
        return False  # a sentence of the article that tells how a vote went
    draft.total = _integer(number["votes"])
    draft.signs += 1
    return True


@cache
def _total_words() -> frozenset[str]:
    return frozenset(w for key in ("total", "votes") for phrase in vocabulary("poll", key) for w in phrase)


def _is_sign(line: Line) -> bool:
    """A button, a results link or a consent line of a poll."""
    return (
        _is_any(line, "results")
        or _is_any(line, "anchors")
        or line.words in vocabulary("form", "submit")
        or (len(line.words) <= 60 and holds(line.words, "poll", "consent"))
    )


def _is_any(line: Line, key: str) -> bool:
    return line.words in vocabulary("poll", key)


def _merged(options: Sequence[PollOption]) -> list[PollOption]:
    """Each option once: the results, told after the options, win over the bare labels."""
    by_label: dict[str, PollOption] = {}
    for option in options:
        key = " ".join(words_of(option.label))
        if key not in by_label or option.percent is not None or option.votes is not None:
            by_label[key] = option
    return list(by_label.values())
