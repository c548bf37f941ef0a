"""The README tells the truth."""

from __future__ import annotations

import doctest

import pytest

from tests.conftest import FIXTURES, ROOT


def test_readme_examples_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every Python example of the README gives what it shows."""
    monkeypatch.chdir(ROOT)
    result = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert result.attempted > 8
    assert result.failed == 0


def test_readme_shows_its_fixture() -> None:
    """The dump shown is the one that is cleaned."""
    assert (FIXTURES / "readme" / "ferry.txt").read_text("utf-8").strip() in (ROOT / "README.md").read_text("utf-8")
