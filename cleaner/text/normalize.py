"""Folding for comparison and tidying for output. Both are pure; `fold` keeps every offset."""

from __future__ import annotations

import re

__all__ = ["INK", "fold", "tidy"]

# Characters that carry no ink: white space, controls, zero-width spaces, soft hyphens, byte order marks. Joiners
# (U+200C, U+200D) stay, since Persian, Indic scripts and emoji need them.
_NO_INK = "\\s\\x00-\\x1f\\x7f-\\x9f\u00ad\u200b\u2060\ufeff"
INK = re.compile(f"[^{_NO_INK}]")
_SPACE = re.compile(f"[{_NO_INK}]+")
_INVISIBLE = re.compile("[\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f\u00ad\u200b\u2060\ufeff]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_QUOTES = (("’‘ʼ´", "'"), ("“”„", '"'), ("–—", "-"))


def fold(text: str) -> str:
    """Lower case and plain quotes, the length unchanged, so that an offset in the one is an offset in the other.

    >>> fold("Don’t MISS")
    "don't miss"
    >>> len(fold("İstanbul")) == len("İstanbul")
    True
    """
    low = text.lower()
    if len(low) != len(text):  # a few capitals, such as İ, become two characters
        low = "".join(ch.lower() if len(ch.lower()) == 1 else ch for ch in text)
    low = low.replace("`", "'")
    if not low.isascii():
        for signs, plain in _QUOTES:
            for sign in signs:  # one by one, since most are not there
                low = low.replace(sign, plain)
    return low


def tidy(text: str) -> str:
    """One line for reading: invisible characters out, runs of white space to one space, ends stripped.

    Ink is neither added nor dropped nor reordered, so the n-th ink character of the result is the n-th of the input;
    lone surrogates, which no encoding can write, become U+FFFD.

    >>> tidy(" a\\u00a0 b\\u200bc ")
    'a bc'
    """
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text  # printable is neither a control, a format or a surrogate, nor any space but the plain one
    text = _INVISIBLE.sub("", text)
    text = _SPACE.sub(" ", text).strip(" ")
    return _SURROGATE.sub("\ufffd", text)
