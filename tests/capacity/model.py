"""The arithmetic: what was measured on a sample, and what follows for a corpus. No clock, no file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Corpus", "Forecast", "Measured", "forecast", "learn_seconds", "sites_by_size"]

_ENTRY = 250  # bytes of memory that a sketch takes besides its own: objects, keys, places in three tables
_PACKED = 3  # times that the sketches of a window are in memory when they are put together
_WINDOW = 256  # dumps of a window of those measured
_TABLE_HEAD = 4  # bytes before the table of a file of sketches


@dataclass(frozen=True)
class Measured:
    """What dumps of one kind cost on one core, in seconds of processor time and in bytes."""

    dumps: int
    """Of the sample."""

    bytes: float
    chars: float
    sketch_s: float
    sketch_bytes: float
    """That a dump adds to what is shuffled, its site's name included."""

    read_s: float
    """To read one sketch that is not kept."""

    learn_s: tuple[tuple[int, float], ...]
    """Articles of a site, seconds to learn that site; in rising order."""

    clean_s: float
    commit_s: float
    row_bytes: float
    peak_mb: tuple[float, float, float, float]
    """Of a task of each stage; that of the second with one site in it."""


@dataclass(frozen=True)
class Corpus:
    """A corpus by its counts. The sizes of sites fall with their rank to the power of `skew`.

    `again` is the share of dumps that are a copy of another one, `unread` of those that cannot be read.
    """

    dumps: int
    sites: int
    partitions: int
    window: int
    skew: float = 1.0
    again: float = 0.0
    unread: float = 0.0
    sample: int = 256
    floor: int = 16
    room: int = 60_000
    least: int = 8


@dataclass(frozen=True)
class Forecast:
    """What a corpus costs: seconds are of one core."""

    windows: int
    sketch_s: float
    sketch_mb: float
    """Memory of a task of stage 1."""

    written: float
    """Bytes of sketches that stage 1 writes."""

    read: float
    """Bytes that stage 2 reads: those, and the table of every file once for each partition."""

    held: float
    """Sketches of one partition in memory, at most."""

    sample: float
    """Articles of a site that are kept, at most."""

    left_out: float
    """Share of the sites for which there is no room."""

    learned: float
    """Sites with enough articles to be learned."""

    learn_s: float
    only_read: float
    """Sketches that are read and not kept, since their site has enough, or no room."""

    only_read_s: float
    learn_mb: float
    """Memory of a task of stage 2."""

    clean_s: float
    commit_s: float
    output: float


def sites_by_size(corpus: Corpus, alone: int = 1000, steps: int = 2000) -> Iterator[tuple[float, float]]:
    """How many sites have how many different articles: the largest one by one, the others in steps of equal ratio."""
    alone = min(corpus.sites, alone)
    ranks = [(1.0, float(rank**-corpus.skew)) for rank in range(1, alone + 1)]
    borders = [(alone + 0.5) * ((corpus.sites + 0.5) / (alone + 0.5)) ** (step / steps) for step in range(steps + 1)]
    if corpus.sites > alone:
        ranks += [(high - low, _integral(low, high, corpus.skew)) for low, high in pairwise(borders)]
    total = sum(weight for _, weight in ranks)
    dumps = corpus.dumps * (1 - corpus.unread) * (1 - corpus.again)
    for count, weight in ranks:
        yield count, dumps * weight / total / count


def _integral(low: float, high: float, skew: float) -> float:
    if abs(skew - 1) < 1e-9:
        return math.log(high / low)
    return float((high ** (1 - skew) - low ** (1 - skew)) / (1 - skew))


def learn_seconds(points: Sequence[tuple[int, float]], articles: float) -> float:
    """The seconds for a site with so many articles, between those that were measured."""
    low = (0, 0.0)
    for high in points:
        if articles <= high[0]:
            return low[1] + (high[1] - low[1]) * (articles - low[0]) / (high[0] - low[0])
        low = high
    return low[1]


def _at_least(least: int, mean: float) -> float:
    """How probable it is that a site has so many articles, which it has in the mean (by Poisson's law)."""
    if mean > 20 * least:
        return 1.0
    return 1 - sum(math.exp(-mean + n * math.log(mean) - math.lgamma(n + 1)) for n in range(least))


def forecast(corpus: Corpus, one: Measured, scale: float = 1.0) -> Forecast:
    """What follows for a corpus. Its dumps are `scale` times as large as those measured."""
    windows = math.ceil(corpus.dumps / corpus.window)
    sketches = corpus.dumps * (1 - corpus.unread)
    body = sketches * one.sketch_bytes * scale
    digits = len(str(int(body / windows / corpus.partitions)))
    table = _TABLE_HEAD + corpus.partitions * (digits + 2)
    sizes = list(sites_by_size(corpus))
    sample, share, held = _room(corpus, sizes)
    kept = sum(count * share * min(size, sample) for count, size in sizes)
    learn = sum(count * share * learn_seconds(one.learn_s, min(size, sample)) for count, size in sizes)
    return Forecast(
        windows,
        sketches * one.sketch_s * scale,
        one.peak_mb[0] + max(0, corpus.window - _WINDOW) * (_PACKED * one.sketch_bytes * scale + _ENTRY) / 1e6,
        body + windows * table,
        body + windows * corpus.partitions * table,
        held,
        sample,
        1 - share,
        sum(count * share * _at_least(corpus.least, size) for count, size in sizes),
        scale * learn,
        sketches - kept,
        (sketches - kept) * one.read_s * scale,
        one.peak_mb[1] + held * (one.sketch_bytes * scale + _ENTRY) / 1e6,
        corpus.dumps * one.clean_s * scale,
        corpus.dumps * one.commit_s * scale,
        corpus.dumps * one.row_bytes * scale,
    )


def _room(corpus: Corpus, sizes: Sequence[tuple[float, float]]) -> tuple[int, float, float]:
    """How many articles of a site are kept, the share of sites that are, and the most sketches that one partition holds.

    First each site keeps half as many at each step, down to a floor; then half of the sites keep theirs.
    """
    sample, share = corpus.sample, 1.0

    def held() -> float:
        return share * sum(count * min(size, sample) for count, size in sizes) / corpus.partitions

    most = held()
    while held() > corpus.room and (sample > corpus.floor or share > 1e-9):
        most = corpus.room
        if sample > corpus.floor:
            sample = max(corpus.floor, sample // 2)
        else:
            share /= 2
    return sample, share, most
