"""The command line: the group of all commands. Each is imported when it is called, so that help comes at once."""

from __future__ import annotations

import contextlib
import os
import sys
from importlib import import_module

import click

from cleaner import __version__

__all__ = ["main"]

_HELP = """Raw article dumps in, clean articles out.

Takes text that careless scrapers left, or HTML pages, removes what is not the article (correction forms, polls, ads,
newsletter pitches, related links, menus, cookie notices …), and writes the clean body, the metadata, and on request
an account of every piece removed.

\b
Examples:
  cleaner run dumps/ -o clean.jsonl              a folder of .txt, .html and .jsonl files
  cleaner run 'crawl/*.jsonl.gz' -o clean.jsonl.zst --jobs 4
  cleaner run page.html -o out/                  one .json and one .txt per article
  cat dumps.jsonl | cleaner run - -o -           as a step of a pipeline
  cleaner run dumps/ -o clean.jsonl --keep caption --include-removed
  cleaner sites learn crawl/ -o templates.parquet   what the pages of each site have in common
  cleaner inspect page.html                      one dump: what was removed, and why
  cleaner report clean.jsonl                     a page to look at an output, and to correct it
  cleaner diff clean.jsonl again.jsonl           what a change of settings did
  cleaner categories                             what can be removed, and kept
  cleaner init                                   a commented cleaner.toml, which `cleaner run` reads
  cleaner rules test dump.txt                    which rule takes which line, or why it stays
  cleaner train labelled.jsonl -o my.model       a judge of HTML pages from your own labels
  cleaner train-lines dumps.jsonl -o my.model    a judge of text dumps from your own labels
"""


_COMMANDS = {
    "run": ("run", "run", "Clean dumps: files, folders, globs or standard input."),
    "inspect": ("inspect", "inspect", "Show what becomes of one dump, what was removed and why."),
    "report": ("report", "report", "One HTML page to look at an output and to correct it."),
    "diff": ("diff", "diff", "What a change of settings did: compare two outputs."),
    "sites": ("sites", "sites", "Learn what the pages of a site have in common, and look after it."),
    "categories": ("categories", "list_categories", "List the categories of removed pieces."),
    "rules": ("rules", "rules", "Look at the rules, try them on a text, check your own."),
    "init": ("init", "init", "Write a commented file of settings."),
    "train": ("train", "train", "Train a judge of HTML pages on labelled pages."),
    "train-lines": ("train", "train_lines", "Train a judge of text dumps on labelled dumps."),
    "evaluate": ("train", "evaluate", "Hold a judge of HTML pages against labelled pages."),
    "completion": ("completion", "completion", "Print the script that lets a shell complete the commands."),
    "version": ("version", "version", "Print what is installed, with the digests of the models."),
}
"""Name → file in `commands`, function, one line of help. One line adds a command."""


_NO_READER = 141  # what a shell shows for a program that SIGPIPE ended


class _Commands(click.Group):
    """The commands, imported one at a time; their order is that of the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        file, function, _ = _COMMANDS[name]
        command: click.Command = getattr(import_module(f"cleaner.commands.{file}"), function)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            from cleaner.settings.checks import hint

            ctx.fail(f"No such command {name!r}.{hint(name, _COMMANDS)}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command. A reader of its output that has enough, as with `| head`, ends it without a word."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()  # here, and not when Python ends, which would complain
        except BrokenPipeError:
            _leave_stdout()
            sys.exit(_NO_READER)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, _, help_line) in _COMMANDS.items()])


def _leave_stdout() -> None:
    """Let what is still buffered for standard output go nowhere, or Python complains about it when it ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(
    cls=_Commands, help=_HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(__version__, prog_name="cleaner")
def main() -> None:
    """The group of all commands."""
