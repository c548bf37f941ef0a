"""`cleaner report`: an output as one HTML page, to look at and to correct."""

from __future__ import annotations

import click

from cleaner.commands.options import failing, files, given, new_folder

__all__ = ["report"]


@click.command()
@click.argument("out", shell_complete=files, metavar="OUT", callback=given)
@click.option(
    "-o",
    "--html",
    callback=given,
    shell_complete=files,
    metavar="FILE",
    help="The page.  [default: OUT with .html at its end]",
)
@click.option("--sample", type=click.IntRange(0, 20_000), default=200, show_default=True, help="Documents to show.")
@click.option(
    "--templates",
    callback=given,
    shell_complete=files,
    metavar="FILE",
    help="Show what `cleaner sites learn` learned, too.",
)
@click.option("--force", is_flag=True, help="Overwrite a file that is no report.")
@click.option("-q", "--quiet", is_flag=True, help="Do not say where the page is.")
def report(out: str, html: str | None, sample: int, templates: str | None, force: bool, quiet: bool) -> None:
    """Make one HTML page of OUT, what `cleaner run --include-removed` wrote: totals, plots, and a sample of documents,
    each before and after, with the reason for every removed piece.

    The page needs no network and sends nothing. In it, pieces can be marked as wrongly removed or kept and saved as
    feedback.jsonl, for `cleaner rules learn`. The same OUT gives the same page.

    \b
    Examples:
      cleaner report clean.jsonl -o report.html
      cleaner report clean.jsonl -o report.html --sample 50
    """
    from cleaner.report.command import write_report

    with failing():
        told = new_folder(html) if html else ""
        place = write_report(out, html, sample, templates, force=force)
    if not quiet:
        click.echo(f"{told}\n{place}" if told else place, err=True)
