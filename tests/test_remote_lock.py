"""The lock behind an address: one run at a time, and a run that was killed is gone on with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cleaner.batch import lock
from cleaner.batch.lock import locked
from cleaner.errors import InputError
from cleaner.io import storage
from cleaner.io.files import open_bytes
from tests.test_batch import ENV, corpus, run

QUICK = "import cleaner.batch.lock as lock; lock.BEAT = 0.4; from cleaner.cli import main; main()"


@pytest.fixture(params=["memory", "s3"])
def path(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The place of a lock, whose signs of life come fast."""
    monkeypatch.setattr(lock, "BEAT", 0.2)
    folder = f"memory://{tmp_path.name}"
    if request.param == "s3":
        folder = f"{request.getfixturevalue('s3')}/{tmp_path.name}"
    return f"{folder}/.o.jsonl.run/lock"


def wait(path: str, **facts: object) -> list[str]:
    """Write a lock that somebody left, take it, and tell how often one had to wait."""
    storage.write_json(path, {"owner": "x", "process": 1, "host": "far", "machine": "other", "beat": 7, **facts})
    waited: list[str] = []
    with locked(path, "out", lambda: waited.append("once")) as held:
        held.check()
        assert storage.read_json(path)["owner"] != "x"
    return waited


def test_only_one_holds_it(path: str) -> None:
    """A second run refuses and names the first; when that has ended, nothing is left and the next one holds it."""
    with locked(path, "out") as held:
        with (
            pytest.raises(InputError, match=r"out: another run is writing there \(process \d+ on "),
            locked(path, "out"),
        ):
            pass
        held.check()
    assert not storage.exists(path)
    with locked(path, "out"):
        assert storage.exists(path)


def test_a_lock_that_is_left_is_taken(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From another machine after some beats without a sign of life; from this one at once, if the process is gone."""
    start = time.monotonic()
    assert wait(path) == ["once"]
    assert time.monotonic() - start > lock.PATIENCE * lock.BEAT
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert wait(path, machine=lock._machine(), process=process.pid) == []
    storage.write_bytes(path, b"no lock at all")
    with locked(path, "out"):
        assert storage.read_json(path)["beat"] > 0


def test_who_loses_it_stops(path: str) -> None:
    """A run that slept too long finds another owner, says so, and leaves the lock of the other alone."""
    with locked(path, "out") as held:
        storage.write_json(path, {"owner": "x", "process": 9, "host": "far"})
        with pytest.raises(InputError, match=r"another run has taken it \(process 9 on far\)"):
            for _ in range(200):  # a busy machine may be late
                time.sleep(lock.BEAT)
                held.check()
    assert storage.read_json(path)["owner"] == "x"


def test_a_store_that_is_away_too_long_ends_the_run(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others may have taken a lock that could not be changed."""
    with locked(path, "out") as held, monkeypatch.context() as broken:
        broken.setattr(storage, "read_json", _away)
        time.sleep(2 * lock.BEAT)
        held.check()
        time.sleep(lock.PATIENCE * lock.BEAT)
        with pytest.raises(InputError, match="could not be reached for too long"):
            held.check()


def test_no_sign_of_life_comes_after_the_end(path: str) -> None:
    """What was removed stays removed."""
    with locked(path, "out") as held:
        held.end()
        storage.remove(path)
        time.sleep(3 * lock.BEAT)
    assert not storage.exists(path)


def test_second_run_refuses_and_a_killed_one_is_gone_on_with(
    s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On an S3 server: refused while the first run lives; after SIGKILL the same command goes on to the same bytes."""
    monkeypatch.setattr(lock, "BEAT", 0.4)
    source = corpus(tmp_path / "in.jsonl.gz", range(400))
    out = f"{s3}/{tmp_path.name}/o.jsonl"
    arguments = [str(source), "-o", out, "--checkpoint", "20", "--no-learn-sites", "-q"]
    with subprocess.Popen([sys.executable, "-c", QUICK, "run", *arguments, "-j", "1"], env={**ENV, **_aws()}) as first:
        while not any(name.endswith(".json") for name in storage.names(f"{s3}/{tmp_path.name}/.o.jsonl.run/windows")):
            assert first.poll() is None
            time.sleep(0.05)
        second = run(*arguments)
        assert second.exit_code == 2
        assert f"another run is writing there (process {first.pid} on " in second.output
        first.send_signal(signal.SIGKILL)
    assert storage.exists(f"{s3}/{tmp_path.name}/.o.jsonl.run/lock")
    assert run(*arguments).exit_code == 1
    assert run(source, "-o", tmp_path / "o.jsonl", "--no-learn-sites", "-q").exit_code == 1
    with open_bytes(out) as stream:
        assert stream.read() == (tmp_path / "o.jsonl").read_bytes()
    assert sorted(storage.names(f"{s3}/{tmp_path.name}")) == ["o.jsonl", "o.rejects.jsonl", "o.run.json"]
    assert json.loads((tmp_path / "o.run.json").read_text("utf-8"))["counts"]["read"] == 400


def _away(_: str) -> None:
    raise OSError("away")


def _aws() -> dict[str, str]:
    """Where the server is."""
    return {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
