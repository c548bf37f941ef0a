"""What the commands of the command line share: options, checks of them, and the one kind of failure."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import click

from cleaner.errors import CleanerError

__all__ = ["FailureError", "failing", "given", "reading_options"]

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
