"""What a person does with an output: rows read again, pieces put back, two outputs compared, one dump inspected."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from cleaner import clean
from cleaner.cli import main
from cleaner.errors import InputError
from cleaner.model import Removal
from cleaner.review.diffview import word_diff
from cleaner.review.pairing import pairs
from cleaner.review.pieces import lines_of
from cleaner.review.rows import Row, read_account, read_rejects, read_rows
from cleaner.text.normalize import INK
from tests.conftest import FIXTURES

FERRY = FIXTURES / "readme" / "ferry.txt"
STORY = "The {0} was painted in spring, said the keeper of the {0}, and the board thanked everyone who had come."


def cleaner(*args: object, **more: Any) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args], **more)


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def row(ident: str, body: str = "The river rose.", **columns: Any) -> Row:
    return Row(ident, body, "", None, columns)


@pytest.mark.parametrize("out", ["out.jsonl", "out.jsonl.gz", "folder"])
def test_rows_are_read_as_they_were_written(out: str, tmp_path: Path) -> None:
    """From a file or a folder: body, site, removed pieces with their places; rejects and account stand beside it."""
    texts = {"a": FERRY.read_text("utf-8"), "b": STORY.format("mill")}
    source = write(tmp_path / "in.jsonl", [{"id": i, "text": t, "site": "x.example"} for i, t in texts.items()])
    source.write_text(source.read_text("utf-8") + '{"id": "c", "text": " "}\n', "utf-8")
    place = str(tmp_path / out)
    assert cleaner("run", source, "-o", place, "--include-removed", "-q").exit_code == 1
    rows = {found.id: found for found in read_rows(place)}
    article = clean(texts["a"])
    assert sorted(rows) == ["a", "b"]
    assert (rows["a"].body, rows["a"].removed, rows["a"].site) == (article.body, article.removed, "x.example")
    assert [reject["reason"] for reject in read_rejects(place)] == ["empty"]
    assert read_account(place)["counts"]["written"] == 2


@pytest.mark.parametrize(
    "line",
    [
        "[1]",
        "{",
        '{"id": 1}',
        '{"id": 1, "body": "x", "removed": [3]}',
        '{"id": 1, "body": "x", "removed": [{"text": "x"}]}',
        '{"id": 1, "body": "x", "removed": [{"text": "", "category": "", "evidence": "", "score": NaN, "start": 0, "end": 0}]}',
    ],
)
def test_what_is_no_output_is_told(line: str, tmp_path: Path) -> None:
    """Rows that no run wrote end every command with a message, and status 2."""
    place = tmp_path / "out.jsonl"
    place.write_text(line + "\n", "utf-8")
    for args in (("report", place), ("diff", place, place)):
        result = cleaner(*args)
        assert result.exit_code == 2 and result.output.startswith("Error: "), result.output
    with pytest.raises(InputError):
        list(read_rows(str(place)))


def test_a_text_is_no_output() -> None:
    """A file of one text is not taken for an output of one row."""
    result = cleaner("report", FERRY)
    assert result.exit_code == 2 and "holds no rows" in result.output


@given(
    st.lists(st.text("ab \n", max_size=8), max_size=6).map("\n\n".join),
    st.lists(st.tuples(st.integers(0, 40), st.text("xy", min_size=1, max_size=4)), max_size=8),
)
def test_pieces_are_put_back(body: str, cuts: list[tuple[int, str]]) -> None:
    """All ink of the body and of the pieces is there, each piece at its place, for any body and any places."""
    removed = [
        Removal(text, "form", "rule", 1.0, n, n + 1, None, min(at, len(body)))
        for n, (at, text) in enumerate(sorted(cuts))
    ]
    lines = lines_of(body, removed)
    shown = "".join(segment.text for line in lines for segment in line.segments)
    expected, last = "", 0
    for removal in removed:
        expected += body[last : removal.at] + removal.text
        last = removal.at
    assert INK.findall(shown) == INK.findall(expected + body[last:])
    kept = ["".join(s.text for s in line.segments if s.removal is None) for line in lines if line.kept]
    assert kept == [line for line in body.split("\n") if line]


def test_pairs_in_any_order() -> None:
    """Every row meets that of its id, whatever the order; an id that is there twice is joined in order."""
    before = [row(str(n), f"{n}") for n in range(100)] + [row("twice", "first"), row("twice", "second")]
    after = before[5:]
    random.Random(7).shuffle(after)
    after = [r for r in after if r.id != "twice"] + before[-2:] + [row("new")]
    found = list(pairs(before, after))
    assert all(old.body == new.body for old, new in found if old and new)
    assert [old.id for old, new in found if old and new is None] == ["0", "1", "2", "3", "4"]
    assert [new.id for old, new in found if old is None and new] == ["new"]
    assert len(found) == 103


def test_diff_of_the_same_is_none(tmp_path: Path) -> None:
    """An output does not differ from itself in another order: status 0."""
    rows = [{"id": str(n), "body": STORY.format(n), "confidence": 0.9} for n in range(20)]
    one, other = write(tmp_path / "a.jsonl", rows), write(tmp_path / "b.jsonl", rows[::-1])
    result = cleaner("diff", one, other)
    assert (result.exit_code, result.output.splitlines()[0]) == (
        *(0, "20 documents before, 20 after: 20 the same, 0 changed, 0 gone, 0 new"),
    )


def test_diff_tells_what_changed(tmp_path: Path) -> None:
    """Bodies, fields, rejects and categories, in sum and by document; the words are shown, status is 1."""
    texts = {"a": FERRY.read_text("utf-8"), "b": STORY.format("mill"), "c": STORY.format("tower")}
    source = write(tmp_path / "in.jsonl", [{"id": i, "text": t, "site": "x.example"} for i, t in texts.items()])
    fewer = write(tmp_path / "in2.jsonl", [{"id": i, "text": texts[i], "site": "x.example"} for i in "ab"])
    fewer.write_text(fewer.read_text("utf-8") + '{"id": "c", "text": ""}\n', "utf-8")
    one, other = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    cleaner("run", source, "-o", one, "-q", "--include-removed")
    cleaner("run", fewer, "-o", other, "-q", "--include-removed", "--keep", "newsletter")
    result = cleaner("diff", one, other)
    assert result.exit_code == 1
    assert "3 documents before, 2 after: 1 the same, 1 changed, 1 gone, 0 new" in result.output
    assert "{+Sign up for our daily newsletter and never miss a story.+}" in result.output
    assert "\x1b" not in result.output
    told = [json.loads(line) for line in cleaner("diff", one, other, "--json").output.splitlines()]
    sums = told.pop()["sums"]
    assert {t["id"]: (t["kind"], t["reason"]) for t in told} == {"a": ("changed", ""), "c": ("gone", "empty")}
    assert (sums["words_gained"], sums["bodies_changed"], sums["reasons"]) == (11, 1, {"empty": 1})
    assert sums["removed"]["newsletter"] == -56


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_diff_of_two_formats_of_one_run_is_none(suffix: str, tmp_path: Path) -> None:
    """What a table cannot say is no change: null and "", numbers as text, columns of the input in one."""
    rows = [
        {"id": "a", "text": FERRY.read_text("utf-8"), "site": "x.example"},
        {"id": "b", "text": STORY.format("mill")},
    ]
    source = write(tmp_path / "in.jsonl", rows)
    outs = [tmp_path / f"out{ending}" for ending in (suffix, ".jsonl")]
    for out in outs:
        assert cleaner("run", source, "-o", out, "-q", "--include-removed", "--no-learn-sites").exit_code == 0
    result = cleaner("diff", *outs)
    assert (result.exit_code, result.output.splitlines()[0][-33:]) == (0, "2 the same, 0 changed, 0 gone, 0 new"[-33:])
    one, other = ({row.id: (row.site, row.confidence, row.removed) for row in read_rows(str(out))} for out in outs)
    assert one == other


def test_what_is_no_output_is_told_without_options_of_another_command(tmp_path: Path) -> None:
    """Corrections in the place of an output: which column is missing, and nothing of --text-key, which report has not."""
    marks = write(tmp_path / "feedback.jsonl", [{"id": "1", "text": "x", "verdict": "keep"}])
    result = cleaner("report", marks)
    assert "has no column `body`, as every row of a run has. Give the OUT" in result.output
    assert "--text-key" not in result.output


def test_word_diff_is_short() -> None:
    """Of a long paragraph only the neighbourhood of a change is shown."""
    words = [f"w{n}" for n in range(300)]
    changed = [*words[:150], "new", *words[151:]]
    (parts,) = word_diff(" ".join(words), " ".join(changed))
    assert [sign for sign, _ in parts] == [" ", "-", "+", " "]
    assert parts[1:3] == [("-", "w150"), ("+", "new")]
    assert len(" ".join(text for _, text in parts).split()) < 25


def test_report_is_the_same_each_time(tmp_path: Path) -> None:
    """The page depends on the rows and not on their order, but for the order of the list; the sample is of its size."""
    rows = [{"id": str(n), "body": STORY.format(n), "confidence": 1.0, "removed": []} for n in range(60)]
    one, other = write(tmp_path / "a.jsonl", rows), write(tmp_path / "b.jsonl", rows[::-1])
    pages = []
    for place in (one, one, other):
        assert cleaner("report", place, "-o", tmp_path / "p.html", "--sample", 10, "-q").exit_code == 0
        pages.append((tmp_path / "p.html").read_text("utf-8"))
    assert pages[0] == pages[1]
    data = [json.loads(p.partition('id="data">')[2].partition("</script>")[0]) for p in pages]
    ids = [{document["id"] for document in found["documents"]} for found in data]
    assert len(ids[0]) == 10 and ids[0] == ids[2]


def test_report_without_removed_pieces_says_so(tmp_path: Path) -> None:
    """An output without removed pieces gives a page that says how to get them."""
    place = write(tmp_path / "a.jsonl", [{"id": "1", "body": "The river rose.", "confidence": 1.0}])
    assert cleaner("report", place, "-q").exit_code == 0
    assert "--include-removed" in (tmp_path / "a.html").read_text("utf-8")
    assert cleaner("report", place, "-o", place).exit_code == 2


def test_report_writes_over_no_other_file(tmp_path: Path) -> None:
    """A page replaces an earlier page, and nothing else unless it is forced to; never what it is made of."""
    place = write(tmp_path / "a.jsonl", [{"id": "1", "body": "The river rose.", "confidence": 1.0}])
    marks = write(tmp_path / "feedback.jsonl", [{"id": "1"}])
    before = marks.read_bytes()
    result = cleaner("report", place, "-o", marks)
    assert result.exit_code == 2 and "--force" in result.output and marks.read_bytes() == before
    assert cleaner("report", place, "-o", place, "--force").exit_code == 2
    for args in ((), (), ("-o", marks, "--force")):
        assert cleaner("report", place, *args).exit_code == 0
    assert marks.read_bytes().startswith(b"<!doctype html>")


def test_inspect_shows_all_in_a_pipe() -> None:
    """Kept text plain, removed pieces between signs with their reason, metadata with sources, the poll; no colours."""
    result = cleaner("inspect", FERRY)
    assert result.exit_code == 0
    assert "\n[-Read more: Who owns the river?-]  related 0.75 phrase:en:opens:read more:\n" in result.output
    assert '\n"We sold the last ticket in 1987," she said. "I was there."\n' in result.output
    assert "2025-03-14" in result.output and "header (date prefix)" in result.output and "1,310" in result.output
    assert "\x1b" not in result.output
    assert "\x1b[" in cleaner("inspect", FERRY, "--colour").output


def test_inspect_obeys_no_escape_sequence() -> None:
    """Control characters of a dump are shown, and do not steer the terminal."""
    raw = f"\x1b[2J\x1b]0;owned\x07{STORY.format('mill')}\n\n[bold]Sign up for our newsletter[/bold] \x1b[31m"
    result = cleaner("inspect", "-", input=raw)
    assert result.exit_code == 0
    assert "\x1b" not in result.output and "\x07" not in result.output
    assert "[bold]" in result.output


@pytest.mark.parametrize("name", ["dump.json", "-", "dump.jsonl"])
def test_inspect_reads_rows(name: str, tmp_path: Path) -> None:
    """One article as JSON, from a file or standard input, and a row of many by its id."""
    dump = {"id": "x", "text": FERRY.read_text("utf-8"), "url": "https://lantern.example/a"}
    text = json.dumps(dump, indent=None if name.endswith("l") else 1)
    (tmp_path / "dump.jsonl").write_text('{"id": "w", "text": "The river rose."}\n' + text, "utf-8")
    (tmp_path / "dump.json").write_text(text, "utf-8")
    more = ["--id", "x"] if name == "dump.jsonl" else []
    result = cleaner("inspect", name if name == "-" else tmp_path / name, "--json", *more, input=text)
    told = json.loads(result.stdout)
    assert told["url"] == "https://lantern.example/a" and len(told["removed"]) == 10
    assert {"at", "start", "text"} <= told["removed"][0].keys()


@pytest.mark.parametrize("args", [["no-such-file"], ["-"], [FERRY, "--id", "nobody"], [FERRY, "--templates", FERRY]])
def test_inspect_tells_what_is_wrong(args: list[object]) -> None:
    """A missing file, an empty dump, an unknown id, templates that are none: a message and status 2."""
    result = cleaner("inspect", *args, input=" ")
    assert result.exit_code == 2 and "Error: " in result.output


def test_inspect_says_what_a_run_would_know(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row of a corpus is shown without what its site repeats, which is told; a page of its own needs no such word."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "in.jsonl", [{"id": "x", "text": STORY.format("mill"), "site": "lantern.example"}])
    assert "without what lantern.example repeats" in cleaner("inspect", "in.jsonl").stderr
    assert cleaner("inspect", FERRY, "--url", "https://lantern.example/a").stderr == ""


def test_inspect_of_a_folder_names_the_file(tmp_path: Path) -> None:
    """Which of the files is shown stands on standard error."""
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(STORY.format(name), "utf-8")
    assert f"{tmp_path}/a.txt: the first of 2 files" in cleaner("inspect", tmp_path).stderr


def test_inspect_names_the_file_that_is_no_article(tmp_path: Path) -> None:
    """Of an empty place it is told which; of a file that is damaged from its start, not that something was kept."""
    assert "/dev/null: " in cleaner("inspect", "/dev/null").output
    (tmp_path / "a.jsonl.gz").write_bytes(b"no gzip")
    output = cleaner("inspect", tmp_path / "a.jsonl.gz").output
    assert "a.jsonl.gz: " in output and "What came before" not in output


def test_inspect_says_that_a_long_dump_takes_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a dump of more than a million characters it is told that there is something to wait for."""
    monkeypatch.setattr("cleaner.review.one._LONG", 300)
    assert "that takes a while" in cleaner("inspect", FERRY).stderr
