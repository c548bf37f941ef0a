"""`cleaner run`: a batch of dumps, from files to files."""

from __future__ import annotations

import contextlib
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import click

from cleaner.batch.order import WINDOW, Order
from cleaner.batch.records import Recipe
from cleaner.batch.run import run_batch
from cleaner.batch.workfolder import Mark
from cleaner.commands.options import (
    FailureError,
    category_names,
    check_models,
    files,
    given,
    new_folder,
    out_option,
    read_settings,
    reading_options,
    settings_options,
)
from cleaner.commands.progress import Display, summary
from cleaner.commands.streaming import run_stream
from cleaner.engines.local import LocalEngine
from cleaner.engines.ray import RayEngine
from cleaner.errors import CleanerError, InputError
from cleaner.io import storage
from cleaner.io.extras import need_extra
from cleaner.io.files import is_device
from cleaner.io.find import Found, find_sources
from cleaner.io.places import Output, plan_output
from cleaner.io.readers import LINES, Keys, Limits, Source
from cleaner.settings import JUDGES, MODES, Settings

__all__ = ["run"]

_INTERRUPTED = 130


@click.command()
@click.argument("inputs", nargs=-1, required=True, shell_complete=files, metavar="INPUT...", callback=given)
@out_option("OUT", "A file (.jsonl, .csv, .parquet … with .gz, .zst …), a folder, or - for standard output.")
@click.option("-j", "--jobs", default=1, show_default=True, type=click.IntRange(1, 256), help="Processes that clean.")
@settings_options
@click.option(
    "--keep",
    multiple=True,
    shell_complete=category_names,
    metavar="CATEGORY",
    help="Leave this category in the body. May be given several times.",
)
@click.option("--include-removed", is_flag=True, help="Write each removed piece with category, evidence and place.")
@click.option(
    "--rejects",
    callback=given,
    shell_complete=files,
    metavar="FILE",
    help="Where dumps that gave no article go.  [default: beside OUT]",
)
@click.option("--judge", type=click.Choice(JUDGES), help="First judge of HTML blocks.  [default: cleaner]")
@click.option("--mode", type=click.Choice(MODES), help="Rather less furniture, or less lost.  [default: balanced]")
@click.option("--model", callback=given, shell_complete=files, metavar="FILE", help="A model made by `cleaner train`.")
@reading_options
@click.option(
    "--templates",
    callback=given,
    shell_complete=files,
    metavar="FILE",
    help="What `cleaner sites learn` learned of the sites.",
)
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
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Only the first N dumps.")
@click.option(
    "--sample",
    type=click.FloatRange(0, 1, min_open=True),
    default=1.0,
    metavar="SHARE",
    help="Only a share of the dumps, such as 0.01, chosen by their ids: the same ones in every run.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="A dump that takes longer is rejected, and its process replaced.",
)
@click.option(
    "--max-bytes",
    type=click.IntRange(1),
    default=Limits().dump,
    show_default=True,
    metavar="N",
    help="A dump with more bytes, unpacked, is rejected unread.",
)
@click.option(
    "--shards",
    callback=given,
    metavar="SUFFIX",
    help="Into the folder OUT a file of rows for each file of the input, such as jsonl.zst or parquet.",
)
@click.option(
    "--resume/--restart",
    default=True,
    help="Go on where an earlier run to OUT stopped, or throw away what it did.  [default: go on]",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="Where the work is done: in --jobs processes here, or on a Ray cluster.",
)
@click.option(
    "--ray-address",
    callback=given,
    metavar="ADDRESS",
    help="The cluster: auto for the one this machine belongs to.  [default: one started here]",
)
@click.option(
    "--checkpoint",
    type=click.IntRange(1),
    default=WINDOW,
    show_default=True,
    metavar="N",
    help="Dumps of a file that are done, or lost to a fault and done again, at a time.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be read and written, and do nothing.")
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: an object a line on standard error, for programs.",
)
@click.option("-v", "--verbose", is_flag=True, help="Say what becomes of each window of the input.")
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary.")
def run(
    inputs: tuple[str, ...], out: str, jobs: int, settings_files: tuple[str, ...], keep: tuple[str, ...], **more: Any
) -> None:
    """Clean the dumps of INPUT and write them to OUT.

    INPUT is a file, a folder (searched through), a glob or - (JSON lines on standard input): text, HTML, JSON
    lines, tables, Parquet, Arrow, web archives, ZIP and tar, also packed, also behind an address such as s3://. A row
    of OUT holds id, body, the metadata, and the other columns of the input.
    Every dump becomes one row of OUT or one row of the rejects, with its reason.

    A run that was ended, in whatever way, is gone on with by the same command; OUT then holds the same bytes as if it
    had never been ended. Beside OUT stands an account of the run, OUT.run.json (run.json in a folder).

    \b
    Examples:
      cleaner run dumps/ -o clean.jsonl
      cleaner run 'crawl/*.jsonl.gz' -o clean.jsonl.zst --jobs 4
      cat dumps.jsonl | cleaner run - -o - | jq -r .title

    \b
    Exit status: 0 all cleaned, 1 finished with rejects, 2 wrong usage or a place that cannot be written,
    130 interrupted, 141 the reader of the output has gone.
    """
    settings, output, found = _planned(inputs, out, settings_files, keep, more)
    order = _order(found.sources, output, settings, more)
    total = _total(found.sources, more["limit"])
    display = Display(more["quiet"], more["log_format"], total, more["verbose"])
    for note in found.notes:
        display.say(note, quietly=True)
    if more["dry_run"]:
        _tell(order, jobs)
        return
    with _ending_well(output), display:
        if output.kind == "lines" and (told := new_folder(out)):
            display.say(told)
        start = time.monotonic()
        if _once(found.sources) or output.streams:
            if more["engine"] == "ray":
                raise InputError(
                    "a cluster needs files, folders or addresses to read from and to write to, not streams"
                )
            mark = run_stream(order, jobs, more["timeout"], display)
        else:
            mark = _batch(order, jobs, more, display)
        display.say(summary(mark, time.monotonic() - start, output.rejects), "done", **asdict(mark))
    sys.exit(1 if mark.rejects else 0)


