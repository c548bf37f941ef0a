"""Repairs of characters: each does its work, leaves words alone, and can be left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Settings, clean
from cleaner.errors import SettingsError
from cleaner.text.mend import FIXES, mend

WRAPPED = (
    "The harbour board said on Friday that the old ferry landing would be re-\n"
    "opened in May, and that the boats of the city would again leave every\n"
    "forty minutes from the quay below the market, as they did until the well-\n"
    "known storm of 1987, after which the piers were never rebuilt by anyone\n"
    "although the well-known harbour master asked for money every spring."
)


@pytest.mark.parametrize(
    ("name", "raw", "mended"),
    [
        ("mojibake", "The cafÃ© opened in MÃ¼nchen â€“ late.", "The café opened in München – late."),
        ("mojibake", "SÃO PAULO: a Ãustria não é a Austrália", "SÃO PAULO: a Ãustria não é a Austrália"),
        ("mojibake", "C’est le café\u00a0– «\u00a0vidé\u00a0»", "C’est le café\u00a0– «\u00a0vidé\u00a0»"),
        ("mojibake", "日本語の文です".encode().decode("latin-1"), "日本語の文です"),
        (
            "entities",
            "Salt &amp; pepper, 5 &lt; 6, &#8220;yes&#8221;, caf&eacute;",
            "Salt & pepper, 5 < 6, “yes”, café",
        ),
        (
            "entities",
            "A tag is written &lt;p&gt; and AT&T is a firm; &unknown;",
            "A tag is written &lt;p> and AT&T is a firm; &unknown;",
        ),
        ("entities", "Q&amp;amp;amp;A", "Q&A"),
        ("newlines", "One.\r\n\r\nTwo.\rThree.", "One.\n\nTwo.\nThree."),
        ("composed", "Cafe\u0301", "Café"),
        ("spaces", "10\u00a0km\u2009wide", "10 km wide"),
        (
            "invisible",
            "in\u00advisi\u200bble \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "invisible \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("hyphens", WRAPPED, WRAPPED.replace("re-\nopened", "reopened").replace("well-\nknown", "well-known")),
        ("hyphens", "A list:\n- first-\nsecond", "A list:\n- first-\nsecond"),
    ],
)
def test_fix(name: str, raw: str, mended: str) -> None:
    """A fix repairs what it is for, and nothing that only looks like it; without it the text stays."""
    text, counts = mend(raw, [name])
    assert text == mended
    assert bool(counts) == (raw != mended)
    assert mend(raw, ()) == (raw, {})


@given(st.text(alphabet=st.sampled_from("aé&;#38amplt<- \r\n\xa0\u00ad\u0301Ã©â€™x"), max_size=80))
def test_mending_is_stable(raw: str) -> None:
    """What was mended needs no mending."""
    once = mend(raw, FIXES)[0]
    assert mend(once, FIXES)[0] == once


def test_article_tells_its_fixes() -> None:
    """The article says what was repaired; a setting turns a repair off; an unknown one is an error."""
    raw = "The caf\u00c3\u00a9 &amp; the bar opened on Friday, the owner said.\r\n\r\nIt rained."
    article = clean(raw)
    assert article.body.startswith("The café & the bar")
    assert article.fixes == {"mojibake": 1, "entities": 1, "newlines": 2}
    kept = clean(raw, settings=Settings(fixes=("newlines",)))
    assert "&amp;" in kept.body
    assert kept.fixes == {"newlines": 2}
    assert Settings().fixes == tuple(FIXES)
    with pytest.raises(SettingsError, match="mojibake"):
        Settings(fixes=("mojibak",))


@pytest.mark.parametrize(
    "letter", ["e\u0301", "\u2126", "\u0387", "\u00ce\u0087", "&gt;\u0338", "\u0338", "\u00ce\x1b\u00a1"]
)
def test_pages_are_composed_too(letter: str) -> None:
    """The body of a page is what cleaning that body gives; no tag is composed to a sign."""
    body = clean(f"<html><body><p>{letter} stood on the wall, said the mayor.</p></body></html>").body
    assert body.endswith("stood on the wall, said the mayor.")
    assert clean(body, source_format="text").body == body
