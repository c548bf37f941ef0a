"""A TOML file as a table, or what is wrong with it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from cleaner.errors import SettingsError

__all__ = ["read_toml"]


def read_toml(path: str | Path, mend: str = "") -> tuple[dict[str, Any], str]:
    """The table of a file and its text, which may begin with the byte order mark that some editors write.

    Raises `SettingsError`, with the `mend` for a file that cannot be read.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
        return tomllib.loads(text), text
    except OSError as exc:
        raise _error(f"{path}: cannot be read ({exc.strerror}). {mend}".rstrip()) from exc
    except RecursionError as exc:
        raise _error(f"{path}: not valid TOML: brackets within brackets, deeper than any setting is.") from exc
    except ValueError as exc:  # of the syntax, of the encoding, and of numbers without end
        raise _error(f"{path}: not valid TOML: {exc}.") from exc


def _error(told: str) -> SettingsError:
    error = SettingsError(told)
    error.problems = (((), told, ""),)
    return error
