"""`cleaner rules`: the phrases that tell furniture from prose."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.commands.options import (
    category_names,
    failing,
    files,
    given,
    model_mistakes,
    read_settings,
    settings_options,
)
from cleaner.commands.rules_learn import learn
from cleaner.data import categories, phrase_tables
from cleaner.errors import SettingsError
from cleaner.io.files import bare_suffix, status
from cleaner.io.readers import READERS

if TYPE_CHECKING:
    from cleaner.explain import Explained
    from cleaner.text.lexicon import Entry

__all__ = ["rules"]

_WIDTH = 76  # characters of a line that `test` shows
_REASONS = 3  # phrases in a line that stays of which it tells, the longest first


@click.group()
def rules() -> None:
    """Look at the phrases that tell furniture from prose, try them, and check your own.

    \b
    Examples:
      cleaner rules list                                  how many phrases, by category and language
      cleaner rules show newsletter                       the phrases of a category
      cleaner rules show "all rights reserved"            a phrase, what it takes and what it leaves
      cleaner rules test "Sign up for our newsletter"     which rule fires, or why none does
      cleaner rules test dump.txt
      cleaner rules check cleaner.toml                    a file of settings, or of a language
    """


rules.add_command(learn)


@rules.command("list", short_help="Count the phrases by category and language.")
@settings_options
@click.option("--json", "as_json", is_flag=True, help="An object for programs: category, language, count.")
def list_rules(settings_files: tuple[str, ...], no_settings: bool, as_json: bool) -> None:
    """Count the phrases of each category by language; `user:` before a language marks your own.

    \b
    Examples:
      cleaner rules list
      cleaner rules list --json | jq .newsletter
    """
    from cleaner.explain import all_phrases, counts_of

    with failing():
        counts = counts_of(all_phrases(read_settings(settings_files, no_settings)))
    if as_json:
        click.echo(json.dumps({name: dict(sorted(counts.get(name, {}).items())) for name in categories()}))
        return
    names = sorted({language for row in counts.values() for language in row})
    click.echo(f"{'category':16} {'total':>6} " + " ".join(f"{name:>5}" for name in names))
    for name in categories():
        row: dict[str, int] = dict(counts.get(name, {}))
        cells = " ".join(f"{row.get(n) or '':>{max(5, len(n))}}" for n in names)
        click.echo(f"{name:16} {sum(row.values()):6} {cells}".rstrip())


@rules.command(short_help="Show the phrases of a category, or what one phrase does.")
@click.argument("name", shell_complete=category_names, metavar="CATEGORY|RULE", callback=given)
@click.option("--language", metavar="CODE", help="Only this language, such as en.")
@settings_options
def show(name: str, language: str | None, settings_files: tuple[str, ...], no_settings: bool) -> None:
    """Show all phrases of a CATEGORY; or of one RULE (a phrase, or an evidence such as phrase:en:has:…) where it stands,
    what that means, examples that were tried just now, and one in which it is quoted.

    \b
    Examples:
      cleaner rules show newsletter --language en
      cleaner rules show "all rights reserved"
    """
    from cleaner.explain import all_phrases, phrases_like
    from cleaner.settings.checks import hint

    with failing():
        entries = all_phrases(read_settings(settings_files, no_settings))
        entries = [e for e in entries if language in (None, e.language, e.language.partition(":")[2])]
        if name in categories():
            _show_category(name, [e for e in entries if e.category == name])
            return
        found = phrases_like(entries, name)
        if not found:
            mean = hint(name, categories(), " `cleaner rules list` names the categories.")
            raise SettingsError(f"no category and no phrase {name!r}.{mean}")
    _show_phrases(found)


def _show_category(name: str, entries: Sequence[Entry]) -> None:
    table = categories()[name]
    click.echo(f"{name}: {table['about']}")
    if table.get("places"):
        click.echo(f"in HTML also by the names of elements: {', '.join(table['places'])}")
    at = None
    for entry in entries:
        if at != (entry.language, entry.kind):
            at = entry.language, entry.kind
            click.echo(f"\n{entry.language} {entry.kind}")
        click.echo(f"  {entry.phrase}")


def _show_phrases(found: Sequence[Entry], most: int = 5) -> None:
    from cleaner.explain import examples_of, meaning_of

    same: dict[tuple[str, str], list[Entry]] = {}  # in whatever languages and lists a phrase stands
    for entry in found:
        same.setdefault((entry.phrase.lower(), entry.category), []).append(entry)
    for entries in list(same.values())[:most]:
        click.echo(entries[0].phrase)
        for kind in dict.fromkeys(entry.kind for entry in entries):
            having = [entry for entry in entries if entry.kind == kind]
            languages = ", ".join(entry.language for entry in having)
            click.echo(f"  {having[0].category}, {languages}, list `{kind}`: {meaning_of(having[0])}")
        for line, fate, why in examples_of(entries[0]):
            click.echo(f"  {fate:12}  {line}   ({why})" if why else f"  {fate:12}  {line}")
    if len(same) > most:
        click.echo(f"and {len(same) - most} more phrases that hold these words")


@rules.command("test", short_help="Say for each line which rule fires, or why none does.")
@click.argument("text", shell_complete=files, metavar="TEXT|FILE|-", callback=given)
@settings_options
@click.option("--url", callback=given, help="Where the text comes from: its host chooses the site of the settings.")
@click.option("--site", callback=given, help="The site itself.")
@click.option("--json", "as_json", is_flag=True, help="One object a line, for programs.")
def test_rules(
    text: str, settings_files: tuple[str, ...], no_settings: bool, url: str | None, site: str | None, as_json: bool
) -> None:
    """Say for each line of TEXT, of a FILE or of standard input (-) whether it goes, by which rule; or, where a phrase
    stands in it, why it stays.

    \b
    Examples:
      cleaner rules test "Sign up for our newsletter"
      cleaner rules test '"Sign up for our newsletter," she said.'
      cleaner rules test dump.txt --site example.com
    """
    from cleaner.explain import explain

    with failing():
        found = explain(_read(text), read_settings(settings_files, no_settings), url, site)
    for line in found:
        if as_json:
            click.echo(json.dumps(_as_dict(line), ensure_ascii=False))
        else:
            _tell(line)


def _read(text: str) -> str | bytes:
    if text == "-":
        return sys.stdin.buffer.read()
    if len(text.split()) > 1:
        is_file = status(text) is not None
    else:
        is_file = status(text) is not None or "/" in text or bare_suffix(text) in (*READERS, ".toml")
    if not is_file:
        return text
    try:
        return Path(text).read_bytes()
    except OSError as exc:
        mend = "give a file; - takes a text from standard input, whatever it looks like"
        raise SettingsError(f"{text}: cannot be read ({exc.strerror}); {mend}") from exc


def _as_dict(line: Explained) -> dict[str, object]:
    cut = [{"category": v.category, "evidence": v.evidence, "start": v.start, "end": v.end} for v in line.cut]
    return {"line": line.line, "fate": line.fate, "removed": cut, "stays": [stay._asdict() for stay in line.stay]}


def _tell(line: Explained) -> None:
    text = " ".join(line.line.split())
    click.echo(f"{line.fate:12}  {text if len(text) <= _WIDTH else text[: _WIDTH - 1] + '…'}")
    for verdict in line.cut:
        click.echo(f"{'':14}{verdict.category}: {verdict.evidence}")
    for stay in line.stay[:_REASONS]:
        click.echo(f"{'':14}not by {stay.rule} ({stay.category}): {stay.reason}")
    if len(line.stay) > _REASONS:
        click.echo(f"{'':14}and {len(line.stay) - _REASONS} more phrases (--json tells all)")


@rules.command(short_help="Tell what is wrong in a file of settings or of a language.")
@click.argument("paths", nargs=-1, shell_complete=files, metavar="[FILE.toml...]", callback=given)
def check(paths: tuple[str, ...]) -> None:
    """Check files of settings, and hold language files against those that come with cleaner (all of which are checked
    where no file is given). A file with a `language` and without a setting is that of a language.

    A finding is one line: file, table or list, what is missing, wrong or collides. Exit status: 0 nothing found, 1 some.

    \b
    Examples:
      cleaner rules check                  the languages that come along
      cleaner rules check cleaner.toml
      cleaner rules check xx.toml          a language of your own
    """
    from cleaner.text.check import read_language

    with failing():
        tables = {path: read_language(path) for path in paths} if paths else dict(phrase_tables())
    found = [line for name, table in tables.items() for line in _findings(name, table)]
    for line in found:
        click.echo(line)
    click.echo(f"{len(tables)} checked, {len(found)} found", err=True)
    if found:
        raise SystemExit(1)


def _findings(name: str, table: Mapping[str, Any]) -> list[str]:
    """What is wrong with one file."""
    from cleaner.settings import Settings, load_settings
    from cleaner.settings.files import read_toml
    from cleaner.settings.places import line_of
    from cleaner.text.check import check_language

    options = {field.name for field in fields(Settings)}
    if ("language" in table or "categories" in table) and not options & table.keys():
        return [f"{name}: {f.place}: {f.kind}: {f.text}" for f in check_language(table)]
    text, found = read_toml(name)[1], []
    try:
        load_settings(name)
    except SettingsError as exc:
        found = str(exc).splitlines()
    return found + [f"{name}:{line_of(text, (option,)) or 1}: {told}" for option, told in model_mistakes(table).items()]
