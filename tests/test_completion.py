"""Completion in the shells themselves: a key is pressed, and the line is what it should be."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from cleaner.cli import main
from tests.conftest import ROOT

STARTS = {
    "bash": (["--norc", "--noprofile", "-i"], "source ./script"),
    "zsh": (["-f", "-i"], "autoload -U compinit; compinit -u -D; source ./script"),
}
WANTED = {
    "cleaner run harb": "harbour-dumps.jsonl",
    "cleaner inspect tide-f": "tide-folder/",
    "cleaner run x.txt --settings harb": "harbour-dumps.jsonl",
    "cleaner run x.txt --keep capt": "caption",
    "cleaner categ": "categories",
}
"""What is typed, and what stands there after the tab key."""

_CODES = re.compile(r"\x1b\[[0-9;?=>]*[A-Za-z]|\x1b[=>()][B0]?")


class Shell:
    """A shell at a terminal, in a folder with the command and its script of completion."""

    def __init__(self, name: str, folder: Path) -> None:
        args, self._start = STARTS[name]
        env = script(name, folder)
        self._master, slave = pty.openpty()
        self._child = subprocess.Popen(
            [name, *args], stdin=slave, stdout=slave, stderr=slave, cwd=folder, env=env, start_new_session=True
        )
        os.close(slave)

    def __enter__(self) -> Shell:
        self.press(f"{self._start}; echo rea''dy\n", "ready")
        return self

    def __exit__(self, *exc: object) -> None:
        self._child.kill()
        self._child.wait()
        os.close(self._master)

    def press(self, keys: str, wanted: str) -> str:
        """What the shell shows after some keys, until what is wanted is there."""
        os.write(self._master, keys.encode())
        found, end = "", time.monotonic() + 30
        while time.monotonic() < end and wanted not in found:
            if select.select([self._master], [], [], 0.2)[0]:
                with contextlib.suppress(OSError):  # the shell has ended
                    found += os.read(self._master, 1 << 16).decode("utf-8", "replace")
            found = _CODES.sub("", found)
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with something to name, and the command."""
    (tmp_path / "harbour-dumps.jsonl").touch()
    (tmp_path / "tide-folder").mkdir()
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "cleaner"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m cleaner "$@"\n', "utf-8")
    program.chmod(0o755)
    return tmp_path


def script(shell: str, folder: Path) -> dict[str, str]:
    """Write the script of a shell, or skip the test where there is no such shell; the environment for it."""
    if shutil.which(shell) is None:
        pytest.skip(f"needs {shell}")
    (folder / "script").write_text(CliRunner().invoke(main, ["completion", shell]).output, "utf-8")
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    return {"PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(folder), "TERM": "xterm", "LC_ALL": "C.UTF-8"}


@pytest.mark.parametrize("name", list(STARTS))
def test_a_key_completes(name: str, folder: Path) -> None:
    """Names of files and folders, categories, and commands, after the tab key."""
    with Shell(name, folder) as shell:
        for typed, wanted in WANTED.items():
            assert wanted in shell.press(f"{typed}\t", wanted)
            shell.press("\x15echo o''k\n", "ok")


def test_fish_completes(folder: Path) -> None:
    """The same of a shell that can be asked without a key."""
    env = script("fish", folder)
    for typed, wanted in WANTED.items():
        asked = ["fish", "--no-config", "-c", f"source ./script; complete -C '{typed}'"]
        done = subprocess.run(asked, cwd=folder, env=env, capture_output=True, text=True, timeout=60)
        assert wanted in done.stdout
