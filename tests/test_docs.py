"""The documentation tells the truth: generated pages are fresh, commands and examples give what is shown."""

from __future__ import annotations

import doctest
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.conftest import FIXTURES, ROOT

DOCS = ROOT / "docs"
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
PAGES = sorted(path for path in DOCS.rglob("*.md"))


def steps(text: str) -> list[tuple[str, str]]:
    """The commands of a page and what is shown below each."""
    found: list[tuple[str, str]] = []
    for block in CONSOLE.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, shown = part.partition("\n")
            found.append((command, shown))
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the fixtures and the command."""
    (tmp_path / "fixtures").symlink_to(FIXTURES)
    (tmp_path / "bin").mkdir()
    for name, code in (("cleaner", "-m cleaner"), ("python3", "")):
        program = tmp_path / "bin" / name
        program.write_text(f'#!/bin/sh\nexec {sys.executable} {code} "$@"\n', "utf-8")
        program.chmod(0o755)
    return tmp_path


def run(command: str, folder: Path) -> str:
    """What a command prints, on both streams."""
    env = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return done.stdout


@pytest.mark.parametrize("page", [p for p in PAGES if steps(p.read_text("utf-8"))], ids=lambda p: p.name)
def test_commands_give_what_is_shown(page: Path, folder: Path) -> None:
    """The commands of a page, in order, in one folder."""
    for command, shown in steps(page.read_text("utf-8")):
        assert run(command, folder) == shown, command


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_examples_run(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every Python example gives what it shows."""
    monkeypatch.chdir(ROOT)
    assert doctest.testfile(str(page), module_relative=False).failed == 0


def test_tutorial_has_commands_and_examples() -> None:
    """The tests above have something to do."""
    assert len(steps((DOCS / "tutorial.md").read_text("utf-8"))) > 12
    assert sum(page.read_text("utf-8").count("\n>>> ") for page in PAGES) > 10


def test_generated_pages_are_fresh() -> None:
    """`python docs/generate.py` would change nothing."""
    assert runpy.run_path(str(DOCS / "generate.py"))["stale"](False) == []


def test_pictures_are_pictures() -> None:
    """Each is well-formed, says what it shows, and loads nothing."""
    pictures = sorted(DOCS.glob("assets/*.svg"))
    assert len(pictures) == 2
    for path in pictures:
        text = path.read_text("utf-8")
        root = ElementTree.fromstring(text)
        assert root.find("{http://www.w3.org/2000/svg}title") is not None
        assert re.findall(r"(?:href|src|url\()\W*(?!#)\S+", text) == []


def test_readme_leads_to_the_docs() -> None:
    """README stays the entry, and its links to pages are right."""
    links = re.findall(r"\((docs/[^)#]+)\)", (ROOT / "README.md").read_text("utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
