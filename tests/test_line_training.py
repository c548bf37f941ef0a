"""What the line model is taught and how it is judged: dumps made anew, sources of planted lines, cross-validated measures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("numpy", reason="training needs the extra: pip install 'article-cleaner[train]'")

from cleaner.detectors.linefeatures import first_features, gate_features, look_at
from cleaner.detectors.lineoverlap import OVERLAP
from cleaner.detectors.lineshapes import LineMemory
from cleaner.detectors.linetokens import WordTable, line_tokens
from cleaner.detectors.reading import read
from cleaner.detectors.weights import load_line_model
from cleaner.errors import InputError
from cleaner.settings import Settings
from cleaner.training.dumps import LabelledDump, as_read, fold_of, read_dumps
from cleaner.training.labelled import FOLDS
from cleaner.training.linecheck import cross_validate
from cleaner.training.linereport import measure
from cleaner.training.plant import plant_anew
from cleaner.training.written import WRITTEN, read_written

BODY = [
    "The ferry across the Oldmere stopped on Monday, when its engine took in water for the third time this summer.",
    "Nobody was on board but the pilot, who rowed ashore in the kitchen door and asked the harbour board for a new one.",
    "The board will meet on Friday, and until then the people of both shores wave at each other from their landings.",
    "A new engine costs more than the ferry did, said the treasurer, and the ferry was never worth what it had cost.",
]
TELLING = ["Subscribe to our newsletter", "Read more stories", "© 2025 The Oldmere Post"]
SILENT = ["Harbours", "Eels", "Weather"]


def rows_of_sites(count: int) -> list[dict[str, Any]]:
    """For each of so many sites a page and a planted dump, whose piece is of the page of the next site."""
    rows: list[dict[str, Any]] = []
    for number in range(count):
        site, gold = f"site{number}.example", "\n".join(f"{p} {number}." for p in BODY)
        page = "\n".join([f"Subscribe to paper {number}", *SILENT, gold, *TELLING])
        rows.append({"id": f"page{number}", "site": site, "kind": "page", "raw": page, "gold": gold})
        piece = f"Subscribe to paper {(number + 1) % count}"
        raw = gold.replace("\n", f"\n{piece}\n", 1)
        planted = {
            "id": f"planted{number}",
            "site": site,
            "kind": "planted",
            "planted": [piece],
            "raw": raw,
            "gold": gold,
        }
        rows += [planted, planted | {"id": f"flat{number}", "kind": "planted-flat", "raw": raw.replace("\n", " ")}]
    return rows


@pytest.fixture(scope="module")
def dumps(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledDump]:
    path = tmp_path_factory.mktemp("labelled") / "dumps.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows_of_sites(12)), "utf-8")
    return read_dumps([str(path)])


def test_planted_lines_know_the_fold_of_their_page(dumps: list[LabelledDump]) -> None:
    """A planted line is of the fold of the page that it was taken from, on one line with the article, too."""
    known = 0
    for dump in dumps:
        if dump.row.get("planted"):
            (piece,) = dump.row["planted"]
            fold = fold_of({"site": f"site{piece.split()[-1]}.example"})
            assert dump.foreign == ({tuple(piece.lower().split()): fold} if fold != dump.fold else {})
            if dump.labels:
                assert dump.sources[dump.labels.index(False)] == fold
                assert {f for f, label in zip(dump.sources, dump.labels, strict=True) if label} == {dump.fold}
            known += bool(dump.foreign)
    assert known


def test_dumps_made_anew_hold_the_body_and_telling_pieces(dumps: list[LabelledDump]) -> None:
    """What is planted anew tells that it is furniture and is of another site of the same fold; the body stays whole."""
    made = plant_anew(dumps)
    assert made and made == plant_anew(dumps)
    for dump in made:
        kept = [text for text, label in zip(dump.texts, dump.labels, strict=True) if label]
        assert "\n".join(kept) == dump.row["gold"]
        assert dump.kind == "replanted" and set(dump.sources) == {dump.fold}
        for piece in dump.row["planted"]:
            assert any(word in " ".join(piece) for word in ("Subscribe", "Read more", "©"))
            assert len(piece) <= 5


def written_in(folder: Path, furniture: str, articles: str) -> str:
    (folder / "furniture-en.txt").write_text(furniture, "utf-8")
    (folder / "articles-en.txt").write_text(articles, "utf-8")
    return str(folder)


def test_written_texts_become_dumps_with_sure_labels(tmp_path: Path) -> None:
    """An article is there by itself and with pieces of furniture, whose lines are of the fold of their piece."""
    pieces = [["Newsletter", f"Our letter number {n} comes on Fridays."] for n in range(40)]
    furniture = "\n".join("\n".join(["%% newsletter", *piece]) for piece in pieces)
    folder = written_in(tmp_path, furniture, "\n".join(["%% article", *BODY, "", "%% article", *BODY[1:]]))
    dumps = read_written(folder)
    assert [dump.kind for dump in dumps] == ["clean", *[WRITTEN] * 3] * 2
    assert [dump.row for dump in dumps] == [dump.row for dump in read_written(folder)]
    counts = [len(dump.row["planted"]) for dump in dumps[:4]]
    assert counts[0] == 0 < counts[1] <= counts[2] <= counts[3]
    for dump in dumps:
        kept = [text for text, label in zip(dump.texts, dump.labels, strict=True) if label]
        assert "\n".join(kept) == dump.row["gold"]
        for text, label, source in zip(dump.texts, dump.labels, dump.sources, strict=True):
            assert source == (dump.fold if label else fold_of({"site": "Newsletter"})), text


@pytest.mark.parametrize(
    ("furniture", "articles"),
    [
        ("%% newsletter\nSign up", ""),
        ("Sign up", "%% article\nThe ferry stopped."),
        ("%% a\nSign up", "The ferry stopped."),
    ],
)
def test_written_texts_without_marks_are_refused(tmp_path: Path, furniture: str, articles: str) -> None:
    """A folder without articles, and a text without its mark."""
    with pytest.raises(InputError, match=r"%% newsletter|no articles"):
        read_written(written_in(tmp_path, furniture, articles))
    (tmp_path / "furniture-en.txt").write_bytes("%% related\nÄrger".encode("latin-1"))
    (tmp_path / "articles-en.txt").write_text("%% article\nThe ferry stopped.", "utf-8")
    with pytest.raises(InputError, match="furniture-en"):
        read_written(str(tmp_path))
    (tmp_path / "furniture-en.txt").unlink()
    (tmp_path / "articles-en.txt").write_text("%% article\nThe ferry stopped.", "utf-8")
    with pytest.raises(InputError, match="furniture-en"):
        read_written(str(tmp_path))


def test_cross_validation_asks_the_model_that_has_not_seen_a_line(dumps: list[LabelledDump]) -> None:
    """Each dump is cleaned as `clean` does it, by the model of its fold, and a planted line is weighed by that of its own."""
    model = load_line_model()
    asked: list[tuple[int, tuple[str, ...]]] = []

    class Spy(WordTable):
        def __init__(self, fold: int) -> None:
            super().__init__(model.words.weights)
            self.fold = fold

        def scores(self, rows: Any) -> Any:
            asked.extend((self.fold, tuple(words)) for words in rows)
            return super().scores(rows)

    models = [type(model)(model.words, model.gate, model.experts, model.judges, Spy(k)) for k in range(FOLDS)]
    planted = [d for d in dumps if d.kind == "planted" and d.foreign]
    for row, body in cross_validate(planted, models, Settings()):
        assert body and row["kind"] == "planted"
    for dump in planted:
        ((words, fold),) = dump.foreign.items()
        assert (fold, words) in asked


@pytest.mark.parametrize(
    ("body", "removed", "lost", "exact"),
    [("a b c d", 1.0, 0.0, 1.0), ("a b c d x", 0.5, 0.0, 0.0), ("a b", 1.0, 0.5, 0.0), ("x y", 0.0, 1.0, 0.0)],
)
def test_measures_of_planted_dumps(body: str, removed: float, lost: float, exact: float) -> None:
    """Shares of the planted words removed and of the article's lost, and whether the body is the gold to the word."""
    row = {"id": "1", "kind": "planted", "planted": ["x y"], "raw": "a b x y c d", "gold": "a b c d"}
    report = measure([(row, body)])
    found = report.means["planted"]
    assert (found["removed"], found["lost"], found["exact"]) == (removed, lost, exact)
    assert report.worst == ((lost, "1"),)


