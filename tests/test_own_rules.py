"""A user's own rules: phrases, lines of a site that go or stay, patterns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Settings, SettingsError, clean, load_settings
from cleaner.cli import main
from cleaner.detectors.sites import House

A = "The old ferry landing at Brightmoor will open again in May, the harbour board said on Friday."
B = "Boats will leave every forty minutes, and the last one will wait for the train from Calloway."
DIGEST = Settings(phrases={"any": {"newsletter": ["send me the tide table"]}})
URL = "https://www.example.com/a"


def dump(*middle: str) -> str:
    return "\n\n".join((A, *middle, B))


@pytest.mark.parametrize(
    ("line", "goes"),
    [
        ("Send me the Tide Table", True),
        ("SEND ME  THE TIDE TABLE!", True),
        ("Please send me the tide table every Friday.", True),
        ("The harbour master can send me the tide table by post.", False),
        ("Forsend me the tide table", False),  # word boundaries
        ("send me the tide tables", False),
        ('"Send me the tide table," it read on the wall of the harbour office.', False),
        ("She said that they should send me the tide table.", False),
        (
            "The council will meet on Tuesday, when all who wrote send me the tide table by post may vote in the old hall.",
            False,
        ),
    ],
)
def test_phrases_of_a_user(line: str, goes: bool) -> None:
    """A phrase counts as ours do: whole words in any case, as a line or a sentence; not quoted, not reported."""
    article = clean(dump(line), settings=DIGEST)
    assert (line not in article.body) == goes
    assert clean(dump(line)).removed == ()
    if goes:
        (piece,) = article.removed
        assert piece.category == "newsletter"
        assert piece.evidence.startswith("phrase:user:any:") and piece.evidence.endswith("send me the tide table")


def test_phrases_have_the_syntax_of_ours() -> None:
    """Choices, gaps and numbers."""
    own = Settings(phrases={"en": {"event": ["(book|get) your * seat"]}})
    assert clean(dump("Book your own front row seat"), settings=own).removed[0].category == "event"


def test_phrase_outweighs_model_and_site() -> None:
    """Neither the line model nor a site that never had it takes a user's phrase back."""
    lines = [f"{word} {A}" for word in ("Monday", "Tuesday", "Wednesday", "Thursday")]
    text = "\n\n".join([*lines[:2], "Hear the tides", *lines[2:], B])
    own = Settings(phrases={"any": {"app_promotion": ["hear the tides"]}})
    denying = House("example.com", articles=40, watched=24)
    for house in (None, denying):
        assert "Hear the tides" not in clean(text, settings=own, house=house).body


def test_phrase_of_a_kept_category_stays() -> None:
    """`keep` is about categories, and a user's phrase is of one."""
    kept = Settings(keep=("newsletter",), phrases=DIGEST.phrases)
    assert clean(dump("Send me the tide table"), settings=kept).removed == ()


SITE = Settings(
    sites={
        "example.com": {
            "drop_text": ["Letter of the week", "Photo essay by…"],
            "keep_text": ["Subscribe to our newsletter", "Photo essay by Ines…"],
            "patterns": [r"Tides: .+ at \d\d:\d\d"],
        }
    }
)


@pytest.mark.parametrize(
    ("line", "evidence"),
    [
        ("LETTER of the  week", "site:drop_text:Letter of the week"),
        ("Letter of the week: the old mill", None),
        ("Photo essay by Jon Keel and others", "site:drop_text:Photo essay by…"),
        ("Photo essay by Ines Calloway", None),
        ("Tides: high water at 06:12", r"site:pattern:Tides: .+ at \d\d:\d\d"),
        ("Tides: high water at 06:12, low at noon", None),
        ("Subscribe to our newsletter", None),
    ],
)
@pytest.mark.parametrize("html", [False, True], ids=["text", "html"])
def test_lines_of_a_site(line: str, evidence: str | None, html: bool) -> None:
    """Named lines go or stay in texts and pages of the site; `keep_text` wins; other sites are not concerned."""
    raw = f"<html><body><article><p>{A}</p><p>{line}</p><p>{B}</p></article></body></html>" if html else dump(line)
    article = clean(raw, URL, settings=SITE)
    assert (line in article.body) == (evidence is None)
    assert [r.evidence for r in article.removed if r.evidence.startswith("site:")] == ([evidence] if evidence else [])
    other = clean(raw, "https://other.example/a", settings=SITE)
    assert other.body == clean(raw, "https://other.example/a").body


def test_site_by_name() -> None:
    """Where no address tells the site, the caller does."""
    text, number = dump("Letter of the week"), cast(Any, 3)
    assert clean(text, settings=SITE).removed == ()
    assert clean(text, settings=SITE, site="example.com").removed
    with pytest.raises(TypeError):
        clean(text, site=number)


def test_held_and_dropped_line_does_not_stop_the_others() -> None:
    """A line that a selector keeps and `drop_text` names stays, and the rest is judged all the same."""
    own = Settings(sites={"example.com": {"keep": [".own"], "drop_text": ["Ferry facts"]}})
    page = (
        f"<html><body><article><p>{A}</p><p class='own'>Ferry facts</p><p>{B}</p>"
        "<p>Sign up for our newsletter</p></article></body></html>"
    )
    body = clean(page, URL, settings=own).body
    assert "Ferry facts" in body and "newsletter" not in body


