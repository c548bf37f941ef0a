"""Author boxes: what stands below an article about the one whom the header names as its author."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cleaner.detectors.reading import Line
from cleaner.model import Verdict
from cleaner.text.lexicon import Words, words_of

__all__ = ["author_boxes"]

_END = 14  # lines at the end of a text among which the box is looked for
_LEAST, _MOST = 2, 4  # words of a name that is whole
_LONGEST = 70  # words of a paragraph of a box
_BEFORE = 3  # words before the name: `Our reporter Ann Baker writes ...`
_PROSE = 3  # paragraphs of prose above a box
_PROSE_WORDS = 14


def author_boxes(lines: Sequence[Line], names: Iterable[str]) -> list[Verdict]:
    """Verdicts on the paragraphs at the end that begin with the name of an author, whom the article itself never names."""
    keys = {words for words in map(tuple, map(words_of, names)) if _LEAST <= len(words) <= _MOST}
    if not keys:
        return []
    prose = [ln.index for ln in lines if ln.closed and len(ln.words) >= _PROSE_WORDS]
    first = max(len(lines) - _END, prose[_PROSE] if len(prose) > _PROSE else len(lines))
    told = {key for ln in lines[prose[0] if prose else 0 : first] for key in keys if _place(ln.words, key) >= 0}
    return [
        Verdict(ln.start, ln.end, "author_bio", "header:author box", 0.85)
        for ln in lines[first:]
        if len(ln.words) <= _LONGEST and not ln.spoken and any(0 <= _place(ln.words, k) <= _BEFORE for k in keys - told)
    ]


def _place(words: Words, key: Words) -> int:
    """Where a name begins among words; -1 if it is not there."""
    return next((at for at in range(len(words) - len(key) + 1) if words[at : at + len(key)] == key), -1)