def test_topics_tell_the_lines_that_speak_of_something_else() -> None:
    """The stems of long words that prose shares make a line one of the text; those of a foreign line are new."""
    lines = [*BODY, "Harbour boards and ferries: engines that stopped", "Trending recipes: pumpkin lasagna"]
    reading = read(as_read("\n".join(lines)))
    table = look_at(reading, [], LineMemory(WordTable({})))
    rows = dict(zip(OVERLAP, table.overlap, strict=True))
    own, foreign = rows["topic"][-2:].tolist()
    assert own > 0.7 and foreign == 0.0
    assert rows["topic_gap"][-1] > rows["topic_gap"][-2]
    assert rows["topic_new"][-1] > rows["topic_new"][-2]
    assert rows["topic_near"].tolist() <= rows["topic"].tolist()


def test_address_tells_the_headline() -> None:
    """Lines know how much of the address they say, and how far below the headline they stand."""
    lines = ["Menu", "Sport", "The ferry stops for the summer", *BODY]
    url = "https://post.example/news/2025/ferry-stops-for-summer"

    def rows(url: str | None) -> dict[str, list[float]]:
        table = look_at(read(as_read("\n".join(lines)), url), [], LineMemory(WordTable({})))
        return dict(zip(OVERLAP, table.overlap.tolist(), strict=True))

    assert rows(url)["address"][:3] == [0.0, 0.0, 1.0]
    assert rows(url)["from_headline"][:5] == [-2.0, -1.0, 0.0, 1.0, 2.0]
    for nothing in (None, "https://post.example/12345", "https://[broken"):
        assert rows(nothing)["address"] == [-1.0] * len(lines)
    assert set(rows("https://post.example/news/zebras-cross-the-alps")["from_headline"]) == {-60.0}


