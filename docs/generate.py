"""Writes the pages that come from the data and the code: `python docs/generate.py`. With --check, only compares.

A test fails where a committed page is not what this gives.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import click

import cleaner
from cleaner.cli import main as cli
from cleaner.data import FOLDER, categories, default_thresholds, metadata_tables, ranges
from cleaner.explain import all_phrases, counts_of
from cleaner.model import Metadata
from cleaner.settings import Settings
from cleaner.settings.sample import attribute_notes, sample_settings

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "docs"
_MARK = "<!-- Written by docs/generate.py; change the data or the code, not this page. -->\n\n"


def categories_page() -> str:
    """All categories with their families, phrases and places."""
    counts = counts_of(all_phrases())
    out = [
        "# Categories\n\nWhat a removed piece can be. `keep` in the [settings](settings.md), or `--keep`, leaves a category "
        "in the body. The *family* groups categories that turn up inside one widget. The phrases are those of all "
        "languages together; `cleaner rules show NAME` lists them.\n",
        "| category | what it is | family | phrases | names of HTML elements |",
        "| --- | --- | --- | ---: | --- |",
    ]
    for name, table in categories().items():
        places = " ".join(f"`{p}`" for p in table.get("places", ()))
        out.append(
            f"| `{name}` | {table['about']} | {table['family']} | {sum(counts.get(name, {}).values())} | {places} |"
        )
    return "\n".join(out) + "\n"


def settings_page() -> str:
    """All options, and the numbers that may be changed."""
    notes = attribute_notes(Settings)
    out = [
        "# Settings\n\nThe fields of `cleaner.Settings`, and the keys of a TOML file: see [Your own rules](../rules.md).\n",
        "| setting | type | default | |",
        "| --- | --- | --- | --- |",
    ]
    for option in fields(Settings):
        default = "none" if option.default is MISSING else repr(option.default)
        kind = str(option.type).replace("Mapping[str, Mapping[str, ", "tables of ").replace("]]", "")
        out.append(f"| `{option.name}` | `{kind}` | `{default}` | {notes[option.name]} |")
    out.append("\n## Thresholds\n\nEach may be changed in the table `thresholds`, within its range.\n")
    about = _comments((FOLDER / "thresholds.toml").read_text("utf-8"))
    for name, limits in ranges()["numbers"].items():
        out += [f"### {name}\n", "| number | default | from | to | |", "| --- | ---: | ---: | ---: | --- |"]
        for key, value in default_thresholds()[name].items():
            low, high = ranges()["count"] if isinstance(value, int) else limits
            out.append(f"| `{key}` | {value} | {low} | {high} | {about.get((name, key), '')} |")
        out.append("")
    out.append("## A file with everything\n\n`cleaner init` writes it:\n\n```toml\n" + sample_settings() + "```")
    return "\n".join(out) + "\n"


def _comments(text: str) -> dict[tuple[str, str], str]:
    """The comments behind the numbers of a TOML text."""
    found, table = {}, ""
    for line in text.splitlines():
        if header := re.match(r"\[(\w+)\]", line):
            table = header[1]
        elif row := re.match(r"(\w+) = \S+\s+# (.+)", line):
            found[table, row[1]] = row[2]
    return found


def metadata_page() -> str:
    """All fields, and whom `cleaner` believes."""
    notes = attribute_notes(Metadata)
    out = [
        "# Metadata\n\nThe fields of `Article.metadata`. A field that no source is sure of is `None` or empty, never a guess; "
        "`sources` names for each field that is set where it came from.\n",
        "| field | type | |",
        "| --- | --- | --- |",
    ]
    out += [f"| `{f.name}` | `{str(f.type).replace('|', 'or')}` | {notes[f.name]} |" for f in fields(Metadata)]
    out.append(
        "\n## Whom it believes\n\nEach source has a voice for a field, weighed as below; voices that agree add up, and "
        "the heaviest value wins. The name of a source may go on behind what is shown.\n"
    )
    for name, voices in metadata_tables()["trust"].items():
        out += [f"### {name}\n", "| source | weight |", "| --- | ---: |"]
        out += [f"| {source} | {weight} |" for source, weight in sorted(voices.items(), key=lambda v: (-v[1], v[0]))]
        out.append("")
    out += ["## Names of `<meta>` that are read\n", "| field | names, most trusted first |", "| --- | --- |"]
    out += [f"| `{f}` | {' '.join(f'`{n}`' for n in names)} |" for f, names in metadata_tables()["metas"].items()]
    return "\n".join(out) + "\n"


def cli_page() -> str:
    """All commands with their options."""
    out = ["# Command line\n\nEvery command also takes `-h` and `--help`.\n"]
    for path, command in _commands(cli, ("cleaner",)):
        out.append(f"{'#' * min(3, len(path))}# {' '.join(path)}\n")
        out.append(_prose(inspect.cleandoc(command.help or "")))
        rows = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
        if rows:
            out += ["| option | |", "| --- | --- |"]
            out += [f"| `{' '.join([*p.opts, *p.secondary_opts])}` | {_option(p)} |" for p in rows]
            out.append("")
    return "\n".join(out)


def _commands(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            inner = command.get_command(click.Context(command), name)
            assert inner is not None
            yield from _commands(inner, (*path, name))


def _prose(text: str) -> str:
    r"""Help as Markdown: a paragraph marked with \b is shown as it stands."""
    out = []
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.startswith("\b"):
            out.append("```text\n" + paragraph[1:].strip("\n") + "\n```\n")
        else:
            out.append(_escaped(" ".join(paragraph.split())) + "\n")
    return "\n".join(out)


def _option(option: click.Option) -> str:
    told = " ".join((option.help or "").split())
    if isinstance(option.type, click.Choice):
        told += f" One of {', '.join(f'`{choice}`' for choice in option.type.choices)}."
    if option.show_default and isinstance(option.default, (str, int, float)):
        told += f" Default: {option.default}."
    return _escaped(told).replace("|", "\\|")


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace("*", "\\*")


def api_page() -> str:
    """The public names, whose docstrings mkdocstrings reads."""
    out = ["# Python\n\nWhat `cleaner.__all__` names. All results are frozen.\n"]
    kinds: tuple[tuple[str, Callable[[Any], bool]], ...] = (
        ("Functions", inspect.isfunction),
        ("What comes out", lambda thing: inspect.isclass(thing) and not issubclass(thing, Exception)),
        ("Errors", lambda thing: inspect.isclass(thing) and issubclass(thing, Exception)),
    )
    for title, fits in kinds:
        out.append(f"## {title}\n")
        for name in cleaner.__all__:
            thing = getattr(cleaner, name)
            if fits(thing):
                out.append(f"::: {thing.__module__}.{thing.__qualname__}\n")
    return "\n".join(out)


def models_page() -> str:
    """The cards that stand beside the models."""
    out = [
        "# Model cards\n\nBoth models come with the package as arrays without code (`.npz` without pickles). Their figures "
        "are cross-validated by site: no page is judged by a model that saw its site.\n\nTo see figures of your own, label "
        "some pages and run `cleaner evaluate`; to rebuild a model from labelled data, run the command on its card.\n"
    ]
    for name in ("page.model.md", "line.model.md"):
        out.append(re.sub(r"^# ", "## ", (FOLDER / name).read_text("utf-8"), flags=re.M))
    return "\n".join(out)


def _see_tests() -> None:
    """The tests are no part of the package: make them importable where this file is run as a script."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))


