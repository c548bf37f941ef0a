"""What a caller may hand in, and what a wrong argument is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cleaner import Settings, SettingsError, clean

STORY = "The river rose on Monday and the bridge was closed."
PAGE = f"<html><body><article><p>{STORY} It fell again on Friday, the mayor said.</p></article></body></html>"


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_likes_are_dumps(kind: Any) -> None:
    """What holds bytes is read as bytes."""
    assert clean(kind(STORY.encode())).body == STORY


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ({"raw": None}, "a dump must be str or bytes, not NoneType"),
        ({"raw": Path("x.txt")}, "path.read_bytes()"),
        ({"raw": open}, "not builtin_function_or_method"),
        ({"raw": STORY, "url": b"http://x.org"}, "url must be a str or None, not bytes"),
        ({"raw": STORY, "settings": {"keep": []}}, "write Settings(**options)"),
        ({"raw": STORY, "settings": "s.toml"}, "load_settings()"),
    ],
)
def test_wrong_types_are_told(args: dict[str, Any], says: str) -> None:
    """A wrong type is a TypeError that says what was meant, before any work."""
    with pytest.raises(TypeError) as caught:
        clean(**args)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"max_chars": "5"}, "max_chars = '5' has the wrong type; expected a whole number"),
        ({"min_body_words": True}, "expected a whole number"),
        ({"keep": "caption"}, "expected a list of strings, such as ['caption']"),
        ({"keep": None}, "keep = None has the wrong type"),
        ({"keep": (1,)}, "keep = [1] has the wrong type"),
        ({"judge": None}, "expected a string"),
    ],
)
def test_settings_check_their_types(options: dict[str, Any], says: str) -> None:
    """A setting of the wrong type is a SettingsError, also without a file."""
    with pytest.raises(SettingsError) as caught:
        Settings(**options)
    assert says in str(caught.value)


def test_keep_takes_lists_and_sets() -> None:
    """Any collection of names will do; it becomes a tuple, so that settings can be compared and hashed."""
    options: list[Any] = [["poll", "caption"], {"caption", "poll"}]
    assert {Settings(keep=given) for given in options} == {Settings(keep=("caption", "poll"))}


@pytest.mark.parametrize(
    "url",
    ["http://[::1", "http://[x]/", "http://x.org:port/", "http://x.org:99999/a", "http://\u2100.org", "//[", "a\ud800"],
)
@pytest.mark.parametrize("raw", [STORY, PAGE], ids=["text", "html"])
def test_broken_url_costs_nothing(url: str, raw: str) -> None:
    """An address that no parser takes is ignored; the article is the same as without it."""
    assert clean(raw, url).body == clean(raw).body


@pytest.mark.parametrize("raw", ["{}", "<html><head><title>{}</title></head><body><p>{}</p></body></html>"])
def test_lone_surrogates_become_replacement_characters(raw: str) -> None:
    """A string that UTF-8 cannot hold is cleaned like broken bytes: U+FFFD; the halves of a pair are joined."""
    article = clean(raw.replace("{}", STORY + " It was \ud800 wet \ud83c\udf0a there."))
    assert "It was \ufffd wet \U0001f30a there." in article.body
    assert json.loads(article.to_json())["body"].encode() == article.body.encode()
