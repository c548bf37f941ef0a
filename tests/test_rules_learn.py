"""Corrections: read with care, made into rules that a run takes, and into labels."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from cleaner import load_settings
from cleaner.cli import main
from cleaner.model import Removal
from cleaner.review.evidence import Hits
from cleaner.review.feedback import Correction, read_feedback
from cleaner.review.labels import corrected_body, labelled_file
from cleaner.review.learning import Proposal
from cleaner.review.proposing import written
from cleaner.review.rows import Row
from cleaner.settings import make_settings

STORY = "The {0} was painted in spring, said the keeper of the {0}, and the board thanked everyone who had come."
MOTTO = "Salt and tar in every {0} since the war"  # no rule knows it
WORDS = ["ferry", "mill", "tower", "bridge", "school", "market", "orchard", "library", "river", "harbour"]


def cleaner(*args: object) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args])


def corpus(path: Path) -> Path:
    """Ten articles of two sites, with a line that the rules do not know and one that they know."""
    rows = []
    for n, word in enumerate(WORDS):
        site = ("lantern", "keel")[n % 2]
        text = f"{STORY.format(word)}\n\n{MOTTO.format(word)}\n\n{STORY.format(word + ' gate')}\n\nShare this article"
        rows.append({"id": word, "url": f"https://{site}.example/{n}", "text": text})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def feedback(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def mark(ident: str, text: str, verdict: str, **more: Any) -> dict[str, Any]:
    site = ("lantern", "keel")[WORDS.index(ident) % 2]
    return {"id": ident, "text": text, "verdict": verdict, "site": f"{site}.example", "language": "en", **more}


def run(source: Path, out: Path, *args: object) -> dict[str, str]:
    assert cleaner("run", source, "-o", out, "-q", "--no-learn-sites", "--include-removed", *args).exit_code == 0
    return {row["id"]: row["body"] for row in map(json.loads, out.read_text("utf-8").splitlines())}


@pytest.mark.parametrize("kind", ["output", "dumps"])
def test_correct_learn_run_again(kind: str, tmp_path: Path) -> None:
    """Two marks teach a phrase that takes the line everywhere; one piece comes back on its site; diff tells it."""
    source, out, rules = corpus(tmp_path / "in.jsonl"), tmp_path / "1.jsonl", tmp_path / "rules.toml"
    before = run(source, out)
    assert all("Salt and tar" in body and "Share this" not in body for body in before.values())
    marks = feedback(
        tmp_path / "feedback.jsonl",
        mark("ferry", MOTTO.format("ferry"), "remove"),
        mark("mill", MOTTO.format("mill"), "remove"),
        mark("ferry", "Share this article", "keep", category="social"),
    )
    place = out if kind == "output" else source
    learned = cleaner("rules", "learn", marks, "--corpus", place, "-o", rules)
    assert learned.exit_code == 0, learned.output
    assert tomllib.loads(rules.read_text("utf-8")) == {
        "phrases": {"en": {"boilerplate": ["salt and tar in every"]}},
        "sites": {"lantern.example": {"keep_text": ["Share this article"]}},
    }
    assert "answers 2 corrections; beside them it takes 8 lines that are kept now" in learned.output
    assert learned.output.count("Salt and tar in every") == 3  # the examples
    assert "brings back 4 removed pieces" in learned.output
    after = run(source, tmp_path / "2.jsonl", "--settings", rules)
    assert not any("Salt and tar" in body for body in after.values())
    assert [n for n, body in enumerate(after.values()) if body.endswith("Share this article")] == [0, 2, 4, 6, 8]
    assert cleaner("diff", out, tmp_path / "2.jsonl").exit_code == 1


def test_prose_makes_no_phrase(tmp_path: Path) -> None:
    """What stands in running text elsewhere is no phrase: the line goes, on its site alone."""
    source, out, rules = corpus(tmp_path / "in.jsonl"), tmp_path / "1.jsonl", tmp_path / "rules.toml"
    before = run(source, out)
    marks = feedback(
        tmp_path / "f.jsonl",
        mark("ferry", "the board thanked everyone who had come", "remove", part=True),
        mark("mill", STORY.format("mill"), "remove"),
    )
    assert cleaner("rules", "learn", marks, "--corpus", out, "-o", rules).exit_code == 0
    told = rules.read_text("utf-8")
    assert tomllib.loads(told) == {"sites": {"keel.example": {"drop_text": [STORY.format("mill")]}}}
    assert "# No rule for 'the board thanked" in told
    after = run(source, tmp_path / "2.jsonl", "--settings", rules)
    assert [i for i in WORDS if after[i] != before[i]] == ["mill"]


def test_places_of_pages_become_selectors(tmp_path: Path) -> None:
    """In pages, a kept block is told by its place where the dumps are at hand, and a page's rule takes it."""
    rows = []
    for n, word in enumerate(WORDS):
        paragraphs = "".join(f"<p>{STORY.format(word)} {STORY.format(at)}</p>" for at in WORDS[n:] + WORDS[:n])
        note = (
            f'<div class="keel-note">Salt of the {word} and tar of the {n}th day, says an old rhyme of ours here.</div>'
        )
        html = f"<html><body><main><h1>{word} painted</h1>{paragraphs}{note}{paragraphs[:400]}</p></main></body></html>"
        rows.append({"id": word, "url": "https://keel.example/x", "html": html})
    source = feedback(tmp_path / "in.jsonl", *rows)
    bodies = run(source, tmp_path / "1.jsonl")
    (line,) = [line for line in bodies["mill"].split("\n") if "Salt of the mill" in line]
    marks = feedback(tmp_path / "f.jsonl", mark("mill", line, "remove"))
    rules = tmp_path / "rules.toml"
    assert cleaner("rules", "learn", marks, "--corpus", source, "-o", rules).exit_code == 0
    assert load_settings(rules).sites["keel.example"] == {"drop": ("div.keel-note",)}
    assert "Salt of the" not in "".join(run(source, tmp_path / "2.jsonl", "--settings", rules).values())


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ('{"id": "1", "text": "x"}', "verdict is missing"),
        ('{"id": 1, "text": "x", "verdict": "keep"}', "id is of the wrong type"),
        ('{"id": "1", "text": "x", "verdict": "maybe"}', "neither 'keep' nor 'remove'"),
        ('{"id": "1", "text": "x", "verdict": "keep", "category": "nonsense"}', "unknown category"),
    ],
)
def test_feedback_that_is_none(row: str, why: str, tmp_path: Path) -> None:
    """A row that is no correction ends the command with its line and what is wrong; nothing is written."""
    marks = tmp_path / "f.jsonl"
    marks.write_text('{"id": "1", "text": "x", "verdict": "keep"}\n\n' + row, "utf-8")
    result = cleaner("rules", "learn", marks, "-o", tmp_path / "rules.toml")
    assert result.exit_code == 2 and why in result.output and "line 3" in result.output
    assert not (tmp_path / "rules.toml").exists()


