"""What the commands of the command line share: options, checks of them, and the one kind of failure."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cleaner.errors import CleanerError

if TYPE_CHECKING:
    from cleaner.settings import Settings

__all__ = [
    "FailureError",
    "failing",
    "found_settings",
    "given",
    "reading_options",
    "settings_option",
    "settings_or_default",
]

F = TypeVar("F", bound=Callable[..., Any])


class FailureError(click.ClickException):
    """A run that could not go on: a message without the usage, which is not at fault."""

    exit_code = 2


@contextlib.contextmanager
def failing() -> Iterator[None]:
    """A typed error ends the command with its message."""
    try:
        yield
    except CleanerError as exc:
        raise FailureError(str(exc)) from exc


def given(ctx: click.Context, param: click.Parameter, value: str | tuple[str, ...] | None) -> Any:
    """Refuse the empty string: an unset shell variable must not mean the current folder."""
    if any(not text.strip() for text in ([value] if isinstance(value, str) else value or ())):
        raise click.BadParameter("must not be empty; is a shell variable unset?")
    return value


SETTINGS_FILE = "cleaner.toml"
"""The file of settings that is read where it stands in the current folder."""


def settings_option(command: F) -> F:
    """The option --settings, of a command that reads no other file of settings."""
    told = "A TOML file of settings; cleaner.toml of the current folder is not read unasked here."
    option: Callable[[F], F] = click.option("--settings", "settings_file", callback=given, metavar="FILE", help=told)
    return option(command)


def settings_or_default(path: str | None) -> Settings:
    """The settings of a file, or the defaults."""
    from cleaner.settings import Settings, load_settings

    return load_settings(path) if path else Settings()


def found_settings(path: str | None, isolated: bool) -> str | None:
    """The file of settings that a run reads: the one that was named, else `cleaner.toml` of the current folder.

    That one is told of on standard error, since it changes what comes out; folders above are not looked at, so that what
    lies about elsewhere has no say. Settings can run no code, and their patterns are bounded.
    """
    if path is not None or isolated or not Path(SETTINGS_FILE).is_file():
        return path
    click.echo(f"settings: ./{SETTINGS_FILE} (--no-settings reads none)", err=True)
    return SETTINGS_FILE


def _key(name: str, what: str, default: str) -> Callable[[F], F]:
    return click.option(
        f"--{name}-key", callback=given, metavar="NAME", help=f"JSONL column of the {what}.  [default: {default}]"
    )


_READING = (
    click.option(
        "--source-format",
        type=click.Choice(["auto", "text", "html"]),
        default="auto",
        show_default=True,
        help="What the dumps are.",
    ),
    _key("text", "dump", "raw, html, text, content, body …"),
    _key("id", "id", "id, _id, doc_id …; else file:line"),
    _key("url", "address", "url, source_url, link …"),
    _key("site", "site", "the host of the address; else site, domain …; else the folder"),
)


def reading_options(command: F) -> F:
    """The options that say how dumps are read."""
    for option in reversed(_READING):
        command = option(command)
    return command
