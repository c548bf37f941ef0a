"""What makes two lines of a site the same line: case, white space, punctuation of numbers and digits do not count."""

from __future__ import annotations

import hashlib
import re

from cleaner.text.normalize import fold, tidy

__all__ = ["LONG", "digest", "fingerprint", "folded", "pattern"]

LONG = 240  # characters; a longer line is known by its digest

_NUMBER = re.compile(r"\d+(?:[.,:/’'-]\d+)*")
_TOKEN = re.compile(r"\w+|[^\w\s]+")
_LEAST_FIXED = 3  # words that must stand outside the names


def fingerprint(text: str) -> str:
    """The line with its case, its white space and its numbers folded.

    >>> fingerprint("  Price:  $1,998.00 from Lowe’s") == fingerprint("price: $9 FROM Lowe's")
    True
    """
    plain = folded(text)
    return plain if len(tidy(text)) <= LONG else f"#{digest(plain):016x}"


def folded(text: str) -> str:
    """The same for a line of any length, to be read from its beginning.

    >>> folded("Photo 12:  INES Calloway")
    'photo 0: ines calloway'
    """
    return _NUMBER.sub("0", fold(tidy(text)))


def digest(text: str) -> int:
    """63 bits that are the same in every process, on every machine.

    >>> digest("The river rose.")
    3963932410106085621
    """
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big") >> 1


def pattern(text: str) -> str | None:
    """The fingerprint with its names (runs of words with a capital) folded as well; None where too little is left.

    >>> pattern("Jane Doe is a reporter at the Harbour Post.")
    '* is a reporter at the *.'
    >>> pattern("Photos by Jane Doe for the desk")
    'photos by * for the desk'
    >>> pattern("Photo: Jane Doe") is None
    True
    """
    text = tidy(text)
    if len(text) > LONG:
        return None
    found: list[str] = []
    fixed = names = 0
    tokens = _TOKEN.findall(_NUMBER.sub("0", text))
    for at, token in enumerate(tokens):
        begins = at == 0 and not (len(tokens) > 1 and tokens[1][0].isupper())  # a capital because the line begins
        if token[0].isupper() and not begins:
            names += 1
            if not found or found[-1] != "*":
                found.append("*")
            continue
        fixed += token[0].isalpha()
        found.append(token)
    if not names or fixed < max(_LEAST_FIXED, names):
        return None
    return re.sub(r" (?=[.,;:!?])", "", fold(" ".join(found)))
