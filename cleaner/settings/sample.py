"""A commented file of settings, written from the fields of `Settings`, so that it tells of every option there is."""

from __future__ import annotations

import ast
import inspect
from dataclasses import MISSING, fields
from typing import Any

from cleaner.data import default_thresholds, ranges
from cleaner.settings import Settings

__all__ = ["attribute_notes", "sample_settings"]

_HEAD = """\
# Settings of `cleaner`, which reads this file where it stands in the current folder, or name it with --settings.
# Every option is shown with its default; take the # away to change it. `cleaner rules check cleaner.toml` checks it.
"""

_EXAMPLES = {
    "phrases": """\
# [phrases.any]                       # or the code of a language, such as [phrases.en]
# newsletter = ["get our weekly digest", "(join|enter) our * circle"]
""",
    "sites": """\
# [sites."example.com"]
# drop = [".promo", "aside.partner"]  # elements of its pages that go …
# keep = ["aside.facts"]              # … and that stay, whatever the judges say
# drop_text = ["Letter of the week", "Photo essay by…"]   # lines that go, whole or (with …) by how they begin
# keep_text = ["Subscribe to the union's strike fund"]    # lines that stay
# patterns = ['Tides: .+ at \\d\\d:\\d\\d']  # regular expressions for whole lines that go
""",
}


def attribute_notes(cls: type) -> dict[str, str]:
    """The docstrings below the attributes of a class, read from its source.

    >>> attribute_notes(Settings)["max_chars"]
    'A longer dump is rejected as `oversize` instead of blocking a worker.'
    """
    body = ast.parse(inspect.cleandoc(inspect.getsource(cls))).body[0]
    assert isinstance(body, ast.ClassDef)
    notes = {}
    for above, below in zip(body.body, body.body[1:], strict=False):
        match above, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(note))):
                notes[name] = " ".join(note.split())
    return notes


def sample_settings() -> str:
    """The text of a `cleaner.toml` in which all is commented out: it means the same as none."""
    notes, plain, tables = attribute_notes(Settings), [], []
    for option in fields(Settings):
        about = f"# {notes[option.name]}\n"
        if option.default is not MISSING:
            plain.append(f"{about}# {option.name} = {_toml(option.default)}\n")
        else:
            tables.append(about + (_EXAMPLES[option.name] if option.name in _EXAMPLES else _numbers()))
    return "\n".join([_HEAD, *plain, *tables])


def _numbers() -> str:
    """The thresholds that may be changed, as they are."""
    parts = []
    for name in ranges()["numbers"]:
        rows = [f"# {key} = {_toml(value)}\n" for key, value in default_thresholds()[name].items()]
        parts.append(f"# [thresholds.{name}]\n" + "".join(rows))
    return "".join(parts)


def _toml(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(v) for v in value) + "]"
    return f'"{value}"' if isinstance(value, str) else f"{value}"
