"""Author names out of what metadata and bylines say: split, stripped of roles, addresses, times and labels."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache, lru_cache

from cleaner.data import metadata_tables, phrase_tables
from cleaner.text.dates import find_date
from cleaner.text.lexicon import WORD, openings, vocabulary, words_of
from cleaner.text.normalize import fold, tidy
from cleaner.text.sites import squeezed

__all__ = [
    "clean_people",
    "cut_label",
    "is_agency",
    "is_company",
    "is_link_word",
    "is_noise",
    "is_person",
    "same_person",
]

_MOST = 40  # names of one article
_LONGEST = 60  # characters of one name
_MOST_WORDS = 7
_ADDRESS = re.compile(
    r"<[^<>]{0,200}>|\b[\w.+-]{1,64}@[\w.-]{1,100}|\bhttps?://[^\s()]{0,500}|\bwww\.[^\s()]{0,300}|(?<!\w)@\w{1,40}"
)
_ASIDE = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]")
_STOP = re.compile(r"(?:(?<!\s)\s+)?(?:\||[•·●▪►»]|\n|\s[–—-]{1,2}\s|/{2})\s*")
_COMMA = re.compile(r"(?:(?<!\s)\s+)?[,;，；、]\s*")
_EDGE = " \t\"'“”„«»*,;:.–—-|/•·&+~>"
_LAST_FIRST = re.compile(r"^([^\W\d_][\w'’-]+(?: [\w'’-]+)?), ([^\W\d_][\w.'’-]*(?: [\w.'’-]+){0,2})$")


@cache
def _times() -> re.Pattern[str]:
    """A time of the day, or one that has passed, such as `3 hours`."""
    units = "|".join(map(re.escape, metadata_tables()["words"]["units"]))
    return re.compile(rf"\b\d{{1,2}}[:.]\d{{2}}\b|\b\d{{1,4}}\s{{0,3}}(?:{units})\w*", re.IGNORECASE)


@cache
def _conjunction() -> re.Pattern[str]:
    """The signs and words that stand between two names, in every language that we know."""
    words = {w for table in phrase_tables().values() for w in table["header"]["conjunctions"] if w.isalpha()}
    joined = "|".join(map(re.escape, sorted(words | _table("and"), key=len, reverse=True)))
    return re.compile(rf"(?:(?<!\s)\s+)?&\s*|(?<!\s)\s+(?:{joined}|/|\+)\s+", re.IGNORECASE)


@cache
def _table(key: str) -> frozenset[str]:
    return frozenset(metadata_tables()["people"][key])


@cache
def _roles() -> frozenset[str]:
    """Words of job titles that stand alone in no name."""
    roles = {" ".join(words) for words in vocabulary("header", "roles")}
    return (_table("titles") | roles) - _table("agencies")


def clean_people(values: Iterable[str], *, strict: bool = False, site: Collection[str] = ()) -> tuple[str, ...]:
    """The persons, teams or agencies that some values name, in order, each once.

    Args:
        values: names as metadata or a byline give them; one value may hold several.
        strict: for text that may be no byline at all: every piece must look like a person's name.
        site: the names of the site, squeezed; they are left out of a value that names others, too.

    >>> clean_people(["By Jane Q. Doe, Staff Writer and José de la Cruz"])
    ('Jane Q. Doe', 'José de la Cruz')
    >>> clean_people(["Von Karl-Heinz Muster (dpa)", "Karl-Heinz Muster"])
    ('Karl-Heinz Muster',)
    >>> clean_people(["Email The Author", "3 Hours Ago", "https://example.org/jane"])
    ()
    """
    names: list[str] = []
    own = frozenset(site)
    for value in values:
        for name in _names_in(value, strict, own):
            if not any(same_person(name, known) for known in names):
                names.append(name)
        if len(names) > _MOST:
            return tuple(names[:_MOST])
    return tuple(names)


@lru_cache(maxsize=1024)
def _names_in(value: str, strict: bool, site: frozenset[str]) -> tuple[str, ...]:
    text = tidy(_ASIDE.sub(" ", _ADDRESS.sub(" ", value[:2000].replace("\\u0026", "&"))))
    text = _without_date(cut_label(text))
    if not any(ch.isalpha() for ch in text):
        return ()
    out: list[str] = []
    parts = _STOP.split(text)
    if site and len(parts) > 1:
        parts = [part for part in parts if squeezed(part) not in site] or parts
    for part in parts:
        if out:
            break
        flipped = _LAST_FIRST.match(part)
        pieces = _pieces(part)
        if flipped and len(pieces) == 2 and " " not in pieces[0] and not _drops(pieces[1]):
            pieces = [f"{flipped[2]} {flipped[1]}"] if _is_given(pieces[1]) else pieces
        for number, piece in enumerate(pieces):
            name = _polish(piece)
            if not name or (number and _drops(name)):
                continue
            if strict and not is_person(name):
                return tuple(out) if number else ()
            if len(name) <= _LONGEST and len(name.split()) <= _MOST_WORDS:
                out.append(name)
    return tuple(out)


def _is_given(text: str) -> bool:
    """A given name behind a family name: one word that is no family name with initials, as in `Kaufman, Jeff T.`"""
    return len(text.split()) > 1 and text.rstrip().endswith(".")


def _pieces(part: str) -> list[str]:
    """Split at commas, and at `and` where full names stand on both sides: `Ramón y Cajal` is one man."""
    out: list[str] = []
    conjunction = _conjunction()
    for row in _COMMA.split(part):
        row = conjunction.sub(lambda m: "" if m.start() == 0 else m[0], row, count=1)
        pieces = conjunction.split(row)
        out += pieces if all(len(p.split()) > 1 for p in pieces) else [row]
    return out


def cut_label(text: str) -> str:
    """Cut `By`, `Written by`, `Von`, `Par` … off the front, as often as they stand there."""
    for _ in range(3):
        spans = list(WORD.finditer(fold(text[:80])))
        words = tuple(m[0] for m in spans)
        known = openings(words, "header", "by")
        size = len(known[0]) if known else 0
        if not size or size == len(words):
            break
        end = spans[size - 1].end()
        if text[end : end + 1] not in (" ", ":", "\xa0", "") or text[end : end + 2] == " -":
            break
        if (
            size == 1
            and text[end : end + 1] == " "
            and text[:end].istitle() is False
            and text[:end].islower() is False
            and text[:end].isupper() is False
        ):
            break
        text = text[end:].lstrip(_EDGE)
    return text


def _without_date(text: str) -> str:
    """Cut a date, a time and their labels off the end, or off the front where the name stands behind them."""
    if not any(ch.isdigit() for ch in text):
        return text
    found = find_date(text)
    clock = _times().search(text)
    marks = sorted([*([(found.start, found.end)] if found else []), *([clock.span()] if clock else [])])
    if not marks:
        return text
    head = _without_stamp_label(text[: marks[0][0]].rstrip(_EDGE))
    return head or cut_label(text[marks[-1][1] :].lstrip(_EDGE))


def _without_stamp_label(head: str) -> str:
    words = head.split()
    for size in (3, 2, 1):
        tail = tuple(words_of(" ".join(words[-size:])))
        if len(words) >= size and (
            tail in vocabulary("header", "published") or tail in vocabulary("header", "updated")
        ):
            return " ".join(words[:-size])
    return head


def _polish(piece: str) -> str:
    """One name without the signs at its edges and without a job title behind it."""
    name = cut_label(piece.strip(_EDGE.replace(".", "")).strip()).strip(_EDGE.replace(".", ""))
    if name.endswith(".") and not re.search(r"(?:\b\w|\b[A-Z][a-z]{0,2})\.$", name):
        name = name.rstrip(". ")
    folded = " ".join(words_of(name))
    if not folded or folded in _table("nobody") or folded in _roles():
        return ""
    if folded.isdigit() or _table("junk").intersection(folded.split()):
        return ""
    return _without_role(name)


def _without_role(name: str) -> str:
    """`Jane Doe Staff Writer` → `Jane Doe`: a job title behind, or one word of it before, at least two words of a name."""
    words = name.split()
    if len(words) > 2 and _is_role(words[0].rsplit("-", 1)[-1]) and all(w[0].isupper() for w in words[1:]):
        words = words[1:]
        name = " ".join(words)
    for size in range(min(4, len(words) - 2), 0, -1):
        tail = " ".join(words_of(" ".join(words[-size:])))
        if tuple(tail.split()) in vocabulary("header", "roles") and words[-size - 1][0].isupper():
            return " ".join(words[:-size]).strip(_EDGE)
    return name


def _is_role(piece: str) -> bool:
    return any(word in _roles() for word in words_of(piece))


def _drops(piece: str) -> bool:
    """Behind a comma: a degree, a job title or a place of work, and no further name."""
    letters = ["".join(ch for ch in word if ch.isalpha()).lower() for word in piece.split()]
    return all(word in _table("degrees") for word in letters) or bool(_roles().intersection(words_of(piece)))


@cache
def _link_words() -> frozenset[str]:
    """Labels and conjunctions that stand between the names of a byline."""
    words = {w for table in phrase_tables().values() for w in table["header"]["conjunctions"]}
    labels = {" ".join(phrase) for phrase in vocabulary("header", "by")}
    return frozenset(words | labels | _table("and"))


def is_link_word(text: str) -> bool:
    """Whether a piece of a byline is only a label or a conjunction, such as `By` or `and`."""
    return " ".join(words_of(text)) in _link_words()


def is_noise(text: str) -> bool:
    """Whether a text holds a word that stands around bylines, but in no name, such as `ago` or `updated`."""
    return bool(_table("noise").intersection(words_of(text)))


def is_person(name: str) -> bool:
    """Whether a text has the shape of a person's name: two to five words with capitals, particles aside, no digits.

    >>> is_person("Ludwig van Beethoven"), is_person("Breaking news from town"), is_person("AFP")
    (True, False, False)
    """
    parts = name.split()
    if not 2 <= len(parts) <= 5 or any(ch.isdigit() for ch in name) or len(name) > 45:
        return False
    if is_noise(name) or _is_role(name):
        return False
    proper = sum(p[0].isupper() or not p[0].isascii() for p in parts)
    particles = _table("particles")
    return proper >= 2 and all(p[0].isupper() or not p[0].isascii() or p.lower() in particles for p in parts)


def is_agency(name: str) -> bool:
    """Whether a text is the name of an agency or newsroom, such as `Reuters`."""
    return name.strip(_EDGE).lower() in _table("agencies")


def is_company(name: str) -> bool:
    """Whether a name ends like that of a company or a registered society.

    >>> is_company("Uferweg Medien GmbH"), is_company("Jane Doe")
    (True, False)
    """
    words = words_of(name)
    return bool(words) and (words[-1] in _table("companies") or " ".join(words[-2:]) in _table("companies"))


def same_person(a: str, b: str) -> bool:
    """Whether two names are one but for case, signs and white space."""
    return words_of(a) == words_of(b)
