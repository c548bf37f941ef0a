"""What `cleaner train` and `cleaner evaluate` do, apart from reading arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from cleaner.detectors.features import features
from cleaner.detectors.learned import to_probability
from cleaner.detectors.scores import score_page
from cleaner.detectors.weights import load_model, save_line_model, save_model
from cleaner.errors import InputError
from cleaner.training.dumps import read_dumps
from cleaner.training.evaluate import Report, evaluate
from cleaner.training.fit import PageTrainer
from cleaner.training.labelled import FOLDS, read_pages
from cleaner.training.linefit import LineTrainer, see
from cleaner.training.linereport import LineReport, measure
from cleaner.training.plant import clean_bodies, plant_anew

__all__ = ["evaluate_model", "train_lines", "train_model"]

_LEAST_PAGES = 20  # with labels, and of at least as many sites as there are folds


def train_model(paths: Sequence[str], out: str, note: str, say: Callable[[str], None]) -> Report:
    """Fit a page model on labelled files, write it and its card (`OUT.md`), and return the cross-validated report.

    Raises `InputError` where the files hold too few labelled pages.
    """
    pages = read_pages(paths)
    labelled = [p for p in pages if p.labels]
    if len(labelled) < _LEAST_PAGES or len({p.fold for p in labelled}) < FOLDS:
        raise InputError(
            f"{len(labelled)} pages whose gold is found in their text: at least {_LEAST_PAGES}, of several sites, are needed."
        )
    say(f"{len(pages):,} pages, {len(labelled):,} with labels")
    trainer = PageTrainer.prepare(pages, say)
    report = evaluate(trainer.cross_validate(say))
    save_model(trainer.fit(), out)
    Path(out + ".md").write_text(_card(paths, len(pages), len(labelled), note, report), "utf-8")
    return report


def _card(paths: Sequence[str], pages: int, labelled: int, note: str, report: Report) -> str:
    names = ", ".join(Path(p.rpartition("=")[0] or p).name for p in paths)
    figures = "\n".join(f"    {line}" for line in report.lines())
    return (
        "# Page model\n\nJudges the blocks of an HTML page: two linear models over words and element names, boosted"
        f" trees over them and the layout.\n\n- Data: {names}; {pages:,} pages, {labelled:,} with block labels.\n"
        f"- {note}\n- Cross-validated by site, {FOLDS} folds, default mode, blocks as chosen by the model alone:\n\n{figures}\n"
    )


def train_lines(paths: Sequence[str], out: str, note: str, say: Callable[[str], None]) -> LineReport:
    """Fit a model of lines on labelled dumps, write it and its card (`OUT.md`), and return the cross-validated report.

    Raises `InputError` where the files hold too few labelled dumps.
    """
    dumps = read_dumps(paths)
    labelled = [d for d in dumps if d.labels]
    if len(labelled) < _LEAST_PAGES or len({d.fold for d in labelled}) < FOLDS:
        raise InputError(
            f"{len(labelled)} dumps whose gold is found in their lines: at least {_LEAST_PAGES}, of several sites, are needed."
        )
    made = [*plant_anew(dumps), *clean_bodies(dumps)]
    say(f"{len(dumps):,} dumps, {len(labelled):,} with labels; {len(made):,} more made of them")
    trainer = LineTrainer.fit(see([*dumps, *made]), say)
    report = measure(trainer.judged("balanced"))
    save_line_model(trainer.model(), out)
    names = ", ".join(Path(p).name for p in paths)
    figures = "\n".join(f"    {line}" for line in report.lines())
    Path(out + ".md").write_text(
        "# Line model\n\nJudges the lines of a text dump: a linear model over the words of a line; a gate that tells whole"
        " pages from finished articles; for pages, articles and texts without line breaks an expert (boosted trees over"
        " lines, their neighbours and the whole text) and a judge of the expert's opinions.\n\n"
        f"- Data: {names}; {len(dumps):,} dumps, {len(labelled):,} with labels; {len(made):,} made of them by planting"
        f" furniture anew.\n- {note}\n- Cross-validated by site, {FOLDS} folds, default mode, first pass over each dump:"
        f"\n\n{figures}\n",
        "utf-8",
    )
    return report


def evaluate_model(paths: Sequence[str], model_path: str, mode: str) -> Report:
    """Hold a trained model against labelled pages. Pages that it was trained on flatter it."""
    model = load_model(model_path)
    judged = []
    for page in read_pages(paths):
        rows = features(page.page, page.layout, score_page(page.page, page.layout, model.text, model.names))
        judged.append((page, to_probability(model.log_odds(rows))))
    return evaluate(judged, mode)
