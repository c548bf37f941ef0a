"""Single lines between two paragraphs of prose: what resembles furniture stays, what is furniture goes."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from cleaner import clean
from tests.conftest import FIXTURES

ABOVE = (
    "The old ferry landing at Brightmoor will open again in May, the harbour board said on Friday, after nine years in "
    "which the pier was closed to boats and walkers alike."
)
BELOW = (
    "Boats left the pier every forty minutes until 1987, when the bridge was built, and the last crew took the bell of "
    "the landing home to a barn above the river."
)
CASES = tomllib.loads((FIXTURES / "between-prose.toml").read_text("utf-8"))


def body_of(text: str) -> list[str]:
    return clean(text, source_format="text").body.split("\n")


@pytest.mark.parametrize("lines", CASES["stays"])
def test_prose_stays(lines: str) -> None:
    """Every line stays, between prose and as the first words of a paragraph's neighbour."""
    assert body_of(f"{ABOVE}\n\n{lines}\n\n{BELOW}") == f"{ABOVE}\n\n{lines}\n\n{BELOW}".split("\n")


@pytest.mark.parametrize("lines", CASES["goes"])
def test_furniture_goes(lines: str) -> None:
    """Furniture that stands alone still goes."""
    assert body_of(f"{ABOVE}\n\n{lines}\n\n{BELOW}") == [ABOVE, "", BELOW]


@pytest.mark.parametrize("lines", CASES["ends"])
def test_furniture_at_the_end_goes(lines: str) -> None:
    """What may stand between paragraphs is furniture behind the last one."""
    assert body_of(f"{ABOVE}\n\n{BELOW}\n\n{lines}") == [ABOVE, "", BELOW]


@pytest.mark.parametrize("sentence", CASES["glued"])
def test_glued_furniture_goes(sentence: str) -> None:
    """A sentence that is furniture from its first to its last word goes from the middle of a paragraph, too."""
    assert body_of(f"{ABOVE} {sentence} {BELOW}") == [f"{ABOVE} {BELOW}"]


@pytest.mark.parametrize("case", CASES["polls"], ids=lambda case: case["raw"][18:60])
def test_poll_ends_where_prose_goes_on(case: dict[str, Any]) -> None:
    """A poll goes with all of its options, and not with the sentence after it."""
    article = clean(case["raw"], source_format="text")
    assert article.body == case["body"]
    assert [option.label for poll in article.widgets for option in poll.options] == case["options"]


PROSE = f"\n\n{ABOVE}\n\n{BELOW}"
# What is a header in full has nothing below it to be the header of, were it alone.
TOPS = [(case, below) for case in CASES["tops"] for below in (PROSE, "") if below or not case["gone"]]


@pytest.mark.parametrize(
    ("case", "below"), TOPS, ids=lambda part: part["raw"][:20] if isinstance(part, dict) else part[:6]
)
def test_top_of_a_text(case: dict[str, Any], below: str) -> None:
    """Equal lines, headings like bylines and the days of a diary are no header; a header is one."""
    article = clean(case["raw"] + below, source_format="text")
    kept = [line for line in case["raw"].split("\n") if line and line not in case["gone"]]
    assert [line for line in article.body.split("\n") if line] == kept + [ln for ln in below.split("\n") if ln]
    assert bool(article.metadata.authors) == bool(case["gone"])
