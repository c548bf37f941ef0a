"""What the commands of the command line share: options, checks of them, and the one kind of failure."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from cleaner.errors import CleanerError, SettingsError

if TYPE_CHECKING:
    from cleaner.settings import Settings

__all__ = [
    "FailureError",
    "category_names",
    "check_models",
    "failing",
    "files",
    "given",
    "model_mistakes",
    "new_folder",
    "out_option",
    "read_settings",
    "reading_options",
    "settings_options",
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


def files(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete the name of a file or folder: it knows how."""
    return [CompletionItem(incomplete, type="file")]


def out_option(metavar: str, told: str) -> Callable[[F], F]:
    """The option for the place that a command writes to."""
    return click.option("-o", "--out", required=True, callback=given, shell_complete=files, metavar=metavar, help=told)


def category_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The categories that begin so, for the shell."""
    from cleaner.data import categories

    known = categories().items()
    return [CompletionItem(name, help=str(table["about"])) for name, table in known if name.startswith(incomplete)]


SETTINGS_FILE = "cleaner.toml"
"""The file of settings that is read where it stands in the current folder."""

_SETTINGS = (
    click.option(
        "--settings",
        "settings_files",
        multiple=True,
        callback=given,
        shell_complete=files,
        metavar="FILE",
        help="A TOML file of settings, instead of ./cleaner.toml. Of several the later one wins; their phrases and their "
        "lines of a site are joined.  [default: ./cleaner.toml, if it is there]",
    ),
    click.option("--no-settings", is_flag=True, help="Do not read ./cleaner.toml."),
)


def settings_options(command: F) -> F:
    """The options that say which settings count: for all commands that have any, so that they agree."""
    for option in reversed(_SETTINGS):
        command = option(command)
    return command


def read_settings(named: Sequence[str], isolated: bool, **overrides: Any) -> Settings:
    """The settings of the files that were named, else of `cleaner.toml` of the current folder; `overrides` win.

    Which files are read is told on standard error where it may surprise, since it changes what comes out; folders above
    are not looked at, so that what lies about elsewhere has no say. Settings can run no code, and their patterns are
    bounded. Raises `SettingsError`.
    """
    from cleaner.settings import load_settings, make_settings

    found = _found(named, isolated)
    if found:
        return load_settings(*found, **overrides)
    return make_settings({name: value for name, value in overrides.items() if value is not None}, "options")


def _found(named: Sequence[str], isolated: bool) -> Sequence[str]:
    own = Path(SETTINGS_FILE)
    if isolated or not own.is_file():
        return named
    if not named:
        click.echo(f"settings: ./{SETTINGS_FILE} (--no-settings reads none)", err=True)
        return [SETTINGS_FILE]
    if not any(Path(path).resolve() == own.resolve() for path in named):
        both = " ".join(f"--settings {path}" for path in (SETTINGS_FILE, *named))
        click.echo(f"settings: {', '.join(named)}, and not ./{SETTINGS_FILE} (both: {both})", err=True)
    return named


def new_folder(path: str) -> str:
    """What to say of a file whose folder is not there yet, and will be made; "" for any other."""
    from cleaner.io import storage

    folder = storage.parent(path)
    return "" if path == "-" or storage.is_remote(path) or storage.exists(folder) else f"new folder: {folder}"


def check_models(settings: Settings) -> None:
    """Say at once, and not once for each dump, that a file is no model. Raises `SettingsError` that names its setting."""
    if wrong := model_mistakes({"model": settings.model, "line_model": settings.line_model}):
        raise SettingsError("\n".join(wrong.values()))


def model_mistakes(options: Mapping[str, Any]) -> dict[str, str]:
    """Setting → what is wrong with the model that it names."""
    wrong = {}
    for option in ("model", "line_model"):
        path = options.get(option)
        if path and isinstance(path, str):
            from cleaner.detectors.weights import load_line_model, load_model

            try:
                (load_model if option == "model" else load_line_model)(path)
            except SettingsError as exc:
                wrong[option] = f"{option}: {exc}"
    return wrong


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
