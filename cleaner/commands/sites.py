"""`cleaner sites`: learn what the articles of a site have in common, look at it, change it, merge it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import click

from cleaner.commands.options import (
    category_names,
    failing,
    files,
    given,
    out_option,
    read_settings,
    reading_options,
    settings_options,
)
from cleaner.detectors.sites import House, HouseLine
from cleaner.errors import InputError
from cleaner.io.extras import need_extra
from cleaner.io.find import find_sources
from cleaner.io.readers import Keys, read_source

__all__ = ["sites"]

_WIDTH = 100  # characters of a line that `show` prints


@click.group()
def sites() -> None:
    """Learn what the articles of a site have in common, which is furniture, and look after it.

    `cleaner run` learns and forgets by itself; a file keeps the knowledge, so that a daily crawl adds to it.
    Needs the extra: pip install 'article-cleaner[parquet]'.
    """


@sites.command(short_help="Learn the lines of all sites of a corpus.")
@click.argument("inputs", nargs=-1, required=True, shell_complete=files, metavar="INPUT...", callback=given)
@out_option("FILE", "The file of templates (.parquet).")
@click.option("-j", "--jobs", default=1, show_default=True, type=click.IntRange(1, 256), help="Processes that read.")
@settings_options
@reading_options
@click.option("-q", "--quiet", is_flag=True, help="No summary.")
def learn(inputs: tuple[str, ...], out: str, jobs: int, settings_files: tuple[str, ...], **more: Any) -> None:
    """Learn from the dumps of INPUT (as `cleaner run` takes them) and write FILE, for `cleaner run --templates FILE`.

    \b
    Examples:
      cleaner sites learn crawl/ -o templates.parquet --jobs 4
    """
    from cleaner.engines.local import collect_local, learn_local
    from cleaner.templates.library import Library
    from cleaner.templates.store import save_library

    with failing():
        need_extra(out, "pyarrow", "parquet")
        settings = read_settings(settings_files, more["no_settings"])
        keys = Keys(more["text_key"], more["id_key"], more["url_key"])
        records = itertools.chain.from_iterable(read_source(s, keys) for s in find_sources(inputs).sources)
        library = Library(collect_local(records, settings, more["source_format"], more["site_key"], jobs))
        learn_local(library, jobs)
        save_library(library, out)
    if not more["quiet"]:
        click.echo(_summary(library.houses, library.collection.seen, library.collection.left_out), err=True)


def _summary(houses: Mapping[str, House], seen: Mapping[str, int], left_out: int) -> str:
    lines = sum(len(h.lines) + len(h.patterns) + len(h.places) for h in houses.values())
    told = f"{sum(seen.values()):,} dumps of {len(seen):,} sites; {lines:,} lines learned of {len(houses):,} sites"
    return told + (f"; no room for {left_out:,} sites: learn a part of the corpus at a time" if left_out else "")


@sites.command(short_help="Print what was learned of a site.")
@click.argument("file", callback=given, shell_complete=files)
@click.argument("site", required=False, callback=given)
def show(file: str, site: str | None) -> None:
    """Print the lines of SITE, most frequent first: articles, share, category, text. Without SITE, list the sites.

    \b
    Examples:
      cleaner sites show templates.parquet
      cleaner sites show templates.parquet example.com
    """
    from cleaner.templates.store import load_houses

    with failing():
        houses = load_houses(file)
        if site is None:
            for name, house in sorted(houses.items()):
                click.echo(f"{house.articles:6}  {name}")
            return
        house = _house(houses, site, file)
    for line in _by_share(house):
        place = f"  [{line.path}]" if line.path else ""
        click.echo(f"{line.articles:6} {line.share:5.0%}  {line.category:16} {_short(line.text)}{place}")
    for key in sorted(house.struck):
        click.echo(f"{'':13} {'(struck out)':16} {_short(key)}")


def _house(houses: Mapping[str, House], site: str, file: str) -> House:
    if site not in houses:
        raise InputError(f"{file}: nothing was learned of {site!r}; `cleaner sites show {file}` lists the sites")
    return houses[site]


def _by_share(house: House) -> list[HouseLine]:
    """All lines of a house, most frequent first; places of one text beside each other."""
    lines = [*house.lines.values(), *house.patterns.values(), *house.places.values()]
    return sorted(lines, key=lambda line: (-line.articles, -line.share, line.text, line.path))


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


@sites.command(short_help="Strike a line out: the site no longer speaks against it.")
@click.argument("file", callback=given, shell_complete=files)
@click.argument("site", callback=given)
@click.argument("line", callback=given)
def strike(file: str, site: str, line: str) -> None:
    """Strike LINE out of what was learned of SITE, also for what is merged later; the rules still judge it.

    \b
    Examples:
      cleaner sites strike templates.parquet example.com "Letter of the week"
    """
    from cleaner.templates.store import load_library, save_library

    with failing():
        library = load_library(file)
        known = library.strike(site, line)
        save_library(library, file)
    click.echo(
        f"struck out; it stood in {known.articles} articles" if known else "struck out; it was not known", err=True
    )


@sites.command(short_help="Add a line: it goes.")
@click.argument("file", callback=given, shell_complete=files)
@click.argument("site", callback=given)
@click.argument("line", callback=given)
@click.option(
    "--category",
    default="boilerplate",
    shell_complete=category_names,
    show_default=True,
    help="One of `cleaner categories`.",
)
def add(file: str, site: str, line: str, category: str) -> None:
    """Add LINE to what was learned of SITE: it goes from now on, whatever its case and numbers.

    \b
    Examples:
      cleaner sites add templates.parquet example.com "So ends the watch" --category related
    """
    from cleaner.templates.store import load_library, save_library

    with failing():
        library = load_library(file)
        library.add(site, line, category)
        save_library(library, file)


@sites.command(short_help="Merge files of templates.")
@click.argument("files", nargs=-1, required=True, shell_complete=files, metavar="FILE...", callback=given)
@out_option("FILE", "The merged file.")
@click.option("-j", "--jobs", default=1, show_default=True, type=click.IntRange(1, 256), help="Processes that learn.")
def merge(files: tuple[str, ...], out: str, jobs: int) -> None:
    """Merge files of templates: what comes out is what one run over all their dumps would have learned.

    \b
    Examples:
      cleaner sites merge monday.parquet tuesday.parquet -o week.parquet
    """
    from cleaner.engines.local import learn_local
    from cleaner.templates.store import load_library, save_library

    with failing():
        library = load_library(files[0])
        for name in files[1:]:
            library.merge(load_library(name))
        learn_local(library, jobs)
        save_library(library, out)
    click.echo(_summary(library.houses, library.collection.seen, library.collection.left_out), err=True)