def test_the_later_mark_counts(tmp_path: Path) -> None:
    """Two files that contradict each other: the later one is believed."""
    one = feedback(tmp_path / "1.jsonl", mark("mill", "x", "keep"))
    other = feedback(tmp_path / "2.jsonl", mark("mill", "x", "remove"))
    assert [c.verdict for c in read_feedback([str(one), str(other)])] == ["remove"]


@given(st.lists(st.text(min_size=1, max_size=30), max_size=4), st.text(min_size=1, max_size=20))
def test_any_text_can_be_written(values: list[str], ident: str) -> None:
    """Whatever stands in the corpus, the file is TOML that says it, and no comment ends early."""
    hits = Hits(kept=1, examples=[(ident, value) for value in values])
    rules = [Proposal(("sites", "x.example"), "drop_text", v, 1, hits) for v in values]
    text = written([*rules, Proposal((), "", ident, 1, Hits())], 1)
    assert tomllib.loads(text).get("sites", {}).get("x.example", {}).get("drop_text", []) == values


def test_corrections_are_labels(tmp_path: Path) -> None:
    """The gold of a corrected document is its body as its reader wants it, beside its dump; others are not labelled."""
    source, out = corpus(tmp_path / "in.jsonl"), tmp_path / "1.jsonl"
    run(source, out)
    marks = feedback(
        tmp_path / "f.jsonl",
        mark("mill", MOTTO.format("mill"), "remove"),
        mark("mill", "Share this article", "keep", category="social"),
        mark("ferry", "everyone who had come.", "remove", part=True),
    )
    with labelled_file([str(marks)], str(out), [str(source)], "text") as path:
        ferry, mill = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]
    assert mill["gold"] == f"{STORY.format('mill')}\n\n{STORY.format('mill gate')}\n\nShare this article"
    assert mill["raw"].startswith(STORY.format("mill")) and mill["url"] == "https://keel.example/1"
    assert "everyone" not in ferry["gold"] and "everyone" in ferry["raw"]
    assert cleaner("train-lines", "-o", tmp_path / "m", "--feedback", marks).exit_code == 2
    assert cleaner("train-lines", "-o", tmp_path / "m").exit_code == 2


NEWS = "News of the river rose fast, and the News agency said so."


@pytest.mark.parametrize(
    ("body", "marks", "gold"),
    [
        (f"News\n\n{NEWS}", [{"text": "News"}], NEWS),
        (f"News\n\n{NEWS}", [{"text": "News", "part": True, "before": "News"}], f"News\n\n{NEWS}"),
        (f"{NEWS} Share\n\nWe share.", [{"text": "Share", "part": True, "after": "We sh"}], f"{NEWS}\n\nWe share."),
        ("Tap here\n\nDo\n\nTap here", [{"text": "here", "part": True, "after": "Do"}], "Tap\n\nDo\n\nTap here"),
        ("The ferry.", [{"text": "err", "part": True}], "The ferry."),
        ("川が増水した。続きを読む", [{"text": "続きを読む", "part": True}], "川が増水した。"),
    ],
)
def test_a_mark_takes_what_was_marked_alone(body: str, marks: list[dict[str, Any]], gold: str) -> None:
    """A marked line takes equal lines, a marked part its words where its neighbours are; the same word elsewhere stays."""
    found = [Correction(id="1", verdict="remove", **mark) for mark in marks]
    assert corrected_body(Row("1", body, "", (), {}), found) == gold


