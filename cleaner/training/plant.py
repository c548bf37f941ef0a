"""Dumps made anew: furniture of other sites' pages put between the paragraphs of a known body, so that labels are sure."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from cleaner.detectors.reading import read
from cleaner.training.dumps import LabelledDump, as_read, label_dump, texts_of

__all__ = ["clean_bodies", "plant_anew"]

_FEW, _MANY = (1, 1, 2, 2, 2, 3, 4), (3, 4, 5, 6, 8, 10)  # how many pieces go into one dump
_SHORT = (4, 16)  # paragraphs of a part of a body
_LINES = (1, 2, 3, 4, 5)  # of a piece
_PROSE = 14  # words of a paragraph of prose
_LONGEST = 500  # characters of a line of furniture


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
    """Each planted dump's body twice, with runs of lines of pages in the same fold: once as it is with a few pieces, once
    a short part of it with many, at its top and bottom too.
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
        for part, counts in ((body, _FEW), (body[start : start + rng.randint(*_SHORT)], _MANY)):
            pool = [piece for site, piece in rng.choices(pools.get(dump.fold, [("", [])]), k=15) if site != _site(dump)]
            pieces = [p for p in pool if p][: rng.choice(counts)]
            made = _plant(dump, part, pieces, rng, 0 if counts is _MANY else 1)
            if made is not None:
                found.append(made)
    return found


def _planted(dumps: Iterable[LabelledDump]) -> Iterator[LabelledDump]:
    return (dump for dump in dumps if dump.kind == "planted")


def _site(dump: LabelledDump) -> str:
    return str(dump.row.get("site") or dump.row.get("url"))


def _pieces(dump: LabelledDump) -> Iterator[list[str]]:
    """Runs of lines that are not body, cut into pieces of one to five lines, one of which the lexicon knows: what is
    furniture only by its place in the page is not furniture between other paragraphs.
    """
    rng = random.Random(dump.page.text[:80])
    lines = read(dump.page).lines
    rows = zip(lines, dump.labels, strict=True)
    for outside, run in groupby(rows, key=lambda row: row[1] is False and len(row[0].text) <= _LONGEST):
        left = [line for line, _ in run] if outside else []
        while left:
            size = rng.choice(_LINES)
            if any(line.hits for line in left[:size]):
                yield [line.text for line in left[:size]]
            left = left[size:]


def _plant(
    dump: LabelledDump, body: Sequence[str], pieces: Sequence[Sequence[str]], rng: random.Random, first: int
) -> LabelledDump | None:
    """A dump of these paragraphs with the pieces before, between and behind them; none before the paragraph `first`.

    None where they are mostly a list or a table: between rows of names nobody could tell what was planted.
    """
    if not pieces or sum(len(text.split()) >= _PROSE for text in body) < max(2.0, len(body) / 2):
        return None
    at = sorted(rng.randint(first, len(body)) for _ in pieces)
    out: list[str] = []
    start = 0
    for spot, piece in zip(at, pieces, strict=True):
        out += [*body[start:spot], *piece]
        start = spot
    raw, gold = "\n".join([*out, *body[start:]]), "\n".join(body)
    made = label_dump({**dump.row, "raw": raw, "gold": gold, "kind": "replanted", "planted": pieces}, dump.fold)
    return made if made.labels else None
