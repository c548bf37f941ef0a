"""`cleaner rules`, `init`, `version`, `completion`, and how commands behave in shells."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from cleaner import Settings, load_settings
from cleaner.cli import main
from cleaner.data import categories
from cleaner.explain import all_phrases, examples_of, explain, phrases_like
from cleaner.settings.sample import sample_settings
from tests.conftest import FIXTURES

OWN = '[phrases.any]\nnewsletter = ["hear the tides"]\n'


def call(*args: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in args])


def test_list_counts_all_phrases(tmp_path: Path) -> None:
    """Every category has its row; the user's phrases are counted apart."""
    (tmp_path / "s.toml").write_text(OWN, "utf-8")
    told = json.loads(call("rules", "list", "--json", "--settings", tmp_path / "s.toml").output)
    assert list(told) == list(categories())
    assert told["newsletter"]["user:any"] == 2
    assert sum(sum(row.values()) for row in told.values()) == len(all_phrases()) + 2
    assert len(call("rules", "list").output.splitlines()) == len(categories()) + 1


def test_show_tells_what_a_rule_does() -> None:
    """A category's phrases; a phrase with examples that were tried."""
    assert "  sign up for our newsletter" in call("rules", "show", "newsletter", "--language", "en").output.splitlines()
    told = call("rules", "show", "all rights reserved", "--language", "en").output
    assert "goes          All rights reserved" in told
    assert 'stays         "All rights reserved," it said' in told
    missing = call("rules", "show", "xyzzy")
    assert missing.exit_code == 2 and "no phrase 'xyzzy'" in missing.output


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('"Sign up for our newsletter," she said.', "begins as a quotation"),
        ('The sign read "sign up for our newsletter" in red.', "quotation marks"),
        ("The mayor said they should sign up for our newsletter.", "reports what somebody said"),
        ("The news was read.", "only"),
    ],
)
def test_reasons_to_stay(line: str, reason: str) -> None:
    """A phrase that takes nothing is named with the reason."""
    told = call(
        "rules",
        "test",
        f"The river rose on Monday and the bridge was closed.\n\n{line}\n\nIt fell on Friday, they told us.",
    )
    assert told.output.count("\nstays") + told.output.startswith("stays") == 3
    assert reason in told.output


def test_test_explains_every_fixture() -> None:
    """What `rules test` says of a line is what cleaning does: removed pieces are covered, and nothing else."""
    for path in sorted(FIXTURES.glob("realistic/*.txt"))[:12]:
        found = explain(path.read_bytes(), Settings())
        assert {line.fate for line in found} <= {"goes", "goes in part", "stays"}
        assert any(line.cut for line in found)
        for line in found:
            assert all(0 <= v.start < v.end <= len(line.line) for v in line.cut)


def test_test_reads_files_streams_and_text(tmp_path: Path) -> None:
    """A lone line of furniture is explained, too; --json is an object a line."""
    (tmp_path / "s.toml").write_text(OWN, "utf-8")
    (tmp_path / "d.txt").write_text("Hear the tides", "utf-8")
    args = ["--settings", tmp_path / "s.toml", "--json"]
    by_file = call("rules", "test", tmp_path / "d.txt", *args).output
    assert by_file == call("rules", "test", "Hear the tides", *args).output
    piped = CliRunner().invoke(main, ["rules", "test", "-", *map(str, args)], input="Hear the tides")
    assert piped.output == by_file
    assert json.loads(by_file)["removed"][0]["evidence"].startswith("phrase:user:any:")


def test_examples_are_true() -> None:
    """The first example of a strong phrase goes, the quoted one stays."""
    (entry, *_) = phrases_like(all_phrases(), "get our free app") or phrases_like(all_phrases(), "all rights reserved")
    fates = [fate for _, fate, _ in examples_of(entry)]
    assert (fates[0], fates[-1]) == ("goes", "stays")


def test_check_takes_settings(tmp_path: Path) -> None:
    """A file of settings is checked as such, all mistakes with their lines."""
    (tmp_path / "s.toml").write_text('mode = "recal"\nkeep = ["captoin"]\n', "utf-8")
    told = call("rules", "check", tmp_path / "s.toml")
    assert told.exit_code == 1
    assert "s.toml:1: mode" in told.output and "s.toml:2: keep" in told.output
    (tmp_path / "s.toml").write_text(OWN, "utf-8")
    assert call("rules", "check", tmp_path / "s.toml").exit_code == 0


def test_init_writes_every_option(tmp_path: Path) -> None:
    """As written it means the defaults; with every # taken away it still loads."""
    path = tmp_path / "cleaner.toml"
    assert call("init", path).exit_code == 0
    assert load_settings(path) == Settings()
    assert call("init", path).exit_code == 2
    assert call("init", path, "--force").exit_code == 0
    text = sample_settings()
    for option in fields(Settings):
        assert f"# {option.name} = " in text or f"# [{option.name}." in text
    rows = [
        line[2:]
        for line in text.splitlines()
        if line.startswith(("# [", *(f"# {w}" for w in "abcdefghijklmnopqrstuvwxyz")))
    ]
    path.write_text("\n".join(rows), "utf-8")
    assert load_settings(path).sites["example.com"]["drop"] == (".promo", "aside.partner")


