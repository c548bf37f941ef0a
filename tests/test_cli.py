"""`cleaner run` as a person and a script use it."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
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
    assert run(source, "-o", tmp_path / "out", "--format", "markdown").exit_code == 0
    names = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert len(names) == 13
    assert {"A.json", "a-2.json", "_con.md", "run.json"} <= set(names)
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
        (["{fixtures}", "-o", "o.docx"], "a name that ends in .jsonl"),
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


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["d", "-o", "d"], "OUT is also an input"),
        (["in.jsonl", "-o", "in.jsonl"], "OUT is also an input"),
        (["d", "-o", "o.jsonl", "--rejects", "o.jsonl"], "the same place"),
        (["d", "-o", ""], "must not be empty"),
        (["", "-o", "o.jsonl"], "must not be empty"),
        (["d", "-o", "o.jsonl", "--rejects", ""], "must not be empty"),
        (["d", "-o", "file"], "is a file already"),
    ],
)
def test_nothing_is_overwritten_by_mistake(
    args: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Places that would cost data are refused at the start, and every file stays as it was."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.txt").write_text(STORY)
    (tmp_path / "file").write_text("mine")
    jsonl(tmp_path / "in.jsonl", {"text": STORY})
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    result = run(*args)
    assert (result.exit_code, says in result.output) == (2, True), result.output
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("out", ["o.jsonl", "out"])
def test_second_run_does_not_read_the_first(out: str, tmp_path: Path) -> None:
    """OUT inside the input folder gives the same rows again, and the search says what it passed over."""
    (tmp_path / "a.txt").write_text(STORY)
    assert run(tmp_path, "-o", tmp_path / out).exit_code == 0
    again = run(tmp_path, "-o", tmp_path / out, "-q")
    assert again.output == f"not read, since this run writes there: {tmp_path / out}\n"
    assert "read 1   written 1" in run(tmp_path, "-o", tmp_path / out).output


def test_rejects_tell_of_this_run(tmp_path: Path) -> None:
    """A run without rejects removes those of the run before; one that fails does not."""
    out, rejects = tmp_path / "o.jsonl", tmp_path / "o.rejects.jsonl"
    assert run(jsonl(tmp_path / "bad.jsonl", {"text": " "}), "-o", out).exit_code == 1
    assert rejects.exists()
    good = jsonl(tmp_path / "good.jsonl", {"text": STORY})
    assert "inputs.digest" in run(good, "-o", out).output
    assert rejects.exists()
    assert run(good, "-o", out, "--restart").exit_code == 0
    assert not rejects.exists()
    assert [p.name for p in tmp_path.glob("*.partial")] == []


def test_rows_are_json_and_utf8(tmp_path: Path) -> None:
    """Lone surrogates become U+FFFD, NaN and infinity null: in lines, in a folder, among the rejects."""
    source = tmp_path / "in.jsonl"
    source.write_text(
        '{"id":"a\\ud800","text":"The river rose \\udfff on Monday.","n":NaN,"m":[1e999],"\\ud801":"\\ud802"}\n'
        '{"id":"b\\ud800","text":""}\n'
    )
    assert run(source, "-o", tmp_path / "o.jsonl", "--jobs", 2).exit_code == 1
    (row,) = rows(tmp_path / "o.jsonl")
    assert (row["id"], row["body"]) == ("a\ufffd", "The river rose \ufffd on Monday.")
    assert (row["n"], row["m"], row["\ufffd"]) == (None, [None], "\ufffd")
    assert rows(tmp_path / "o.rejects.jsonl")[0]["id"] == "b\ufffd"
    assert run(source, "-o", tmp_path / "out").exit_code == 1
    assert json.loads((tmp_path / "out" / "a_.json").read_text("utf-8")) == row


def cleaner(*args: object, **more: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "cleaner", "run", *map(str, args)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


def test_standard_output_is_utf8(tmp_path: Path) -> None:
    """Whatever the locale says."""
    source = jsonl(tmp_path / "in.jsonl", {"id": 1, "text": "The river rose in Łódź on Monday."})
    with cleaner(source, "-o", "-", "-q", env={**os.environ, "PYTHONIOENCODING": "latin-1"}) as run:
        out, err = run.communicate()
    assert json.loads(out.decode("utf-8"))["body"] == "The river rose in Łódź on Monday."
    assert err == b""


@pytest.mark.parametrize("jobs", [1, 2])
def test_reader_that_has_enough(jobs: int, tmp_path: Path) -> None:
    """`| head -1` ends the run without a word."""
    source = jsonl(tmp_path / "in.jsonl", *({"id": n, "text": STORY} for n in range(2000)))
    with cleaner(source, "-o", "-", "-q", "-j", jobs) as run:
        assert run.stdout is not None and run.stderr is not None
        assert json.loads(run.stdout.readline())["id"] == "0"
        run.stdout.close()
        assert run.stderr.read() == b""
    assert run.returncode == 141


@pytest.mark.parametrize(
    "args",
    [
        ("inspect", "{dump}"),
        ("inspect", "{dump}", "--json"),
        ("rules", "show", "newsletter"),
        ("rules", "test", "{dump}"),
        ("categories",),
    ],
    ids=" ".join,
)
def test_every_command_knows_a_reader_that_has_enough(args: tuple[str, ...], tmp_path: Path) -> None:
    """Into a pipe that nobody reads any more each ends without a word, and with the status that the documentation says."""
    dump = tmp_path / "dump.txt"
    dump.write_text("\n\n".join(STORY for _ in range(300)), "utf-8")
    command = [sys.executable, "-m", "cleaner", *(arg.format(dump=dump) for arg in args)]
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, env=path_env())
    os.close(theirs)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("out", ["-", "o.jsonl", "out"])
def test_interrupt_ends_in_order(out: str, tmp_path: Path) -> None:
    """Ctrl-C, which the whole group of processes gets: one line that says where the results are, and no worker left."""
    source = jsonl(tmp_path / "in.jsonl", *({"id": n, "text": STORY + "\n\n" + STORY * 20} for n in range(20000)))
    with cleaner(source, "-o", out, "-q", "-j", 2, cwd=tmp_path, start_new_session=True, env=path_env()) as run:
        assert run.stdout is not None and run.stderr is not None
        if out == "-":
            run.stdout.readline()
        else:
            wait_for(lambda: any(tmp_path.rglob("windows/*.json")))
        os.killpg(run.pid, signal.SIGINT)
        says = run.stderr.read().decode()
        run.stdout.close()
    assert run.returncode == 130
    told = {"-": "to standard output", "o.jsonl": "so far is in .o.jsonl.run;", "out": "so far is in out/.run;"}
    assert says.count("\n") == 1
    assert told[out] in says
    with pytest.raises(ProcessLookupError):
        os.killpg(run.pid, 0)


@pytest.mark.parametrize("wait", [0.3, 0.5, 0.7])
def test_early_interrupt_is_no_traceback_of_workers(wait: float, tmp_path: Path) -> None:
    """Also while the workers start."""
    source = jsonl(tmp_path / "in.jsonl", *({"id": n, "text": STORY * 20} for n in range(20000)))
    with cleaner(source, "-o", "o.jsonl", "-q", "-j", 2, cwd=tmp_path, start_new_session=True, env=path_env()) as run:
        time.sleep(wait)
        os.killpg(run.pid, signal.SIGINT)
        _, err = run.communicate()
    assert b"worker" not in err
    assert err.count(b"Traceback") <= 1  # the main process, when it was still importing


def path_env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(FIXTURES.parent)}


def wait_for(probe: Callable[[], bool]) -> None:
    for _ in range(1200):
        if probe():
            return
        time.sleep(0.05)
    raise AssertionError("waited for a minute")


def test_devices_and_full_disks(tmp_path: Path) -> None:
    """A device takes the rows; a place without room is named, without the usage, and exits with 2."""
    source = jsonl(tmp_path / "in.jsonl", {"id": 1, "text": STORY})
    assert run(source, "-o", "/dev/null").exit_code == 0
    full = run(source, "-o", "/dev/full", "-q")
    assert full.exit_code == 2
    assert "/dev/full: cannot be written: No space left on device" in full.output
    assert "Usage" not in full.output
    blocked = run(source, "-o", tmp_path / "o.jsonl", "--rejects", source / "r.jsonl")
    assert blocked.exit_code == 2
    assert f"{source}/r.jsonl: cannot be written" in blocked.output


def test_a_model_that_is_none_ends_the_run_at_its_start(tmp_path: Path) -> None:
    """A wrong --model is wrong usage, not a reject for each page."""
    source = tmp_path / "a.html"
    source.write_text("<html><body><p>The river rose.</p>", "utf-8")
    result = run(source, "-o", tmp_path / "out.jsonl", "--model", tmp_path / "none.model")
    assert result.exit_code == 2 and "none.model" in result.output
    assert not (tmp_path / "out.jsonl").exists()


def test_what_the_system_refuses_is_told_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be written into is named, with what to look at, and no bare number of an error."""
    source = jsonl(tmp_path / "in.jsonl", {"id": 1, "text": STORY})

    def refuse(*args: Any, **more: Any) -> Any:
        raise PermissionError(13, "Permission denied", "/closed/.o.jsonl.run")

    monkeypatch.setattr("cleaner.commands.run.run_batch", refuse)
    told = run(source, "-o", tmp_path / "o.jsonl")
    assert told.exit_code == 2 and "Errno" not in told.output
    assert "/closed/.o.jsonl.run: Permission denied; check the path, its permissions" in told.output


def test_a_new_folder_is_told(tmp_path: Path) -> None:
    """The folder of OUT is made where it is not there, and that is said: it may be a slip."""
    source = jsonl(tmp_path / "in.jsonl", {"id": 1, "text": STORY})
    assert f"new folder: {tmp_path}/new" in run(source, "-o", tmp_path / "new" / "o.jsonl").output
    assert "new folder" not in run(source, "-o", tmp_path / "new" / "p.jsonl").output
