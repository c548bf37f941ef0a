"""`cleaner run`: a batch of dumps, from files to files."""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any

import click

from cleaner.batch import Counts, Outcome, Recipe, Task, count
from cleaner.commands.options import FailureError, given, reading_options
from cleaner.commands.sites import houses_for, known_houses
from cleaner.detectors.sites import House
from cleaner.errors import CleanerError
from cleaner.io.find import find_sources
from cleaner.io.places import Output, plan_output
from cleaner.io.readers import LINES, Dump, Keys, Record, Source, read_source
from cleaner.io.writers import Write, write_rejects, write_rows
from cleaner.settings import ENGINES, MODES, Settings, load_settings, make_settings
from cleaner.templates.keys import site_of

__all__ = ["run"]

_INTERRUPTED = 130
_NO_READER = 141  # what a shell shows for a program that SIGPIPE ended


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", callback=given)
@click.option(
    "-o",
    "--out",
    required=True,
    callback=given,
    metavar="OUT",
    help="A .jsonl file (also .gz, .zst), a folder, or - for standard output.",
)
@click.option("-j", "--jobs", default=1, show_default=True, type=click.IntRange(1, 256), help="Processes that clean.")
@click.option(
    "--settings",
    "settings_file",
    callback=given,
    metavar="FILE",
    help="A TOML file of settings; options given here win over it.",
)
@click.option(
    "--keep", multiple=True, metavar="CATEGORY", help="Leave this category in the body. May be given several times."
)
@click.option("--include-removed", is_flag=True, help="Write each removed piece with category, evidence and place.")
@click.option(
    "--rejects", callback=given, metavar="FILE", help="Where dumps that gave no article go.  [default: beside OUT]"
)
@click.option("--engine", type=click.Choice(ENGINES), help="First judge of HTML blocks.  [default: cleaner]")
@click.option("--mode", type=click.Choice(MODES), help="Rather less furniture, or less lost.  [default: balanced]")
@click.option("--model", callback=given, metavar="FILE", help="A model made by `cleaner train`.")
@reading_options
@click.option("--templates", callback=given, metavar="FILE", help="What `cleaner sites learn` learned of the sites.")
@click.option(
    "--learn-sites/--no-learn-sites",
    default=None,
    help="Learn the house lines of sites with 8 articles or more first.  [default: learn, unless --templates is given]",
)
@click.option(
    "--format",
    "body_format",
    type=click.Choice(["text", "markdown"]),
    default="text",
    show_default=True,
    help="markdown adds the column body_markdown, and makes the second file of an article in a folder .md.",
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
    Exit status: 0 all cleaned, 1 finished with rejects, 2 wrong usage or a place that cannot be written,
    130 interrupted, 141 the reader of the output has gone.
    """
    try:
        chosen = {name: more[name] for name in ("engine", "mode", "model")}
        settings = _settings(settings_file, {"keep": keep or None, **chosen})
        _check_models(settings)
        output = plan_output(out, more["rejects"])
        found = find_sources(inputs, output)
        more["known"] = known_houses(more, found.sources)
    except CleanerError as exc:
        raise click.UsageError(str(exc)) from exc
    for note in found.notes:
        click.echo(note, err=True)
    recipe = Recipe(
        settings, more["include_removed"], more["source_format"], more["body_format"] == "markdown", more["site_key"]
    )
    keys = Keys(more["text_key"], more["id_key"], more["url_key"])
    with _ending_well(output):
        rejected = _run(found.sources, keys, recipe, output, jobs, more)
    sys.exit(1 if rejected else 0)


@contextlib.contextmanager
def _ending_well(output: Output) -> Iterator[None]:
    """Turn what ends a run early into a message that says where its results are, and an exit status."""
    try:
        yield
    except BrokenPipeError:  # whoever reads our output has enough, as with `| head`
        _leave_stdout()
        sys.exit(_NO_READER)
    except (CleanerError, OSError) as exc:
        raise FailureError(f"{exc}\n{output.left_behind()}") from exc
    except KeyboardInterrupt:
        click.echo(f"interrupted: {output.left_behind()}", err=True)
        sys.exit(_INTERRUPTED)


def _leave_stdout() -> None:
    """Let what is still buffered for standard output go nowhere, or Python complains about it when it ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _check_models(settings: Settings) -> None:
    """Say at once, and not once for each dump, that a file is no model."""
    if settings.model or settings.line_model:
        from cleaner.detectors.weights import load_line_model, load_model

        for path, load in ((settings.model, load_model), (settings.line_model, load_line_model)):
            if path:
                load(path)


def _settings(path: str | None, overrides: dict[str, Any]) -> Settings:
    if path is not None:
        return load_settings(path, **overrides)
    return make_settings({k: v for k, v in overrides.items() if v is not None}, "options")


def _run(sources: list[Source], keys: Keys, recipe: Recipe, output: Output, jobs: int, more: dict[str, Any]) -> int:
    """Run the batch, show its progress and summary; the number of rejects."""
    from cleaner.commands.progress import summary, watch
    from cleaner.engines.local import run_local

    start, counts = time.monotonic(), Counts()

    def records() -> Iterator[Record]:
        return itertools.islice(itertools.chain.from_iterable(read_source(s, keys) for s in sources), more["limit"])

    single = all(s.suffix not in LINES for s in sources)
    total = min(len(sources), more["limit"] or len(sources)) if single else more["limit"]
    rejects = write_rejects(output.rejects) if output.rejects else contextlib.nullcontext(_tell_reject)
    with write_rows(output) as write, rejects as reject:
        houses = houses_for(records, sources, more["known"], recipe.settings, jobs, more)
        tasks = (Task(record, _house(record, houses, more["site_key"])) for record in records())
        with contextlib.closing(run_local(tasks, recipe, jobs)) as outcomes:
            for outcome in watch(count(outcomes, counts), counts, total, more["quiet"]):
                _write(outcome, write, reject)
    if not more["quiet"]:
        click.echo(summary(counts, time.monotonic() - start, output.rejects), err=True)
    return counts.rejected


def _house(record: Record, houses: Mapping[str, House], site_key: str | None) -> House | None:
    site = site_of(record, site_key) if houses and isinstance(record, Dump) else None
    return houses.get(site) if site is not None else None


def _write(outcome: Outcome, write: Write, reject: Write) -> None:
    if outcome.row is not None:
        write(outcome.row)
    elif outcome.reject is not None:
        reject(outcome.reject)


def _tell_reject(row: Mapping[str, Any]) -> None:
    """Where rejects go when there is no file for them."""
    click.echo(f"rejected {row['id']}: {row['reason']}: {row['detail']}", err=True)
