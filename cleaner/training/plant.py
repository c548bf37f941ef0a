"""Dumps made anew: furniture of other sites' pages put between the paragraphs of a known body, so that labels are sure."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from cleaner.training.dumps import LabelledDump, as_read, label_dump, texts_of

__all__ = ["clean_bodies", "plant_anew"]

_COUNTS = (1, 1, 2, 2, 2, 3, 4)  # how many pieces go into one dump
_MANY = (3, 4, 5, 6, 8, 10)  # and into a short part of a body
_SHORT = (4, 16)  # paragraphs of a part of a body
_BEHIND = 0.5  # share of the pieces that stand behind the article
_LINES = (1, 2, 3, 4, 5)  # of a piece
_PROSE = 14  # words of a paragraph of prose
_LONGEST = 1000  # characters of a piece
_TELLING = re.compile(
    r"subscri|suscri|abonn|newslet|skip to|privacy|facebook|cookie|advertis|werbung|read more|read next|©|copyright"
    r"|log ?in|sign ?(?:in|up)|anmeld|affiliate|commission|trending|related (?:art|post|stor)|most (?:read|popular)"
    r"|recommended|share (?:this|on)|teilen|partag|follow us|click here|leave a|donat|more from|mehr zum|to top"
    r"|getty|photo credit|sponsored|all rights|required field|may also|correction|typo\b|\bpoll|terms of (?:use|serv)",
    re.IGNORECASE,
)
"""What tells by itself that the piece around it is furniture: what is that only by its place in a page is no furniture
between other paragraphs."""


def clean_bodies(dumps: Iterable[LabelledDump]) -> list[LabelledDump]:
    """The bodies of the planted dumps by themselves: a model must learn to leave a finished article alone."""
    found = []
    for dump in _planted(dumps):
        row = {**dump.row, "raw": dump.row["gold"], "kind": "clean", "planted": None}
        page = as_read(row["raw"])
        texts = texts_of(page)
        found.append(LabelledDump(row, page, texts, (True,) * len(texts), dump.fold, (dump.fold,) * len(texts)))
    return found


def plant_anew(dumps: Sequence[LabelledDump], seed: int = 1) -> list[LabelledDump]:
    """Each planted dump's body three times, with runs of lines of pages in the same fold: twice as it is with a few pieces,
    once a short part of it with many, at its top, too.
    """
    pools: dict[int, list[tuple[str, list[str]]]] = {}
    for dump in dumps:
        if dump.kind == "page" and dump.labels:
            pools.setdefault(dump.fold, []).extend((_site(dump), piece) for piece in _pieces(dump))
    rng = random.Random(seed)
    found = []
    for dump in _planted(dumps):
        body = texts_of(as_read(dump.row["gold"]))
        start = rng.randrange(max(1, len(body) - _SHORT[0]))
        short = body[start : start + rng.randint(*_SHORT)]
        for part, counts in ((body, _COUNTS), (body, _COUNTS), (short, _MANY)):
            pool = [piece for site, piece in rng.choices(pools.get(dump.fold, [("", [])]), k=15) if site != _site(dump)]
            pieces = [p for p in pool if p][: rng.choice(counts)]
            made = _plant(dump, part, pieces, rng, 1 if part is body else 0)
            if made is not None:
                found.append(made)
    return found


def _planted(dumps: Iterable[LabelledDump]) -> Iterator[LabelledDump]:
    return (dump for dump in dumps if dump.kind == "planted")


def _site(dump: LabelledDump) -> str:
    return str(dump.row.get("site") or dump.row.get("url"))


def _pieces(dump: LabelledDump) -> Iterator[list[str]]:
    """Runs of lines that are not body, cut into pieces of one to five lines that tell what they are."""
    rng = random.Random(dump.page.text[:80])
    for outside, run in groupby(zip(dump.texts, dump.labels, strict=True), key=lambda row: row[1] is False):
        left = [text for text, _ in run] if outside else []
        while left:
            size = rng.choice(_LINES)
            piece = "\n".join(left[:size])
            if len(piece) <= _LONGEST and _TELLING.search(piece):
                yield left[:size]
            left = left[size:]


def _plant(
    dump: LabelledDump, body: Sequence[str], pieces: Sequence[Sequence[str]], rng: random.Random, first: int
) -> LabelledDump | None:
    """A dump of these paragraphs with the pieces between and behind them; none before the paragraph `first`.

    None where a part of a body is mostly a list or a table: between rows of names nobody could tell what was planted.
    """
    if not pieces or (not first and sum(len(text.split()) >= _PROSE for text in body) < max(2.0, len(body) / 2)):
        return None
    at = sorted(len(body) if rng.random() < _BEHIND else rng.randint(first, len(body)) for _ in pieces)
    out: list[str] = []
    start = 0
    for spot, piece in zip(at, pieces, strict=True):
        out += [*body[start:spot], *piece]
        start = spot
    raw, gold = "\n".join([*out, *body[start:]]), "\n".join(body)
    made = label_dump({**dump.row, "raw": raw, "gold": gold, "kind": "replanted", "planted": pieces}, dump.fold)
    return made if made.labels else None
