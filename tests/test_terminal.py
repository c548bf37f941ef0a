"""What a person sees who sits at a terminal: `cleaner inspect` in a window of its own, with the pager."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT

STORY = "The {0} was painted in spring, said the keeper of the {0}, and the board thanked everyone who had come."
OPEN = "import os, sys; os.close(os.open(os.ttyname(0), os.O_RDWR)); os.execv(sys.executable, sys.argv[1:])"
"""A session's first terminal becomes its own, so that `less` finds /dev/tty."""


def shown(*args: object, width: int = 120, height: int = 24, keys: bytes = b"") -> str:
    """All that `cleaner` writes to a terminal; `keys` are pressed when it has gone quiet."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    unset = ("LESS", "PAGER", "MANPAGER", "NO_COLOR", "COLUMNS", "LINES")
    env = {name: value for name, value in os.environ.items() if name not in unset}
    env |= {"TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", OPEN, sys.executable, "-m", "cleaner", *map(str, args)]
    with subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True) as child:
        os.close(slave)
        found = _read(master, child, keys)
        os.close(master)
    return found.decode("utf-8", "replace")


def _read(master: int, child: subprocess.Popen[bytes], keys: bytes) -> bytes:
    found, end = b"", time.monotonic() + 60
    while time.monotonic() < end:
        if not select.select([master], [], [], 2)[0]:
            if found and keys:
                os.write(master, keys)
            elif child.poll() is not None:
                break
            continue
        try:
            piece = os.read(master, 1 << 16)
        except OSError:  # the other side is closed
            break
        if not piece:
            break
        found += piece
    return found


@pytest.mark.skipif(shutil.which("less") is None, reason="needs less")
def test_pager_shows_colours_and_no_codes(tmp_path: Path) -> None:
    """A document longer than the window comes in `less`, which obeys the colours instead of spelling them out."""
    dump = tmp_path / "long.txt"
    dump.write_text("\n\n".join([STORY.format(n) for n in range(60)] + ["Sign up for our newsletter"]), "utf-8")
    seen = shown("inspect", dump, keys=b"Gq")
    assert "ESC" not in seen
    assert "\x1b[" in seen and "Sign up for our newsletter" in seen


@pytest.mark.parametrize("width", [60, 140])
def test_inspect_drops_no_kept_text(width: int, tmp_path: Path) -> None:
    """A paragraph without spaces, an endless address and a long answer of a poll are shown to their last letter."""
    dump = tmp_path / "dump.txt"
    japanese, address = "川が月曜日に増水した。" * 30 + "終", "https://example.org/" + "a" * 300 + "z"
    poll = f"Would you take the ferry to work? Yes No\n\n{'Yes' * 26}: 72% (1,310 votes) No: 28% (509 votes)"
    dump.write_text(
        f"{STORY.format('mill')}\n\n{japanese}\n\n{address}\n\n{STORY.format('tower')}\n\n{poll}\n", "utf-8"
    )
    seen = shown("inspect", dump, "--no-pager", "--no-colour", "--source-format", "text", width=width)
    letters = re.sub(r"\s", "", seen)
    assert "…" not in letters
    assert japanese in letters and address in letters