def _planned(
    inputs: tuple[str, ...], out: str, settings_files: tuple[str, ...], keep: tuple[str, ...], more: dict[str, Any]
) -> tuple[Settings, Output, Found]:
    """The settings and the places of a run, of which all that can be wrong is told before any work."""
    try:
        chosen = {name: more[name] for name in ("judge", "mode", "model")}
        settings = read_settings(settings_files, more["no_settings"], keep=keep or None, **chosen)
        check_models(settings)
        output = plan_output(out, more["rejects"], more["shards"] or "")
        output.check_packages()
        if more["templates"]:
            need_extra(more["templates"], "pyarrow", "parquet")
        found = find_sources(inputs, output)
        if more["learn_sites"] and _once(found.sources):
            raise InputError("--learn-sites reads the input twice: give a file, or --templates made by `cleaner sites`")
    except CleanerError as exc:
        raise click.UsageError(str(exc)) from exc
    return settings, output, found


def _order(sources: list[Source], output: Output, settings: Settings, more: dict[str, Any]) -> Order:
    learn = more["learn_sites"] if more["learn_sites"] is not None else not more["templates"]
    return Order(
        sources,
        Keys(more["text_key"], more["id_key"], more["url_key"]),
        Recipe(
            settings,
            more["include_removed"],
            more["source_format"],
            more["body_format"] == "markdown",
            more["site_key"],
        ),
        output,
        learn and not _once(sources),
        more["templates"],
        more["site_key"],
        more["limit"],
        more["sample"],
        replace(Limits(), dump=more["max_bytes"]),
        more["checkpoint"],
    )


def _once(sources: list[Source]) -> bool:
    """Whether the input can be read only once."""
    return any(source.path == "-" or is_device(source.path) for source in sources)


def _total(sources: list[Source], limit: int | None) -> int | None:
    """How many dumps there are, where that is known beforehand."""
    if any(source.suffix in LINES for source in sources):
        return limit
    return min(len(sources), limit or len(sources))


def _batch(order: Order, jobs: int, more: dict[str, Any], display: Display) -> Mark:
    """A run with windows, marks and all: what can be gone on with."""
    engine: LocalEngine | RayEngine = LocalEngine(jobs, more["timeout"])
    if more["engine"] == "ray":
        order, engine = order.absolute(), RayEngine(more["ray_address"], more["timeout"])
    with contextlib.closing(engine):
        done = run_batch(order, engine, display, restart=not more["resume"])
    if done.whole:
        display.say(
            f"{order.output.path} is the output of this very run already: nothing to do (--restart does it again)"
        )
    return done.mark


def _tell(order: Order, jobs: int) -> None:
    """What a run would do."""
    kinds = Counter(source.suffix for source in order.sources)
    told = ", ".join(f"{count:,} {suffix}" for suffix, count in sorted(kinds.items()))
    size = sum(storage.size(source.path) or 0 for source in order.sources)
    click.echo(f"would read {len(order.sources):,} files ({told}; {size:,} bytes), with {jobs} processes")
    for source in order.sources[:10]:
        click.echo(f"  {source.path}")
    if len(order.sources) > 10:
        click.echo(f"  and {len(order.sources) - 10:,} more")
    if order.learn:
        click.echo("would read them twice: first to learn what sites repeat (--no-learn-sites does not)")
    click.echo(
        f"would write {order.output.path}" + (f", rejects to {order.output.rejects}" if order.output.rejects else "")
    )


@contextlib.contextmanager
def _ending_well(output: Output) -> Iterator[None]:
    """Turn what ends a run early into a message that says where its results are, and an exit status."""
    try:
        yield
    except BrokenPipeError:  # whoever reads our output has enough, as with `| head`: no failure
        raise
    except CleanerError as exc:
        raise FailureError(f"{exc}\n{output.left_behind()}") from exc
    except OSError as exc:
        where = f"{exc.filename or output.path}: {exc.strerror or exc}; check the path, its permissions and its disk"
        raise FailureError(f"{where}\n{output.left_behind()}") from exc
    except KeyboardInterrupt:
        click.echo(f"interrupted: {output.left_behind()}", err=True)
        sys.exit(_INTERRUPTED)
