"""Training end to end on made-up pages: labels in, a model file, its card and honest figures out."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cleaner.cli import main
from cleaner.training.labelled import site_of

TOPICS = ["river", "ferry", "school", "budget", "museum", "harvest", "bridge", "library", "market", "orchard"]


def made_up_page(number: int, rng: random.Random) -> dict[str, str]:
    """A page of one of thirty sites, with its body."""
    site = number % 30
    body = [
        f"The {rng.choice(TOPICS)} of the town was the subject on day {rng.randint(1, 99)}, said {rng.choice('ABCDEF')}, and the"
        f" {rng.choice(TOPICS)} will follow when the council has agreed with the {rng.choice(TOPICS)} board."
        for _ in range(rng.randint(4, 8))
    ]
    menu = "".join(f"<li><a href=/{t}>{t.title()}</a></li>" for t in TOPICS)
    paragraphs = "".join(f"<p>{p}</p>" for p in body)
    html = (
        f"<html><body><ul class=menu{site}>{menu}</ul><div class='story s{site}'><h1>{rng.choice(TOPICS)}</h1>{paragraphs}</div>"
        f"<div class=more><p>Read more: {rng.choice(TOPICS)}</p><p>Sign up for our newsletter</p></div></body></html>"
    )
    return {"id": str(number), "url": f"https://site{site}.example/{number}", "html": html, "gold": "\n".join(body)}


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("labelled") / "pages.jsonl"
    rng = random.Random(7)
    path.write_text("".join(json.dumps(made_up_page(n, rng)) + "\n" for n in range(60)), "utf-8")
    return path


def test_train_then_evaluate(labelled: Path, tmp_path: Path) -> None:
    """`train` writes a model and its card; `evaluate` and `run` take the model; the made-up sites are learned."""
    pytest.importorskip("lightgbm", reason="training needs the extra: pip install 'article-cleaner[train]'")
    pytest.importorskip("sklearn", reason="training needs the extra: pip install 'article-cleaner[train]'")
    model = tmp_path / "my.model"
    trained = CliRunner().invoke(main, ["train", str(labelled) + "=2", "-o", str(model)])
    assert trained.exit_code == 0, trained.output
    card = (tmp_path / "my.model.md").read_text("utf-8")
    assert "- Data: pages.jsonl" in card and "- \n" not in card  # no note, no bullet for it
    report = CliRunner().invoke(main, ["evaluate", str(labelled), "--model", str(model), "--worst", "1"])
    value = next(line.split()[-1] for line in report.output.splitlines() if line.startswith("all"))
    assert float(value) > 0.95


def test_columns_stand_in_the_order_of_the_text() -> None:
    """The order of the columns decides the last digits of a fit; it must not be that of a set, which changes with the
    hash seed of the process.
    """
    code = (
        "from cleaner.training.linear import text_rows; from cleaner.detectors.tokens import words_of;"
        "print([list(row) for row in text_rows(words_of(['The river rose and the ferry at the landing stayed closed.']))])"
    )
    answers = set()
    for seed in ("1", "2", "3"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        answers.add(
            subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True).stdout
        )
    assert len(answers) == 1


def test_too_few_pages_is_a_clear_error(tmp_path: Path) -> None:
    """Three pages are no training set."""
    pytest.importorskip("lightgbm", reason="training needs the extra: pip install 'article-cleaner[train]'")
    path = tmp_path / "few.jsonl"
    path.write_text("".join(json.dumps(made_up_page(n, random.Random(n))) + "\n" for n in range(3)), "utf-8")
    result = CliRunner().invoke(main, ["train", str(path), "-o", str(tmp_path / "m")])
    assert result.exit_code == 2 and "at least 20" in result.output


@pytest.mark.parametrize("line", ["{", "[]", '{"url": "https://a.example"}'])
def test_a_row_that_is_no_page_is_named(tmp_path: Path, line: str) -> None:
    """A broken row of labels says where it is."""
    path = tmp_path / "broken.jsonl"
    path.write_text(line + "\n", "utf-8")
    result = CliRunner().invoke(main, ["evaluate", str(path)])
    assert result.exit_code == 2 and "broken.jsonl" in result.output


def test_one_site_stays_in_one_fold() -> None:
    """Subdomains count with their domain, two-part endings as one."""
    assert site_of("https://m.news.example.co.uk/1") == site_of("http://www.example.co.uk")
