"""The command line: arguments → `Settings` → one call."""

from __future__ import annotations

import contextlib
import itertools
import sys
import time
from collections.abc import Iterator
from typing import Any

import click

from cleaner import __version__
from cleaner.batch import Counts, Outcome, Recipe, count
from cleaner.data import categories
from cleaner.errors import InputError, SettingsError
from cleaner.io.readers import Keys, Record, Source, find_sources, read_source
from cleaner.io.writers import Write, open_output, rejects_path
from cleaner.settings import Settings, load_settings, make_settings

__all__ = ["main"]

_INTERRUPTED = 130

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
  cleaner categories                             what can be removed, and kept
"""


@click.group(help=_HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="cleaner")
def main() -> None:
    """The group of all commands."""


@main.command("categories", short_help="List the categories of removed pieces.")
def list_categories() -> None:
    """List the categories of removed pieces: the names that --keep takes."""
    for name, table in categories().items():
        click.echo(f"{name:16} {table['about']}")


@main.command(short_help="Clean dumps: files, folders, globs or standard input.")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o",
    "--out",
    required=True,
    metavar="OUT",
    help="A .jsonl file (also .gz, .zst), a folder, or - for standard output.",
)
@click.option("-j", "--jobs", default=1, show_default=True, type=click.IntRange(1, 256), help="Processes that clean.")
@click.option(
    "--settings", "settings_file", metavar="FILE", help="A TOML file of settings; options given here win over it."
)
@click.option(
    "--keep", multiple=True, metavar="CATEGORY", help="Leave this category in the body. May be given several times."
)
@click.option("--include-removed", is_flag=True, help="Write each removed piece with category, evidence and place.")
@click.option("--rejects", metavar="FILE", help="Where dumps that gave no article go.  [default: beside OUT]")
@click.option(
    "--engine", type=click.Choice(["trafilatura", "rules"]), help="First judge of HTML blocks.  [default: trafilatura]"
)
@click.option(
    "--source-format",
    type=click.Choice(["auto", "text", "html"]),
    default="auto",
    show_default=True,
    help="What the dumps are.",
)
@click.option(
    "--text-key", metavar="NAME", help="JSONL column of the dump.  [default: raw, html, text, content, body …]"
)
@click.option("--id-key", metavar="NAME", help="JSONL column of the id.  [default: id, _id, doc_id …; else file:line]")
@click.option("--url-key", metavar="NAME", help="JSONL column of the address.  [default: url, source_url, link …]")
@click.option(
    "--text-as",
    type=click.Choice(["txt", "md"]),
    default="txt",
    show_default=True,
    help="Second file of an article in a folder.",
)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Stop after N dumps.")
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary.")
def run(
    inputs: tuple[str, ...], out: str, jobs: int, settings_file: str | None, keep: tuple[str, ...], **more: Any
) -> None:
    """Clean the dumps of INPUT and write them to OUT.

    INPUT is a file, a folder (searched through), a glob or - (JSON lines on standard input): .txt, .html, .htm and
    .jsonl, each also as .gz or .zst. A row of OUT holds id, body, the metadata, and the other columns of a JSONL input.
    Every dump becomes one row of OUT or one row of the rejects, with its reason.

    \b
    Exit status: 0 all cleaned, 1 finished with rejects, 2 wrong usage, 130 interrupted.
    """
    try:
        overrides = {"keep": keep or None, "engine": more["engine"]}
        settings = _settings(settings_file, overrides)
        keys = Keys(more["text_key"], more["id_key"], more["url_key"])
        sources = find_sources(inputs)
        recipe = Recipe(settings, more["include_removed"], more["source_format"])
        rejected = _run(sources, keys, recipe, out, jobs, more)
    except (SettingsError, InputError) as exc:
        raise click.UsageError(str(exc)) from exc
    except OSError as exc:
        raise click.UsageError(f"{out}: cannot be written: {exc.strerror or exc}") from exc
    except KeyboardInterrupt:
        click.echo("interrupted: what was written so far is in the .partial file beside OUT", err=True)
        sys.exit(_INTERRUPTED)
    sys.exit(1 if rejected else 0)


def _settings(path: str | None, overrides: dict[str, Any]) -> Settings:
    if path is not None:
        return load_settings(path, **overrides)
    return make_settings({k: v for k, v in overrides.items() if v is not None}, "options")


def _run(sources: list[Source], keys: Keys, recipe: Recipe, out: str, jobs: int, more: dict[str, Any]) -> int:
    """Run the batch, show its progress and summary; the number of rejects."""
    from cleaner.engines.local import run_local
    from cleaner.progress import summary, watch

    start, counts = time.monotonic(), Counts()
    records: Iterator[Record] = itertools.chain.from_iterable(read_source(s, keys) for s in sources)
    if more["limit"]:
        records = itertools.islice(records, more["limit"])
    single = all(s.suffix not in (".jsonl", ".ndjson") for s in sources)
    total = min(len(sources), more["limit"] or len(sources)) if single else more["limit"]
    rejects_to = more["rejects"] or rejects_path(out)
    with open_output(out, more["text_as"]) as write, _Rejects(rejects_to) as rejects:
        for outcome in watch(count(run_local(records, recipe, jobs), counts), counts, total, more["quiet"]):
            _write(outcome, write, rejects)
    if not more["quiet"]:
        click.echo(summary(counts, time.monotonic() - start, rejects_to), err=True)
    return counts.rejected


def _write(outcome: Outcome, write: Write, rejects: _Rejects) -> None:
    if outcome.row is not None:
        write(outcome.row)
    elif outcome.reject is not None:
        rejects.add(dict(outcome.reject))


class _Rejects:
    """The rejects file, made when the first reject comes; without a place for it they go to standard error."""

    def __init__(self, path: str | None) -> None:
        self.path = path
        self.stack = contextlib.ExitStack()
        self.writer: Write | None = None

    def __enter__(self) -> _Rejects:
        return self

    def __exit__(self, *exc: Any) -> None:
        self.stack.__exit__(*exc)

    def add(self, row: dict[str, str]) -> None:
        if self.path is None:
            click.echo(f"rejected {row['id']}: {row['reason']}: {row['detail']}", err=True)
            return
        if self.writer is None:
            self.writer = self.stack.enter_context(open_output(self.path))
        self.writer(row)
