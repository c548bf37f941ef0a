"""What `cleaner train` and `cleaner evaluate` do, apart from reading arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from cleaner.detectors.features import features
from cleaner.detectors.learned import to_probability
from cleaner.detectors.scores import score_page
from cleaner.detectors.weights import load_model, save_model
from cleaner.errors import InputError
from cleaner.training.evaluate import Report, evaluate
from cleaner.training.fit import PageTrainer
from cleaner.training.labelled import FOLDS, read_pages

__all__ = ["evaluate_model", "train_model"]

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


def evaluate_model(paths: Sequence[str], model_path: str, mode: str) -> Report:
    """Hold a trained model against labelled pages. Pages that it was trained on flatter it."""
    model = load_model(model_path)
    judged = []
    for page in read_pages(paths):
        rows = features(page.page, page.layout, score_page(page.page, page.layout, model.text, model.names))
        judged.append((page, to_probability(model.log_odds(rows))))
    return evaluate(judged, mode)
