"""The arithmetic of docs/scale.md holds for a corpus that is small enough to try it."""

from __future__ import annotations

import random

import pytest

from cleaner.templates.collect import SITE_BITS, Collection
from cleaner.templates.sketch import Sketch
from tests.capacity.model import Corpus, Measured, forecast, sites_by_size
from tests.capacity.simulate import simulate

WITHIN = {
    "dumps that teach": 0.0,
    "sites learned": 0.2,
    "stage 1: bytes shuffled": 0.03,
    "stage 1: MB of a task": 0.15,
    "stage 2: MB of a task": 0.15,
    "stage 1: seconds": 1.5,  # of a machine with other work to do
    "stage 2: seconds": 1.5,
}
"""How far the forecast may be from what was observed: 0.2 is a fifth more, or less in the same ratio."""


def test_forecast_holds_for_a_hundred_thousand_fingerprints() -> None:
    """Bytes, memory and time of sketching and learning, from a sample of 200 dumps."""
    checked = simulate(100_000, sites=1_000, partitions=2, window=1_000, jobs=1, sample=200)
    assert checked.keys() == WITHIN.keys()
    for name, (told, seen) in checked.items():
        assert 1 / (1 + WITHIN[name]) <= told / seen <= 1 + WITHIN[name], f"{name}: {told} told, {seen} seen"


@pytest.mark.parametrize("skew", [0.0, 0.7, 1.0, 1.3])
@pytest.mark.parametrize("sites", [3, 1_000, 70_000])
def test_sites_share_all_dumps(skew: float, sites: int) -> None:
    """No site and no dump is lost in the steps, and sizes fall as the law says."""
    sizes = list(sites_by_size(Corpus(1_000_000, sites, 1, 256, skew, again=0.1, unread=0.2)))
    assert sum(count for count, _ in sizes) == pytest.approx(sites)
    assert sum(count * size for count, size in sizes) == pytest.approx(720_000)
    assert sizes[0][1] / sizes[2][1] == pytest.approx(3**skew)
    assert sizes[0][1] / sizes[-1][1] == pytest.approx(sites**skew, rel=0.01)


@pytest.mark.parametrize("room", [80_000, 40_000, 9_000, 2_000])
def test_room_runs_out_as_in_a_collection(room: int) -> None:
    """The forecast knows how many articles of a site are kept, of which share of the sites, and how many in all."""
    corpus = Corpus(100_000, 2_000, 1, 256, room=room)
    collection, rng = Collection(room), random.Random(1)
    for rank, (_, size) in enumerate(sites_by_size(corpus, alone=corpus.sites)):
        for _ in range(round(size)):
            collection.add(f"site{rank}.example", Sketch(rng.getrandbits(62), b""))
    told = forecast(corpus, Measured(1, 1, 1, 0, 1, 0, ((1, 0),), 0, 0, 1, (0, 0, 0, 0)))
    assert told.sample == collection.sample
    assert 1 - told.left_out == 0.5 ** (SITE_BITS - collection.bits)
    assert told.held == (pytest.approx(len(collection), rel=0.02) if room == 80_000 else room)


def test_arithmetic_by_hand() -> None:
    """Ten sites with ten articles each, reckoned on paper."""
    one = Measured(1, 1000, 900, 0.002, 500, 0.1, ((1, 0.2), (10, 2.0)), 0.03, 0.0001, 700, (100, 120, 130, 50))
    told = forecast(Corpus(100, 10, 4, 50, skew=0), one, scale=2)
    table = 4 + 4 * (5 + 2)  # four partitions of 25,000 bytes
    assert (told.windows, told.written, told.read) == (2, 100_000 + 2 * table, 100_000 + 2 * 4 * table)
    assert told.sketch_s == pytest.approx(0.4) and told.clean_s == pytest.approx(6) and told.output == 140_000
    assert told.learn_s == pytest.approx(2 * 10 * 2.0) and told.only_read == 0 and told.commit_s == pytest.approx(0.02)
    assert told.held == 25 and told.left_out == 0 and told.sample == 256
    assert told.learn_mb == pytest.approx(120 + 25 * (1000 + 250) / 1e6)
