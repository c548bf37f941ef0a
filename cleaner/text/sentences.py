"""Cutting a block into sentences, for furniture that a scraper glued to prose."""

from __future__ import annotations

import re
from functools import cache

from cleaner.data import phrase_tables

__all__ = ["ends_sentence", "sentences"]

_BREAK = re.compile(r"""[.!?…](?:[ \u00a0\u202f]?»|["'”’“‘«)\]]){0,3}(\s+)(?=["'“‘«„(\[¿¡*•→>-]{0,3}([^\W_]))""")
_TERMINAL = re.compile(r"""[.!?…:;][\s"'”’“‘«»)\]]*$""")
_ENDS = frozenset(".!?…:;")
_LAST_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]+)\.$")
_TAIL = 24  # characters looked back for the word before a full stop


def sentences(text: str) -> list[tuple[int, int]]:
    """The spans of the sentences of one block, without the white space between them.

    >>> text = 'He met Dr. Ruiz. “Yes.” Sign up now!'
    >>> [text[a:b] for a, b in sentences(text)]
    ['He met Dr. Ruiz.', '“Yes.”', 'Sign up now!']
    >>> german = "„Wer erklärt das?“ Lesen Sie auch: Badeunfall"
    >>> [german[a:b] for a, b in sentences(german)], ends_sentence("„Niemand.“")
    (['„Wer erklärt das?“', 'Lesen Sie auch: Badeunfall'], True)
    >>> len(sentences("Od godz. 9 do ok. śniadania."))
    1
    """
    spans, start = [], 0
    for match in _BREAK.finditer(text):
        end = match.start(1)
        if match[2].islower() or _is_short_form(text[max(start, end - _TAIL) : end]):
            continue
        spans.append((start, end))
        start = match.end(1)
    if start < len(text):
        spans.append((start, len(text)))
    return spans


def ends_sentence(text: str) -> bool:
    """Whether a block ends as a sentence or a lead-in does: with a full stop, question mark, colon …"""
    last = text[-1:]
    return last in _ENDS or (not last.isalnum() and bool(_TERMINAL.search(text[-8:])))


@cache
def _short_forms() -> frozenset[str]:
    """Words after which a full stop does not end a sentence, of all languages."""
    return frozenset(word for table in phrase_tables().values() for word in table.get("short_forms", ()))


def _is_short_form(tail: str) -> bool:
    word = _LAST_WORD.search(tail)
    if not word:
        return False
    last = word[1]
    return (len(last) == 1 and last.isupper()) or last.lower() in _short_forms()
