"""`cleaner version`: what is installed, exactly."""

from __future__ import annotations

import json
import platform
from typing import Any

import click

from cleaner import __version__

__all__ = ["version"]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs, and for reports of errors.")
def version(as_json: bool) -> None:
    """Print the version, that of Python, and the digests of the models and phrases that decide.

    \b
    Examples:
      cleaner version
      cleaner version --json | jq -r .models.line
    """
    told = _told()
    if as_json:
        click.echo(json.dumps(told))
        return
    click.echo(f"cleaner {told['version']}, Python {told['python']}")
    for name, digest in told["models"].items():
        click.echo(f"  {name:8} {digest}")


def _told() -> dict[str, Any]:
    """Version, Python, platform, and the first 16 digits of the SHA-256 of `page.model`, `line.model` and the phrases."""
    from cleaner.batch.identity import models_of
    from cleaner.settings import Settings

    return {
        "version": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "models": models_of(Settings()),
    }
