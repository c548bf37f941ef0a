"""`cleaner rules`: the phrases that tell furniture from prose."""

from __future__ import annotations

import click

from cleaner.commands.options import failing, given
from cleaner.commands.rules_learn import learn
from cleaner.data import phrase_tables

__all__ = ["rules"]


@click.group()
def rules() -> None:
    """Look after the phrases that tell furniture from prose."""


rules.add_command(learn)


@rules.command(short_help="Tell what a language file lacks and what in it collides.")
@click.argument("files", nargs=-1, metavar="[LANGUAGE.toml...]", callback=given)
def check(files: tuple[str, ...]) -> None:
    """Hold language files against those that come with cleaner (all of which are checked where no file is given).

    A finding is one line: file, table or list, what is missing, wrong or collides. Exit status: 0 nothing found, 1 some.
    """
    from cleaner.text.check import check_language, read_language

    with failing():
        tables = {path: read_language(path) for path in files} if files else dict(phrase_tables())
    found = [(name, finding) for name, table in tables.items() for finding in check_language(table)]
    for name, finding in found:
        click.echo(f"{name}: {finding.place}: {finding.kind}: {finding.text}")
    click.echo(f"{len(tables)} checked, {len(found)} found", err=True)
    if found:
        raise SystemExit(1)
