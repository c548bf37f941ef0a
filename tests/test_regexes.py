"""Every regular expression of the package takes time that grows with the text, and no faster."""

from __future__ import annotations

import re
import signal
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from tests.regexes import Regex, all_regexes, hostile_texts, loose_nests, parsed

SHORT, LONG = 1_000, 4_000
FLOOR = 0.0007
"""Seconds for the long text that are no sign of anything: a square of four thousand characters takes ten times as much."""

STEEPEST = 8
"""How many times longer four times the text may take: 4 where the cost is linear, 16 where it is a square."""

ENDLESS = 1.5
"""Seconds of the processor for one try: an exponential pattern would take longer than anybody lives."""


class _EndlessError(Exception):
    pass


@contextmanager
def limited() -> Iterator[None]:
    """Ends a match that takes too long; `re` looks for signals while it matches."""

    def end(number: int, frame: FrameType | None) -> None:
        raise _EndlessError

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, ENDLESS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def text_of(pattern: re.Pattern[Any], parts: tuple[str, str, str], size: int) -> Any:
    """The text of about that size, in bytes where the pattern is."""
    before, pump, end = parts
    text = before + pump * (size // len(pump)) + end
    return text.encode("utf-8") if isinstance(pattern.pattern, bytes) else text


def seconds(pattern: re.Pattern[Any], method: str, text: Any) -> float:
    """How long a method takes for all that it finds."""
    start = time.thread_time()
    found = getattr(pattern, method)(text)
    if method == "finditer":
        deque(found, maxlen=0)
    return time.thread_time() - start


def steep(pattern: re.Pattern[Any], method: str, parts: tuple[str, str, str]) -> float:
    """How many times longer four times the text takes; 0 where that is no matter."""
    short, long = (text_of(pattern, parts, size) for size in (SHORT, LONG))
    slowest = seconds(pattern, method, long)
    if slowest < FLOOR or slowest <= STEEPEST * seconds(pattern, method, short):
        return 0
    for _ in range(2):  # twice in a row: a machine may be busy once
        slowest = min(slowest, *(seconds(pattern, method, long) for _ in range(2)))
        ratio = slowest / min(seconds(pattern, method, short) for _ in range(3))
        if ratio <= STEEPEST or slowest < FLOOR:
            return 0
    return ratio


def faults(pattern: re.Pattern[Any], methods: frozenset[str], most: int = 3) -> list[str]:
    """The texts for which a pattern is slow, the first of them."""
    found: list[str] = []
    for parts in hostile_texts(pattern):
        for method in sorted(methods):
            try:
                with limited():
                    ratio = steep(pattern, method, parts)
            except _EndlessError:
                ratio = float("inf")
            if ratio:
                found.append(f"{method} {parts}: x {ratio:.0f}")
        if len(found) >= most:
            break
    return found


REGEXES = all_regexes()


def test_all_patterns_are_found() -> None:
    """Those of modules, of tables, of functions that make them of data, and those within calls."""
    places = {regex.place.partition(":")[0] for regex in REGEXES}
    assert places >= {
        "cleaner.text.people._STOP", "cleaner.detectors.shapes._SHAPES", "cleaner.detectors.bylines._time",
        "cleaner.detectors.bylines", "cleaner.metadata.sites._site_patterns", "cleaner.io.httpbody._CHUNK",
    }  # fmt: skip
    assert len(REGEXES) > 200


@pytest.mark.parametrize("regex", REGEXES, ids=lambda regex: regex.place)
def test_every_pattern_is_linear(regex: Regex) -> None:
    """Four times a text made of the pattern's own pieces takes about four times as long."""
    assert faults(regex.pattern, regex.methods) == []


@pytest.mark.parametrize("regex", REGEXES, ids=lambda regex: regex.place)
def test_no_pattern_repeats_a_repeat(regex: Regex) -> None:
    """Where nothing must stand between two rounds, the ways to match grow without bounds."""
    assert loose_nests(parsed(regex.pattern)) == []


@pytest.mark.parametrize(
    ("text", "method"),
    [(r"(a+)+b", "search"), (r"\d+(?:[.,]?\d+)*x", "match"), (r"\s+$", "search"), (r"\s*[,;]\s*", "finditer"),
     (r"(?:\w+\s?)*=", "match"), (r".*a.*b.*c", "match"), (r"<[^>]*>", "finditer")],
)  # fmt: skip
def test_slow_patterns_are_caught(text: str, method: str) -> None:
    """The texts make patterns slow that are known to be: the test above can fail."""
    assert faults(re.compile(text), frozenset({method}), most=1)


def test_nests_are_caught() -> None:
    """A repeat of repeats is seen, also through groups; one with a sign between the rounds is none."""
    loose = [text for text in (r"(a+)+", r"(?:[.,]?\d+)*", r"(?:((?:a)*))+", r"(?:,\d+)*", r"(?:a+b)*") if nests(text)]
    assert loose == [r"(a+)+", r"(?:[.,]?\d+)*", r"(?:((?:a)*))+"]


def nests(text: str) -> list[str]:
    return loose_nests(parsed(re.compile(text)))
