"""`cleaner categories`: what can be removed, and kept."""

from __future__ import annotations

import click

from cleaner.data import categories

__all__ = ["list_categories"]


@click.command("categories")
def list_categories() -> None:
    """List the categories of removed pieces: the names that --keep takes.

    \b
    Examples:
      cleaner categories
      cleaner categories | grep -i form
    """
    for name, table in categories().items():
        click.echo(f"{name:16} {table['about']}")
