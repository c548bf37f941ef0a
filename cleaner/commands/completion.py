"""`cleaner completion`: the script that lets a shell complete the commands."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

__all__ = ["completion"]

_SHELLS: dict[str, type[ShellComplete]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


@click.command()
@click.argument("shell", type=click.Choice(list(_SHELLS)))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that lets SHELL complete commands, options, their choices, categories and the names of files.

    \b
    Examples:
      cleaner completion bash > ~/.local/share/bash-completion/completions/cleaner
      cleaner completion zsh > ~/.zfunc/_cleaner          with ~/.zfunc in fpath
      cleaner completion fish > ~/.config/fish/completions/cleaner.fish
    """
    script = _SHELLS[shell](ctx.find_root().command, {}, "cleaner", "_CLEANER_COMPLETE")
    click.echo(script.source_template % script.source_vars())  # `source()` of bash would start bash to ask its version
