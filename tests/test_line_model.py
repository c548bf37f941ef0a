"""The line model: what it takes and leaves, its file, and what holds for any text that it judges."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Article, CleanerError, Settings, SettingsError, clean
from cleaner.cli import main
from cleaner.detectors.decoding import decode
from cleaner.detectors.headings import rows_that_stay
from cleaner.detectors.headline import removed_headline
from cleaner.detectors.linetokens import WordTable, line_tokens
from cleaner.detectors.reading import read
from cleaner.detectors.weights import load_line_model, save_line_model
from cleaner.model import Block, Page, Verdict

PROSE = [
    "The river rose again on Monday evening, and the mayor of the town said that the ferry would stay closed for a week.",
    "Nobody was hurt, but two boats were lost, and the school will open again only when the road to the bridge is dry.",
    "“We have seen worse than this,” said Ines Calloway, who has kept the landing for thirty years, “and we will see worse.”",
    "The harbour board will meet on Friday to decide whether the old pier can be repaired before the autumn storms.",
    "Engineers from the county looked at the pillars of the bridge on Tuesday and found no damage below the water line.",
]
FURNITURE = [
    "Skip to main content",
    "Home News Sport Business Opinion",
    "Sign up for our newsletter",
    "You must be logged in to post a comment.",
    "Follow us on Facebook, Twitter and Instagram",
    "© 2025 The Ledger. All rights reserved.",
    "Terms of Use Privacy Policy Cookie Settings",
]
UNTOUCHED = {
    "poem": "The tide goes out\nand leaves the boats\nlike words that no one\ncame to say.\n\nThe tide comes in\nand lifts them all.",
    "recipe": "Onion soup\n\n4 onions\n2 spoons of butter\n1 litre of stock\nSalt\n\nSlice the onions.\nFry them slowly.\nAdd the stock.",
    "results": "Brightmoor 2 Saltney 1\nFernhill 0 Oakham 0\nWestport 3 Eastport 3\nLangley 1 Holme 4\nPenrith 2 Alston 2",
    "transcript": "HOST: Good evening.\nGUEST: Good evening.\nHOST: You came by boat?\nGUEST: I did.\nHOST: And the river?\nGUEST: High.",
    "code": "def area(width, height):\n    return width * height\n\nfor row in rows:\n    print(area(*row))\n\nmain()",
    "one line": "The river rose again on Monday evening.",
}

some_lines = st.one_of(st.sampled_from(PROSE + FURNITURE), st.text(max_size=50))
dumps = st.lists(st.tuples(some_lines, st.sampled_from(["\n", "\n\n"])), min_size=4, max_size=24).map(
    lambda rows: "".join(a + b for a, b in rows)
)


def by_model(article: Article) -> list[str]:
    return [r.text for r in article.removed if r.evidence.startswith("line-model:")]


def dump_of(furniture: list[str]) -> str:
    """Prose with pieces of furniture between its paragraphs and at its end."""
    rows = []
    for number, paragraph in enumerate(PROSE):
        rows += [paragraph, *furniture[number : number + 1]]
    return "\n\n".join([*rows, *furniture[len(PROSE) :]])


def test_prose_stays_and_furniture_goes() -> None:
    """The paragraphs of an article are kept, the pieces between them are not, and each removal says on what evidence."""
    article = clean(dump_of(FURNITURE))
    assert article.body.split("\n\n") == PROSE
    assert all(r.category and r.evidence for r in article.removed)


def test_model_takes_what_no_rule_knows() -> None:
    """A piece that no phrase names goes by the model, with its probability as evidence and how sure it is as score."""
    names = ["Press room", "Careers at the company", "Today's crossword and puzzles", "Subscriptions and single copies"]
    unknown = [FURNITURE[0], FURNITURE[2], *names, FURNITURE[5]]
    article = clean(dump_of(unknown))
    assert by_model(article)
    assert not by_model(clean(dump_of(unknown), settings=Settings(judge="rules")))
    for removal in article.removed:
        if removal.evidence.startswith("line-model:"):
            assert float(removal.evidence.removeprefix("line-model:")) == pytest.approx(1 - removal.score, abs=0.01)


def test_paragraphs_between_furniture_stay() -> None:
    """Of a short text each paragraph is a great part, and what speaks against it is mostly the company it keeps."""
    names = ["Press room", "Shop gifts and tote bags", "Your reading list", "Buy a gift card", "Browse all topics"]
    rng = random.Random(1)
    for _ in range(20):
        pieces = [FURNITURE[0], *rng.sample(names, 4), FURNITURE[5]]
        assert [p for p in PROSE if p not in clean(dump_of(pieces)).body] == []


@pytest.mark.parametrize("name", UNTOUCHED)
def test_small_texts_without_furniture_are_left_alone(name: str) -> None:
    """Without paragraphs of prose a text may be anything, and the model says nothing."""
    assert not by_model(clean(UNTOUCHED[name]))


def test_modes_are_ordered() -> None:
    """Recall removes at most what balanced removes, and that at most what precision removes, in one pass."""
    gone = {
        mode: len(by_model(clean(dump_of(FURNITURE), settings=Settings(mode=mode))))
        for mode in ("recall", "balanced", "precision")
    }
    assert gone["recall"] <= gone["balanced"] <= gone["precision"]


@given(dumps)
@settings(max_examples=150, deadline=None)
def test_cleaning_is_stable(raw: str) -> None:
    """The model runs again over what is left until nothing more goes, so a second cleaning changes nothing."""
    try:
        article = clean(raw, source_format="text")
    except CleanerError:
        return
    assert clean(article.body, source_format="text").body == article.body


def test_answers_do_not_depend_on_the_hash_seed() -> None:
    """The same dump gives the same bytes in every process."""
    code = f"from cleaner import clean; print(clean({dump_of(FURNITURE)!r}).to_json())"
    answers = set()
    for seed in ("1", "2", "3"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        run = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True)
        answers.add(run.stdout)
    assert len(answers) == 1


def test_short_texts_do_without_numpy() -> None:
    """A text of a few lines is left to the rules, and nothing heavy is imported for it."""
    code = "import sys, cleaner; cleaner.clean('The river rose.\\n\\nSign up'); sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_model_file_round_trip(tmp_path: Path) -> None:
    """A saved model is the same model, and the same model gives the same bytes."""
    save_line_model(load_line_model(), tmp_path / "a.model")
    again = load_line_model(str(tmp_path / "a.model"))
    save_line_model(again, tmp_path / "b.model")
    assert (tmp_path / "a.model").read_bytes() == (tmp_path / "b.model").read_bytes()
    assert np.array_equal(again.gate.value, load_line_model().gate.value)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x05\x06" + b"\0" * 18])
def test_a_file_that_is_no_model_says_so(tmp_path: Path, content: bytes) -> None:
    """A wrong file is a settings error that names it, not a crash in the middle of a batch."""
    path = tmp_path / "wrong.model"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"wrong\.model"):
        clean(dump_of(FURNITURE), settings=Settings(line_model=str(path)))


def test_a_model_of_pages_is_no_model_of_lines() -> None:
    """The two kinds of model are told apart."""
    page_model = Path(__file__).parents[1] / "cleaner" / "data" / "page.model"
    with pytest.raises(SettingsError, match="another kind"):
        clean(dump_of(FURNITURE), settings=Settings(line_model=str(page_model)))


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=9), st.floats(0, 3))
def test_decoding_finds_the_best_path(odds: list[float], switch: float) -> None:
    """No other choice of lines has a higher sum of log-odds less the cost of its changes."""

    def value(path: list[bool]) -> float:
        changes = sum(a != b for a, b in zip(path, path[1:], strict=False))
        return sum(o for o, keep in zip(odds, path, strict=True) if keep) - switch * changes

    found = value(decode(odds, switch))
    best = max(value([bool(n >> i & 1) for i in range(len(odds))]) for n in range(2 ** len(odds)))
    assert found == pytest.approx(best, abs=1e-9)


@given(st.lists(st.sampled_from(["read", "more", "subscribe", "2025", "b2b", "a"]), max_size=30))
def test_word_table_sums_the_tokens(words: list[str]) -> None:
    """Scoring a line is the sum of the weights of the tokens that training counts."""
    weights = {token: 0.25 + len(token) % 3 for token in line_tokens(words)}
    assert WordTable(weights).score(words) == pytest.approx(sum(weights[t] for t in line_tokens(words)))
    assert WordTable(weights).scores([(), words])[0, 1] == pytest.approx(WordTable(weights).score(words))


def test_word_table_tells_how_much_it_knows() -> None:
    """The share of the words of a line that have a weight, by themselves or by their stem."""
    table = WordTable({"river": 0.5, "ferr~": 0.25, "^tide": 1.0})
    shares = table.scores([("river",), ("tide", "river"), ("ferries", "sail", "river", "on"), ()])[1]
    assert shares.tolist() == [1.0, 0.5, 0.5, 0.0]


def test_train_lines(tmp_path: Path) -> None:
    """`train-lines` writes a model and its card from labelled dumps, and `clean` takes the model."""
    pytest.importorskip("lightgbm", reason="training needs the extra: pip install 'article-cleaner[train]'")
    pytest.importorskip("sklearn", reason="training needs the extra: pip install 'article-cleaner[train]'")
    rng = random.Random(3)
    rows = []
    for number in range(90):
        body = [p.replace("river", rng.choice(["river", "lake", "canal", "tide"])) for p in rng.sample(PROSE, 5)]
        pieces = rng.sample(FURNITURE, 2)
        raw = "\n".join([pieces[0], *body[:3], *([pieces[1]] if number % 2 else []), *body[3:], "Imprint Contact"])
        row = {
            "id": str(number),
            "site": f"site{number % 30}.example",
            "raw": raw,
            "gold": "\n".join(body),
            "kind": "page",
        }
        rows.append(row | ({"kind": "planted", "planted": pieces} if number % 2 else {}))
    labelled, model = tmp_path / "dumps.jsonl", tmp_path / "my.model"
    labelled.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    trained = CliRunner().invoke(main, ["train-lines", str(labelled), "-o", str(model), "--note", "Made up."])
    assert trained.exit_code == 0, trained.output
    assert "Made up." in (tmp_path / "my.model.md").read_text("utf-8")
    assert clean(str(rows[0]["raw"]), settings=Settings(line_model=str(model))).body
    few = tmp_path / "few.jsonl"
    few.write_text(json.dumps(rows[0]) + "\n", "utf-8")
    assert "at least" in CliRunner().invoke(main, ["train-lines", str(few), "-o", str(model)]).output


@pytest.mark.parametrize(
    ("top", "title"),
    [
        (["Harbour Post", "Sport", "Ferry stops for the whole of summer"], "Ferry stops for the whole of summer"),
        (["Harbour Post", "Ferry stops for summer", "By the harbour"], "Ferry stops for summer"),
        (["Harbour Post", "Menu"], None),
        (["The ferry of the harbour stopped on Monday.", "Menu"], None),
    ],
)
def test_headline_that_only_the_model_takes_is_the_title(top: list[str], title: str | None) -> None:
    """Of the lines that the model takes above the article, the first that is long enough; no section, no sentence."""
    lines = read(Page("\n".join([*top, "It stays."]), tuple(_blocks([*top, "It stays."])))).lines
    verdicts = [Verdict(ln.start, ln.end, "boilerplate", "line-model:0.03", 0.97) for ln in lines[:-1]]
    found = removed_headline(lines, verdicts)
    assert (found and found[1].text) == title
    ruled = [v._replace(evidence="phrase:en:whole:menu") for v in verdicts]
    assert removed_headline(lines, ruled) is None


def _blocks(texts: list[str]) -> Iterator[Block]:
    at = 0
    for text in texts:
        yield Block(at, at + len(text))
        at += len(text) + 1


def test_rows_of_a_list_stay_between_lines_that_stay() -> None:
    """Several lines with numbers or colons that only the model takes; not at the end of the text, nor one alone."""
    texts = ["The results of the day.", "Klaas – Bertus 60-41", "Appie – Roelof 60-58", "June: nothing", "It rained."]
    lines = read(Page("\n".join(texts), tuple(_blocks(texts)))).lines
    verdicts = [Verdict(ln.start, ln.end, "boilerplate", "line-model:0.09", 0.91) for ln in lines[1:4]]
    assert rows_that_stay(lines, verdicts) == {ln.start for ln in lines[1:4]}
    assert rows_that_stay(lines[:4], verdicts) == set()
    assert rows_that_stay(lines, verdicts[:2]) == set()
    assert rows_that_stay(lines, [v._replace(evidence="shape:menu_row") for v in verdicts]) == set()