def test_a_line_is_marked_and_its_piece_comes_back() -> None:
    """Of a line whose kept text is furniture and whose removed piece is not, the piece is left."""
    piece = Removal("The river rose.", "related", "rule", 1.0, 5, 20, None, 5)
    row = Row("1", "Menu Home", "", (piece,), {})
    marks = [Correction("1", "Menu  Home", "remove"), Correction("1", "The river rose.", "keep")]
    assert corrected_body(row, marks) == "The river rose."


def test_corrections_reach_the_trainer(tmp_path: Path) -> None:
    """`train-lines` counts the corrected documents, and says when they are too few; `train`, that none is a page."""
    pytest.importorskip("lightgbm")
    source, out = corpus(tmp_path / "in.jsonl"), tmp_path / "1.jsonl"
    run(source, out)
    marks = feedback(tmp_path / "f.jsonl", mark("mill", MOTTO.format("mill"), "remove"))
    args = ("train-lines", "-o", tmp_path / "m", "--feedback", marks, "--corrected", out, "--dumps", source)
    lonely = cleaner("train", *args[1:])
    assert lonely.exit_code == 2 and "no corrected document that is html" in lonely.output
    result = cleaner(*args)
    assert result.exit_code == 2 and "1 dumps whose gold is found in their text" in result.output


def test_proposals_name_nothing_unknown() -> None:
    """Every table and key that can be proposed is one that the settings know."""
    rules = [
        Proposal(("sites", "x.example"), name, value, 1, Hits())
        for name, value in (("drop", ".a"), ("keep", "p.b > i"), ("drop_text", "a b"), ("keep_text", "c d"))
    ]
    rules += [Proposal(("phrases", "any"), "newsletter", "get our digest", 1, Hits())]
    text = written(sorted(rules, key=lambda p: (p.table, p.name)), 0)
    assert make_settings(tomllib.loads(text), "x", text).sites["x.example"]["keep"] == ("p.b > i",)


def test_a_rule_that_cannot_be_used_costs_no_other(tmp_path: Path) -> None:
    """A mark on a site that is called like an address is told as no rule; the rest is written and can be used."""
    odd = {**mark("ferry", "Salt and tar", "keep"), "site": "example.com/sport"}
    marks = feedback(tmp_path / "f.jsonl", odd, mark("mill", "Menu", "keep"))
    result = cleaner("rules", "learn", marks, "-o", tmp_path / "rules.toml")
    assert result.exit_code == 0, result.output
    why = "its site 'example.com/sport' is no domain"
    assert why in result.output and why in (tmp_path / "rules.toml").read_text("utf-8")
    assert load_settings(tmp_path / "rules.toml").sites == {"keel.example": {"keep_text": ("Menu",)}}


def test_what_is_not_known_is_not_said_to_be_nothing(tmp_path: Path) -> None:
    """Without a corpus no rule is said to hit nothing else; with one, the same text again in the document counts."""
    marks = feedback(tmp_path / "f.jsonl", mark("mill", "Menu", "remove"))
    told = cleaner("rules", "learn", marks, "-o", tmp_path / "new" / "rules.toml")
    assert "what else it does is not known" in told.output and "held against nothing: give --corpus" in told.output
    assert f"new folder: {tmp_path}/new" in told.output
    body = f"Menu\n\n{STORY.format('mill')}\n\nMenu"
    row = {
        "id": "mill",
        "body": body,
        "url": "https://keel.example/1",
        "confidence": 1,
        "metadata_sources": {},
        "word_count": 9,
    }
    out = feedback(tmp_path / "out.jsonl", row)
    told = cleaner("rules", "learn", marks, "--corpus", out, "-o", tmp_path / "rules.toml")
    assert "answers 1 correction; beside them it takes 1 lines that are kept now" in told.output


def test_nobodys_file_is_written_over(tmp_path: Path) -> None:
    """Neither the corrections, nor the corpus, nor a file written by hand; what was proposed before is replaced."""
    marks = feedback(tmp_path / "f.jsonl", mark("mill", "Menu", "keep"))
    source, own, out = corpus(tmp_path / "in.jsonl"), tmp_path / "cleaner.toml", tmp_path / "rules.toml"
    own.write_text('keep = ["caption"]\n', "utf-8")
    before = {path: path.read_bytes() for path in (marks, source, own)}
    for place, why in ((marks, "is read by this very command"), (source, "is read"), (own, "--force")):
        result = cleaner("rules", "learn", marks, "--corpus", source, "-o", place)
        assert result.exit_code == 2 and why in result.output
    assert {path: path.read_bytes() for path in before} == before
    for args in ((out,), (out,), (own, "--force")):
        assert cleaner("rules", "learn", marks, "-o", *args).exit_code == 0
    assert "Menu" in own.read_text("utf-8")
