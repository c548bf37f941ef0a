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
    """A verdict on the paragraph at the end that begins with the name of an author, whom no other paragraph names."""
    keys = {words for words in map(tuple, map(words_of, names)) if _LEAST <= len(words) <= _MOST}
    prose = [ln.index for ln in lines if ln.closed and len(ln.words) >= _PROSE_WORDS] if keys else []
    if len(prose) <= _PROSE:
        return []
    first = max(len(lines) - _END, prose[_PROSE])
    for key in sorted(keys):
        told = [(ln, at) for ln in lines[prose[0] :] if (at := _place(ln.words, key)) >= 0]
        if len(told) == 1 and told[0][0].index >= first and told[0][1] <= _BEFORE:
            box = told[0][0]
            if len(box.words) <= _LONGEST and not box.spoken:
                return [Verdict(box.start, box.end, "author_bio", "header:author box", 0.85)]
    return []


def _place(words: Words, key: Words) -> int:
    """Where a name begins among words; -1 if it is not there."""
    return next((at for at in range(len(words) - len(key) + 1) if words[at : at + len(key)] == key), -1)
