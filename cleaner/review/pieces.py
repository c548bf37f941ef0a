"""An article as it was before: its body with the removed pieces put back where they stood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cleaner.model import Removal

__all__ = ["Line", "Segment", "lines_of", "paragraphs_of"]

_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text, kept, or removed as `removal` says."""

    text: str
    removal: Removal | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the body with what was cut out inside of it, or one removed piece that stood alone.

    `start` and `end` are its place in the body; a removed piece has no length there.
    """

    segments: tuple[Segment, ...]
    start: int
    end: int

    @property
    def kept(self) -> bool:
        return any(segment.removal is None for segment in self.segments)


def lines_of(body: str, removed: Iterable[Removal]) -> list[Line]:
    """The lines of an article before it was cleaned. Removed pieces must be in the order of their places.

    >>> piece = Removal("Subscribe now!", "newsletter", "rule", 1.0, 16, 30, None, 15)
    >>> [[s.text for s in line.segments] for line in lines_of("The river rose.\\n\\nIt fell.", [piece])]
    [['The river rose.'], ['Subscribe now!'], ['It fell.']]
    """
    pieces = sorted(removed, key=lambda removal: removal.at)
    return list(_walk(body, pieces))


def _walk(body: str, pieces: Sequence[Removal]) -> Iterator[Line]:
    todo = 0
    for match in _LINE.finditer(body):
        start, end = match.span()
        while todo < len(pieces) and pieces[todo].at <= start:
            yield _alone(pieces[todo])
            todo += 1
        segments: list[Segment] = []
        at = start
        while todo < len(pieces) and pieces[todo].at < end:
            piece = pieces[todo]
            if piece.at > at:
                segments.append(Segment(body[at : piece.at]))
                at = piece.at
            segments.append(Segment(piece.text, piece))
            todo += 1
        yield Line((*segments, Segment(body[at:end])), start, end)
    yield from map(_alone, pieces[todo:])


def _alone(piece: Removal) -> Line:
    return Line((Segment(piece.text, piece),), piece.at, piece.at)


def paragraphs_of(body: str) -> list[str]:
    """The lines of a body that hold any text."""
    return [line for line in body.split("\n") if line.strip()]
