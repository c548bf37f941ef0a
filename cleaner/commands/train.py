"""`cleaner train`, `train-lines`, `evaluate`: judges from labelled pages and dumps."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import click

from cleaner.commands.options import FailureError, failing, files, given, out_option
from cleaner.settings import MODES

__all__ = ["evaluate", "train", "train_lines"]


_CORRECTED = (
    click.option(
        "--feedback",
        multiple=True,
        callback=given,
        shell_complete=files,
        metavar="FILE",
        help="Corrections saved in a report.",
    ),
    click.option(
        "--corrected", callback=given, shell_complete=files, metavar="OUT", help="The output that was corrected."
    ),
    click.option(
        "--dumps",
        multiple=True,
        callback=given,
        shell_complete=files,
        metavar="INPUT",
        help="The dumps that OUT was made from.",
    ),
)


def _corrected_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_CORRECTED):
        command = option(command)
    return command


@contextlib.contextmanager
def _labels(
    labelled: tuple[str, ...], form: str, feedback: tuple[str, ...], corrected: str | None, dumps: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    """The labelled files, and one more of what a reader has corrected."""
    if not feedback:
        if not labelled:
            raise click.UsageError("give labelled files, or --feedback with --corrected and --dumps")
        yield labelled
        return
    if corrected is None or not dumps:
        raise click.UsageError("--feedback needs --corrected OUT, and --dumps INPUT that OUT was made from")
    from cleaner.review.labels import labelled_file

    with labelled_file(feedback, corrected, dumps, form) as path:
        yield (*labelled, path)


@click.command()
@click.argument("labelled", nargs=-1, shell_complete=files, metavar="LABELLED...", callback=given)
@out_option("MODEL", "The model file; its card: MODEL.md.")
@click.option("--note", default="", help="A line for the card: where the data come from, under which licence.")
@_corrected_options
def train(labelled: tuple[str, ...], out: str, note: str, **more: Any) -> None:
    """Train a judge of HTML pages and write it to MODEL, for `cleaner run --model MODEL`.

    LABELLED are JSONL files (also .gz, .zst) with a page a row: `html`, `url`, and `gold`, the text of its body; FILE=4
    lets the pages of a file count four times. Cross-validated by site; the figures are printed and written to the card.
    Needs the extra: pip install 'article-cleaner[train]'.

    What was corrected in a report are labels, too: --feedback feedback.jsonl --corrected OUT --dumps INPUT. The gold of
    a document with corrections is its body in OUT, corrected; what its reader has not marked counts as right. One that
    is among LABELLED, too, would be learned from twice, with both golds: take it out there.

    \b
    Examples:
      cleaner train mine.jsonl -o my.model
      cleaner train mine.jsonl=4 others.jsonl.gz -o my.model --note 'CC BY 4.0'
    """
    from cleaner.training.commands import train_model

    with _training(*_PACKAGES), _labels(labelled, "html", **more) as files:
        report = train_model(files, out, note, lambda line: click.echo(line, err=True))
    click.echo("\n".join(report.lines()))


@click.command("train-lines")
@click.argument("labelled", nargs=-1, shell_complete=files, metavar="LABELLED...", callback=given)
@out_option("MODEL", "The model file; its card: MODEL.md.")
@click.option("--note", default="", help="A line for the card: where the data come from, under which licence.")
@click.option(
    "--worst",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Also list the N dumps that lost most of their article.",
)
@click.option(
    "--written",
    callback=given,
    shell_complete=files,
    metavar="FOLDER",
    help="Texts that were written for training: articles-LANG.txt, furniture-LANG.txt, headers-LANG.txt.",
)
@_corrected_options
def train_lines(labelled: tuple[str, ...], out: str, note: str, worst: int, written: str | None, **more: Any) -> None:
    """Train a judge of the lines of text dumps and write it to MODEL, for the setting `line_model`.

    LABELLED are JSONL files (also .gz, .zst) with a dump a row: `raw`, `gold` (the text of its body), `url` or `site`,
    and where furniture was put between the paragraphs of the gold, `planted`, the list of the pieces. --written adds
    dumps made of a folder's articles, a paragraph a line below a line `%% article`, and of its furniture, pieces of some
    lines below a line `%% category`, perhaps with headers for the articles; a language is learned best from its own.
    Cross-validated by site: all of `clean`, with models that never saw the site of what they judge; the figures are
    printed and written to the card.
    Needs the extra: pip install 'article-cleaner[train]'.

    What was corrected in a report are labels, too: --feedback feedback.jsonl --corrected OUT --dumps INPUT. The gold of
    a document with corrections is its body in OUT, corrected; what its reader has not marked counts as right. One that
    is among LABELLED, too, would be learned from twice, with both golds: take it out there.

    \b
    Examples:
      cleaner train-lines dumps.jsonl.gz -o my-line.model
      cleaner train-lines dumps.jsonl.gz --written texts -o my-line.model
    """
    from cleaner.training.commands import train_lines as train_them

    with _training(*_PACKAGES), _labels(labelled, "text", **more) as files:
        report = train_them(files, out, note, lambda line: click.echo(line, err=True), written)
    click.echo("\n".join(report.lines()))
    for value, name in report.worst[:worst]:
        click.echo(f"{value:.3f}  {name}")


@click.command()
@click.argument("labelled", nargs=-1, required=True, shell_complete=files, metavar="LABELLED...", callback=given)
@click.option(
    "--model",
    default="",
    shell_complete=files,
    metavar="FILE",
    help="A model made by `cleaner train`.  [default: the built-in one]",
)
@click.option("--mode", type=click.Choice(MODES), default=MODES[0], show_default=True)
@click.option("--worst", type=click.IntRange(0), default=0, metavar="N", help="Also list the N worst pages.")
def evaluate(labelled: tuple[str, ...], model: str, mode: str, worst: int) -> None:
    """Word F1 of a model's choice of blocks on labelled pages, by page type.

    Pages that the model was trained on flatter it: `cleaner train` prints the cross-validated figures.

    \b
    Examples:
      cleaner evaluate others.jsonl --model my.model --worst 20
    """
    from cleaner.training.commands import evaluate_model

    with _training():
        report = evaluate_model(labelled, model, mode)
    click.echo("\n".join(report.lines()))
    for value, name in report.worst[:worst]:
        click.echo(f"{value:.3f}  {name}")


_PACKAGES = ("lightgbm", "sklearn")


@contextlib.contextmanager
def _training(*packages: str) -> Iterator[None]:
    """What is missing is told before the labels are read, which may take minutes."""
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise FailureError(_MISSING.format(missing[0]))
    try:
        with failing():
            yield
    except ModuleNotFoundError as exc:
        raise FailureError(_MISSING.format(exc.name)) from exc


_MISSING = "{} is missing: pip install 'article-cleaner[train]'"
