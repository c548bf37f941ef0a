"""`cleaner rules check`: the files that come along are clean, and each kind of mistake is told."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cleaner.cli import main
from cleaner.data import phrase_tables
from cleaner.text.check import check_language


@pytest.mark.parametrize("language", sorted(phrase_tables()))
def test_shipped_language_is_clean(language: str) -> None:
    """Nothing is missing, wrong or in collision in a file that comes along."""
    assert check_language(phrase_tables()[language]) == []


def broken(**changes: Any) -> dict[str, Any]:
    table = copy.deepcopy(dict(phrase_tables()["it"]))
    table["categories"]["related"] |= changes.pop("related", {})
    return table | changes


@pytest.mark.parametrize(
    ("table", "kind", "place", "text"),
    [
        (broken(months=[["gennaio"]]), "wrong", "months", "twelve"),
        (broken(speach=["dice"]), "wrong", "speach", "Did you mean 'speech'?"),
        (broken(speech="dice"), "wrong", "speech", "list of strings"),
        (broken(related={"oppens": ["leggi"]}), "wrong", "categories.related.oppens", "Did you mean 'opens'?"),
        (broken(related={"has": ["leggi (anche"]}), "wrong", "categories.related.has", "bracket"),
        (
            broken(related={"has": ["leggi ((anche|pure)|ancora)"]}),
            "wrong",
            "categories.related.has",
            "within brackets",
        ),
        (broken(related={"has": ["…"]}), "wrong", "categories.related.has", "no word"),
        (broken(related={"opens": ["che"]}), "collides", "categories.related.opens", "function word of this language"),
        (broken(related={"hints": ["the"]}), "collides", "categories.related.hints", "function word of en"),
        (broken(related={"weak": ["altro", "Altro"]}), "collides", "categories.related.weak", "twice"),
        ({"language": "xx"}, "missing", "function_words", "every other language"),
        ({"language": "xx"}, "missing", "categories.newsletter", "every other language"),
    ],
)
def test_mistake_is_told(table: dict[str, Any], kind: str, place: str, text: str) -> None:
    """Each mistake is one finding that names the place and the mend."""
    assert any(f.kind == kind and f.place == place and text in f.text for f in check_language(table))


def test_command(tmp_path: Path) -> None:
    """Exit status 0 for the shipped files, 1 for a file with findings, 2 for one that cannot be read."""
    assert CliRunner().invoke(main, ["rules", "check"]).exit_code == 0
    path = tmp_path / "xx.toml"
    path.write_text('language = "xx"\n', encoding="utf-8")
    result = CliRunner().invoke(main, ["rules", "check", str(path)])
    assert result.exit_code == 1
    assert "categories.newsletter: missing" in result.output
    assert CliRunner().invoke(main, ["rules", "check", str(tmp_path / "none.toml")]).exit_code == 2


def checked(path: Path, text: str) -> tuple[int, str]:
    path.write_text(text, "utf-8")
    result = CliRunner().invoke(main, ["rules", "check", str(path)])
    return result.exit_code, result.output.replace(f"{path.parent}/", "")


def test_models_are_looked_at(tmp_path: Path) -> None:
    """A model that is missing, or is none, is a finding with its line, without advice of another library."""
    (tmp_path / "text.model").write_text("no model", "utf-8")
    status, told = checked(
        tmp_path / "s.toml", f'model = "{tmp_path}/none.model"\nkep = []\nline_model = "{tmp_path}/text.model"\n'
    )
    assert status == 1 and "3 found" in told
    assert "s.toml:1: model: none.model: cannot be read (No such file or directory)" in told
    assert "s.toml:3: line_model: text.model: not a model file" in told and "pickle" not in told


def test_a_stray_language_makes_no_language_file(tmp_path: Path) -> None:
    """A file with settings is one of settings; the line of what is not one is told."""
    status, told = checked(tmp_path / "s.toml", 'language = "en"\nkeep = ["captoin"]\n')
    assert status == 1 and "s.toml:1: unknown setting 'language'" in told and "s.toml:2: keep: unknown category" in told


def test_a_file_that_is_too_deep_ends_no_command_with_a_traceback(tmp_path: Path) -> None:
    """Brackets without end are told of as any other mistake."""
    status, told = checked(tmp_path / "s.toml", "a = " + "[" * 5000)
    assert status == 2 and "Error: s.toml: not valid TOML" in told