def test_topics_of_texts_without_long_words() -> None:
    """A text without a long word has no topics, and nothing fails."""
    for raw in ("a b c\nd e f", "1 2 3\n\n* * *\n- -", "Harbour"):
        reading = read(as_read(raw))
        table = look_at(reading, [], LineMemory(WordTable({})))
        assert table.overlap.shape == (len(OVERLAP), len(reading.lines))


def test_pieces_of_no_known_page_are_of_their_dump(tmp_path: Path) -> None:
    """A planted row whose pieces stand in no page is of the fold of its own site."""
    path = tmp_path / "one.jsonl"
    row = rows_of_sites(1)[1] | {"planted": ["Subscribe to paper 0"]}
    path.write_text(json.dumps(row) + "\n", "utf-8")
    (dump,) = read_dumps([str(path)])
    assert dump.foreign == {} and set(dump.sources) == {dump.fold}


def test_scores_that_come_later_reach_every_feature() -> None:
    """The trainer measures lines before there is a table of words: with scores, all is as if it had been there first."""
    reading = read(as_read("\n".join([*BODY, *TELLING])), None)
    tokens = sorted({token for line in reading.lines for token in line_tokens(line.words)})
    words = WordTable({token: (number % 7) - 3.0 for number, token in enumerate(tokens)})
    at_once = look_at(reading, [], LineMemory(words))
    scores = words.scores([line.words for line in reading.lines])
    later = look_at(reading, [], LineMemory(WordTable({}))).with_scores(scores)
    assert len({*scores[0]}) > 1
    assert (first_features(at_once) == first_features(later)).all()
    odds = scores[0].astype(np.float32)
    assert (gate_features(at_once, odds, -odds) == gate_features(later, odds, -odds)).all()
    with pytest.raises(ValueError, match="read-only"):
        later.shapes[0, 0] = 1.0
