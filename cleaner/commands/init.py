"""`cleaner init`: a commented file of settings."""

from __future__ import annotations

from pathlib import Path

import click

from cleaner.commands.options import FailureError, files, given

__all__ = ["init"]


@click.command()
@click.argument("file", default="cleaner.toml", callback=given, shell_complete=files)
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
def init(file: str, force: bool) -> None:
    """Write FILE (cleaner.toml) with every setting, its default and what it is for, all commented out.

    `cleaner run` and all commands with --settings read cleaner.toml where it stands in the current folder.

    \b
    Examples:
      cleaner init                         ./cleaner.toml
      cleaner init - | less                only look
      cleaner init papers.toml && cleaner run dumps/ -o clean.jsonl --settings papers.toml
    """
    from cleaner.settings.sample import sample_settings

    if file == "-":
        click.echo(sample_settings(), nl=False)
        return
    try:
        with Path(file).open("w" if force else "x", encoding="utf-8") as stream:
            stream.write(sample_settings())
    except FileExistsError as exc:
        raise FailureError(f"{file}: is there already; --force overwrites it") from exc
    except OSError as exc:
        raise FailureError(f"{file}: cannot be written ({exc.strerror})") from exc
    click.echo(f"written: {file}", err=True)
