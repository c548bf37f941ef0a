"""A batch that is killed, starved, fed with poison or begun twice: nothing is lost, and the output is the same bytes."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cleaner.batch.windows import Group, Planner, Window, group_sources
from cleaner.cli import main
from cleaner.io.readers import Source
from tests.conftest import FIXTURES, WORDS

SITES = 5


def dump(number: int) -> dict[str, Any]:
    """An article of one of a few sites, each with a house line of its own; every tenth is empty."""
    site, word = number % SITES, WORDS[number % len(WORDS)]
    prose = (
        f"The {word} of street {number} was painted in spring, said the keeper, and {number + 3} people came to see it."
    )
    lines = [f"House number {site} of lanterns", prose, "Sign up for our newsletter", f"Then the {word} closed again."]
    return {
        "id": f"d{number}",
        "url": f"https://site{site}.example/{number}",
        "raw": "" if number % 10 == 9 else "\n\n".join(lines),
    }


def corpus(path: Path, numbers: range) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(dump(number)) + "\n" for number in numbers)
    return path


def run(*args: object) -> Result:
    return CliRunner().invoke(main, ["run", *map(str, args)])


def command(*args: object) -> list[str]:
    return [sys.executable, "-m", "cleaner", "run", *map(str, args), "-q"]


ENV = {**os.environ, "PYTHONPATH": str(FIXTURES.parent)}


def account(out: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(out.with_name(out.name.split(".")[0] + ".run.json").read_text("utf-8"))
    return told


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of input, and the output of an uninterrupted run over it."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "in").mkdir()
    corpus(folder / "in" / "a.jsonl.gz", range(170))
    corpus(folder / "in" / "b.jsonl.gz", range(170, 260))
    for number in range(260, 300):
        (folder / "in" / f"c{number}.txt").write_text(dump(number)["raw"] or " ", "utf-8")
    result = run(folder / "in", "-o", folder / "out.jsonl", "--checkpoint", 20, "-q")
    assert result.exit_code == 1, result.output
    return folder / "in", folder / "out.jsonl"


def same(one: Path, two: Path) -> None:
    assert one.read_bytes() == two.read_bytes()
    rejects = [path.with_name(path.stem + ".rejects.jsonl") for path in (one, two)]
    assert rejects[0].read_bytes() == rejects[1].read_bytes()


@pytest.mark.parametrize("jobs", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_killed_and_gone_on_with(jobs: int, whole: tuple[Path, Path], tmp_path: Path) -> None:
    """Killed again and again, at every stage, and begun again: the same bytes as without, and no window done twice."""
    out, kills, seen = tmp_path / "out.jsonl", 0, set[str]()
    while True:
        process = subprocess.Popen(command(whole[0], "-o", out, "--checkpoint", 20, "-j", jobs), env=ENV)
        if not wait_for_more(process, tmp_path / ".out.jsonl.run", seen):
            break
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills += 1
        assert not out.exists() or out.read_bytes() == whole[1].read_bytes()
    assert process.returncode == 1
    assert kills >= 8
    same(out, whole[1])
    assert not (tmp_path / ".out.jsonl.run").exists()


def wait_for_more(process: subprocess.Popen[bytes], folder: Path, seen: set[str]) -> bool:
    """Wait until there are some new files in the work folder; False when the process has ended before."""
    while process.poll() is None:
        found = {name for _, _, names in os.walk(folder) for name in names}
        if len(found - seen) > 2:
            seen |= found
            return True
        time.sleep(0.005)
    return False


def test_jobs_and_checkpoints_change_nothing(whole: tuple[Path, Path], tmp_path: Path) -> None:
    """Neither how many processes, nor how often it is noted down."""
    for jobs, checkpoint in ((2, 7), (3, 1000)):
        out = tmp_path / f"{jobs}.jsonl"
        assert run(whole[0], "-o", out, "-j", jobs, "--checkpoint", checkpoint, "-q").exit_code == 1
        same(out, whole[1])


def test_account_adds_up(whole: tuple[Path, Path]) -> None:
    """run.json: every dump is a row or a reject; what to know to do it again is there."""
    told = account(whole[1])
    counts = told["counts"]
    assert counts["read"] == 300 == counts["written"] + sum(counts["rejects"].values())
    assert counts["written"] == len(whole[1].read_text("utf-8").splitlines())
    assert counts["rejects"] == {"empty": 30}
    assert told["learned"]["houses"] >= SITES - 1
    assert told["plan"]["inputs"]["files"] == 42
    assert set(told["plan"]["models"]) == {"page", "line", "phrases"}
    rows = [json.loads(line) for line in whole[1].read_text("utf-8").splitlines()]
    bodies = [row["body"] for row in rows if row["url"] and "site0" in row["url"]]
    assert bodies and not any("lanterns" in body or "newsletter" in body for body in bodies)


def test_finished_or_other_runs_are_told(whole: tuple[Path, Path], tmp_path: Path) -> None:
    """The same run again has nothing to do; another one is refused, unless --restart; what differs is named."""
    out = tmp_path / "out.jsonl"
    source = corpus(tmp_path / "in.jsonl.gz", range(9))
    assert run(source, "-o", out).exit_code == 0
    before = out.stat().st_mtime_ns
    assert "nothing to do" in run(source, "-o", out).output
    assert out.stat().st_mtime_ns == before
    refused = run(source, "-o", out, "--keep", "newsletter")
    assert (refused.exit_code, "settings.keep" in refused.output, "--restart" in refused.output) == (2, True, True)
    corpus(source, range(8))
    assert "inputs.digest" in run(source, "-o", out).output
    assert run(source, "-o", out, "--restart").exit_code == 0
    assert len(out.read_text("utf-8").splitlines()) == 8


def test_second_run_on_one_output_refuses(tmp_path: Path) -> None:
    """While one writes, another says so and ends; Ctrl-C ends the first within two seconds, and tells how to go on."""
    source = corpus(tmp_path / "in.jsonl.gz", range(5000))
    out = tmp_path / "out.jsonl"
    arguments = [*command(source, "-o", out, "-j", 2)[:-1], "--no-learn-sites"]
    with subprocess.Popen(arguments, env=ENV, stderr=subprocess.PIPE, start_new_session=True) as first:
        while not any((tmp_path / ".out.jsonl.run").glob("windows/*")):
            time.sleep(0.02)
        second = run(source, "-o", out, "--no-learn-sites")
        assert second.exit_code == 2
        assert f"another run is writing there (process {first.pid})" in second.output
        start = time.monotonic()
        os.killpg(first.pid, signal.SIGINT)
        _, says = first.communicate(timeout=30)
        assert time.monotonic() - start < 2
    assert first.returncode == 130
    assert b"the same command goes on" in says


@pytest.mark.parametrize("suffix", ["jsonl.gz", "csv", "parquet"])
def test_shards_out_for_shards_in(suffix: str, whole: tuple[Path, Path], tmp_path: Path) -> None:
    """A folder takes a file of rows for each file of the input, and one for the files of one dump each."""
    assert run(whole[0], "-o", tmp_path / "out", "--shards", suffix, "-j", 2, "-q").exit_code == 1
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {f"a.{suffix}", f"b.{suffix}", f"files-00002.{suffix}", "rejects.jsonl", "run.json"}
    if suffix == "jsonl.gz":
        parts = [
            gzip.decompress((tmp_path / "out" / f"{name}.{suffix}").read_bytes()) for name in ("a", "b", "files-00002")
        ]
        assert b"".join(parts) == whole[1].read_bytes()


def test_limit_and_sample(whole: tuple[Path, Path], tmp_path: Path) -> None:
    """--limit takes the first dumps, over all files; --sample the same ones in every run."""
    assert run(whole[0], "-o", tmp_path / "l.jsonl", "--limit", 200, "-q").exit_code == 1
    assert account(tmp_path / "l.jsonl")["counts"]["read"] == 200
    ids = [json.loads(line)["id"] for line in (tmp_path / "l.jsonl").read_text("utf-8").splitlines()]
    assert ids[-1] == "d198"
    run(whole[0], "-o", tmp_path / "s.jsonl", "--sample", 0.3, "-q", "--no-learn-sites")
    run(
        whole[0] / "a.jsonl.gz",
        "-o",
        tmp_path / "a.jsonl",
        "--sample",
        0.3,
        "-q",
        "--no-learn-sites",
        "--checkpoint",
        3,
    )
    ids, part = (
        [json.loads(line)["id"] for line in (tmp_path / f"{n}.jsonl").read_text("utf-8").splitlines()] for n in "sa"
    )
    assert 50 < len(ids) < 120
    assert part == ids[: len(part)]


POISON = """
import os, signal, time
import cleaner.batch.records as records
real = records.clean
def clean(raw, *args):
    if "sleeps" in raw:
        time.sleep(600)
    if "kills" in raw:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(raw, *args)
