"""Every fixture becomes its article: realistic dumps, and negatives that must lose nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from cleaner import Article, clean
from tests.conftest import Case, load_cases


def squash(text: str) -> str:
    return " ".join(text.split())


def problems(article: Article, expected: dict[str, Any]) -> list[str]:
    """What of an expected article is not so; one line each."""
    found = [*_body_problems(article, expected), *_removal_problems(article, expected)]
    told = article.to_dict()
    for name, value in expected.get("metadata", {}).items():
        day_only = name.startswith("date") and value is not None and len(value) == 10
        if (str(told[name])[:10] if day_only else told[name]) != value:
            found.append(f"metadata {name}: {told[name]!r}, expected {value!r}")
    if "polls" in expected:
        polls = [
            {
                "question": poll.question,
                "options": [{"label": o.label, "percent": o.percent, "votes": o.votes} for o in poll.options],
            }
            for poll in article.widgets
        ]
        if polls != expected["polls"]:
            found.append(f"polls: {polls}, expected {expected['polls']}")
    return found


def _body_problems(article: Article, expected: dict[str, Any]) -> list[str]:
    body, found = squash(article.body), []
    if "body" in expected and article.body != expected["body"]:
        mine, theirs = article.body.split("\n"), expected["body"].split("\n")
        found += [f"lost: {line!r}" for line in theirs if line not in mine]
        found += [f"left in: {line!r}" for line in mine if line not in theirs]
        found = found or ["the body differs in its line breaks"]
    found += [f"lost: {s!r}" for s in expected.get("must_have", []) if squash(s) not in body]
    found += [f"left in: {s!r}" for s in expected.get("must_not_have", []) if squash(s) in body]
    return found


def _removal_problems(article: Article, expected: dict[str, Any]) -> list[str]:
    found = []
    for row in expected.get("removed", []):
        names = {r.category for r in article.removed if r.text.startswith(row["starts"].strip())}
        if row["category"] not in names:
            found.append(f"removed as {sorted(names) or 'nothing'}, expected {row['category']}: {row['starts']!r}")
    missing = set(expected.get("removed_categories", [])) - {r.category for r in article.removed}
    return found + [f"nothing removed as {name}" for name in sorted(missing)]


@pytest.mark.parametrize("case", load_cases("realistic"))
def test_realistic_dump_becomes_its_article(case: Case) -> None:
    """A dump in the shape of real ones becomes its article, to the character and to the category."""
    assert problems(clean(case.raw, case.expected.get("url")), case.expected) == []


@pytest.mark.parametrize("case", load_cases("negative"))
def test_negative_loses_nothing(case: Case) -> None:
    """Text that only resembles furniture stays whole."""
    article = clean(case.raw)
    assert problems(article, case.expected) == []
    assert article.removed == ()


@pytest.mark.parametrize("case", load_cases("known-failing"))
@pytest.mark.xfail(strict=True, reason="known to fail; when it passes, move it to realistic or negative")
def test_known_failing_still_fails(case: Case) -> None:
    """A known weakness; the strict mark makes the day it is cured visible."""
    assert problems(clean(case.raw, case.expected.get("url")), case.expected) == []


def test_fixtures_cover_what_they_should() -> None:
    """At least 60 dumps over all categories of text furniture, a third of them negatives."""
    realistic, negative = load_cases("realistic"), load_cases("negative")
    named = {row["category"] for p in realistic for row in p.values[0].expected.get("removed", [])}
    assert len(realistic) + len(negative) >= 60
    assert 2 * len(negative) >= len([p for p in realistic if "body" in p.values[0].expected]) * 0.66
    assert len(named) >= 26


def test_share_of_exact_texts(capsys: pytest.CaptureFixture[str]) -> None:
    """Of the text dumps in nine languages, the known failures among them, four fifths become their article exactly."""
    cases = [p.values[0] for folder in ("realistic", "negative", "known-failing") for p in load_cases(folder)]
    texts = [case for case in cases if case.is_text and "body" in case.expected]
    exact = [case for case in texts if clean(case.raw, case.expected.get("url")).body == case.expected["body"]]
    languages = Counter(case.name.rpartition("-")[2] for case in texts)
    with capsys.disabled():
        print(f"\nexact: {len(exact)} of {len(texts)} texts; by language: {dict(sorted(languages.items()))}")
    assert len(texts) >= 80 and len(exact) >= 0.8 * len(texts)
    assert len(load_cases("negative")) >= 24
    assert all(languages[code] >= 5 for code in ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv"))


def test_seed_is_exact(seed: tuple[str, dict[str, Any]]) -> None:
    """The user's own example becomes its article to the character."""
    raw, expected = seed
    article = clean(raw)
    assert article.body == expected["body"]
    assert problems(article, {k: v for k, v in expected.items() if k != "source"}) == []
    assert [
        (r.category, r.text[: len(e["starts"])]) for r, e in zip(article.removed, expected["removed"], strict=True)
    ] == [(e["category"], e["starts"]) for e in expected["removed"]]
