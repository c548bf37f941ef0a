"""`cleaner rules learn`: rules from the corrections of a reader."""

from __future__ import annotations

import click

from cleaner.commands.options import failing, files, given, new_folder, out_option

__all__ = ["learn"]


@click.command(short_help="Propose rules from the corrections saved in a report.")
@click.argument("feedback", nargs=-1, required=True, shell_complete=files, metavar="FEEDBACK...", callback=given)
@click.option(
    "--corpus",
    callback=given,
    shell_complete=files,
    metavar="PLACE",
    help="An output with removed pieces, or the dumps themselves.",
)
@out_option("FILE", "The settings file (.toml).")
@click.option("--force", is_flag=True, help="Overwrite a file that this command has not written.")
@click.option("-q", "--quiet", is_flag=True, help="Only write the file.")
def learn(feedback: tuple[str, ...], corpus: str | None, out: str, force: bool, quiet: bool) -> None:
    """Propose phrases, and lines and selectors of sites, from the FEEDBACK that was saved in a report.

    Each proposal is held against the corpus: a phrase that stands in running text anywhere is none; beside the others
    stands how many lines they would change that were not marked, and three of them. Without a corpus that is not known.
    With the dumps as the corpus, places in the pages are known as well. Look through FILE, then give it to `cleaner run --settings FILE` (beside settings of your
    own: `--settings cleaner.toml --settings FILE`), and compare with `cleaner diff`.

    \b
    Examples:
      cleaner rules learn feedback.jsonl -o proposals.toml
    """
    from cleaner.review.proposing import learn_rules, told
    from cleaner.review.terminal import safe

    made = new_folder(out)
    with failing():
        proposals, documents = learn_rules(feedback, corpus, out, force=force)
    if quiet:
        return
    for proposal in proposals:
        place = ".".join((*proposal.table, proposal.name)) if proposal.table else "no rule"
        click.echo(f"{safe(place)}: {safe(proposal.value)}")
        for line in told(proposal, documents) if proposal.table else ():
            click.echo(f"    {line}")
    if made:
        click.echo(made, err=True)
    click.echo(
        f"{sum(bool(p.table) for p in proposals)} proposed in {out}, held against "
        + (f"{documents:,} documents" if documents else "nothing: give --corpus"),
        err=True,
    )
