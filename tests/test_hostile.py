"""Whatever is thrown at it: what comes out is known, nothing is raised, and twice the page costs about twice the time."""

from __future__ import annotations

import ast
import time

import pytest

from cleaner import OversizeDumpError, Settings, clean
from tests.conftest import ROOT
from tests.faults import SHOWN, Shown
from tests.hostile import CASES, FLOODS, STORY, Case, happens


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_what_comes_of_it(case: Case) -> None:
    """Each input becomes what the table of the documentation says."""
    assert happens(case) == case.expected


@pytest.mark.parametrize("name", sorted(FLOODS))
def test_text_is_kept_in_linear_time(name: str) -> None:
    """The cost of a page grows with its size and no faster."""
    times = []
    for size in (10_000, 40_000):
        page = FLOODS[name](size)
        start = time.process_time()
        body = clean(page).body
        times.append(time.process_time() - start)
        assert STORY in body
    assert times[1] < 8 * times[0] + 0.5


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.what)
def test_what_is_shown_elsewhere_is_tested(shown: Shown) -> None:
    """The test that the table names is there."""
    file, _, name = shown.test.partition("::")
    tree = ast.parse((ROOT / "tests" / file).read_text("utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.slow
def test_a_line_of_fifty_megabytes() -> None:
    """It is more than a dump may be; the longest that may be is cleaned. (170 bytes of memory for each character.)"""
    raw = STORY + " The river rose again." * 2_300_000
    with pytest.raises(OversizeDumpError):
        clean(raw, source_format="text")
    longest = raw[: Settings().max_chars].rpartition(".")[0] + "."
    assert clean(longest, source_format="text").body == longest
