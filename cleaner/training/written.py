"""Dumps made of texts that were written for training: furniture and articles of many languages, so that labels are sure.

A folder holds for a language `furniture-LANG.txt`, whose pieces begin with a line `%% category`, `articles-LANG.txt`, whose
articles begin with `%% article`, a paragraph a line, and perhaps `headers-LANG.txt`, which has for the first articles, in
the same order, what stands above them: after a line `%% header` headline, byline and the like.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from cleaner.errors import InputError
from cleaner.training.dumps import LabelledDump, as_read, fold_of, label_dump, tell_sources, texts_of

__all__ = ["WRITTEN", "Sample", "read_samples", "read_written"]

WRITTEN = "written"
"""The kind of these dumps."""


class Sample(NamedTuple):
    """The lines of one text: an article, or a piece of furniture; with the fold that it is of."""

    lines: Sequence[str]
    label: bool
    fold: int


_MARK = "%% "
_SIZES = ((0, 0), (1, 4), (4, 9), (8, 18))  # pieces in a dump of an article, from none to those of a whole page
_BEHIND, _ABOVE = 0.45, 0.2  # shares of the pieces behind and above the article
_HEADED = 0.75  # share of the dumps with furniture that have a header, too


def read_written(folder: str, seed: int = 1) -> list[LabelledDump]:
    """For each article of a folder the article itself, and three dumps of it with few, more and many pieces of furniture of its
    language between, above and behind its paragraphs.

    A piece is of a fold of its own, as if it were of another site. Raises `InputError` for a folder without texts, or a
    text that does not begin with a mark.
    """
    rng = random.Random(seed)
    found: list[LabelledDump] = []
    for path in sorted(Path(folder).glob("articles-*.txt")):
        language = path.stem.partition("-")[2]
        pieces = [piece for _, piece in _marked(path.with_name(f"furniture-{language}.txt"))]
        bodies = [body for _, body in _marked(path)]
        for number, (body, header) in enumerate(zip(bodies, _headers(path, language, len(bodies)), strict=True)):
            site = f"{WRITTEN}-{language}-{number}"
            for step, (least, most) in enumerate(_SIZES):
                chosen = rng.sample(pieces, min(len(pieces), rng.randint(least, most)))
                found.append(
                    _planted(
                        f"{site}-{step}", site, header if chosen and rng.random() < _HEADED else [], body, chosen, rng
                    )
                )
    if not found:
        raise InputError(f"{folder}: no articles-LANG.txt with furniture-LANG.txt beside it.")
    return [dump for dump in found if dump.labels]


def read_samples(folder: str) -> list[Sample]:
    """Each article, its header and each piece of furniture of a folder once, to learn words from."""
    found = []
    paths = [path for kind in ("articles", "furniture", "headers") for path in Path(folder).glob(f"{kind}-*.txt")]
    for path in sorted(paths):
        kind, _, language = path.stem.partition("-")
        for number, (_, lines) in enumerate(_marked(path)):
            site = lines[0] if kind == "furniture" else f"{WRITTEN}-{language}-{number}"
            texts = texts_of(as_read("\n".join(lines)))
            found.append(Sample(texts, kind == "articles", fold_of({"site": site})))
    return found


def _headers(path: Path, language: str, count: int) -> list[list[str]]:
    """The header of each article; nothing for the last ones where there are fewer."""
    headers = path.with_name(f"headers-{language}.txt")
    found = [header for _, header in _marked(headers)] if headers.exists() else []
    if len(found) > count:
        raise InputError(f"{headers}: {len(found)} headers for {count} articles.")
    return found + [[] for _ in range(count - len(found))]


def _marked(path: Path) -> Iterator[tuple[str, list[str]]]:
    """The category and the lines of each text of a file."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeError) as exc:
        raise InputError(f"{path}: {getattr(exc, 'strerror', None) or exc}") from exc
    name, text = "", list[str]()
    for line in [*filter(str.strip, lines), _MARK]:
        if not line.startswith(_MARK):
            if not name:
                raise InputError(f"{path}: a text must begin with a line such as `{_MARK}newsletter`.")
            text.append(line)
            continue
        if text:
            yield name, text
        elif name:
            raise InputError(f"{path}: nothing stands below a line `{_MARK}{name}`.")
        name, text = line.removeprefix(_MARK).strip(), []


def _planted(
    name: str,
    site: str,
    header: Sequence[str],
    body: Sequence[str],
    pieces: Sequence[Sequence[str]],
    rng: random.Random,
) -> LabelledDump:
    """The article below its header, with these pieces above, between and behind its paragraphs."""
    parts = [header, *([text] for text in body)] if header else [[text] for text in body]
    spots = sorted(_spot(len(parts), rng) for _ in pieces)
    out: list[str] = []
    at = 0
    for spot, piece in zip(spots, pieces, strict=True):
        out += [*chain.from_iterable(parts[at:spot]), *piece]
        at = spot
    gold = {"site": site, "kind": WRITTEN if pieces else "clean", "gold": "\n".join(body)}
    row = {"id": name, **gold, "raw": "\n".join([*out, *chain.from_iterable(parts[at:])])}
    dump = label_dump({**row, "planted": ["\n".join(piece) for piece in pieces]}, fold_of(gold))
    lines = ((line, piece[0]) for piece in pieces for line in texts_of(as_read("\n".join(piece))))
    tell_sources(dump, {line: fold_of({"site": first}) for line, first in lines})
    return dump


def _spot(parts: int, rng: random.Random) -> int:
    """How many paragraphs of the article, and its header, stand above a piece."""
    chance = rng.random()
    return rng.randint(0, 1) if chance < _ABOVE else parts if chance > 1.0 - _BEHIND else rng.randint(1, parts)
