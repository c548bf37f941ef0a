"""`cleaner diff`: what a change of settings or version did to a corpus."""

from __future__ import annotations

import json

import click

from cleaner.commands.options import failing, files, given

__all__ = ["diff"]


@click.command()
@click.argument("before", shell_complete=files, metavar="OUT1", callback=given)
@click.argument("after", shell_complete=files, metavar="OUT2", callback=given)
@click.option("--top", type=click.IntRange(0), default=10, show_default=True, help="How many documents to show.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines: each document that differs, then the sums.")
def diff(before: str, after: str, top: int, as_json: bool) -> None:
    """Compare two outputs of `cleaner run`, joined by id: the sums, then the largest changes as a diff of words.

    Compared are the bodies (words that only one of them has), the metadata, the polls and the confidence, and which
    documents are there at all. [-words-] are gone, {+words+} are new.

    \b
    Exit status, as of `diff`: 0 no difference, 1 some, 2 trouble.

    \b
    Examples:
      cleaner diff before.jsonl after.jsonl
      cleaner diff before.jsonl after.jsonl --json
    """
    from cleaner.review.compare import Sums, changes, compare

    if as_json:
        sums = Sums()
        with failing():
            for change in changes(before, after, sums):
                click.echo(json.dumps(change.to_dict()))
        click.echo(json.dumps({"sums": sums.to_dict()}))
    else:
        from cleaner.review.diffview import show_comparison
        from cleaner.review.terminal import make_console

        with failing():
            comparison = compare(before, after, top)
        sums = comparison.sums
        show_comparison(make_console(), comparison)
    raise SystemExit(1 if sums.kinds else 0)
