"""Pages made to hurt: the text is kept, nothing is raised, and twice the page costs about twice the time."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from cleaner import clean

PROSE = "<p>The river rose on Monday, and by noon the town of Brightmoor was under water, the mayor said.</p>" * 3
OPEN = "<html><body>"

PAGES: dict[str, Callable[[int], str]] = {
    "comments that never end": lambda n: OPEN + "<!--" * n + PROSE,
    "comments behind the text": lambda n: OPEN + PROSE + "<!--" * n,
    "comments in a comment": lambda n: OPEN + "<!--" * n + "-->" + PROSE,
    "a long doctype": lambda n: f"<!DOCTYPE {'x' * 4 * n}><html><body>{PROSE}",
    "tags that never end": lambda n: OPEN + "<a " * n + PROSE,
    "values that never end": lambda n: OPEN + '<a href="' * n + PROSE,
    "marked sections": lambda n: OPEN + "<![CDATA[" * n + PROSE,
    "instructions": lambda n: OPEN + "<?" * n + PROSE,
    "angle brackets": lambda n: OPEN + PROSE + "<" * 4 * n,
    "nested elements": lambda n: OPEN + "<div>" * n + PROSE + "</div>" * n,
    "nested emphasis": lambda n: OPEN + "<b>" * n + PROSE,
    "nested tables": lambda n: OPEN + PROSE + "<table><tr><td>" * n,
    "attributes": lambda n: f"{OPEN}<div {' '.join(f'a{i}=1' for i in range(n))}>{PROSE}",
    "short paragraphs": lambda n: OPEN + PROSE + "<p>a b</p>" * n,
    "line breaks": lambda n: OPEN + PROSE + "<br>" * n,
    "end tags": lambda n: OPEN + PROSE + "</x>" * n,
    "NULs and lone surrogates": lambda n: OPEN + PROSE + "\0\ud800" * n,
}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_text_is_kept_in_linear_time(name: str) -> None:
    """The cost of a page grows with its size and no faster."""
    times = []
    for size in (10_000, 40_000):
        page = PAGES[name](size)
        start = time.process_time()
        body = clean(page).body
        times.append(time.process_time() - start)
        assert "The river rose on Monday" in body
    assert times[1] < 8 * times[0] + 0.5