records.clean = clean
"""


def test_poisoned_dumps_are_rejected_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dump that never ends and one that kills its worker become rejects; all others come out as ever."""
    rows = [dump(n) for n in range(8)]
    rows[2]["raw"] += "\n\nIt sleeps."
    rows[5]["raw"] += "\n\nIt kills."
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    script = tmp_path / "poisoned.py"
    script.write_text(POISON)
    from cleaner.engines import worker

    monkeypatch.setattr(
        worker, "_BOOT", worker._BOOT.replace("serve()", f"exec(open({str(script)!r}).read()); serve()")
    )
    result = run(source, "-o", tmp_path / "o.jsonl", "--timeout", 1, "-q", "--no-learn-sites")
    assert result.exit_code == 1, result.output
    rejects = [json.loads(line) for line in (tmp_path / "o.rejects.jsonl").read_text("utf-8").splitlines()]
    assert {row["id"]: row["reason"] for row in rejects} == {"d2": "timeout", "d5": "worker_died"}
    assert len((tmp_path / "o.jsonl").read_text("utf-8").splitlines()) == 6


def test_full_disk_costs_no_work(tmp_path: Path) -> None:
    """Where no room is left the run ends with a message; with room again it goes on."""
    source = corpus(tmp_path / "in.jsonl.gz", range(100))
    done = subprocess.run(
        ["bash", "-c", "ulimit -f 8; exec \"$@\"", "bash", *command(source, "-o", tmp_path / "o.jsonl", "--no-learn-sites")],
        env=ENV, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "cannot be written" in done.stderr and "the same command goes on" in done.stderr
    assert not (tmp_path / "o.jsonl").exists()
    assert run(source, "-o", tmp_path / "o.jsonl", "--no-learn-sites", "-q").exit_code == 1
    assert account(tmp_path / "o.jsonl")["counts"]["read"] == 100


def test_dry_run_writes_nothing(whole: tuple[Path, Path], tmp_path: Path) -> None:
    """It says what would be read and written."""
    result = run(whole[0], "-o", tmp_path / "o.jsonl", "--dry-run")
    assert result.exit_code == 0
    assert "would read 42 files" in result.output and "would write" in result.output
    assert list(tmp_path.iterdir()) == []


def test_log_for_machines(whole: tuple[Path, Path], tmp_path: Path) -> None:
    """Each line on standard error is an object with its event; the last one has the counts."""
    arguments = [*command(whole[0], "-o", tmp_path / "o.jsonl")[:-1], "--log-format", "json"]
    done = subprocess.run(arguments, env=ENV, capture_output=True, text=True)
    events: list[Mapping[str, Any]] = [json.loads(line) for line in done.stderr.splitlines()]
    assert events[-1]["event"] == "done"
    assert events[-1]["read"] == 300


def test_a_restart_that_was_ended_is_gone_on_with(tmp_path: Path) -> None:
    """With other settings than the finished run that it replaces: the plain command goes on, and says so."""
    source, out = corpus(tmp_path / "in.jsonl.gz", range(3000)), tmp_path / "out.jsonl"
    assert run(source, "-o", out, "--limit", 5, "-q").exit_code == 0
    arguments = command(source, "-o", out, "--no-learn-sites", "--checkpoint", 20)
    with subprocess.Popen([*arguments, "--restart"], env=ENV) as process:
        while len(list((tmp_path / ".out.jsonl.run").glob("windows/*.json"))) < 3:
            time.sleep(0.01)
        process.kill()
    result = run(source, "-o", out, "--no-learn-sites", "--checkpoint", 20, "-v")
    assert result.exit_code == 1, result.output
    assert "going on: " in result.output
    assert "in.jsonl.gz, window 149: read 20, written 18, rejected 2" in result.output
    assert account(out)["counts"]["read"] == 3000


@pytest.mark.parametrize("out", ["-", "o.jsonl"])
def test_bytes_of_a_dump_are_limited_everywhere(out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--max-bytes holds for streams as for files."""
    monkeypatch.chdir(tmp_path)
    rows = [dump(1), {"id": "long", "raw": "The river rose. " * 100}]
    Path("in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    result = run("in.jsonl", "-o", out, "--max-bytes", 1000, "--rejects", "r.jsonl", "--no-learn-sites", "-q")
    assert result.exit_code == 1
    assert json.loads(Path("r.jsonl").read_text("utf-8"))["reason"] == "oversize"


def drained(planner: Planner, dumps: Mapping[int, int], workers: int) -> Iterator[Window]:
    """The windows that so many workers are handed, each told as done in turn."""
    last: list[Window | None] = [None] * workers
    held: list[Window | None] = [None] * workers
    while True:
        for number in range(workers):
            window = held[number]
            if window is not None:
                planner.tell(window, window.group.single or window.last > dumps[window.group.number])
                last[number], held[number] = window, None
            held[number] = window = planner.take(last[number])
            if window is not None:
                yield window
        if not any(held):
            return


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_planner_hands_out_each_window_once(workers: int) -> None:
    """Whatever the number of workers: all dumps, none twice, and few windows beyond an end."""
    dumps = {0: 25, 1: 0, 2: 10, 3: 9, 4: 100}
    groups = [Group(n, (Source(f"{n}.jsonl", ".jsonl", f"{n}.jsonl"),)) for n in dumps]
    planner = Planner(groups, 10, width=2 * workers)
    windows = list(drained(planner, dumps, workers))
    assert len(windows) == len({window.name for window in windows})
    for number, count in dumps.items():
        covered = {n for w in windows if w.group.number == number for n in range(w.first, min(w.last, count))}
        assert covered == set(range(count))
    assert sum(w.first > dumps[w.group.number] for w in windows) <= workers * len(dumps)
    assert sorted(planner.finished()) == sorted(dumps)


def test_small_files_are_done_together() -> None:
    """Files of one dump each make groups, by number and by bytes; a file of many dumps is one of its own."""
    files = [Source(f"{n}.txt", ".txt", f"{n}") for n in range(70)]
    lines = Source("x.jsonl", ".jsonl", "x.jsonl")
    groups = group_sources([*files[:3], lines, *files[3:]], {"5.txt": 7_999_999, "6.txt": 10})
    assert [len(group.sources) for group in groups] == [3, 1, 3, 64]
    assert [group.single for group in groups] == [True, False, True, True]
