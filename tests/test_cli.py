"""`cleaner run` as a person and a script use it."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import zstandard
from click.testing import CliRunner, Result

from cleaner import clean
from cleaner.cli import main
from tests.conftest import FIXTURES

STORY = "The river rose on Monday and the bridge was closed.\n\nSign up for our newsletter\n\nIt fell again on Friday."
CLEAN = "The river rose on Monday and the bridge was closed.\n\nIt fell again on Friday."


def run(*args: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["run", *map(str, args)], input=stdin)


def rows(path: Path) -> list[dict[str, Any]]:
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    if path.suffix == ".zst":
        data = zstandard.ZstdDecompressor().stream_reader(data).read()
    return [json.loads(line) for line in data.decode().splitlines()]


def jsonl(path: Path, *items: object) -> Path:
    path.write_text("".join(json.dumps(i) + "\n" for i in items), "utf-8")
    return path


def test_folder_in_lines_out(tmp_path: Path) -> None:
    """A folder is searched through; ids are the names; the output is sorted by path."""
    (tmp_path / "in" / "b").mkdir(parents=True)
    (tmp_path / "in" / "a.txt").write_text(STORY)
    (tmp_path / "in" / "b" / "c.html").write_text(
        "<html><body><article><p>" + STORY.replace("\n\n", "</p><p>") + "</p></article></body></html>"
    )
    (tmp_path / "in" / "ignored.bin").write_bytes(b"\x00")
    result = run(tmp_path / "in", "-o", tmp_path / "out.jsonl")
    assert result.exit_code == 0, result.output
    got = rows(tmp_path / "out.jsonl")
    assert [r["id"] for r in got] == ["a", "b/c"]
    assert got[0]["body"] == CLEAN
    assert "read 2   written 2   rejected 0" in result.output
    assert "characters removed: newsletter 52" in result.output


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz", ".jsonl.zst"])
def test_compressed_in_and_out(tmp_path: Path, suffix: str) -> None:
    """Every compression works on both sides."""
    run(jsonl(tmp_path / "in.jsonl", {"id": "x", "raw": STORY}), "-o", tmp_path / f"mid{suffix}")
    result = run(tmp_path / f"mid{suffix}", "-o", tmp_path / f"out{suffix}", "--text-key", "body")
    assert result.exit_code == 0, result.output
    assert rows(tmp_path / f"out{suffix}")[0]["body"] == CLEAN


def test_columns_pass_through(tmp_path: Path) -> None:
    """Unknown columns stay; the url is used; own keys can be named."""
    source = jsonl(
        tmp_path / "in.jsonl", {"key": 7, "story": STORY, "site": "x.org", "where": "https://x.org/a", "n": [1]}
    )
    result = run(source, "-o", tmp_path / "o.jsonl", "--text-key", "story", "--id-key", "key", "--url-key", "where")
    assert result.exit_code == 0, result.output
    row = rows(tmp_path / "o.jsonl")[0]
    assert (row["id"], row["site"], row["url"], row["n"]) == ("7", "x.org", "https://x.org/a", [1])
    assert "story" not in row


def test_every_dump_is_a_row_or_a_reject(tmp_path: Path) -> None:
    """Bad rows become rejects with reasons, the exit status is 1, and the numbers add up."""
    source = tmp_path / "in.jsonl"
    good = json.dumps({"id": "ok", "text": STORY})
    source.write_text(
        f'{good}\n{{"broken\n[1]\n{json.dumps({"id": "e", "text": " "})}\n{json.dumps({"id": "n"})}\n{json.dumps({"text": 5})}\n'
    )
    result = run(source, "-o", tmp_path / "o.jsonl", "--jobs", 2)
    assert result.exit_code == 1
    reasons = {r["id"]: r["reason"] for r in rows(tmp_path / "o.rejects.jsonl")}
    assert reasons == {
        "in.jsonl:2": "bad_json",
        "in.jsonl:3": "bad_json",
        "e": "empty",
        "n": "no_text_column",
        "in.jsonl:6": "wrong_type",
    }
    assert [r["id"] for r in rows(tmp_path / "o.jsonl")] == ["ok"]
    assert "read 6   written 1   rejected 5" in result.output


def test_broken_gzip_keeps_what_came_before(tmp_path: Path) -> None:
    """A truncated archive gives its readable rows and one reject."""
    packed = gzip.compress(
        "".join(json.dumps({"id": i, "text": STORY + str(i) * 50}) + "\n" for i in range(2000)).encode()
    )
    (tmp_path / "in.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    result = run(tmp_path / "in.jsonl.gz", "-o", tmp_path / "o.jsonl", "-q")
    assert result.exit_code == 1
    assert rows(tmp_path / "o.rejects.jsonl")[0]["reason"] == "unreadable"
    assert 0 < len(rows(tmp_path / "o.jsonl")) < 2000


def test_jobs_change_nothing(tmp_path: Path) -> None:
    """Two processes write the same bytes as one."""
    for jobs in (1, 2):
        assert run(FIXTURES / "realistic", "-o", tmp_path / f"{jobs}.jsonl", "--jobs", jobs, "-q").exit_code == 0
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()


def test_folder_output_is_safe(tmp_path: Path) -> None:
    """Ids become safe names; one that climbs out of the folder does not; twins do not overwrite each other."""
    source = jsonl(
        tmp_path / "in.jsonl", *({"id": i, "text": STORY} for i in ("../../evil", "A", "a", "con", "x" * 4000, "\x00"))
    )
    assert run(source, "-o", tmp_path / "out", "--text-as", "md").exit_code == 0
    names = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert len(names) == 12
    assert {"A.json", "a-2.json", "_con.md"} <= set(names)
    assert not list(tmp_path.parent.glob("evil*"))


def test_keep_and_include_removed(tmp_path: Path) -> None:
    """--keep leaves a category in the body; --include-removed tells the rest."""
    source = jsonl(tmp_path / "in.jsonl", {"id": "x", "text": STORY + "\n\nShare this article"})
    assert run(source, "-o", tmp_path / "o.jsonl", "--keep", "newsletter", "--include-removed").exit_code == 0
    row = rows(tmp_path / "o.jsonl")[0]
    assert "newsletter" in row["body"]
    assert [r["category"] for r in row["removed"]] == ["social"]


def test_standard_streams() -> None:
    """- reads JSON lines and writes them."""
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", "run", "-", "-o", "-", "-q"],
        input=json.dumps({"id": 1, "text": STORY}), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["body"] == CLEAN


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["missing.txt", "-o", "o.jsonl"], "no such file or folder"),
        (["{fixtures}", "-o", "o.csv"], "ends in .jsonl"),
        (["{fixtures}", "-o", "o.jsonl", "--keep", "captoin"], "Did you mean 'caption'?"),
        (["{fixtures}", "-o", "o.jsonl", "--settings", "none.toml"], "cannot be read"),
    ],
)
def test_usage_errors_say_the_mend(args: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong usage exits with 2 and a message that helps."""
    monkeypatch.chdir(tmp_path)
    result = run(*(a.format(fixtures=FIXTURES) for a in args))
    assert result.exit_code == 2
    assert says in result.output


def test_settings_file_is_checked(tmp_path: Path) -> None:
    """A typo in the settings names the file and the field."""
    (tmp_path / "s.toml").write_text('kep = ["caption"]\n')
    result = run(FIXTURES, "-o", tmp_path / "o.jsonl", "--settings", tmp_path / "s.toml")
    assert result.exit_code == 2
    assert "unknown setting 'kep'. Did you mean 'keep'?" in result.output


def test_help_shows_every_command() -> None:
    """The help reads like a short manual: examples, commands, exit status."""
    top = CliRunner().invoke(main, ["--help"]).output
    assert "cleaner run dumps/ -o clean.jsonl" in top
    assert "categories" in top
    assert "130 interrupted" in CliRunner().invoke(main, ["run", "--help"]).output


def test_row_is_the_article(tmp_path: Path) -> None:
    """A row of output is `Article.to_dict` with an id."""
    run(jsonl(tmp_path / "in.jsonl", {"id": "x", "text": STORY}), "-o", tmp_path / "o.jsonl")
    assert rows(tmp_path / "o.jsonl")[0] == {"id": "x", **clean(STORY).to_dict(include_removed=False)}
