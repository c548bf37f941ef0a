"""`cleaner inspect`: one dump, with what was removed and why."""

from __future__ import annotations

from typing import Any

import click

from cleaner.commands.options import category_names, failing, files, given, read_settings, settings_options
from cleaner.settings import MODES

__all__ = ["inspect"]


@click.command()
@click.argument("file", callback=given, shell_complete=files)
@settings_options
@click.option(
    "--keep", multiple=True, shell_complete=category_names, metavar="CATEGORY", help="Leave this category in the body."
)
@click.option("--mode", type=click.Choice(MODES), help="Rather less furniture, or less lost.  [default: balanced]")
@click.option("--url", callback=given, help="Where the dump came from; it is not fetched.")
@click.option("--source-format", type=click.Choice(["auto", "text", "html"]), default="auto", show_default=True)
@click.option(
    "--templates",
    callback=given,
    shell_complete=files,
    metavar="FILE",
    help="What `cleaner sites learn` learned of the sites.",
)
@click.option("--site", callback=given, help="The site in the file of --templates.  [default: the host of --url]")
@click.option("--id", "ident", callback=given, metavar="ID", help="Which dump of a JSONL file.  [default: the first]")
@click.option("--json", "as_json", is_flag=True, help="The article with all its removed pieces as one JSON object.")
@click.option("--colour/--no-colour", default=None, help="Colours also in a pipe, or never.  [default: on a terminal]")
@click.option("--pager/--no-pager", default=True, help="On a terminal, page what is longer than it.")
def inspect(
    file: str,
    settings_files: tuple[str, ...],
    no_settings: bool,
    keep: tuple[str, ...],
    mode: str | None,
    as_json: bool,
    colour: bool | None,
    pager: bool,
    **more: Any,
) -> None:
    """Show what becomes of FILE (text, HTML, or a dump of a JSONL file; - for standard input).

    The kept text is plain. Each removed piece is struck out between [- and -], in the colour of its kind; beside it
    stand its category, how sure that is, and the rule or model that took it. Nothing is written.

    \b
    Examples:
      cleaner inspect page.html --url https://example.org/a
      cleaner inspect crawl.jsonl.gz --id 4711 --mode recall
      curl -s https://example.org/a | cleaner inspect -
    """
    from cleaner.review.one import clean_one

    with failing():
        settings = read_settings(settings_files, no_settings, keep=keep or None, mode=mode)
        article, name = clean_one(file, settings, lambda note: click.echo(note, err=True), **more)
    if as_json:
        click.echo(article.to_json(indent=1))
        return
    from cleaner.review.inspecting import show_article
    from cleaner.review.terminal import make_console

    show_article(make_console(colour=colour), article, name, pager)
