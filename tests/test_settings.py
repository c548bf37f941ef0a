"""Settings: every mistake is told with its place and its mend; what is right is frozen, comparable and travels."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Settings, SettingsError, clean, load_settings
from cleaner.data import default_thresholds, ranges, thresholds
from cleaner.settings.places import line_of
from cleaner.settings.regexes import LONGEST, MOST_WAYS, reason_against

FULL: dict[str, Any] = {
    "keep": ["caption"],
    "phrases": {"any": {"newsletter": ["get our weekly digest"]}, "en": {"event": ["(book|get) your seat"]}},
    "sites": {"Example.com": {"drop": [".a"], "drop_text": ["Ferry times…"], "keep_text": ["A"], "patterns": ["x+"]}},
    "thresholds": {"rules": {"longest_sentence": 40}, "lines": {"stake": 3.5}},
}

WRONG = [
    ('mode = "recal"', "s.toml:1: mode: 'recal' is not one of balanced, precision, recall. Did you mean 'recall'?"),
    ("\nkep = []", "s.toml:2: unknown setting 'kep'. Did you mean 'keep'?"),
    ('keep = [\n  "poll",\n  "captoin",\n]', "s.toml:3: keep: unknown category 'captoin'. Did you mean 'caption'?"),
    ("phrases = 1", "expected tables: [phrases.any] newsletter"),
    ("[phrases]\nnewsletter = ['x y']", "s.toml:2: phrases.newsletter = ['x y'] is no table; write [phrases.any]"),
    ("[phrases.newsletter]\nx = ['x y']", "no such language. Write [phrases.any] newsletter = […]."),
    ("[phrases.xx]\npoll = ['x y']", "s.toml:1: phrases.xx: no such language. Known: any, de, en"),
    (
        "[phrases.en]\nnewsleter = ['x y']",
        "s.toml:2: phrases.en: unknown category 'newsleter'. Did you mean 'newsletter'?",
    ),
    ("[phrases.en]\npoll = 'vote'", "s.toml:2: phrases.en.poll = 'vote' is no list of strings. Write ['vote']."),
    ("[phrases.en]\npoll = ['vote now',\n'the']", "s.toml:3: phrases.en.poll: 'the' is a word of any prose"),
    ("[phrases.en]\npoll = ['(vote']", "a bracket without its other half"),
    ("[phrases.en]\npoll = ['* …']", "'* …' holds no word"),
    (f"[phrases.en]\npoll = ['{'vote ' * 50}']", "longer than 200 characters"),
    ('[sites."a.org"]\ndrop_txt = []', "s.toml:2: sites.a.org: unknown key 'drop_txt'. Did you mean 'drop_text'?"),
    ('[sites."https://a.org/x"]\ndrop = []', "a domain is wanted, not an address: [sites.'a.org']"),
    ('[sites."a.org"]\ndrop = ["a[["]', "s.toml:2: sites.a.org.drop: 'a[[' is not a CSS selector"),
    ('[sites."a.org"]\ndrop_text = [" … "]', "holds no word"),
    ('[sites."a.org"]\nkeep_text = ["a\\nb"]', "holds a line break"),
    ("[sites.'a.org']\npatterns = [\n'(a+)+b']", "s.toml:3: sites.a.org.patterns: '(a+)+b' could take ages"),
    ("[sites.'a.org']\npatterns = ['(a']", "is not a regular expression (missing )"),
    ("[sites.'a.org']\npatterns = ['.*']", "matches an empty line"),
    (f"[sites.'a.org']\npatterns = ['{'a' * 501}']", "longer than 500 characters"),
    ("[thresholds.ruls]\nhas = 0.5", "s.toml:1: thresholds.ruls: no such table of settings. Did you mean 'rules'?"),
    ("[thresholds.sites]\nsample = 9", "thresholds.sites: no such table of settings. It cannot be changed."),
    ("[thresholds.rules]\nhass = 0.5", "s.toml:2: thresholds.rules: unknown number 'hass'. Did you mean 'has'?"),
    ("[thresholds.rules]\nhas = 1.5", "thresholds.rules.has = 1.5 must be from 0.1 to 1 (default 0.9)"),
    ("[thresholds.rules]\nhas = nan", "thresholds.rules.has = nan must be from 0.1 to 1"),
    ("[thresholds.rules]\nblock_words = 9.5", "must be a whole number (default 90)"),
    ("[thresholds.rules]\nhas = true", "thresholds.rules.has = true is no number"),
    ("max_chars = 0", "s.toml:1: max_chars must be at least 1"),
    ("mode = ", "s.toml: not valid TOML"),
    ("a = " + "[" * 5000, "s.toml: not valid TOML: brackets within brackets"),
    ('\n[site."a.org"]\ndrop = []', "s.toml:2: unknown setting 'site'. Did you mean 'sites'?"),
    ("\n[phrase.en]\npoll = ['x y']", "s.toml:2: unknown setting 'phrase'. Did you mean 'phrases'?"),
    ("\n[[sites]]\na = 1", "s.toml:2: sites = [{a = 1}] has the wrong type; expected tables: [sites."),
    (
        "keep = 'caption'",
        "s.toml:1: keep = 'caption' has the wrong type; expected a list of strings, such as ['caption'].",
    ),
    ("keep = [1, true]", "keep = [1, true] has the wrong type; expected a list of strings."),
    ('[sites.""]\ndrop = []', "s.toml:1: sites.'': no site is called so; give a domain"),
    ("[sites.' a.org']\ndrop = []", "s.toml:1: sites. a.org: no site is called so"),
    ('[sites."*.a.org"]\ndrop = []', "a domain is wanted, without *: [sites.'a.org'] counts below it, too"),
    ("[phrases.en]\npoll = ['hear ((the|a)|our) tides']", "has brackets within brackets; write each choice in full"),
    ("[phrases.en]\npoll = [')hear( the tides']", "has a bracket without its other half"),
    ("[phrases.en]\npoll = ['hear (the] tides']", "has a bracket without its other half"),
    ("[phrases.en]\npoll = ['hear (|) tides']", "has a bracket with nothing in it"),
    ("[phrases.en]\npoll = ['hear [] tides']", "has a bracket with nothing in it"),
    ("[phrases.en]\npoll = ['hear | tides']", "has a | outside of brackets; write (one|other)"),
    ("[sites.'a.org']\npatterns = ['(.*)(.*)\\1y']", "refers back to a group"),
    ("[sites.'a.org']\npatterns = ['x(?:(?P<a>b)|c(?=(?P=a)))']", "refers back to a group"),
]


@pytest.mark.parametrize(("text", "says"), WRONG)
def test_every_mistake_has_its_line_and_its_mend(text: str, says: str, tmp_path: Path) -> None:
    """A wrong file names itself, the line, what is wrong, and what was perhaps meant."""
    path = tmp_path / "s.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    assert says in str(caught.value).replace(f"{tmp_path}/", "")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """One line for each, also for unknown names and wrong values together."""
    path = tmp_path / "s.toml"
    path.write_text('mod = "x"\njudge = "cleanr"\n[phrases.en]\npol = ["vote now"]\n', "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    assert [line.split(": ")[0][-1] for line in str(caught.value).splitlines()] == ["1", "2", "4"]
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_wrong_type_hides_no_other_mistake(tmp_path: Path) -> None:
    """What is of the wrong type is left aside, and everything else is looked at, also in the same table."""
    path = tmp_path / "s.toml"
    path.write_text('mode = 3\njudge = "cleanr"\n[phrases.en]\npoll = "x y"\npol = ["x y"]\nform = ["the"]\n', "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    told = str(caught.value).replace(f"{path}:", "").splitlines()
    assert sorted(line.partition(": ")[0] for line in told) == ["1", "2", "4", "5", "6"]


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """Some editors write one, also above a file whose lines are told."""
    path = tmp_path / "s.toml"
    path.write_bytes(b'\xef\xbb\xbfkeep = ["caption"]\n')
    assert load_settings(path).keep == ("caption",)


def test_settings_compare_hash_and_travel() -> None:
    """Equal options are equal settings, in another process too, and nobody can change them from outside."""
    made = Settings(**FULL)
    assert made == Settings(**FULL) == pickle.loads(pickle.dumps(made))
    assert hash(made) == hash(pickle.loads(pickle.dumps(made)))
    theirs = {"any": {"poll": ["vote for us"]}}
    frozen = Settings(phrases=theirs)
    theirs["any"]["poll"].append("never")
    assert frozen.phrases == {"any": {"poll": ("vote for us",)}}


def test_tables_of_a_site() -> None:
    """A table counts for the domain and what stands below it; the nearest comes last."""
    made = Settings(sites={"Example.com": {"drop": ["a"]}, "news.example.com": {"drop": ["b"]}, "www.x.org": {}})
    assert [t["drop"] for t in made.rules_of("NEWS.example.com")] == [("a",), ("b",)]
    assert [t["drop"] for t in made.rules_of("m.example.com")] == [("a",)]
    assert made.rules_of("notexample.com") == made.rules_of(None) == made.rules_of("") == []
    assert made.rules_of("x.org") == [{}]


def test_thresholds_change_one_call_only() -> None:
    """Numbers of the settings count within the call, and are gone after it."""
    text = (
        "The river rose on Monday, and all boats stayed in the harbour.\n\nPlease sign up for our free newsletter today"
    )
    strict = Settings(thresholds={"rules": {"block_share": 1.0, "longest_sentence": 3, "whole": 0.5}}, judge="rules")
    assert clean(text).removed
    assert not clean(text, settings=strict).removed
    assert thresholds() is default_thresholds()


def test_every_number_may_be_what_it_is() -> None:
    """The defaults are within the ranges, and every table is either open or closed on purpose."""
    own = {name: dict(default_thresholds()[name]) for name in ranges()["numbers"]}
    assert Settings(thresholds=own).thresholds == own
    assert set(default_thresholds()) - set(own) == {"sites"}


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "(a|a)*b",
        "(a|aa)+$",
        r"(\w+\s?)*x",
        "(.*)*",
        "a?" * 30 + "a" * 30,
        ".*.*.*x",
        "(?:(?:ab?)+c?)+",
        r"(x+x+)+y",
    ],
)
def test_patterns_with_too_many_ways_are_refused(pattern: str) -> None:
    """What makes Python's `re` try for ever never reaches a dump."""
    assert "could take ages" in str(reason_against(pattern))