PIECES = st.sampled_from(
    [A, B, "Letter of the week", "Subscribe to our newsletter", "Send me the tide table", "Send me the tide table. " + B,
     "Tides: high at 06:12", "Photo essay by Jon", "Read more: The mill", "Photo essay by Ines", B + " Letter of the week"]
)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=9))
def test_cleaning_twice_changes_nothing(pieces: list[str]) -> None:
    """With own rules, too, a clean body is clean, and kept and removed tile the source."""
    own = Settings(sites=SITE.sites, phrases=DIGEST.phrases)
    article = clean("\n\n".join([A, *pieces]), URL, settings=own)
    assert clean(article.body, URL, settings=own).body == article.body
    spans = sorted([(s.start, s.end) for s in article.kept] + [(r.start, r.end) for r in article.removed])
    assert [a for a, _ in spans] == [0, *(b for _, b in spans[:-1])]


def test_batch_knows_the_site_by_column_and_folder(tmp_path: Path) -> None:
    """A row's `site` column, or the named one, chooses the table."""
    settings = tmp_path / "s.toml"
    settings.write_text('[sites."lantern"]\ndrop_text = ["Letter of the week"]\n', "utf-8")
    rows = [{"id": "a", "text": dump("Letter of the week"), "site": "lantern"},
            {"id": "b", "text": dump("Letter of the week"), "paper": "lantern"}]  # fmt: skip
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    for key, left in (((), ["b"]), (("--site-key", "paper"), ["a"])):
        out = tmp_path / f"{left[0]}.jsonl"
        args = ["run", str(source), "-o", str(out), "--settings", str(settings), "-q", *key]
        assert CliRunner().invoke(main, args).exit_code == 0
        found = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
        assert [row["id"] for row in found if "Letter" in row["body"]] == left


def command(*args: str) -> tuple[str, str]:
    """What a command says, and what it says on standard error."""
    result = CliRunner().invoke(main, list(args))
    assert result.exit_code == 0, result.output
    return result.stdout, result.stderr


def test_all_commands_read_the_same_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`inspect` and `rules` read ./cleaner.toml as `run` does, say so, and leave it alone when they are told to."""
    monkeypatch.chdir(tmp_path)
    Path("cleaner.toml").write_text('[phrases.any]\nnewsletter = ["send me the tide table"]\n', "utf-8")
    Path("in.txt").write_text(dump("Send me the tide table"), "utf-8")
    for args, sign in (
        (("inspect", "in.txt"), "[-Send me the tide table-]"),
        (("rules", "test", "Send me the tide table"), "goes "),
        (("rules", "show", "send me the tide table"), "user:any"),
        (("rules", "list"), "user:any"),
        (("run", "in.txt", "-o", "-", "-q", "--include-removed"), "phrase:user:any"),
    ):
        told, aside = command(*args)
        assert sign in told and "settings: ./cleaner.toml" in aside
    told, aside = command("inspect", "in.txt", "--no-settings")
    assert "[-" not in told and not aside


def test_settings_are_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several files the phrases and sites are joined, and of all else the later counts; a file that is not read is told."""
    monkeypatch.chdir(tmp_path)
    own, learned = Path("cleaner.toml"), Path("proposals.toml")
    own.write_text(
        'mode = "recall"\nkeep = ["caption"]\n[phrases.any]\npoll = ["vote for us"]\n[sites."Example.com"]\ndrop_text = ["A b"]\n'
        "[thresholds.rules]\nhas = 0.8\n",
        "utf-8",
    )
    learned.write_text(
        'keep = ["poll"]\n[phrases.any]\npoll = ["vote again", "vote for us"]\nform = ["fill it in"]\n'
        '[sites."example.com"]\ndrop_text = ["C d"]\n[thresholds.rules]\nwhole = 0.9\n',
        "utf-8",
    )
    found = load_settings(own, learned, mode="precision")
    assert (found.mode, found.keep) == ("precision", ("poll",))
    assert found.phrases == {"any": {"poll": ("vote for us", "vote again"), "form": ("fill it in",)}}
    assert found.sites == {"example.com": {"drop_text": ("A b", "C d")}}
    assert found.thresholds == {"rules": {"has": 0.8, "whole": 0.9}}
    line = ("rules", "test", "Vote again", "--settings", "proposals.toml")
    assert "not ./cleaner.toml (both: --settings cleaner.toml --settings proposals.toml)" in command(*line)[1]
    assert command(*line, "--settings", "cleaner.toml")[1] == ""


def test_mistakes_of_several_files_are_told_at_once(tmp_path: Path) -> None:
    """Each with its file and its line."""
    for name in "ab":
        (tmp_path / f"{name}.toml").write_text(f'\nmode = "{name}"\n', "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path / "a.toml", tmp_path / "none.toml", tmp_path / "b.toml")
    told = str(caught.value).replace(f"{tmp_path}/", "").splitlines()
    assert [line.partition(": ")[0] for line in told] == ["a.toml:2", "none.toml", "b.toml:2"]
