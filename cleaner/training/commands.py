"""What `cleaner train` and `cleaner evaluate` do, apart from reading arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from cleaner.detectors.features import features
from cleaner.detectors.learned import to_probability
from cleaner.detectors.scores import score_page
from cleaner.detectors.weights import load_model, save_line_model, save_model
from cleaner.errors import InputError
from cleaner.settings import Settings
from cleaner.training.dumps import LabelledDump, read_dumps
from cleaner.training.evaluate import Report, evaluate
from cleaner.training.fit import PageTrainer
from cleaner.training.labelled import FOLDS, LabelledPage, read_pages
from cleaner.training.linecheck import cross_validate
from cleaner.training.linefit import LineTrainer, see
from cleaner.training.linereport import LineReport, measure
from cleaner.training.plant import clean_bodies, plant_anew
from cleaner.training.written import read_samples, read_written

__all__ = ["evaluate_model", "train_lines", "train_model"]

_Row = TypeVar("_Row", LabelledPage, LabelledDump)
_LEAST_PAGES = 20  # with labels, and of at least as many sites as there are folds


def train_model(paths: Sequence[str], out: str, note: str, say: Callable[[str], None]) -> Report:
    """Fit a page model on labelled files, write it and its card (`OUT.md`), and return the cross-validated report.

    Raises `InputError` where the files hold too few labelled pages.
    """
    pages = read_pages(paths)
    labelled = _labelled(pages, "pages")
    say(f"{len(pages):,} pages, {len(labelled):,} with labels")
    trainer = PageTrainer.prepare(pages, say)
    report = evaluate(trainer.cross_validate(say))
    save_model(trainer.fit(), out)
    what = (
        "# Page model\n\nJudges the blocks of an HTML page: two linear models over words and element names, boosted"
        " trees over them and the layout."
    )
    data = f"{len(pages):,} pages, {len(labelled):,} with block labels"
    _write_card(out, what, paths, data, note, "blocks as chosen by the model alone", report)
    return report


def _labelled(rows: Sequence[_Row], kind: str) -> list[_Row]:
    """The rows with labels. Raises `InputError` where they are too few, or of too few sites, to cross-validate."""
    labelled = [row for row in rows if row.labels]
    if len(labelled) < _LEAST_PAGES or len({row.fold for row in labelled}) < FOLDS:
        raise InputError(
            f"{len(labelled)} {kind} whose gold is found in their text: at least {_LEAST_PAGES}, of several sites, are needed."
        )
    return labelled


def _write_card(
    out: str, what: str, paths: Sequence[str], data: str, note: str, how: str, report: Report | LineReport
) -> None:
    """Write the card of a model: what it is, its data, and its cross-validated figures."""
    names = ", ".join(Path(p.rpartition("=")[0] or p).name for p in paths)
    figures = "\n".join(f"    {line}" for line in report.lines())
    remark = f"- {note}\n" if note else ""
    text = (
        f"{what}\n\n- Data: {names}; {data}.\n{remark}"
        f"- Cross-validated by site, {FOLDS} folds, default mode, {how}:\n\n{figures}\n"
    )
    Path(out + ".md").write_text(text, "utf-8")


def train_lines(
    paths: Sequence[str], out: str, note: str, say: Callable[[str], None], written: str | None = None
) -> LineReport:
    """Fit a model of lines on labelled dumps and a folder of written texts, write it and its card (`OUT.md`), and return
    the cross-validated report.

    Raises `InputError` where the files hold too few labelled dumps.
    """
    dumps = read_dumps(paths)
    labelled = _labelled(dumps, "dumps")
    texts = read_written(written) if written else []
    samples = read_samples(written) if written else []
    made = [*plant_anew(dumps), *clean_bodies(dumps)]
    data = f"{len(dumps):,} dumps, {len(labelled):,} with labels; {len(made):,} made of them by planting furniture anew"
    if texts:
        data += f"; {len(texts):,} made of articles and furniture that were written for it ({Path(written or '').name})"
    say(data)
    dumps += texts
    trainer = LineTrainer.fit(see([*dumps, *made]), say, samples)
    save_line_model(trainer.model(), out)
    say("cross-validation")
    report = measure(cross_validate(dumps, [trainer.model(fold) for fold in range(FOLDS)], Settings()))
    what = (
        "# Line model\n\nJudges the lines of a text dump: a linear model over the words of a line; for pages, articles and"
        " texts without line breaks an expert (boosted trees over lines, their neighbours and the whole text); a gate that"
        " tells whole pages from finished articles, also by what the experts say; and for each kind of text a judge, who"
        " sees the lines and hears two experts."
    )
    _write_card(out, what, paths, data, note, "`clean` as a whole", report)
    return report


def evaluate_model(paths: Sequence[str], model_path: str, mode: str) -> Report:
    """Hold a trained model against labelled pages. Pages that it was trained on flatter it."""
    model = load_model(model_path)
    judged = []
    for page in read_pages(paths):
        rows = features(page.page, page.layout, score_page(page.page, page.layout, model.text, model.names))
        judged.append((page, to_probability(model.log_odds(rows))))
    return evaluate(judged, mode)