@pytest.mark.parametrize(
    "pattern",
    [r"Follow @\w+ on \w+", r"(?i)letter #?\d{1,4}", r".*\bweekly\b.*", "(Mon|Tues|Wednes)day: .+", r"[^:]+: \d+%"],
)
def test_useful_patterns_are_let_through(pattern: str) -> None:
    """What one writes for a line of a site passes."""
    assert reason_against(pattern) is None


@settings(max_examples=60, deadline=None)
@given(st.from_regex(r"\A[ab.?*+|(){},2]{1,14}\Z"), st.sampled_from(["a", "ab", "aab", "b"]))
def test_no_pattern_that_passes_takes_long(pattern: str, unit: str) -> None:
    """Whatever passes decides on a line of the greatest length in a moment, also where the end spoils the match."""
    if reason_against(pattern) is None:
        start = time.perf_counter()
        re.compile(pattern).fullmatch((unit * LONGEST)[: LONGEST - 1] + "!")
        assert time.perf_counter() - start < 5
    assert MOST_WAYS == 20_000_000


@given(st.text(max_size=80), st.lists(st.text(max_size=5), max_size=3))
def test_lines_are_found_in_any_text(text: str, path: list[str]) -> None:
    """The search for a line never fails, whatever the file holds."""
    line = line_of(text, path, "x")
    assert line is None or 1 <= line <= max(1, len(text.splitlines()))


def test_defaults_load_nothing() -> None:
    """Settings without options read no data, no TOML parser and no matcher."""
    code = (
        "import sys, cleaner; cleaner.Settings()\n"
        "print([m for m in ('tomllib', 'difflib', 'cssselect', 'cleaner.settings.regexes.x') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