def test_run_reads_the_settings_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """./cleaner.toml counts and is told of; --no-settings and --settings win; a wrong one ends the run."""
    monkeypatch.chdir(tmp_path)
    Path("d.txt").write_text("The river rose on Monday.\n\nHear the tides", "utf-8")
    Path("cleaner.toml").write_text(OWN, "utf-8")
    Path("other.toml").write_text("", "utf-8")
    for n, (more, gone) in enumerate([((), True), (("--no-settings",), False), (("--settings", "other.toml"), False)]):
        done = call("run", "d.txt", "-o", f"{n}.jsonl", "-q", *more)
        assert done.exit_code == 0, done.output
        assert ("settings: ./cleaner.toml" in done.output) == gone
        assert ("tides" not in Path(f"{n}.jsonl").read_text("utf-8")) == gone
    Path("cleaner.toml").write_text("kep = 1", "utf-8")
    assert "cleaner.toml:1: unknown setting 'kep'" in call("run", "d.txt", "-o", "x.jsonl").output


def test_version_names_what_decides() -> None:
    """Version, Python, and digests of both models and the phrases."""
    told = json.loads(call("version", "--json").output)
    assert set(told) == {"version", "python", "platform", "models"}
    assert {name: len(digest) for name, digest in told["models"].items()} == {"page": 16, "line": 16, "phrases": 16}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str) -> None:
    """Each shell's script asks the command itself."""
    script = call("completion", shell).output
    assert f"_CLEANER_COMPLETE={shell}_complete" in script


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_completion_in_a_real_bash(tmp_path: Path) -> None:
    """bash completes a command and the choices of an option."""
    program = tmp_path / "cleaner"
    program.write_text(f"#!{sys.executable}\nfrom cleaner.cli import main\nmain(prog_name='cleaner')\n", "utf-8")
    program.chmod(0o755)
    (tmp_path / "c.bash").write_text(call("completion", "bash").output, "utf-8")
    ask = 'source c.bash; COMP_WORDS=({words}); COMP_CWORD={at}; _cleaner_completion cleaner; echo "${{COMPREPLY[@]}}"'
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    for words, at, wanted in (("cleaner ru", 1, "run rules"), ("cleaner run --mode p", 3, "precision")):
        code = ask.format(words=words, at=at)
        done = subprocess.run(["bash", "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
        assert done.stdout.split() == wanted.split(), done.stderr


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The paths of all commands below a group."""
    found: list[tuple[str, ...]] = []
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        found += commands(command, (*path, name)) if isinstance(command, click.Group) else [(*path, name)]
    return found


@pytest.mark.parametrize("path", commands(main), ids=" ".join)
def test_every_help_has_an_example(path: tuple[str, ...]) -> None:
    """The help of each command shows how it is called."""
    told = call(*path, "--help").output
    assert f"cleaner {' '.join(path)}" in told.partition("Example")[2], told


@pytest.mark.parametrize("args", [["categories"], ["rules", "list"], ["rules", "show", "newsletter"], ["init", "-"]])
def test_pipes_and_colour(args: list[str]) -> None:
    """No escape codes in a pipe, with or without NO_COLOR, and a reader that has enough is no error."""
    command = [sys.executable, "-m", "cleaner", *args]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "NO_COLOR": "1"}
    ) as run:
        assert run.stdout is not None and run.stderr is not None
        assert b"\x1b" not in run.stdout.readline()
        run.stdout.close()
        assert run.stderr.read() == b""


@pytest.mark.parametrize("text", ["nosuch.txt", "dumps/nosuch", "crawl.jsonl.gz", "{folder}", "nosuch.toml"])
def test_a_path_is_no_text(text: str, tmp_path: Path) -> None:
    """What looks like the name of a file, and is none that can be read, is told as such and not judged as a line."""
    result = call("rules", "test", text.format(folder=tmp_path))
    assert result.exit_code == 2 and "cannot be read" in result.output


@pytest.mark.parametrize("text", ["example.com", "Menu", "Read and/or write", "Share:"])
def test_a_text_is_no_path(text: str) -> None:
    """Lines with white space, and words without the suffix of a file that cleaner reads, are texts."""
    assert call("rules", "test", text, "--no-settings").output.split("  ")[0] in ("goes", "stays")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("inspct",), "No such command 'inspct'. Did you mean 'inspect'?"),
        (("xyzzy",), "No such command 'xyzzy'."),
        (("rules", "show", "newsleter"), "Did you mean 'newsletter'?"),
    ],
)
def test_what_was_meant(args: tuple[str, ...], says: str) -> None:
    """A misspelt command or category is told with the one that is like it."""
    result = call(*args)
    assert result.exit_code == 2 and says in result.output


def test_show_tells_a_phrase_once() -> None:
    """A phrase of several languages and lists is one block with one set of examples, explained by a rule of its own."""
    told = call("rules", "show", "all rights reserved").output
    assert told.count("all rights reserved\n") == 1 and told.count("goes ") == 1
    assert "copyright, de, en, list `whole`" in told
    english = call("rules", "show", "all rights reserved", "--language", "en").output
    assert "(phrase:en:whole:all rights reserved)" in english and ":de:" not in english