def scale_page() -> str:
    """What a corpus costs, from the figures that were measured last."""
    _see_tests()
    from tests.capacity.page import page

    return page()


def faults_page() -> str:
    """What comes of hostile inputs, tried while this is written, and of faults that tests show."""
    _see_tests()
    from tests.faults import SHOWN
    from tests.hostile import CASES, happens

    out = [_FAULTS]
    for group in dict.fromkeys(case.group for case in CASES):
        out += [f"## {group}\n", "| tried | what comes of it |", "| --- | --- |"]
        out += [f"| {case.what} | {happens(case)} |" for case in CASES if case.group == group]
        out.append("")
    out += ["## Faults of a run\n", "| fault | what comes of it | shown by |", "| --- | --- | --- |"]
    out += [f"| {shown.what} | {shown.outcome} | `{shown.test}` |" for shown in SHOWN]
    return "\n".join(out) + "\n"


_FAULTS = """# Faults and hostile inputs

No input may raise anything but an error of `cleaner`, take more than linear time, or cost another dump its row. What
stands below was tried while this page was written, and is asserted by `tests/test_hostile.py`; each becomes an article,
or a reject with its reason. The limits are made small for it (100 KB for a dump, ten times for what is unpacked), so that
large things need not be made.

- **Time.** `tests/test_regexes.py` finds every regular expression of the package and times it on texts made of its own
  pieces: four times the text may not take more than eight times as long. Patterns of your own are
  [counted before they are used](rules.md#lines-of-a-site). `tests/test_linear.py` counts the calls that whole texts cost.
- **Noise.** `tests/test_fuzz.py` and `tests/test_io_fuzz.py` feed damaged pages, texts and files to both extractors and
  to every reader. The suite tries some thousands; `CLEANER_FUZZ=20000 python -m pytest tests/test_fuzz.py
  tests/test_io_fuzz.py` tries so many for each test, for as long as you like.
"""


PAGES: dict[str, Callable[[], str]] = {
    "reference/categories.md": categories_page,
    "reference/settings.md": settings_page,
    "reference/metadata.md": metadata_page,
    "reference/cli.md": cli_page,
    "reference/api.md": api_page,
    "reference/models.md": models_page,
    "scale.md": scale_page,
    "faults.md": faults_page,
}


def stale(write: bool) -> list[str]:
    """The names of the pages that are not as they must be; written anew where wanted."""
    found = []
    for name, page in PAGES.items():
        path, text = PLACE / name, _MARK + page().rstrip("\n") + "\n"
        if not path.exists() or path.read_text("utf-8") != text:
            found.append(name)
            if write:
                path.write_text(text, "utf-8")
    return found


if __name__ == "__main__":
    CHECK = "--check" in sys.argv
    STALE = stale(write=not CHECK)
    print(f"{'stale' if CHECK else 'written'}: {', '.join(STALE) or 'none'}")
    sys.exit(1 if CHECK and STALE else 0)
